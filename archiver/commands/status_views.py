"""What `scrapy status` shows beside its counts: the hosts, what is new, the last runs and the dead seeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archiver.ledger.last_look import News
from archiver.ledger.overview import HostRecord, RunCounts
from archiver.ledger.state import State
from archiver.ledger.yields.alarms import alarm_sentence
from archiver.text.control_characters import escape_control
from archiver.text.dates import format_date

_MAX_COLUMNS = 2_000
"""Columns where no terminal reads: longer than any row, so that none is broken. Chosen, not measured."""
_MAX_SHOWN_SEEDS = 20
"""Dead seeds that the table names; `--json` has all of them. Chosen, not measured."""
_ALIVE = (State.ALIVE, State.MOVED, State.WALLED)
_GONE = (State.DEAD, State.FAILING)


def format_time(at: datetime | None) -> str | None:
    """A time as all commands print it."""
    return None if at is None else format_date(at)


def host_json(record: HostRecord) -> dict[str, object]:
    """One host."""
    return {
        "host": record.host, "addresses": record.addresses,
        "alive": _sum(record, _ALIVE), "gone": _sum(record, _GONE), "blocked": _sum(record, (State.BLOCKED,)),
        "unknown": _sum(record, (State.UNKNOWN,)), "last_success": format_time(record.last_success),
        "paused_until": format_time(record.paused_until),
        "alarm": alarm_sentence(record.alarms) if record.alarms else None,
        "alarms": [
            {
                "about": alarm.aspect, "since": format_time(alarm.since), "address": alarm.url,
                "found": alarm.collapse.hits, "of_pages": alarm.collapse.pages,
                "found_before": alarm.collapse.before_hits, "of_pages_before": alarm.collapse.before_pages,
            }
            for alarm in record.alarms
        ],
    }  # fmt: skip


def show_hosts(records: Iterable[HostRecord]) -> None:
    """Print a row per host, and a line below the table for each that has an alarm."""
    rows = [host_json(record) for record in records]
    names = ("host", "addresses", "alive", "gone", "blocked", "last_success", "paused_until", "alarm")
    cells = [[*(row[name] for name in names[:-1]), "yes" if row["alarm"] else ""] for row in rows]
    _print_table([name.replace("_", " ") for name in names], cells)
    for row in rows:
        if row["alarm"]:
            _console().print(Text(f"alarm  {escape_control(str(row['alarm']))}", style="bold red"))


def news_json(news: News) -> dict[str, object]:
    """One thing that is new."""
    return {
        "kind": news.kind, "subject": news.subject, "address": news.address, "since": format_time(news.since),
        "detail": news.detail,
    }  # fmt: skip


def show_news(news: Sequence[News], since: datetime | None) -> None:
    """Print what is new, a line each."""
    seen = f"since {format_date(since)}" if since else "so far"
    if not news:
        _console().print(f"nothing new {seen}")
        return
    _print_table(["new", "what", "address", "since", "detail"], [list(news_json(one).values()) for one in news])


def run_json(counts: RunCounts) -> dict[str, object]:
    """One run."""
    run = counts.run
    return {
        "command": run.kind, "started": format_time(run.started), "ended": format_time(run.ended),
        "complete": run.complete, "visits": run.visits, "articles": counts.articles, "missed": counts.missed,
    }  # fmt: skip


def show_runs(runs: Sequence[Mapping[str, object]]) -> None:
    """Print the last runs."""
    names = ("started", "command", "visits", "articles", "missed")
    cells = [[*(run[name] for name in names), "complete" if run["complete"] else "not complete"] for run in runs]
    _print_table([*names, ""], cells)


def show_dead_seeds(dead: Sequence[Mapping[str, object]]) -> None:
    """Print the seeds whose address is given up, with since when."""
    rows = [[seed["path"], seed["address"], seed["since"]] for seed in dead[:_MAX_SHOWN_SEEDS]]
    _print_table(["dead seed", "address", "since"], rows)
    if len(dead) > len(rows):
        _console().print(f"… and {len(dead) - len(rows)} more; --json lists all of them")


def _sum(record: HostRecord, states: tuple[State, ...]) -> int:
    return sum(record.by_state.get(state, 0) for state in states)


def _console() -> Console:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _MAX_COLUMNS
    return console


def _print_table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(escape_control("" if cell is None else str(cell))) for cell in row))
    _console().print(table)
