"""What pages yield: the statistic and its false alarms, what the ledger keeps of it, and a person's word."""

from __future__ import annotations

import json
import random
import re
import sqlite3
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import LedgerError
from archiver.extract.article import extract
from archiver.ledger import Ledger, LedgerReader, VisitWrite
from archiver.ledger.digests import digest_value
from archiver.ledger.schema import STEPS
from archiver.ledger.state import VisitRecord
from archiver.ledger.yields.alarms import Alarm, alarm_sentence
from archiver.ledger.yields.collapse import Collapse, SeenMark, find_collapse, has_recovered
from archiver.ledger.yields.marks import Mark
from archiver.ledger.yields.readings import PageReading, reading_of
from archiver.ledger.yields.watch import Watched, YieldWatch
from archiver.models import Article, Capture, Choice, Extraction, Field, SelectorUse, Verdict
from archiver.spiders.bangkokpost import BangkokPostSpider
from tests.conftest import FIXTURES

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOST = "paper.example"
SIGNED = PageReading({Field.TITLE: "h1", Field.AUTHOR: "class:byline"}, 900)
UNSIGNED = PageReading({Field.TITLE: "h1"}, 900)
VERSION_1 = Path(__file__).parent / "version-1.sql"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    yield ledger
    ledger.close()


def marks(text: str, run: int) -> list[SeenMark]:
    """Newest first, from a text that is read as time goes."""
    return [SeenMark(Mark(one), run) for one in reversed(text)]


# ---- The statistic --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("++++-" * 4, "-----", Collapse(0, 5, 16, 20)),
        ("+" * 20, "-----", Collapse(0, 5, 20, 20)),
        ("+" * 20, "+----", None),
        ("+++-" * 5, "+-----", None),
        ("+++-" * 5 + "+", "-" * 10, Collapse(0, 10, 16, 21)),
        ("+-" * 10, "-" * 10, None),
        ("+" * 11, "-----", None),
        ("+" * 20, "!!!", Collapse(0, 3, 3, 3, paired=True)),
        ("+" * 20, "!*!*!", Collapse(2, 5, 5, 5, paired=True)),
        ("+" * 20, "!!", None),
        ("*" * 17 + "!!!", "!*!*!", None),
        ("+" * 20, ".....", None),
    ],
)
def test_a_collapse_is_what_chance_does_not_explain(before: str, after: str, found: Collapse | None) -> None:
    assert find_collapse([*marks(after, 2), *marks(before, 1)], 2) == found


def test_pages_of_one_run_are_no_measure_for_each_other() -> None:
    """A first run over a collection meets the pages of many years in the order of their seeds."""
    assert find_collapse(marks("+" * 40 + "-" * 40, 1), 1) is None


def test_an_alarm_ends_when_half_of_what_was_is_there_again() -> None:
    before = Collapse(0, 5, 20, 20)
    assert not has_recovered(marks("---++", 3), before)
    assert has_recovered(marks("--+++", 3), before)
    assert has_recovered(marks("---++", 3), Collapse(0, 10, 12, 20))


@pytest.mark.parametrize(("share", "most"), [(0.6, 2), (0.75, 4), (0.95, 0)])
def test_ordinary_runs_over_new_pages_raise_next_to_no_alarm(share: float, most: int) -> None:
    """Of sixty hosts with twenty runs of fourteen new pages each."""
    chance = random.Random(7)  # noqa: S311  (a simulation)
    assert sum(_alarms_of_new_pages(share, chance) for _ in range(60)) <= most


def _alarms_of_new_pages(share: float, chance: random.Random) -> bool:
    seen: list[SeenMark] = []
    for run in range(20):
        for _ in range(14):
            seen.insert(0, SeenMark(Mark.FOUND if chance.random() < share else Mark.ABSENT, run))
            if seen[0].mark is Mark.ABSENT and find_collapse(seen[:100], run) is not None:
                return True
    return False


