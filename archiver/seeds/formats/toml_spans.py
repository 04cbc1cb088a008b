"""Where the keys of TOML stand: a scanner for TOML 1.0 (https://toml.io/en/v1.0.0) that keeps positions.

It knows what a value looks like, not what it means: whether a date exists, or a table is there twice in another
spelling, tomllib says afterwards.
"""

from __future__ import annotations

import re
import tomllib
from typing import NoReturn

from archiver.seeds.formats.spans import Path, Scanner, Spans, Style, ValueSpan

_BLANKS = re.compile(r"[ \t]*")
_BLANK_LINES = re.compile(r"(?:[ \t\n]|\r\n|#[^\n]*)*")
_LINE_END = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
# The end of a multi-line string may have two quotation marks of its own before it.
_MANY_BASIC = re.compile(r'"""(?:[^"\\]|\\.|""?(?!"))*"{3,5}', re.DOTALL)
_MANY_LITERAL = re.compile(r"'''.*?'{3,5}", re.DOTALL)
_STRINGS: tuple[tuple[Style, re.Pattern[str]], ...] = (
    ('"""', _MANY_BASIC),
    ("'''", _MANY_LITERAL),
    ('"', _BASIC),
    ("'", _LITERAL),
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# A date may have a blank before its time.
_BARE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9:.]*(?:[Zz]|[+-][0-9:]+)?|[A-Za-z0-9_+.:-]+")
_NUMBER_OR_DATE = re.compile(r"true\b|false\b|[+-]?(?:inf|nan)\b|[+-]?[0-9]")
_WORDS = re.compile(r"[^\s,\]}#]+")


def locate_toml(front: str) -> Spans:
    """The keys of TOML front matter. Raises ScanError."""
    return _TomlScanner(front).scan()


class _TomlScanner(Scanner):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._lists: set[Path] = set()
        self._headers: set[Path] = set()
        self._seen: set[Path] = set()

    def scan(self) -> Spans:
        header: Path = ()
        section: int | None = self.open_section((), comma_separated=False)
        while True:
            self.skip(_BLANK_LINES)
            if self.at >= len(self.text):
                return Spans(tuple(self.sections), tuple(self.items), frozenset(self._lists))
            if self.sees("["):
                header, section = self._header()
            else:
                self._pair(header, section)

    def _header(self) -> tuple[Path, int | None]:
        """A line `[name]` or `[[name]]`: the path of what follows it, and its section where a path can lead there."""
        start = self.at
        is_list = self.sees("[[")
        self.at += 2 if is_list else 1
        self.skip(_BLANKS)
        path = self._key()
        if not self.sees("]]" if is_list else "]"):
            self.refuse(" is not valid TOML (a table's name is not closed); write it as `[name]`", start)
        self.at += 2 if is_list else 1
        self._end_line("a table's name")
        in_list = is_list or any(path[:length] in self._lists for length in range(1, len(path) + 1))
        if is_list:
            self._lists.add(path)
        if in_list:
            return path, None
        if path in self._headers:
            self.refuse(f": the table `{'.'.join(path)}` is there twice; put its keys under one of them", start)
        self._headers.add(path)
        return path, self.open_section(path, comma_separated=False)

    def _pair(self, above: Path, section: int | None) -> None:
        """A line `key = value`."""
        self._key_with_value(above, section)
        self._end_line("a value")

    def _key_with_value(self, above: Path, section: int | None) -> None:
        key_start = self.at
        path = (*above, *self._key())
        key_end = key_start + len(self.text[key_start : self.at].rstrip(" \t"))
        if not self.sees("="):
            self.refuse(" is not valid TOML (a key has no `=` behind it); write it as `key = value`", key_start)
        self.at += 1
        self.skip(_BLANKS)
        if section is not None:
            if path in self._seen:
                self.refuse(f": the key `{'.'.join(path)}` is there twice; remove one of them", key_start)
            self._seen.add(path)
        start, place = self.at, len(self.items)
        style = self._value(path if section is not None else None)
        if section is not None:
            # Before the keys of an inline table, which stand within it.
            self.items.insert(place, ValueSpan(path, section, key_start, key_end, start, self.at, style))

    def _end_line(self, what: str) -> None:
        if self.take(_LINE_END) is None:
            self.refuse(f" is not valid TOML (text stands behind {what}); remove it or put it in quotes")

    def _key(self) -> Path:
        """A dotted key, and the blanks behind it."""
        path: list[str] = []
        while True:
            path.append(self._name())
            self.check_depth(len(path))
            self.skip(_BLANKS)
            if not self.sees("."):
                return tuple(path)
            self.at += 1
            self.skip(_BLANKS)

    def _name(self) -> str:
        start = self.at
        bare = self.take(_BARE_KEY)
        if bare is not None:
            return bare
        literal = self.take(_LITERAL)
        if literal is not None:
            return literal[1:-1]
        basic = self.take(_BASIC)
        if basic is None:
            self.refuse(" is not valid TOML (it begins with no key); write it as `key = value`")
        if "\\" not in basic:
            return basic[1:-1]
        try:
            return str(tomllib.loads(f"x = {basic}")["x"])
        except tomllib.TOMLDecodeError:
            self.refuse(" is not valid TOML (a backslash in double quotes has to be doubled); double it", start)

    def _value(self, path: Path | None) -> Style:
        """Go behind a value; the keys of an inline table are noted where it has a path."""
        self.count()
        if self.sees("["):
            self._array()
            return "["
        if self.sees("{"):
            self._inline_table(path)
            return "{"
        for mark, pattern in _STRINGS:
            if self.sees(mark):
                if self.take(pattern) is None:
                    self.refuse(" is not valid TOML (a quote that is opened is never closed); close it")
                return mark
        if _NUMBER_OR_DATE.match(self.text, self.at) is None:
            self._refuse_value()
        self.take(_BARE)
        return ""

    def _refuse_value(self) -> NoReturn:
        word = _WORDS.match(self.text, self.at)
        if word is None:
            self.refuse(' is not valid TOML (a key has no value); write `""` where it is blank')
        self.refuse(f" is not valid TOML (`{word[0][:40]}` is no value); put text in quotes")

    def _array(self) -> None:
        start = self.at
        self.enter()
        self.at += 1
        self.skip(_BLANK_LINES)
        while not self.sees("]"):
            if self.at >= len(self.text):
                self._refuse_unclosed(start)
            self._value(None)
            self.skip(_BLANK_LINES)
            if self.sees(","):
                self.at += 1
                self.skip(_BLANK_LINES)
            elif not self.sees("]"):
                self._refuse_unclosed(start)
        self.at += 1
        self.depth -= 1

    def _inline_table(self, path: Path | None) -> None:
        start = self.at
        self.enter()
        self.at += 1
        section = self.open_section(path, comma_separated=True) if path is not None else None
        self.skip(_BLANK_LINES)
        while not self.sees("}"):
            if self.at >= len(self.text):
                self._refuse_unclosed(start)
            self._key_with_value(path or (), section)
            self.skip(_BLANK_LINES)
            if self.sees(","):
                self.at += 1
                self.skip(_BLANK_LINES)
            elif not self.sees("}"):
                self._refuse_unclosed(start)
        self.at += 1
        self.depth -= 1

    def _refuse_unclosed(self, start: int) -> NoReturn:
        self.refuse(
            " is not valid TOML (a bracket that is opened is never closed, or a comma is missing); correct it", start
        )
