"""Asking a web archive: the questions, what it lists, and which of it is worth a look."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import settings as ours
from archiver.errors import ArchiveRefusal, CdxError, SettingsError
from archiver.models import CdxEntry
from archiver.rules import SiteRules
from archiver.wayback.candidates import Candidate, in_order, is_as_long, of_address, of_article
from archiver.wayback.cdx import MAX_CDX_BYTES, CdxList, parse_cdx
from archiver.wayback.endpoints import Answer, Copies, Snapshot, Wayback
from archiver.wayback.memento import copy_in

IA = Wayback.of(ours.WAYBACK_CDX, ours.WAYBACK_RAW)
PYWB = Wayback.of(
    "http://127.0.0.1:8080/coll/cdx?url={url}&matchType={match}&output=json&limit={limit}",
    "http://127.0.0.1:8080/coll/{timestamp}id_/{url}",
)
URL = "https://www.nordblatt.example/world/2900753/harbour-wall?page=1&x=2#top"
RULES = SiteRules(("nordblatt.example",), article_id_pattern=r"nordblatt\.example/[a-z]+/([0-9]+)(?:/|$)")
ASKED = "https://archive.example/cdx?url=x&output=json"


def test_questions_carry_the_whole_address() -> None:
    asked = IA.captures_of(URL)
    assert asked.startswith(
        "https://web.archive.org/cdx/search/cdx?url=https%3A%2F%2Fwww.nordblatt.example%2Fworld%2F2900753"
    )
    assert "harbour-wall%3Fpage%3D1%26x%3D2&matchType=exact&" in asked
    assert "#" not in asked
    assert "{" not in asked
    assert "matchType=prefix" in str(IA.captures_under("https://a.example/world/1/"))
    assert (
        IA.copies.copy_of(Snapshot("20241112041056", URL))
        == f"https://web.archive.org/web/20241112041056id_/{URL[:-4]}"
    )
    assert (
        IA.copies.viewing_address(Snapshot("20241112041056", URL))
        == f"https://web.archive.org/web/20241112041056/{URL[:-4]}"
    )


def test_an_archive_that_cannot_be_asked_for_beginnings_is_not() -> None:
    assert Wayback.of("https://a.example/cdx?url={url}", PYWB.copies.raw).captures_under(URL) is None


@pytest.mark.parametrize("copies", [IA.copies, PYWB.copies, Copies("https://a.example/raw?at={timestamp}&url={url}")])
@pytest.mark.parametrize(
    "url",
    [
        "https://b.example/",
        "http://b.example:8080/a//b?c=http://d.example/&e={url}",
        "https://b.example/%E0%B8%81?x=%26",
    ],
)
def test_a_copys_address_is_read_back(copies: Copies, url: str) -> None:
    snapshot = Snapshot("20241112041056", url)
    assert copies.snapshot(copies.copy_of(snapshot)) == snapshot


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://web.archive.org/web/20241112id_/https://b.example/", Snapshot("20241112", "https://b.example/")),
        ("http://web.archive.org/web/2024/https://b.example/", Snapshot("2024", "https://b.example/")),
        ("https://web.archive.org/web/2024im_/https://b.example/i.png", Snapshot("2024", "https://b.example/i.png")),
        ("https://web.archive.org/web/", None),
        ("https://web.archive.org.evil.example/web/2024id_/https://b.example/", None),
        ("https://b.example/", None),
    ],
)  # fmt: skip
def test_which_snapshot_an_address_means(address: str, found: Snapshot | None) -> None:
    assert IA.copies.snapshot(address) == found


@pytest.mark.parametrize(
    ("cdx", "raw", "sentence"),
    [
        ("", None, "WAYBACK_CDX is empty"),
        (None, "", "WAYBACK_RAW is empty"),
        (5, None, "WAYBACK_CDX is empty"),
        ("https://a.example/cdx?output=json", None, "WAYBACK_CDX=.* must have {url} once"),
        ("https://a.example/{url}/{url}", None, "must have {url} once"),
        ("https://a.example/cdx?url={url}&at={timestamp}", None, "a placeholder that means nothing; .* {url}, {"),
        ("https://a.example/cdx?url={url!r}", None, "a placeholder that means nothing"),
        ("https://a.example/cdx?url={url:>9}", None, "a placeholder that means nothing"),
        ("https://a.example/cdx?url={}", None, "a placeholder that means nothing"),
        ("https://a.example/cdx?url={url", None, "a brace too many or too few"),
        ("ftp://a.example/cdx?url={url}", None, "is not an http or https address"),
        ("/cdx?url={url}", None, "is not an http or https address"),
        ("https://{url}/cdx", None, "is not an http or https address"),
        ("https://[a/{url}", None, "is not an http or https address"),
        ("https://a.example:x/{url}", None, "is not an http or https address"),
        ("https://a.example/c dx/{url}", None, "is not an http or https address"),
        (None, "https://a.example/web/{url}", "WAYBACK_RAW=.* must have {timestamp} once"),
        (None, "https://a.example/web/{timestamp}", "must have {url} once"),
    ],
)  # fmt: skip
def test_each_mistake_in_a_template_is_named(cdx: Any, raw: Any, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence.replace("{", r"\{")) as caught:
        Wayback.of(IA.cdx if cdx is None else cdx, IA.copies.raw if raw is None else raw)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("identity", "url", "prefix"),
    [
        (RULES.article_id_pattern, "https://www.nordblatt.example/world/29/slug", "https://www.nordblatt.example/world/29/"),
        (RULES.article_id_pattern, "https://nordblatt.example/world/29", "https://nordblatt.example/world/29/"),
        (r"-([0-9]+)\.html", "https://nordblatt.example/a-29.html", "https://nordblatt.example/a-29"),
        (r"[?&]id=([0-9]+)", "https://nordblatt.example/a?x=1&id=29", "https://nordblatt.example/a?x=1&id=29"),
        (r"//(\w+)\.", "https://nordblatt.example/a", None),
        (RULES.article_id_pattern, "https://nordblatt.example/world/slug", None),
        (None, "https://nordblatt.example/world/29/slug", None),
    ],
)  # fmt: skip
def test_where_an_article_begins(identity: str | None, url: str, prefix: str | None) -> None:
    assert SiteRules(("nordblatt.example",), article_id_pattern=identity).article_prefix(url) == prefix


ROWS = [
    ("20240101000000", "http://www.nordblatt.example:80/a", "200", "AAA"),
    ("20240301000000", "https://www.nordblatt.example/a", "-", "AAA"),
    ("20240201000000", "https://www.nordblatt.example/a", "404", "BBB"),
]
TABLE = json.dumps([["timestamp", "original", "statuscode", "digest"], *ROWS])
JSON_LINES = "\n".join(
    json.dumps({"urlkey": "k", "timestamp": at, "url": url, "status": status, "digest": f"sha1:{digest}"})
    for at, url, status, digest in ROWS
)  # fmt: skip
PLAIN = "\n".join(
    f"example,nordblatt)/a {at} {url} text/html {status} {digest} 1043" for at, url, status, digest in ROWS
)
CDX_FILE = " CDX N b a m s k r M S V g\n" + PLAIN.replace(" 1043", " - - 1043 0 a.warc.gz")
CDXJ = "\n".join(
    f"k {at} " + json.dumps({"url": url, "mime": "text/html", "status": status, "digest": digest})
    for at, url, status, digest in ROWS
)  # fmt: skip


def answer(body: str | bytes, status: int = 200, kind: str = "") -> Answer:
    return Answer(status, (("Content-Type", kind),), body.encode() if isinstance(body, str) else body)


@pytest.mark.parametrize("body", [TABLE, JSON_LINES, PLAIN, CDX_FILE, CDXJ, "\ufeff" + PLAIN, JSON_LINES + "\n\n"])
def test_every_dialect_lists_the_same(body: str) -> None:
    found = parse_cdx(ASKED, answer(body)).entries
    assert [(f"{c.captured_at:%Y%m%d%H%M%S}", c.status, c.kind, c.digest) for c in found] == [
        ("20240101000000", 200, "response", "AAA"),
        ("20240301000000", 0, "revisit", "AAA"),
        ("20240201000000", 404, "response", "BBB"),
    ]
    assert found[0].url == "http://www.nordblatt.example/a"
    assert found[0].captured_at == datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("[]", 200, "application/json"),
        ('[["timestamp","original","statuscode"]]', 200, ""),
        ("", 200, "text/x-ndjson"),
        ("", 200, "text/x-cdxj; charset=utf-8"),
        ("<html><title>Resource Not In Archive</title>ResourceNotInArchiveException</html>", 404, "text/html"),
        ('{"message": "No Captures found for: https://b.example/"}', 404, "application/json"),
    ],
)
def test_no_captures(body: str, status: int, kind: str) -> None:
    assert parse_cdx(ASKED, answer(body, status, kind)) == CdxList(())


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ("", 200, "is empty"),
        (" \n", 200, "is empty"),
        ("<!DOCTYPE html><title>Busy</title>", 200, "is a web page"),
        (TABLE[:-30], 200, "is JSON that breaks off"),
        ("[" * 100_000, 200, "is JSON that breaks off"),
        ("[1, 2]", 200, "no list of lists"),
        ('[["a", "b"], ["c", "d"]]', 200, "does not name timestamp"),
        (JSON_LINES[:-20], 200, "cannot be read in line 3"),
        ('{"message": "odd"}', 200, "cannot be read in line 1"),
        ("org,a)/ 20240101000000 https://a.example/", 200, "cannot be read in line 1"),
        ("Too many requests", 429, "answered 429"),
        (TABLE, 503, "answered 503"),
        ("not here", 404, "answered 404"),
        (b"\0\xff" * 5000, 200, "cannot be read in line 1"),
        (b"[" + b"1," * MAX_CDX_BYTES, 200, "is longer than 4194304 bytes"),
    ],
)
def test_an_answer_that_is_no_list_is_refused_in_one_sentence(body: str | bytes, status: int, reason: str) -> None:
    with pytest.raises(CdxError, match=reason) as caught:
        parse_cdx(ASKED, answer(body, status))
    assert ASKED in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_list_of_lines_may_be_empty() -> None:
    assert parse_cdx("https://a.example/cdx?url=x", answer("", kind="text/plain")) == CdxList(())


@pytest.mark.parametrize(
    ("body", "following"),
    [
        (TABLE[:-1] + ', [], ["com%2Ca%29%2F+20240101000000%21"]]', "com%2Ca%29%2F+20240101000000%21"),
        (TABLE[:-1] + ', [], ["com,a)/ 20240101000000"]]', "com%2Ca%29%2F%2020240101000000"),
        (PLAIN + "\n\ncom,a)/ 20240101000000\n", "com%2Ca%29%2F%2020240101000000"),
    ],
)
def test_a_list_says_how_it_goes_on(body: str, following: str) -> None:
    found = parse_cdx(ASKED, answer(body))
    assert len(found.entries) == 3
    assert found.following == f"{ASKED}&resumeKey={following}"
    assert parse_cdx(ASKED, answer(TABLE)).following is None
    lines = JSON_LINES.replace(" ", "").rpartition("\n")
    apart = parse_cdx(ASKED, answer(f"{lines[0]}\n\n{lines[2]}"))
    assert (len(apart.entries), apart.following) == (3, None)


@pytest.mark.parametrize(
    ("status", "header", "body"),
    [
        (403, "org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error", ""),
        (403, "", "org.archive.util.io.RuntimeIOException: RobotAccessControlException: Blocked By Robots"),
        (403, "", "<p>This URL has been excluded from the Wayback Machine.</p>"),
        (451, "", ""),
    ],
)
def test_an_archive_that_keeps_a_page_closed_is_no_weather(status: int, header: str, body: str) -> None:
    given = Answer(status, (("X-Archive-Wayback-Runtime-Error", header),), body.encode())
    with pytest.raises(ArchiveRefusal, match="keeps this page closed"):
        parse_cdx(ASKED, given)
    with pytest.raises(ArchiveRefusal, match="keeps this page closed"):
        copy_in(IA.copies, Snapshot("2024", URL), URL, given)


def test_rows_that_cannot_be_meant_are_left_out() -> None:
    odd = [
        ["20241301000000", "https://b.example/", "200", "A"],
        ["2024", "https://b.example/", "200", "A"],
        [None, None, None, None],
        ["20240101000000", "javascript:alert(1)", "200", "A"],
        ["20240101000000", "https://[broken/", "200", "A"],
        ["20240101000000"],
        [],
        ["20240101000000", "https://b.example/", 200, None],
    ]
    body = json.dumps([["timestamp", "original", "statuscode", "digest"], *odd])
    (found,) = parse_cdx(ASKED, answer(body)).entries
    assert (found.url, found.status, found.digest) == ("https://b.example/", 200, "")


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(str.encode)
    | st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_are_a_list_or_refused(body: bytes) -> None:
    with contextlib.suppress(CdxError):
        assert all(capture.captured_at.tzinfo is UTC for capture in parse_cdx(ASKED, Answer(200, (), body)).entries)


def capture(day: int, digest: str, status: int = 200, url: str = "https://www.nordblatt.example/a") -> CdxEntry:
    at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return CdxEntry(url, at, status, "text/html", digest, "response" if status else "revisit")


def ordered(captures: list[CdxEntry], wanted: datetime | None = None) -> list[CdxEntry]:
    return [one.entry for one in in_order([Candidate(capture, IA.copies) for capture in captures], wanted)]


FIRST, REVISIT, SECOND, THIRD = capture(0, "A"), capture(30, "A", 0), capture(20, "B"), capture(90, "C")
LOST = capture(31, "D", 404)
ORPHAN = capture(31, "E", 0)


@pytest.mark.parametrize(
    ("day", "order"),
    [
        (31, [FIRST, SECOND, THIRD]),
        (22, [SECOND, FIRST, THIRD]),
        (89, [THIRD, FIRST, SECOND]),
        (None, [FIRST, SECOND, THIRD]),
    ],
)
def test_the_copies_nearest_to_the_date_come_first_one_per_payload(day: int | None, order: list[CdxEntry]) -> None:
    wanted = None if day is None else datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day)
    assert ordered([THIRD, LOST, FIRST, REVISIT, SECOND], wanted) == order


MOVED, MOVED_LATER, MOVED_HOME = (
    capture(day, "EMPTY", 301, url) for day, url in ((5, FIRST.url), (95, FIRST.url), (6, "http://nordblatt.example/a"))
)


def test_revisits_and_redirects_are_looked_at_where_nothing_better_is_listed() -> None:
    assert ordered([MOVED, ORPHAN, THIRD]) == [THIRD, ORPHAN, MOVED]
    assert ordered([MOVED_LATER, MOVED, MOVED_HOME]) == [MOVED, MOVED_HOME]
    # What was archived with another status stays that, however often it was met again.
    assert ordered([LOST, capture(40, "D", 0)]) == []
    assert ordered([MOVED, capture(40, "EMPTY", 0)]) == [MOVED]
    # pywb says of a revisit what its own head says.
    again = [
        replace(capture(40, digest, status), kind="revisit") for digest, status in (("F", 200), ("G", 301), ("H", 404))
    ]
    assert ordered(again) == again[:2]


def test_lengths_that_differ_by_a_counter() -> None:
    assert [is_as_long(4000, other) for other in (4000, 4199, 3810, 4300, 0)] == [True, True, True, False, False]


def test_captures_without_a_digest_are_told_apart_by_time() -> None:
    one, two = capture(1, ""), capture(2, "")
    assert ordered([two, one]) == [one, two]


def test_of_one_page_and_of_one_article() -> None:
    urls = [
        "http://nordblatt.example/world/29/Slug/",
        "https://www.nordblatt.example/world/29/slug?ref=x",
        "https://www.nordblatt.example/world/29/other-slug",
        "https://www.nordblatt.example/world/299/slug",
        "https://elsewhere.example/world/29/slug",
    ]
    captures = [capture(0, "", url=url) for url in urls]
    asked = "https://www.nordblatt.example/world/29/slug"
    assert [c.url for c in of_address(captures, asked)] == urls[:2]
    assert [c.url for c in of_article(captures, asked, RULES)] == urls[:3]
