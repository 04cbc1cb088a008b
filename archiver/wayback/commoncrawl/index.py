"""A crawl's list of captures, read; and which of them are worth a look."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from archiver.errors import CdxError
from archiver.urls import names_host, without_default_port
from archiver.wayback.cdx import parse_timestamp14
from archiver.wayback.commoncrawl.endpoints import CrawlEntry
from archiver.wayback.endpoints import Answer

MAX_INDEX_BYTES = 8 * 1024 * 1024
"""Bytes of a list that are read: ten thousand lines of 500 bytes with room to spare. With half of it a publisher with
long addresses is refused."""
MAX_RECORD_BYTES = 8 * 1024 * 1024
"""Bytes of a record as stored; Common Crawl cuts pages at 1 MiB, since 2025 at 5 MiB. With less a large page that does
not compress is refused, more allow a wrong line to fetch a file."""

_FILE = re.compile(r"(?!/)(?!.*(?:\.\.|//))[\w./=+-]+\.warc\.gz", re.ASCII)
"""A path below the host of the data; nothing that leads elsewhere."""
_WEB = re.compile(r"https?://[^\s/?#]+[^\s]*", re.ASCII)


def parse_index(address: str, crawl: str, answer: Answer) -> list[CrawlEntry]:
    """Return the captures in an answer to the question `address`; empty when the crawl has none.

    Lines whose place cannot be read are left out, since nothing could be fetched. Raises CdxError for an answer that is
    no such list.
    """
    text = answer.body[: MAX_INDEX_BYTES + 1].decode("utf-8", "replace").strip()
    if len(answer.body) > MAX_INDEX_BYTES:
        raise _unusable(address, f"is longer than {MAX_INDEX_BYTES} bytes")
    if _says_none(answer.status, text):
        return []
    if answer.status != 200:
        raise _unusable(address, f"cannot be had, the index answered {answer.status}")
    if text.startswith("<"):
        raise _unusable(address, "is a web page")
    return list(_entries(address, crawl, text))


def _says_none(status: int, text: str) -> bool:
    """Whether the index says that the crawl does not have the page: 404 and a sentence, or no line at all."""
    if status == 200:
        return not text
    return status == 404 and "no captures" in text[:1000].lower()


def _entries(address: str, crawl: str, text: str) -> Iterator[CrawlEntry]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise _unusable(address, f"cannot be read in line {number}")
        entry = _entry(crawl, row)
        if entry is not None:
            yield entry


def _entry(crawl: str, row: dict[str, object]) -> CrawlEntry | None:
    url, file, redirect = (str(row.get(name) or "") for name in ("url", "filename", "redirect"))
    at = parse_timestamp14(str(row.get("timestamp", "")))
    offset, length = (_count(row.get(name)) for name in ("offset", "length"))
    if at is None or offset is None or length is None or not 0 < length <= MAX_RECORD_BYTES:
        return None
    if not _WEB.fullmatch(url) or not names_host(url) or not _FILE.fullmatch(file):
        return None
    return CrawlEntry(
        crawl=crawl,
        url=without_default_port(url),
        captured_at=at,
        status=_count(row.get("status")) or 0,
        mime=str(row.get("mime", "")).lower(),
        digest=str(row.get("digest") or "").removeprefix("sha1:"),
        file=file,
        offset=offset,
        length=length,
        is_cut=bool(row.get("truncated")),
        redirect=redirect if _WEB.fullmatch(redirect) else "",
    )


def _count(value: object) -> int | None:
    text = str(value)
    # No file has an offset of twenty digits, and Python reads no number of thousands.
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text) else None


def worth_a_look(entries: Iterable[CrawlEntry], wanted: datetime | None) -> list[CrawlEntry]:
    """Return the captures to look at, best first: of each payload one that was a page, whole ones before cut ones.

    Without a date the oldest come first, as in any web archive (docs/design.md D34).
    """

    def order(entry: CrawlEntry) -> tuple[bool, float, datetime]:
        distance = abs((entry.captured_at - wanted).total_seconds()) if wanted else 0.0
        return entry.is_cut, distance, entry.captured_at

    pages = sorted((entry for entry in entries if entry.status == 200), key=order)
    return list({entry.digest or f"{entry.file} {entry.offset}": entry for entry in reversed(pages)}.values())[::-1]


def why_none(entries: Sequence[CrawlEntry]) -> str:
    """Return, in a sentence, why none of a page's captures in a crawl can be taken; empty without captures."""
    if not entries or any(entry.status == 200 for entry in entries):
        return ""
    kinds = sorted({"revisits" if entry.status == 0 else f"answers {entry.status}" for entry in entries})
    return f"Common Crawl has only {' and '.join(kinds)} of it in {entries[0].crawl}, and no page."


def _unusable(address: str, what: str) -> CdxError:
    return CdxError(f"The list of captures at {address} {what}; run again later.")
