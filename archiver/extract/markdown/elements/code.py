"""Blocks of code: their lines, without the numbers that highlighters put beside them."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice, pairwise

from lxml import etree

from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import MUTE
from archiver.extract.markdown.inline import remove_invisible

_GUTTER = re.compile(
    r"(?:^|[\s_-])(?:gutters?|lnt?|line-?nos?|line-?numbers?(?:-?(?:rows|wrapper))?|linenodiv|blob-num|crayon-nums?|gl)"
    r"(?:$|[\s_-])"
    r"|hljs-ln-n|code-?line-?number",
    re.IGNORECASE,
)
"""How highlighters call what holds the numbers of lines."""
_NUMBERED = ("data-line-number", "data-lineno")
_FRAME = re.compile(
    r"(?:^|\s)(?:highlighttable|rouge-table|lntable|hljs-ln|js-file-line-container|syntaxhighlighter|crayon-table"
    r"|CodeMirror-code|cm-content|view-lines|ace_text-layer)(?:$|\s)"
)
"""How highlighters call what holds code that stands in no `<pre>`, or in one beside its numbers."""
_LINE_TAGS = frozenset(("div", "p", "li", "tr", "pre"))
_LINE = re.compile(r"(?:^|\s)(?:(?:code|token|view|cm|crayon|CodeMirror)-?)?line(?:$|\s)|(?:^|\s)ace_line(?:$|\s)")
_STRUCTURE = frozenset(("table", "tbody", "thead", "tr", "ol", "ul"))
"""White space in these lies between the lines, not in them."""
_NUMBER_OPEN, _NUMBER_CLOSE = "\ufdd0", "\ufdd1"
_LINE_NUMBER = re.compile(f"{_NUMBER_OPEN}([0-9]+){_NUMBER_CLOSE}")
_MIN_NUMBERED_LINES = 3
"""Lines that must begin with numbers in a row before these are no part of the code though nothing calls them so; with
fewer a list of values loses them, with more the numbers of short examples stay."""
_MAX_FRAME_ROWS = 3
"""Rows by which a table is told to be code beside its numbers; one is enough for most, a first one may be blank."""
_BLANK_LINES = re.compile(r"\A(?:[ \t\r\f]*\n)+")


def is_code(element: Element) -> bool:
    """True for `<pre>`, and for a table or frame in which a highlighter laid out lines of code."""
    tag = element.tag
    if tag == "pre":
        return True
    if tag not in ("table", "div"):
        return False
    names = element.get("class")
    return (bool(names) and _FRAME.search(names) is not None) or (tag == "table" and _is_numbered_code(element))


def code_text(element: Element, skip: Collection[Element] = ()) -> str:
    """The code in an element, a line of it a line, without buttons, numbers of lines and the elements in `skip`."""
    lines = _Lines()
    lines.text(element.text if element.tag not in _STRUCTURE else None)
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if node is element:
            continue
        if event == "end":
            lines.end(node)
        elif not lines.begin(node, skip):
            walker.skip_subtree()
    return _BLANK_LINES.sub("", remove_invisible(_without_numbers("".join(lines.parts))))


class _Lines:
    """Code in writing."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._at_start = True
        self._is_open = False
        self._left_out: Element | None = None

    def text(self, text: str | None) -> None:
        if text:
            self.parts.append(text)
            self._at_start = text.endswith("\n")
            self._is_open = not self._at_start

    def begin(self, node: Element, skip: Collection[Element]) -> bool:
        """Write what an element begins with; False when its content is no code."""
        if node.tag in MUTE or node.tag == "button" or node in skip or _is_gutter(node):
            self._left_out = node
        elif self._at_start and _is_bare_number(node):
            self.parts.append(f"{_NUMBER_OPEN}{(node.text or '').strip()}{_NUMBER_CLOSE}")
            self._left_out = node
        elif node.tag == "br":
            self.text("\n")
        else:
            if _is_line(node):
                self._open()
            if node.tag not in _STRUCTURE:
                self.text(node.text)
        return self._left_out is not node

    def end(self, node: Element) -> None:
        """Write what follows an element: the end of its line, and its tail."""
        tail = "" if node.getparent().tag in _STRUCTURE else node.tail or ""
        if node is self._left_out:
            self._left_out = None
        elif _is_line(node) and not _is_ended(node, tail):
            self._close()
        self.text(tail)

    def _open(self) -> None:
        if not self._at_start:
            self.text("\n")
        self._is_open = True

    def _close(self) -> None:
        if self._is_open:
            self.text("\n")


def _is_ended(node: Element, tail: str) -> bool:
    """True when the page itself ends the line behind an element."""
    following = node.getnext()
    is_broken = following is not None and following.tag == "br" and not tail.strip()
    return is_broken or tail.lstrip(" \t\r").startswith("\n")


def _is_line(node: Element) -> bool:
    """True for an element that holds one line: highlighters set a class or an attribute where the tag does not tell."""
    if node.tag in _LINE_TAGS:
        return True
    return node.tag in ("span", "code") and (
        "data-line" in node.attrib or _LINE.search(node.get("class") or "") is not None
    )


def _is_gutter(node: Element) -> bool:
    named = _GUTTER.search(node.get("class") or "") or any(name in node.attrib for name in _NUMBERED)
    if not named and not (node.tag == "td" and node.getprevious() is None and _is_beside_code(node)):
        return False
    return all(word.isdecimal() for word in "".join(node.itertext()).split())


def _is_beside_code(cell: Element) -> bool:
    following = cell.getnext()
    return following is not None and _holds_code(following)


def _is_bare_number(node: Element) -> bool:
    return len(node) == 0 and node.tag in ("span", "a", "td", "i", "b", "em") and (node.text or "").strip().isdecimal()


def _without_numbers(code: str) -> str:
    """The code without the numbers that stand in elements of their own, if every line begins with one, in a row."""
    if _NUMBER_OPEN not in code:
        return code
    begun = [_LINE_NUMBER.match(line) for line in code.split("\n") if line.strip()]
    numbers = [int(found[1]) for found in begun if found is not None]
    in_a_row = numbers == list(range(numbers[0], numbers[0] + len(begun))) if numbers else False
    if in_a_row and len(numbers) >= _MIN_NUMBERED_LINES:
        return _LINE_NUMBER.sub("", code)
    return _LINE_NUMBER.sub(r"\1", code)


def _is_numbered_code(table: Element) -> bool:
    """True for a table without a header whose rows are numbers in a row and code, or one such and one line each."""
    if next(table.iter("th"), None) is not None:
        return False
    rows = [list(row.iterchildren("td", "th")) for row in islice(table.iter("tr"), _MAX_FRAME_ROWS)]
    if not rows or any(len(row) != 2 for row in rows) or not any(_holds_code(row[1]) for row in rows):
        return False
    beside = ["".join(row[0].itertext()).split() for row in rows]
    numbers = [word for words in beside for word in words]
    if not all(number.isdecimal() for number in numbers):
        return False
    are_named = all(words or _is_gutter(row[0]) for words, row in zip(beside, rows, strict=True))
    return are_named and all(int(after) == int(before) + 1 for before, after in pairwise(numbers))


def _holds_code(cell: Element) -> bool:
    return next(cell.iter("pre", "code"), None) is not None or "code" in (cell.get("class") or "").lower()
