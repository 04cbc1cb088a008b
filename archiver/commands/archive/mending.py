"""`scrapy archive index`, `ledger` and `check`: what is drawn anew from the WARCs, and what is wrong with them."""

from __future__ import annotations

import argparse
import contextlib
from datetime import UTC, datetime

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.upkeep.verify import VerifyReport, verify
from archiver.commands.archive.actions import EXIT_DAMAGED, EXIT_DONE, Action
from archiver.commands.archive.tables import print_damages
from archiver.crawl.publishers import all_rules
from archiver.errors import SettingsError
from archiver.files.lock import run_lock
from archiver.ledger_rebuild.rebuild import rebuild_ledger
from archiver.program import program_name
from archiver.text.control_characters import escape_control


def _index(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    archive.refresh(again=True)
    if not archive.is_index_kept:
        raise SettingsError(f"the index of {archive.folder} is not made; make room, or let this user write there")
    print(f"{len(archive.index)} captures in {len(archive.files())} files are in the index")
    return EXIT_DONE


def _ledger(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    now = datetime.now(UTC)
    with run_lock(archive.folder, now):
        drawn = rebuild_ledger(archive, settings, all_rules(settings), now)
    said = f"{drawn.addresses} addresses, {drawn.visits} visits, drawn from an archive of {drawn.captures} captures"
    if drawn.aside is not None:
        kind = "damaged one" if drawn.damage else "one before"
        said += f"; the {kind} is now {drawn.aside}"
    if drawn.unusable:
        said += f"; unusable seeds: {drawn.unusable} (see {program_name()} audit)"
    print(escape_control(said))
    return EXIT_DAMAGED if drawn.unusable or drawn.unreadable else EXIT_DONE


def _check(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    found = verify(archive)
    with contextlib.closing(Archive(archive.folder, services=True)) as services:
        beside = verify(services) if services.warcs.is_dir() else VerifyReport(0, 0, ())
    damages = found.damages + beside.damages
    print_damages(damages)
    said = f"{found.captures} captures in {found.files} files read"
    if beside.files:
        said += f", and {beside.captures} answers of services in {beside.files}"
    print(f"{said}, {len(damages)} records damaged")
    return EXIT_DAMAGED if damages else EXIT_DONE


ACTIONS = (
    Action("index", "Make the index again from the WARCs.", _index),
    Action("ledger", "Draw the ledger anew from the captures, for the seeds in SEEDS_DIR.", _ledger),
    Action("check", "Read every record, compare every digest, and list what is damaged.", _check),
)
