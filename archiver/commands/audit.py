"""`scrapy audit`: what is missing or broken in the collection, offline."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain, groupby, islice
from pathlib import Path

from rich.cells import set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from archiver.commands.base.selection_arguments import SelectionArguments
from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.meaning import meaning_digest
from archiver.config.run_settings import RunSettings
from archiver.crawl.audit.audit import Audit
from archiver.crawl.audit.notes import SeedNotes
from archiver.errors import LedgerError, SettingsError
from archiver.ledger import LEDGER, LedgerReader
from archiver.repair.audit import SKIPPED, AuditProblem, Problem
from archiver.seeds.store import SeedStore
from archiver.text.control_characters import escape_control, json_text

_BATCH_ROWS = 500
"""Rows that are laid out together for a terminal; fewer cost time, more memory. No measurement is on record."""

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
            ledger = _open_ledger(options) if opts.images else None
            # Pictures change without the seed, and a selection by need asks the seed itself.
            remembers = not args and ledger is None and not options.selection.needs_seed
            with contextlib.ExitStack() as held:
                meaning = meaning_digest(options, options.seeds, options.site_builder)
                notes = held.enter_context(SeedNotes.open(options.archive_dir, meaning)) if remembers else None
                is_single = len(stores) == 1 and stores[0][1] is None
                audit = Audit(options, ledger, notes, is_single=is_single)
                held.callback(audit.findings.close)
                for store, only in stores:
                    audit.take(store, only)
                if not args:
                    audit.take_decisions()
                if not audit.seeds:
                    raise options.selection.no_match(", ".join(named))
                audit.findings.add_shared()
                self.exitcode = _tell(audit, as_json=opts.json)
        except (SettingsError, LedgerError) as error:
            print(f"{self.full_name}: {str(error).rstrip('.')}.", file=sys.stderr)
            self.exitcode = EXIT_NOTHING_RAN


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


def _tell(audit: Audit, *, as_json: bool) -> int:
    """Show what was found; the exit code."""
    findings = audit.findings
    broken = findings.count_paths(set(Problem) - SKIPPED)
    if as_json:
        for finding in findings.in_order():
            print(json_text(asdict(finding)))
    else:
        faults = (finding for finding in findings.in_order() if finding.problem not in SKIPPED)
        groups = ((path, list(group)) for path, group in groupby(faults, key=lambda finding: finding.path))
        if broken:
            _show((_as_row(path, group) for path, group in groups), findings.longest_path(set(Problem) - SKIPPED))
        skipped = findings.count_paths(SKIPPED)
        Console(highlight=False).print(
            f"{audit.seeds} seeds read, {broken} with something missing or broken"
            + (f", {skipped} skipped: no source (--json names them)" if skipped else ""),
            style="bold", soft_wrap=True,
        )  # fmt: skip
    return EXIT_FINDINGS if broken else EXIT_SOUND


def _show(rows: Iterator[tuple[str, str]], columns: int) -> None:
    """Print a table as its rows come; the paths take so many columns at most."""
    head = ("seed", "what is missing or broken")
    console = Console(highlight=False)
    if not console.is_terminal:
        columns = max(columns, len(head[0]))
        for path, said in chain([head], rows):
            print(f"{set_cell_size(path, columns)}  {said}")  # whoever reads a pipe wants one line per seed
        return
    columns = min(max(columns, len(head[0])), console.width // 2)
    shows_head = True
    while batch := list(islice(rows, _BATCH_ROWS)):
        table = Table(box=None, pad_edge=False, header_style="bold", show_header=shows_head)
        table.add_column(head[0], overflow="fold", width=columns)
        table.add_column(head[1])
        for path, said in batch:
            table.add_row(Text(path), Text(said))
        console.print(table)
        shows_head = False


def _as_row(path: str, found: list[AuditProblem]) -> tuple[str, str]:
    return escape_control(path), escape_control(_as_line(found))


def _as_line(found: list[AuditProblem]) -> str:
    """The findings of one seed in one line: the blank fields together, then a sentence for each of the others."""
    blank = [finding.field for finding in found if finding.field and finding.problem is Problem.BLANK]
    others = [
        finding.detail.removeprefix(f"{finding.path}: ") for finding in found if finding.problem is not Problem.BLANK
    ]
    return " ".join([*([f"Blank: {', '.join(blank)}."] if blank else []), *others])
