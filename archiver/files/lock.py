"""One run at a time per archive."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from archiver.errors import ArchiveBusy, SettingsError


@contextlib.contextmanager
def run_lock(folder: Path, now: datetime) -> Iterator[None]:
    """Hold ARCHIVE_DIR against other runs.

    The lock is the kernel's, on an open file, and ends with the process however that ends; the file stays and means
    nothing by itself. Raises ArchiveBusy while another run holds it, SettingsError when the folder cannot be written.
    """
    file = folder / "lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise _unusable(folder, error) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ArchiveBusy(f"{_holder(descriptor)} works on {folder}; this one leaves it alone") from None
        except OSError as error:
            raise _unusable(folder, error) from None
        # On a full disk the run goes on unsigned: it may be one that makes room.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()} {now.isoformat(timespec='seconds')}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    # Between taking the lock and signing it a run is anonymous.
    words = os.pread(descriptor, 100, 0).decode("utf-8", "replace").split()
    return f"another run (process {words[0]}, since {words[1]})" if len(words) == 2 else "another run"


def _unusable(folder: Path, error: OSError) -> SettingsError:
    reason = (error.strerror or type(error).__name__).lower()
    return SettingsError(
        f"ARCHIVE_DIR={folder} cannot be locked ({reason}); name a folder on a disk that can be written"
    )
