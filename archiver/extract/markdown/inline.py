"""One run of text with emphasis, links, code and line breaks, written as Markdown.

The run is collected as one string in which noncharacters of Unicode stand for markup, so that white space and
emphasis can be put in order before the first Markdown character is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archiver.extract.markdown.emphasis import (
    BREAK,
    CLOSE_EM,
    CLOSE_STRONG,
    OPEN_EM,
    OPEN_STRONG,
    PARTNER,
    Piece,
    Written,
    delimiters,
)
from archiver.text.markdown.escaping import code_span, ends_raw, escape_inline, escape_label, escape_line_start

_OPEN = {"strong": OPEN_STRONG, "em": OPEN_EM}
_CLOSE = {"strong": CLOSE_STRONG, "em": CLOSE_EM}
_ATOM = "\ufdd5"
_BLANKS = "\xa0\u2028\u2029"
_BLANK = " \t\n\r\f\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4"
# Control characters, marks of this module, and what is invisible: zero width space, word joiner, byte order mark, soft
# hyphen, what turns the direction of the text that follows, what XML cannot carry. Of U+0080 to U+009F those that
# terminals obey (ECMA-48): a text that was encoded twice consists of the others, and whoever reads it can undo that.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\x84\x88\x8d-\x90\x96-\x98\x9a-\xa0\xad\u200b\u2028-\u202e\u2060\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffc\ufffe\uffff]"
)
# A single blank is left as it is: most white space is one.
_SPACE = re.compile(r" [ \t\n\r\f]+|[\t\n\r\f][ \t\n\r\f]*")
_AFTER_OPEN = re.compile("([\ufdd0\ufdd2]+)([ \ufdd4]+)")
_BEFORE_CLOSE = re.compile("([ \ufdd4]+)([\ufdd1\ufdd3]+)")
_EMPTY = re.compile("\ufdd0\ufdd1|\ufdd2\ufdd3|\ufdd1\ufdd0|\ufdd3\ufdd2")
_AROUND_BREAK = re.compile(" *\ufdd4 *")
_MARKS = re.compile("([\ufdd0-\ufdd5])")
_PARAGRAPH = re.compile("\ufdd4(?:[ \ufdd0-\ufdd3]*\ufdd4)+")
_HELD = re.compile("[\ufdd0-\ufdd3]")
_BRACKETS, _NOTHING = ("[", "]"), ("", "")
HARD_BREAK = "  \n"
"""Two blanks: the one hard line break that CommonMark and kramdown share."""


class Run:
    """Collects a run of inline content."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._atoms: list[Written] = []
        self._open: list[str] = []

    def text(self, text: str) -> None:
        """Add text of the page; its white space is folded later."""
        self._parts.append(_DROPPED.sub(_shown, text))

    @property
    def open_kinds(self) -> tuple[str, ...]:
        """The emphasis that has begun and not ended."""
        return tuple(self._open)

    def inherit(self, kinds: Iterable[str]) -> None:
        """Take emphasis for begun that surrounds this run, so that it does not begin twice."""
        self._open.extend(kinds)

    @property
    def length(self) -> int:
        """Characters of text collected so far, about."""
        return sum(map(len, self._parts)) + sum(len(atom.text) for atom in self._atoms)

    def start(self, kind: str) -> bool:
        """Begin `strong` or `em`; False when it has begun already."""
        if kind in self._open:
            return False
        self._open.append(kind)
        self._parts.append(_OPEN[kind])
        return True

    def end(self, kind: str) -> None:
        """End what `start` began."""
        self._open.remove(kind)
        self._parts.append(_CLOSE[kind])

    def line_break(self) -> None:
        """Add a line break; two in a row end the paragraph."""
        self._parts.append(BREAK)

    def atom(self, markdown: str, text: str) -> None:
        """Add something written already, such as a link or a code span."""
        self._parts.append(_ATOM)
        self._atoms.append(Written(markdown, text))

    def code(self, code: str, liquid_fences: bool = True) -> None:
        """Add a code span."""
        self._parts.append(_ATOM)
        self._atoms.append(Written(code_span(code, liquid_fences), code, code, liquid_fences))

    def link(self, label: Run, url: str | None, in_item: bool = False) -> None:
        """Add a link; blanks at the edges of its label stay outside."""
        raw = "".join(label._parts)
        raw = _tidy(raw).replace(BREAK, " ") if _MARKS.search(raw) else _SPACE.sub(" ", raw)
        if url is None or not raw.strip():
            self._parts.extend(label._parts)
            self._atoms.extend(label._atoms)
            return
        core = raw.strip()
        written = _write(core, iter(label._atoms), in_label=True)
        self._parts.append(raw[: len(raw) - len(raw.lstrip())])
        # In a list's item Goldmark takes a link to X for a box that is ticked.
        name = f"&#{ord(written.text)};" if in_item and written.markdown in {"x", "X"} else written.markdown
        self.atom(f"[{name}]({url})", written.text)
        self._parts.append(raw[len(raw.rstrip()) :])

    @property
    def is_empty(self) -> bool:
        """True when nothing has been added."""
        return not self._parts

    @property
    def blank(self) -> bool:
        """True when the run holds nothing to read."""
        return not any(part.strip(_BLANK) for part in self._parts)

    def paragraphs(self) -> list[Written]:
        """The run's paragraphs; line breaks inside them are kept."""
        collected = "".join(self._parts)
        if not collected.strip(_BLANK):
            return []
        raw = _tidy(collected)
        atoms = iter(self._atoms)
        return [_write(part, atoms) for part in _split(raw) if part]

    def line(self) -> Written:
        """The whole run in one line, for headings and cells."""
        raw = _tidy("".join(self._parts).replace(BREAK, " "))
        return _write(raw.strip(), iter(self._atoms))


