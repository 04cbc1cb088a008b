"""The archive, or the part of it below an address, as one WACZ."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.warcwriter import WARCWriter

from archiver import __version__
from archiver.archive.archive import Archive
from archiver.archive.transfer.wacz import StartPage, WaczWriter
from archiver.models import CdxEntry

_PART_BYTES = 1 << 20
"""Bytes that are read of a file at once; fewer cost more calls, more cost memory. Nothing but speed depends on it. No
measurement is on record."""
_SELECTION = "selection.warc.gz"
_HTML = frozenset({"text/html", "application/xhtml+xml"})

Titles = Callable[[CdxEntry], str]
"""The title of a page, empty when it has none."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds."""

    captures: int
    pages: int


def export(archive: Archive, target: Path, *, prefix: str | None, titles: Titles, created: datetime) -> Exported:
    """Write the archive to `target`: its files as they are, or only the answers whose addresses begin with `prefix`.

    A part takes the answers along that its revisits refer to, and leaves requests behind. The newest good page of
    every address is listed for the reader. Raises OSError, with nothing left behind.
    """
    about = {"title": prefix or "The whole archive", "software": f"seed-archiver {__version__}"}
    pages = dict[str, CdxEntry]()
    captures = 0
    with WaczWriter(target, created=created, **about) as wacz:
        for capture in _part(archive, wacz, prefix) if prefix else _add_everything(archive, wacz):
            captures += 1
            if capture.status == 200 and capture.mime in _HTML:
                known = pages.setdefault(capture.url, capture)
                if known.captured_at < capture.captured_at:
                    pages[capture.url] = capture
        for url, capture in pages.items():
            wacz.add_page(StartPage(url, capture.captured_at, titles(capture)))
    return Exported(captures, len(pages))


def _add_everything(archive: Archive, wacz: WaczWriter) -> Iterator[CdxEntry]:
    names = {file.relative_to(archive.warcs).as_posix(): file for file in archive.files()}
    flat = dict[str, str]()
    for name, file in names.items():
        flat[name] = _free(name.replace("/", "-"), flat.values())
        wacz.add_warc(flat[name], _parts(file), file.stat().st_size)
    for capture in archive.index.under("http"):
        # A file that a run is still writing is in the index, but not among the files.
        if capture.file in flat:
            wacz.add_capture(capture, flat[capture.file], capture.offset, capture.length)
            yield capture


def _part(archive: Archive, wacz: WaczWriter, prefix: str) -> Iterator[CdxEntry]:
    chosen = {(capture.file, capture.offset): capture for capture in archive.index.under(prefix)}
    rendered = archive.index.conversions(prefix, whole=False)
    chosen |= {(capture.file, capture.offset): capture for capture in rendered}
    for capture in [*chosen.values()]:
        if capture.kind == "revisit":
            for original in archive.index.known(capture.digest)[:1]:
                chosen.setdefault((original.file, original.offset), original)
    whole = [chosen[place] for place in sorted(chosen) if archive.record(chosen[place]) is not None]
    places = list[tuple[int, int]]()
    wacz.add_warc(_SELECTION, _records(archive, whole, places), sum(capture.length for capture in whole))
    for capture, (offset, length) in zip(whole, places, strict=True):
        if capture.kind == "conversion":
            continue  # it answers for no address, and only this program asks for it
        wacz.add_capture(capture, _SELECTION, offset, length)
        yield capture


def _records(archive: Archive, captures: Iterable[CdxEntry], places: list[tuple[int, int]]) -> Iterator[bytes]:
    """The records as they are stored, one gzip member each; `places` gets where each lies now."""
    first = BytesIO()
    writer = WARCWriter(first, gzip=True, warc_version="1.1")
    info = {"format": "WARC File Format 1.1", "description": "records selected from a larger archive"}
    writer.write_record(writer.create_warcinfo_record(_SELECTION, info))
    yield first.getvalue()
    offset = len(first.getvalue())
    for capture in captures:
        with (archive.warcs / capture.file).open("rb") as stream:
            stream.seek(capture.offset)
            stored = stream.read(capture.length)
        record = stored if stored.startswith(b"\x1f\x8b") else gzip.compress(stored, mtime=0)
        places.append((offset, len(record)))
        offset += len(record)
        yield record


def _parts(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while part := stream.read(_PART_BYTES):
            yield part


def _free(name: str, taken: Iterable[str]) -> str:
    known, free, number = set(taken), name, 1
    while free in known:
        number += 1
        free = f"{number}-{name}"
    return free
