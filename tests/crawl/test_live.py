"""The crawl over real sockets, to sites on the loopback interface."""

from __future__ import annotations

import itertools
import json
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, Crawl, tree
from tests.support.memory import peak_of_session
from tests.support.servers import Answer, Site, bomb, html, self_signed

TITLE = "Ferry pilots ask for a second lighthouse"
TEXT = (
    "Ferry pilots on the northern route have asked the harbour office for a second lighthouse before the winter.",
    "Four boats touched the sandbank in one month, the pilots say, although nobody was hurt and no cargo was lost.",
    "The harbour office wants to measure the channel first and will answer them in spring, a clerk said on Friday.",
)
PAGE = Answer(html(TITLE, *TEXT), headers={"Content-Type": "text/html; charset=utf-8"})
LONG = "/news/" + "ferry-" * 500
QUICK = {
    "PRIVATE_HOSTS": 1, "WAYBACK": 0, "DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0,
    "RETRY_BACKOFF_BASE": 0.01,
}  # fmt: skip


def plant(folder: Path, name: str, url: str) -> Path:
    file = folder / f"{name}.md"
    file.write_text(f'---\norigin_url: "{url}"\ntitle: ""\n---\n\nText.\n', encoding="utf-8")
    return file


def moved(target: str) -> Answer:
    return Answer(b"", 302, {"Location": target})


def test_every_kind_of_answer_gets_its_verdict_and_only_articles_change_seeds(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.html"
    secret.write_bytes(html("A local file", *TEXT))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refusing = f"http://127.0.0.1:{closed.getsockname()[1]}/news/refused"
    pages = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private/\n", headers={"Set-Cookie": "met=robots; Path=/"}),
        "/news/article": Answer(PAGE.body, headers={"Set-Cookie": "met=article; Path=/"}),
        "/news/redirected": Answer(
            b"", 301, {"Location": "/news/2025/its-new-address", "Set-Cookie": "met=redirect; Path=/"}
        ),
        "/news/2025/its-new-address": PAGE,
        LONG: PAGE,
        "/news/circle": moved("/news/circle"),
        "/private/forbidden": PAGE,
        "/news/to-forbidden": moved("/private/forbidden"),
        "/news/410": Answer(PAGE.body, 410),
        "/news/403": Answer(PAGE.body, 403),
        "/news/429": Answer(PAGE.body, 429, {"Retry-After": "1"}),
        "/news/500": Answer(PAGE.body, 500),
        "/news/to-file": moved(secret.as_uri()),
        "/news/to-ftp": moved("ftp://127.0.0.1/news"),
        "/news/to-data": moved("data:text/html,<h1>A headline from nowhere</h1>"),
        "/news/to-script": moved("javascript:alert(1)"),
        "/news/large": Answer(html(TITLE, "Word. " * 200_000)),
        "/news/bomb": Answer(bomb(500), headers={"Content-Encoding": "gzip"}),
        "/news/cut": Answer(PAGE.body[:-200], length=len(PAGE.body)),
        "/news/cut-chunk": Answer(PAGE.body[:-200], chunked=True),
        "/news/slow": Answer(PAGE.body, delay=4),
    }
    expected = {
        "article": ("written", "article", ""),
        "redirected": ("written", "article", ""),
        "long": ("written", "article", ""),
        "circle": ("missed", "moved", "redirects without end"),
        "forbidden": ("missed", "robots", "robots.txt"),
        "to-forbidden": ("missed", "robots", "robots.txt"),
        "404": ("missed", "gone", "404"),
        "410": ("missed", "gone", "410"),
        "403": ("missed", "blocked", "403"),
        "429": ("missed", "blocked", "429"),
        "500": ("missed", "unreachable", "500"),
        "to-file": ("missed", "moved", secret.as_uri()),
        "to-ftp": ("missed", "moved", "ftp://127.0.0.1/news"),
        "to-data": ("missed", "moved", "data:text/html"),
        "to-script": ("missed", "error", "javascript:alert"),
        "large": ("missed", "too_large", "DOWNLOAD_MAXSIZE"),
        "bomb": ("missed", "too_large", "DOWNLOAD_MAXSIZE"),
        "cut": ("written", "article", "cut off"),
        "cut-chunk": ("written", "article", "cut off"),
        "slow": ("missed", "timeout", "DOWNLOAD_TIMEOUT"),
        "refused": ("missed", "unreachable", "refuses connections"),
    }
    with Site(pages) as site:
        for name in expected:
            path = {"forbidden": "/private/forbidden", "long": LONG}.get(name, f"/news/{name}")
            plant(seeds, name, refusing if name == "refused" else site.url(path))
        before = tree(seeds)
        started = datetime.now(UTC).replace(microsecond=0)
        run = crawl(
            seeds,
            replay=None,
            settings={
                **QUICK,
                "DOWNLOAD_TIMEOUT": 2,
                "DOWNLOAD_MAXSIZE": 1_000_000,
                "CONTACT": "mail:desk@paper.example",
            },
        )
    assert run.code == 2
    assert "Traceback" not in run.stderr
    results = {Path(result["path"]).stem: result for result in run.results}
    assert len(run.results) == len(expected)
    assert {name: (result["outcome"], result["verdict"]) for name, result in results.items()} == {
        name: (outcome, verdict) for name, (outcome, verdict, _) in expected.items()
    }
    assert {name for name, (_, _, words) in expected.items() if words not in results[name]["detail"]} == set()

    after = tree(seeds)
    assert {name for name in after if after[name] != before[name]} == {
        "article.md", "redirected.md", "long.md", "cut.md", "cut-chunk.md",
    }  # fmt: skip
    assert TITLE.encode() in after["redirected.md"]

    redirected = results["redirected"]
    assert redirected["origin_url"] == site.url("/news/redirected")
    assert redirected["capture"]["url"] == site.url("/news/2025/its-new-address")
    assert redirected["capture"]["origin"] == "live"
    assert datetime.fromisoformat(redirected["capture"]["captured_at"]) >= started

    assert site.paths()[0] == "/robots.txt"
    assert site.paths().count("/robots.txt") == 1
    assert "/private/forbidden" not in site.paths()
    assert {asked.headers["user-agent"].partition("/")[0] for asked in site.asked} == {"seed-archiver"}
    assert all("(mail:desk@paper.example)" in asked.headers["user-agent"] for asked in site.asked)
    assert not {"cookie", "referer", "authorization"} & {name for asked in site.asked for name in asked.headers}


