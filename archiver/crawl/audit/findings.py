"""What an audit finds, in a private temporary database that spills to disk, so that 100,000 seeds cost no memory."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from rich.cells import cell_len

from archiver.crawl.audit.notes import SeedNote
from archiver.repair.audit import AuditProblem, Problem
from archiver.repair.build_problems import unusual_shapes
from archiver.text.control_characters import escape_control

_BATCH_ROWS = 1_000
"""Rows that are written together; fewer cost time, more memory. No measurement is on record."""


class Findings:
    """Filled seed by seed, then shown in the order of paths."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript("""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;
            CREATE TABLE seed (path TEXT NOT NULL, page TEXT, shapes INTEGER NOT NULL);
            CREATE TABLE problem (path TEXT NOT NULL, kind TEXT NOT NULL, field TEXT, detail TEXT NOT NULL);
        """)
        self._seeds: list[tuple[str, str | None, int]] = []
        self._problems: list[tuple[str, str, str | None, str]] = []
        self._shapes: dict[str, int] = {}
        """The number of each set of shapes that seeds have, in the order in which they were met."""

    def add(self, shown: str, note: SeedNote) -> None:
        """Take in what was found of one seed by itself."""
        number = self._shapes.setdefault(json.dumps(list(note.shapes.items())), len(self._shapes))
        self._seeds.append((shown, note.page, number))
        self.add_problems(note.problems)

    def add_problems(self, problems: Iterable[AuditProblem]) -> None:
        """Take in problems of any kind."""
        self._problems += ((one.path, one.problem, one.field, one.detail) for one in problems)
        if len(self._seeds) + len(self._problems) >= _BATCH_ROWS:
            self._write()

    def _write(self) -> None:
        self._database.executemany("INSERT INTO seed VALUES (?, ?, ?)", self._seeds)
        self._database.executemany("INSERT INTO problem VALUES (?, ?, ?, ?)", self._problems)
        self._seeds.clear()
        self._problems.clear()

    def add_shared(self) -> None:
        """Add what only all seeds together show: seeds of one page, and keys of two shapes."""
        self._write()
        self._database.execute("""
            INSERT INTO problem SELECT path, ?, NULL, 'It has the same address as ' || first || '.' FROM (
                SELECT path, min(path) OVER (PARTITION BY page) AS first FROM seed WHERE page IS NOT NULL
            ) WHERE path <> first ORDER BY path
        """, (Problem.SAME_SOURCE,))  # fmt: skip
        counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        sets = [dict(json.loads(text)) for text in self._shapes]
        held = dict(self._database.execute("SELECT shapes, count(*) FROM seed GROUP BY shapes"))
        for number, shapes in enumerate(sets):
            for key, shape in shapes.items():
                counts[key][shape] += held[number]
        for key, shape, detail in unusual_shapes(counts):
            numbers = [number for number, shapes in enumerate(sets) if shapes.get(key) == shape]
            for number in numbers:
                self._database.execute(
                    "INSERT INTO problem SELECT path, ?, ?, ? FROM seed WHERE shapes = ?",
                    (Problem.WRONG_SHAPE, key, detail, number),
                )

    def in_order(self) -> Iterator[AuditProblem]:
        """All problems in the order of paths, those of one seed in the order in which they were found."""
        self._write()
        rows = self._database.execute("SELECT path, kind, field, detail FROM problem ORDER BY path, rowid")
        return (AuditProblem(path, Problem(kind), field, detail) for path, kind, field, detail in rows)

    def count_paths(self, kinds: Collection[Problem]) -> int:
        """How many paths have a problem of these kinds."""
        self._write()
        marks = ", ".join("?" * len(kinds))
        question = f"SELECT count(DISTINCT path) FROM problem WHERE kind IN ({marks})"  # noqa: S608  (question marks)
        (count,) = self._database.execute(question, tuple(kinds)).fetchone()
        return int(count)

    def has_seed(self, shown: str) -> bool:
        """Whether a seed was taken in; for links, which are few."""
        self._write()
        self._database.execute("CREATE INDEX IF NOT EXISTS seed_of_path ON seed (path)")
        return self._database.execute("SELECT 1 FROM seed WHERE path = ?", (shown,)).fetchone() is not None

    def longest_path(self, kinds: Collection[Problem]) -> int:
        """The columns of the longest path that has a problem of these kinds; 0 without any."""
        self._write()
        marks = ", ".join("?" * len(kinds))
        question = f"SELECT DISTINCT path FROM problem WHERE kind IN ({marks})"  # noqa: S608  (question marks)
        paths = self._database.execute(question, tuple(kinds))
        return max((cell_len(escape_control(path)) for (path,) in paths), default=0)

    def close(self) -> None:
        """Drop the database; its file vanishes."""
        self._database.close()
