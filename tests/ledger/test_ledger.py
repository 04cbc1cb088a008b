"""The ledger: what goes in comes out, what is due, and a file that cannot be used."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.errors import LedgerError
from archiver.ledger import KnownSeed, Ledger, LedgerReader, SeedDone, VisitWrite
from archiver.ledger.reader import MAX_CONFIRMATIONS
from archiver.ledger.schedule import Urgency
from archiver.ledger.schema import STEPS, ledger_errors, open_for_writing
from archiver.ledger.soft404 import Probe
from archiver.ledger.state import State, VisitRecord
from archiver.models import DriftKind, Verdict
from tests.crawl.test_frontier import growth

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://a.example/news/one-two-three"
FULL = VisitRecord(
    NOW, Verdict.ARTICLE, 200, "live", "sha1:A", "sha1:B", DriftKind.UPDATED, '"e"', "Mon", None, "A sentence."
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "ledger.sqlite"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(file)
    yield ledger
    ledger.close()


def test_a_visit_comes_out_as_it_went_in(ledger: Ledger, file: Path) -> None:
    ledger.record([VisitWrite(f"{URL}#part", FULL)], NOW)
    reader = LedgerReader.open(file)
    assert reader is not None
    assert reader.visits(URL) == [FULL]
    record = reader.address(URL)
    assert record is not None
    assert (record.state, record.visits, record.failures, record.since) == (State.ALIVE, 1, 0, NOW)
    assert record.due > NOW
    reader.close()


def test_there_is_no_reader_without_a_ledger(file: Path) -> None:
    assert LedgerReader.open(file) is None
    assert not file.parent.exists()


def test_incomplete_first_then_new_then_what_waits_longest(ledger: Ledger) -> None:
    urls = {name: f"https://{name}.example/" for name in "abcd"}
    ledger.follow([KnownSeed(name, url, ("title",) if name == "d" else ()) for name, url in urls.items()], NOW)
    ledger.record(
        [VisitWrite(urls["a"], FULL, (SeedDone("a"),)), VisitWrite(urls["b"], replace(FULL, at=NOW - DAY))], NOW
    )
    later = NOW + 99 * DAY
    found = [(due.url[8], due.urgency) for due in ledger.due(later)]
    assert found[:2] == [("d", Urgency.INCOMPLETE), ("c", Urgency.NEVER_VISITED)]
    assert {name for name, _ in found[2:]} == {"a", "b"}
    assert [due.url[8] for due in ledger.due(NOW)] == ["d", "c"]
    ledger.pause("d.example", NOW + timedelta(hours=1))
    assert [due.url[8] for due in ledger.due(NOW)] == ["c"]
    ledger.pause("c.example", NOW + 400 * DAY)
    assert [due.url[8] for due in ledger.due(NOW)] == ["c"], "no clock lets a host rest for ever"


def test_a_clock_that_was_ahead_postpones_nothing_for_ever(ledger: Ledger) -> None:
    ledger.follow([KnownSeed("a", URL)], NOW)
    ledger.record([VisitWrite(URL, replace(FULL, at=NOW + 4_000 * DAY))], NOW + 4_000 * DAY)
    assert [due.url for due in ledger.due(NOW)] == [URL]
    ledger.record([VisitWrite(URL, FULL)], NOW)
    assert list(ledger.due(NOW)) == []


def test_validators_only_where_no_seed_waits(ledger: Ledger) -> None:
    ledger.follow([KnownSeed("a", URL, ("title",))], NOW)
    assert ledger.validators(URL) is None
    ledger.record([VisitWrite(URL, FULL, (SeedDone("a"),))], NOW)
    found = ledger.validators(URL)
    assert found is not None
    assert (found.etag, found.last_modified, found.payload) == ('"e"', "Mon", "sha1:A")
    ledger.record([VisitWrite(URL, VisitRecord(NOW + DAY, Verdict.GONE, 404))], NOW + DAY)
    assert ledger.validators(URL) == found
    ledger.follow([KnownSeed("a", URL), KnownSeed("b", URL)], NOW + DAY)
    assert ledger.validators(URL) is None
    assert [due.url for due in ledger.due(NOW + DAY)] == [URL]


def test_a_seed_that_could_not_be_written_is_known_until_it_is(ledger: Ledger) -> None:
    ledger.follow([KnownSeed("a", URL)], NOW)
    assert not ledger.has_failed_seed(URL)
    ledger.record([VisitWrite(URL, FULL, failed=("a",))], NOW)
    assert ledger.has_failed_seed(URL)
    assert ledger.validators(URL) is None
    ledger.follow([KnownSeed("a", URL)], NOW + DAY)
    assert ledger.has_failed_seed(URL)
    ledger.record([VisitWrite(URL, replace(FULL, at=NOW + DAY), (SeedDone("a"),))], NOW + DAY)
    assert not ledger.has_failed_seed(URL)


def test_a_page_is_asked_for_in_full_after_some_confirmations(ledger: Ledger) -> None:
    ledger.follow([KnownSeed("a", URL)], NOW)
    ledger.record([VisitWrite(URL, FULL, (SeedDone("a"),))], NOW)
    confirmed = replace(FULL, status=304)
    for day in range(1, MAX_CONFIRMATIONS + 1):
        assert ledger.validators(URL) is not None
        ledger.record([VisitWrite(URL, replace(confirmed, at=NOW + day * DAY))], NOW + day * DAY)
    assert ledger.validators(URL) is None
    ledger.record([VisitWrite(URL, replace(FULL, at=NOW + 9 * DAY))], NOW + 9 * DAY)
    assert ledger.validators(URL) is not None


def test_seeds_are_followed_by_their_address(ledger: Ledger) -> None:
    seeds = [KnownSeed(name, f"https://{name}.example/") for name in "abc"]
    assert ledger.follow(seeds, NOW).added == 3
    ledger.record([VisitWrite(seed.url, FULL, (SeedDone(seed.path),)) for seed in seeds], NOW)
    done = ledger.follow([replace(seeds[0], path="moved/a"), seeds[1]], NOW)
    assert (done.seeds, done.added, done.moved, done.removed) == (2, 0, 1, 1)
    assert ledger.seeds("https://a.example/") == ["moved/a"]
    assert ledger.address_of("moved/a") == "https://a.example/"
    assert ledger.validators("https://a.example/") is not None
    assert list(ledger.due(NOW)) == []
    assert {due.url[8] for due in ledger.due(NOW + 99 * DAY)} == {"a", "b"}
    assert len(ledger.visits("https://c.example/")) == 1
    ledger.follow([replace(seeds[0], missing=("title",))], NOW)
    assert [due.url[8] for due in ledger.due(NOW)] == ["a"]


def test_an_outage_of_the_host_is_one_failure_of_each_address(ledger: Ledger) -> None:
    urls = [f"https://a.example/{n}" for n in range(3)]
    for days in (0, 4, 8, 12):
        at = NOW + days * DAY
        ledger.record([VisitWrite(url, VisitRecord(at, Verdict.UNREACHABLE)) for url in urls], at)
    assert {(found.state, found.failures) for url in urls if (found := ledger.address(url))} == {(State.FAILING, 1)}
    at = NOW + 16 * DAY
    ledger.record([VisitWrite(urls[0], replace(FULL, at=at)), VisitWrite(urls[1], VisitRecord(at, Verdict.GONE))], at)
    (one, two) = (ledger.address(url) for url in urls[:2])
    assert one is not None
    assert two is not None
    assert (one.state, two.state, two.failures) == (State.ALIVE, State.FAILING, 2)


def test_the_third_unrelated_address_unmasks_the_place_that_all_lead_to(ledger: Ledger) -> None:
    urls = [f"https://a.example/{slug}" for slug in ("first-of-all", "second-of-them", "third-in-row")]
    visit = replace(FULL, target="https://a.example/offers")
    ledger.record([VisitWrite(url, visit) for url in urls[:2]], NOW)
    assert [found.state for url in urls[:2] if (found := ledger.address(url))] == [State.MOVED] * 2
    ledger.record([VisitWrite(urls[2], visit)], NOW)
    assert [found.state for url in urls if (found := ledger.address(url))] == [State.FAILING] * 3


def test_a_run_that_was_killed_is_continued_and_one_that_is_complete_is_not(ledger: Ledger) -> None:
    one = ledger.begin("crawl", "seeds", NOW)
    ledger.record([VisitWrite(URL, FULL)], NOW, one.number)
    again = ledger.begin("crawl", "seeds", NOW + DAY)
    assert (again.number, again.resumed, again.visits) == (one.number, True, 1)
    assert ledger.was_visited_in(one.number, URL)
    assert not ledger.was_visited_in(one.number, "https://a.example/other")
    ledger.end(one.number, NOW + DAY, complete=True)
    for kind, at in (("crawl", NOW + DAY), ("refresh", NOW + DAY), ("refresh", NOW + 20 * DAY)):
        assert not ledger.begin(kind, "seeds", at).resumed


def test_a_probe_is_kept(ledger: Ledger) -> None:
    assert ledger.probe("a.example") is None
    probe = Probe(NOW, Verdict.GONE, "https://a.example/", "p", "t")
    ledger.keep_probe("a.example", probe)
    assert ledger.probe("a.example") == probe


def test_rebuilt_from_captures(ledger: Ledger) -> None:
    other = "https://b.example/"
    ledger.follow([KnownSeed("a", URL), KnownSeed("b", other)], NOW)
    ledger.record([VisitWrite(url, replace(FULL, verdict=Verdict.GONE)) for url in (URL, other)], NOW)
    ledger.keep_probe("a.example", Probe(NOW, Verdict.GONE))

    def entries() -> Iterator[VisitWrite]:
        yield VisitWrite(URL, replace(FULL, at=NOW - 9 * DAY))
        assert ledger.last_success(URL) == replace(FULL, at=NOW - 9 * DAY), "what comes before is known"
        assert ledger.probe("a.example") is None, "what comes later is not"
        ledger.keep_probe("a.example", Probe(NOW - 9 * DAY, Verdict.GONE))
        yield VisitWrite(URL, replace(FULL, at=NOW - DAY))

    assert ledger.rebuild(entries(), NOW) == 2
    assert [visit.at for visit in ledger.visits(URL)] == [NOW - 9 * DAY, NOW - DAY]
    summary = ledger.summary(NOW)
    assert summary.by_state == {State.ALIVE: 1, State.UNKNOWN: 1}
    assert summary.last_run is not None
    assert (summary.last_run.kind, summary.last_run.visits, summary.last_run.complete) == ("archive ledger", 2, True)
    assert [due.url for due in ledger.due(NOW)] == [other]


def test_a_rebuilt_address_is_due_when_it_would_have_been(ledger: Ledger) -> None:
    ledger.follow([KnownSeed("a", URL)], NOW)
    visits = [replace(FULL, at=NOW + days * DAY) for days in (0, 9, 400)]
    for visit in visits:
        ledger.record([VisitWrite(URL, visit)], visit.at)
    before = ledger.address(URL)
    ledger.rebuild((VisitWrite(URL, visit) for visit in visits), NOW + 9_000 * DAY)
    assert ledger.address(URL) == before


def test_a_rebuilding_that_fails_changes_nothing(ledger: Ledger) -> None:
    ledger.record([VisitWrite(URL, FULL)], NOW)

    def entries() -> Iterator[VisitWrite]:
        yield VisitWrite(URL, replace(FULL, at=NOW - DAY))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ledger.rebuild(entries(), NOW)
    assert ledger.visits(URL) == [FULL]
    assert ledger.last_run() is None


def test_a_web_archive_that_has_closed_a_page_is_known_for_some_weeks(ledger: Ledger) -> None:
    missed = VisitRecord(NOW, Verdict.GONE, 404)
    ledger.record([VisitWrite(URL, missed, refused_by=("wayback", "arquivo"))], NOW)
    assert ledger.refusing_archives(URL, NOW + 29 * DAY) == {"wayback", "arquivo"}
    assert ledger.refusing_archives(URL, NOW + 31 * DAY) == ledger.refusing_archives(URL + "x", NOW) == frozenset()
    # A clock that has been set back since says nothing.
    assert ledger.refusing_archives(URL, NOW - DAY) == frozenset()
    ledger.record([VisitWrite(URL, missed, refused_by=("wayback",))], NOW + 20 * DAY)
    assert ledger.refusing_archives(URL, NOW + 40 * DAY) == {"wayback"}


def test_what_no_capture_tells_of(ledger: Ledger) -> None:
    silent = VisitRecord(NOW, Verdict.UNREACHABLE, detail="The host refuses connections.")
    copy = replace(FULL, origin="wayback", at=NOW - 2_000 * DAY)
    gone = VisitRecord(NOW + DAY, Verdict.GONE, 404)
    ledger.record([VisitWrite(URL, one) for one in (silent, FULL, gone, copy)], NOW + DAY)
    assert list(ledger.uncaptured_visits()) == [(NOW, VisitWrite(URL, silent)), (NOW + DAY, VisitWrite(URL, copy))]
    before = ledger.address(URL)
    assert ledger.rebuild([VisitWrite(URL, one) for one in (silent, FULL, gone, copy)], NOW + 30 * DAY) == 4
    assert ledger.address(URL) == before, "a copy is older than the visit that looked at it"


def test_the_first_version_is_brought_up_to_date_and_a_step_that_fails_changes_nothing(file: Path) -> None:
    file.parent.mkdir()
    database = sqlite3.connect(file)
    database.executescript((Path(__file__).parent / "version-1.sql").read_text(encoding="utf-8"))
    database.close()
    added = (*STEPS, "ALTER TABLE visit ADD COLUMN extra TEXT; UPDATE visit SET extra = 'x';")
    with pytest.raises(LedgerError):
        open_for_writing(file, (*STEPS, "CREATE TABLE half (x); nonsense;"))
    newer = open_for_writing(file, added)
    assert newer.execute("PRAGMA user_version").fetchone() == (len(added),)
    assert newer.execute("SELECT count(*), max(extra) FROM visit").fetchone() == (1, "x")
    assert not newer.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half'").fetchall()
    newer.close()
    with pytest.raises(LedgerError, match="newer version of this program"):
        Ledger.open(file)
    with pytest.raises(LedgerError, match="newer version of this program"):
        LedgerReader.open(file)


def test_the_stored_dump_of_version_1_serves(file: Path) -> None:
    file.parent.mkdir()
    database = sqlite3.connect(file)
    database.executescript((Path(__file__).parent / "version-1.sql").read_text(encoding="utf-8"))
    database.close()
    ledger = Ledger.open(file)
    assert ledger.visits(URL) == [FULL]
    assert [due.url for due in ledger.due(NOW + 99 * DAY)] == [URL]
    ledger.close()


def _garbage(file: Path) -> None:
    file.write_bytes(b"not a database " * 1000)


def _foreign(file: Path) -> None:
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE theirs (x)")
    database.close()


def _torn(file: Path) -> None:
    Ledger.open(file).close()
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [(_garbage, "is damaged"), (_foreign, "another program's database"), (_torn, "is damaged")],
)
def test_a_file_that_cannot_be_used_is_one_sentence(file: Path, spoil: Callable[[Path], None], sentence: str) -> None:
    file.parent.mkdir()
    spoil(file)
    before = file.read_bytes()
    with pytest.raises(LedgerError, match=sentence) as caught, contextlib.closing(Ledger.open(file)) as ledger:
        ledger.record([VisitWrite(URL, FULL)], NOW)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    if spoil is not _torn:
        assert file.read_bytes() == before


def test_a_ledger_that_somebody_holds_says_so(file: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.ledger.schema.MAX_BUSY_SECONDS", 0.05)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="is locked by another program"):
        Ledger.open(file)
    other.close()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="cannot be made"):
        Ledger.open(tmp_path / "file" / "archive" / "ledger.sqlite")


def test_entries_are_recorded_together_or_not_at_all(ledger: Ledger) -> None:
    def entries() -> Iterator[VisitWrite]:
        yield VisitWrite(URL, FULL)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ledger.record(entries(), NOW)
    assert ledger.visits(URL) == []


def test_a_disk_that_is_read_only_is_one_sentence(file: Path, ledger: Ledger) -> None:
    ledger.record([VisitWrite(URL, FULL)], NOW)
    sealed = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    with pytest.raises(LedgerError, match=r"cannot be written.*give this user write permission"), ledger_errors(file):
        sealed.execute("DELETE FROM visit")
    sealed.close()


def test_a_large_collection_costs_no_memory(tmp_path: Path) -> None:
    grown, due, left = growth(
        "from datetime import UTC, datetime\n"
        "from archiver.ledger.state import VisitRecord\n"
        "from archiver.ledger import KnownSeed, Ledger, VisitWrite\n"
        "from archiver.models import Verdict",
        """
now = datetime(2026, 1, 1, tzinfo=UTC)
ledger = Ledger.open(Path(sys.argv[1]) / "ledger.sqlite")
urls = lambda: (f"https://www.host{n % 50}.example/section/{n}/a-slug-of-words" for n in range(10_000))
ledger.follow((KnownSeed(f"posts/{n:06}-a-seed.md", url, ("title",)) for n, url in enumerate(urls())), now)
count = 0
for address in ledger.due(now):
    count += 1
    if count % 4 == 0:
        ledger.record([VisitWrite(address.url, VisitRecord(now, Verdict.ARTICLE, 200, payload="a", text="b"))], now)
found = count, sum(1 for _ in ledger.due(now))
""",
        str(tmp_path),
    )
    assert (due, left) == (10_000, 7_500)
    assert grown < 8