@pytest.mark.parametrize(("edited", "most"), [(0.002, 0), (0.01, 1), (0.03, 2)])
def test_ordinary_runs_over_known_pages_raise_next_to_no_alarm(edited: float, most: int) -> None:
    """Of sixty hosts with twenty readings of the same twenty pages, of which some lose or gain the value."""
    chance = random.Random(7)  # noqa: S311  (a simulation)
    assert sum(_alarms_of_known_pages(edited, chance) for _ in range(60)) <= most


def _alarms_of_known_pages(edited: float, chance: random.Random) -> bool:
    has = [chance.random() < 0.8 for _ in range(20)]
    last = {number: SeenMark(Mark.FOUND if had else Mark.ABSENT, 0) for number, had in enumerate(has)}
    for run in range(1, 20):
        for number in chance.sample(range(20), 20):
            had = has[number]
            has[number] = had != (chance.random() < edited)
            if not had and not has[number]:
                continue
            mark = Mark.LOST if not has[number] else Mark.KEPT if had else Mark.FOUND
            last.pop(number)
            last[number] = SeenMark(mark, run)
            if mark is Mark.LOST and find_collapse(reversed(last.values()), run) is not None:
                return True
    return False


# ---- What is noted --------------------------------------------------------------------------------------------------


def test_a_reading_names_places_length_and_selectors_of_the_era() -> None:
    article = Article(
        {Field.AUTHOR: Choice("Ada", "class:byline"), Field.LANGUAGE: Choice("en", "html:lang")}, body="It."
    )
    uses = (
        SelectorUse(0, "author", ".byline", False),
        SelectorUse(0, "author", ".writer", True),
        SelectorUse(0, "prune", ".more", False),
        SelectorUse(1, "author", ".old", False),
    )
    found = reading_of(Extraction(Verdict.ARTICLE, article=article, uses=uses))
    selectors = {"author .byline": True, "author .writer": True, "prune .more": False}
    assert found == PageReading({Field.AUTHOR: "class:byline"}, 3, selectors)
    walled = reading_of(Extraction(Verdict.WALLED, article=article))
    assert walled is not None
    assert walled.body is None
    assert reading_of(Extraction(Verdict.EMPTY)) == PageReading(None, 0)
    assert reading_of(Extraction(Verdict.BLOCKED)) is None


_PLACES = st.dictionaries(
    st.sampled_from([Field.TITLE, Field.AUTHOR, Field.IMAGE, Field.DATE]),
    st.sampled_from(["h1", "class:byline", "data:__NEXT_DATA__", "meta:og:image=x"]),
)
_READINGS = st.builds(
    PageReading,
    _PLACES,
    st.none() | st.integers(0, 10**7),
    st.dictionaries(st.sampled_from(["author .byline a", "prune div > p.x", "body //main[1]"]), st.booleans()),
)


@given(_READINGS)
def test_a_reading_comes_out_of_the_ledger_as_it_went_in(reading: PageReading) -> None:
    ledger = Ledger(Path("in-memory"), _fresh())
    record(ledger, YieldWatch(ledger), "a", reading, 1)
    assert ledger.last_reading(f"https://{HOST}/a") == (NOW, reading)
    ledger.close()


def _fresh() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.create_function("digest_value", 1, digest_value)
    for step in STEPS:
        database.executescript(step)
    return database


def record(ledger: Ledger, watch: YieldWatch, name: str, reading: PageReading, run: int, *, hours: int = 0) -> Watched:
    url, at = f"https://{HOST}/{name}", NOW + timedelta(hours=hours)
    watched = watch.take(HOST, url, reading, at, run)
    ledger.record([VisitWrite(url, VisitRecord(at, Verdict.ARTICLE, 200), reading=watched.write)], at)
    return watched


