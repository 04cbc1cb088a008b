"""Which files below a folder are seeds: the endings of their names, and patterns for paths, written as in `.gitignore`.

README*         a file or folder of such a name, at any depth
node_modules/   a folder of that name with all that is in it, at any depth
/public         in the seeds folder itself
blog/*.md       from the seeds folder on; `*`, `?` and `[…]` stay within one folder
blog/**/x.md    any number of folders between
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import translate

SUFFIXES = (".md", ".markdown", ".txt")
"""Names of seeds end in one of these, in any case, unless SEED_SUFFIXES says otherwise."""

_Segments = tuple[re.Pattern[str] | None, ...]
"""A pattern's parts between slashes; None is `**`."""


@dataclass(frozen=True, slots=True)
class Glob:
    """One pattern."""

    segments: _Segments
    is_folder: bool
    """Whether only a folder matches."""

    @classmethod
    def parse(cls, text: str) -> Glob:
        """Read a pattern. Raises ValueError, whose message is a clause, for one that can match nothing."""
        if text.startswith("!"):
            raise ValueError("has no exceptions with `!`")
        parts = text.removeprefix(".").split("/") if text.startswith("./") else text.split("/")
        anchored = len(parts) > 1 and any(parts[1:])
        is_folder = parts[-1] in {"", "**"} and len(parts) > 1
        named = [part for part in parts if part]
        while len(named) > 1 and named[-1] == "**":
            named.pop()  # all that is in a folder is the folder
        if not named or ".." in named:
            raise ValueError("names nothing below the folder of the seeds")
        segments = tuple(None if part == "**" else re.compile(translate(part)) for part in named)
        return cls(segments if anchored else (None, *segments), is_folder)

    def matches(self, parts: Sequence[str], is_folder: bool) -> bool:
        """Whether a path, in its parts, is meant itself; a folder is meant with all that is in it."""
        if self.is_folder and not is_folder:
            return False
        if len(self.segments) == 2 and self.segments[0] is None:
            name = self.segments[1]
            return name is None or name.match(parts[-1]) is not None
        return _match(self.segments, parts)

    def may_match_below(self, parts: Sequence[str]) -> bool:
        """Whether something in a folder can be meant."""
        for place, part in enumerate(parts):
            if place >= len(self.segments):
                return False
            segment = self.segments[place]
            if segment is None:
                return True
            if segment.match(part) is None:
                return False
        return len(parts) < len(self.segments)


def _match(segments: _Segments, parts: Sequence[str]) -> bool:
    if not segments:
        return not parts
    first, rest = segments[0], segments[1:]
    if first is None:
        return any(_match(rest, parts[start:]) for start in range(len(parts) + 1))
    return bool(parts) and first.match(parts[0]) is not None and _match(rest, parts[1:])


@dataclass(frozen=True, slots=True)
class SeedFiles:
    """What makes a file below a folder a seed. Paths are given in their parts, from that folder on."""

    suffixes: tuple[str, ...] = SUFFIXES
    include: tuple[Glob, ...] = ()
    """Where there are any, only what one of them means is a seed."""
    exclude: tuple[Glob, ...] = ()
    """What one of these means is not read, and no such folder is entered."""
    base: tuple[str, ...] = ()
    """The folders between the one that the patterns speak of and the one that is read."""

    def is_named(self, name: str) -> bool:
        """Whether a name has the ending of a seed's."""
        return name.lower().endswith(self.suffixes)

    def excludes(self, parts: Sequence[str], is_folder: bool) -> bool:
        """Whether a path is left out; its folder is not."""
        path = (*self.base, *parts)
        return any(glob.matches(path, is_folder) for glob in self.exclude)

    def includes(self, parts: Sequence[str], is_folder: bool) -> bool:
        """Whether a path is meant itself; what is in an included folder is included without being asked for."""
        path = (*self.base, *parts)
        return any(glob.matches(path, is_folder) for glob in self.include)

    def includes_root(self) -> bool:
        """Whether all that is in the folder is included."""
        return not self.include or any(
            glob.matches(self.base[:end], True) for glob in self.include for end in range(1, len(self.base) + 1)
        )

    def leads_to_included(self, parts: Sequence[str]) -> bool:
        """Whether something in a folder may be included."""
        path = (*self.base, *parts)
        return any(glob.may_match_below(path) for glob in self.include)
