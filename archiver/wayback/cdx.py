"""A web archive's list of captures, read; and which of them are worth a look.

Three dialects are understood: the Internet Archive's JSON (a list of lists, names in the first), the JSON lines of
pywb, and lines of fields as CDX files have them, with or without JSON at their end (CDXJ).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from archiver.errors import CdxError
from archiver.models import CdxEntry
from archiver.rules import SiteRules
from archiver.urls import hostname, without_default_port, without_www
from archiver.wayback.endpoints import Answer, Snapshot

MAX_CDX_BYTES = 4 * 1024 * 1024
"""Bytes of a list that are read; `MAX_CAPTURES` lines need a tenth of it. With a tenth a full list of long addresses is
refused."""

_NAMES = {"original": "url", "statuscode": "status", "mimetype": "mime"}
_LINE_TYPES = ("ndjson", "cdxj", "x-cdx")
_STATUS = re.compile(r"[0-9]{3}")
_REVISIT = "-"
"""The status of a revisit, whose payload an earlier capture holds, where a list does not give its media type."""


def parse_cdx(address: str, answer: Answer) -> list[CdxEntry]:
    """The captures in an answer to the question `address`, in the archive's order; empty when there are none.

    Lines whose time or address cannot be read are left out. Raises CdxError for an answer that is no such list.
    """
    text = answer.body[: MAX_CDX_BYTES + 1].decode("utf-8", "replace").lstrip("\ufeff").strip()
    if answer.status == 404 and _says_none(text):
        return []
    if answer.status != 200:
        raise _unusable(address, f"cannot be had, the archive answered {answer.status}", "run again later")
    if len(answer.body) > MAX_CDX_BYTES:
        raise too_long(address)
    if not text:
        # A list of lines is empty when there is nothing; JSON never is.
        content_type = (answer.header("Content-Type") or "").lower()
        if any(kind in content_type for kind in _LINE_TYPES):
            return []
        raise _unusable(address, "is empty", "run again later")
    if text.startswith("<"):
        raise _unusable(address, "is a web page", "check WAYBACK_CDX, or run again later")
    rows = list(_table(address, text) if text.startswith("[") else _lines(address, text))
    return [capture for row in rows if (capture := _capture(row)) is not None]


def _says_none(text: str) -> bool:
    try:
        said = json.loads(text)
    except ValueError:
        return False
    return isinstance(said, dict) and "no captures" in str(said.get("message") or said.get("error")).lower()


def _table(address: str, text: str) -> Iterator[Mapping[str, object]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        raise _unusable(address, "is JSON that breaks off", "run again later") from None
    if not all(isinstance(row, list) for row in rows):
        raise _unusable(address, "is JSON, but no list of lists", "check WAYBACK_CDX")
    if not rows:
        return
    names = [_NAMES.get(str(name), str(name)) for name in rows[0]]
    if not {"timestamp", "url", "status"} <= set(names):
        raise _unusable(address, "does not name timestamp, original and statuscode", "add them to fl= in WAYBACK_CDX")
    for row in rows[1:]:
        yield dict(zip(names, row, strict=False))


def _lines(address: str, text: str) -> Iterator[Mapping[str, object]]:
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        # A CDX file may begin with the legend of its fields.
        if line.strip() and not line.lstrip().startswith("CDX "):
            row = _line(line.strip())
            if row is None:
                raise _unusable(address, f"cannot be read in line {number}", "check WAYBACK_CDX, or run again later")
            yield row


def _line(line: str) -> Mapping[str, object] | None:
    head, brace, _ = line.partition("{")
    fields = head.split()
    if brace:
        try:
            row = json.loads(line[len(head) :])
        except (ValueError, RecursionError):
            return None
        row = {_NAMES.get(name, name): value for name, value in row.items()}
        if len(fields) > 1:
            row.setdefault("timestamp", fields[1])
        return row if {"timestamp", "url"} <= row.keys() else None
    if len(fields) < 6 or not fields[1].isdecimal():
        return None
    return dict(zip(("urlkey", "timestamp", "url", "mime", "status", "digest"), fields, strict=False))


def _capture(row: Mapping[str, object]) -> CdxEntry | None:
    timestamp, url = str(row.get("timestamp", "")), str(row.get("url", ""))
    at = parse_timestamp14(timestamp)
    if at is None or not _is_page(url):
        return None
    # Old captures spell the port out; the archive finds them without it, and rules know no ports.
    url = without_default_port(url)
    digest = str(row.get("digest") or "").removeprefix("sha1:")
    mime, status = str(row.get("mime", "")), str(row.get("status", ""))
    return CdxEntry(
        url, at, int(status) if _STATUS.fullmatch(status) else 0, mime.lower(), "" if digest == "-" else digest,
        kind="revisit" if "revisit" in mime or status == _REVISIT else "response",
    )  # fmt: skip


def snapshot_of(capture: CdxEntry) -> Snapshot:
    """Return what a web archive calls a capture of its list."""
    at = capture.captured_at
    return Snapshot(f"{at.year:04}{at:%m%d%H%M%S}", capture.url)


def _is_page(url: str) -> bool:
    return bool(hostname(url)) and re.fullmatch(r"https?://\S+", url) is not None


def parse_timestamp14(timestamp: str) -> datetime | None:
    """The instant that fourteen digits of an archive mean; None when they are no date.

    >>> parse_timestamp14("20241112041056")
    datetime.datetime(2024, 11, 12, 4, 10, 56, tzinfo=datetime.timezone.utc)
    """
    if not re.fullmatch(r"[0-9]{14}", timestamp):
        return None
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def of_address(captures: Iterable[CdxEntry], url: str) -> list[CdxEntry]:
    """Those of one page: archives list more than they are asked for when they think addresses equal."""
    return [capture for capture in captures if _place(capture.url) == _place(url)]


def of_article(captures: Iterable[CdxEntry], url: str, rules: SiteRules) -> list[CdxEntry]:
    """Those of one article, whatever slug it had: the same publisher, the same id."""
    wanted = rules.article_id(url)
    return [
        capture
        for capture in captures
        if rules.matches_host(hostname(capture.url)) and rules.article_id(capture.url) == wanted
    ]


def _place(url: str) -> tuple[str, str]:
    """Host and path, as far as archives tell them apart."""
    return without_www(hostname(url).rstrip(".")), unquote(urlsplit(url).path).rstrip("/").lower()


def nearest(captures: Sequence[CdxEntry], wanted: datetime | None) -> list[CdxEntry]:
    """The captures to look at, best first: of each payload the one with status 200 that is nearest to `wanted`.

    A revisit says that the payload was still there at its time; the copy to ask for is one that was archived with 200.
    Without a date the oldest come first: nearest to the publication, and so to what a seed was copied from
    (docs/design.md D34).
    """
    payloads: dict[object, list[CdxEntry]] = {}
    for number, capture in enumerate(captures):
        payloads.setdefault(capture.digest or number, []).append(capture)

    def distance(capture: CdxEntry) -> tuple[float, datetime]:
        return (abs((capture.captured_at - wanted).total_seconds()) if wanted else 0.0), capture.captured_at

    found = []
    for group in payloads.values():
        whole = [capture for capture in group if capture.status == 200 and capture.kind == "response"]
        if whole:
            seen = [*whole, *(capture for capture in group if capture.kind == "revisit")]
            found.append((min(map(distance, seen)), min(whole, key=distance)))
    return [capture for _, capture in sorted(found, key=lambda pair: pair[0])]


def too_long(address: str) -> CdxError:
    """The error for a list that nobody will read."""
    return _unusable(address, f"is longer than {MAX_CDX_BYTES} bytes", "put limit={limit} into WAYBACK_CDX")


def _unusable(address: str, what: str, cure: str) -> CdxError:
    return CdxError(f"The list of captures at {address} {what}; {cure}.")
