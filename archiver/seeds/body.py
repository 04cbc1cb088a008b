"""The first heading and the empty body of a seed; nothing else of a body is ever touched.

All functions take and give the whole body as text, with the line ends that the file has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# ATX heading of level 1: https://spec.commonmark.org/0.31.2/#atx-headings
_HEADING = re.compile(r"(?P<mark> {0,3}#)(?P<text>(?:[ \t][^\r\n]*)?)(?=\r?\n|\Z)")
_CLOSING_MARK = re.compile(r"(?:^|[ \t])[ \t]*(?P<hashes>#+)[ \t]*$")
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*")
_LINE = re.compile(r"(?P<text>[^\n]*?)(?P<end>\r?\n|\Z)")
# What cannot be a paragraph, or ends one: heading, fence, quote, list, HTML, table, rule, indented code.
_OTHER_BLOCK = re.compile(
    r" {0,3}(?:#{1,6}(?:[ \t]|$)|```|~~~|>|[-*+](?:[ \t]|$)|[0-9]{1,9}[.)](?:[ \t]|$)|<|\||(?:[-*_][ \t]*){3,}$)"
)
_INDENTED_CODE = re.compile(r" {4}| {0,3}\t")
_SETEXT_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A level 1 heading that is the first thing in a body."""

    text: str
    """Its Markdown without marks and outer blanks; empty for a bare `#`."""
    start: int
    """Where the heading's line starts in the body, in characters."""
    end: int
    """Where it ends, before its line end."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text lines."""

    text: str
    """Its Markdown, soft line breaks turned into one blank each."""
    start: int
    """Where its first line starts in the body, in characters."""
    end: int
    """Where its last line ends, before its line end."""


def first_heading(body: str) -> Heading | None:
    r"""The level 1 heading on the first line that is not blank, if that is what stands there.

    >>> first_heading("\n# A title #\n")
    Heading(text='A title', start=1, end=12)
    """
    start = _skip_blank_lines(body, 0)
    match = _HEADING.match(body, start)
    if match is None:
        return None
    return Heading(_CLOSING_MARK.sub("", match["text"]).strip(" \t"), start, match.end())


def first_paragraph(body: str) -> Paragraph | None:
    r"""The paragraph that the body starts with, after its first heading where it has one; None for any other block.

    >>> first_paragraph("# \n\nOne\ntwo\n\nThree")
    Paragraph(text='One two', start=4, end=11)
    """
    heading = first_heading(body)
    start = _skip_blank_lines(body, heading.end if heading else 0)
    lines: list[str] = []
    position = end = start
    while line := _LINE.match(body, position):
        text = line["text"]
        if not text.strip(" \t") or _ends_paragraph(text, inside=bool(lines)):
            break
        if lines and _SETEXT_UNDERLINE.match(text):
            return None
        lines.append(text)
        position, end = line.end(), line.end("text")
        if not line["end"]:
            break
    return Paragraph(_join_lines(lines), start, end) if lines else None


def fill_heading(body: str, title: str, same: Callable[[str], bool] = lambda _: False) -> str:
    r"""Give an empty first heading the title; a body whose heading has text, or which has none, comes back as it is.

    `title` is Markdown. When `same` says that the first paragraph's text is the title, that text moves into the heading
    instead, and the paragraph goes, together with the blank lines after it.

    >>> fill_heading("# \n\nTitle\n\nText\n", "TITLE", same=lambda text: text == "Title")
    '# Title\n\nText\n'
    """
    heading = first_heading(body)
    if heading is None or heading.text:
        return body
    paragraph = first_paragraph(body)
    if paragraph is None or not same(paragraph.text):
        return body[: heading.start] + _heading_line(body, heading, title) + body[heading.end :]
    line = _heading_line(body, heading, paragraph.text)
    gap = body[heading.end : paragraph.start]
    rest = body[_skip_blank_lines(body, paragraph.end) :]
    if not rest.strip() or gap.count("\n") < 2:
        # The gap before the paragraph would end the file in blank lines, or glue the next block to the heading.
        gap, rest = "", body[paragraph.end :]
    return body[: heading.start] + line + gap + rest


def replace_body(body: str, markdown: str, newline: str) -> str:
    r"""The body for a seed that has none: an empty line, the Markdown, one line end.

    A body with text in it comes back as it is, and so does any body when the Markdown is blank.
    `newline` is the file's line end; the Markdown has `\n`.

    >>> replace_body("", "One\n\nTwo", "\r\n")
    '\r\nOne\r\n\r\nTwo\r\n'
    """
    text = markdown.replace("\r\n", "\n").strip("\n")
    if body.strip() or not text.strip():
        return body
    return newline + text.replace("\n", newline) + newline


def _skip_blank_lines(body: str, position: int) -> int:
    match = _BLANK_LINES.match(body, position)
    return match.end() if match else position


def _ends_paragraph(line: str, *, inside: bool) -> bool:
    """True for a line that starts another block; indented code cannot interrupt a paragraph."""
    if inside and _SETEXT_UNDERLINE.match(line):
        return False
    return _OTHER_BLOCK.match(line) is not None or (not inside and _INDENTED_CODE.match(line) is not None)


def _join_lines(lines: list[str]) -> str:
    """The lines as one: a hard break (two blanks or a backslash) has no place in a heading."""
    *wrapped, last = (line.strip(" \t") for line in lines)
    return " ".join([*(re.sub(r"(?<!\\)\\$", "", line).rstrip() for line in wrapped), last])


def _heading_line(body: str, heading: Heading, title: str) -> str:
    """The heading's line with the title in it; a closing `#` stays."""
    line = body[heading.start : heading.end]
    mark, _, after = line.partition("#")
    closing = _CLOSING_MARK.search(after)
    # Hashes at the end of a title would be taken for the closing mark.
    text = re.sub(r"(?:(?<=[ \t])|^)#(?=#*$)", r"\\#", " ".join(title.split()))
    return f"{mark}# {text}" + (f" {closing['hashes']}" if closing else "")