def test_an_alarm_survives_the_run_and_a_person_can_end_it(ledger: Ledger, tmp_path: Path) -> None:
    watch = YieldWatch(ledger)
    for number in range(14):
        record(ledger, watch, str(number), SIGNED, 1)
    watch = YieldWatch(ledger)
    told = [record(ledger, watch, str(number), UNSIGNED, 2) for number in range(5)]
    assert [len(one.raised) for one in told] == [0, 0, 1, 0, 0]
    assert told[1].caution is None
    assert told[2].caution is not None
    assert told[2].caution.fields == {Field.AUTHOR}

    reader = LedgerReader.open(tmp_path / "ledger.sqlite")
    assert reader is not None
    (alarm,) = reader.alarms()
    reader.close()
    assert alarm_sentence([alarm]) == (
        "paper.example: no author on the last 3 pages that had one before (from class:byline); the pages' layout may "
        "have changed; look at it with `scrapy try https://paper.example/2`"
    )

    ledger.clear_alarms(HOST, NOW + timedelta(seconds=1))
    watch = YieldWatch(ledger)
    assert not any(record(ledger, watch, str(number), UNSIGNED, 3, hours=1).standing for number in range(14))
    assert not any(record(ledger, watch, f"new-{number}", UNSIGNED, 4, hours=1).standing for number in range(14))


@pytest.mark.parametrize("is_cleared", [False, True])
def test_alarms_are_drawn_anew_but_for_those_that_a_person_ended(ledger: Ledger, is_cleared: bool) -> None:
    if is_cleared:
        ledger.clear_alarms(HOST, NOW + timedelta(hours=2))

    def entries() -> Iterator[VisitWrite]:
        watch = YieldWatch(ledger)
        for hours, reading in enumerate((SIGNED, UNSIGNED, SIGNED, UNSIGNED) if is_cleared else (SIGNED, UNSIGNED)):
            for number in range(14):
                url, at = f"https://{HOST}/{number}", NOW + timedelta(hours=hours)
                write = watch.take(HOST, url, reading, at, -hours - 1).write
                yield VisitWrite(url, VisitRecord(at, Verdict.ARTICLE, 200), reading=write)
                if hours == 1 and number == 13:
                    assert [alarm.aspect for alarm in ledger.alarms()] == ["author"]

    ledger.rebuild(entries(), NOW + timedelta(days=1))
    # What a person has ended is over, and what has changed since then is measured by what was read since then.
    assert [(alarm.aspect, alarm.since) for alarm in ledger.alarms()] == (
        [] if is_cleared else [("author", NOW + timedelta(hours=1))]
    )


def test_a_fallback_is_in_doubt_where_another_place_spoke_before(ledger: Ledger) -> None:
    watch = YieldWatch(ledger)
    for number in range(14):
        record(ledger, watch, str(number), SIGNED, 1)
    for number in range(5):
        record(ledger, watch, str(number), UNSIGNED, 2)
    other = PageReading({Field.TITLE: "title", Field.AUTHOR: "meta:author"}, 900)
    caution = record(ledger, watch, "6", other, 2).caution
    assert caution is not None
    assert caution.fields == {Field.AUTHOR, Field.TITLE}


@pytest.mark.parametrize(
    ("before", "after", "aspect"),
    [
        (PageReading({}, 900), PageReading({}, 200), "body"),
        (PageReading({}, 900), PageReading(None, 0), "body"),
        (PageReading({}, 9, {"prune .x": True}), PageReading({}, 9, {"prune .x": False}), "rule prune .x"),
        (PageReading({Field.IMAGE: "og"}, 9), PageReading({}, 9), "image"),
        (PageReading({Field.DATE: "time"}, 9), PageReading({}, 9), "date"),
    ],
)
def test_bodies_rules_images_and_dates_collapse_alike(
    ledger: Ledger, before: PageReading, after: PageReading, aspect: str
) -> None:
    watch = YieldWatch(ledger)
    for number in range(20):
        record(ledger, watch, str(number), before, 1)
    raised = [one.aspect for number in range(5) for one in record(ledger, watch, str(number), after, 2).raised]
    assert raised == [aspect]


