"""`scrapy audit`: what is missing or broken in the collection, offline."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from archiver.commands.selection_arguments import SelectionArguments
from archiver.commands.settings_check import SettingsCheck
from archiver.config.run_settings import RunSettings
from archiver.crawl.frontier import Frontier
from archiver.crawl.pictures.dead_images import find_dead_images
from archiver.decisions import DecisionFile
from archiver.errors import LedgerError, SeedError, SeedSkipped, SettingsError
from archiver.ledger import LEDGER, LedgerReader
from archiver.repair.audit import SKIPPED, AuditProblem, Problem, find_problems
from archiver.repair.build_problems import KeyShapes, find_build_problems
from archiver.seeds import Seed, read
from archiver.seeds.source import origin_url
from archiver.seeds.store import SeedStore
from archiver.text.control_characters import escape_control, json_text
from archiver.urls import page_key

_MAX_COLUMNS = 2_000
"""Columns where no terminal reads: longer than any row, so that none is broken. Chosen, not measured."""

EXIT_SOUND, EXIT_NOTHING_RAN, EXIT_FINDINGS = 0, 1, 2


class Command(SelectionArguments, SettingsCheck, ScrapyCommand):
    """Reads seeds, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options] [PATH ...]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Say what is missing or broken in the seeds, offline"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "List per seed: blank fields, an empty heading or body, a bad source address, "
            "a page that another seed has, unreadable front matter, values of the wrong shape, and what stops the "
            "builder of the site: a blank date in _posts, a date that is none; and lines of no use in the file of "
            "decisions. "
            "Files without front matter, and posts that were copied from no page, are counted; --json names them. "
            "--images names the dead pictures that runs with IMAGES found. "
            "PATH is a seed or a folder (default: SEEDS_DIR). "
            "Arguments (-a) take some seeds, as in `scrapy crawl`: only=, missing=, host=, since=. "
            "Exit code: 0 nothing to say, 2 something is missing or broken, 1 nothing could be read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument(
            "--images",
            action="store_true",
            help="name dead pictures too, as runs with IMAGES=lead or IMAGES=all found them",
        )
        parser.add_argument(
            "--json", action="store_true", help="one JSON object per finding and line, instead of a table"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        try:
            options = RunSettings.read(self.settings, self.arguments_of(opts), with_places=False)
            named = args or [str(options.seeds)]
            stores = [_open_seeds(Path(arg), options) for arg in named]
            audit = _Audit(options, _open_ledger(options) if opts.images else None)
            found = [finding for store, only in stores for finding in audit.of(store, only)]
            decisions = [] if args else list(audit.of_decisions())
            if not audit.seeds:
                raise options.selection.no_match(", ".join(named))
        except (SettingsError, LedgerError) as error:
            print(f"{self.full_name}: {str(error).rstrip('.')}.", file=sys.stderr)
            self.exitcode = EXIT_NOTHING_RAN
            return
        found = sorted([*found, *decisions, *audit.of_all()], key=lambda finding: finding.path)
        faults = [finding for finding in found if finding.problem not in SKIPPED]
        if opts.json:
            for finding in found:
                print(json_text(asdict(finding)))
        else:
            _show(faults, audit.seeds, len({finding.path for finding in found if finding.problem in SKIPPED}))
        self.exitcode = EXIT_FINDINGS if faults else EXIT_SOUND


class _Audit:
    """One pass over seeds."""

    def __init__(self, options: RunSettings, ledger: LedgerReader | None) -> None:
        """`ledger` knows the pictures; None where these are not asked for."""
        self.seeds = 0
        self._ledger = ledger
        self._options = options
        self._addresses = Frontier()
        self._shapes = KeyShapes()
        self._met: set[Path] = set()
        self._decisions = DecisionFile(options.seeds).read()
        self._displaced = set(self._decisions.displaced_urls)

    def of(self, store: SeedStore, only: str | None) -> Iterator[AuditProblem]:
        """The findings of each seed by itself; a seed that two arguments name is read once."""
        for path in filter(self._options.selection.has_path, [only] if only else store.paths()):
            shown = store.display_path(path)
            # Unlike `Path.resolve`, this takes a link to itself for what it is.
            real = Path(os.path.realpath(shown))
            if real in self._met:
                continue
            self._met.add(real)
            yield from self._of_seed(store, path, shown)

    def _of_seed(self, store: SeedStore, path: str, shown: str) -> Iterator[AuditProblem]:
        """The findings of one seed; none where the selection leaves it out."""
        selection, keys, site_hosts = self._options.selection, self._options.keys, self._options.site_hosts
        seed: Seed | None = None
        url: str | None = None
        fault: SeedError | None = None
        try:
            seed = read(shown, store.read(path))
            url = origin_url(seed, keys["source"], site_hosts)
        except SeedError as error:
            fault = error
        self._displaced.discard(url or "")
        if not selection.takes(seed, url, keys):
            return
        self.seeds += 1
        if seed is None:
            kind = Problem.NO_FRONT_MATTER if isinstance(fault, SeedSkipped) else Problem.UNREADABLE
            yield AuditProblem(shown, kind, None, str(fault))
            return
        if url is not None:
            self._addresses.add(shown, page_key(url))
        self._shapes.add(seed, keys)
        yield from find_problems(seed, keys, self._options.policy, site_hosts)
        yield from find_build_problems(seed, keys, self._options.site_builder)
        if self._ledger is not None:
            yield from find_dead_images(seed, keys, self._options.seeds, self._ledger)

    def of_decisions(self) -> Iterator[AuditProblem]:
        """The lines of no use in the file of decisions; those of seeds that are gone only when all seeds were read."""
        gone = () if self._options.selection.only else self._decisions.gone(self._displaced)
        for problem in (*self._decisions.problems, *gone):
            detail = f"Line {problem.line}: {problem.what}."
            yield AuditProblem(str(problem.file), Problem.BAD_DECISION, None, detail)

    def of_all(self) -> Iterator[AuditProblem]:
        """What only the collection shows, once all are read: seeds of one page, and keys of two shapes."""
        for path, first in self._addresses.shared():
            yield AuditProblem(path, Problem.SAME_SOURCE, None, f"It has the same address as {first}.")
        yield from self._shapes.problems()


def _open_ledger(options: RunSettings) -> LedgerReader:
    """The ledger, which knows the pictures. Raises SettingsError where there is none, and LedgerError."""
    file = options.archive_dir / LEDGER
    ledger = LedgerReader.open(file)
    if ledger is None:
        raise SettingsError(
            f"--images tells what runs found, and there is no {file}; crawl with -s IMAGES=all first, or correct "
            "ARCHIVE_DIR"
        )
    return ledger


def _open_seeds(path: Path, options: RunSettings) -> tuple[SeedStore, str | None]:
    """The store of a folder, or that of a seed's folder and its name."""
    if not path.exists():
        raise SettingsError(f"{path} does not exist; name a seed or a folder of seeds")
    if path.is_dir():
        root, real = (Path(os.path.realpath(one)) for one in (options.seeds, path))
        base = real.relative_to(root).parts if real.is_relative_to(root) else ()
        store = SeedStore.open(path, files=replace(options.seed_files, base=base))
        store.check_not_empty()
        return store, None
    if not options.seed_files.is_named(path.name):
        suffixes = ", ".join(options.seed_files.suffixes)
        raise SettingsError(f"{path} is not named like a seed ({suffixes}); name a seed or a folder of seeds")
    return SeedStore.open(path.parent), path.name


def _show(found: list[AuditProblem], seeds: int, skipped: int) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _MAX_COLUMNS  # whoever reads a pipe wants one line per seed
    if found:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("seed", overflow="fold")
        table.add_column("what is missing or broken")
        for path, group in groupby(found, key=lambda finding: finding.path):
            table.add_row(Text(escape_control(path)), Text(escape_control(_as_line(list(group)))))
        console.print(table)
    broken = len({finding.path for finding in found})
    console.print(
        f"{seeds} seeds read, {broken} with something missing or broken"
        + (f", {skipped} skipped: no source (--json names them)" if skipped else ""),
        style="bold",
    )


def _as_line(found: list[AuditProblem]) -> str:
    """The findings of one seed in one line: the blank fields together, then a sentence for each of the others."""
    blank = [finding.field for finding in found if finding.field and finding.problem is Problem.BLANK]
    others = [
        finding.detail.removeprefix(f"{finding.path}: ") for finding in found if finding.problem is not Problem.BLANK
    ]
    return " ".join([*([f"Blank: {', '.join(blank)}."] if blank else []), *others])
