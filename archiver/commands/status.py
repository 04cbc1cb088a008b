"""`scrapy status`: the whole collection in one table."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand

from archiver.commands.settings_check import SettingsCheck
from archiver.config.run_settings import RunSettings
from archiver.errors import ArchiverError, SeedError
from archiver.ledger import LedgerReader, Summary
from archiver.ledger.state import State
from archiver.program import program_name
from archiver.repair.audit import Problem, find_problems, missing
from archiver.seeds import read
from archiver.seeds.source import origin_url
from archiver.seeds.store import SeedStore

EXIT_COMPLETE, EXIT_NOTHING_RAN, EXIT_INCOMPLETE = 0, 1, 2
_TROUBLE = (State.FAILING, State.DEAD, State.BLOCKED)
_UNUSABLE = frozenset({Problem.UNREADABLE, Problem.NO_SOURCE, Problem.BAD_SOURCE})


class Command(SettingsCheck, ScrapyCommand):
    """Reads seeds and the ledger, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Say how the whole collection stands, offline"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Count the seeds: complete, incomplete (by field), by the state of their address, due; and the last run. "
            "Exit code: 0 all complete, and no address dead; 2 something is incomplete, dead or cannot be used; "
            "1 nothing could be read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        now = datetime.now(UTC)
        try:
            options = RunSettings.read(self.settings)
            store = SeedStore.open(options.seeds)
            ledger = LedgerReader.open(options.archive_dir / "ledger.sqlite")
            counts = _count(store, options, ledger)
            summary = ledger.summary(now) if ledger else None
        except ArchiverError as error:
            print(f"{self.full_name}: {str(error).rstrip('.')}.", file=sys.stderr)
            self.exitcode = EXIT_NOTHING_RAN
            return
        report = _report(counts, summary)
        if opts.json:
            print(json.dumps(report, ensure_ascii=False))
        else:
            _show(report)
        lacking = counts["seeds"] - counts["complete"] + counts[State.DEAD]
        self.exitcode = EXIT_INCOMPLETE if lacking else EXIT_COMPLETE


def _count(store: SeedStore, options: RunSettings, ledger: LedgerReader | None) -> Counter[str]:
    """Seeds by what they lack (`field:…`) and by the state of their address."""
    counts: Counter[str] = Counter()
    for path in store.paths():
        counts["seeds"] += 1
        try:
            seed = read(store.display_path(path), store.read(path))
        except SeedError:
            counts["unusable"] += 1
            continue
        found = list(find_problems(seed, options.keys))
        if _UNUSABLE & {finding.problem for finding in found}:
            counts["unusable"] += 1
            continue
        counts["incomplete" if found else "complete"] += 1
        for name in missing(seed, options.keys):
            counts[f"field:{name}"] += 1
        known = ledger.address(origin_url(seed, options.keys["source"])) if ledger else None
        counts[known.state if known else State.UNKNOWN] += 1
    return counts


def _report(counts: Counter[str], summary: Summary | None) -> dict[str, object]:
    last = summary.last_run if summary else None
    return {
        "seeds": counts["seeds"],
        "complete": counts["complete"],
        "incomplete": counts["incomplete"],
        "missing": {name[6:]: count for name, count in sorted(counts.items()) if name.startswith("field:")},
        "unusable": counts["unusable"],
        "states": {state.value: counts[state] for state in State},
        "due": summary.due if summary else None,
        "next_due": _format_time(summary.next_due) if summary else None,
        "last_run": None if last is None else {
            "command": last.kind, "started": _format_time(last.started), "ended": _format_time(last.ended),
            "complete": last.complete, "visits": last.visits,
        },
    }  # fmt: skip


def _show(report: dict[str, object]) -> None:
    console = Console(highlight=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    missing, states, last = report["missing"], report["states"], report["last_run"]
    assert isinstance(missing, dict)
    assert isinstance(states, dict)
    table.add_row("seeds", str(report["seeds"]), style="bold")
    table.add_row("complete", str(report["complete"]))
    table.add_row("incomplete", str(report["incomplete"]))
    for name, count in missing.items():
        table.add_row(f"  {name}", str(count))
    table.add_row(f"unusable (see {program_name()} audit)", str(report["unusable"]))
    for state, count in states.items():
        if count:
            table.add_row(f"address {state}", str(count), style="yellow" if state in _TROUBLE else None)
    if report["due"] is not None:
        table.add_row("addresses due", str(report["due"]))
    console.print(table)
    if isinstance(last, dict):
        end = "complete" if last["complete"] else "not complete"
        console.print(f"last run: {last['command']}, {last['started']}, {last['visits']} visits, {end}")
    else:
        console.print("nothing was visited yet")


def _format_time(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