def remove_invisible(text: str) -> str:
    """Return a text without the characters that nobody sees, and that turn or hide what others see."""
    return _DROPPED.sub(_shown, text)


def _shown(dropped: re.Match[str]) -> str:
    return " " if dropped[0] in _BLANKS else ""


def _tidy(raw: str) -> str:
    """White space folded and outside of emphasis, nothing emphasised that is empty."""
    if not _MARKS.search(raw):
        return " ".join(raw.split())
    raw = _SPACE.sub(" ", raw)
    previous = None if _HELD.search(raw) else raw
    while raw != previous:
        previous = raw
        raw = _AFTER_OPEN.sub(_swapped, raw)
        raw = _BEFORE_CLOSE.sub(_swapped, raw)
        raw = _EMPTY.sub("", raw)
        raw = _SPACE.sub(" ", raw)
    return _AROUND_BREAK.sub(BREAK, raw) if BREAK in raw else raw


def _swapped(pair: re.Match[str]) -> str:
    return pair[2] + pair[1]


def _split(raw: str) -> list[str]:
    """Paragraphs at double breaks; emphasis across a break is ended and begun again."""
    if BREAK not in raw:
        return [raw.strip()]
    parts, held, at = [], "", 0
    for match in [*_PARAGRAPH.finditer(raw), None]:
        part = held + raw[at : match.start() if match else len(raw)]
        between = "".join(_HELD.findall(match[0])) if match else ""
        still_open: list[str] = []
        for mark in _HELD.findall(part):
            if mark in PARTNER:
                still_open.append(mark)
            elif still_open and PARTNER[still_open[-1]] == mark:
                still_open.pop()
        closers = "".join(PARTNER[mark] for mark in reversed(still_open))
        parts.append(_tidy(part + closers).strip(" " + BREAK))
        held = "".join(still_open) + between
        at = match.end() if match else 0
    return [part for part in parts if _HELD.sub("", part)]


def _write(raw: str, atoms: Iterator[Written], in_label: bool = False) -> Written:
    escape = escape_label if in_label else escape_inline
    edges = _BRACKETS if in_label else _NOTHING
    if not _MARKS.search(raw):
        markdown = escape(raw, *edges)
        return Written(markdown if in_label else escape_line_start(markdown), raw)
    pieces: list[Piece] = [next(atoms) if piece == _ATOM else piece for piece in _MARKS.split(raw) if piece]
    marks = delimiters(pieces)
    out: list[str] = []
    text: list[str] = []
    spans: list[Written] = []
    for at, piece in enumerate(pieces):
        if isinstance(piece, Written) and piece.code is not None:
            spans.append(piece)
            continue
        if at in marks and not marks[at]:
            continue
        _write_spans(spans, out, text)
        if isinstance(piece, Written):
            out.append(_part_dollars("".join(out[-1:]), piece.markdown))
            text.append(piece.text)
            continue
        if piece == BREAK:
            out.append(HARD_BREAK)
            text.append("\n")
        elif at in marks:
            out.append(marks[at])
        else:
            before = next((part for part in reversed(out) if part), edges[0])
            after = next(
                filter(None, (_head(pieces[ahead], marks.get(ahead)) for ahead in range(at + 1, len(pieces)))), edges[1]
            )
            out.append(_part_dollars(before, escape(piece, before, after)))
            text.append(piece)
    _write_spans(spans, out, text)
    markdown = "".join(out)
    if not in_label:
        markdown = HARD_BREAK.join(escape_line_start(line) for line in markdown.split(HARD_BREAK))
    return Written(markdown, "".join(text))


def _write_spans(spans: list[Written], out: list[str], text: list[str]) -> None:
    """Write code spans that stand side by side, and forget them: their backticks would be read as one longer run."""
    if not spans:
        return
    code = "".join(span.code or "" for span in spans)
    text.append(code)
    is_fenced = spans[0].liquid_fences
    if len(spans) == 1 or (is_fenced and ends_raw(code)):
        out.append(" ".join(span.markdown for span in spans))
    else:
        out.append(code_span(code, is_fenced))
    spans.clear()


def _part_dollars(before: str, markdown: str) -> str:
    """Markdown with a blank before a dollar that would stand behind another one: to kramdown two begin a formula."""
    return f" {markdown}" if before.endswith("$") and markdown.startswith("$") else markdown


def _head(piece: Piece, mark: str | None) -> str:
    if isinstance(piece, Written):
        return piece.markdown[:1]
    return mark if mark is not None else " " if piece == BREAK else piece[:1]