def test_a_gzip_bomb_does_not_fill_the_memory(seeds: Path, tmp_path: Path) -> None:
    with Site({"/news/bomb": Answer(bomb(1024), headers={"Content-Encoding": "gzip"})}) as site:
        plant(seeds, "bomb", site.url("/news/bomb"))
        # A process that was forked has the memory of the one that it is from.
        words = [sys.executable, "-m", "scrapy", *command(seeds, tmp_path / "results.jsonl")]
        silent: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(words, cwd=ROOT, start_new_session=True, **silent) as process:
            peak = peak_of_session(process)
    assert process.returncode == 2
    assert verdicts(tmp_path / "results.jsonl") == ["too_large"]
    assert 20e6 < peak < 300e6


def test_a_host_is_asked_for_one_page_at_a_time_and_not_at_once(crawl: Crawl, seeds: Path) -> None:
    # The first answer takes longer than any pause between two requests.
    with Site({f"/news/{n}": Answer(PAGE.body, delay=0.05 if n else 1.6) for n in range(3)}) as site:
        for n in range(3):
            plant(seeds, str(n), site.url(f"/news/{n}"))
        # AutoThrottle only lengthens the delay.
        run = crawl(seeds, replay=None, settings={"AUTOTHROTTLE_ENABLED": 0})
    assert run.code == 0
    times = [asked.at for asked in site.asked]
    assert site.paths() == ["/robots.txt", "/news/0", "/news/1", "/news/2"]
    assert max(asked.open for asked in site.asked) == 1
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.4


def test_a_certificate_that_nobody_vouches_for_is_refused(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    with Site({"/news/1": PAGE}, certificate=(certificate, key)) as site:
        file = plant(seeds, "forged", site.url("/news/1"))
        before = file.read_bytes()
        run = crawl(seeds, replay=None, settings=QUICK)
        (result,) = run.results
        assert (run.code, result["outcome"], result["verdict"]) == (2, "missed", "unreachable")
        assert "certificate" in result["detail"]
        assert file.read_bytes() == before
        assert site.asked == []
        trusted = crawl(seeds, replay=None, settings=QUICK, env={"SSL_CERT_FILE": str(certificate)})
    assert trusted.code == 0
    assert TITLE in file.read_text()


def command(folder: Path, feed: Path) -> list[str]:
    """The words of a quick live crawl."""
    settings = {**QUICK, "SEEDS_DIR": folder, "ARCHIVE_DIR": feed.parent / "archive"}
    options = (part for name, value in settings.items() for part in ("-s", f"{name}={value}"))
    return ["crawl", "seeds", *options, "-O", str(feed)]


def verdicts(feed: Path) -> list[str]:
    return [json.loads(line)["verdict"] for line in feed.read_text().splitlines()]


def test_all_who_wait_for_a_robots_txt_obey_it(crawl: Crawl, seeds: Path) -> None:
    rules = Answer(b"User-agent: *\nDisallow: /private/\n", delay=0.3)
    with Site({"/robots.txt": rules, **{f"/private/{n}": PAGE for n in range(12)}}) as site:
        for n in range(12):
            plant(seeds, str(n), site.url(f"/private/{n}"))
        run = crawl(seeds, replay=None, settings=QUICK)
    assert [result["verdict"] for result in run.results] == ["robots"] * 12
    assert site.paths() == ["/robots.txt"]
