"""New seeds, and new names for seeds: nothing that is there is ever replaced."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from archiver.errors import SeedUnwritable
from archiver.files.atomic import begin, place_new, sync_folder
from archiver.seeds.store import UNFINISHED, SeedStore


def create(store: SeedStore, path: str, content: bytes) -> bool:
    """Write a new seed at a path below the store's folder; False when a file has that name.

    The file gets its name once all of it is on the disk; the name itself is, after `sync`. Raises SeedUnwritable.
    """
    file = store.root / path
    try:
        _check_inside(store, file)
        file.parent.mkdir(parents=True, exist_ok=True)
        out, temporary = begin(file.parent, UNFINISHED)
        with out:
            try:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
                is_placed = _place(temporary, file)
            finally:
                with contextlib.suppress(OSError):
                    temporary.unlink()
    except OSError as error:
        raise _unwritable(store, path, error) from None
    return is_placed


def sync(store: SeedStore, paths: Iterable[str]) -> None:
    """Let the names of new seeds reach the disk: once a folder, since each time takes longer than to write a seed."""
    for folder in {(store.root / path).parent for path in paths}:
        with contextlib.suppress(OSError):  # the seeds are there, and whoever adds the list again adds what is not
            sync_folder(folder)


def rename(store: SeedStore, path: str, to: str) -> bool:
    """Give a seed another name in its folder; False when a file has that name. Raises SeedUnwritable."""
    file = store.root / path
    try:
        _check_inside(store, file)
        if file.is_symlink():
            raise SeedUnwritable(f"{store.display_path(path)} is a link and keeps its name; rename it by hand")
        with _hold(file):
            is_placed = _place(file, file.with_name(to))
        sync_folder(file.parent)
    except OSError as error:
        raise _unwritable(store, path, error) from None
    return is_placed


@contextlib.contextmanager
def _hold(file: Path) -> Iterator[None]:
    """Hold a seed against runs that replace it: one would put its own bytes under the name that this one takes away."""
    while True:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # A run that was waited for has put another file there.
            if os.path.samestat(os.fstat(descriptor), file.lstat()):
                yield
                return
        finally:
            os.close(descriptor)


def _place(file: Path, target: Path) -> bool:
    try:
        place_new(file, target)
    except FileExistsError:
        return False
    return True


def _check_inside(store: SeedStore, file: Path) -> None:
    if not file.parent.resolve().is_relative_to(store.root.resolve()):
        shown = store.display_path(str(file.relative_to(store.root)))
        raise SeedUnwritable(f"{shown} would lie outside of SEEDS_DIR because of a link; remove the link")


def _unwritable(store: SeedStore, path: str, error: OSError) -> SeedUnwritable:
    reason = (error.strerror or type(error).__name__).lower()
    return SeedUnwritable(
        f"{store.display_path(path)} cannot be written ({reason}); see to room and permission and run again"
    )
