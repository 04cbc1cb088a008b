"""`scrapy archive`: look into the archive, mend it, give and take."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse, parse_when
from archiver.archive.export import export
from archiver.archive.importing import ImportReport, import_warcs
from archiver.archive.recovery import recover
from archiver.archive.verify import Damage, verify
from archiver.archive.wacz import SUFFIX
from archiver.commands.capture import not_saved
from archiver.commands.crawl import EXIT_BUSY
from archiver.commands.settings_check import SettingsCheck
from archiver.config.run_settings import RunSettings
from archiver.crawl.publishers import all_rules
from archiver.crawl.reader import better
from archiver.downloader.payload import decode_response, rendering_of
from archiver.errors import ArchiveBusy, ArchiverError, NotSaved, SettingsError
from archiver.extract.article import extract
from archiver.extract.dom.page import Page
from archiver.extract.post import post
from archiver.files.lock import run_lock
from archiver.ledger_rebuild.rebuild import rebuild_ledger
from archiver.models import CdxEntry
from archiver.program import program_name
from archiver.text.control_characters import escape_control
from archiver.text.dates import format_date
from archiver.urls import address_key

EXIT_DONE, EXIT_NOTHING_RAN, EXIT_DAMAGED = 0, 1, 2
_MAX_COLUMNS = 2_000
"""Columns where no terminal reads: longer than any row, so that none is broken. Chosen, not measured."""


class Command(SettingsCheck, ScrapyCommand):
    """Reads and writes ARCHIVE_DIR, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "list|show|index|ledger|check|import|export ..."

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Look into the archive, check it, import and export"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Work on the WARCs in ARCHIVE_DIR (-s ARCHIVE_DIR=archive) and their index, offline. "
            f"`{self.full_name} ACTION --help` describes each. "
            "Exit code: 0 done, 2 something was damaged, refused or not found, 1 nothing could run, 75 (ledger) a run "
            "works on the archive."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

        def action(name: str, run: Callable[[Archive, argparse.Namespace], int], about: str) -> Any:
            part = actions.add_parser(name, help=about, description=about)
            # Not the default of the whole command: what stands before the action would be forgotten.
            part.add_argument("-s", "--set", action="append", default=argparse.SUPPRESS, metavar="NAME=VALUE")
            part.set_defaults(run=run)
            return part

        part = action("list", self._list, "List the captures of an address in time, or all addresses.")
        part.add_argument("url", nargs="?", metavar="URL", help="without it, every address with its number of captures")
        part.add_argument("--json", action="store_true", help="one JSON object per line, instead of a table")
        part = action("show", self._show, "Write the newest capture of an address, or the one nearest to --at.")
        part.add_argument("url", metavar="URL")
        part.add_argument("--at", metavar="WHEN", help="a day (2024-11-12), a time, or a timestamp of 14 digits")
        form = part.add_mutually_exclusive_group()
        form.add_argument("--raw", action="store_true", help="the page's bytes (the default)")
        form.add_argument("--markdown", action="store_true", help="the article as the crawl reads it")
        action("index", self._index, "Make the index again from the WARCs.")
        action("ledger", self._ledger, "Draw the ledger anew from the captures, for the seeds in SEEDS_DIR.")
        action("check", self._check, "Read every record, compare every digest, and list what is damaged.")
        part = action("import", self._import, "Copy WARC and WACZ files, or folders of them, into the archive.")
        part.add_argument("files", nargs="+", metavar="FILE", type=Path)
        part = action("export", self._export, "Write the archive, or a part of it, as one WACZ.")
        part.add_argument("file", metavar="FILE.wacz", type=Path)
        part.add_argument("--only", metavar="URL-PREFIX", help="only the answers whose addresses begin so")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        try:
            archive = Archive(RunSettings.read(self.settings, with_places=False).archive_dir)
        except SettingsError as error:
            self._fail(opts, f"{error}", EXIT_NOTHING_RAN)
            return
        try:
            if args:
                raise SettingsError(f"{args[0]} is no argument; `{self.full_name} {opts.action} --help` lists them")
            if opts.action != "import" and not archive.warcs.is_dir():
                raise SettingsError(
                    f"ARCHIVE_DIR={archive.folder} holds no archive; name the folder of one, or crawl or import first"
                )
            # What a killed run left counts as kept.
            recover(archive.warcs)
            self.exitcode = opts.run(archive, opts)
        except NotSaved as error:
            self._fail(opts, f"{error}", EXIT_DAMAGED)
        except ArchiveBusy as error:
            self._fail(opts, f"{error}", EXIT_BUSY)
        except ArchiverError as error:
            self._fail(opts, f"{error}", EXIT_NOTHING_RAN)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            where = getattr(error, "filename", None) or archive.folder
            self._fail(opts, f"{where}: {reason.lower()}; mend that and run again", EXIT_NOTHING_RAN)
        finally:
            archive.close()

    def _fail(self, opts: argparse.Namespace, sentence: str, code: int) -> None:
        print(f"{self.full_name} {opts.action}: {escape_control(sentence).rstrip('.')}.", file=sys.stderr)
        self.exitcode = code

    # ---- Looking ----------------------------------------------------------------------------------------------------

    @staticmethod
    def _list(archive: Archive, opts: argparse.Namespace) -> int:
        archive.refresh()
        if opts.url:
            captures = archive.captures(_address(opts.url))
            if not captures:
                raise not_saved(opts.url, archive.folder)
            rows = [_as_json(capture) for capture in captures]
        else:
            rows = list(_addresses(archive))
        if opts.json:
            for row in rows:
                print(json.dumps(row, ensure_ascii=False))
        elif rows:
            _print(list(rows[0]), [list(map(str, row.values())) for row in rows])
        return EXIT_DONE

    def _show(self, archive: Archive, opts: argparse.Namespace) -> int:
        assert self.settings is not None
        capture = decode_response(self._find_capture(archive, opts), self.settings)
        if not opts.markdown:
            sys.stdout.buffer.write(capture.body)
            return EXIT_DONE
        fences, rules = RunSettings.of(self.settings).liquid_fences, all_rules(self.settings)
        extraction = extract(capture, rules, liquid_fences=fences)
        if (document := archive.find_rendering(capture.url, capture.captured_at)) is not None:
            rendered = rendering_of(document, capture)
            after = extract(rendered, rules, liquid_fences=fences)
            capture, extraction = better(capture, extraction, rendered, after)
        if extraction.article is None:
            said = extraction.detail.rstrip(".") or f"{capture.url} answered {capture.status}"
            raise NotSaved(f"it is no article ({extraction.verdict}): {said}; --raw shows what it is")
        sys.stdout.buffer.write(post(capture, extraction.article).encode())
        return EXIT_DONE

    @staticmethod
    def _find_capture(archive: Archive, opts: argparse.Namespace) -> RecordedResponse:
        try:
            at = parse_when(opts.at) if opts.at else None
        except (ValueError, OverflowError):
            raise SettingsError(f"--at {opts.at} is no time; write it like 2024-11-12 or 2024-11-12T04:10Z") from None
        archive.refresh()
        answer = archive.find(_address(opts.url), at)
        if answer is None:
            raise not_saved(opts.url, archive.folder)
        return answer

    # ---- Mending ----------------------------------------------------------------------------------------------------

    @staticmethod
    def _index(archive: Archive, opts: argparse.Namespace) -> int:
        archive.refresh(again=True)
        print(f"{len(archive.index)} captures in {len(archive.files())} files are in the index")
        return EXIT_DONE

    def _ledger(self, archive: Archive, opts: argparse.Namespace) -> int:
        assert self.settings is not None
        now = datetime.now(UTC)
        with run_lock(archive.folder, now):
            drawn = rebuild_ledger(archive, self.settings, all_rules(self.settings), now)
        said = f"{drawn.addresses} addresses, {drawn.visits} visits, drawn from an archive of {drawn.captures} captures"
        if drawn.aside is not None:
            kind = "damaged one" if drawn.damage else "one before"
            said += f"; the {kind} is now {drawn.aside}"
        if drawn.unusable:
            said += f"; unusable seeds: {drawn.unusable} (see {program_name()} audit)"
        print(escape_control(said))
        return EXIT_DAMAGED if drawn.unusable or drawn.unreadable else EXIT_DONE

    @staticmethod
    def _check(archive: Archive, opts: argparse.Namespace) -> int:
        found = verify(archive)
        _print_damages(found.damages)
        print(f"{found.captures} captures in {found.files} files read, {len(found.damages)} records damaged")
        return EXIT_DAMAGED if found.damages else EXIT_DONE

    # ---- Giving and taking ------------------------------------------------------------------------------------------

    @staticmethod
    def _import(archive: Archive, opts: argparse.Namespace) -> int:
        taken: list[ImportReport] = []
        for source in opts.files:
            try:
                taken += import_warcs(archive, source)
            except SettingsError as error:
                taken.append(ImportReport(str(source), "refused", str(error).removeprefix(f"{source} ")))
        archive.refresh()
        _print(
            ["file", "outcome", "captures", "detail"],
            [[one.source, one.outcome, str(one.captures), one.detail] for one in taken],
        )
        _print_damages([damage for one in taken for damage in one.damages])
        if all(one.outcome == "refused" for one in taken):
            return EXIT_NOTHING_RAN
        return EXIT_DAMAGED if any(one.outcome == "refused" or one.damages for one in taken) else EXIT_DONE

    def _export(self, archive: Archive, opts: argparse.Namespace) -> int:
        file: Path = opts.file
        if file.suffix != SUFFIX:
            raise SettingsError(f"{file} is not named like a WACZ; end its name in {SUFFIX}")
        if file.exists():
            raise SettingsError(f"{file} is there already; delete it or name another")
        if not file.parent.is_dir():
            raise SettingsError(f"{file.parent} is no folder; make it, or name another")
        prefix = _address(opts.only) if opts.only else None
        archive.refresh()
        if not archive.index.under(prefix or "http"):
            raise NotSaved(
                f"{archive.folder} holds no capture{f' under {prefix}' if prefix else ''}, so none is written"
            )

        def title(capture: CdxEntry) -> str:
            assert self.settings is not None
            answer = archive.read(capture)
            try:
                page = Page.of(decode_response(answer, self.settings)) if answer else None
            except ArchiverError:
                return ""
            return " ".join((page.tree.findtext(".//title") or "").split()) if page else ""

        done = export(archive, file, prefix=prefix, titles=title, created=datetime.now(UTC))
        print(f"{file}: {done.captures} captures, {done.pages} pages")
        return EXIT_DONE


