"""CSV and its like: the delimiter, the header and the column of addresses are found by content."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from archiver.collection.lists.row import ADDRESS_NAMES, IS_ADDRESS, BadRow, Entry, Row, value_of
from archiver.collection.lists.text import LINE_BREAK
from archiver.errors import SettingsError

_DELIMITERS = ("\t", ",", ";", "|")
_MAX_SAMPLE_ROWS = 50
"""Rows with an address by which a delimiter is chosen; fewer may all lack a title. Chosen, not measured."""
_MAX_RECORD_LINES = 100
"""Lines that one quoted cell may go over; more would let one lost quotation mark swallow the rest of the list, fewer
would refuse a long description. Chosen, not measured."""
_MIN_NAMED_SHARE = 0.5
"""Share of the addresses of the fullest column that one named as addresses has, to be chosen before it: below, most
rows would be refused. Chosen, not measured."""

_EXCEL_HINT = re.compile(r"\A\s*sep=([,;|\t])[ \t]*(?:\r\n|\r|\n)")
_COLUMN_NAME = re.compile(r"[^\W\d_][^:/]*")

Record = tuple[int, Sequence[str]]
"""A row's number and its cells."""


def find_delimiter(text: str, *, is_named_table: bool) -> str | None:
    """Return what parts the cells of a table; None for a text that is none.

    `is_named_table` says that the file's name ends like a table's: an address with commas and a row of cells cannot
    always be told apart.
    """
    if hint := _EXCEL_HINT.match(text):
        return hint[1]
    lines = [line for line in LINE_BREAK.split(text) if line.strip() and not line.lstrip().startswith("#")]
    told = list(islice((line for line in lines if "://" in line), _MAX_SAMPLE_ROWS))
    # An address may have commas in it.
    clear = [line for line in told if not IS_ADDRESS.fullmatch(line)]
    for delimiter in _DELIMITERS:
        has_header = bool(lines) and _is_header(_cells(lines[0], delimiter))
        sample = told if has_header or is_named_table or delimiter == "\t" else clear
        tabular = sum(map(_is_tabular, (_cells(line, delimiter) for line in sample)))
        if tabular and tabular * 2 >= len(sample):
            return delimiter
    return "," if is_named_table or any(line.strip().startswith('"') for line in told) else None


def read_table(name: str, text: str, delimiter: str, sources: Sequence[str]) -> Iterator[Entry]:
    """Read a table; `sources` are further names that its column of addresses may have.

    Raises SettingsError when no column holds addresses.
    """
    hint = _EXCEL_HINT.match(text)
    parsed = [record for record in _records(text[hint.end() :] if hint else text, delimiter) if not _is_void(record)]
    records = [record for record in parsed if not isinstance(record, BadRow)]
    column = _address_column(records, sources)
    if column is None:
        raise SettingsError(f"{name} has no column of http and https addresses; name another list")
    names: Sequence[str] = ()
    header = records[0][0] if _COLUMN_NAME.fullmatch(_cell(records[0][1], column).strip()) else None
    if header is not None:
        names = [cell.strip().lower() for cell in records[0][1]]
    for record in parsed:
        if isinstance(record, BadRow):
            yield record
        elif record[0] != header:
            number, cells = record
            named = {_name(names, index): cell for index, cell in reversed(list(enumerate(cells))) if cell.strip()}
            columns = {column_name: value_of(column_name, cell) for column_name, cell in named.items()}
            yield Row(f"row {number}", _cell(cells, column).strip(), columns)


def _is_void(record: Record | BadRow) -> bool:
    """Whether a row is blank, a comment, or the line below the header of a Markdown table."""
    if isinstance(record, BadRow):
        return False
    return not any(cell.strip(" \t-:") for cell in record[1]) or record[1][0].lstrip().startswith("# ")


def _name(names: Sequence[str], index: int) -> str:
    return (names[index] if index < len(names) else "") or str(index + 1)


def _cell(cells: Sequence[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _cells(line: str, delimiter: str) -> Sequence[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _is_header(cells: Sequence[str]) -> bool:
    names = {cell.strip().lower() for cell in cells}
    return len(cells) > 1 and not any(map(IS_ADDRESS.fullmatch, cells)) and not names.isdisjoint(ADDRESS_NAMES)


def _is_tabular(cells: Sequence[str]) -> bool:
    found = sum(IS_ADDRESS.fullmatch(cell) is not None for cell in cells)
    return 0 < found < len(cells)


def _records(text: str, delimiter: str) -> Iterator[Record | BadRow]:
    """Read rows one by one, so that a lost quotation mark costs one of them."""
    lines = LINE_BREAK.split(text)
    number = start = 0
    while start < len(lines):
        number += 1
        end, quotes = start + 1, lines[start].count('"')
        while quotes % 2 and end < min(len(lines), start + _MAX_RECORD_LINES):
            quotes += lines[end].count('"')
            end += 1
        if quotes % 2:
            yield BadRow(f"row {number}", "has a quotation mark that is not closed; close it, or delete it")
            start += 1
            continue
        try:
            read = list(csv.reader([f"{line}\n" for line in lines[start:end]], delimiter=delimiter))
        except csv.Error as error:
            yield BadRow(f"row {number}", f"cannot be read ({error}); shorten it, or delete it")
        else:
            # Quotation marks inside of cells that are not quoted may have joined rows.
            for more, cells in enumerate(read):
                yield number + more, cells
            number += max(0, len(read) - 1)
        start = end


def _address_column(records: Sequence[Record], sources: Sequence[str]) -> int | None:
    """Return the column that holds the addresses: the fullest, unless another one is named so."""
    counts = Counter(column for _, cells in records for column, cell in enumerate(cells) if IS_ADDRESS.fullmatch(cell))
    if not counts:
        return None
    most = max(counts.values())
    names = {cell.strip().lower(): column for column, cell in reversed(list(enumerate(records[0][1])))}
    for name in (*sources, *ADDRESS_NAMES):
        column = names.get(name)
        if column is not None and counts[column] >= most * _MIN_NAMED_SHARE:
            return column
    return min(column for column, count in counts.items() if count == most)
