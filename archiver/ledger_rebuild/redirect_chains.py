"""Which captures of an archive are the answers to which requests of its runs.

A run asks for an address, perhaps several times until the host is able to answer, follows redirects, and has one answer
in the end. Its captures are all of these in the order in which they came.

    address ─▶ 503 ─again─▶ 302 ─followed─▶ 200        three captures, one chain
"""

from __future__ import annotations

import pickle
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from types import TracebackType
from typing import Any, Self

from w3lib.url import safe_url_string

from archiver.archive.archive import Archive
from archiver.archive.lookup import target_of
from archiver.archive.upkeep.merged import OriginalNames
from archiver.archive.writer import COPIED
from archiver.ledger.soft404 import needs_probe, probe_address
from archiver.ledger.state import VisitRecord
from archiver.models import CdxEntry, Verdict
from archiver.urls import REDIRECTS, host_of

_MAX_STEP_TIME = timedelta(hours=1)
"""Time from a redirect, or from an answer that is asked for again, to the next request: a host may want a minute
between any two, and others wait for it too. With less a late step is lost from its chain, with more the answer to a
later question is taken for one. Chosen, not measured."""
_MAX_CAPTURES = 100
"""Captures of one address behind a redirect, of which one is its step; with fewer it may be missed, more cost time. No
measurement is on record."""
_RUN = re.compile(r"archiver-\d{8}T\d{6}Z-\d{5}-([0-9a-f]{8})\.warc\.gz")
"""The name of a file that a run of ours has written; all files of a run end alike."""


@dataclass(frozen=True, slots=True)
class RedirectChain:
    """One request for an address, and the answer that it came to."""

    url: str
    """As it was named to `RedirectChains.collect`."""
    answered: str
    """The address that answered, after redirects."""
    capture: CdxEntry
    """The answer."""
    run: str
    """What all captures of one run have in common; the file, where another program has written it."""

    @property
    def at(self) -> datetime:
        """When the answer came."""
        return self.capture.captured_at


