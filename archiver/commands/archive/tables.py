"""Tables on standard output, printed while their rows are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain, islice, zip_longest
from operator import le

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from archiver.archive.upkeep.verify import Damage
from archiver.text.control_characters import escape_control

_MAX_MEASURED_ROWS = 1_000
"""Rows by which a table's columns are measured, and which are held for it; a later cell that is wider than its column
moves the rest of its row on a pipe. Fewer rows move more of them, more hold more and let `| head` wait."""
_GAP = "  "
"""Between two cells; with one space a cell of two words looks like two."""


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below their columns' names, as they come."""
    console = Console(highlight=False)
    written = ([escape_control(cell).expandtabs() for cell in row] for row in rows)
    first = list(islice(written, _MAX_MEASURED_ROWS))
    widths = [max(map(_width, cells)) for cells in zip(columns, *first, strict=True)]
    if console.is_terminal:
        _fit(widths, console.width)
    lines = partial(_fold if console.is_terminal else _line, widths)
    bold, plain = ("\x1b[1m", "\x1b[0m") if console.color_system else ("", "")
    print(f"{bold}{lines(columns)}{plain}")
    for cells in chain(first, written):
        print(lines(cells))


def print_damages(damages: Iterable[Damage]) -> None:
    """Print where records are damaged, if any are."""
    rows = [[one.file, str(one.offset), one.reason] for one in damages]
    if rows:
        print_table(["file", "byte", "what is wrong"], rows)


def _fit(widths: list[int], most: int) -> None:
    """Take from the widest columns until a row has its place in a line."""
    while sum(widths) + len(_GAP) * (len(widths) - 1) > most and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1


def _line(widths: Sequence[int], cells: Sequence[str]) -> str:
    """A row, in which a cell that is wider than its column moves the others."""
    return _GAP.join(map(_pad, cells, widths))


def _fold(widths: Sequence[int], cells: Sequence[str]) -> str:
    """A row, of several lines where a cell is wider than its column."""
    if all(map(le, map(_width, cells), widths)):
        return _line(widths, cells)
    console = Console()
    folded = [
        [line.plain.rstrip() for line in Text(cell).wrap(console, width, overflow="fold")]
        for cell, width in zip(cells, widths, strict=True)
    ]
    return "\n".join(_line(widths, line) for line in zip_longest(*folded, fillvalue=""))


def _width(cell: str) -> int:
    """The columns of a terminal that a cell takes."""
    return len(cell) if cell.isascii() else cell_len(cell)


def _pad(cell: str, width: int) -> str:
    return cell.ljust(width) if cell.isascii() else cell + " " * (width - cell_len(cell))