def _address(url: str) -> str:
    if not url.lower().startswith(("http://", "https://")):
        raise SettingsError(f"{url} is no address; begin it with https:// or http://")
    try:
        address_key(url)
    except ValueError:
        raise SettingsError(f"{url} is no address; correct it") from None
    return url


def _as_json(capture: CdxEntry) -> dict[str, object]:
    return {
        "captured_at": format_date(capture.captured_at), "status": capture.status, "mime": capture.mime,
        "kind": capture.kind, "url": capture.url, "digest": capture.digest, "file": capture.file,
        "offset": capture.offset, "length": capture.length,
    }  # fmt: skip


def _addresses(archive: Archive) -> Iterator[dict[str, object]]:
    for _, group in groupby(archive.index.under("http"), key=lambda capture: address_key(capture.url)):
        captures = list(group)
        newest = captures[-1]
        yield {
            "url": newest.url,
            "captures": len(captures),
            "newest": format_date(newest.captured_at),
            "status": newest.status,
        }


def _print(columns: list[str], rows: list[list[str]]) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _MAX_COLUMNS  # whoever reads a pipe wants one line per row
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*(Text(escape_control(cell)) for cell in row))
    console.print(table)


def _print_damages(damages: tuple[Damage, ...] | list[Damage]) -> None:
    if damages:
        _print(["file", "byte", "what is wrong"], [[one.file, str(one.offset), one.reason] for one in damages])
