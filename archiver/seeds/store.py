"""Find, read and replace the files of the seeds folder; only `creation` touches it besides.

A seed is replaced in one step: the new bytes go to a temporary file beside it, reach the disk (fsync), take its name
(rename), and the folder is synced (`files.replacement`). Whoever reads the file at any moment, or after a crash at any
moment, sees the old bytes or the new ones. Why it is read again: docs/design.md D5.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archiver.errors import SeedChanged, SeedUnreadable, SeedUnwritable, SettingsError
from archiver.files.atomic import sweep, sync_folder
from archiver.files.attributes import OwnerNotKept
from archiver.files.replacement import FileChanged, is_at, replace_unchanged, write_beside
from archiver.files.stamps import settled_stamp
from archiver.seeds.globs import SeedFiles
from archiver.seeds.walk import FoundSeed, walk_seeds

UNFINISHED = "seed-archiver"
"""What the names of files begin with that are not written to their end yet."""


MAX_SEED_BYTES = 16 * 1024 * 1024
"""Bytes of one seed that are read; the longest books in one file have a tenth. With less a seed that holds pictures as
`data:` addresses may be left out, with more one file takes a multiple of this of memory: a sparse file of a gigabyte
took 2.2 GB."""


@dataclass(frozen=True, slots=True)
class SeedStore:
    """The seeds below one folder, by their path relative to it (`/` between folders)."""

    root: Path
    output: Path | None = None
    """Where repaired copies go; None repairs in place."""
    files: SeedFiles = field(default_factory=SeedFiles)

    @classmethod
    def open(cls, root: Path, output: Path | None = None, files: SeedFiles | None = None) -> SeedStore:
        """A store on an existing, readable folder.

        Raises SettingsError when `root` is not such a folder, or when `output` lies where seeds are read or cannot be
        a folder.
        """
        if not root.exists():
            raise SettingsError(f"SEEDS_DIR={root} does not exist; name the folder that holds the seeds")
        if not root.is_dir():
            raise SettingsError(f"SEEDS_DIR={root} is not a folder; name the folder that holds the seeds")
        if not os.access(root, os.R_OK | os.X_OK):
            raise SettingsError(f"SEEDS_DIR={root} may not be read; give this user read permission on it")
        if output is not None:
            if output.exists() and not output.is_dir():
                raise SettingsError(f"OUTPUT_DIR={output} is not a folder; name a folder for the repaired copies")
            if output.resolve().is_relative_to(root.resolve()):
                raise SettingsError(
                    f"OUTPUT_DIR={output} lies inside SEEDS_DIR={root}, where it would be read as seeds; name another"
                )
        return cls(root, output, files or SeedFiles())

    def check_not_empty(self) -> None:
        """Raise SettingsError when the folder holds no file that is named like a seed."""
        if next(self.paths(), None) is None:
            left = " that SEED_INCLUDE and SEED_EXCLUDE leave" if self.files.include or self.files.exclude else ""
            raise SettingsError(
                f"{self.root} holds no seed: no file in it{left} ends in {', '.join(self.files.suffixes)}; "
                "name the folder that holds the seeds, or the endings of their names in SEED_SUFFIXES"
            )

    def paths(self) -> Iterator[str]:
        """The seeds' paths in the order of their names, one folder at a time in memory."""
        return (found.path for found in self.found())

    def found(self) -> Iterator[FoundSeed]:
        """The same, each with what the folder says of the file."""
        return walk_seeds(self.root, self.files)

    def sweep(self) -> list[str]:
        """Remove what runs that were killed left half-written beside the seeds, and beside their copies; its paths.

        What a living run is writing stays, and so does every file that is not ours.
        """
        removed: list[Path] = []
        for root in filter(None, (self.root, self.output)):
            for folder, below, _ in os.walk(root):
                parts = Path(folder).relative_to(root).parts
                below[:] = [
                    name for name in below if not (name.startswith(".") or self.files.excludes((*parts, name), True))
                ]
                removed += sweep(Path(folder), UNFINISHED)
        return [_readable(str(file)) for file in removed]

    def display_path(self, path: str) -> str:
        r"""The path as a person can open it from the working directory; bytes that are not UTF-8 as `\xe9`."""
        return self._prefix + _readable(path)

    def relative(self, shown: str) -> str:
        """The opposite of `shown`."""
        return shown.removeprefix(self._prefix)

    @property
    def _prefix(self) -> str:
        """What `shown` puts before a path."""
        root = str(self.root)
        return "" if root == "." else _readable(root if root.endswith("/") else f"{root}/")

    def read(self, path: str) -> bytes:
        """The seed's bytes. Raises SeedUnreadable."""
        return self.read_stamped(path)[0]

    def read_stamped(self, path: str) -> tuple[bytes, bytes | None]:
        """The seed's bytes, and the stamp by which their file is recognised later. Raises SeedUnreadable."""
        if not _is_utf8(path):
            raise SeedUnreadable(f"{self.display_path(path)} has a name that is not UTF-8; rename it")
        file = self._inside(path)
        try:
            # Opening a named pipe would wait for whoever writes into it.
            if not file.is_file() and file.exists() and not file.is_dir():
                raise SeedUnreadable(
                    f"{self.display_path(path)} is not a file although it is named like a seed; rename it"
                )
            with file.open("rb") as seed:
                status = os.fstat(seed.fileno())
                # A file that grows, or that says it has no end, is not read to it.
                content = seed.read(MAX_SEED_BYTES + 1)
            if len(content) > MAX_SEED_BYTES:
                raise SeedUnreadable(
                    f"{self.display_path(path)} has more than {MAX_SEED_BYTES // 1024 // 1024} MB, which no post has; "
                    "leave it out by SEED_EXCLUDE, or move it"
                )
            return content, settled_stamp(status, time.time_ns())
        except IsADirectoryError:
            raise SeedUnreadable(
                f"{self.display_path(path)} is a folder although it is named like a seed; rename it"
            ) from None
        except OSError as error:
            raise SeedUnreadable(
                f"{self.display_path(path)} cannot be read ({_reason(error)}); {_remedy(error)}"
            ) from None

    def write(self, path: str, before: bytes, after: bytes) -> bool:
        """Put `after` in the place of `before`; False when the bytes are there already.

        Raises SeedChanged when the file no longer holds `before`, SeedUnwritable when it cannot be replaced; the
        file is then as it was.
        """
        if self.output is not None:
            return self._write_copy(path, after)
        if before == after:
            return False
        file = self._inside(path)
        shown = self.display_path(path)
        with self._lock(file, path) as descriptor:
            links = os.fstat(descriptor).st_nlink
            if links > 1:
                raise SeedUnwritable(
                    f"{shown} has {links} names (hard links), of which a repair would part this one; make it a file "
                    "of its own by `cp -p` to another name and `mv` back, or leave it out by SEED_EXCLUDE"
                )
            with _unwritable(shown):
                replace_unchanged(file, descriptor, before, after, UNFINISHED)
        return True

    def lacks_copy(self, path: str) -> bool:
        """Whether repaired copies go elsewhere and a seed has none there."""
        return self.output is not None and not (self.output / path).exists()

    def _write_copy(self, path: str, after: bytes) -> bool:
        assert self.output is not None
        target = self.output / path
        shown = target.as_posix()
        with _unwritable(shown):
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_file() and target.read_bytes() == after:
                return False
            if not target.parent.resolve().is_relative_to(self.output.resolve()):
                raise SeedUnwritable(f"{shown} would lie outside of OUTPUT_DIR because of a link; remove the link")
            mode = self._inside(path).stat().st_mode & 0o7777
            with write_beside(target, after, UNFINISHED, mode=mode) as new:
                new.replace(target)
            sync_folder(target.parent)
        return True

    def _inside(self, path: str) -> Path:
        """The real file behind a path. Raises SeedUnreadable when a link leads out of the seeds folder."""
        file = self.root / path
        if not file.is_symlink():
            return file
        real = Path(os.path.realpath(file))  # `resolve` raises for a circle of links, which opening reports as well
        if not real.is_relative_to(self.root.resolve()):
            raise SeedUnreadable(
                f"{self.display_path(path)} is a link to a file outside of the seeds folder; copy the file here instead"
            )
        return real

    @contextlib.contextmanager
    def _lock(self, file: Path, path: str) -> Iterator[int]:
        """Hold the file against other runs; yields its descriptor."""
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError as error:
            raise SeedUnreadable(
                f"{self.display_path(path)} cannot be read ({_reason(error)}); {_remedy(error)}"
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not is_at(file, descriptor):
                raise SeedChanged(
                    f"{self.display_path(path)} was replaced or renamed by somebody else during the run; "
                    "it was left alone, run again"
                )
            if not os.access(file, os.W_OK):
                raise SeedUnwritable(f"{self.display_path(path)} is read-only; give this user write permission on it")
            yield descriptor
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _unwritable(shown: str) -> Iterator[None]:
    """Turn what the disk says into a SeedUnwritable, and what others did into a SeedChanged."""
    try:
        yield
    except FileChanged as error:
        raise SeedChanged(
            f"{shown} was {error} by somebody else during the run; it was left alone, run again"
        ) from None
    except OwnerNotKept as error:
        raise SeedUnwritable(
            f"{shown} cannot be written, for {error.strerror}, which this user cannot give to a new file; run as its "
            "owner, or make it yours"
        ) from None
    except OSError as error:
        raise SeedUnwritable(f"{shown} cannot be written ({_reason(error)}); {_remedy(error)}") from None


def _readable(path: str) -> str:
    return path if path.isascii() else os.fsencode(path).decode("utf-8", "backslashreplace")


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _remedy(error: OSError) -> str:
    match error.errno:
        case errno.EACCES | errno.EPERM:
            return "give this user permission on the file and its folder"
        case errno.ENOSPC | errno.EDQUOT:
            return "make room on the disk and run again"
        case errno.EROFS:
            return "mount the disk writable and run again"
        case errno.ENOENT | errno.ENOTDIR:
            return "it was moved or deleted meanwhile, run again"
        case errno.ENAMETOOLONG:
            return "shorten its name"
        case _:
            return "check the disk and run again"
