"""A value that waits, as a terminal shows it and as JSON."""

from __future__ import annotations

from dataclasses import asdict

from rich.text import Text

from archiver.models import Change, Field
from archiver.review.queue import OpenOffer
from archiver.text.control_characters import escape_control

MAX_RIVALS = 9
"""Other values that can be taken, one a digit of the keyboard."""
_MAX_SHOWN_LINES = 12
"""Lines of a text that are shown; with more the question scrolls out of a small terminal. Chosen, not measured."""
_MAX_SHOWN_LETTERS = 400
"""Characters of a line that are shown. Chosen, not measured."""


def offer_view(offer: OpenOffer, place: str) -> Text:
    """Return what a person needs to answer; `place` says which one of how many it is."""
    change = offer.change
    view = Text()
    view.append(f"\n{place} {escape_control(offer.seed)}", "bold").append(f"  {escape_control(offer.host)}\n")
    for doubt in offer.doubts:
        view.append(f"  ! {escape_control(doubt)}\n", "yellow")
    if change.old and change.old.strip():
        _row(view, "now", change.old, "red")
    _row(view, change.field, change.new, "green")
    view.append(f"{'':12}  {escape_control(_evidence(change))}\n", "dim")
    for number, rival in enumerate(change.candidates[:MAX_RIVALS], start=1):
        _row(view, str(number), rival.value, "")
        view.append(f"{'':12}  from {escape_control(rival.source)}\n", "dim")
    return view


def offer_line(offer: OpenOffer) -> str:
    """Return an offer in one line."""
    change = offer.change
    value = f"{len(change.new.split()):,} words" if change.field == Field.BODY else _cut(change.new)
    return escape_control(f"{offer.seed}  {change.field}  {value}  ({_evidence(change)})")


def offer_json(offer: OpenOffer) -> dict[str, object]:
    """Return an offer as JSON has it: the keys of a change, and what a decision on it has to name."""
    return {
        "path": offer.seed, "address": offer.url, "offered": offer.digest, "run": offer.run,
        "doubts": offer.doubts, **asdict(offer.change),
    }  # fmt: skip


def _row(view: Text, name: str, value: str, style: str) -> None:
    lines = value.splitlines() or [""]
    view.append(f"{escape_control(name):>12}  ").append(_cut(lines[0]) + "\n", style)
    for line in lines[1:_MAX_SHOWN_LINES]:
        view.append(f"{'':12}  {_cut(line)}\n", style)
    if len(lines) > _MAX_SHOWN_LINES:
        view.append(f"{'':12}  … and {len(lines) - _MAX_SHOWN_LINES} more lines; d shows them\n", "dim")


def _cut(line: str) -> str:
    return escape_control(line if len(line) <= _MAX_SHOWN_LETTERS else line[: _MAX_SHOWN_LETTERS - 1] + "…")


def _evidence(change: Change) -> str:
    sure = f"{change.confidence:.0%} sure, " if change.confidence is not None else ""
    agree = (
        f"{', '.join(change.witnesses)} agree"
        if len(change.witnesses) > 1
        else f"{change.witnesses[0]} agrees"
        if (change.witnesses)
        else "no other place agrees"
    )
    return f"{sure}from {change.source}; {agree}"
