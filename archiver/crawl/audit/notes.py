"""What an audit read of each seed, for the next one: `ARCHIVE_DIR/audit.sqlite`.

A cache. It may be removed at any time, and whatever is wrong with it costs no more than reading the seeds again.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.repair.audit import AuditProblem, Problem

AUDIT = "audit.sqlite"
"""Its name in ARCHIVE_DIR."""

_TABLES = """
CREATE TABLE IF NOT EXISTS meaning (digest BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS seed (path TEXT PRIMARY KEY, stamp BLOB NOT NULL, found TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class SeedNote:
    """What an audit found of one seed by itself."""

    url: str | None
    """Its address; None where it names none."""
    page: str | None
    """What two addresses of one page have in common."""
    shapes: Mapping[str, str]
    """By key, whether it holds a text, a list or a mapping."""
    problems: tuple[AuditProblem, ...]

    def to_text(self) -> str:
        """The note as it is stored, without the path."""
        problems = [(one.problem, one.field, one.detail) for one in self.problems]
        return json.dumps([self.url, self.page, dict(self.shapes), problems], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of_text(cls, text: str, shown: str) -> SeedNote:
        """The opposite, for the seed that is shown so."""
        url, page, shapes, problems = json.loads(text)
        found = (AuditProblem(shown, Problem(kind), field, detail) for kind, field, detail in problems)
        return cls(url, page, shapes, tuple(found))


class SeedNotes:
    """The notes on the seeds of SEEDS_DIR, while an audit goes from folder to folder."""

    def __init__(self, database: sqlite3.Connection | None, *, writable: bool) -> None:
        self._database = database
        self._writable = writable
        self._open: dict[str, dict[str, tuple[bytes, str]]] = {}
        """By folder, of the folder that is gone through and of those above."""

    @classmethod
    @contextlib.contextmanager
    def open(cls, folder: Path, meaning: bytes) -> Iterator[SeedNotes]:
        """The notes in ARCHIVE_DIR; none where there is no such folder, or where they cannot be used."""
        file = folder / AUDIT
        with contextlib.ExitStack() as held:
            found = cls(None, writable=False)
            # A damaged one is removed at the first try; what may not be written may be read at the last.
            for mode in ("rwc", "rwc", "ro") if folder.is_dir() else ():
                uri = f"{file.resolve().as_uri()}?mode={mode}"
                try:
                    database = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)
                    held.callback(database.close)
                    notes = cls(database, writable=mode == "rwc")
                    notes._begin(meaning)
                except sqlite3.Error as error:
                    if getattr(error, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                        with contextlib.suppress(OSError):
                            file.unlink()
                    continue
                found = notes
                break
            yield found
            found._end()

    def _begin(self, meaning: bytes) -> None:
        assert self._database is not None
        if self._writable:
            self._database.execute("BEGIN IMMEDIATE")
            for statement in _TABLES.strip().split(";\n"):
                self._database.execute(statement)
        if self._database.execute("SELECT digest FROM meaning").fetchall() == [(meaning,)]:
            return
        if not self._writable:
            self._database = None
            return
        self._database.execute("DELETE FROM seed")
        self._database.execute("DELETE FROM meaning")
        self._database.execute("INSERT INTO meaning VALUES (?)", (meaning,))

    def _end(self) -> None:
        if self._database is not None and self._writable:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("COMMIT")

    def find(self, path: str, stamp: bytes | None, shown: str) -> SeedNote | None:
        """The note on a seed that is as it was; None for one that has to be read."""
        if self._database is None or stamp is None:
            return None
        folder = path.rpartition("/")[0]
        if folder not in self._open:
            above = {one: notes for one, notes in self._open.items() if not one or folder.startswith(f"{one}/")}
            self._open = {**above, folder: self._in_folder(folder)}
        known = self._open[folder].get(path)
        return SeedNote.of_text(known[1], shown) if known is not None and known[0] == stamp else None

    def _in_folder(self, folder: str) -> dict[str, tuple[bytes, str]]:
        start = f"{folder}/" if folder else ""
        question = (
            "SELECT path, stamp, found FROM seed WHERE path >= ? AND path < ? AND instr(substr(path, ?), '/') = 0"
        )
        # `0` is the character after `/`; nothing is beyond the last of Unicode.
        end = f"{folder}0" if folder else "\U0010ffff"
        with contextlib.suppress(sqlite3.Error, UnicodeEncodeError):
            assert self._database is not None
            rows = self._database.execute(question, (start, end, len(start) + 1))
            return {path: (stamp, found) for path, stamp, found in rows}
        return {}

    def keep(self, path: str, stamp: bytes | None, note: SeedNote) -> None:
        """Keep the note on a seed that was read; nothing of one that was only just written."""
        if self._database is not None and self._writable and stamp is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("INSERT OR REPLACE INTO seed VALUES (?, ?, ?)", (path, stamp, note.to_text()))

    def forget_gone(self, seeds: int) -> None:
        """Empty the notes where most of them are of seeds that are gone; `seeds` is how many were met."""
        if self._database is not None and self._writable:
            with contextlib.suppress(sqlite3.Error):
                (count,) = self._database.execute("SELECT count(*) FROM seed").fetchone()
                if count > 2 * max(seeds, 1):
                    self._database.execute("DELETE FROM seed")
