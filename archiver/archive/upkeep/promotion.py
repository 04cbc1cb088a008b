"""What becomes of revisits whose payload goes: the first is given it, the others refer to that one.

ISO 28500:2017, 6.7: a revisit without what it refers to is a head without a page.
"""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import partial
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.base import utc
from archiver.archive.index import NOT_MODIFIED
from archiver.archive.warc.members import unpack
from archiver.archive.warc.records import sha1
from archiver.archive.warc.segments import split_record
from archiver.models import CdxEntry
from archiver.urls import address_key

Place = tuple[str, int]
"""A file, relative to the folder of WARCs, and where a record begins in it."""
Edits = Mapping[Place, Callable[[], bytes]]
"""What stands in the place of a record: it, not packed; made when it is asked for, since payloads may be large."""

_OF_REVISITS = frozenset({"warc-profile", "warc-refers-to", "warc-refers-to-target-uri", "warc-refers-to-date"})
_OF_BLOCKS = frozenset({"warc-type", "content-type", "content-length", "warc-block-digest", "warc-payload-digest"})
_TRANSFER_ENCODING = re.compile(rb"(?im)^transfer-encoding:[^\r\n]*\r?\n")


def edits_without(archive: Archive, dropped: Set[Place]) -> Edits:
    """Return how the records that stay must change for every one of them to be read as before."""
    edits = dict[Place, Callable[[], bytes]]()
    by_address = defaultdict[str, list[CdxEntry]](list)
    for revisit, original in _loose_revisits(archive, dropped):
        by_address[original.digest].append(revisit)
    for digest in _digests(archive, dropped):
        same = archive.with_digest(digest)
        gone = [one for one in same if one.kind == "response" and _place(one) in dropped]
        stay = [one for one in (*same, *by_address[digest]) if _place(one) not in dropped]
        revisits = list({_place(one): one for one in stay if one.kind == "revisit"}.values())
        if gone and revisits:
            edits |= _resettle(archive, gone, [one for one in stay if one.kind == "response"], revisits)
    return edits


def _loose_revisits(archive: Archive, dropped: Set[Place]) -> Iterator[tuple[CdxEntry, CdxEntry]]:
    """The revisits that stay and find a response that goes by what the two say of themselves, not by their digest."""
    known = dict[str, bool]()
    for revisit in archive.index.under("http") if dropped else ():
        if revisit.kind != "revisit" or _place(revisit) in dropped:
            continue
        if revisit.digest not in known:
            known[revisit.digest] = bool(revisit.digest and archive.index.known(revisit.digest))
        recorded = None if known[revisit.digest] else archive.record(revisit)
        original = next(iter(archive.originals(revisit, recorded)), None) if recorded is not None else None
        if original is not None and _place(original) in dropped:
            yield revisit, original


def _digests(archive: Archive, dropped: Set[Place]) -> Iterable[str]:
    seen = set[str]()
    for file in sorted({file for file, _ in dropped}):
        for one in archive.in_file(file):
            if one.kind == "response" and one.digest not in seen and _place(one) in dropped:
                seen.add(one.digest)
                yield one.digest


def _resettle(
    archive: Archive, gone: list[CdxEntry], others: list[CdxEntry], revisits: list[CdxEntry]
) -> dict[Place, Callable[[], bytes]]:
    """The changes to the revisits of one payload, of whose responses some go and `others` stay."""
    edits = dict[Place, Callable[[], bytes]]()
    payload = next((one for one in gone if archive.record(one) is not None), None)
    if not others:
        if payload is None:
            return {}  # nothing can be read of it today either
        # Not an answer that the page is as it was: it would become a page that its server did not send.
        heir = next((one for one in revisits if one.status != NOT_MODIFIED), None)
        if heir is None:
            return {}
        edits[_place(heir)] = lambda: as_response(stored(archive, heir), stored(archive, payload))
        others = [heir]
    names = set[str]().union(*(_identities(archive, one) for one in gone))
    target = others[0]
    for one in revisits:
        if one is not others[0] and names & _referred(archive, one):
            edits[_place(one)] = partial(_referring, archive, one, target)
    return edits


def _referring(archive: Archive, revisit: CdxEntry, original: CdxEntry) -> bytes:
    return refer_to(stored(archive, revisit), stored(archive, original))


