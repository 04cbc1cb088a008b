"""Writing a WACZ, the file in which archives travel (https://specs.webrecorder.net/wacz/1.1.1/).

A zip file, its WARCs and compressed index stored as they are so that parts of them can be read in place:

    archive/*.warc.gz                    the records
    indexes/index.cdx.gz, index.idx      CDXJ lines in blocks that can be unpacked one by one; where each block begins
    pages/pages.jsonl                    what a reader may start from
    datapackage.json, …-digest.json      every file with its SHA-256; the SHA-256 of that list
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from archiver.archive.index import NOT_MODIFIED
from archiver.files.atomic import begin, sweep
from archiver.models import CdxEntry
from archiver.text.dates import format_date
from archiver.urls import surt

VERSION = "1.1.1"
SUFFIX = ".wacz"

_BLOCK_LINES = 1024
"""Lines of the index that are packed together; a reader unpacks one block to find an address. Fewer pack worse and
lengthen the list of blocks, more make each search slower. No measurement is on record."""

_MAX_PLAIN_BYTES = 2_000_000_000
"""Bytes of a file in the zip without the fields of ZIP64; zipfile refuses one of 2 GiB without them, and with fewer
bytes here files get them that need none. What is stored may have some bytes more than what was announced."""

_FILLER_ID = b"\xed\x5e"
"""The number of a field in a zip that no program has registered (APPNOTE.TXT 4.5.2), so that all pass it over."""


@dataclass(frozen=True, slots=True)
class StartPage:
    """A page that a reader of the archive may start from."""

    url: str
    captured_at: datetime
    title: str = ""


class WaczWriter:
    """One WACZ while it is entered; it takes its name when all of it is on the disk, or leaves nothing behind.

    Records first, their captures and the pages in any order; memory stays flat. Raises OSError where the disk does.
    """

    def __init__(self, target: Path, *, title: str, software: str, created: datetime) -> None:
        """`target` tells where it will lie, and whose leftovers it may become; `created` is an aware time in UTC."""
        self._target = target
        self._about = {
            "title": title,
            "software": software,
            "created": format_date(created),
            "modified": format_date(created),
        }
        self._created = created
        self._resources: list[dict[str, Any]] = []
        self._name: Path | None = None
        self.temporary = Path()
        """What its file is called until it is published."""
        self.captures = 0
        """That are in its index."""

    def __enter__(self) -> Self:
        sweep(self._target.parent, self._target.name)
        self._file, self.temporary = begin(self._target.parent, self._target.name)
        self._zip = zipfile.ZipFile(self._file, "w", strict_timestamps=False)
        # A temporary database on disk puts millions of lines into order without holding them.
        self._sorted = sqlite3.connect("", isolation_level=None)
        self._sorted.execute("CREATE TABLE line (key TEXT, at TEXT, fields TEXT)")
        self._sorted.execute("CREATE TABLE page (url TEXT, at TEXT, title TEXT)")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sorted.close()
        if kind is not None and self._name is not None:
            self._name.unlink(missing_ok=True)  # another part of the same export has failed
        # A disk that is full refuses the directory of the zip as well; the file goes anyhow.
        with contextlib.suppress(OSError, ValueError):
            self._zip.close()
        self.temporary.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._file.close()

    def publish(self, name: Path) -> None:
        """Give what is finished its name, in the folder of `target`."""
        self.temporary.replace(name)
        self._name = name

    def add_warc(self, name: str, content: Iterable[bytes], size: int) -> None:
        """Put a WARC in, under a name without folders; it has `size` bytes, or a few more."""
        self._put(f"archive/{name}", content, zipfile.ZIP_STORED, size)

    def add_capture(self, capture: CdxEntry, name: str, offset: int, length: int) -> None:
        """Put a capture into the index, whose record lies in the WARC of that name."""
        fields = {
            "url": capture.url,
            "mime": "warc/revisit" if capture.kind == "revisit" else capture.mime,
            # A page that is unchanged has the status of the one that it refers to.
            "status": "-" if capture.status in (0, NOT_MODIFIED) and capture.kind == "revisit" else str(capture.status),
            "digest": capture.digest,
            "length": str(length),
            "offset": str(offset),
            "filename": name,
        }
        line = (surt(capture.url), capture.captured_at.strftime("%Y%m%d%H%M%S"), json.dumps(fields))
        self._sorted.execute("INSERT INTO line VALUES (?, ?, ?)", line)
        self.captures += 1

    def add_page(self, page: StartPage) -> None:
        """Put a page into the list of those that a reader may start from."""
        self._sorted.execute("INSERT INTO page VALUES (?, ?, ?)", (page.url, format_date(page.captured_at), page.title))

    def finish(self) -> None:
        """Write the index, the pages and the list of all files, and wait until all of it is on the disk."""
        blocks: list[str] = []
        self._put("indexes/index.cdx.gz", self._index(blocks), zipfile.ZIP_STORED)
        self._put("indexes/index.idx", (line.encode() for line in blocks), zipfile.ZIP_DEFLATED)
        self._put("pages/pages.jsonl", self._pages(), zipfile.ZIP_DEFLATED)
        package = {"profile": "data-package", "wacz_version": VERSION, **self._about, "resources": self._resources}
        content = json.dumps(package, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
        self._put("datapackage.json", [content], zipfile.ZIP_DEFLATED)
        self._put("datapackage-digest.json", [json.dumps(digest, indent=2).encode()], zipfile.ZIP_DEFLATED)
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._sorted.close()

    def _put(self, path: str, content: Iterable[bytes], compression: int, expected: int = 0) -> None:
        entry = zipfile.ZipInfo(path, self._created.timetuple()[:6])
        entry.compress_type = compression
        entry.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        large, far = expected > _MAX_PLAIN_BYTES, self._file.tell() > zipfile.ZIP64_LIMIT
        before = _zip64_field(large, far)
        entry.extra = _filler(before - _zip64_field(large, False))
        with self._zip.open(entry, "w", force_zip64=large) as out:
            for part in content:
                out.write(part)
                digest.update(part)
                size += len(part)
        entry.extra = _filler(before - _zip64_field(size > zipfile.ZIP64_LIMIT, far))
        name = path.rpartition("/")[2].lower()
        resource = {"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size}
        self._resources.append(resource)

    def _index(self, blocks: list[str]) -> Iterator[bytes]:
        """The packed blocks of the index; `blocks` gets a line for each, behind the one that names their file."""
        blocks.append('!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n')
        lines = self._sorted.execute("SELECT key || ' ' || at, fields FROM line ORDER BY key, at, fields")
        offset = 0
        while block := list(islice(lines, _BLOCK_LINES)):
            packed = gzip.compress("".join(f"{key} {fields}\n" for key, fields in block).encode(), mtime=0)
            place = {"offset": offset, "length": len(packed), "digest": f"sha256:{hashlib.sha256(packed).hexdigest()}"}
            blocks.append(f"{block[0][0]} {json.dumps(place)}\n")
            offset += len(packed)
            yield packed

    def _pages(self) -> Iterator[bytes]:
        yield b'{"format": "json-pages-1.0", "id": "pages", "title": "Pages"}\n'
        for url, at, title in self._sorted.execute("SELECT url, at, title FROM page ORDER BY url, at"):
            identity = hashlib.sha256(f"{at} {url}".encode()).hexdigest()[:16]
            page = {"id": identity, "url": url, "ts": at, **({"title": title} if title else {})}
            yield json.dumps(page, ensure_ascii=False).encode() + b"\n"


def _zip64_field(large: bool, far: bool) -> int:
    """How long zipfile makes the field of ZIP64 in the directory: its head, two sizes, the place of the entry.

    In front of the entry there are the sizes only.
    """
    return 4 * (large or far) + 16 * large + 8 * far


def _filler(length: int) -> bytes:
    """A field that says nothing, so that those of an entry are as long in front of it as in the directory.

    Players reckon with the directory's when they look for what is behind them.
    """
    return _FILLER_ID + (length - 4).to_bytes(2, "little") + bytes(length - 4) if length else b""
