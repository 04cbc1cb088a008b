"""`scrapy history`: the visits of one seed, with what changed."""

from __future__ import annotations

import argparse
import json
import os
import sys
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.run_settings import RunSettings
from archiver.decisions import Answer, DecisionFile, ReviewDecision
from archiver.decisions.review_decision import TAKEN_AWAY
from archiver.errors import ArchiverError, SettingsError
from archiver.ledger import AddressRecord, LedgerReader
from archiver.ledger.state import SUCCESSES, State, VisitRecord, is_changed
from archiver.ledger.yields.readings import PageReading
from archiver.seeds import read
from archiver.seeds.source import origin_url
from archiver.text.control_characters import escape_control, json_text
from archiver.text.dates import format_date

EXIT_DONE, EXIT_NOTHING_RAN, EXIT_MISSED = 0, 1, 2
_BAD = frozenset({State.FAILING, State.DEAD, State.BLOCKED})
_MAX_COLUMNS = 2_000
"""Columns where no terminal reads: longer than any row, so that none is broken. Chosen, not measured."""


class Command(SettingsCheck, ScrapyCommand):
    """Reads the ledger, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options] SEED"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Show the visits of one seed, and what changed"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "SEED is a file, its path below SEEDS_DIR, or an address. "
            "What people decided on its values is named, too. "
            "Exit code: 0 shown, or never visited; 2 the address is failing, dead or blocked; 1 nothing could be read."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object per visit, and per decision, and line")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if len(args) != 1:
            raise UsageError("name one seed or address")
        assert self.settings is not None
        try:
            options = RunSettings.read(self.settings, with_places=False)
            ledger = LedgerReader.open(options.archive_dir / "ledger.sqlite")
            url = _address(args[0], options, ledger)
            decisions = _decisions(args[0], url, options, ledger)
            visits = ledger.visits(url) if ledger else []
            readings = ledger.readings(url) if ledger else []
            known = ledger.address(url) if ledger else None
        except ArchiverError as error:
            print(f"{self.full_name}: {str(error).rstrip('.')}.", file=sys.stderr)
            self.exitcode = EXIT_NOTHING_RAN
            return
        rows = list(zip(visits, _changes(visits), strict=True))
        if opts.json:
            for (visit, change), reading in zip(rows, readings, strict=True):
                print(json_text(_plain(visit, change) | _yield(reading)))
            for said in decisions:
                print(json_text({"decision": json.loads(said.to_line())}))
        else:
            _show(url, rows, known)
            for said in decisions:
                print(escape_control(_describe(said)))
        self.exitcode = EXIT_MISSED if known and known.state in _BAD else EXIT_DONE


def _address(named: str, options: RunSettings, ledger: LedgerReader | None) -> str:
    """The address of what was named. Raises SettingsError or SeedError."""
    if named.lower().startswith(("http://", "https://")):
        return named
    for file in (Path(named), options.seeds / named):
        if file.is_file():
            try:
                return origin_url(read(str(file), file.read_bytes()), options.keys["source"], options.site_hosts)
            except OSError as error:
                raise SettingsError(f"{file} cannot be read ({(error.strerror or '').lower()})") from None
    url = ledger.address_of(named) if ledger else None
    if url is None:
        raise SettingsError(f"{named} is neither a seed nor an address; name a file, or an http or https address")
    return url


def _decisions(named: str, url: str, options: RunSettings, ledger: LedgerReader | None) -> list[ReviewDecision]:
    """What people said of the seeds that were named. Raises DecisionsError."""
    decisions = DecisionFile(options.seeds).read()
    file = next((file for file in (Path(named), options.seeds / named) if file.is_file()), None)
    known = ledger.seeds(url) if ledger and file is None else []
    paths = known if file is None else [os.path.relpath(file, options.seeds)]
    said = [said for path in paths or [""] for said in decisions.of_seed(path, url)]
    return list(dict.fromkeys(said))


def _describe(said: ReviewDecision) -> str:
    """One line."""
    match said.answer:
        case Answer.KEEP:
            what = "is left as it is, since it was taken away" if said.why == TAKEN_AWAY else "is left as it is"
        case Answer.VALUE:
            what = f"should be {said.value!r}"
        case Answer.OPEN:
            return f"{said.path}: {said.field} is open again ({format_date(said.at)})"
        case _:
            what = "was accepted"
    return f"{said.path}: {said.field} {what} ({format_date(said.at)}), until the page offers something else"


def _changes(visits: list[VisitRecord]) -> list[str]:
    """What each visit found to be different from the one before."""
    if not visits:
        return []
    first = f"first visit, at {visits[0].target}" if visits[0].target else "first visit"
    return [first, *(_change(before, after) for before, after in pairwise(visits))]


def _change(before: VisitRecord, after: VisitRecord) -> str:
    said = []
    if before.verdict is not after.verdict:
        said.append(f"{before.verdict} → {after.verdict}")
    elif after.verdict in SUCCESSES and is_changed(before, after):
        said.append("the article changed")
    if before.target != after.target and after.verdict in SUCCESSES:
        said.append(f"moved to {after.target}" if after.target else "back at its address")
    return ", ".join(said)


def _plain(visit: VisitRecord, change: str) -> dict[str, object]:
    return {
        "at": format_date(visit.at), "verdict": visit.verdict, "status": visit.status, "origin": visit.origin,
        "changed": change, "drift": visit.drift, "payload": visit.payload, "text": visit.text, "etag": visit.etag,
        "last_modified": visit.last_modified, "target": visit.target, "detail": visit.detail,
    }  # fmt: skip


def _yield(reading: PageReading | None) -> dict[str, object]:
    """Which place gave each field, and how long the body was, where the visit has read the page."""
    if reading is None:
        return {"places": None, "body_length": None}
    return {"places": dict(reading.places or {}), "body_length": reading.body}


def _show(url: str, rows: list[tuple[VisitRecord, str]], known: AddressRecord | None) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _MAX_COLUMNS
    if not rows or known is None:
        console.print(Text(f"{escape_control(url)} was not visited yet"))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("when", "verdict", "status", "drift", "what changed", "detail"):
        table.add_column(name, overflow="fold")
    for visit, change in rows:
        cells = (format_date(visit.at), visit.verdict, visit.status or "", visit.drift or "", change, visit.detail)
        table.add_row(*(Text(escape_control(str(cell))) for cell in cells))
    console.print(table)
    since = f" since {format_date(known.since)}" if known.since else ""
    state = f"{known.state} to {escape_control(known.moved_to)}" if known.moved_to else known.state
    console.print(Text(f"{escape_control(url)} is {state}{since}, due {format_date(known.due)}"), style="bold")
