"""Files on their way to their names, and folders for a while: hidden, and locked while their process lives.

The lock is the kernel's (flock) and ends with the process however that ends, so that what a killed one left can be
told from what a living one is writing.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def hidden_name(folder: Path, prefix: str) -> Path:
    """Return a name for what is under way, by which `sweep` knows it."""
    return folder / f".{prefix}-{secrets.token_hex(4)}.part"


def begin(folder: Path, prefix: str, mode: int = 0o666) -> tuple[BinaryIO, Path]:
    """A new file in a folder, to be renamed or deleted before it is closed. Raises OSError.

    `prefix` tells whose leftovers it may become; `mode` are its permissions before the umask.
    """
    while True:
        file = hidden_name(folder, prefix)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
        stream = open(descriptor, "w+b")  # noqa: PTH123, SIM115  (a descriptor, not a path; it is handed on)
        try:
            # A sweep may have found the file between these two steps.
            if try_lock(descriptor) and os.fstat(descriptor).st_nlink:
                return stream, file
        except BaseException:
            file.unlink(missing_ok=True)
            stream.close()
            raise
        stream.close()


def begin_folder(folder: Path, prefix: str) -> tuple[int, Path]:
    """A new folder that only this user may enter, and its open descriptor, which holds the lock. Raises OSError."""
    while True:
        made = hidden_name(folder, prefix)
        made.mkdir(mode=0o700)
        descriptor = os.open(made, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        # A sweep may have found it between these two steps.
        if try_lock(descriptor) and made.is_dir():
            return descriptor, made
        os.close(descriptor)


@contextlib.contextmanager
def open_replacement(file: Path, prefix: str) -> Iterator[BinaryIO]:
    """Write what takes the place of a file in one step, once it is on the disk; after an error the old one is there.

    `prefix` as for `begin`. Raises OSError.
    """
    stream, part = begin(file.parent, prefix)
    with stream:
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    sync_folder(file.parent)


NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links answer, and a kernel that does not let this user make one."""


def place_new(file: Path, target: Path) -> None:
    """Give a file a name that no other has; whoever looks sees nothing there, or all of it.

    Raises FileExistsError when the name is taken, OSError; the file then has the name that it had.
    """
    try:
        os.link(file, target)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        # An empty file claims the name: renaming alone would replace what somebody else has put there.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW))
        try:
            file.replace(target)
        except BaseException:
            target.unlink()
            raise
    else:
        file.unlink()


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path, prefix: str) -> list[Path]:
    """Remove what dead processes left of this prefix in a folder; what was removed.

    What cannot be looked at or removed stays.
    """
    ours = re.compile(rf"\.{re.escape(prefix)}-[0-9a-f]{{8}}\.part")
    removed = []
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for name in [entry.name for entry in found if ours.fullmatch(entry.name)]:
            with contextlib.suppress(OSError):
                if _remove(folder / name):
                    removed.append(folder / name)
    return removed


def sweep_folders(folder: Path, prefix: str) -> None:
    """Remove what dead processes left of folders that they began here; what cannot be removed stays."""
    for left in folder.glob(f".{prefix}-*.part"):
        with contextlib.suppress(OSError):
            descriptor = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                # Folders for temporary files are shared with others.
                if os.fstat(descriptor).st_uid == os.geteuid() and try_lock(descriptor):
                    shutil.rmtree(left)
            finally:
                os.close(descriptor)


def _remove(file: Path) -> bool:
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not try_lock(descriptor):
            return False
        file.unlink()
        return True
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Lock an open file against whoever sweeps; False when another process holds the lock. Raises OSError."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