def test_an_alarm_about_a_selector_ends_when_the_rules_ask_another(ledger: Ledger) -> None:
    watch = YieldWatch(ledger)
    for run, selector in enumerate(({"author .a": True}, {"author .a": False}, {"author .b": True}), 1):
        watched = [record(ledger, watch, str(n), PageReading({}, 9, selector), run) for n in range(20)]
        assert [bool(one.standing) for one in watched][-1] is (run == 2)


def test_the_lines_about_rules_name_them() -> None:
    def alarm(selector: str, collapse: Collapse) -> Alarm:
        return Alarm(HOST, f"rule {selector}", NOW, f"https://{HOST}/a", collapse)

    one = alarm_sentence([alarm("author .byline a", Collapse(0, 5, 19, 20))])
    assert "the rule `author .byline a` does not match 5 of the last 5 pages; it matched 19 of the 20 before;" in one
    four = alarm_sentence([alarm(f"prune .x{n}", Collapse(0, 5, 19, 20)) for n in range(4)])
    assert "4 rules match no more (`prune .x0`, `prune .x1`, `prune .x2` and 1 more)" in four


@pytest.fixture(scope="module")
def saved() -> dict[str, list[Extraction]]:
    """The saved pages of one publisher: as they are, edited, and with all classes renamed; with its rules."""

    def edited(markup: str) -> str:
        return markup.replace("</p>", " It was said again on Monday.</p>", 3)

    def renamed(markup: str) -> str:
        return re.sub(r'(?<=class=")[^"]*', lambda old: f"c{zlib.crc32(old[0].encode()):x}", markup)

    found: dict[str, list[Extraction]] = {"plain": [], "edited": [], "renamed": []}
    for folder in sorted((FIXTURES / "bangkokpost").iterdir()):
        about = json.loads((folder / "capture.json").read_text("utf-8"))
        if about["status"] != 200:
            continue
        page = (folder / "response.html").read_text("utf-8")
        for name, markup in (("plain", page), ("edited", edited(page)), ("renamed", renamed(page))):
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            at = datetime.fromisoformat(about["captured_at"])
            capture = Capture(about["url"], about["url"], 200, headers, markup.encode(), at, "live")
            found[name].append(extract(capture, BangkokPostSpider.rules))
    return found


def test_twenty_ordinary_runs_oversaved_pages_raise_nothing_and_renamed_classes_do_within_five(
    ledger: Ledger, saved: dict[str, list[Extraction]]
) -> None:
    def read(kind: str, run: int) -> list[Watched]:
        watch = YieldWatch(ledger)
        readings = (reading_of(extraction) for extraction in saved[kind])
        return [record(ledger, watch, str(n), found, run, hours=run) for n, found in enumerate(readings) if found]

    assert len(saved["plain"]) == 14
    for run in range(1, 21):
        assert not any(watched.standing for watched in read("edited" if run % 3 == 0 else "plain", run))
    told = read("renamed", 21)
    assert any(watched.raised for watched in told[:5])
    about = {alarm.aspect.split(" ")[1] for alarm in told[-1].standing if alarm.aspect.startswith("rule ")}
    assert {"body", "prune"} <= about


# ---- The file -------------------------------------------------------------------------------------------------------


def test_a_ledger_of_version_1_is_not_read_before_it_is_brought_up_to_date_and_keeps_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    database = sqlite3.connect(file)
    database.executescript(VERSION_1.read_text(encoding="utf-8"))
    database.close()
    with pytest.raises(LedgerError, match=r"older version \(1\); run `scrapy refresh` once to renew it"):
        LedgerReader.open(file)
    ledger = Ledger.open(file)
    assert len(ledger.visits("https://a.example/news/one-two-three")) == 1
    watch = YieldWatch(ledger)
    record(ledger, watch, "a", SIGNED, 2)
    ledger.close()
    reader = LedgerReader.open(file)
    assert reader is not None
    assert reader.last_reading(f"https://{HOST}/a") == (NOW, SIGNED)
    assert reader.alarms() == []
    reader.close()
