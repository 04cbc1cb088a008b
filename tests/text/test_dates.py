from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.models import Field
from archiver.rules import SiteRules
from archiver.text import dates
from archiver.text.address_dates import address_date
from tests.support.sheets import chosen, sheet, value

INSTANT = "2025-06-30T13:59:30Z"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2025-06-30T15:59:30+02:00", INSTANT),
        ("2025-06-30T15:59:30+0200", INSTANT),
        ("2025-06-30T13:59:30Z", INSTANT),
        ("2025-06-30T13:59:30.123456Z", INSTANT),
        ("2025-06-30t13:59:30z", INSTANT),
        ("2025-06-30 15:59:30.5+02:00", INSTANT),
        ("2025-06-30 13:59:30 UTC", INSTANT),
        ("2025-06-30T20:59:30+07", INSTANT),
        ("Mon, 30 Jun 2025 13:59:30 GMT", INSTANT),
        ("Mon Jun 30 2025 15:59:30 GMT+0200 (CEST)", INSTANT),
        ("June 30, 2025, 9:59:30 am EDT", INSTANT),
        ("1751291970", INSTANT),
        ("1751291970000", INSTANT),
        ("2025-06-30T15:59:30", "2025-06-30T15:59:30"),
        ("2025-06-30 15:59", "2025-06-30T15:59:00"),
        ("20250630", "2025-06-30"),
        ("20250630T155930", "2025-06-30T15:59:30"),
        ("2025/6/30", "2025-06-30"),
        ("30.06.2025, 15:59 Uhr", "2025-06-30T15:59:00"),
        ("30.6.25", "2025-06-30"),
        ("PUBLISHED : 31 Mar 2026 at 01:01", "2026-03-31T01:01:00"),
        ("31 March 2026 at 1:01 p.m.", "2026-03-31T13:01:00"),
        ("March 31st, 2026 12:30 am", "2026-03-31T00:30:00"),
        ("March 31, 2026 12:30 pm", "2026-03-31T12:30:00"),
        ("30. Juni 2025", "2025-06-30"),
        ("1er juillet 2025 à 18h05", "2025-07-01T18:05:00"),
        ("30 de junio de 2025", "2025-06-30"),
        ("30 de março de 2025 às 9h15", "2025-03-30T09:15:00"),
        ("30 giugno 2025", "2025-06-30"),
        ("30 czerwca 2025", "2025-06-30"),
        ("30. června 2025", "2025-06-30"),
        ("30 июня 2025, 15:59", "2025-06-30T15:59:00"),
        ("30 Haziran 2025", "2025-06-30"),
        ("30 มิถุนายน 2568", "2025-06-30"),
        ("30 มิ.ย. 2568 เวลา 15:59", "2025-06-30T15:59:00"),
        ("2025年6月30日 15:59", "2025-06-30T15:59:00"),
        ("2025년 6월 30일", "2025-06-30"),
        ("15:59, 30 June 2025", "2025-06-30T15:59:00"),
        ("June 30, 2025 at 9:59 a.m. ET", "2025-06-30T13:59:00Z"),
        ("January 30, 2025, 6:59 AM PT", "2025-01-30T14:59:00Z"),
        ("June 30, 2025 9:59 a.m. ET / 1359 GMT", "2025-06-30T13:59:00Z"),
        ("30 June 2025, 19:29 IST (13:59 GMT)", "2025-06-30T13:59:00Z"),
        ("June 30, 2025, 1359 GMT (2159 HKT)", "2025-06-30T13:59:00Z"),
        ("30 June 2025, 19:29 IST, updated 20:15 GMT", "2025-06-30T19:29:00"),
    ],
)
def test_moment(text: str, read: str) -> None:
    assert dates.parse_date(text) == read


@pytest.mark.parametrize(
    "text", ["", "yesterday", "30 minutes ago", "Version 1.2.3", "2025-13-45", "31.02.2025", "call 0123456789"]
)
def test_nothing_is_invented(text: str) -> None:
    assert dates.parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("3/4/2025", "en-US", "2025-03-04"),
        ("3/4/2025", "en", "2025-03-04"),
        ("3/4/2025", "en-GB", "2025-04-03"),
        ("3/4/2025", "fr", "2025-04-03"),
        ("13/4/2025", "en-US", "2025-04-13"),
        ("4/13/2025", "fr", "2025-04-13"),
        ("3.4.2025", "en-US", "2025-04-03"),
    ],
)
def test_day_and_month_by_language_unless_only_one_order_is_possible(text: str, language: str, day: str) -> None:
    assert dates.parse_date(text, language) == day


def test_a_publishers_zone_applies_where_none_is_named() -> None:
    zone = ZoneInfo("Asia/Bangkok")
    assert dates.parse_date("31 Mar 2026 at 01:01", zone=zone) == "2026-03-30T18:01:00Z"
    assert dates.parse_date("2026-03-31T01:01:00Z", zone=zone) == "2026-03-31T01:01:00Z"
    assert dates.parse_date("31 Mar 2026", zone=zone) == "2026-03-31"


@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)), st.none() | st.integers(-14 * 4, 14 * 4))
def test_what_is_written_reads_as_the_same(at: datetime, quarters: int | None) -> None:
    zone = None if quarters is None else timezone(timedelta(minutes=15 * quarters))
    at = at.replace(microsecond=0, tzinfo=zone)
    text = dates.format_date(at)
    assert dates.read(text) == at
    assert dates.parse_date(text) == text
    assert dates.parse_date(at.isoformat()) == text


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_a_day_stays_a_day(day: date) -> None:
    assert dates.parse_date(dates.format_date(day)) == day.isoformat()


