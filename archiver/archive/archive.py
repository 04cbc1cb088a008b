"""One archive: the WARCs that runs have written, and what else was put beside them.

ARCHIVE_DIR/warc/**/*.warc[.gz]       the captures; the truth
            index.sqlite              where each lies; made again whenever it is missing, damaged or behind
            services/**/*.warc[.gz]   what services answered, an archive beside the other
            services.sqlite           its index
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from archiver.archive.base import RecordedResponse, first_whole, utc
from archiver.archive.index import NOT_MODIFIED, CaptureIndex, in_order
from archiver.archive.upkeep.replacement import hidden_files
from archiver.archive.warc.reader import WARC_SUFFIXES, read_answer, rendering_of, scan
from archiver.models import CdxEntry

logger = logging.getLogger(__name__)

OPEN_SUFFIX = ".open"
"""Behind the name of a WARC that is still being written."""

_MAX_BATCH_CAPTURES = 2000
"""Captures that are added to the index in one transaction: other runs wait meanwhile. Fewer cost time for each
transaction, more make others wait longer. No measurement is on record."""

T = TypeVar("T")


class Archive:
    """The captures in one ARCHIVE_DIR. May be used by several threads, and by several processes at once."""

    def __init__(self, folder: Path, *, services: bool = False) -> None:
        """`services`: what services answered, in the place of pages."""
        self.folder = folder
        self.warcs = folder / ("services" if services else "warc")
        """Where the WARC files are."""
        self._index_file = folder / ("services.sqlite" if services else "index.sqlite")
        self._index: CaptureIndex | None = None

    def close(self) -> None:
        """Give the index back; it is opened again when needed."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def files(self) -> list[Path]:
        """The finished WARCs, sorted; those that a run is still writing are not among them.

        Of files that are being replaced either the old ones are, or the new ones.
        """
        while True:
            hidden = hidden_files(self.warcs)
            files = sorted(
                file for file in self.warcs.rglob("*.warc*") if file.name.endswith(WARC_SUFFIXES) and file.is_file()
            )
            if hidden_files(self.warcs) == hidden:
                return [file for file in files if file.relative_to(self.warcs).as_posix() not in hidden]

    # ---- The index --------------------------------------------------------------------------------------------------

    @property
    def index(self) -> CaptureIndex:
        """The index as it is. One that cannot be used is put aside, with a warning, and a new one is begun."""
        if self._index is None:
            self._index = self._open_index()
        return self._index

    def refresh(self, again: bool = False) -> None:
        """Bring the index up to date with the files; `again` reads all of them, known or not.

        Damaged records are reported by file and offset, and passed over.
        """
        self.ask(lambda index: self._refresh(index, again))

    def ask(self, question: Callable[[CaptureIndex], T]) -> T:
        """What the index answers; when it turns out to be damaged, what a new one answers."""
        try:
            return question(self.index)
        except sqlite3.OperationalError:
            raise  # another run's lock, or a full disk: the index itself is sound
        except sqlite3.DatabaseError as error:
            self.close()
            self._put_aside(error)
            self._refresh(self.index, again=False)
            return question(self.index)

    def _refresh(self, index: CaptureIndex, again: bool) -> None:
        known = index.sizes()
        there = {str(file.relative_to(self.warcs).as_posix()): file for file in self.files()}
        for name in known.keys() - there.keys():
            # A file that is being written is in the index under the name that it will have.
            if not Path(self.warcs, name + OPEN_SUFFIX).exists():
                index.forget(name)
        for name, file in there.items():
            try:
                size = file.stat().st_size
            except OSError as error:
                logger.warning("%s cannot be read (%s); its captures are left out", file, error.strerror)
                continue
            before = known.get(name)
            if before == size and not again:
                continue
            if before is not None:
                index.forget(name)
            found = scan(file, name)
            while batch := list(itertools.islice(found, _MAX_BATCH_CAPTURES)):
                index.add(batch)
            index.finish(name, size)

    def _open_index(self) -> CaptureIndex:
        file = self._index_file
        try:
            return CaptureIndex(file)
        except sqlite3.OperationalError as error:
            logger.warning("%s cannot be used (%s); this run makes an index of its own", file, error)
            index = CaptureIndex(None)
        except sqlite3.DatabaseError as error:
            self._put_aside(error)
            return CaptureIndex(file)
        self._refresh(index, again=False)
        return index

    def _put_aside(self, error: sqlite3.Error) -> None:
        file = self._index_file
        aside = file.with_name(f"{file.name}.unusable")
        logger.warning(
            "%s cannot be used (%s); it is now %s, and is made again from the WARCs", file, error, aside.name
        )
        with contextlib.suppress(FileNotFoundError):
            file.replace(aside)
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)

    # ---- Captures ---------------------------------------------------------------------------------------------------

    def captures(self, url: str) -> list[CdxEntry]:
        """The captures of an address, the oldest first."""
        return self.ask(lambda index: index.captures(url))

    def find(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The capture of an address that is nearest in time, the newest without a time.

        None when there is none. One that is damaged is reported, and the next nearest taken; so is the next for one
        that is cut, where another is whole. A 304 only says that the page was still what an earlier capture has, so it
        is that which is found.
        """
        pages = [capture for capture in self.captures(url) if capture.status != NOT_MODIFIED]
        return first_whole(map(self.read, in_order(pages, at)))

    def find_page(self, url: str) -> tuple[RecordedResponse | None, CdxEntry | None]:
        """The newest capture of an address that holds a page, and the newer one that holds none, if there is one.

        Without any page the newest capture.
        """
        newest_first = in_order(self.captures(url), None)
        pages = [capture for capture in newest_first if capture.status == 200]
        page = first_whole(map(self.read, pages))
        if page is None:
            return self.find(url), None
        newest = next(capture for capture in newest_first if capture.status != NOT_MODIFIED)
        return page, newest if newest.status != 200 else None

    def find_rendering(self, url: str, captured_at: datetime) -> RecordedResponse | None:
        """The document that scripts made of the answer of that address and time; None where no browser had it."""
        known = self.ask(lambda index: index.conversions(url))
        return rendering_of(captured_at, map(self.record, known))

    def read(self, capture: CdxEntry) -> RecordedResponse | None:
        """The recorded answer, a revisit with the payload it refers to; None when it cannot be read (reported)."""
        recorded = self.record(capture)
        if recorded is None or recorded.kind != "revisit":
            return recorded
        found = self.original(capture, recorded)
        if found is not None:
            return _resolve_revisit(recorded, found)
        logger.warning(
            "%s: the record at byte %d repeats a page that is not in the archive; it is passed over",
            self._path(capture.file),
            capture.offset,
        )
        return None

    def original(self, capture: CdxEntry, recorded: RecordedResponse) -> RecordedResponse | None:
        """The response that has the payload of a record: itself, or the one that a revisit repeats; None without it."""
        if recorded.kind != "revisit":
            return recorded
        found = (self.record(original) for original in self.originals(capture, recorded))
        return next((one for one in found if one is not None and one.kind == "response"), None)

    def record(self, capture: CdxEntry) -> RecordedResponse | None:
        """The record as it stands, the payload of a revisit empty; None when it cannot be read (reported)."""
        return read_answer(self._path(capture.file), capture.offset, capture.url)

    def originals(self, revisit: CdxEntry, recorded: RecordedResponse) -> list[CdxEntry]:
        """The responses whose payload a revisit repeats, the likeliest first."""
        same = self.ask(lambda index: index.known(revisit.digest)) if revisit.digest else []
        url, date = recorded.refers_to
        if same or not url:
            return same
        # Other programs digest the payload in other ways, or leave the digest out.
        with contextlib.suppress(ValueError):
            at = utc(date)
            return [one for one in self.captures(url) if one.kind == "response" and one.captured_at == at]
        return []

    def _path(self, name: str) -> Path:
        """The file of that name, or what it is called while it is being written."""
        file = self.warcs / name
        writing = file.with_name(file.name + OPEN_SUFFIX)
        return writing if not file.exists() and writing.exists() else file


def _resolve_revisit(revisit: RecordedResponse, original: RecordedResponse) -> RecordedResponse:
    if not revisit.status:
        return replace(original, url=revisit.url, captured_at=revisit.captured_at)
    return replace(revisit, body=original.body, is_cut=original.is_cut)
