"""The WARCs in a zip file that can be read where they lie: those that are stored, as a WACZ has them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archiver.archive.warc.names import is_archive_name, is_wacz_name
from archiver.archive.warc.places import StoredEntry, WarcPlace
from archiver.archive.warc.reader import is_named_like_warc

_FIXED_BYTES = 30
"""Bytes of the header before an entry, without its name and its extra field; with any other number every WARC begins
elsewhere (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7)."""
_MAX_DEPTH = 3
"""WACZ files within each other; a collection has two. With fewer it is not read, with more a trap takes longer."""


@dataclass(frozen=True, slots=True)
class ZipContent:
    """The archives in a zip file."""

    warcs: tuple[StoredEntry, ...]
    packed: tuple[str, ...]
    """Those that cannot be read in place, since they are packed, or other than WARCs."""


def stored_warcs(file: Path) -> ZipContent:
    """The WARCs in a WACZ, also those of WACZs within it. Raises OSError, zipfile.BadZipFile."""
    warcs, packed = list[StoredEntry](), list[str]()
    for found in _entries(file, file, "", 0, 1):
        if isinstance(found, str):
            packed.append(found)
        else:
            warcs.append(found)
    return ZipContent(tuple(warcs), tuple(packed))


def _entries(file: Path, place: WarcPlace, shown: str, start: int, depth: int) -> Iterator[StoredEntry | str]:
    """The WARCs in the zip file at a place, which begins at `start` in the file, as they lie in the file."""
    with place.open("rb") as stream, zipfile.ZipFile(stream) as package:
        for entry in package.infolist():
            name = f"{shown}{entry.filename}"
            if not is_archive_name(name):
                continue
            is_zip = is_wacz_name(name)
            if entry.compress_type != zipfile.ZIP_STORED or not (is_zip or is_named_like_warc(name)):
                yield name
                continue
            stream.seek(entry.header_offset)
            header = stream.read(_FIXED_BYTES)
            fields = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
            inner = StoredEntry(file, name, start + entry.header_offset + _FIXED_BYTES + fields, entry.file_size)
            if not is_zip:
                yield inner
            elif depth < _MAX_DEPTH:
                yield from _entries(file, inner, f"{name}: ", inner.start, depth + 1)
            else:
                yield name
