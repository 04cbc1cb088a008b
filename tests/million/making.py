"""An archive of any number of captures: a hundredth of them real records of one host, the rest in the index only."""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from archiver.archive.archive import Archive
from archiver.archive.warc.records import Exchange, exchange_records, sha1
from archiver.models import CdxEntry
from tests.support.growing import WORDS

HOST = "https://real.example"
"""Whose records can be read."""
FIRST = datetime(2016, 1, 1, tzinfo=UTC)
_MINUTES_APART = 5
"""Between two captures: a million are ten years."""
_HOSTS = 50
_RECORD_BYTES = 23_000
"""Of a record that is in the index only, as a page of 92 KB makes it."""
_FILE_BYTES = 1_000_000_000
_BATCH = 10_000


def make(folder: Path, count: int) -> int:
    """Fill an empty folder with an archive of so many captures; how many of them can be read.

    Files that only the index knows have the length that it says, and no content: commands look at their size.
    """
    archive = Archive(folder)
    archive.warcs.mkdir(parents=True)
    real = max(1, count // 100)
    with (archive.warcs / "real.warc.gz").open("wb") as out:
        for number in range(real):
            _write(out, number)
    archive.refresh()
    made = captures(count - real)
    ends = dict[str, int]()
    while batch := list(itertools.islice(made, _BATCH)):
        archive.index.add(batch)
        ends |= {one.file: one.offset + one.length for one in batch}
    for name, end in ends.items():
        with (archive.warcs / name).open("wb") as file:
            file.truncate(end)
        archive.index.finish(name, end)
    archive.close()
    return real


def captures(count: int) -> Iterator[CdxEntry]:
    """Captures of some hosts in time: four addresses in five are met once, every twelfth capture is a revisit."""
    per_file = _FILE_BYTES // _RECORD_BYTES
    for number in range(count):
        is_again = number % 12 == 1
        payload = hashlib.sha1(b"%d" % (number - is_again), usedforsecurity=False).digest()
        yield CdxEntry(
            url=address(number * 5 // 6),
            captured_at=FIRST + number * timedelta(minutes=_MINUTES_APART),
            status=200 if number % 9 else 301,
            mime="text/html" if number % 9 else "",
            digest="sha1:" + base64.b32encode(payload).decode(),
            kind="revisit" if is_again else "response",
            file=f"archiver-20160101T000000Z-{number // per_file:05}-0123abcd.warc.gz",
            offset=number % per_file * _RECORD_BYTES,
            length=_RECORD_BYTES,
            names=() if is_again else (f"<urn:uuid:{number:08x}-0000-4000-8000-000000000000>",),
        )


def address(page: int) -> str:
    """The address of a page, 95 letters long."""
    title = f"the-harbour-was-closed-for-nine-days-and-nobody-{page:06}"
    return f"https://www.paper{page % _HOSTS:02}.example/world/{page:07}/{title}"


def real_address(number: int) -> str:
    """The address of a page that can be read."""
    return f"{HOST}/news/{number:07}"


def _write(out: BinaryIO, number: int) -> None:
    body = f"<title>Harbour {number}</title><article><p>{WORDS * 30}</p></article>".encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
    exchange = Exchange(
        url=real_address(number),
        captured_at=FIRST + number * timedelta(minutes=_MINUTES_APART),
        status=200,
        mime="text/html",
        request=b"GET /news/%07d HTTP/1.1\r\nHost: real.example\r\n\r\n" % number,
        head=head,
        body=body,
    )
    out.writelines(exchange_records(exchange, sha1([body]), None, warcinfo=""))