@given(st.text(max_size=120))
def test_moment_never_raises_and_gives_iso(text: str) -> None:
    found = dates.parse_date(text)
    assert found is None or dates.read(found)


@pytest.mark.parametrize(
    ("best", "others", "exact"),
    [
        ("2025-06-30T15:59:30", [INSTANT, "2025-06-29T13:59:00Z"], INSTANT),
        ("2025-06-30T00:00:00", ["2025-06-30T13:59:00Z"], "2025-06-30T13:59:00Z"),
        ("2025-06-30", ["2025-06-30T15:59:00"], "2025-06-30T15:59:00"),
        ("2025-06-30", ["2025-07-02T15:59:00"], "2025-06-30"),
        (INSTANT, ["2025-06-30T15:59:30"], INSTANT),
    ],
)
def test_the_most_exact_form_of_the_same_point_in_time_is_taken(best: str, others: list[str], exact: str) -> None:
    assert dates.finer(best, [best, *others]) == exact


def test_published_is_taken_and_modified_is_not() -> None:
    page = sheet(
        '<meta property="article:modified_time" content="2025-07-05T10:00:00Z">'
        '<meta property="article:published_time" content="2025-06-30T15:59:30+02:00">',
        '<h1>Neue Brücke</h1><time class="updated" datetime="2025-07-05T10:00:00Z">5.7.</time>',
    )
    choice = chosen(page)[Field.DATE]
    assert (choice.value, choice.source) == (INSTANT, "meta:article:published_time")


def test_the_future_is_no_date_of_publication() -> None:
    page = sheet(
        '<meta property="article:published_time" content="2031-01-01T00:00:00Z"><meta name="date" content="2025-06-30">'
    )
    assert value(page, Field.DATE) == "2025-06-30"


def test_the_first_day_of_the_epoch_loses_to_any_other() -> None:
    page = sheet(
        '<meta property="article:published_time" content="1970-01-01T00:00:00Z"><meta name="date" content="2025-06-30">'
    )
    assert value(page, Field.DATE) == "2025-06-30"


@pytest.mark.parametrize(
    "body",
    [
        "<h1>Neue Brücke</h1><div>Von Ada Quell</div><div>Stand: 2.7.2025</div><div>30.06.2025, 15:59 Uhr</div>",
        '<h1>Neue Brücke</h1><p class="post-date">30. Juni 2025, 15:59</p>',
        '<h1>Neue Brücke</h1><time datetime="2025-06-30T15:59">vor drei Tagen</time>',
        '<aside><time datetime="2025-07-02">2.7.</time></aside><h1>Neue Brücke</h1><time>30.6.2025 15:59</time>',
    ],
)
def test_the_date_below_the_headline(body: str) -> None:
    assert value(sheet("", body, "https://x.example/a"), Field.DATE) == "2025-06-30T15:59:00"


def test_the_address_tells_the_day_where_nothing_else_does() -> None:
    page = sheet("", "<h1>Neue Brücke</h1>", "https://nordblatt.example/2025/06/30/neue-bruecke")
    assert value(page, Field.DATE) == "2025-06-30"


def test_the_zone_of_the_rules_holds_for_every_place() -> None:
    rules = (SiteRules(("nordblatt.example",), timezone="Asia/Bangkok"),)
    page = sheet('<meta property="article:published_time" content="2026-03-31 01:01">')
    assert chosen(page, rules)[Field.DATE].value == "2026-03-30T18:01:00Z"
    assert chosen(page)[Field.DATE].value == "2026-03-31T01:01:00"


def test_possible_leaves_a_day_for_zones() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    assert dates.possible("2026-06-01T20:00:00Z", at)
    assert not dates.possible("2026-06-03T00:00:00Z", at)


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://nordblatt.example/2010/12/29/neu", "2010-12-29"),
        ("https://web.archive.org/web/20110106023242/http://nordblatt.example/2010/12/29/neu", "2010-12-29"),
        ("https://web.archive.org/web/20110106023242/http://nordblatt.example/neu?id=111", None),
        ("https://archive.example/wayback/20110106023242id_/https://nordblatt.example/neu", None),
        ("https://nordblatt.example/20110106/neu?from=https://x.example/", "2011-01-06"),
    ],
)
def test_the_day_of_an_archived_copy_is_not_that_of_its_article(address: str, day: str | None) -> None:
    assert address_date(address) == day
    assert value(sheet("", "<h1>Neu</h1>", address), Field.DATE) == day


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("22/03/09", 2022, "2022-03-09"),
        ("22/03/09", 2009, "2009-03-22"),
        ("22/03/09", None, "2009-03-22"),
        ("04.05.20", 2020, "2020-05-04"),
        ("3 May 20", 2020, "2020-05-03"),
        ("May 3, '20", 2020, "2020-05-03"),
        ("3. Mai 20 um 15:59 Uhr", 2020, "2020-05-03T15:59:00"),
        ("3 May 20", 2019, None),
        ("3 May 20", None, None),
        ("3. Mai 20.15 Uhr", 2020, None),
        ("3 May 20:15", 2020, None),
    ],
)
def test_a_year_of_two_digits_is_that_of_the_address(text: str, year: int | None, day: str | None) -> None:
    assert dates.parse_date(text, "en-GB", year=year) == day
    address = f"https://nordblatt.example/{year or 'news'}/bruecke/neu"
    page = sheet("", f"<h1>Neu</h1><p>{text}</p>", address, '<html lang="en-GB">')
    assert value(page, Field.DATE) == day
