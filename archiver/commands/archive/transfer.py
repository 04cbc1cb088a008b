"""`scrapy archive import` and `export`: captures from elsewhere, and for elsewhere."""

from __future__ import annotations

import argparse
import contextlib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.base import parse_when
from archiver.archive.transfer.export import Wanted, export, part_name
from archiver.archive.transfer.importing import import_warcs
from archiver.archive.transfer.intake import ImportReport
from archiver.archive.transfer.wacz import SUFFIX
from archiver.commands.archive.actions import (
    EXIT_DAMAGED,
    EXIT_DONE,
    EXIT_NOTHING_RAN,
    Action,
    checked_address,
)
from archiver.commands.archive.assets import export_pictures
from archiver.commands.archive.tables import print_damages, print_table
from archiver.downloader.recording.payload import decode_response
from archiver.errors import ArchiverError, NotSaved, SettingsError
from archiver.extract.dom.page import Page
from archiver.models import CdxEntry


def _add_import_arguments(parser: Any) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path)


def _import(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    taken: list[ImportReport] = []
    for source in opts.files:
        try:
            taken += import_warcs(archive, source)
        except SettingsError as error:
            taken.append(ImportReport(str(source), "refused", str(error).removeprefix(f"{source} ")))
    archive.refresh()
    print_table(
        ["file", "outcome", "captures", "detail"],
        [[one.source, one.outcome, str(one.captures), one.detail] for one in taken],
    )
    print_damages([damage for one in taken for damage in one.damages])
    if all(one.outcome == "refused" for one in taken):
        return EXIT_NOTHING_RAN
    return EXIT_DAMAGED if any(one.outcome == "refused" or one.damages for one in taken) else EXIT_DONE


def _add_export_arguments(parser: Any) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE.wacz", type=Path)
    parser.add_argument("--only", metavar="URL-PREFIX", help="only the answers whose addresses begin so")
    parser.add_argument("--since", metavar="WHEN", help="only what was captured on that day (2024-11-12) or later")
    parser.add_argument("--until", metavar="WHEN", help="only what was captured on that day or earlier")
    parser.add_argument("--assets", metavar="DIR", type=Path, help="write the archived pictures of the seeds as files")


def _export(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    if opts.assets is not None and opts.file is None:
        return export_pictures(archive, settings, opts)
    if opts.assets is not None or opts.file is None:
        raise SettingsError("export writes one thing; name a FILE.wacz, or a folder for pictures with --assets DIR")
    file = _checked_target(opts.file)
    prefix = checked_address(opts.only) if opts.only else None
    wanted = Wanted(prefix, _day(opts.since, "--since"), _day(opts.until, "--until", is_end=True))
    archive.refresh()
    if not any(wanted.find(archive)):
        asked = f" under {prefix}" if prefix else ""
        asked += f" since {opts.since}" if opts.since else ""
        asked += f" until {opts.until}" if opts.until else ""
        raise NotSaved(f"{archive.folder} holds no capture{asked}, so none is written")

    def title(capture: CdxEntry) -> str:
        answer = archive.read(capture)
        try:
            page = Page.of(decode_response(answer, settings)) if answer else None
        except ArchiverError:
            return ""
        return " ".join((page.tree.findtext(".//title") or "").split()) if page else ""

    for done in export(archive, file, wanted, titles=title, created=datetime.now(UTC)):
        print(f"{done.file}: {done.captures} captures, {done.pages} pages")
    return EXIT_DONE


def _checked_target(file: Path) -> Path:
    """Return where a WACZ can be written. Raises SettingsError where none can be, or where one is."""
    if file.suffix != SUFFIX:
        raise SettingsError(f"{file} is not named like a WACZ; end its name in {SUFFIX}")
    for taken in (file, part_name(file, 1)):
        if taken.exists():
            raise SettingsError(f"{taken} is there already; delete it or name another")
    if not file.parent.is_dir():
        raise SettingsError(f"{file.parent} is no folder; make it, or name another")
    return file


def _day(text: str | None, option: str, *, is_end: bool = False) -> datetime | None:
    """The instant that an option means; of a bare day its first one, or the first behind it."""
    if text is None:
        return None
    try:
        with contextlib.suppress(ValueError):
            return datetime.combine(date.fromisoformat(text) + timedelta(days=is_end), time(), UTC)
        return parse_when(text)
    except (ValueError, OverflowError):
        raise SettingsError(f"{option} {text} is no time; write it like 2024-11-12 or 2024-11-12T04:10Z") from None


ACTIONS = (
    Action(
        "import", "Take WARC, ARC and WACZ files, or folders of them, into the archive.", _import, _add_import_arguments
    ),
    Action(
        "export",
        "Write the archive, or a part of it, as a WACZ for players, or the pictures of the seeds as files.",
        _export,
        _add_export_arguments,
    ),
)
