"""What an archive consists of, counted in its index without reading a WARC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from archiver.archive.archive import OPEN_SUFFIX, Archive
from archiver.archive.index import CaptureIndex
from archiver.archive.schema import KINDS, RESPONSE, REVISIT, decode_time
from archiver.urls import hostname, registered_domain


@dataclass(frozen=True, slots=True)
class Share:
    """What captures have in common, and how many these are."""

    name: str
    captures: int
    bytes: int
    """Of their records as stored."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """An archive in figures."""

    files: int
    """That are finished."""
    file_bytes: int
    """Of these files, requests and whatever else is in them included."""
    unfinished: int
    """Files that a run is writing now."""
    damaged_files: int
    damaged_records: int
    """As they were when the index read the file."""
    addresses: int
    captures: int
    bytes: int
    """Of the records of captures as stored."""
    oldest: datetime | None
    """Aware, UTC; None without captures."""
    newest: datetime | None
    revisits: Share
    saved_bytes: int
    """By how much the responses that revisits repeat are longer than the revisits."""
    shares: Mapping[str, tuple[Share, ...]]
    """By `domain`, `year`, `kind`, `status` and `mime`; the largest first, years in their order."""


def measure(archive: Archive) -> Statistics:
    """Count what an archive holds, as its index says; `refresh` brings that up to date before."""
    index = archive.index
    shares = _shares(index)
    kinds = {share.name: share for share in shares["kind"]}
    ((files, file_bytes, damaged_files, damaged_records),) = index.query(
        "SELECT count(*), coalesce(sum(size), 0), coalesce(sum(damaged > 0), 0), coalesce(sum(damaged), 0) "
        "FROM files WHERE size IS NOT NULL"
    )
    ((addresses, oldest, newest),) = index.query("SELECT count(DISTINCT address), min(at), max(at) FROM captures")
    return Statistics(
        files=files,
        file_bytes=file_bytes,
        unfinished=sum(1 for _ in archive.warcs.rglob(f"*{OPEN_SUFFIX}")),
        damaged_files=damaged_files,
        damaged_records=damaged_records,
        addresses=addresses,
        captures=sum(share.captures for share in kinds.values()),
        bytes=sum(share.bytes for share in kinds.values()),
        oldest=None if oldest is None else decode_time(oldest),
        newest=None if newest is None else decode_time(newest),
        revisits=kinds.get(KINDS[REVISIT], Share(KINDS[REVISIT], 0, 0)),
        saved_bytes=_saved_bytes(index),
        shares=shares,
    )


def _shares(index: CaptureIndex) -> dict[str, tuple[Share, ...]]:
    """Count the captures once, by all that they have in common, and add up."""
    sums: dict[str, defaultdict[str, list[int]]] = {
        by: defaultdict(lambda: [0, 0]) for by in ("domain", "year", "kind", "status", "mime")
    }
    for host, *rest, captures, length in index.query(
        "SELECT h.name, strftime('%Y', c.at / 1000000, 'unixepoch'), c.kind, c.status, m.name, count(*), sum(c.length) "
        "FROM captures c JOIN addresses a ON a.id = c.address JOIN hosts h ON h.id = a.host "
        "JOIN mimes m ON m.id = c.mime GROUP BY 1, 2, 3, 4, 5"
    ):
        year, kind, status, mime = rest
        names = (registered_domain(hostname(host)), year, KINDS[kind], str(status or ""), mime)
        for by, name in zip(sums.values(), names, strict=True):
            by[name][0] += captures
            by[name][1] += length
    shares = {by: [Share(name, *counted) for name, counted in found.items()] for by, found in sums.items()}
    return {
        by: tuple(sorted(found, key=(lambda one: one.name) if by == "year" else (lambda one: (-one.bytes, one.name))))
        for by, found in shares.items()
    }


def _saved_bytes(index: CaptureIndex) -> int:
    ((saved,),) = index.query(
        "SELECT sum(max(0, (SELECT max(o.length) FROM captures o "  # noqa: S608  (constants)
        f"WHERE o.digest = c.digest AND o.kind = {RESPONSE}) - c.length)) "
        f"FROM captures c WHERE c.kind = {REVISIT} AND c.digest != ''"
    )
    return saved or 0
