"""Where the keys of JSON stand: a scanner for RFC 8259 that keeps positions, and says what people add to JSON."""

from __future__ import annotations

import json
import re
from typing import NoReturn

from archiver.seeds.formats.spans import Path, Scanner, Spans, Style, ValueSpan
from archiver.seeds.scalars import has_lone_surrogate

_BLANKS = re.compile(r"[ \t\r\n]*")
# https://www.rfc-editor.org/rfc/rfc8259#section-7
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_BARE = re.compile(r"(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])")
_WORDS = re.compile(r"[^\s,\]}:\"]+")
_RAW_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


def locate_json(front: str) -> Spans:
    """The keys of JSON front matter, with or without its outer braces. Raises ScanError."""
    return _JsonScanner(front).scan()


def has_braces(front: str) -> bool:
    """True when the object is written out; Middleman's JSON between `;;;` has no braces of its own."""
    return front.lstrip(" \t\r\n").startswith("{")


class _JsonScanner(Scanner):
    def scan(self) -> Spans:
        self.skip(_BLANKS)
        if has_braces(self.text):
            self._object(())
            self.skip(_BLANKS)
        else:
            self._members(self.open_section((), comma_separated=True), (), end=None)
        if self.at < len(self.text):
            self._refuse_comment()
            self.refuse(" is not valid JSON (text stands behind the last `}`); remove it")
        return Spans(tuple(self.sections), tuple(self.items))

    def _object(self, path: Path | None) -> None:
        start = self.at
        self.enter()
        self.at += 1
        section = self.open_section(path, comma_separated=True) if path is not None else None
        self._members(section, path or (), end=start)
        self.at += 1
        self.depth -= 1

    def _members(self, section: int | None, above: Path, end: int | None) -> None:
        """Go through `"key": value` pairs up to the brace that closes them, or to the end of the text.

        `end` is where their brace was opened, None where there is none.
        """
        names: set[str] = set()
        self.skip(_BLANKS)
        while not self._is_over(end):
            self._member(section, above, names)
            self.skip(_BLANKS)
            if self._is_over(end):
                return
            self._comma("}" if end is not None else "", end)

    def _is_over(self, start: int | None) -> bool:
        if start is None:
            return self.at >= len(self.text)
        if self.at >= len(self.text):
            self.refuse(" is not valid JSON (a brace or bracket that is opened is never closed); close it", start)
        return self.sees("}")

    def _comma(self, closing: str, start: int | None) -> None:
        """Go behind a comma between two values; one before the end is not allowed."""
        comma = self.at
        if not self.sees(","):
            self._refuse_comment()
            self.refuse(" is not valid JSON (a comma is missing before it); put one behind the value above")
        self.at += 1
        self.skip(_BLANKS)
        if (closing and self.sees(closing)) or (start is None and self.at >= len(self.text)):
            self.refuse(" is not valid JSON (a comma stands behind the last value); remove the comma", comma)

    def _member(self, section: int | None, above: Path, names: set[str]) -> None:
        key_start = self.at
        name = self._name()
        key_end = self.at
        if name in names:
            self.refuse(f": the key `{name}` is there twice; remove one of them", key_start)
        names.add(name)
        self.skip(_BLANKS)
        if not self.sees(":"):
            self._refuse_comment()
            self.refuse(f" is not valid JSON (no colon stands behind `{name}`); put one there", key_start)
        self.at += 1
        self.skip(_BLANKS)
        start, place = self.at, len(self.items)
        path = (*above, name)
        style = self._value(path if section is not None else None)
        if section is not None:
            # Before the members of an object, which stand within it.
            self.items.insert(place, ValueSpan(path, section, key_start, key_end, start, self.at, style))

    def _name(self) -> str:
        start = self.at
        token = self.take(_STRING)
        if token is None:
            self._refuse_comment()
            if self.sees('"'):
                self._refuse_quote()
            self.refuse(" is not valid JSON (a key is not in double quotes); put it in double quotes")
        return self._decode(token, start)

    def _decode(self, token: str, start: int) -> str:
        if "\\" not in token:
            return token[1:-1]
        try:
            text = str(json.loads(token))
        except json.JSONDecodeError:
            self.refuse(" is not valid JSON (a backslash in quotes has to be doubled); double it", start)
        if has_lone_surrogate(text):
            self.refuse(": a text holds half of a surrogate pair, which no file can hold; correct it", start)
        return text

    def _value(self, path: Path | None) -> Style:
        """Go behind a value; the members of an object are noted where it has a path."""
        self.count()
        if self.sees("["):
            self._array()
            return "["
        if self.sees("{"):
            self._object(path)
            return "{"
        if self.sees('"'):
            start = self.at
            token = self.take(_STRING)
            if token is None:
                self._refuse_quote()
            self._decode(token, start)
            return '"'
        if self.take(_BARE) is None:
            self._refuse_comment()
            word = _WORDS.match(self.text, self.at)
            if word is None:
                self.refuse(' is not valid JSON (a key has no value); write `""` where it is blank')
            self.refuse(f" is not valid JSON (`{word[0][:40]}` is no value); put text in double quotes")
        return ""

    def _array(self) -> None:
        start = self.at
        self.enter()
        self.at += 1
        self.skip(_BLANKS)
        while not self.sees("]"):
            if self.at >= len(self.text):
                self.refuse(" is not valid JSON (a brace or bracket that is opened is never closed); close it", start)
            self._value(None)
            self.skip(_BLANKS)
            if self.at < len(self.text) and not self.sees("]"):
                self._comma("]", start)
        self.at += 1
        self.depth -= 1

    def _refuse_comment(self) -> None:
        if self.sees("//", "/*", "#"):
            self.refuse(" is not valid JSON (it has a comment); remove the comment, or use YAML or TOML")

    def _refuse_quote(self) -> NoReturn:
        if self.take(_RAW_STRING) is not None:
            self.refuse(" is not valid JSON (a text has a tab or another control character in it); write it as `\\t`")
        self.refuse(" is not valid JSON (a quote that is opened is never closed); close it")
