"""`scrapy status`: the whole collection in one table."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand

from archiver.commands.base.selection_arguments import SelectionArguments
from archiver.commands.base.settings_check import SettingsCheck
from archiver.commands.status_views import (
    format_time,
    host_json,
    news_json,
    run_json,
    show_dead_seeds,
    show_hosts,
    show_news,
    show_runs,
)
from archiver.config.run_settings import RunSettings
from archiver.decisions import DecisionFile
from archiver.errors import ArchiveBusy, ArchiverError, SeedError, SeedSkipped, SettingsError
from archiver.files.lock import run_lock
from archiver.ledger import LEDGER, Ledger, LedgerReader, Summary
from archiver.ledger.last_look import LAST_LOOK, LastLook, news_of, read_last_look, refusals_of, write_last_look
from archiver.ledger.state import State
from archiver.program import program_name
from archiver.repair.audit import missing
from archiver.repair.reviews.review_state import ReviewState
from archiver.seeds import Seed, read
from archiver.seeds.source import origin_url
from archiver.seeds.store import SeedStore
from archiver.text.control_characters import json_text
from archiver.urls import host_of

EXIT_COMPLETE, EXIT_NOTHING_RAN, EXIT_INCOMPLETE, EXIT_BUSY = 0, 1, 2, 75
_MAX_SHOWN_RUNS = 5
"""The last runs that are shown; the folder of runs has more. Chosen, not measured."""
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
            "address, due; then the last runs, and the seeds whose address is dead. "
            "Arguments (-a) take some seeds, as in `scrapy crawl`: only=, missing=, host=, since=. "
            "Exit code: 0 all complete, and no address dead; 2 something is incomplete, dead or cannot be used; "
            "with --hosts 2 when a host has an alarm; with --new 2 only for what is new since the last look; "
            "1 nothing could be read; 75 with --clear, another run works on the archive."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
        asked = parser.add_mutually_exclusive_group()
        asked.add_argument("--hosts", action="store_true", help="a row per host, with its alarm")
        asked.add_argument(
            "--new", action="store_true",
            help="what was newly missed, refused, died, moved or raised an alarm since --new was asked last",
        )  # fmt: skip
        asked.add_argument(
            "--clear", metavar="HOST", help="end the alarms of a host: its pages are well as they are now"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        now = datetime.now(UTC)
        try:
            options = RunSettings.read(self.settings, self.arguments_of(opts), with_places=False)
            if opts.clear:
                self.exitcode = _clear(options, opts.clear, now)
                return
            ledger = LedgerReader.open(options.archive_dir / LEDGER)
            try:
                if opts.new:
                    self.exitcode = _tell_news(options, ledger, now, as_json=opts.json)
                else:
                    self.exitcode = self._tell(options, ledger, now, opts)
            finally:
                if ledger is not None:
                    ledger.close()
        except ArchiverError as error:
            print(f"{self.full_name}: {str(error).rstrip('.')}.", file=sys.stderr)
            self.exitcode = EXIT_BUSY if isinstance(error, ArchiveBusy) else EXIT_NOTHING_RAN

    @staticmethod
    def _tell(options: RunSettings, ledger: LedgerReader | None, now: datetime, opts: argparse.Namespace) -> int:
        store = SeedStore.open(options.seeds, files=options.seed_files)
        store.check_not_empty()
        reviews = ReviewState(options.seeds, options.archive_dir, options.keys)
        seen = _count(store, options, ledger, reviews)
        if reviews.problem is not None:
            print(f"{program_name()} status: {reviews.problem}.", file=sys.stderr)
        if not seen.counts["seeds"]:
            raise options.selection.no_match(str(store.root))
        if opts.hosts:
            return _tell_hosts(options, ledger, seen, now, as_json=opts.json)
        summary = ledger.summary(now) if ledger else None
        runs = [run_json(run) for run in ledger.runs(_MAX_SHOWN_RUNS)] if ledger else []
        report = _report(seen.counts, summary, whole=options.selection.is_everything)
        report |= {"runs": runs, "dead": seen.dead}
        if opts.json:
            print(json_text(report))
        else:
            _show(report)
            if len(runs) > 1:
                show_runs(runs)
            if seen.dead:
                show_dead_seeds(seen.dead)
        lacking = seen.counts["incomplete"] + seen.counts["unusable"] + seen.counts[State.DEAD]
        return EXIT_INCOMPLETE if lacking else EXIT_COMPLETE


def _clear(options: RunSettings, host: str, now: datetime) -> int:
    """End the alarms of a host."""
    file = options.archive_dir / LEDGER
    if not file.exists():
        raise SettingsError(f"{file} is not there, so no host has an alarm")
    with run_lock(options.archive_dir, now):
        ledger = Ledger.open(file)
        try:
            alarms = ledger.alarms()
            if host not in {alarm.host for alarm in alarms}:
                known = ", ".join(sorted({alarm.host for alarm in alarms})) or "no host"
                raise SettingsError(f"{host} has no alarm; {known} has")
            ledger.clear_alarms(host, now)
        finally:
            ledger.close()
    print(f"{host}: its alarms have ended; its pages are measured from now on by how they are now")
    return EXIT_COMPLETE


def _tell_hosts(options: RunSettings, ledger: LedgerReader | None, seen: _Seen, now: datetime, *, as_json: bool) -> int:
    """Show a row per host of the seeds that are asked for."""
    hosts = ledger.hosts(now) if ledger else []
    if not options.selection.is_everything:
        hosts = [host for host in hosts if host.host in seen.hosts]
    if as_json:
        print(json_text({"hosts": [host_json(host) for host in hosts]}))
    else:
        show_hosts(hosts)
    return EXIT_INCOMPLETE if any(host.alarms for host in hosts) else EXIT_COMPLETE


def _tell_news(options: RunSettings, ledger: LedgerReader | None, now: datetime, *, as_json: bool) -> int:
    """Show what is new since the last look, and remember this one."""
    if not options.selection.is_everything:
        raise SettingsError("--new is about the whole collection; leave -a out")
    file = options.archive_dir / LAST_LOOK
    before = read_last_look(file)
    found = [*(news_of(ledger) if ledger else ()), *refusals_of(DecisionFile(options.seeds).read())]
    news = [one for one in found if before.is_new(one)]
    if as_json:
        said = {"last_look": format_time(before.at), "new": [news_json(one) for one in news]}
        print(json_text(said))
    else:
        show_news(news, before.at)
    if found or ledger is not None:
        write_last_look(file, LastLook(now, frozenset(one.key for one in found)))
    return EXIT_INCOMPLETE if news else EXIT_COMPLETE


@dataclass(frozen=True, slots=True)
class _Seen:
    """The seeds that are asked for."""

    counts: Counter[str]
    """By what they lack (`field:…`) and by the state of their address; values that wait or were refused."""
    hosts: frozenset[str]
    dead: list[dict[str, object]]
    """Those whose address is given up, by path."""


def _count(store: SeedStore, options: RunSettings, ledger: LedgerReader | None, reviews: ReviewState) -> _Seen:
    counts: Counter[str] = Counter()
    hosts: set[str] = set()
    dead: list[dict[str, object]] = []
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
        hosts.add(host_of(url))
        if known is not None and known.state is State.DEAD:
            dead.append({"path": path, "address": url, "since": format_time(known.since)})
    return _Seen(counts, frozenset(hosts), dead)


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
        "next_due": format_time(summary.next_due) if summary and whole else None,
        "last_run": None if last is None else {
            "command": last.kind, "started": format_time(last.started), "ended": format_time(last.ended),
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
