"""Which seeds a run has written, and which of them hold nothing but what it wrote.

Held in a private temporary SQLite database that spills to disk, so that a run over 100,000 seeds costs no memory.
"""

from __future__ import annotations

import os
import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from archiver.files.git import Repository
from archiver.models import Result

_BATCH_SEEDS = 1_000
"""Seeds that git is asked about at one go; fewer cost a process each time, more cost memory. No measurement is on
record."""


class WrittenSeeds:
    """Filled during a run, sorted once at its end.

    A seed is the run's own when HEAD and the index have it as the run found it, and it still lies there as the run left
    it. So changes that somebody made before, during or after the run are all told apart, by what the bytes were.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        # "" is SQLite's name for a temporary database on disk. Filled in one thread, sorted in another, never at once.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript("""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;
            CREATE TABLE seed (
                path BLOB PRIMARY KEY, before TEXT NOT NULL, before_lf TEXT NOT NULL,
                after TEXT NOT NULL, after_lf TEXT NOT NULL, result BLOB, earlier INTEGER NOT NULL DEFAULT 0,
                head TEXT, own INTEGER NOT NULL DEFAULT 0
            ) WITHOUT ROWID;
            CREATE TABLE picture (
                path BLOB NOT NULL, seed BLOB NOT NULL, is_new INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (path, seed)
            ) WITHOUT ROWID;
        """)

    def record_write(self, file: Path, before: bytes, after: bytes) -> None:
        """Note that a seed was replaced."""
        old, new = self._repository.blob(before), self._repository.blob(after)
        # A file may be reached by two links; what the run found is what it found the first time.
        self._database.execute(
            "INSERT INTO seed (path, before, before_lf, after, after_lf) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET"
            " before = CASE WHEN after = excluded.before THEN before ELSE '' END,"
            " before_lf = CASE WHEN after = excluded.before THEN before_lf ELSE '' END,"
            " after = excluded.after, after_lf = excluded.after_lf",
            (self._repository.path(file), old.as_is, old.with_lf, new.as_is, new.with_lf),
        )

    def record_earlier(self, file: Path, before: bytes, after: bytes) -> None:
        """Note that an earlier run replaced a seed, and was killed before its commit; the newest run comes first."""
        old, new = self._repository.blob(before), self._repository.blob(after)
        self._database.execute(
            "INSERT INTO seed (path, before, before_lf, after, after_lf, earlier) VALUES (?, ?, ?, ?, ?, 1)"
            " ON CONFLICT (path) DO UPDATE SET earlier = 1,"
            " before = excluded.before, before_lf = excluded.before_lf WHERE before = excluded.after",
            (self._repository.path(file), old.as_is, old.with_lf, new.as_is, new.with_lf),
        )

    def record_pictures(self, seed: Path, files: Iterable[Path]) -> None:
        """Note the pictures that a seed names."""
        for file in files:
            values = (self._repository.path(file), self._repository.path(seed))
            self._database.execute("INSERT OR IGNORE INTO picture (path, seed) VALUES (?, ?)", values)

    def record_result(self, file: Path, result: Result) -> None:
        """Note the result of a seed that was replaced."""
        path = self._repository.path(file)
        # Texts may be long, and the difference of the commit shows them.
        changes = tuple(replace(change, old=None, new="") for change in result.changes)
        kept = replace(result, path=os.fsdecode(path), detail="", changes=changes)
        self._database.execute("UPDATE seed SET result = ? WHERE path = ?", (pickle.dumps(kept), path))

    def sort(self) -> None:
        """Find out which seeds are the run's own. Raises NotCommitted."""
        database = self._database
        database.execute("BEGIN")
        for path, blob in self._repository.head_files():
            database.execute("UPDATE seed SET head = ? WHERE path = ?", (blob, path))
            database.execute("UPDATE picture SET is_new = 0 WHERE path = ?", (path,))
        for path in self._repository.staged_paths():
            database.execute("UPDATE seed SET head = NULL WHERE path = ?", (path,))
            database.execute("UPDATE picture SET is_new = 0 WHERE path = ?", (path,))
        last = b""
        query = "SELECT path FROM seed WHERE path > ? AND head IS NOT NULL ORDER BY path LIMIT ?"
        while batch := [path for (path,) in database.execute(query, (last, _BATCH_SEEDS))]:
            last = batch[-1]
            present = [path for path in batch if (self._repository.root / os.fsdecode(path)).is_file()]
            for path, blob in zip(present, self._repository.blobs(present), strict=True):
                values = {"path": path, "blob": blob}
                # Somebody has committed it meanwhile.
                database.execute("DELETE FROM seed WHERE path = :path AND head = :blob", values)
                # Line ends that git converts are converted on both sides; those that it leaves alone are compared.
                database.execute(
                    "UPDATE seed SET own = 1 WHERE path = :path AND (result IS NOT NULL OR earlier)"
                    " AND ((:blob = after AND head = before) OR (:blob = after_lf AND head = before_lf))",
                    values,
                )
        database.execute("COMMIT")

    def own(self) -> Iterator[bytes]:
        """The paths of the run's own seeds, in order, once they are sorted."""
        yield from (path for (path,) in self._database.execute("SELECT path FROM seed WHERE own ORDER BY path"))

    def new_pictures(self) -> Iterator[bytes]:
        """The paths of the pictures that the run's own seeds name and that HEAD and the index lack, in order.

        One that lies outside of the work tree is among them.
        """
        query = (
            "SELECT DISTINCT picture.path FROM picture JOIN seed ON seed.path = picture.seed"
            " WHERE own AND is_new ORDER BY picture.path"
        )
        yield from (path for (path,) in self._database.execute(query))

    def results(self) -> Iterator[Result]:
        """The results of the run's own seeds in that order; paths are the repository's, changes have no values."""
        query = "SELECT result FROM seed WHERE own AND result IS NOT NULL ORDER BY path"
        for (kept,) in self._database.execute(query):
            yield pickle.loads(kept)  # noqa: S301  (from the run's own private database)

    def earlier(self) -> list[str]:
        """The paths of the seeds that only an earlier run has written, and that are committed with this run's own."""
        query = "SELECT path FROM seed WHERE own AND result IS NULL ORDER BY path"
        return [os.fsdecode(path) for (path,) in self._database.execute(query)]

    def others(self) -> Iterator[bytes]:
        """The paths of the seeds that this run or an earlier one has written and that are not, or not only, theirs."""
        query = "SELECT path FROM seed WHERE NOT own ORDER BY path"
        yield from (path for (path,) in self._database.execute(query))

    def close(self) -> None:
        """Drop the database; its file vanishes."""
        self._database.close()
