"""Recognise a file that is as it was when it was read, without reading it again."""

from __future__ import annotations

import os
import stat
import struct

MIN_SETTLED_NANOSECONDS = 2_000_000_000
"""Nanoseconds after its last change before which a file that was read is not recognised later, for another change may
bear the same time; with fewer one is missed on disks that keep whole or even seconds (FAT: two). Chosen, not
measured."""

_STAMP = struct.Struct(">QqqQ")


def stamp_of(status: os.stat_result) -> bytes | None:
    """The stamp of a file that lies there itself; None for a link, which leads elsewhere, or anything else."""
    if not stat.S_ISREG(status.st_mode):
        return None
    inode = status.st_ino & 0xFFFF_FFFF_FFFF_FFFF
    return _STAMP.pack(status.st_size, status.st_mtime_ns, status.st_ctime_ns, inode)


def settled_stamp(status: os.stat_result, now_ns: int) -> bytes | None:
    """The stamp by which a file that was read at `now_ns` is recognised; None where it has only just been changed."""
    is_settled = max(status.st_mtime_ns, status.st_ctime_ns) + MIN_SETTLED_NANOSECONDS <= now_ns
    return stamp_of(status) if is_settled else None
