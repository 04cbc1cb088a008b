"""The web archives that settings name: in which order, at which pace, and what is wrong with what was written."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from scrapy.settings import Settings

from archiver import settings as ours
from archiver.config.web_archives import WebArchives, parse_web_archives
from archiver.errors import SettingsError

RAW = "http://host:8080/c/{timestamp}id_/{url}"
PYWB: dict[str, Any] = {"name": "mine", "kind": "cdx", "cdx": "http://host:8080/c/cdx?url={url}", "raw": RAW}


def archives(**given: Any) -> WebArchives:
    settings = Settings()
    settings.setmodule(ours)
    settings.setdict(given, priority="cmdline")
    return parse_web_archives(settings)


@pytest.mark.parametrize(
    "given",
    [
        "arquivo, pywb=http://host:8080/c/",
        ["arquivo", "pywb=http://host:8080/c"],
        json.dumps(["arquivo", {**PYWB, "name": "pywb"}]),
        {"arquivo": {}, "pywb": {**PYWB, "name": "pywb"}},
    ],
)
def test_archives_are_asked_in_the_order_in_which_they_are_named(given: object) -> None:
    read = archives(WEB_ARCHIVES=given)
    assert [archive.name for archive in read.in_turn] == ["wayback", "arquivo", "pywb"]
    assert [archive.name for archive in archives(WEB_ARCHIVES=given, WAYBACK=0).in_turn] == ["arquivo", "pywb"]
    assert [service.slot for service in read.services] == [
        "wayback-lists", "wayback-copies", "lists@arquivo.pt", "copies@arquivo.pt", "lists@host:8080",
        "copies@host:8080",
    ]  # fmt: skip
    assert any(address.startswith("http://host:8080/c/cdx") for address in read.addresses)


def test_archives_at_one_host_share_the_slower_limits() -> None:
    quick = {**PYWB, "lists_per_minute": 60, "copies_per_second": 10, "pause": 5}
    slow = {**PYWB, "name": "other", "cdx": "http://host:8080/d/cdx?url={url}", "lists_per_minute": 30, "pause": 90}
    first = {"name": "again", "kind": "cdx", "cdx": ours.WAYBACK_CDX, "raw": ours.WAYBACK_RAW, "lists_per_minute": 6}
    for order in ([quick, slow, first], [first, slow, quick]):
        read = archives(WEB_ARCHIVES=order)
        limits = {service.slot: (service.delay, service.pause) for service in read.services}
        assert limits == {
            "wayback-lists": (10, 60), "wayback-copies": (0.125, 60),
            "lists@host:8080": (2, 90), "copies@host:8080": (1, 90),
        }  # fmt: skip


def test_an_aggregator_asks_archives_by_their_raw_form_and_trusts_no_host_that_nobody_named() -> None:
    given = {"name": "all", "kind": "timemap", "timemap": "http://host:1208/timemap/link/{url}", "raw": [RAW]}
    read = archives(WEB_ARCHIVES=["memgator=http://host:1208", given], WAYBACK=0)
    assert [archive.name for archive in read.in_turn] == ["memgator", "all"]
    slots = [service.slot for service in read.services]
    assert {"lists@host:1208", "copies@host:8080", "copies@arquivo.pt", "wayback-copies"} <= set(slots)
    assert len(slots) == len(set(slots))
    assert next(one.delay for one in read.services if one.slot == "wayback-copies") == 0.125
    assert not any("arquivo" in address for address in read.addresses)
    assert RAW in read.addresses


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("arqivo", "WEB_ARCHIVES: arqivo is no archive that is known by name; did you mean arquivo?"),
        ("nobody", "WEB_ARCHIVES: nobody is no archive that is known by name; there are arquivo"),
        ("arquivo=https://a.example", "WEB_ARCHIVES: arquivo=https://a.example has no kind that takes an address"),
        ("arquivo,arquivo", "WEB_ARCHIVES names arquivo twice"),
        ("[1", "WEB_ARCHIVES is JSON that cannot be read"),
        ([1], "WEB_ARCHIVES=[1] is no list of names and mappings"),
        ([{"kind": "cdx"}], "WEB_ARCHIVES: None is no name"),
        ([{**PYWB, "name": "live"}], "WEB_ARCHIVES: live is the name of other captures"),
        ([{**PYWB, "kind": "ftp"}], "WEB_ARCHIVES, mine: kind=ftp is no kind of archive; there are cdx"),
        ([{**PYWB, "raw": "http://host/{url}"}], "WEB_ARCHIVES, mine: raw=http://host/{url} must have {timestamp}"),
        ([{**PYWB, "cdx": 5}], "WEB_ARCHIVES, mine: cdx=5 is no text"),
        ([{**PYWB, "copys_per_second": 5}], "WEB_ARCHIVES, mine: there is no key copys_per_second; did you mean"),
        ([{"name": "x", "kind": "timemap"}], "WEB_ARCHIVES, x: timemap is empty"),
        ([{"name": "x", "kind": "timemap", "timemap": "http://a/{url}", "raw": 5}], "WEB_ARCHIVES, x: raw=5 is"),
        ([{**PYWB, "pause": "long"}], "WEB_ARCHIVES, mine: pause=long is no number from 0 up"),
        ([{**PYWB, "lists_per_minute": 0}], "WEB_ARCHIVES, mine: lists_per_minute=0 would wait for ever"),
    ],
)  # fmt: skip
def test_each_mistake_is_named(given: object, sentence: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(sentence)) as caught:
        archives(WEB_ARCHIVES=given)
    assert "\n" not in str(caught.value)