def stored(archive: Archive, capture: CdxEntry) -> bytes:
    """Return a capture's record as it lies in its file, not packed. Raises OSError, ValueError."""
    return read_stored(archive.warcs / capture.file, capture)


def read_stored(file: Path, capture: CdxEntry) -> bytes:
    """Return the record of a capture in a file, not packed. Raises OSError, ValueError."""
    with file.open("rb") as stream:
        stream.seek(capture.offset)
        return unpack(stream.read(capture.length))


def as_response(revisit: bytes, original: bytes) -> bytes:
    """Return the record of a revisit with the payload that it repeats, as a response. Raises ValueError."""
    head, block = split_record(revisit)
    other_head, other_block = split_record(original)
    http, _, _ = block.partition(b"\r\n\r\n")
    other_http, _, body = other_block.partition(b"\r\n\r\n")
    if not http.startswith(b"HTTP/") or b" 304" in http.split(b"\r\n", 1)[0]:
        http = other_http
    # The payload is copied as it came, in chunks if it came in chunks.
    chunked = _TRANSFER_ENCODING.search(other_http + b"\r\n")
    http = _TRANSFER_ENCODING.sub(b"", http + b"\r\n") + (chunked.group() if chunked else b"")
    block = http + b"\r\n" + body
    fields = {
        "WARC-Type": "response",
        "WARC-Truncated": _field(other_head, "warc-truncated"),
        "WARC-Payload-Digest": _field(other_head, "warc-payload-digest"),
        "Content-Type": "application/http; msgtype=response",
    }
    return _with_fields(head, _OF_REVISITS | _OF_BLOCKS | {"warc-truncated"}, fields, block)


def refer_to(revisit: bytes, original: bytes) -> bytes:
    """Return the record of a revisit that names another response as the one that it repeats. Raises ValueError."""
    head, block = split_record(revisit)
    other, _ = split_record(original)
    fields = {
        "WARC-Refers-To": _field(other, "warc-record-id"),
        "WARC-Refers-To-Target-URI": _field(other, "warc-target-uri"),
        "WARC-Refers-To-Date": _field(other, "warc-date"),
    }
    dropped = (_OF_REVISITS - {"warc-profile"}) | {"content-length", "warc-block-digest"}
    return _with_fields(head, dropped, fields, block)


def _with_fields(head: bytes, dropped: Set[str], fields: Mapping[str, str], block: bytes) -> bytes:
    first, *lines = head.splitlines()
    kept = list[bytes]()
    is_dropped = False
    for line in lines:
        if line[:1] not in {b" ", b"\t"}:
            is_dropped = line.partition(b":")[0].strip().lower().decode("latin-1") in dropped
        if not is_dropped:
            kept.append(line)
    kept += [f"{name}: {value}".encode() for name, value in fields.items() if value]
    kept += [f"WARC-Block-Digest: {sha1([block])}".encode(), b"Content-Length: %d" % len(block)]
    return b"\r\n".join((first, *kept, b"", block)) + b"\r\n\r\n"


def _field(head: bytes, name: str) -> str:
    for line in head.splitlines():
        key, _, value = line.partition(b":")
        if key.strip().lower() == name.encode():
            return value.strip().decode("utf-8", "replace")
    return ""


def _identities(archive: Archive, capture: CdxEntry) -> set[str]:
    """By what a revisit may name a response: the record's identity, address and time."""
    recorded = archive.record(capture)
    names = {f"{address_key(capture.url)} {capture.captured_at}"}
    return names | {recorded.record_id} if recorded is not None and recorded.record_id else names


def _referred(archive: Archive, revisit: CdxEntry) -> set[str]:
    """What a revisit names as the record that it repeats."""
    names = set[str]()
    with contextlib.suppress(ValueError):
        head, _ = split_record(stored(archive, revisit))
        names.add(_field(head, "warc-refers-to"))
        url, date = _field(head, "warc-refers-to-target-uri").strip("<>"), _field(head, "warc-refers-to-date")
        names.add(f"{address_key(url)} {utc(date)}")
    return names - {""}


def _place(capture: CdxEntry) -> Place:
    return capture.file, capture.offset
