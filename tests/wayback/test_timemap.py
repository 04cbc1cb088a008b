"""TimeMaps (RFC 7089): which mementos they name, and which of those are asked for."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import ArchiveRefusal, CdxError
from archiver.wayback.archives import TimeMapArchive
from archiver.wayback.endpoints import Answer, Copies
from archiver.wayback.links import parse_links
from archiver.wayback.timemap import TimeMap, parse_timemap
from archiver.wayback.web_archive import LostPage

URL = "https://www.nordblatt.example/world/harbour?page=1"
MAP = f"https://map.example/timemap/link/{URL}"
ARCHIVE = TimeMapArchive(
    "map", "https://map.example/timemap/link/{url}", (Copies("https://one.example/web/{timestamp}id_/{url}", "one"),), 3
)
PAGE = LostPage(URL, datetime(2024, 6, 1, tzinfo=UTC), None)
ONE, TWO = f"https://one.example/web/20240101000000/{URL}", f"https://two.example/20240601000000/{URL}"
LINKS = f"""<{URL}>; rel="original",
<https://map.example/timegate/{URL}>; rel="timegate",
<{MAP}>; rel="self timemap"; type="application/link-format"; from="Mon, 01 Jan 2024 00:00:00 GMT",
<{ONE}>; rel="first memento"; datetime="Mon, 01 Jan 2024 00:00:00 GMT"; license="a, \\"b\\"",
<{TWO}>; rel="last memento"; datetime="Sat, 01 Jun 2024 00:00:00 GMT",
<https://one.example/web/2024/{URL}>; rel="memento"; datetime="soon"
"""
PARTS = f"""<{URL}>; rel="original",
<{MAP}/1>; rel="timemap"; from="Sun, 01 Jan 2023 00:00:00 GMT"; until="Sun, 31 Dec 2023 00:00:00 GMT",
<{MAP}/2>; rel="timemap"; from="Mon, 01 Jan 2024 00:00:00 GMT"; until="Tue, 31 Dec 2024 00:00:00 GMT",
<https://10.0.0.1/timemap>; rel="timemap"
"""
JSON = json.dumps(
    {
        "original_uri": URL,
        "mementos": {
            "first": {"datetime": "2024-01-01T00:00:00Z", "uri": ONE},
            "list": [
                {"datetime": "2024-01-01T00:00:00Z", "uri": ONE}, {"datetime": "2024-06-01T00:00:00Z", "uri": TWO},
                {"uri": ONE}, 5,
            ],
        },
        "pages": {"next": {"uri": f"{MAP}/2"}},
    }
)  # fmt: skip


def answer(body: str, status: int = 200) -> Answer:
    return Answer(status, (("Content-Type", "application/link-format"),), body.encode())


@pytest.mark.parametrize("body", [LINKS, JSON, "\ufeff" + LINKS])
def test_both_formats_name_the_same_mementos(body: str) -> None:
    found = parse_timemap(MAP, answer(body))
    assert found.original == URL
    assert [(one.address, one.at.isoformat()) for one in found.mementos] == [
        (ONE, "2024-01-01T00:00:00+00:00"), (TWO, "2024-06-01T00:00:00+00:00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ("<!DOCTYPE html><title>Busy</title>", 200, "is a web page"),
        ("<html><body>Busy", 200, "is a web page"),
        ("busy", 200, "is neither link format nor JSON"),
        ('{"message": "odd"}', 200, "is JSON, but no TimeMap"),
        ('{"mementos": ', 200, "breaks off"),
        (LINKS, 503, "answered 503"),
        (" " * 5_000_000, 200, "is longer than"),
    ],
)
def test_what_is_no_timemap_is_refused_in_one_sentence(body: str, status: int, said: str) -> None:
    with pytest.raises(CdxError, match=said) as caught:
        parse_timemap(MAP, answer(body, status))
    assert MAP in str(caught.value)


def test_a_page_without_mementos_and_one_that_is_closed() -> None:
    assert parse_timemap(MAP, answer("nothing", 404)) == parse_timemap(MAP, answer("")) == TimeMap(None, ())
    with pytest.raises(ArchiveRefusal):
        parse_timemap(MAP, answer("", 451))


@given(st.binary(max_size=300) | st.text(alphabet='<>;,="rel memnto{}[]\\', max_size=60).map(str.encode))
def test_any_bytes_are_a_timemap_or_refused(body: bytes) -> None:
    with contextlib.suppress(CdxError):
        ARCHIVE.read(PAGE, ARCHIVE.list_of(PAGE), Answer(200, (), body), is_exact=True)


@pytest.mark.parametrize("body", [LINKS, JSON])
def test_only_mementos_whose_raw_form_is_known_are_asked_for(body: str) -> None:
    found = ARCHIVE.read(PAGE, ARCHIVE.list_of(PAGE), answer(body), is_exact=True)
    (candidate,) = found.candidates
    assert candidate.copies.copy_of(candidate.snapshot) == f"https://one.example/web/20240101000000id_/{URL}"
    assert "There are copies at two.example" in found.unusable


def test_the_part_of_the_wanted_time_is_read_first_and_only_at_the_same_host() -> None:
    found = ARCHIVE.read(PAGE, ARCHIVE.list_of(PAGE), answer(PARTS), is_exact=True)
    assert [request.address for request in found.rest] == [f"{MAP}/2", f"{MAP}/1"]
    assert [one.address for one in parse_timemap(MAP, answer(JSON)).further] == [f"{MAP}/2"]


@pytest.mark.parametrize(
    "other", [URL.replace("harbour", "other"), URL.replace("page=1", "page=2"), "https://x.example/"]
)
def test_a_timemap_of_another_page_is_refused(other: str) -> None:
    with pytest.raises(CdxError, match="is of another page"):
        ARCHIVE.read(PAGE, ARCHIVE.list_of(PAGE), answer(LINKS.replace(f"<{URL}>", f"<{other}>")), is_exact=True)
    body = LINKS.replace(ONE, f"https://one.example/web/20240101000000/{other}")
    assert ARCHIVE.read(PAGE, ARCHIVE.list_of(PAGE), answer(body), is_exact=True).candidates == ()


@pytest.mark.parametrize(
    "body",
    [
        json.dumps([["timestamp", "original", "statuscode", "digest"], ["20240101000000", URL, "200", "A"]]),
        json.dumps({"urlkey": "k", "timestamp": "20240101000000", "url": URL, "status": "200", "digest": "A"}) + "\n",
    ],
)
def test_the_lists_that_wayback_machines_call_timemaps_are_read_as_cdx(body: str) -> None:
    own = TimeMapArchive("map", ARCHIVE.timemap, (Copies("https://map.example/web/{timestamp}id_/{url}"),), 3)
    (candidate,) = own.read(PAGE, own.list_of(PAGE), answer(body), is_exact=True).candidates
    assert (candidate.entry.digest, candidate.copies) == ("A", own.raws[0])
    assert "map.example" in ARCHIVE.read(PAGE, ARCHIVE.list_of(PAGE), answer(body), is_exact=True).unusable


def test_links_end_where_something_else_begins() -> None:
    found = list(parse_links("<a>; rel=\"x y\"; title*=UTF-8''b, <c>;rel=z garbage <d>; rel=w"))
    assert [(link.target, sorted(link.relations)) for link in found] == [("a", ["x", "y"]), ("c", ["z"])]
