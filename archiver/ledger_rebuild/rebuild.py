"""Captures → visits: the ledger as the archive tells it, when the file itself is lost.

capture ─RedirectChains─▶ RedirectChain ─extract, judge─▶ VisitWrite ─Ledger.rebuild─▶ ledger.sqlite

A capture is judged as the crawl judged it when it came, by the same functions, after all that came before it and
nothing that came later. What left no capture, or was only known to the run, is not made up.
Why in order: docs/design.md D51.
"""

from __future__ import annotations

import heapq
import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from pathlib import Path

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.index import NOT_MODIFIED
from archiver.archive.lookup import find_copies
from archiver.config.run_settings import RunSettings
from archiver.crawl.extraction.parts import Parts, PendingParts
from archiver.crawl.extraction.reader import better
from archiver.crawl.scan import ScanCallbacks, scan
from archiver.crawl.visit_records import (
    ANOTHER_PAGE,
    apply_host_facts,
    not_there,
    page_reading,
    probe_of,
    visit_record,
)
from archiver.decisions import DecisionFile, Decisions
from archiver.downloader.recording.payload import decode_response, rendering_of, validators_of
from archiver.errors import CaptureError, LedgerDamaged, NotSaved, SeedError
from archiver.ledger import LEDGER, Ledger, SeedDone, VisitWrite, renew_ledger
from archiver.ledger.entries import plain_address
from archiver.ledger.soft404 import is_other_article, needs_probe
from archiver.ledger.state import repeat_visit
from archiver.ledger.yields.watch import ReadingWrite, YieldWatch
from archiver.ledger_rebuild.extraction_ahead import ExtractionAhead, extraction_ahead
from archiver.ledger_rebuild.redirect_chains import RedirectChain, RedirectChains
from archiver.models import Capture, DriftKind, Outcome, PageOutcome, Result
from archiver.repair.audit import missing
from archiver.repair.repair import repair
from archiver.repair.reviews.answers import Answers
from archiver.rules import SiteRules
from archiver.seeds import Seed, read
from archiver.seeds.store import SeedStore
from archiver.urls import host_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """A ledger that was drawn anew."""

    addresses: int
    """Those that a seed has."""
    visits: int
    captures: int
    """All that the archive has."""
    unusable: int
    """Seeds that cannot be read, or name a broken address."""
    unreadable: int
    """Captures that would be visits and cannot be read; each was reported."""
    aside: Path | None
    """Where the ledger is that was there before; None when there was none."""
    damage: LedgerDamaged | None
    """What was wrong with that one; None when it was whole."""


def rebuild_ledger(archive: Archive, settings: Settings, rules: Sequence[SiteRules], now: datetime) -> RebuildReport:
    """Draw the ledger of an archive anew from its captures, for the seeds in SEEDS_DIR, and ask nobody.

    An old ledger is put aside; from one that is whole the visits are kept that no capture tells of, and the addresses
    that no seed has any more. All of it happens or nothing. Only for who holds the archive's lock. Raises SettingsError
    or LedgerError.
    """
    options = RunSettings.read(settings)
    store = SeedStore.open(options.seeds, files=options.seed_files)
    archive.refresh()
    unusable = 0

    def refused(result: Result) -> None:
        nonlocal unusable
        unusable += result.outcome is Outcome.MISSED

    with renew_ledger(archive.folder / LEDGER, now) as renewal, extraction_ahead(options, rules) as extract:
        ledger = renewal.ledger
        ledger.follow(scan(store, options, ScanCallbacks(refused)), now)
        repeated = map(int, settings.getlist("RETRY_HTTP_CODES"))
        with RedirectChains(archive, repeated=repeated, redirects=settings.getint("REDIRECT_MAX_TIMES")) as chains:
            chains.collect(ledger.addresses())
            decisions, watch = DecisionFile(options.seeds).read(), YieldWatch(ledger)
            rebuild = _Rebuild(ledger, archive, chains, store, options, settings, extract, decisions, watch)
            visits = ledger.rebuild(rebuild.entries(renewal.old), now)
        addresses = ledger.summary(now).addresses
        captures = archive.ask(len)
    unreadable = chains.unreadable + rebuild.unreadable
    return RebuildReport(addresses, visits, captures, unusable, unreadable, renewal.aside, renewal.damage)


