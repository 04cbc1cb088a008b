"""One pass over seeds: what is missing or broken in each, and in all of them together."""

from __future__ import annotations

import os
from functools import cache

from archiver.config.run_settings import RunSettings
from archiver.crawl.audit.findings import Findings
from archiver.crawl.audit.notes import SeedNote, SeedNotes
from archiver.crawl.pictures.dead_images import find_dead_images
from archiver.decisions import DecisionFile
from archiver.errors import SeedError, SeedSkipped
from archiver.ledger import LedgerReader
from archiver.repair.audit import AuditProblem, Problem, find_problems_beside
from archiver.repair.build_problems import find_build_problems, shapes_of
from archiver.seeds import Seed, read
from archiver.seeds.source import origin_url
from archiver.seeds.store import SeedStore
from archiver.seeds.walk import FoundSeed
from archiver.urls import page_key


class Audit:
    """Takes in folders and single seeds, one after the other."""

    def __init__(
        self, options: RunSettings, ledger: LedgerReader | None, notes: SeedNotes | None, *, is_single: bool
    ) -> None:
        """`ledger` knows the pictures, None where these are not asked for; `notes` what was read before.

        `is_single` says that one folder is taken in and nothing else.
        """
        self.seeds = 0
        self.findings = Findings()
        self._ledger = ledger
        self._notes = notes
        self._options = options
        self._is_single = is_single
        self._met: set[str] = set()
        """The real paths of what was taken in; of a single folder, which has each once, those that links led to."""
        self._decisions = DecisionFile(options.seeds).read()
        self._displaced = set(self._decisions.displaced_urls)

    def take(self, store: SeedStore, only: str | None) -> None:
        """Take in the seeds of a folder, or one of them; a seed that two arguments name is read once."""
        found = [FoundSeed(only, None)] if only else store.found()
        for one in found:
            if self._options.selection.has_path(one.path) and not self._is_met(store, one):
                self._take_seed(store, one)
        if self._notes is not None:
            self._notes.forget_gone(self.seeds)

    def _is_met(self, store: SeedStore, found: FoundSeed) -> bool:
        if self._is_single and found.entry is not None and not found.entry.is_symlink():
            return bool(self._met) and os.path.join(self._root(store), found.path) in self._met  # noqa: PTH118  (speed)
        # Unlike `Path.resolve`, this takes a link to itself for what it is.
        real = os.path.realpath(store.root / found.path)
        root = self._root(store)
        is_met = real in self._met
        if self._is_single and real.startswith(f"{root}/"):
            is_met = is_met or self.findings.has_seed(store.display_path(real.removeprefix(f"{root}/")))
        self._met.add(real)
        return is_met

    @cache  # noqa: B019  (an audit lives as long as its command)
    def _root(self, store: SeedStore) -> str:
        return os.path.realpath(store.root)

    def _take_seed(self, store: SeedStore, found: FoundSeed) -> None:
        shown = store.display_path(found.path)
        note = self._notes.find(found.path, found.stamp, shown) if self._notes is not None else None
        if note is None:
            note = self._read(store, found.path, shown)
        if note is None:
            return
        self._displaced.discard(note.url or "")
        self.seeds += 1
        self.findings.add(shown, note)

    def _read(self, store: SeedStore, path: str, shown: str) -> SeedNote | None:
        """What is found of one seed; None where the selection leaves it out."""
        selection, keys, site_hosts = self._options.selection, self._options.keys, self._options.site_hosts
        seed: Seed | None = None
        url: str | None = None
        fault: SeedError | None = None
        stamp: bytes | None = None
        try:
            content, stamp = store.read_stamped(path)
            seed = read(shown, content)
            url = origin_url(seed, keys["source"], site_hosts)
        except SeedError as error:
            fault = error
        self._displaced.discard(url or "")
        if not selection.takes(seed, url, keys):
            return None
        if seed is None:
            kind = Problem.NO_FRONT_MATTER if isinstance(fault, SeedSkipped) else Problem.UNREADABLE
            note = SeedNote(None, None, {}, (AuditProblem(shown, kind, None, str(fault)),))
        else:
            problems = [*find_problems_beside(fault, seed, keys, self._options.policy)]
            problems += find_build_problems(seed, keys, self._options.site_builder)
            if self._ledger is not None:
                problems += find_dead_images(seed, keys, self._options.seeds, self._ledger)
            page = page_key(url) if url is not None else None
            note = SeedNote(url, page, shapes_of(seed, keys), tuple(problems))
        if self._notes is not None:
            self._notes.keep(path, stamp, note)
        return note

    def take_decisions(self) -> None:
        """Take in the lines of no use in the file of decisions; those of gone seeds only when all seeds were read."""
        gone = () if self._options.selection.only else self._decisions.gone(self._displaced)
        for problem in (*self._decisions.problems, *gone):
            detail = f"Line {problem.line}: {problem.what}."
            self.findings.add_problems([AuditProblem(str(problem.file), Problem.BAD_DECISION, None, detail)])
