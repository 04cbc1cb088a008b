"""Which addresses were taken down: ARCHIVE_DIR/removed.jsonl, one line for each removal and each lifting.

A line holds the address, the time and the reason, and nothing of what was there. Why it lasts: docs/design.md D106.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.archive.base import utc
from archiver.archive.upkeep.replacement import read_journal
from archiver.files.atomic import open_replacement, sweep
from archiver.urls import address_key, page_key

FILE = "removed.jsonl"
"""Its name in ARCHIVE_DIR."""
_UNFINISHED = "removed"
_INSIDE = re.compile(r"(?<!^)https?:/{1,2}(?=[^/])", re.IGNORECASE)
"""Where an address begins inside of another, as in those of web archives; some servers make one slash of two."""
_ONE_SLASH = re.compile(":/{1,2}")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An address that was taken down, or all that begin so."""

    address: str
    is_prefix: bool
    at: datetime
    """Aware, UTC."""
    reason: str

    def to_json(self) -> str:
        """Return its line, without the end."""
        told = {"address": self.address, "prefix": self.is_prefix, "at": self.at.isoformat(), "reason": self.reason}
        return json.dumps(told, ensure_ascii=False)

    def covers(self, url: str) -> bool:
        """Whether an address is meant: scheme, `www.` and a slash at the end make no difference."""
        mine, key = _key(self.address), _key(url)
        if not self.is_prefix or key == mine:
            return key == mine
        if self.address.endswith("/") or not urlsplit(self.address).path.strip("/"):
            return key.startswith((f"{mine}/", f"{mine}?"))
        return key.startswith(mine)

    def concerns(self, url: str) -> bool:
        """Whether an address is meant, or one that holds it: its copy in a web archive, a question about it."""
        return self.covers(url) or any(map(self.covers, _inside(url)))


class Tombstones:
    """What was taken down of one archive, and not lifted since."""

    def __init__(self, standing: Iterable[Tombstone]) -> None:
        self._all = tuple(standing)
        self._by_host: dict[str, list[Tombstone]] = {}
        for one in self._all:
            self._by_host.setdefault(_host(one.address), []).append(one)

    @classmethod
    def read(cls, folder: Path) -> Tombstones:
        """Return those of ARCHIVE_DIR. Raises OSError where they are there and cannot be read."""
        standing = _standing(folder / FILE)
        journal = read_journal(folder / "warc")
        for line in journal.removed if journal is not None else ():  # the process was killed before it noted them
            with contextlib.suppress(ValueError):
                one = decode_tombstone(line)
                standing.setdefault((one.address, one.is_prefix), one)
        return cls(standing.values())

    def __iter__(self) -> Iterator[Tombstone]:
        return iter(self._all)

    def of(self, url: str) -> Tombstone | None:
        """Return the one that concerns an address; None where there is none."""
        for address in (url, *_inside(url)) if self._all else ():
            for one in self._by_host.get(_host(address), ()):
                if one.covers(address):
                    return one
        return None


def add_tombstone(folder: Path, tombstone: Tombstone) -> None:
    """Note that an address is taken down, unless that stands there. Raises OSError."""
    if (tombstone.address, tombstone.is_prefix) not in _standing(folder / FILE):
        _append(folder, tombstone.to_json())


def lift_tombstones(folder: Path, address: str, at: datetime) -> int:
    """Note that an address, or what begins so, may be kept again; how many removals that lifts. Raises OSError."""
    lifted = [one for one in _standing(folder / FILE).values() if _key(one.address) == _key(address)]
    for one in lifted:
        told = {"address": one.address, "prefix": one.is_prefix, "lifted": at.isoformat()}
        _append(folder, json.dumps(told, ensure_ascii=False))
    return len(lifted)


def _append(folder: Path, line: str) -> None:
    """Write the file whole: what was taken down may not come back by a torn line."""
    file = folder / FILE
    known = file.read_bytes() if file.exists() else b""
    sweep(folder, _UNFINISHED)
    with open_replacement(file, _UNFINISHED) as stream:
        stream.write(known + line.encode("utf-8", "surrogatepass") + b"\n")


def decode_tombstone(line: str | bytes) -> Tombstone:
    """Return what a line says. Raises ValueError for one that says nothing."""
    try:
        found = json.loads(line)
        return Tombstone(str(found["address"]), bool(found["prefix"]), utc(found["at"]), str(found["reason"]))
    except (LookupError, TypeError) as error:
        raise ValueError(f"it is damaged ({type(error).__name__})") from None


def _standing(file: Path) -> dict[tuple[str, bool], Tombstone]:
    standing = dict[tuple[str, bool], Tombstone]()
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return standing
    for line in lines:
        with contextlib.suppress(ValueError, LookupError, TypeError):
            found = json.loads(line)
            name = str(found["address"]), bool(found["prefix"])
            if "lifted" in found:
                standing.pop(name, None)
            else:
                standing[name] = decode_tombstone(line)
    return standing


def _inside(url: str) -> Iterator[str]:
    """The addresses that an address holds: as the end of its path, or as a value in its query."""
    for part in (url, unquote(url)):
        yield from (
            part[match.start() :].replace(":/", "://").replace(":///", "://") for match in _INSIDE.finditer(part)
        )
    with contextlib.suppress(ValueError):
        for _, value in parse_qsl(urlsplit(url).query):
            yield value if "://" in value else f"http://{value}"


def _key(url: str) -> str:
    try:
        return page_key(address_key(url))
    except ValueError:
        return url


def _host(url: str) -> str:
    return _key(url).removeprefix("//").partition("/")[0].partition("?")[0]
