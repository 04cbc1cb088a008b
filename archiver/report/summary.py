"""The summary of runs as Markdown, for a pull request: a table first, the evidence folded, and never too long.

Whatever a page or a file's name says stands in code spans, where GitHub makes neither markup nor mention nor reference
of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from archiver.models import Change, Outcome
from archiver.runs import RunFolder, SeedRecord, State
from archiver.text.control_characters import escape_control

MAX_SUMMARY_LETTERS = 60_000
"""Characters of a summary; GitHub refuses a pull request whose text has more than 65,536, and a link is to be added."""
_MAX_TABLE_ROWS = 50
"""Seeds in the table; more are no table that anybody reads, and the report has all. Chosen, not measured."""
_MAX_VALUE_LETTERS = 240
"""Characters of a value in the evidence; with fewer a description is cut, and the report has all. Chosen, not
measured."""
_MAX_CELL_LETTERS = 120
"""Characters of a name or a reason in the table, which becomes wider than a screen with more. Chosen, not measured."""
_MAX_NOTES = 10
"""Sentences about the runs that are shown above the table. Chosen, not measured."""
_ORDER = (State.ASK, State.WRITTEN, State.MISSED)
"""Of the rows: what a person has to decide stands first."""


def markdown_summary(runs: Sequence[RunFolder]) -> str:
    """Return what some runs did, the oldest given first: of a seed that several of them touched the last one counts.

    The first line is a heading made of numbers only. With the evidence of as many seeds as there is room for.
    """
    latest = _latest(runs)
    counts = Counter(record.state for record in latest.values())
    shown = sorted(
        (record for record in latest.values() if record.state in _ORDER), key=lambda record: _ORDER.index(record.state)
    )
    parts = [f"# {_title(latest.values(), counts)}\n", *_notes(runs), _table(shown[:_MAX_TABLE_ROWS])]
    if (more := len(shown) - _MAX_TABLE_ROWS) > 0:
        parts.append(f"… and {more:,} more; the report has all of them.\n")
    text = "\n".join(parts)
    evidence = [_evidence(record) for record in shown[:_MAX_TABLE_ROWS] if record.state is not State.MISSED]
    return text + _folded(evidence, MAX_SUMMARY_LETTERS - len(text))


def _latest(runs: Iterable[RunFolder]) -> dict[str, SeedRecord]:
    """Return by seed what the runs did to it, without its texts; a seed that was left as it is has no record."""
    found: dict[str, SeedRecord] = {}
    for run in runs:
        for record in run.records():
            before = found.pop(record.seed, None)
            after = _joined(before, replace(record, patch="", text=None))
            if after.state is not State.QUIET:
                found[record.seed] = after
    return found


def _joined(before: SeedRecord | None, after: SeedRecord) -> SeedRecord:
    """Return what two runs did to a seed: what was written stays so, whatever a later one finds."""
    if before is None or before.result.outcome is not Outcome.WRITTEN:
        return after
    if after.result.outcome is Outcome.MISSED:
        return before
    again = {change.field for change in after.result.changes}
    changes = (*(change for change in before.result.changes if change.field not in again), *after.result.changes)
    return replace(after, result=replace(after.result, outcome=Outcome.WRITTEN, changes=changes))


def _title(records: Iterable[SeedRecord], counts: Counter[State]) -> str:
    written = [record for record in records if record.result.outcome is Outcome.WRITTEN]
    said = [f"Repair {_count(len(written), 'seed')}"]
    if counts[State.ASK]:
        said.append(f"{counts[State.ASK]:,} to decide")
    if counts[State.MISSED]:
        said.append(f"{counts[State.MISSED]:,} missed")
    return ", ".join(said)


def _notes(runs: Sequence[RunFolder]) -> Iterator[str]:
    heads = [run.head() for run in runs]
    notes = [note for head in heads for note in head.alarms]
    notes += [f"{paused.host} was left alone until {paused.until}" for head in heads for paused in head.hosts_paused]
    for note in list(dict.fromkeys(notes))[:_MAX_NOTES]:
        yield f"- {code_span(note, _MAX_VALUE_LETTERS)}"
    if notes:
        yield ""


def _table(records: Sequence[SeedRecord]) -> str:
    rows = ["| seed | what | fields |", "|---|---|---|"]
    for record in records:
        result = record.result
        seed = code_span(record.seed, _MAX_CELL_LETTERS, in_table=True)
        what = {State.ASK: "to decide", State.WRITTEN: "written"}.get(record.state, f"missed: {result.verdict.value}")
        fields = dict.fromkeys(change.field for change in (*result.changes, *result.proposed))
        named = ", ".join(code_span(field, _MAX_CELL_LETTERS, in_table=True) for field in fields)
        if record.state is State.MISSED:
            named = code_span(result.detail, _MAX_CELL_LETTERS, in_table=True) if result.detail else ""
        rows.append(f"| {seed} | {what} | {named} |")
    return "\n".join(rows) + "\n" if records else "No seed was written or missed.\n"


def _evidence(record: SeedRecord) -> str:
    result = record.result
    lines = [f"**{code_span(record.seed, _MAX_VALUE_LETTERS)}** from {code_span(result.origin_url or '')}", ""]
    lines += [f"- {_describe(change)}" for change in result.changes]
    lines += [f"- to decide: {_describe(change)}" for change in result.proposed]
    lines += [f"- doubt: {code_span(doubt, _MAX_VALUE_LETTERS)}" for doubt in result.doubts]
    dead = (one for one in result.images if one.verdict.is_dead and not one.replaced_by)
    lines += [f"- image {one.verdict}: {code_span(one.detail, _MAX_VALUE_LETTERS)}" for one in dead]
    return "\n".join(lines) + "\n"


def _describe(change: Change) -> str:
    said = f"{code_span(change.field)}: {code_span(change.new, _MAX_VALUE_LETTERS)}, from {code_span(change.source)}"
    if change.old:
        said += f", was {code_span(change.old, _MAX_VALUE_LETTERS)}"
    if change.witnesses:
        said += f", and {_count(len(change.witnesses), 'place')} more"
    if change.confidence is not None:
        said += f", {change.confidence:.0%} sure"
    rivals = [code_span(rival.value, _MAX_CELL_LETTERS) for rival in change.candidates]
    return said + (f"; others: {', '.join(rivals)}" if rivals else "")


def _folded(evidence: Sequence[str], room: int) -> str:
    """Return the evidence in a block that opens on a click, as much of it as there is room for."""
    begin, end = "\n<details><summary>Evidence</summary>\n\n", "\n</details>\n"
    left = f"\n… and of {len(evidence):,} more seeds; the report has all of it.\n"
    room -= len(begin) + len(end) + len(left)
    taken: list[str] = []
    for part in evidence:
        if len(part) + 1 > room:
            break
        taken.append(part)
        room -= len(part) + 1
    if not taken:
        return ""
    more = len(evidence) - len(taken)
    cut = f"\n… and of {_count(more, 'more seed')}; the report has all of it.\n" if more else ""
    return begin + "\n".join(taken) + cut + end


def code_span(text: str, most: int = _MAX_VALUE_LETTERS, *, in_table: bool = False) -> str:
    """Return text as a code span of one line; a longer one is cut.

    >>> code_span("a `b` @c")
    '``a `b` @c``'
    """
    line = escape_control(" ".join(text.split()))
    shown = line if len(line) <= most else f"{line[:most]}…"
    # A fence is longer than any run of backticks inside (CommonMark 6.1), and blanks keep such a run off the fence.
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    padded = f" {shown} " if shown.startswith("`") or shown.endswith("`") else shown
    if in_table:
        # GFM takes every bar for the end of a cell, in code too; only there a backslash is taken away again.
        padded = padded.replace("|", r"\|")
    return f"{fence}{padded}{fence}" if padded else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
