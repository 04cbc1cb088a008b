"""Tables of data as pipe tables; tables that only lay out a page are told apart."""

from __future__ import annotations

from collections.abc import Collection

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.blocks import Block
from archiver.extract.markdown.content import ContentWriter

_MAX_CELLS = 20_000
"""Cells of a table, those that spans fill included; a larger one is written as text. With fewer a long list of results
loses its columns, more cost time. No measurement is on record."""
_MAX_COLUMNS = 100
"""Columns that spans may fill; without it `colspan=99999` would make as many cells. With fewer a wide table is written
with cells missing. No measurement is on record."""
_BLOCKS_IN_CELL = frozenset(
    ["table", "ul", "ol", "blockquote", "figure", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section"]
)
_FLATTENED = frozenset(["table", "ul", "ol"])
"""Blocks that may stand in a cell of a table with a header: their rows and items follow one another in it."""
_MAX_CELL_LETTERS = 600
"""Characters; a table with a cell of so many only lays out text. With fewer tables with long remarks come apart, with
more an article laid out in a table comes out in one cell. No measurement is on record."""


def table_rows(table: Element, skip: Collection[Element] = ()) -> list[list[Element | None]] | None:
    """The cells of a table of data, row by row, None where a cell spans; None when the table only lays out text.

    Layout is: a stated role, one row or one column, cells that hold blocks or several paragraphs, more cells than
    anybody reads.
    """
    if table.get("role") in ("presentation", "none"):
        return None
    rows: list[list[Element | None]] = []
    count = 0
    spanned: dict[int, int] = {}
    own_rows = _own_rows(table)
    has_header = any(cell.tag == "th" for row in own_rows for cell in row)
    blocks = _BLOCKS_IN_CELL - _FLATTENED if has_header else _BLOCKS_IN_CELL
    for row in own_rows:
        if row in skip:
            continue
        own = [cell for cell in row.iterchildren("td", "th") if cell not in skip]
        if not all(_is_data(cell, blocks) for cell in own):
            return None
        cells = _spread(own, spanned)
        spanned = {column: left - 1 for column, left in spanned.items() if left > 1}
        count += len(cells)
        if count > _MAX_CELLS:
            return None
        if own:
            rows.append(cells)
    width = max(map(len, rows), default=0)
    if len(rows) < 2 or width < 2:
        return None
    return [row + [None] * (width - len(row)) for row in rows]


def table_blocks(element: Element, rows: list[list[Element | None]], depth: int, writer: ContentWriter) -> list[Block]:
    """The pictures of a table of data, then the table; `rows` are those of `table_rows`."""
    cells: list[list[str]] = []
    texts: list[list[str]] = []
    images: list[Block] = []
    linked = 0
    for row in rows:
        lines = [None if cell is None else writer.cell(cell, depth + 1) for cell in row]
        written = [None if line is None else line.run.line() for line in lines]
        cells.append(["" if one is None else one.markdown for one in written])
        texts.append(["" if one is None else one.text for one in written])
        images.extend(image for line in lines if line is not None for image in line.images)
        linked += sum(line.linked for line in lines if line is not None)
    text = "\n".join(" ".join(filter(None, row)) for row in texts if any(row))
    shown = [row for row in cells if any(row)]
    if len(shown) > 1:
        return [*images, Block("table", write_table(shown), text, linked, element)]
    if text:
        # A header alone is no table to kramdown.
        return [*images, Block("paragraph", " ".join(filter(None, shown[0])), text, linked, element)]
    return images


def write_table(rows: list[list[str]]) -> str:
    """A pipe table of rows that are not empty; its first is the header, empty columns are left out.

    >>> print(write_table([["a", "b"], ["1", "2"]]))
    | a | b |
    | --- | --- |
    | 1 | 2 |
    """
    columns = [at for at in range(len(rows[0])) if any(row[at] for row in rows)]
    lines = ["| " + " | ".join(row[at] for at in columns) + " |" for row in rows]
    return "\n".join([lines[0], "| " + " | ".join(["---"] * len(columns)) + " |", *lines[1:]])


def _own_rows(table: Element) -> list[Element]:
    rows: list[Element] = []
    for child in table:
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows.extend(child.iterchildren("tr"))
    return rows


def _is_data(cell: Element, blocks: frozenset[str]) -> bool:
    paragraphs = length = 0
    for inner in cell.iter():
        if inner is not cell and (inner.tag in blocks or (inner.tag == "table" and inner.find(".//table") is not None)):
            return False
        paragraphs += inner.tag == "p"
        length += len(inner.text or "") + len(inner.tail or "")
    return paragraphs < 3 and length < _MAX_CELL_LETTERS


def _span(cell: Element, name: str) -> int:
    written = (cell.get(name) or "1").strip()
    return max(1, min(int(written), _MAX_COLUMNS)) if written.isdecimal() and len(written) < 6 else 1


def _spread(own: list[Element], spanned: dict[int, int]) -> list[Element | None]:
    """A row's cells at their columns; `spanned` holds for how many rows a column is taken, and learns of new ones."""
    cells: list[Element | None] = []
    for cell in own:
        _fill(cells, spanned)
        width, height = _span(cell, "colspan"), _span(cell, "rowspan")
        if height > 1:
            spanned.update(dict.fromkeys(range(len(cells), len(cells) + width), height))
        cells.extend([cell, *[None] * (width - 1)])
    _fill(cells, spanned)
    return cells


def _fill(cells: list[Element | None], spanned: dict[int, int]) -> None:
    while spanned.get(len(cells), 0) > 0 and len(cells) < _MAX_COLUMNS:
        cells.append(None)
