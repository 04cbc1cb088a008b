"""The git work tree that the seeds lie in, by git's own command (2.28 or newer).

Arguments are fixed and no shell reads them: paths travel through standard input, ended by NUL. Hooks and the user's
configuration apply as in any commit.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archiver.errors import NotCommitted, SettingsError
from archiver.files.stop_signals import stop_signals_blocked

_PART_BYTES = 65_536
"""Bytes that are read of what git prints at once; fewer cost more calls, more cost memory. Nothing but speed depends on
it. No measurement is on record."""


@dataclass(frozen=True, slots=True)
class Blob:
    """git's names for one file's bytes."""

    as_is: str
    with_lf: str
    """With CRLF turned into LF, as `core.autocrlf` and the attribute `text` have it committed."""


def find_work_tree(folder: Path) -> Path | None:
    """Return the root of the work tree that a folder lies in, without links; None where there is none, or no git."""
    try:
        return Path(_ask(folder, "rev-parse", "--show-toplevel"))
    except (NotCommitted, FileNotFoundError):
        return None


@dataclass(frozen=True, slots=True)
class Repository:
    """One work tree. Paths are bytes, relative to its root, `/` between folders."""

    root: Path
    """Absolute, without links."""
    algorithm: str
    """Of git's names: sha1 or sha256."""

    @classmethod
    def of(cls, folder: Path) -> Repository:
        """The work tree that a folder lies in.

        Raises SettingsError when there is none, when git refuses it (another user's, say), or when there is no git.
        """
        try:
            root = _ask(folder, "rev-parse", "--show-toplevel")
            algorithm = _ask(folder, "rev-parse", "--show-object-format")
        except FileNotFoundError:
            raise SettingsError("COMMIT=1 needs git, which is not installed; install it, or leave COMMIT off") from None
        except NotCommitted as error:
            raise SettingsError(
                f"COMMIT=1 needs SEEDS_DIR={folder} in a git work tree ({error}); put it into one, or leave COMMIT off"
            ) from None
        return cls(Path(root), algorithm)

    @classmethod
    def find(cls, folder: Path) -> Repository | None:
        """The work tree that a folder lies in; None where there is none, or git cannot be asked of it."""
        try:
            return cls.of(folder)
        except SettingsError:
            return None

    def path(self, file: Path) -> bytes:
        """The path of a file; of a link, of what it leads to."""
        return os.fsencode(os.path.relpath(os.path.realpath(file), self.root))

    def blob(self, content: bytes) -> Blob:
        """The names of some bytes."""
        as_is = self._name(content)
        return Blob(as_is, self._name(content.replace(b"\r\n", b"\n")) if b"\r\n" in content else as_is)

    def _name(self, content: bytes) -> str:
        digest = hashlib.new(self.algorithm, b"blob %d\0" % len(content), usedforsecurity=False)
        digest.update(content)
        return digest.hexdigest()

    def head_files(self) -> Iterator[tuple[bytes, str]]:
        """(path, blob) of every file in HEAD; none before the first commit. Raises NotCommitted."""
        if self.head() is None:
            return
        for entry in self.records(b"\0", "ls-tree", "-r", "-z", "--full-tree", "HEAD"):
            described, _, path = entry.partition(b"\t")
            _, kind, blob = described.split(b" ")
            if kind == b"blob":
                yield path, blob.decode()

    def head(self) -> str | None:
        """The commit that HEAD is at; None before the first one."""
        try:
            return _ask(self.root, "rev-parse", "--verify", "--quiet", "HEAD")
        except NotCommitted:
            return None

    def staged_paths(self) -> Iterator[bytes]:
        """The paths that differ between the index and HEAD. Raises NotCommitted."""
        if self.head() is not None:
            yield from self.records(
                b"\0", "diff-index", "--cached", "--name-only", "--no-renames", "--ignore-submodules", "-z", "HEAD"
            )

    def blobs(self, paths: Iterable[bytes]) -> Iterator[str]:
        """What each file would be committed as, after the filters that its attributes ask for. Raises NotCommitted."""
        with tempfile.TemporaryFile() as listed:
            for path in paths:
                listed.write(_quote(path) + b"\n")
            for blob in self.records(b"\n", "hash-object", "--stdin-paths", given=listed):
                yield blob.decode()

    def commit(self, paths: Iterable[bytes], message: str, new: Iterable[bytes] = ()) -> str:
        """Commit these files, which HEAD must have, as they lie there, and nothing else that is changed or staged.

        Those of `new` come with them, which git does not have yet, but for what it is told to ignore and what lies
        outside. Returns the new commit's short name. Raises NotCommitted.
        """
        for ident in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            try:
                _ask(self.root, "var", ident)
            except NotCommitted:
                raise NotCommitted(
                    "git does not know who commits: set user.name and user.email with `git config`"
                ) from None
        with self._intending(new) as added, tempfile.TemporaryFile() as listed, tempfile.TemporaryFile() as text:
            for path in (*paths, *added):
                listed.write(path + b"\0")
            text.write(message.encode())
            text.seek(0)
            command = _command(
                self.root,
                "-c", "i18n.commitEncoding=UTF-8",
                "commit", "--only", "--quiet", "--cleanup=whitespace", f"--file=/dev/fd/{text.fileno()}",
                "--pathspec-from-file=-", "--pathspec-file-nul",
            )  # fmt: skip
            # By its descriptor: a file with a name would stay behind a process that is killed meanwhile.
            _run(command, listed, handed=(text.fileno(),))
        return _ask(self.root, "rev-parse", "--short", "HEAD")

    @contextlib.contextmanager
    def _intending(self, new: Iterable[bytes]) -> Iterator[list[bytes]]:
        """Let git know of files that it does not have yet, those that it ignores left out; forget them on an error."""
        with tempfile.TemporaryFile() as listed:
            for path in new:
                listed.write(path + b"\0")
            if not listed.tell():
                yield []
                return
            others = ("ls-files", "--others", "--exclude-standard", "-z")
            listed.seek(0)
            wanted = set(listed.read().split(b"\0"))
            added = [path for path in self.records(b"\0", *others) if path in wanted]
        named = ("--pathspec-from-file=-", "--pathspec-file-nul")
        with tempfile.TemporaryFile() as listed:
            listed.writelines(path + b"\0" for path in added)
            if added:
                _run(_command(self.root, "add", "--intent-to-add", *named), listed)
            try:
                yield added
            except BaseException:
                if added:
                    _run(_command(self.root, "reset", "--quiet", *named), listed)
                raise

    def ask(self, *args: str) -> str:
        """What git prints to a question. Raises NotCommitted with git's own reason."""
        return _ask(self.root, *args)

    def output(self, *args: str, given: IO[bytes] | None = None) -> bytes:
        """All that git prints. Raises NotCommitted."""
        with tempfile.TemporaryFile() as printed:
            _run(_command(self.root, *args), given, printed)
            printed.seek(0)
            return printed.read()

    def records(self, end: bytes, *args: str, given: IO[bytes] | None = None) -> Iterator[bytes]:
        """What git prints, part by part: the list of a large repository does not fit everywhere."""
        with tempfile.TemporaryFile() as printed:
            _run(_command(self.root, *args), given, printed)
            printed.seek(0)
            rest = b""
            while chunk := printed.read(_PART_BYTES):
                *whole, rest = (rest + chunk).split(end)
                yield from whole


