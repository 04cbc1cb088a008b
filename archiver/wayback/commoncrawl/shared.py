"""Lists of Common Crawl that serve the searches for many pages: asked for once, and kept for the run.

In a private temporary SQLite database that spills to disk: ten thousand lines a publisher and crawl are too many for
memory. Why one question for many seeds: docs/design.md D92.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from http import HTTPStatus

from archiver.urls import surt
from archiver.wayback.commoncrawl.endpoints import MAX_LINES_PREFIX
from archiver.wayback.endpoints import Answer

_MAX_WHOLE_BYTES = 1024 * 1024
"""Bytes of an answer that is kept as it is, such as the list of crawls, which has 40,000; of what is no list the
beginning is enough to say so. With a tenth a longer list of crawls breaks off, more cost memory."""
PARTIAL = HTTPStatus.PARTIAL_CONTENT.value
"""The status for a page that is not in a list which is not whole."""


class SharedLists:
    """What has come in answer to shared questions, by their addresses. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._whole: dict[str, Answer] = {}
        """Answers that are no lists of captures."""
        self._lists: dict[str, tuple[int, bool]] = {}
        """Of each list of captures its number, and whether it is whole."""
        self._opened: sqlite3.Connection | None = None

    @property
    def _database(self) -> sqlite3.Connection:
        """Made for the first list: most runs ask for none."""
        if self._opened is None:
            self._opened = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._opened.executescript("""
                PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;
                CREATE TABLE line (list INTEGER NOT NULL, surt TEXT NOT NULL, content TEXT NOT NULL);
                CREATE INDEX by_surt ON line (list, surt);
            """)
        return self._opened

    def add(self, address: str, answer: Answer) -> None:
        """Keep an answer; a list of captures is taken apart by its pages. Raises sqlite3.Error, then it is not kept."""
        with self._lock:
            lines = _lines(answer)
            if lines is None:
                self._whole[address] = Answer(answer.status, answer.headers, answer.body[:_MAX_WHOLE_BYTES])
                return
            number = len(self._lists)
            with self._database as database:
                database.execute("BEGIN")
                database.executemany("INSERT INTO line VALUES (?, ?, ?)", ((number, *line) for line in lines))
            self._lists[address] = number, len(lines) < MAX_LINES_PREFIX

    def find(self, address: str, start: str) -> Answer | None:
        """Return the part of an answer that is of pages whose SURT begins with that of `start`; None before it came.

        An answer with the status PARTIAL says that the list is not whole, and that none of its lines is of these pages.
        """
        with self._lock:
            if (whole := self._whole.get(address)) is not None:
                return whole
            if address not in self._lists:
                return None
            number, is_whole = self._lists[address]
            rows = self._database.execute(
                "SELECT content FROM line WHERE list = ? AND surt >= ? AND surt < ? ORDER BY rowid",
                (number, surt(start), f"{surt(start)}\U0010ffff"),
            )
            body = "\n".join(line for (line,) in rows)
        return Answer(200 if body or is_whole else PARTIAL, (), body.encode())

    def close(self) -> None:
        """Drop the database; its file vanishes."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()


def _lines(answer: Answer) -> list[tuple[str, str]] | None:
    """The SURT and the text of each line of a list of captures; None for any other answer."""
    text = answer.body.decode("utf-8", "replace").strip()
    if answer.status != 200 or (text and not text.startswith("{")):
        return None
    lines = []
    for line in text.split("\n"):
        try:
            row = json.loads(line)
            lines.append((surt(str(row["url"])), line))
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
    return lines
