"""Nothing in the network that we run in is asked, however its address is spelled."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.resolver import dnscache
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler
from twisted.internet import defer
from twisted.internet.base import ThreadedResolver
from twisted.internet.error import DNSLookupError

from archiver import settings as ours
from archiver.downloader.failures import PrivateHost
from archiver.downloader.guard import PublicHostsMiddleware, PublicHostsResolver, is_public
from archiver.downloader.services import OF_SERVICE
from tests.conftest import Crawl, tree
from tests.crawl.test_live import PAGE, QUICK, plant
from tests.support.servers import Answer, Site

GUARDED = {**QUICK, "PRIVATE_HOSTS": 0}

SPELLINGS = (
    "127.0.0.1", "127.0.0.1.", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "LOCALHOST",
    "reader@127.0.0.1", "example.org@127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0",
)  # fmt: skip


def test_no_spelling_of_a_private_address_is_asked(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/page": PAGE}) as site:
        port = site.url("").rpartition(":")[2]
        for number, host in enumerate(SPELLINGS):
            plant(seeds, f"s{number:02}", f"http://{host}:{port}/news/page")
        before = tree(seeds)
        run = crawl(seeds, replay=None, settings=GUARDED)
    assert site.asked == []
    assert tree(seeds) == before
    assert run.code == 2
    for result in run.results:
        assert (result["outcome"], result["verdict"]) == ("missed", "error"), result
        assert "is no public address" in result["detail"]
        assert "PRIVATE_HOSTS=1" in result["detail"]
    assert len(run.results) == len(SPELLINGS)


def test_behind_a_proxy_a_redirect_does_not_lead_inside(crawl: Crawl, seeds: Path) -> None:
    page, trap = "http://gazette.example/news/page", "http://gazette.example/news/leads-inside"
    with Site({"/news/secret": PAGE}) as inner, Site({page: PAGE}, host="127.0.0.2") as proxy:
        proxy.pages[trap] = Answer(b"", 302, {"Location": inner.url("/news/secret")})
        plant(seeds, "page", page)
        plant(seeds, "leads-inside", trap)
        env = {"http_proxy": proxy.url(""), "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
        run = crawl(seeds, replay=None, settings=GUARDED, env=env)
    assert inner.asked == []
    assert not [path for path in proxy.paths() if "127.0.0.1" in path]
    assert run.result("page.md")["outcome"] == "written"
    assert run.result("leads-inside.md")["outcome"] == "missed"
    assert "leads to 127.0.0.1" in run.result("leads-inside.md")["detail"]


def test_a_web_archive_that_was_named_is_asked_for_copies_and_for_nothing_else(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/page": PAGE}) as site, Site({"/news/page": PAGE}) as neighbour:
        plant(seeds, "own", site.url("/news/page"))
        plant(seeds, "neighbour", neighbour.url("/news/page"))
        plant(seeds, "lost", "http://vanished.invalid/news/page")
        lists = {
            "WAYBACK": 1, "WAYBACK_CDX": site.url("/cdx?url={url}"), "WAYBACK_RAW": site.url("/{timestamp}id_/{url}"),
        }  # fmt: skip
        run = crawl(seeds, replay=None, settings={**GUARDED, **lists})
    assert site.paths() == ["/cdx?url=http%3A%2F%2Fvanished.invalid%2Fnews%2Fpage"]
    assert neighbour.asked == []
    assert {run.result(f"{name}.md")["verdict"] for name in ("own", "neighbour")} == {"error"}


def test_only_http_and_https_have_a_handler() -> None:
    settings = Settings()
    settings.setmodule(ours)
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler is not None} == {"http", "https"}


def test_another_port_of_a_service_is_not_asked() -> None:
    lists = {
        "WAYBACK_CDX": "http://127.0.0.1:8080/cdx?url={url}",
        "WAYBACK_RAW": "http://127.0.0.1:8080/{timestamp}/{url}",
    }
    guard = PublicHostsMiddleware(get_crawler(settings_dict={"ADDONS": ours.ADDONS, **lists}))
    asyncio.run(guard.process_request(Request("http://127.0.0.1:8080/cdx?url=x", meta={OF_SERVICE: True})))
    for origin in ("http://127.0.0.1:8081", "http://127.0.0.1", "https://127.0.0.1:8080"):
        with pytest.raises(PrivateHost, match=r"leads to 127\.0\.0\.1"):
            asyncio.run(guard.process_request(Request(f"{origin}/cdx?url=x", meta={OF_SERVICE: True})))


def test_a_name_is_looked_at_each_time_it_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(("93.184.216.34", "10.0.0.7"))
    monkeypatch.setattr(ThreadedResolver, "getHostByName", lambda *_: defer.succeed(next(answers)))
    resolver = PublicHostsResolver(object(), 0, 1.0)  # type: ignore[arg-type]  # nothing is run
    resolver.trusted = frozenset()
    seen: list[Any] = []
    for _ in range(2):
        resolver.getHostByName("rebinding.example").addBoth(seen.append)
    dnscache.clear()
    assert seen[0] == "93.184.216.34"
    assert seen[1].check(DNSLookupError)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("64:ff9b::5db8:d822", True),
        ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("127.0.0.1", False), ("0.0.0.0", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("::1", False), ("::", False), ("fe80::1%eth0", False), ("fd00::1", False), ("ff02::1", False),
        ("192.0.0.8", False), ("192.88.99.1", False), ("fec0::1", False), ("3fff::1", False), ("5f00::1", False),
        ("100:0:0:1::1", False), ("64:ff9b:1::1", False),
        ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:a00:1::", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