class RedirectChains:
    """The redirect chains of some addresses, in a private temporary database that spills to disk.

    A redirect whose target has no capture in the same run came to nothing that is known, and is no chain.
    """

    def __init__(self, archive: Archive, *, repeated: Iterable[int], redirects: int) -> None:
        """`repeated` are the statuses after which a run asks again; of `redirects` a run follows so many at most."""
        self._archive = archive
        self._names = OriginalNames(archive.warcs)
        self._repeated = frozenset(repeated)
        self._redirects = redirects
        self.unreadable = 0
        """Redirects that cannot be read; each was reported."""
        # "" is SQLite's name for a temporary database on disk.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript("""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;
            CREATE TABLE address (url TEXT NOT NULL);
            CREATE TABLE step (file TEXT, offset INTEGER, PRIMARY KEY (file, offset)) WITHOUT ROWID;
            CREATE TABLE goal (file TEXT, offset INTEGER, found BLOB, PRIMARY KEY (file, offset)) WITHOUT ROWID;
            CREATE TABLE chain (at REAL NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL, found BLOB NOT NULL);
            CREATE TABLE probe (run TEXT, host TEXT, found BLOB NOT NULL, PRIMARY KEY (run, host)) WITHOUT ROWID;
        """)

    def collect(self, addresses: Iterable[str]) -> None:
        """Find all chains of these addresses; each is to be named once."""
        # A capture that a redirect led to is nobody's own, so redirects are followed first.
        for url in addresses:
            captures = self._visits(url)
            if captures:
                self._run("INSERT INTO address VALUES (?)", url)
            for capture in captures:
                if capture.status in REDIRECTS and not self._is_step(capture):
                    self._goal(capture, safe_url_string(url), self._redirects)
        for (url,) in self._database.execute("SELECT url FROM address"):
            for capture in self._first_requests(url):
                chain = self._chain(url, capture)
                if chain is not None:
                    place = chain.at.timestamp(), chain.capture.file, chain.capture.offset
                    self._run("INSERT INTO chain VALUES (?, ?, ?, ?)", *place, pickle.dumps(chain))
                    self._look_for_probe(chain)

    def in_time(self) -> Iterator[RedirectChain]:
        """All chains in the order in which their answers came."""
        for (found,) in self._database.execute("SELECT found FROM chain ORDER BY at, file, offset"):
            yield _unpickle(found)

    def probe(self, run: str, host: str) -> RedirectChain | None:
        """The request of a run for an address that cannot exist on a host; None when it made none."""
        row = self._database.execute("SELECT found FROM probe WHERE run = ? AND host = ?", (run, host)).fetchone()
        found: RedirectChain | None = _unpickle(row[0]) if row else None
        return found

    def close(self) -> None:
        """Drop the database; its file vanishes."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _first_requests(self, url: str) -> Iterator[CdxEntry]:
        """The captures of an address that were asked for by itself, without those that were asked for again."""
        by_run: defaultdict[str, list[CdxEntry]] = defaultdict(list)
        for capture in self._visits(url):
            if not self._is_step(capture):
                by_run[self._run_of(capture)].append(capture)
        for captures in by_run.values():
            if _RUN.fullmatch(self._name(captures[-1])):
                yield captures[-1]  # our runs have one answer of each address
                continue
            for capture, after in zip_longest(captures, captures[1:]):
                if not self._is_repeated(capture, after):
                    yield capture

    def _visits(self, url: str) -> list[CdxEntry]:
        """The captures of an address, without what others recorded of it."""
        return [capture for capture in self._archive.captures(url) if not self._name(capture).startswith(f"{COPIED}-")]

    def _is_repeated(self, capture: CdxEntry, after: CdxEntry | None) -> bool:
        if after is None or capture.status not in self._repeated:
            return False
        return after.captured_at - capture.captured_at <= _MAX_STEP_TIME

    def _chain(self, url: str, capture: CdxEntry) -> RedirectChain | None:
        goal = self._goal(capture, safe_url_string(url), self._redirects)
        return None if goal is None else RedirectChain(url, *goal, self._run_of(goal[1]))

    def _look_for_probe(self, chain: RedirectChain) -> None:
        if not needs_probe(chain.url, VisitRecord(chain.at, Verdict.ARTICLE, target=chain.answered)):
            return
        host = host_of(chain.url)
        for at in (chain.at, chain.at + _MAX_STEP_TIME):  # its address says the day
            url = probe_address(chain.url, at)
            for capture in self._archive.captures(url):
                probe = self._chain(url, capture) if self._run_of(capture) == chain.run else None
                if probe is not None:
                    self._run("INSERT OR REPLACE INTO probe VALUES (?, ?, ?)", chain.run, host, pickle.dumps(probe))

    # ---- Redirects --------------------------------------------------------------------------------------------------

    def _goal(self, capture: CdxEntry, url: str, hops: int) -> tuple[str, CdxEntry] | None:
        """The address that answered in the end, and its answer; None where that is not known."""
        if capture.status not in REDIRECTS:
            return url, capture
        row = self._database.execute(
            "SELECT found FROM goal WHERE file = ? AND offset = ?", (capture.file, capture.offset)
        ).fetchone()
        if row is not None:
            known: tuple[str, CdxEntry] | None = _unpickle(row[0])
            return known
        goal = self._follow(capture, url, hops)
        self._run("INSERT INTO goal VALUES (?, ?, ?)", capture.file, capture.offset, pickle.dumps(goal))
        return goal

    def _follow(self, capture: CdxEntry, url: str, hops: int) -> tuple[str, CdxEntry] | None:
        answer = self._archive.read(capture)
        if answer is None:
            self.unreadable += 1
            return None
        target = target_of(answer, url)
        if target is None:
            return url, capture
        step = self._step(capture, target) if hops else None
        return None if step is None else self._goal(step, target, hops - 1)

    def _step(self, redirect: CdxEntry, target: str) -> CdxEntry | None:
        """The answer to the request that followed a redirect. It, and what was asked for again, are steps now."""
        since, until = redirect.captured_at, redirect.captured_at + _MAX_STEP_TIME
        later = [
            capture
            for capture in self._archive.ask(lambda index: index.following(target, since, until, _MAX_CAPTURES))
            if self._run_of(capture) == self._run_of(redirect) and _order(capture) > _order(redirect)
        ]
        # Where there are too few for all, as in files of other programs, one has served for several.
        free = [capture for capture in later if not self._is_step(capture)] or later
        for capture, after in zip_longest(free, free[1:]):
            self._run("INSERT OR IGNORE INTO step VALUES (?, ?)", capture.file, capture.offset)
            if not self._is_repeated(capture, after):
                return capture
        return None

    def _is_step(self, capture: CdxEntry) -> bool:
        place = capture.file, capture.offset
        found = self._database.execute("SELECT 1 FROM step WHERE file = ? AND offset = ?", place).fetchone()
        return found is not None

    def _name(self, capture: CdxEntry) -> str:
        """The file that a capture was written to."""
        return self._names.of(capture).rpartition("/")[2]

    def _run_of(self, capture: CdxEntry) -> str:
        match = _RUN.fullmatch(self._name(capture))
        return match[1] if match else self._names.of(capture)

    def _run(self, statement: str, *values: object) -> None:
        self._database.execute(statement, values)


def _unpickle(found: bytes) -> Any:
    return pickle.loads(found)  # noqa: S301  (from the private database)


def _order(capture: CdxEntry) -> tuple[datetime, str, int]:
    return capture.captured_at, capture.file, capture.offset
