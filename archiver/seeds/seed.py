"""A seed: a Markdown file with front matter, read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NoReturn

from archiver.errors import SeedSkipped, SeedUnreadable
from archiver.seeds.document import Document, Format, parse
from archiver.seeds.formats.load import load_document
from archiver.seeds.front_matter import FrontMatterError, load

# Eleventy names the language behind the fence, and has more of them: such a file is a post, and nobody reads it here.
_OTHER_LANGUAGE = re.compile(r"\ufeff?---[ \t]*(?P<name>[a-z]{2,12})[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class Seed:
    """What a seed file holds.

    A key is a name, or the path to one in a mapping, with a dot between its names: `params.source_url`. A top-level key
    that has the dots in its own name goes before such a path.
    """

    path: str
    """The name that messages use for the file."""
    document: Document
    values: Mapping[str, object]
    """Front matter, safe-loaded, by name, mappings in it too; a name that is not a string is its text."""
    texts: Mapping[str, str]
    """The text of every scalar value that is not null, by key, as it stands in the file; none of what is in lists."""
    body: str
    """What follows the front matter, decoded, with the line ends of the file."""
    newline: str
    """The line end that the file mostly uses: `\\n` or `\\r\\n`."""
    format: Format = "yaml"

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))
        object.__setattr__(self, "texts", MappingProxyType(dict(self.texts)))

    def __reduce__(self) -> tuple[type[Seed], tuple[object, ...]]:
        # MappingProxyType cannot be pickled, and a seed travels between processes.
        values, texts = dict(self.values), dict(self.texts)
        return Seed, (self.path, self.document, values, texts, self.body, self.newline, self.format)

    @property
    def front(self) -> str:
        """The text between the fences."""
        return self.document.front.decode()

    def key_path(self, key: str) -> tuple[str, ...]:
        """The names that lead to a key, the outermost first."""
        return (key,) if key in self.values else tuple(key.split("."))

    def has(self, key: str) -> bool:
        """True when the key is there, with or without a value."""
        return find_value(self.values, key) is not ABSENT

    def value(self, key: str) -> object:
        """A key's value; None when it is null, or the key is absent."""
        found = find_value(self.values, key)
        return None if found is ABSENT else found

    def text(self, key: str) -> str | None:
        """A scalar value as text: a string's value, anything else as it stands in the file (`1.10`, `2024-11-12`).

        None when the key is absent, null, or a list or mapping.
        """
        return self.texts.get(key)

    def items(self, key: str) -> tuple[str, ...] | None:
        """The texts of a list, blank ones left out; None for anything but a list, and for one of more than scalars."""
        found = self.value(key)
        if not isinstance(found, list) or any(isinstance(item, (list, tuple, dict, set)) for item in found):
            return None
        return tuple(str(item) for item in found if not is_blank(item))

    def is_blank(self, key: str) -> bool:
        """True when the key is absent or its value is blank."""
        return is_blank(self.value(key))

    def first_key(self, keys: Iterable[str]) -> str | None:
        """The first of the keys that is present and not blank."""
        return next((key for key in keys if not self.is_blank(key)), None)

    def obstacle(self, key: str) -> str | None:
        """The part of a path that leads no further, since a list, a text or a number stands there; None without one."""
        if "." not in key:
            return None
        found: object = self.values
        names = self.key_path(key)
        for number, name in enumerate(names):
            if not isinstance(found, Mapping):
                return ".".join(names[:number])
            found = found.get(name)
            if found is None:
                return None
        return None


ABSENT = object()
"""What `find_value` gives for a key that is not there."""


def find_value(values: Mapping[str, object], key: str) -> object:
    """A key's value in front matter, by its path; a key that is spelled with the dots goes first."""
    if key in values:
        return values[key]
    if "." not in key:
        return ABSENT
    found: object = values
    for name in key.split("."):
        if not isinstance(found, Mapping) or name not in found:
            return ABSENT
        found = found[name]
    return found


def is_blank(value: object) -> bool:
    """True for an absent or null value, for a string without anything but white space, and for a list of only those.

    >>> [is_blank(value) for value in (None, "", " ", [], [None, ""], "x", 0, False, ["x"], {})]
    [True, True, True, True, True, False, False, False, False, False]
    """
    if isinstance(value, list):
        return all(item is None or (isinstance(item, str) and not item.strip()) for item in value)
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
    if not document.has_front_matter:
        named = _OTHER_LANGUAGE.match(text)
        if named is not None:
            _refuse(path, f"its front matter is `{named['name']}`, which is not read; write it in YAML, TOML or JSON")
        raise SeedSkipped(f"{path}: it has no front matter; put its fields at the top as YAML between two `---` lines.")
    if not document.is_closed:
        _refuse(path, f"its front matter is not closed; put a {_closing(document)} after the last field")
    try:
        is_yaml = document.format == "yaml"
        front_matter = load(document.front.decode()) if is_yaml else load_document(document)
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
        format=document.format,
    )


def _closing(document: Document) -> str:
    """What ends front matter that begins as this one."""
    fence = document.opening[:3].decode()
    return f"line `{fence}`" if fence else "brace `}`"


def _refuse(path: str, clause: str, cause: Exception | None = None) -> NoReturn:
    raise SeedUnreadable(f"{path}: {clause}.") from cause
