"""Exports under way, noted in the archive: an export's file lies where somebody wants it, and nobody else looks there.

ARCHIVE_DIR/.export-….part   where an export is being written; locked by its process, gone with its end
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from archiver.files.atomic import begin, sweep, try_lock

_PREFIX = "export"


@contextlib.contextmanager
def note_export(folder: Path, target: Path) -> Iterator[None]:
    """Note in ARCHIVE_DIR where an export goes, as long as it is written; an archive that is read only stays so."""
    try:
        stream, note = begin(folder, _PREFIX)
    except OSError:
        yield
        return
    with stream:
        try:
            with contextlib.suppress(OSError):
                stream.write(json.dumps([str(target.parent.absolute()), target.name]).encode("utf-8", "surrogatepass"))
                stream.flush()
                os.fsync(stream.fileno())
            yield
        finally:
            note.unlink(missing_ok=True)


def sweep_exports(folder: Path) -> None:
    """Remove what killed exports of ARCHIVE_DIR left, wherever they went; what cannot be removed stays."""
    for note in folder.glob(f".{_PREFIX}-*.part"):
        with contextlib.suppress(OSError), note.open("rb") as stream:
            if try_lock(stream.fileno()):
                with contextlib.suppress(ValueError):  # it was killed while it wrote this
                    target, name = json.loads(stream.read())
                    sweep(Path(target), name)
                note.unlink()
