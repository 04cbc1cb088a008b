"""The ledger as a running crawl uses it: what is known before an address is asked, what is noted afterwards."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from archiver.config.meaning import meaning_digest
from archiver.config.run_settings import RunSettings
from archiver.crawl.visit_records import apply_host_facts, page_reading, probe_of, visit_record
from archiver.errors import LedgerError
from archiver.ledger import KnownFiles, KnownSeed, Ledger, SeedDone, Validators, VisitWrite
from archiver.ledger.entries import plain_address
from archiver.ledger.state import VisitRecord, is_same_miss, repeat_visit
from archiver.ledger.yields.alarms import Caution
from archiver.ledger.yields.watch import Watched, YieldWatch
from archiver.models import CaptureReference, DriftKind, PageOutcome, Verdict
from archiver.urls import host_of

T = TypeVar("T")

_GATHER_SECONDS = 0.05
"""Seconds in which visits are gathered for one transaction; with fewer each visit costs one, with more a run that is
killed loses more of them. No measurement is on record."""


@dataclass(slots=True)
class _Open:
    """An address that was answered, while its seeds are held against what was found."""

    entries: tuple[VisitWrite, ...]
    waiting: int
    finished: list[SeedDone] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    drift: DriftKind | None = None
    caution: Caution | None = None


class RunRecorder:
    """What one run reads from and writes to the ledger.

    A ledger that fails while the run goes on is told to `failed`: what is not noted would be done again for ever, so
    the run has to end. `follow` and the making of a recorder raise LedgerError instead.
    """

    def __init__(
        self,
        ledger: Ledger,
        task: tuple[str, str],
        failed: Callable[[LedgerError], None],
        *,
        conditional: bool,
        writes: bool,
    ) -> None:
        """`task` is the command and its arguments; a run that was asked the same and did not complete is continued.

        `conditional`: pages may be asked for only if they changed; `writes`: seeds are written in place.
        """
        self._ledger = ledger
        self._failed = failed
        self._run = ledger.begin(*task, _now())
        self._conditional = conditional
        self._writes = writes
        self.alarmed: Callable[..., object] | None = None
        """Told of a `host` whose alarms begin or end, and of one that has some, with its first page: `watched`."""
        self._watch = YieldWatch(ledger)
        self._alarmed_hosts: set[str] = set()
        self._open: dict[str, _Open] = {}
        self._notes: list[VisitWrite] = []
        self._writing: asyncio.Future[None] | None = None

    # ---- Before an address is asked ---------------------------------------------------------------------------------

    def known_files(
        self, options: RunSettings, to_be_read: Callable[[Callable[[str], list[str]]], frozenset[str]] | None
    ) -> KnownFiles:
        """What a scan of the whole seeds folder need not read; with None as `to_be_read` it reads all.

        `to_be_read` says which seeds must be read whether they have changed or not.
        """
        attention = None if to_be_read is None else to_be_read(self._ledger.seeds)
        return self._ledger.known_files(meaning_digest(options), attention)

    def follow(self, seeds: Iterable[KnownSeed], known: KnownFiles) -> None:
        """Take over what a scan of the whole seeds folder found."""
        self._ledger.follow(seeds, _now(), known)

    def note_without_address(self, known: KnownFiles, path: str, stamp: bytes | None) -> None:
        """Note a file that a scan found to name no address, so that it is not read again either."""
        self._ledger.note_without_address(path, stamp, known)

    def seeds(self, url: str) -> list[str]:
        """The paths of the seeds of an address."""
        with self._ledger_errors():
            return self._ledger.seeds(url)
        return []

    def due(self, until: datetime | None) -> Iterator[str]:
        """The addresses whose turn has come, most urgent first."""
        with self._ledger_errors():
            for address in self._ledger.due(until or _now()):
                yield address.url

    def done_before(self, url: str) -> VisitRecord | None:
        """The last visit of an address that the run that this one continues has dealt with; None for any other.

        What failed by no fault of the page, or by that of a seed's disk, is not dealt with.
        """
        with self._ledger_errors():
            if self._run.resumed and self._ledger.was_visited_in(self._run.number, url):
                visit = self._ledger.visits(url, last=1)[0]
                has_failed = visit.verdict is Verdict.ERROR or self._ledger.has_failed_seed(url)
                return None if has_failed else visit
        return None

    def killed_run_visits(self) -> list[str]:
        """The addresses that were visited by the run that this one continues, if that ended without a word."""
        with self._ledger_errors():
            if self._run.was_killed:
                return self._ledger.visited_in(self._run.number)
        return []

    def paused_until(self, host: str) -> datetime | None:
        """Until when a host wants to be left alone; None when it does not."""
        with self._ledger_errors():
            return self._ledger.paused_until(host, _now())
        return None

    def refusing_archives(self, url: str) -> frozenset[str]:
        """The web archives that need not be asked for an address: they hand out nothing of it."""
        with self._ledger_errors():
            return self._ledger.refusing_archives(url, _now())
        return frozenset()

    def known(self, url: str) -> Validators | None:
        """What an unchanged page can be recognised by; None when the page has to be read in any case."""
        with self._ledger_errors():
            return self._ledger.validators(url) if self._conditional else None
        return None

    def was_missed(self, url: str, verdict: Verdict) -> bool:
        """Whether the last visit of an address before this run missed it in the same way."""
        with self._ledger_errors():
            before = self._ledger.verdict_before(self._run.number, url)
            return before is not None and is_same_miss(before, verdict)
        return False

    def was_offered(self, url: str) -> bool:
        """Whether the last visit of an address before this run read the same article: what it offers is no news."""
        with self._ledger_errors():
            return self._ledger.is_text_known(self._run.number, url)
        return False

    # ---- When it has answered ---------------------------------------------------------------------------------------

    def apply_host_facts(self, outcome: PageOutcome) -> tuple[PageOutcome, str | None]:
        """The outcome in the light of the host's other answers, and the address to probe where only that helps."""
        with self._ledger_errors():
            return apply_host_facts(self._ledger, outcome, _now())
        return outcome, None

    def probed(self, host: str, answer: PageOutcome) -> None:
        """Keep what a host answered for an address that cannot exist."""
        with self._ledger_errors():
            self._ledger.keep_probe(host, probe_of(answer))

    def ask(self, question: Callable[[Ledger], T]) -> T | None:
        """What the ledger answers to a question of another kind; None where it fails."""
        with self._ledger_errors():
            return question(self._ledger)
        return None

    # ---- When its seeds are dealt with ------------------------------------------------------------------------------

    async def record_unchanged(self, url: str, known: Validators, answer: CaptureReference) -> None:
        """Note a visit that found what an earlier one found; its seeds are finished already."""
        at = datetime.fromisoformat(answer.captured_at)
        await self._note([VisitWrite(url, repeat_visit(known.visit, at, answer.status))])

    async def record_outcome(self, outcome: PageOutcome, waiting: int) -> None:
        """Note what was found, once each of so many seeds is `held` against it."""
        chain = [outcome.visit]
        while chain[0].instead_of is not None:
            chain.insert(0, chain[0].instead_of)
        watched = [self._look(one) for one in chain]
        entries = tuple(
            VisitWrite(one.url, visit_record(one), reading=seen.write if seen else None, refused_by=one.refused_by)
            for one, seen in zip(chain, watched, strict=True)
        )
        if waiting:
            last = watched[-1]
            self._open[outcome.url] = _Open(entries, waiting, caution=last.caution if last else None)
        else:
            await self._note(entries)

    def _look(self, outcome: PageOutcome) -> Watched | None:
        """What a page yielded, in the light of its host's other pages."""
        reading = page_reading(outcome)
        if reading is None:
            return None
        url, host = plain_address(outcome.url), host_of(outcome.url)
        with self._ledger_errors():
            watched = self._watch.take(host, url, reading, visit_record(outcome).at, self._run.number)
            if watched.raised or watched.ended or (watched.standing and host not in self._alarmed_hosts):
                self._alarmed_hosts.add(host)
                if self.alarmed is not None:
                    self.alarmed(host=host, watched=watched)
            return watched
        return None

    def caution(self, url: str) -> Caution | None:
        """Why the values of an address are not to be trusted whose seeds are being dealt with; None where they are."""
        still = self._open.get(url)
        return still.caution if still is not None else None

    async def seed_done(
        self,
        url: str,
        path: str,
        missing: tuple[str, ...] | None,
        drift: DriftKind | None,
        *,
        has_failed: bool = False,
    ) -> None:
        """One seed was dealt with; `missing` names what is still blank, None where there was no article for it.

        `has_failed` says that there was one, and that the seed could not be read or written.
        """
        still = self._open.get(url)
        if still is None:
            return
        still.waiting -= 1
        still.drift = still.drift or drift
        if missing is not None and self._writes:
            still.finished.append(SeedDone(path, missing))
        if has_failed and self._writes:
            still.failed.append(path)
        if still.waiting == 0:
            del self._open[url]
            *before, last = still.entries
            visit = replace(last.visit, drift=still.drift)
            last = replace(last, visit=visit, finished=tuple(still.finished), failed=tuple(still.failed))
            await self._note([*before, last])

    def pause(self, host: str, until: datetime) -> None:
        """Leave a host alone in later runs too."""
        with self._ledger_errors():
            self._ledger.pause(host, until)

    def close(self, *, complete: bool) -> None:
        """End the run; `complete` says that nothing of what it was asked is left to do."""
        self._write()
        with self._ledger_errors():
            self._ledger.end(self._run.number, _now(), complete=complete)
            self._ledger.close()

    async def _note(self, entries: Iterable[VisitWrite]) -> None:
        """Returns when the entries are in the ledger; those of the same moment share a transaction."""
        self._notes.extend(entries)
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write_soon())
        await asyncio.shield(self._writing)

    async def _write_soon(self) -> None:
        await asyncio.sleep(_GATHER_SECONDS)
        self._writing = None
        self._write()

    def _write(self) -> None:
        notes, self._notes = self._notes, []
        if notes:
            with self._ledger_errors():
                self._ledger.record(notes, _now(), self._run.number)

    @contextlib.contextmanager
    def _ledger_errors(self) -> Iterator[None]:
        try:
            yield
        except LedgerError as error:
            self._failed(error)


def _now() -> datetime:
    return datetime.now(UTC)
