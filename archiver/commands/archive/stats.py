"""`scrapy archive stats`: the archive in figures."""

from __future__ import annotations

import argparse
import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.statistics import Share, Statistics, measure
from archiver.commands.archive.actions import EXIT_DONE, Action
from archiver.commands.archive.tables import print_table
from archiver.text.dates import format_date

_MAX_SHOWN_SHARES = 10
"""Rows of a table before what is left is one row; with fewer not all publishers of a small collection are seen, with
more the tables are longer than a screen. Chosen, not measured."""


def _add_arguments(parser: Any) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object with all rows, instead of tables")


def _stats(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    found, services = _measured(archive), None
    with contextlib.closing(Archive(archive.folder, services=True)) as beside:
        if beside.warcs.is_dir():
            services = _measured(beside)
    if opts.json:
        print(json.dumps(_as_json(found, services), ensure_ascii=False))
        return EXIT_DONE
    for line in _lines(found):
        print(line)
    if services is not None:
        size = _megabytes(services.file_bytes)
        print(f"{services.captures:,} answers of services beside it in {services.files:,} files, {size} MB")
    for by, shares in found.shares.items():
        if shares:
            print()
            print_table([by, "captures", "MB", "share"], _rows(shares, found.bytes))
    return EXIT_DONE


def _measured(archive: Archive) -> Statistics:
    archive.refresh()
    return measure(archive)


def _as_json(found: Statistics, services: Statistics | None) -> dict[str, object]:
    return {
        **{name: value for name, value in asdict(found).items() if name not in {"shares", "revisits"}},
        "oldest": None if found.oldest is None else format_date(found.oldest),
        "newest": None if found.newest is None else format_date(found.newest),
        "revisits": found.revisits.captures,
        "revisit_bytes": found.revisits.bytes,
        "service_files": services.files if services else 0,
        "service_file_bytes": services.file_bytes if services else 0,
        "service_answers": services.captures if services else 0,
        **{f"by_{by}": [asdict(share) for share in shares] for by, shares in found.shares.items()},
    }


def _lines(found: Statistics) -> Iterator[str]:
    yield f"{found.files:,} files, {_megabytes(found.file_bytes)} MB; {found.unfinished:,} more are being written"
    if found.damaged_records:
        yield f"{found.damaged_records:,} damaged records in {found.damaged_files:,} files; `archive check` names them"
    yield f"{found.captures:,} captures of {found.addresses:,} addresses, {_megabytes(found.bytes)} MB"
    if found.oldest is not None and found.newest is not None:
        yield f"the oldest of {format_date(found.oldest)}, the newest of {format_date(found.newest)}"
    yield f"{found.revisits.captures:,} repeat an earlier page, which saves {_megabytes(found.saved_bytes)} MB"


def _rows(shares: Sequence[Share], whole: int) -> Iterator[list[str]]:
    """The largest ones in the order that they have, and the sum of the others."""
    largest = sorted(shares, key=lambda share: -share.bytes)[:_MAX_SHOWN_SHARES]
    others = [share for share in shares if share not in largest]
    rows = [share for share in shares if share in largest]
    if others:
        count, size = sum(share.captures for share in others), sum(share.bytes for share in others)
        rows.append(Share(f"{len(others):,} others", count, size))
    for share in rows:
        part = f"{share.bytes / whole:.1%}" if whole else ""
        yield [share.name or "-", f"{share.captures:,}", _megabytes(share.bytes), part]


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f}"


ACTIONS = (
    Action("stats", "Count files, captures and bytes, by domain, year, kind, status and type.", _stats, _add_arguments),
)
