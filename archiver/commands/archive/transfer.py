"""`scrapy archive import` and `export`: captures from elsewhere, and for elsewhere."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.transfer.export import export
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
from archiver.commands.archive.tables import print_damages, print_table
from archiver.downloader.payload import decode_response
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
    parser.add_argument("file", metavar="FILE.wacz", type=Path)
    parser.add_argument("--only", metavar="URL-PREFIX", help="only the answers whose addresses begin so")


def _export(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    file: Path = opts.file
    if file.suffix != SUFFIX:
        raise SettingsError(f"{file} is not named like a WACZ; end its name in {SUFFIX}")
    if file.exists():
        raise SettingsError(f"{file} is there already; delete it or name another")
    if not file.parent.is_dir():
        raise SettingsError(f"{file.parent} is no folder; make it, or name another")
    prefix = checked_address(opts.only) if opts.only else None
    archive.refresh()
    if not any(archive.index.under(prefix or "http")):
        raise NotSaved(f"{archive.folder} holds no capture{f' under {prefix}' if prefix else ''}, so none is written")

    def title(capture: CdxEntry) -> str:
        answer = archive.read(capture)
        try:
            page = Page.of(decode_response(answer, settings)) if answer else None
        except ArchiverError:
            return ""
        return " ".join((page.tree.findtext(".//title") or "").split()) if page else ""

    done = export(archive, file, prefix=prefix, titles=title, created=datetime.now(UTC))
    print(f"{file}: {done.captures} captures, {done.pages} pages")
    return EXIT_DONE


ACTIONS = (
    Action(
        "import", "Take WARC, ARC and WACZ files, or folders of them, into the archive.", _import, _add_import_arguments
    ),
    Action("export", "Write the archive, or a part of it, as one WACZ.", _export, _add_export_arguments),
)
