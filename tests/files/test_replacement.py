"""A file in the place of another: what it keeps, and what others do to that one meanwhile."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.files.attributes import OwnerNotKept, copy_attributes
from archiver.files.replacement import FileChanged, replace_unchanged
from tests.conftest import tree

OLD, NEW, EDIT = b"old bytes\n", b"new bytes, which are more\n", b"an edit\n"
IS_ROOT = os.geteuid() == 0


def replace(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        replace_unchanged(file, descriptor, OLD, NEW, "seed-archiver")
    finally:
        os.close(descriptor)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.md"
    path.write_bytes(OLD)
    return path


def test_owner_mode_and_attributes_stay(file: Path) -> None:
    # Only root can give a file away; everybody else has to be refused, below.
    if IS_ROOT:
        os.chown(file, 1234, 2345)
    file.chmod(0o2640)
    with contextlib.suppress(OSError):  # some file systems have none
        os.setxattr(file, "user.note", b"of a person")
    before = file.stat()
    attributes = {name: os.getxattr(file, name) for name in os.listxattr(file)}
    replace(file)
    after = file.stat()
    assert file.read_bytes() == NEW
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert {name: os.getxattr(file, name) for name in os.listxattr(file)} == attributes


def test_a_file_that_this_user_cannot_give_to_its_owner_is_refused(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    if IS_ROOT:
        os.chown(file, 1234, 2345)
        monkeypatch.setattr(os, "fchown", refuse)
    with (
        Path(file if IS_ROOT else "/etc/passwd").open("rb") as theirs,
        (tmp_path / "b.md").open("wb") as ours,
        pytest.raises(OwnerNotKept, match="it belongs to"),
    ):
        copy_attributes(theirs.fileno(), ours.fileno())


def edit_in_place(file: Path) -> None:
    file.write_bytes(EDIT)


def rename_over(file: Path) -> None:
    file.with_suffix(".new").write_bytes(EDIT)
    file.with_suffix(".new").replace(file)


@pytest.mark.parametrize("edit", [edit_in_place, rename_over, Path.unlink])
@pytest.mark.parametrize("kind", [stat.S_IFREG, stat.S_IFDIR], ids=["before the rename", "after it"])
def test_what_somebody_does_meanwhile_is_not_lost(
    file: Path, monkeypatch: pytest.MonkeyPatch, edit: Callable[[Path], None], kind: int
) -> None:
    """The disk is waited for twice: for the new bytes, and for their name. An editor may hold the old file open."""
    fsync, opened = os.fsync, file.open("r+b")

    def meanwhile(descriptor: int) -> None:
        fsync(descriptor)
        if stat.S_IFMT(os.fstat(descriptor).st_mode) != kind:
            return
        if kind == stat.S_IFREG or edit is not edit_in_place:
            edit(file)
        else:
            opened.truncate(0)
            opened.write(EDIT)
            opened.flush()

    monkeypatch.setattr(os, "fsync", meanwhile)
    if kind == stat.S_IFDIR and edit is not edit_in_place:
        replace(file)  # what was done came after
    else:
        with pytest.raises(FileChanged):
            replace(file)
    opened.close()
    assert tree(file.parent) == ({} if edit is Path.unlink else {"a.md": EDIT})


def test_a_name_that_does_not_reach_the_disk_leaves_the_file_that_was_there(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync, inode = os.fsync, file.stat().st_ino

    def fail(descriptor: int) -> None:
        fsync(descriptor)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="put error"):
        replace(file)
    assert (tree(file.parent), file.stat().st_ino) == ({"a.md": OLD}, inode)
