"""The archive, or the part of it below an address, as one WACZ, or as several where one would be too large."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import chain
from pathlib import Path

from warcio.warcwriter import WARCWriter

from archiver import __version__
from archiver.archive.archive import Archive
from archiver.archive.transfer.parts import Part, Piece, chosen_records, originals, whole_files
from archiver.archive.transfer.pending import note_export
from archiver.archive.transfer.selection import Selection
from archiver.archive.transfer.wacz import SUFFIX, StartPage, WaczWriter
from archiver.archive.warc.members import as_member
from archiver.files.reading import read_parts
from archiver.models import CdxEntry

_SELECTION = "selection.warc.gz"

Titles = Callable[[CdxEntry], str]
"""The title of a page, empty when it has none."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One file of an export, and what it holds."""

    file: Path
    captures: int
    pages: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which captures are to be exported."""

    prefix: str | None = None
    """How their addresses begin; None for all."""
    since: datetime | None = None
    """Aware; the first instant."""
    until: datetime | None = None
    """Aware; the first instant that is too late."""

    @property
    def is_everything(self) -> bool:
        """Whether whole files are."""
        return self.prefix is None and self.since is None and self.until is None

    @property
    def title(self) -> str:
        """What a player shows."""
        return self.prefix or ("The whole archive" if self.is_everything else "A part of the archive")

    def find(self, archive: Archive) -> Iterator[CdxEntry]:
        """Those that answered for an address, and the rendered documents."""
        prefix = self.prefix or "http"
        return chain(
            archive.index.under(prefix, self.since, self.until),
            archive.index.conversions(prefix, self.since, self.until, whole=False),
        )


def part_name(target: Path, number: int) -> Path:
    """Return the name of a part of an export, counted from 1: `all-001.wacz` of `all.wacz`."""
    return target.with_name(f"{target.name.removesuffix(SUFFIX)}-{number:03}{SUFFIX}")


def export(archive: Archive, target: Path, wanted: Wanted, *, titles: Titles, created: datetime) -> list[Exported]:
    """Write the archive to `target`: its files as they are, or only the records of what is wanted.

    What is too large for one file is written as several, each whole in itself, with numbered names. Records are taken
    along that revisits refer to, requests are left behind. The newest good page of every address is listed for the
    reader. Raises OSError, with nothing left behind.
    """
    software = f"seed-archiver {__version__}"
    done, written = list[tuple[int, int]](), list[WaczWriter]()
    parts = whole_files(archive) if wanted.is_everything else chosen_records(archive, wanted.find(archive))
    with note_export(archive.folder, target) as note_names, contextlib.ExitStack() as stack:
        for number, part in enumerate(parts, 1):
            title = f"{wanted.title}, part {number}" if number > 1 else wanted.title
            wacz = stack.enter_context(WaczWriter(target, title=title, software=software, created=created))
            done.append(_fill(archive, wacz, part, titles))
            wacz.finish()
            written.append(wacz)
        names = [part_name(target, number) for number in range(1, len(written) + 1)] if len(written) > 1 else [target]
        note_names((wacz.temporary, name) for wacz, name in zip(written, names, strict=True))
        for wacz, name in zip(written, names, strict=True):
            wacz.publish(name)
    return [Exported(name, *counts) for name, counts in zip(names, done, strict=True)]


def _fill(archive: Archive, wacz: WaczWriter, part: Part, titles: Titles) -> tuple[int, int]:
    """Write what a part is to hold; how many captures and pages that is."""
    with part.records, Selection() as added:
        flat = dict[Piece, str]()
        for piece in part.pieces:
            flat[piece] = _free(_flat_name(piece), flat.values())
            wacz.add_warc(flat[piece], _read(piece.file, piece.first, piece.end), piece.end - piece.first)
        for piece, name in flat.items():
            for capture in archive.index.in_file(piece.name, piece.first, piece.end):
                added.add([capture])
                if capture.kind != "conversion":
                    wacz.add_capture(capture, name, capture.offset - piece.first, capture.length)
        for revisit in added.revisits():
            part.records.add(originals(archive, revisit, added))
        if part.records.captures or not part.pieces:
            wacz.add_warc(_SELECTION, _records(archive, wacz, part.records, added), part.records.bytes)
        pages = 0
        for pages, page in enumerate(added.pages(), 1):  # noqa: B007  (counted)
            wacz.add_page(StartPage(page.url, page.captured_at, titles(page)))
        return wacz.captures, pages


def _records(archive: Archive, wacz: WaczWriter, records: Selection, added: Selection) -> Iterator[bytes]:
    """The records that can be read, as they are stored, one gzip member each; they are put into the index."""
    first = BytesIO()
    writer = WARCWriter(first, gzip=True, warc_version="1.1")
    info = {"format": "WARC File Format 1.1", "description": "records selected from a larger archive"}
    writer.write_record(writer.create_warcinfo_record(_SELECTION, info))
    yield first.getvalue()
    offset = len(first.getvalue())
    for capture in records.in_place():
        if archive.record(capture) is None:
            continue
        length = 0
        for part in as_member(_read(archive.place(capture.file), capture.offset, capture.offset + capture.length)):
            length += len(part)
            yield part
        added.add([capture])
        # What a browser made answers for no address, and only this program asks for it.
        if capture.kind != "conversion":
            wacz.add_capture(capture, _SELECTION, offset, length)
        offset += length


def _read(file: Path, first: int, end: int) -> Iterator[bytes]:
    with file.open("rb") as stream:
        stream.seek(first)
        yield from read_parts(stream, end - first)


def _flat_name(piece: Piece) -> str:
    """A name without folders; of a piece of a file with its place in it."""
    name = piece.name.replace("/", "-")
    return f"{piece.first}-{name}" if piece.first else name


def _free(name: str, taken: Iterable[str]) -> str:
    known, free, number = set(taken), name, 1
    while free in known:
        number += 1
        free = f"{number}-{name}"
    return free
