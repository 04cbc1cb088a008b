"""`scrapy archive compact`, `remove` and `prune`: what is done to an archive that grows for years."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.recovery import recover
from archiver.archive.upkeep.compact import compact
from archiver.archive.upkeep.prune import choose, parse_keep, prune
from archiver.archive.upkeep.removal import Search, remove, search
from archiver.archive.upkeep.rewriting import Freed
from archiver.archive.upkeep.tombstones import Tombstone, Tombstones, lift_tombstones
from archiver.commands.archive.actions import EXIT_DAMAGED, EXIT_DONE, Action, checked_address
from archiver.commands.archive.references import find_referenced
from archiver.commands.archive.tables import print_damages, print_table
from archiver.config.run_settings import RunSettings
from archiver.errors import NotSaved, SettingsError
from archiver.files.lock import run_lock
from archiver.ledger import LEDGER
from archiver.report.cleaning import clean_texts
from archiver.text.control_characters import escape_control
from archiver.urls import address_key

_MAX_SHOWN = 40
"""Records that are listed before a removal; the rest is counted. More fill the screen past the question that follows.
Chosen, not measured."""


def _add_compact_arguments(parser: Any) -> None:
    parser.add_argument(
        "--max-bytes", metavar="BYTES", type=int, help="no file gets larger (default: the setting WARC_MAX_BYTES)"
    )


def _compact(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    max_bytes = RunSettings.of(settings).warc_max_bytes if opts.max_bytes is None else opts.max_bytes
    if max_bytes < 1:
        raise SettingsError(f"--max-bytes {max_bytes} is no size; write bytes, such as 1000000000")
    with (
        run_lock(archive.folder, datetime.now(UTC)),
        contextlib.closing(Archive(archive.folder, services=True)) as services,
    ):
        if services.warcs.is_dir():
            recover(services.warcs)
        reports = [compact(one, max_bytes) for one in (archive, services) if one.warcs.is_dir()]
    for done, where in zip(reports, (archive.warcs, services.warcs), strict=False):
        print_damages(done.damages)
        for name in done.left:
            print(escape_control(f"{name} stays as it is: beside others its records would be read otherwise"))
        counted = f"{done.before} files became {done.after}; {done.moved} captures were copied, as they are"
        print(escape_control(f"{where}: {counted}"))
    return EXIT_DAMAGED if any(done.damages or done.left for done in reports) else EXIT_DONE


def _add_remove_arguments(parser: Any) -> None:
    parser.add_argument("url", metavar="ADDRESS", nargs="?", help="without it, what was taken down so far is listed")
    parser.add_argument("--prefix", action="store_true", help="all addresses that begin so")
    parser.add_argument("--reason", metavar="TEXT", help="why; it is said when the address is asked for again")
    parser.add_argument("--dry-run", action="store_true", help="show what would go, and change nothing")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    parser.add_argument("--lift", action="store_true", help="let the address be fetched and imported again")


def _remove(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    if not opts.url:
        rows = [[one.address, "all that begin so" if one.is_prefix else "", f"{one.at:%Y-%m-%d}", one.reason]
                for one in Tombstones.read(archive.folder)]  # fmt: skip
        print_table(["address", "", "taken down", "reason"], rows)
        return EXIT_DONE
    url = address_key(checked_address(opts.url))
    now = datetime.now(UTC).replace(microsecond=0)
    if opts.lift:
        with run_lock(archive.folder, now):
            if not lift_tombstones(archive.folder, url, now):
                raise NotSaved(f"{url} was not taken down; `archive remove` without an address lists what was")
        print(escape_control(f"{url} may be fetched and imported again"))
        return EXIT_DONE
    if not opts.reason and not opts.dry_run:
        raise SettingsError("a removal needs a reason, which whoever asks later is told; add --reason TEXT")
    tombstone = Tombstone(url, opts.prefix, now, opts.reason or "")
    with run_lock(archive.folder, now):
        archive.refresh()
        found = search(archive, tombstone)
        _show(found, archive)
        if opts.dry_run:
            return EXIT_DAMAGED if found.unreadable else EXIT_DONE
        if not opts.yes and not _confirmed(f"Take {'all below ' if opts.prefix else ''}{url} out of the archive?"):
            raise SettingsError("nothing was taken out; add --yes where nobody can answer")
        run = RunSettings.of(settings)
        freed = remove(archive, tombstone, found)
        runs = clean_texts(run.archive_dir, run.runs_dir)
    print(f"{_said(freed)}; {runs} runs held words of it; {url} is not fetched or imported again until --lift")
    for aside in sorted(archive.folder.glob(f"{LEDGER}.*")):
        print(escape_control(f"{aside} is a ledger that was put aside and may speak of it; delete it"))
    return EXIT_DAMAGED if found.unreadable else EXIT_DONE


def _show(found: Search, archive: Archive) -> None:
    rows = [[one.kind, one.date, one.url, one.file, str(one.offset)] for one in found.records[:_MAX_SHOWN]]
    if rows:
        print_table(["record", "date", "address", "file", "byte"], rows)
    if len(found.records) > _MAX_SHOWN:
        print(f"and {len(found.records) - _MAX_SHOWN} more")
    kinds = Counter(one.kind for one in found.records)
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"{len(found.records)} records{f' ({counted})' if counted else ''} in "
          f"{len({one.file for one in found.records})} of {len(archive.files())} files")  # fmt: skip
    if found.unreadable:
        print("these bytes cannot be read, so that they may hold it too:")
        print_damages(found.unreadable)


def _confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(escape_control(f"{question} [y/N] ")).strip().lower() in {"y", "yes"}


def _add_prune_arguments(parser: Any) -> None:
    parser.add_argument(
        "--keep", metavar="WHICH", required=True,
        help="of each address: first, last, yearly (the last of each year), changed (each that differs from the one "
        "before); several with commas",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="say what would go, and change nothing")


def _prune(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    keep = parse_keep(opts.keep)
    with run_lock(archive.folder, datetime.now(UTC)):
        choice = choose(archive, keep, find_referenced(RunSettings.of(settings)))
        print(f"{choice.captures} captures, of which {len(choice.dropped)} go and the others stay")
        if not opts.dry_run and choice.dropped:
            print(_said(prune(archive, choice)))
    return EXIT_DONE


def _said(freed: Freed) -> str:
    return (
        f"{freed.captures} captures ({freed.records} records) taken out of {freed.files} files, "
        f"{freed.bytes} bytes freed"
    )


ACTIONS = (
    Action("compact", "Copy the records of many small files, as they are, into few large ones.", _compact,
           _add_compact_arguments),
    Action("remove", "Take all that was kept of an address out of the archive, and keep it out.", _remove,
           _add_remove_arguments),
    Action("prune", "Take out captures that are wanted no more, and keep some of each address.", _prune,
           _add_prune_arguments),
)  # fmt: skip
