"""Exports under way, noted in the archive: an export's file lies where somebody wants it, and nobody else looks there.

ARCHIVE_DIR/.export-….part   where an export is being written; locked by its process, gone with its end. From when all
                             its files are on the disk, which name each gets: whoever finds it then ends the export.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from archiver.files.atomic import begin, place_new, sweep, try_lock

_PREFIX = "export"


@contextlib.contextmanager
def note_export(folder: Path, target: Path) -> Iterator[Callable[[Iterable[tuple[Path, Path]]], None]]:
    """Note in ARCHIVE_DIR where an export goes, as long as it is written; an archive that is read only stays so.

    Yields what notes the names that its files get, from which moment on it is done.
    """
    try:
        stream, note = begin(folder, _PREFIX)
    except OSError:
        yield lambda _: None
        return

    def write(renames: Iterable[tuple[Path, Path]]) -> None:
        names = [[part.name, name.name] for part, name in renames]
        said = json.dumps([str(target.parent.absolute()), target.name, names]).encode("utf-8", "surrogatepass")
        with contextlib.suppress(OSError):
            # A line more, so that a kill in its middle leaves the one before.
            stream.write(said + b"\n")
            stream.flush()
            os.fsync(stream.fileno())

    with stream:
        try:
            write([])
            yield write
        finally:
            note.unlink(missing_ok=True)


def sweep_exports(folder: Path) -> None:
    """Remove what killed exports of ARCHIVE_DIR left, wherever they went; what cannot be removed stays."""
    for note in folder.glob(f".{_PREFIX}-*.part"):
        with contextlib.suppress(OSError), note.open("rb") as stream:
            if try_lock(stream.fileno()):
                _end(stream.read())
                note.unlink()


def _end(said: bytes) -> None:
    """Give the files of an export their names, where all were on the disk; else remove them. Raises OSError."""
    found = None
    for line in said.splitlines():
        with contextlib.suppress(ValueError):  # it was killed while it wrote this
            found = json.loads(line)
    if found is None:
        return
    target, name, *renames = found
    for part, final in renames[0] if renames else ():
        with contextlib.suppress(FileNotFoundError, FileExistsError):  # it has its name; somebody else has taken it
            place_new(Path(target, part), Path(target, final))
    sweep(Path(target), name)
