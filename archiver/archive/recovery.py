"""Finish the WARCs of runs that were killed: cut the torn tail, give the file its name.

A run writes `NAME.warc.gz.open` and holds a lock (flock) on it, which ends with its process however that ends.
So a file that can be locked has no writer any more. Why a lock: docs/design.md D45.
"""

from __future__ import annotations

import logging
import mmap
import os
from pathlib import Path
from typing import BinaryIO

from archiver.archive.archive import OPEN_SUFFIX
from archiver.archive.upkeep.replacement import finish
from archiver.archive.warc.members import BROKEN_MEMBER, GZIP_MAGIC, iterate_member
from archiver.files.atomic import sweep, try_lock

UNFINISHED_IMPORT = "import"
"""What the names of files begin with that an import has not written to their end yet."""

logger = logging.getLogger(__name__)


def recover(folder: Path) -> list[Path]:
    """Finish what dead runs left in a folder of WARCs; the finished files.

    So are files that one was putting in the place of others (archive/upkeep/); copies that an import was making are
    removed. What cannot be finished is reported, and
    stays.
    """
    try:
        finish(folder)
    except OSError as error:
        logger.warning("%s: what was begun there cannot be ended (%s); it is tried again", folder, error.strerror)
    sweep(folder, UNFINISHED_IMPORT)
    finished = []
    for file in sorted(folder.rglob("*.warc.gz" + OPEN_SUFFIX)):
        try:
            done = _finish(file)
        except OSError as error:
            logger.warning("%s was left by a run that was ended, and cannot be finished (%s)", file, error.strerror)
            continue
        if done is not None:
            finished.append(done)
    return finished


def publish(stream: BinaryIO, file: Path) -> Path:
    """Give a written file, which is locked, its final name, once its bytes are on the disk. Raises OSError."""
    os.fsync(stream.fileno())
    final = file.with_name(file.name.removesuffix(OPEN_SUFFIX))
    file.rename(final)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return final


def _finish(file: Path) -> Path | None:
    try:
        stream = file.open("r+b")
    except FileNotFoundError:
        return None  # another process was quicker
    with stream:
        if not try_lock(stream.fileno()) or not os.fstat(stream.fileno()).st_nlink or not file.exists():
            return None
        size = os.fstat(stream.fileno()).st_size
        end = whole_records(stream, size)
        if not end:
            file.unlink()
            return None
        if end < size:
            logger.warning(
                "%s: a run was ended while it wrote; the %d bytes of a torn record are cut off", file, size - end
            )
            stream.truncate(end)
        return publish(stream, file)


def whole_records(stream: BinaryIO, size: int) -> int:
    """Where the last whole record ends; each is a gzip member, whose checksum says whether it is whole."""
    if not size:
        return 0
    end = start = 0
    with mmap.mmap(stream.fileno(), size, access=mmap.ACCESS_READ) as content:
        while 0 <= start < size:
            stop = _member_end(content, start)
            if stop is None:
                # Damage in the middle of a file is for a person to see, not for us to cut off.
                start = content.find(GZIP_MAGIC, start + 1)
            else:
                end = start = stop
    return end


def _member_end(content: mmap.mmap, start: int) -> int | None:
    """Where the member at a place ends that holds a record; None where there is none, or it breaks off."""
    begun, end = b"", start
    try:
        for piece, end in iterate_member(content, start):  # noqa: B007  (the last one ends the member)
            begun = begun or piece
            if begun and not begun.startswith(b"WARC/"):
                return None
    except BROKEN_MEMBER:
        return None
    return end
