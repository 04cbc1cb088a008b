"""A web archive's list of captures, read.

Three dialects are understood: the Internet Archive's JSON (a list of lists, names in the first), the JSON lines of
pywb, and lines of fields as CDX files have them, with or without JSON at their end (CDXJ).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from archiver.errors import CdxError
from archiver.models import CdxEntry
from archiver.urls import hostname, without_default_port
from archiver.wayback.endpoints import Answer
from archiver.wayback.refusals import check_refusal, is_not_held

MAX_CDX_BYTES = 4 * 1024 * 1024
"""Bytes of a list that are read; `MAX_CAPTURES` lines need a tenth of it. With a tenth a full list of long addresses is
refused."""

_LENGTH_AT = {7: 6, 11: 8}
"""Which field is the length of the record, by how many there are."""
_NAMES = {"original": "url", "statuscode": "status", "mimetype": "mime"}
_LINE_TYPES = ("ndjson", "cdxj", "x-cdx")
_TEXT_TYPES = (*_LINE_TYPES, "text/plain")
_STATUS = re.compile(r"[0-9]{3}")
_LAST_ROW = re.compile(r",\s*\[\s*\]\s*,\s*\[\s*\"(?P<key>(?:[^\"\\\\]|\\\\.)+)\"\s*\]\s*\]$")
_LAST_LINE = re.compile(r"\n[ \t\r]*\n(?P<key>(?!\{)\S+(?: \d{14}\S*)?)$")
_ESCAPED = re.compile(r"[\w.~+!*'()%-]+", re.ASCII)
_CHECK = "check WAYBACK_CDX, or `cdx` of WEB_ARCHIVES"
_REVISIT = "-"
"""The status of a revisit, whose payload an earlier capture holds, where a list does not give its media type."""


@dataclass(frozen=True, slots=True)
class CdxList:
    """A list of captures, or a part of one."""

    entries: tuple[CdxEntry, ...]
    """In the archive's order."""
    following: str | None = None
    """The address of the next part; None for the last."""


def parse_cdx(address: str, answer: Answer) -> CdxList:
    """Read the captures in an answer to the question `address`; without entries when there are none.

    Lines whose time or address cannot be read are left out. Raises ArchiveRefusal where the archive lists nothing of
    this address, and CdxError for an answer that is no such list.
    """
    text = answer.body[: MAX_CDX_BYTES + 1].decode("utf-8", "replace").lstrip("\ufeff").strip()
    check_refusal(address, answer)
    if answer.status == 404 and (_says_none(text) or is_not_held(answer)):
        return CdxList(())
    if answer.status != 200:
        raise _unusable(address, f"cannot be had, the archive answered {answer.status}", "run again later")
    if len(answer.body) > MAX_CDX_BYTES:
        raise too_long(address)
    if not text:
        # A list of lines is empty when there is nothing; JSON never is.
        content_type = (answer.header("Content-Type") or "").lower()
        if any(kind in content_type for kind in (_LINE_TYPES if "output=json" in address else _TEXT_TYPES)):
            return CdxList(())
        raise _unusable(address, "is empty", "run again later")
    if text.startswith("<"):
        raise _unusable(address, "is a web page", f"{_CHECK}, or run again later")
    text, key = _without_key(text)
    rows = list(_table(address, text) if text.startswith("[") else _lines(address, text))
    entries = tuple(capture for row in rows if (capture := _capture(row)) is not None)
    return CdxList(entries, f"{address}&resumeKey={key}" if key and "?" in address else None)


def _without_key(text: str) -> tuple[str, str]:
    """A list without the key by which it goes on, and the key as it goes into an address; empty where it is whole.

    The Internet Archive writes it as the last line, after an empty one; in JSON as the last row, after an empty one
    (https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server#resumption-key).
    """
    if text.startswith("["):
        match = _LAST_ROW.search(text)
        key = json.loads(f'"{match["key"]}"') if match else ""
    else:
        match = _LAST_LINE.search(text)
        key = match["key"] if match else ""
    if match is None:
        return text, ""
    # As the archive writes it, it is escaped already.
    escaped = key if _ESCAPED.fullmatch(key) else quote(key, safe="")
    return text[: match.start()] + ("]" if text.startswith("[") else ""), escaped


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
        raise _unusable(address, "is JSON, but no list of lists", _CHECK)
    if not rows:
        return
    names = [_NAMES.get(str(name), str(name)) for name in rows[0]]
    if not {"timestamp", "url", "status"} <= set(names):
        raise _unusable(
            address,
            "does not name timestamp, original and statuscode",
            "add them to fl= in WAYBACK_CDX, or `cdx` of WEB_ARCHIVES",
        )
    for row in rows[1:]:
        yield dict(zip(names, row, strict=False))


def _lines(address: str, text: str) -> Iterator[Mapping[str, object]]:
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        # A CDX file may begin with the legend of its fields.
        if line.strip() and not line.lstrip().startswith("CDX "):
            row = _line(line.strip())
            if row is None:
                raise _unusable(address, f"cannot be read in line {number}", f"{_CHECK}, or run again later")
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
    row = dict(zip(("urlkey", "timestamp", "url", "mime", "status", "digest"), fields, strict=False))
    # Seven fields are those of CDX servers; files have nine or eleven (https://iipc.github.io/warc-specifications/).
    if len(fields) in _LENGTH_AT:
        row["length"] = fields[_LENGTH_AT[len(fields)]]
    return row


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
        length=int(length) if (length := str(row.get("length", ""))).isdecimal() else 0,
    )  # fmt: skip


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


def too_long(address: str) -> CdxError:
    """The error for a list that nobody will read."""
    return _unusable(
        address, f"is longer than {MAX_CDX_BYTES} bytes", "put limit={limit} into WAYBACK_CDX, or `cdx` of WEB_ARCHIVES"
    )


def _unusable(address: str, what: str, cure: str) -> CdxError:
    return CdxError(f"The list of captures at {address} {what}; {cure}.")
