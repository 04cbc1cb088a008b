"""Owner, group, mode, access lists and extended attributes: what a file that takes another one's place has to keep."""

from __future__ import annotations

import os
import sys

_NOT_OURS = ("security.", "trusted.")
"""Attributes that the kernel sets by its own rules, or that only root sees."""


class OwnerNotKept(OSError):
    """A file of another user or group, which this user cannot give to a new one."""


def copy_attributes(source: int, target: int) -> None:
    """Give an open file what another open file has besides its content. Raises OSError."""
    status, own = os.fstat(source), os.fstat(target)
    if (status.st_uid, status.st_gid) != (own.st_uid, own.st_gid):
        try:
            os.fchown(target, status.st_uid, status.st_gid)
        except PermissionError as error:
            raise OwnerNotKept(error.errno, f"it belongs to {status.st_uid}:{status.st_gid}") from None
    if sys.platform == "linux":
        # An access list is one of them (system.posix_acl_access).
        for name in os.listxattr(source):
            if not name.startswith(_NOT_OURS):
                os.setxattr(target, name, os.getxattr(source, name))
    # Last: a change of owner takes bits away.
    os.fchmod(target, status.st_mode & 0o7777)
