"""One file in the place of another that nobody has touched meanwhile.

The old file keeps a hidden name until all is known to be well. So what somebody wrote into it while it was being
replaced is not lost, and a disk that fails at the last step leaves the file that was there.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from archiver.files.atomic import begin, hidden_name, sync_folder
from archiver.files.attributes import copy_attributes


class FileChanged(Exception):
    """The file is not, or not any more, what is to be replaced; it is as somebody else left it."""


def replace_unchanged(file: Path, descriptor: int, before: bytes, after: bytes, prefix: str) -> None:
    """Replace a file, open for reading, that holds `before`; its owner, mode and other attributes stay.

    `prefix` as for `files.atomic.begin`. Raises FileChanged, OSError; the file is then as it was.
    """
    with write_beside(file, after, prefix, like=descriptor) as new, _second_name(file, prefix) as old:
        _check(file, descriptor, before)
        new.replace(file)
        try:
            sync_folder(file.parent)
            _check_content(descriptor, before)
        except BaseException:
            if old is not None:
                with contextlib.suppress(OSError):
                    old.replace(file)
            raise


@contextlib.contextmanager
def write_beside(
    file: Path, content: bytes, prefix: str, *, like: int | None = None, mode: int = 0o666
) -> Iterator[Path]:
    """Write what may take a file's place, under a hidden name that is gone afterwards; all of it is on the disk.

    It has the attributes of the open file `like`, without one the permissions `mode`. Raises OSError.
    """
    stream, part = begin(file.parent, prefix, mode=0o600)
    with stream:
        try:
            stream.write(content)
            stream.flush()
            if like is None:
                os.fchmod(stream.fileno(), mode)
            else:
                copy_attributes(like, stream.fileno())
            os.fsync(stream.fileno())
            yield part
        finally:
            with contextlib.suppress(OSError):
                part.unlink()


@contextlib.contextmanager
def _second_name(file: Path, prefix: str) -> Iterator[Path | None]:
    """Give a file a hidden name beside its own; None where the file system has no such names."""
    name = hidden_name(file.parent, prefix)
    try:
        name.hardlink_to(file)
    except OSError:
        yield None
        return
    try:
        yield name
    finally:
        with contextlib.suppress(OSError):
            name.unlink()


def is_at(file: Path, descriptor: int) -> bool:
    """Return whether a path still names the file that was opened. Raises OSError."""
    try:
        return os.path.samestat(file.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _check(file: Path, descriptor: int, before: bytes) -> None:
    if not is_at(file, descriptor):
        raise FileChanged("replaced or renamed")
    _check_content(descriptor, before)


def _check_content(descriptor: int, before: bytes) -> None:
    if os.fstat(descriptor).st_size != len(before) or os.pread(descriptor, len(before) + 1, 0) != before:
        raise FileChanged("changed")
