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

from archiver.commands.selection_arguments import SelectionArguments
from archiver.commands.settings_check import SettingsCheck
from archiver.config.run_settings import RunSettings
from archiver.errors import ArchiverError, SeedError, SeedSkipped
from archiver.ledger import LedgerReader, Summary
from archiver.ledger.state import State
from archiver.program import program_name
from archiver.repair.audit import missing
from archiver.repair.review_state import ReviewState
from archiver.seeds import Seed, read
from archiver.seeds.source import origin_url
from archiver.seeds.store import SeedStore
from archiver.text.dates import format_date

EXIT_COMPLETE, EXIT_NOTHING_RAN, EXIT_INCOMPLETE = 0, 1, 2
_TROUBLE = (State.FAILING, State.DEAD, State.BLOCKED)


class Command(SelectionArguments, SettingsCheck, ScrapyCommand):
    """Reads seeds and the ledger, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Say how the whole collection stands, offline"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Count the seeds: complete, incomplete (by field), skipped (copied from no page), by the state of their "
            "address, due; and the last run. "
            "Arguments (-a) take some seeds, as in `scrapy crawl`: only=, missing=, host=, since=. "
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
            options = RunSettings.read(self.settings, self.arguments_of(opts))
            store = SeedStore.open(options.seeds, files=options.seed_files)
            store.check_not_empty()
            ledger = LedgerReader.open(options.archive_dir / "ledger.sqlite")
            reviews = ReviewState(options.seeds, options.archive_dir, options.keys)
            counts = _count(store, options, ledger, reviews)
            if not counts["seeds"]:
                raise options.selection.no_match(str(store.root))
            summary = ledger.summary(now) if ledger else None
        except ArchiverError as error:
            print(f"{self.full_name}: {str(error).rstrip('.')}.", file=sys.stderr)
            self.exitcode = EXIT_NOTHING_RAN
            return
        if reviews.problem is not None:
            print(f"{self.full_name}: {reviews.problem}.", file=sys.stderr)
        report = _report(counts, summary, whole=options.selection.is_everything)
        if opts.json:
            print(json.dumps(report, ensure_ascii=False))
        else:
            _show(report)
        lacking = counts["incomplete"] + counts["unusable"] + counts[State.DEAD]
        self.exitcode = EXIT_INCOMPLETE if lacking else EXIT_COMPLETE


def _count(store: SeedStore, options: RunSettings, ledger: LedgerReader | None, reviews: ReviewState) -> Counter[str]:
    """Seeds by what they lack (`field:…`) and by the state of their address; fields that wait or were refused."""
    counts: Counter[str] = Counter()
    selection = options.selection
    for path in filter(selection.has_path, store.paths()):
        seed: Seed | None = None
        try:
            seed = read(store.display_path(path), store.read(path))
            url = origin_url(seed, options.keys["source"], options.site_hosts)
        except SeedError as error:
            if selection.takes(seed, None, options.keys):
                counts["seeds"] += 1
                counts["skipped" if isinstance(error, SeedSkipped) else "unusable"] += 1
            continue
        if not selection.takes(seed, url, options.keys):
            continue
        counts["seeds"] += 1
        lacks = missing(seed, options.keys, options.policy)
        counts["incomplete" if lacks else "complete"] += 1
        for name in lacks:
            counts[f"field:{name}"] += 1
        counts["waiting"] += len(reviews.waiting(path, url, seed))
        counts["refused"] += len(reviews.refused(path, url))
        known = ledger.address(url) if ledger else None
        counts[known.state if known else State.UNKNOWN] += 1
    return counts


def _report(counts: Counter[str], summary: Summary | None, *, whole: bool) -> dict[str, object]:
    """What is printed; what is due the ledger knows of the whole collection only."""
    last = summary.last_run if summary else None
    return {
        "seeds": counts["seeds"],
        "complete": counts["complete"],
        "incomplete": counts["incomplete"],
        "missing": {name[6:]: count for name, count in sorted(counts.items()) if name.startswith("field:")},
        "waiting": counts["waiting"],
        "refused": counts["refused"],
        "unusable": counts["unusable"],
        "skipped": counts["skipped"],
        "states": {state.value: counts[state] for state in State},
        "due": summary.due if summary and whole else None,
        "next_due": _format_time(summary.next_due) if summary and whole else None,
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
    for name, said in (("waiting", "values that wait for a person"), ("refused", "values that people refused")):
        if report[name]:
            table.add_row(said, str(report[name]))
    table.add_row(f"unusable (see {program_name()} audit)", str(report["unusable"]))
    if report["skipped"]:
        table.add_row("skipped: no source", str(report["skipped"]))
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
    return None if at is None else format_date(at)
