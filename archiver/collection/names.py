"""Names of new seeds, by a pattern such as `{date}-{slug}.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from archiver.errors import SettingsError
from archiver.seeds.globs import SUFFIXES
from archiver.text.address_dates import address_date
from archiver.text.file_names import name_key, name_of
from archiver.text.slugs import slug
from archiver.urls import hostname, without_www

DEFAULT_PATTERN = "{slug}.md"
UNDATED = "_undated"
"""What stands for a day that is not known yet. No slug has a line in it; and Jekyll passes over files that begin with
one, as it does over files without a day in `_posts`, so that it builds a site as if the stub were not there."""

IS_UNDATED = re.compile(rf"(?<![^\W_]){UNDATED}(?![^\W_])")
"""Finds that word in a name: `_undated-wall.md`, not `my_undated_notes.md`."""

_PARTS = ("slug", "date", "host")
_FIELD = re.compile(r"\{([^{}]*)\}")
_UNSAFE = re.compile(r"[<>:\"\\|?*{}\x00-\x1f\x7f]")
_PARTED_DATE = re.compile(r"(?:^|.*[^\w}]|.*_)\{date\}(?:$|[^\w{]|_)")
_FOLDER_PAGES = frozenset({"index", "default"})
"""The last part of an address that means the folder before it."""
_ENDING = re.compile(r"\.\w{2,5}$")


@dataclass(frozen=True, slots=True)
class NamePattern:
    """How the files of new seeds are called, below the folder that they go to."""

    text: str

    @classmethod
    def parse(cls, text: str, suffixes: tuple[str, ...] = SUFFIXES) -> NamePattern:
        """Check a pattern, which has to end in one of the suffixes. Raises SettingsError."""
        for name in _FIELD.findall(text):
            if name not in _PARTS:
                known = ", ".join(f"{{{part}}}" for part in _PARTS)
                raise SettingsError(
                    f"--pattern {text} has a part {{{name}}}, which does not exist; the parts are {known}"
                )
        path = PurePosixPath(text)
        if "{slug}" not in text:
            raise SettingsError(f"--pattern {text} would give all seeds one name; put {{slug}} into it")
        if _UNSAFE.search(_FIELD.sub("x", text)) or text.startswith("/") or "//" in text:
            raise SettingsError(f"--pattern {text} has a character that not every file system takes; leave it out")
        if any(part.startswith(".") or part.endswith((".", " ")) for part in path.parts):
            raise SettingsError(f"--pattern {text} has a folder or name that begins or ends in a dot; seeds have none")
        if "{date}" in str(path.parent) or path.name.count("{date}") > 1:
            raise SettingsError(f"--pattern {text} may have {{date}} once and in the file's name only; move it there")
        if "{date}" in path.name and not _PARTED_DATE.match(path.name):
            raise SettingsError(f"--pattern {text} runs {{date}} into what stands beside it; put a hyphen between them")
        if not text.lower().endswith(suffixes):
            raise SettingsError(f"--pattern {text} names no seed; end it in one of {' '.join(suffixes)}")
        return cls(text)

    def fill(self, words: str, day: str, host: str) -> str:
        """Return the path of one seed."""
        parts = {"slug": words, "date": day, "host": host}
        return _FIELD.sub(lambda found: parts[found[1]], self.text)

    @property
    def slug_depth(self) -> int:
        """How many folders lead to the part with the slug, which keeps two seeds apart."""
        return next(depth for depth, part in enumerate(self.text.split("/")) if "{slug}" in part)


@dataclass(slots=True)
class Names:
    """Gives out names below one folder, none twice, and none that a file there has."""

    folder: Path
    pattern: NamePattern
    _taken: dict[str, set[str]] = field(default_factory=dict)
    """Names by folder, as a file system that ignores case compares them."""
    _numbers: dict[str, int] = field(default_factory=dict)
    """The last number that was put behind a slug, so that a thousand equal titles are no million of looks."""

    def choose(self, title: str, address: str, day: str | None) -> str:
        """Return the path of a new seed relative to the folder."""
        words = name_of(title) or name_of_address(address)
        host = ".".join(filter(None, map(name_of, without_www(hostname(address)).split("."))))
        for candidate in self._candidates(words, day or UNDATED, host or "host"):
            parent, taken = self._look(candidate)
            if taken not in self._taken[parent]:
                self._taken[parent].add(taken)
                return candidate
        raise AssertionError("numbers have no end")

    def _candidates(self, words: str, day: str, host: str) -> Iterator[str]:
        first = self.pattern.fill(words, day, host)
        yield first
        while True:
            number = self._numbers.get(name_key(first), 1) + 1
            self._numbers[name_key(first)] = number
            yield self.pattern.fill(f"{words}-{number}", day, host)

    def _look(self, candidate: str) -> tuple[str, str]:
        """The folder and the name in it that have to be free; the folder's files are known afterwards."""
        depth = self.pattern.slug_depth
        parts = candidate.split("/")
        parent, name = name_key("/".join(parts[:depth])), name_key(parts[depth])
        if parent not in self._taken:
            try:
                self._taken[parent] = {name_key(file.name) for file in self.folder.joinpath(*parts[:depth]).iterdir()}
            except OSError:  # it is made with its first seed
                self._taken[parent] = set()
        return parent, name


def name_of_address(address: str) -> str:
    """Return the words of an address that repeat a headline, else its last part, else its host and query.

    >>> name_of_address("https://a.example/world/29/the-harbour-gets-a-new-wall.html")
    'the-harbour-gets-a-new-wall'
    >>> name_of_address("https://news.example.com/?id=7"), name_of_address("https://a.example/story/4711")
    ('news-example-com-id-7', 'story-4711')
    """
    parts = urlsplit(address)
    spelled = [_ENDING.sub("", part) for part in unquote(parts.path).split("/")]
    names = [name for part in spelled if part.lower() not in _FOLDER_PAGES and (name := name_of(part))]
    worded = set(slug(address))
    if worded and (repeating := next((name for name in names if worded <= set(name.split("-"))), None)):
        return repeating
    last = names[-2:] if names and _is_number(names[-1]) else names[-1:]
    if last and not all(map(_is_number, last)):
        return name_of("-".join(last))
    host = name_of(without_www(hostname(address)))
    return name_of("-".join(filter(None, (host, *(last or [name_of(parts.query)])))))


def _is_number(name: str) -> bool:
    return name.replace("-", "").isdigit()


def day_of(stated: str | None, address: str) -> str | None:
    """Return the day for a name: as the list or the seed states it, else as the address does."""
    found = stated or address_date(address)
    # A year and a month are no day.
    return found[:10] if found and len(found) >= len("2024-11-12") else None