def _command(folder: Path, *args: str) -> list[str]:
    # Literal: a seed's name may have the wildcards and the magic of pathspecs in it.
    return ["git", "-C", os.fspath(folder), "--literal-pathspecs", *args]


def _ask(folder: Path, *args: str) -> str:
    with tempfile.TemporaryFile() as printed:
        _run(_command(folder, *args), None, printed)
        printed.seek(0)
        return os.fsdecode(printed.read()).removesuffix("\n")


def _run(
    command: list[str],
    given: IO[bytes] | None = None,
    printed: IO[bytes] | None = None,
    handed: tuple[int, ...] = (),
) -> None:
    """Raises NotCommitted with git's own reason. Files, not pipes: what a hook leaves running would hold those open."""
    if given is not None:
        given.seek(0)
    with tempfile.TemporaryFile() as said:
        with stop_signals_blocked():  # what asks the run to stop must not stop its commit half-way
            git = subprocess.Popen(  # noqa: S603  (git, by fixed arguments)
                command, stdin=given or subprocess.DEVNULL, stdout=printed or said, stderr=said, pass_fds=handed
            )
        with git:
            code = git.wait()
        if code:
            said.seek(0)
            raise NotCommitted(_reason(said.read().decode("utf-8", "replace")) or f"git ended with exit code {code}")


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    worst = next((line for line in lines if line.startswith(("fatal: ", "error: "))), lines[-1] if lines else "")
    reason = worst.removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
    if ".lock': File exists" in reason:
        return f"{reason}: another git command works there, or one was killed; when none runs, remove that file"
    return reason


def _quote(path: bytes) -> bytes:
    """A path for `--stdin-paths`, which takes a line in quotes as a C string."""
    if b"\n" not in path and not path.startswith(b'"'):
        return path
    return b'"' + path.replace(b"\\", rb"\\").replace(b'"', rb"\"").replace(b"\n", rb"\n") + b'"'
