"""The versions that files below a folder had in the history of HEAD, by git's own command."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from archiver.errors import NotCommitted
from archiver.files.git import Repository

WRITTEN_BY = "Written-by: seed-archiver"
"""The last line of the messages of our commits (https://git-scm.com/docs/git-interpret-trailers)."""


class Version(NamedTuple):
    """One commit that changed a file."""

    commit: str
    before: str | None
    """The blob that the file was; None where the commit made it."""
    after: str | None
    """The blob that it became; None where the commit removed it."""


class History:
    """The changes of all files below a folder, found in one walk when they are first asked for.

    Held in a private temporary SQLite database that spills to disk: a long history costs no memory. Of merges there is
    nothing but the commits that they bring together. Every method raises NotCommitted when git fails.
    """

    def __init__(self, repository: Repository, folder: Path) -> None:
        self.repository = repository
        self._folder = folder

    @cached_property
    def head(self) -> str | None:
        """The commit that HEAD was at when it was first asked for; None before the first one."""
        return self.repository.head()

    @cached_property
    def own_commits(self) -> frozenset[str]:
        """The commits that `--commit` made."""
        if self.head is None:
            return frozenset()
        found = self.repository.records(b"\n", "rev-list", f"--grep=^{WRITTEN_BY}$", self.head)
        return frozenset(commit.decode() for commit in found)

    def close(self) -> None:
        """Drop what was found; its file vanishes."""
        if "_database" in vars(self):
            self._database.close()

    def versions(self, file: Path) -> list[Version]:
        """Return the changes of one file, the newest first."""
        rows = self._database.execute(
            "SELECT hash, before, after FROM version JOIN walked ON commit_number = number WHERE path = ? "
            "ORDER BY number",
            (self.repository.path(file),),
        )
        return [Version(*row) for row in rows]

    def blob_in_head(self, file: Path) -> str | None:
        """Return the blob of a file in HEAD; None where HEAD has none of this name."""
        row = self._database.execute(
            "SELECT blob FROM in_head WHERE path = ?", (self.repository.path(file),)
        ).fetchone()
        return row[0] if row else None

    def is_before(self, commit: str, other: str) -> bool | None:
        """Return whether a commit is in the history of another one; None where git does not know that one."""
        try:
            common = self.repository.ask("merge-base", commit, other)
        except NotCommitted:
            return None
        return common == commit

    def authored_at(self, commit: str) -> float:
        """Return when a commit was first made, in seconds since 1970; a rebase does not change it.

        It is the end of that second: git keeps no parts of one, and what was there to be changed came before.
        """
        return 0.999 + float(self.repository.ask("show", "--no-patch", "--no-show-signature", "--format=%at", commit))

    def read(self, blobs: Iterable[str]) -> Mapping[str, bytes]:
        """Return the bytes of some blobs."""
        wanted = sorted(set(blobs))
        with tempfile.TemporaryFile() as listed:
            listed.write("".join(f"{blob}\n" for blob in wanted).encode())
            printed = self.repository.output("cat-file", "--batch", given=listed)
        found, at = {}, 0
        for blob in wanted:
            end = printed.index(b"\n", at)
            size = int(printed[at:end].rpartition(b" ")[2])
            found[blob] = printed[end + 1 : end + 1 + size]
            at = end + size + 2
        return found

    @cached_property
    def _database(self) -> sqlite3.Connection:
        database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        database.executescript("""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;
            CREATE TABLE walked (number INTEGER PRIMARY KEY, hash TEXT NOT NULL);
            CREATE TABLE in_head (path BLOB PRIMARY KEY, blob TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE version (path BLOB NOT NULL, commit_number INTEGER NOT NULL, before TEXT, after TEXT);
        """)
        try:
            database.execute("BEGIN")
            if self.head is not None:
                self._walk(database, self.head)
            database.execute("CREATE INDEX version_of_path ON version (path)")
            database.execute("COMMIT")
        except BaseException:
            database.close()
            raise
        return database

    def _walk(self, database: sqlite3.Connection, head: str) -> None:
        database.executemany("INSERT INTO in_head VALUES (?, ?)", self.repository.head_files())
        folder = os.fsdecode(self.repository.path(self._folder))
        # Plumbing, which no configuration changes; the whole history, for a merge may have dropped what a branch wrote.
        with tempfile.TemporaryFile() as commits:
            walk = ("rev-list", "--topo-order", "--full-history", head, "--", folder)
            for commit in self.repository.records(b"\n", *walk):
                commits.write(commit + b"\n")
            compare = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--root", "--no-renames", "--", folder)
            tokens = self.repository.records(b"\0", *compare, given=commits)
            number = 0
            for token in tokens:
                if not token.startswith(b":"):
                    number += 1
                    database.execute("INSERT INTO walked VALUES (?, ?)", (number, token.decode()))
                    continue
                _, _, before, after, _ = token.decode().split(" ")
                blobs = (None if not blob.strip("0") else blob for blob in (before, after))
                database.execute("INSERT INTO version VALUES (?, ?, ?, ?)", (next(tokens), number, *blobs))
