"""Tables on standard output, printed while their rows are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from archiver.archive.upkeep.verify import Damage
from archiver.text.control_characters import escape_control

_MAX_MEASURED_ROWS = 1_000
"""Rows by which a table's columns are measured, and which are held for it; a later cell that is wider than its column
moves the rest of its row on a pipe. Fewer rows move more of them, more hold more and let `| head` wait."""
_MIN_GAP_COLUMNS = 2
"""Columns of a terminal between two cells; with one a cell of two words looks like two. Chosen, not measured."""


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows below their columns' names, as they come."""
    console = Console(highlight=False)
    written = ([escape_control(cell).expandtabs() for cell in row] for row in rows)
    first = list(islice(written, _MAX_MEASURED_ROWS))
    widths = [max(map(cell_len, cells)) for cells in zip(columns, *first, strict=True)]
    if console.is_terminal:
        _fit(widths, console.width)
    bold, plain = ("\x1b[1m", "\x1b[0m") if console.color_system else ("", "")
    for line in _lines(columns, widths, console):
        print(bold + line + plain)
    for cells in chain(first, written):
        for line in _lines(cells, widths, console):
            print(line)


def print_damages(damages: Iterable[Damage]) -> None:
    """Print where records are damaged, if any are."""
    rows = [[one.file, str(one.offset), one.reason] for one in damages]
    if rows:
        print_table(["file", "byte", "what is wrong"], rows)


def _fit(widths: list[int], most: int) -> None:
    """Take from the widest columns until a row has its place in a line."""
    while sum(widths) + _MIN_GAP_COLUMNS * (len(widths) - 1) > most and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1


def _lines(cells: Sequence[str], widths: Sequence[int], console: Console) -> Iterator[str]:
    """The lines of a row: one, but on a terminal more for what is wider than its column."""
    gap = " " * _MIN_GAP_COLUMNS
    if not console.is_terminal or all(cell_len(cell) <= width for cell, width in zip(cells, widths, strict=True)):
        yield gap.join(_pad(cell, width) for cell, width in zip(cells, widths, strict=True))
        return
    folded = [
        [line.plain.rstrip() for line in Text(cell).wrap(console, width, overflow="fold")]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for line in zip_longest(*folded, fillvalue=""):
        yield gap.join(_pad(cell, width) for cell, width in zip(line, widths, strict=True))


def _pad(cell: str, width: int) -> str:
    return cell + " " * (width - cell_len(cell))
