"""Folder of a run → one static page, as a stream.

    results.jsonl ──SeedRecord──▶ rows, details ──packed──▶ blocks ─┐
    run.json ─────────────────────────────────▶ Overview ───────────┴─▶ index.html

The page asks nobody for anything: its policy forbids it, but for its own style and script, named by their digests.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from typing import IO

from archiver.files.atomic import open_replacement
from archiver.report.blocks import to_island, to_packed
from archiver.report.overview import Overview, past_runs
from archiver.report.rows import detail, row, table_rows
from archiver.runs import RunFolder, SeedRecord, State, runs_of
from archiver.runs.folder import REPORT
from archiver.text.control_characters import escape_control

ROWS_PER_BLOCK = 512
"""Rows that are unpacked at one go; with fewer opening takes longer, with more nothing is won."""
DETAILS_PER_BLOCK = 64
"""Seeds whose details are unpacked when one of them is opened; with more opening one takes longer, with fewer the file
grows, since gzip sees less that repeats."""
_MAX_PIECE_LETTERS = 1 << 18
"""Characters that are copied at one go."""
_SCRIPT = (
    "names", "elements", "data", "decisions", "heading", "list", "seed", "answers", "run", "keys", "opening",
)  # fmt: skip
"""The parts of the script, in the order in which they are joined."""

_STATE_WORDS = {
    State.ASK: "needs a person", State.MISSED: "missed", State.WRITTEN: "written", State.QUIET: "unchanged",
}  # fmt: skip


def write_report(folder: RunFolder) -> Path:
    """Make index.html of what a run left, or has left until now; returns it. Raises OSError."""
    with open_replacement(folder.report, REPORT) as target:
        for piece in render(folder):
            target.write(piece.encode())
    return folder.report


def render(folder: RunFolder, post: str | None = None) -> Iterator[str]:
    """Return the page in pieces. With `post`, an address of the page's own server, it sends each decision there."""
    problems: list[str] = []
    overview = Overview(folder.head(problems.append))
    for problem in problems:
        overview.add_problem(problem)
    with tempfile.TemporaryFile("w+", encoding="ascii", newline="\n") as blocks:
        _write_blocks(folder.records(overview.add_problem), overview, blocks)
        history = past_runs(folder, runs_of(folder.path.parent))
        before, _, after = _asset("report.html").partition("<!-- data -->\n")
        yield Template(before).substitute(_fill(overview, history, post))
        blocks.seek(0)
        while piece := blocks.read(_MAX_PIECE_LETTERS):
            yield piece
        yield Template(after).substitute(script=_script())


def _write_blocks(records: Iterable[SeedRecord], overview: Overview, blocks: IO[str]) -> None:
    rows, details = [], []
    for record in records:
        overview.add(record)
        rows.append(row(record))
        details.append(detail(record))
        if len(details) == DETAILS_PER_BLOCK:
            _write_block(blocks, "details", details)
            details = []
        if len(rows) == ROWS_PER_BLOCK:
            _write_block(blocks, "rows", rows)
            rows = []
    if details:
        _write_block(blocks, "details", details)
    if rows:
        _write_block(blocks, "rows", rows)


def _write_block(blocks: IO[str], name: str, values: object) -> None:
    blocks.write(f'<script type="text/plain" class="{name}">{to_packed(values)}</script>\n')


def _fill(overview: Overview, history: list[RunFolder], post: str | None) -> dict[str, str]:
    told = overview.to_json(history)
    told["per_block"] = DETAILS_PER_BLOCK
    ask = overview.states[State.ASK]
    title = _count(overview.seeds, "seed") + (f", {ask:,} need{'s' if ask == 1 else ''} a person" if ask else "")
    started = _when(overview.head.started)
    return {
        "policy": _policy(post),
        "post": f'<meta name="review-post" content="{_escape(post)}">\n' if post else "",
        "title": _escape(f"{title} · {started}"),
        "style": _asset("report.css"),
        "heading": _escape(title),
        "when": _escape(f"{started} · {overview.head.command}"),
        "table": _table(overview),
        "head": to_island(told),
    }


def _policy(post: str | None) -> str:
    """Return the page's Content-Security-Policy, https://www.w3.org/TR/CSP3/."""
    own = "'self'" if post else "'none'"
    return (
        f"default-src 'none'; style-src '{_digest(_asset('report.css'))}'; script-src '{_digest(_script())}'; "
        f"connect-src {own}; img-src data:; base-uri 'none'; form-action 'none'"
    )


@cache
def _asset(name: str) -> str:
    return (resources.files("archiver.report") / name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    """Return the parts of the script as one, in which nothing has a name outside."""
    parts = "\n".join(_asset(f"script/{name}.js") for name in _SCRIPT)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _escape(text: str) -> str:
    """What a browser shows as it is, in the direction that stands here."""
    return escape(escape_control(text))


def _table(overview: Overview) -> str:
    shown = overview.first_of_all()
    cells = "\n".join(
        f"<tr><td>{_escape(seed)}<td>{_escape(title)}<td>{_STATE_WORDS[State(state)]}<td>{_escape(reason)}"
        for seed, title, state, reason in table_rows(shown)
    )
    left = overview.seeds - len(shown)
    notes = "".join(f"<p>{_escape(sentence)}</p>\n" for sentence in (*overview.head.alarms, *overview.problems))
    table = f'<table class="grid">\n<tr><th>seed<th>title<th>state<th>why\n{cells}\n</table>\n'
    return notes + table + (f"<p>{_count(left, 'more seed')} in results.jsonl.</p>" if left else "")


def _when(started: str) -> str:
    try:
        return f"{datetime.fromisoformat(started):%-d %b %Y, %H:%M} UTC"
    except ValueError:
        return started


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