@dataclass(frozen=True, slots=True)
class _ChainPage:
    """A chain of redirects with the page that it led to."""

    chain: RedirectChain
    capture: Capture | None
    """None where nothing was sent, or where it cannot be read."""
    payload: str | None


@dataclass(slots=True)
class _Rebuild:
    """Tells the visits, one at a time, to a ledger that has taken in those before."""

    _ledger: Ledger
    _archive: Archive
    _journeys: RedirectChains
    _store: SeedStore
    _options: RunSettings
    _settings: Settings
    _extract: ExtractionAhead
    _decisions: Decisions
    _watch: YieldWatch
    _runs: dict[str, int] = field(default_factory=dict)
    """Numbers of the runs that captures are of, below those of all runs to come."""
    unreadable: int = 0

    def entries(self, old: Ledger | None) -> Iterator[VisitWrite]:
        """The visits in time; with those of an old ledger that no capture tells of."""
        untold: Iterable[tuple[datetime, VisitWrite]] = old.uncaptured_visits() if old is not None else ()
        seen = ((page.chain.at, page) for page in self._read_ahead())
        sources: tuple[Iterable[tuple[datetime, _ChainPage | VisitWrite]], ...] = seen, untold
        for _, told in heapq.merge(*sources, key=itemgetter(0)):
            entry = self._entry(told) if isinstance(told, _ChainPage) else told
            if isinstance(told, _ChainPage) and told.capture is not None:
                self._extract.forget(told.capture)
            if entry is not None:
                yield entry

    def _read_ahead(self) -> Iterator[_ChainPage]:
        """The chains in time, each with its page; while one is dealt with the next ones are extracted."""
        waiting: deque[_ChainPage] = deque()
        for chain in self._journeys.in_time():
            capture = None if chain.capture.status == NOT_MODIFIED else self._capture(chain)
            payload = None if capture is None else capture.reference().sha256
            last = next((page.payload for page in reversed(waiting) if page.chain.url == chain.url), None)
            if last is None and (success := self._ledger.last_success(chain.url)) is not None:
                last = success.payload
            if capture is not None and not capture.is_cut and payload != last:
                self._extract.begin(capture)
            waiting.append(_ChainPage(chain, capture, payload))
            if len(waiting) > self._extract.ahead:
                yield waiting.popleft()
        yield from waiting

    def _entry(self, page: _ChainPage) -> VisitWrite | None:
        chain, capture = page.chain, page.capture
        before = self._ledger.last_success(chain.url)
        if chain.capture.status == NOT_MODIFIED:
            # Without the page that it confirms it says nothing.
            return VisitWrite(chain.url, repeat_visit(before, chain.at, NOT_MODIFIED)) if before else None
        if capture is None or capture.is_cut:
            return None  # the run noted an answer that broke off as none
        reference = capture.reference()
        if before is not None and capture.status == 200 and reference.sha256 == before.payload:
            return VisitWrite(chain.url, repeat_visit(before, chain.at, 200))
        extraction = self._extract(capture)
        if (document := self._archive.find_rendering(capture.url, chain.at)) is not None:
            rendered = rendering_of(document, capture)
            capture, extraction = better(capture, extraction, rendered, self._extract(rendered))
            reference = capture.reference()
        outcome = PageOutcome(chain.url, extraction, reference, *validators_of(capture))
        outcome = self._apply_host_facts(self._with_parts(outcome, chain.at), chain)
        drift, finished = self._finished_seeds(outcome)
        visit = replace(visit_record(outcome), drift=drift)
        return VisitWrite(chain.url, visit, finished, self._reading(outcome, chain))

    def _reading(self, outcome: PageOutcome, chain: RedirectChain) -> ReadingWrite | None:
        """What the page yielded; the alarms that the run raised are raised again."""
        reading = page_reading(outcome)
        if reading is None:
            return None
        run = self._runs.setdefault(chain.run, -1 - len(self._runs))
        host, url = host_of(outcome.url), plain_address(outcome.url)
        return self._watch.take(host, url, reading, chain.at, run).write

    def _capture(self, chain: RedirectChain) -> Capture | None:
        """The answer as the crawl saw it; None when it cannot be read (reported)."""
        answer = self._archive.read(chain.capture)
        if answer is not None:
            try:
                capture = decode_response(answer, self._settings)
                return replace(capture, url=chain.answered, requested_url=chain.url, origin="live")
            except CaptureError as error:
                logger.warning("%s", error)
        self.unreadable += 1
        return None

    def _with_parts(self, outcome: PageOutcome, at: datetime) -> PageOutcome:
        """The outcome with the text of all pages of its article, as they were kept at that time."""
        parts = Parts(self._options.max_parts)
        after = parts.begin(0, outcome)
        while isinstance(after, PendingParts):
            try:
                found = self._extract(self._copy(after.request, at))
            except CaptureError as error:
                return parts.after_failure(after, error)
            after = parts.after_page(after, found)
        return after

    def _copy(self, url: str, at: datetime) -> Capture:
        """What was kept of an address, next to a time. Raises CaptureError."""
        answer = next(find_copies(self._archive, url, at), None)
        if answer is None:
            raise NotSaved(f"the archive has no capture of {url}")
        return decode_response(answer, self._settings)

    def _apply_host_facts(self, outcome: PageOutcome, chain: RedirectChain) -> PageOutcome:
        outcome, probe = apply_host_facts(self._ledger, outcome, chain.at)
        if probe is not None:
            # What the run knew: it waited for its probe, and believed the page when there was no answer.
            answer = self._probe(chain)
            if answer is None:
                return outcome
            probed = probe_of(answer)
            self._ledger.keep_probe(host_of(chain.url), probed)
            outcome, _ = apply_host_facts(self._ledger, outcome, max(chain.at, probed.at))
        if needs_probe(outcome.url, visit_record(outcome)):
            bodies = (seed.body for _, seed in self._seeds(outcome.url))
            if is_other_article(outcome.extraction.article, bodies):
                return not_there(outcome, ANOTHER_PAGE)
        return outcome

    def _probe(self, chain: RedirectChain) -> PageOutcome | None:
        probe = self._journeys.probe(chain.run, host_of(chain.url))
        capture = self._capture(probe) if probe is not None else None
        return (
            None if capture is None else PageOutcome(capture.requested_url, self._extract(capture), capture.reference())
        )

    def _finished_seeds(self, outcome: PageOutcome) -> tuple[DriftKind | None, tuple[SeedDone, ...]]:
        """How the seeds differ from the article, and those that it has nothing more to give to."""
        extraction, drift, finished = outcome.extraction, None, []
        if extraction.article is None:
            return None, ()
        policy, keys = self._options.policy.on(extraction.verdict), self._options.keys
        for path, seed in self._seeds(outcome.url):
            answers = Answers.of(self._decisions, path, outcome.url)
            try:
                done = repair(seed, extraction.article, replace(policy, answers=answers), keys)
            except SeedError:
                continue
            except Exception:  # one seed must not cost the ledger
                logger.exception("%s cannot be held against its page", seed.path)
                continue
            drift = drift or done.drift
            if not done.changes:
                finished.append(SeedDone(path, missing(seed, keys, self._options.policy)))
        return drift, tuple(finished)

    def _seeds(self, url: str) -> Iterator[tuple[str, Seed]]:
        for path in self._ledger.seeds(url):
            try:
                yield path, read(self._store.display_path(path), self._store.read(path))
            except SeedError:
                continue  # the scan has counted it
