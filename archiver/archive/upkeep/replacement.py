"""Put new files of an archive in the place of old ones: all of them or none, whenever the process is killed.

ARCHIVE_DIR/warc/.upkeep-….part   new files while they are written; swept when their process is gone
                 upkeep.json      from then on: what gets which name and what goes; whoever opens the archive ends it

Why a journal: docs/design.md D104.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.errors import ArchiveBusy, SettingsError
from archiver.files.atomic import begin, sweep, sync_folder, try_lock

JOURNAL = "upkeep.json"
"""Its name in the folder of WARCs."""
_UNFINISHED = "upkeep"


@dataclass(frozen=True, slots=True)
class Journal:
    """What a replacement does, in names relative to the folder of WARCs."""

    renames: tuple[tuple[str, str], ...] = ()
    """Each new file: its name while it was written, and its name from now on."""
    old: tuple[str, ...] = ()
    """What goes when the new ones are there."""
    removed: tuple[str, ...] = ()
    """The addresses that were taken down, as `tombstones.Tombstone` writes them; their texts elsewhere go too."""

    @property
    def is_unfinished(self) -> bool:
        """Whether files have still to get their names, or to go."""
        return bool(self.renames or self.old)

    def to_json(self) -> bytes:
        """Return the file's content."""
        told = {"renames": self.renames, "old": self.old, "removed": self.removed}
        return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def read_journal(warcs: Path) -> Journal | None:
    """Return what a replacement in a folder of WARCs has still to do; None where none is under way."""
    try:
        found = json.loads((warcs / JOURNAL).read_bytes())
        return Journal(
            tuple((str(part), str(name)) for part, name in found["renames"]),
            tuple(map(str, found["old"])),
            tuple(map(str, found["removed"])),
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None  # it is written whole: what cannot be read is none of ours


def hidden_files(warcs: Path) -> frozenset[str]:
    """Return the files of a folder that do not count yet, or no more, so that each capture shows once."""
    journal = read_journal(warcs)
    if journal is None:
        return frozenset()
    if all((warcs / name).exists() for _, name in journal.renames):
        return frozenset(journal.old)
    return frozenset(name for _, name in journal.renames)


class Replacement:
    """New files of one folder of WARCs, which take the place of old ones at once. For one thread, under the run's lock.

    Used as a context: what was not committed is gone at its end.
    """

    def __init__(self, warcs: Path) -> None:
        """Raises ArchiveBusy while another process ends one."""
        self._warcs = warcs
        self._files = contextlib.ExitStack()
        self._parts: list[tuple[BinaryIO, Path, str]] = []
        self._journal: BinaryIO | None = None
        finish(warcs)
        journal = read_journal(warcs)
        if journal is not None and journal.is_unfinished:
            raise ArchiveBusy(f"another process is mending {warcs}; this one leaves it alone")

    def __enter__(self) -> Replacement:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            if self._journal is None:
                for _, part, _ in self._parts:
                    part.unlink(missing_ok=True)
        finally:
            self._files.close()

    def add(self, name: str) -> tuple[BinaryIO, Path]:
        """Begin a new file, which will be called `name`; it is written by who asks, and read again where it lies."""
        stream, part = begin((self._warcs / name).parent, _UNFINISHED)
        self._files.enter_context(stream)
        self._parts.append((stream, part, name))
        return stream, part

    def commit(self, old: list[str], removed: tuple[str, ...] = ()) -> None:
        """Let the new files be there, from this moment on, and the old ones be gone. Raises OSError."""
        for out, written, _ in self._parts:
            out.flush()
            os.fsync(out.fileno())
            sync_folder(written.parent)
        pending = read_journal(self._warcs)
        removed = (*(pending.removed if pending is not None else ()), *removed)
        renames = tuple((part.relative_to(self._warcs).as_posix(), name) for _, part, name in self._parts)
        self._journal = self._files.enter_context(_write(self._warcs, Journal(renames, tuple(old), removed)))

    def place(self) -> None:
        """Give the new files their names. Raises OSError; then the next command does it."""
        journal = read_journal(self._warcs)
        assert journal is not None
        _place(self._warcs, journal)

    def end(self) -> None:
        """Remove the old files, and the journal unless texts are still to be cleaned. Raises OSError."""
        journal = read_journal(self._warcs)
        assert journal is not None
        _end(self._warcs, journal)


def finish(warcs: Path) -> None:
    """End what a process that was killed had begun in a folder; leave what a living one does. Raises OSError."""
    with _own_journal(warcs) as journal:
        if journal is not None and journal.is_unfinished:
            try:
                _place(warcs, journal)
            except FileNotFoundError:
                _undo(warcs, journal)
            else:
                _end(warcs, journal)
    pending = read_journal(warcs)
    if pending is not None and pending.is_unfinished:
        return  # its process lives, and its files wait for their names
    for place in {warcs, *(part.parent for part in warcs.rglob(f".{_UNFINISHED}-*.part"))}:
        sweep(place, _UNFINISHED)


def texts_cleaned(warcs: Path) -> None:
    """Note that nothing is left to do for the addresses that were taken down. Raises OSError."""
    with _own_journal(warcs) as journal:
        if journal is not None and not journal.is_unfinished:
            (warcs / JOURNAL).unlink(missing_ok=True)
            sync_folder(warcs)


def check_room(folder: Path, needed: int) -> None:
    """Raise SettingsError where the disk has no room for so many bytes more."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SettingsError(
            f"{folder} has {free} bytes free and {needed} are needed until the old files are gone; make room"
        )


def successor_name(first: str, before: str, behind: str, taken: set[str]) -> str | None:
    """Return a name that sorts where `first` does, between the files `before` and `behind`; None where there is none.

    Of captures of one instant the later in file and place counts: no file may change its place among the others.

    >>> successor_name("a.warc.gz", "", "b.warc.gz", set()), successor_name("a-c1.warc", "", "b.warc", set())
    ('a-c1.warc.gz', 'a-c2.warc')
    """
    split = first.lower().rindex(".warc")
    stem, ending = first[:split], first[split:]
    base, _, number = stem.rpartition("-c")
    stem, begin_at = (base, int(number) + 1) if base and number.isdecimal() else (stem, 1)
    for serial in range(begin_at, begin_at + _MAX_NAMES):
        for mark in ("-c", "-~c"):
            name = f"{stem}{mark}{serial}{ending}"
            if before < name and (not behind or name < behind) and name not in taken:
                return name
    return None


_MAX_NAMES = 1_000
"""Names that are tried for a file; with fewer a file that was rewritten as often keeps what is to go. Chosen, not
measured."""


@contextlib.contextmanager
def _own_journal(warcs: Path) -> Iterator[Journal | None]:
    """The journal of a process that is gone, held against others; None where there is none, or its process lives."""
    try:
        stream = (warcs / JOURNAL).open("r+b")
    except FileNotFoundError:
        yield None
        return
    with stream:
        is_ours = try_lock(stream.fileno()) and os.fstat(stream.fileno()).st_nlink
        yield read_journal(warcs) if is_ours else None


def _place(warcs: Path, journal: Journal) -> None:
    folders = set()
    lost = [name for part, name in journal.renames if not (warcs / part).exists() and not (warcs / name).exists()]
    if lost and all((warcs / name).exists() for name in journal.old):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(warcs / lost[0]))
    for part, name in journal.renames:
        with contextlib.suppress(FileNotFoundError):  # it has its name already
            (warcs / part).rename(warcs / name)
        folders.add((warcs / name).parent)
    for folder in folders:
        sync_folder(folder)


def _undo(warcs: Path, journal: Journal) -> None:
    """Let the old files stay: a new one was taken away by somebody else before it had its name."""
    for _, name in journal.renames:
        (warcs / name).unlink(missing_ok=True)
    (warcs / JOURNAL).unlink(missing_ok=True)
    sync_folder(warcs)


def _end(warcs: Path, journal: Journal) -> None:
    for name in journal.old:
        (warcs / name).unlink(missing_ok=True)
    for place in {(warcs / name).parent for name in journal.old}:
        sync_folder(place)
    if journal.removed:
        _write(warcs, Journal(removed=journal.removed)).close()
    else:
        (warcs / JOURNAL).unlink(missing_ok=True)
    sync_folder(warcs)


def _write(warcs: Path, journal: Journal) -> BinaryIO:
    """Put a journal in place, whole; it is held as long as it is open. Raises OSError."""
    stream, part = begin(warcs, _UNFINISHED)
    try:
        stream.write(journal.to_json())
        stream.flush()
        os.fsync(stream.fileno())
        part.rename(warcs / JOURNAL)
        sync_folder(warcs)
    except BaseException:
        part.unlink(missing_ok=True)
        stream.close()
        raise
    return stream
