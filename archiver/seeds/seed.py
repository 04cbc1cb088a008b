"""A seed: a Markdown file with YAML front matter, read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from archiver.errors import SeedSkipped, SeedUnreadable
from archiver.seeds.document import Document, parse
from archiver.seeds.front_matter import FrontMatterError, load


@dataclass(frozen=True, slots=True)
class Seed:
    """What a seed file holds."""

    path: str
    """The name that messages use for the file."""
    document: Document
    values: Mapping[str, object]
    """Front matter, safe-loaded, by key; a key that is not a string is named by its text."""
    texts: Mapping[str, str]
    """The text of every scalar value that is not null, as it stands in the file."""
    body: str
    """What follows the front matter, decoded, with the line ends of the file."""
    newline: str
    """The line end that the file mostly uses: `\\n` or `\\r\\n`."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))
        object.__setattr__(self, "texts", MappingProxyType(dict(self.texts)))

    def __reduce__(self) -> tuple[type[Seed], tuple[object, ...]]:
        # MappingProxyType cannot be pickled, and a seed travels between processes.
        return Seed, (self.path, self.document, dict(self.values), dict(self.texts), self.body, self.newline)

    @property
    def front(self) -> str:
        """The text between the fences."""
        return self.document.front.decode()

    def text(self, key: str) -> str | None:
        """A scalar value as text: a string's value, anything else as it stands in the file (`1.10`, `2024-11-12`).

        None when the key is absent, null, or a list or mapping.
        """
        return self.texts.get(key)

    def is_blank(self, key: str) -> bool:
        """True when the key is absent or its value is blank."""
        return is_blank(self.values.get(key))

    def first_key(self, keys: Iterable[str]) -> str | None:
        """The first of the names that is present and not blank."""
        return next((key for key in keys if not self.is_blank(key)), None)


def is_blank(value: object) -> bool:
    """True for an absent or null value and for a string that is empty or only white space.

    >>> [is_blank(value) for value in (None, "", " ", "x", 0, False, [])]
    [True, True, True, False, False, False, False]
    """
    return value is None or (isinstance(value, str) and not value.strip())


def read(path: str, raw: bytes) -> Seed:
    """Read a seed's bytes; raises SeedUnreadable with one sentence that names `path`, the fault and the cure.

    Raises SeedSkipped for a text without front matter: it is no post.
    """
    if not raw.strip(b"\xef\xbb\xbf \t\r\n"):
        _refuse(path, "the file is empty; restore it, or delete it")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _refuse(path, f"line {line} is not UTF-8 (byte {error.start + 1} of the file); save the file as UTF-8")
    document = parse(raw)
    if not document.opening:
        if text.lstrip("\ufeff").startswith("+++"):
            _refuse(
                path,
                "its front matter is TOML (`+++`) and only YAML is supported; convert it to YAML between `---` lines",
            )
        raise SeedSkipped(f"{path}: it has no front matter; put its fields at the top as YAML between two `---` lines.")
    if not document.closing:
        _refuse(path, "its front matter is not closed; put a line `---` after the last field")
    try:
        front_matter = load(document.front.decode())
    except FrontMatterError as error:
        _refuse(path, str(error), error)
    windows = raw.count(b"\r\n")
    return Seed(
        path=path,
        document=document,
        values=front_matter.values,
        texts=front_matter.texts,
        body=document.body.decode(),
        newline="\r\n" if windows > raw.count(b"\n") - windows else "\n",
    )


def _refuse(path: str, clause: str, cause: Exception | None = None) -> NoReturn:
    raise SeedUnreadable(f"{path}: {clause}.") from cause
