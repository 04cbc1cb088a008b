"""`scrapy audit`: what is missing or broken in the collection, offline."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from archiver.commands.settings_check import SettingsCheck
from archiver.config.run_settings import RunSettings
from archiver.crawl.frontier import Frontier
from archiver.errors import SeedError, SettingsError
from archiver.extensions.report import escape_control
from archiver.repair.audit import AuditProblem, Problem, find_problems
from archiver.repair.diff import Keys
from archiver.seeds import read
from archiver.seeds.source import origin_url
from archiver.seeds.store import SUFFIXES, SeedStore

_MAX_COLUMNS = 2_000
"""Columns where no terminal reads: longer than any row, so that none is broken. Chosen, not measured."""

EXIT_SOUND, EXIT_NOTHING_RAN, EXIT_FINDINGS = 0, 1, 2


class Command(SettingsCheck, ScrapyCommand):
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
            "List per seed: blank fields, an empty heading or body, no or bad source address, "
            "an address that another seed has, unreadable front matter. "
            "PATH is a seed or a folder (default: SEEDS_DIR). "
            "Exit code: 0 nothing to say, 2 something is missing or broken, 1 nothing could be read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument(
            "--json", action="store_true", help="one JSON object per finding and line, instead of a table"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        try:
            options = RunSettings.read(self.settings)
            stores = [_open_seeds(Path(arg)) for arg in args or [str(options.seeds)]]
        except SettingsError as error:
            print(f"{self.full_name}: {error}.", file=sys.stderr)
            self.exitcode = EXIT_NOTHING_RAN
            return
        audit = _Audit(options.keys)
        found = [finding for store, only in stores for finding in audit.of(store, only)]
        found = sorted([*found, *audit.shared()], key=lambda finding: finding.path)
        if opts.json:
            for finding in found:
                print(json.dumps(asdict(finding), ensure_ascii=False))
        else:
            _show(found, audit.seeds)
        self.exitcode = EXIT_FINDINGS if found else EXIT_SOUND


class _Audit:
    """One pass over seeds."""

    def __init__(self, keys: Keys) -> None:
        self.seeds = 0
        self._keys = keys
        self._addresses = Frontier()
        self._met: set[Path] = set()

    def of(self, store: SeedStore, only: str | None) -> Iterator[AuditProblem]:
        """The findings of each seed by itself; a seed that two arguments name is read once."""
        for path in [only] if only else store.paths():
            shown = store.display_path(path)
            real = Path(shown).resolve()
            if real in self._met:
                continue
            self._met.add(real)
            self.seeds += 1
            try:
                seed = read(shown, store.read(path))
            except SeedError as error:
                yield AuditProblem(shown, Problem.UNREADABLE, None, str(error))
                continue
            found = list(find_problems(seed, self._keys))
            if not {Problem.NO_SOURCE, Problem.BAD_SOURCE} & {finding.problem for finding in found}:
                self._addresses.add(shown, origin_url(seed, self._keys["source"]))
            yield from found

    def shared(self) -> Iterator[AuditProblem]:
        """The seeds whose address an earlier seed has, once all are read."""
        for path, first in self._addresses.shared():
            yield AuditProblem(path, Problem.SAME_SOURCE, None, f"It has the same address as {first}.")


def _open_seeds(path: Path) -> tuple[SeedStore, str | None]:
    if not path.exists():
        raise SettingsError(f"{path} does not exist; name a seed or a folder of seeds")
    if path.is_dir():
        return SeedStore.open(path), None
    if not path.name.lower().endswith(SUFFIXES):
        raise SettingsError(
            f"{path} is not named like a seed ({', '.join(SUFFIXES)}); name a seed or a folder of seeds"
        )
    return SeedStore.open(path.parent), path.name


def _show(found: list[AuditProblem], seeds: int) -> None:
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
    console.print(f"{seeds} seeds read, {broken} with something missing or broken", style="bold")


def _as_line(found: list[AuditProblem]) -> str:
    """The findings of one seed in one line: the blank fields together, then a sentence for each of the others."""
    blank = [finding.field for finding in found if finding.field]
    others = [finding.detail.removeprefix(f"{finding.path}: ") for finding in found if not finding.field]
    return " ".join([*([f"Blank: {', '.join(blank)}."] if blank else []), *others])
