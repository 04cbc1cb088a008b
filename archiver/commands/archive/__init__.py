"""`scrapy archive`: look into the archive, mend it, give and take."""

from __future__ import annotations

import argparse
import sqlite3
import sys

from scrapy.commands import ScrapyCommand

from archiver.archive.archive import Archive
from archiver.archive.recovery import recover
from archiver.archive.transfer.pending import sweep_exports
from archiver.commands.archive import looking, mending, stats, transfer, upkeep
from archiver.commands.archive.actions import EXIT_DAMAGED, EXIT_NOTHING_RAN
from archiver.commands.archive.at_work import say_at_work
from archiver.commands.base.settings_check import SettingsCheck
from archiver.commands.crawl import EXIT_BUSY
from archiver.config.run_settings import RunSettings
from archiver.errors import ArchiveBusy, ArchiverError, NotSaved, SettingsError
from archiver.report.cleaning import end_removals
from archiver.text.control_characters import escape_control

_ACTIONS = (*looking.ACTIONS, *stats.ACTIONS, *mending.ACTIONS, *transfer.ACTIONS, *upkeep.ACTIONS)


class Command(SettingsCheck, ScrapyCommand):
    """Reads and writes ARCHIVE_DIR, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Called by Scrapy."""
        return f"{'|'.join(action.name for action in _ACTIONS)} ..."

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Look into the archive, check it, import and export"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Work on the WARCs in ARCHIVE_DIR (-s ARCHIVE_DIR=archive) and their index, offline. "
            f"`{self.full_name} ACTION --help` describes each. "
            "Exit code: 0 done, 2 something was damaged, refused or not found, 1 nothing could run, 75 a run "
            "works on the archive."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        for action in _ACTIONS:
            part = actions.add_parser(action.name, help=action.about, description=action.about)
            # Not the default of the whole command: what stands before the action would be forgotten.
            part.add_argument("-s", "--set", action="append", default=argparse.SUPPRESS, metavar="NAME=VALUE")
            part.set_defaults(run=action.run)
            action.add_arguments(part)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        assert self.settings is not None
        try:
            run = RunSettings.read(self.settings, with_places=False)
            archive = Archive(run.archive_dir)
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
            with say_at_work(f"{self.full_name} {opts.action}", sys.stderr):
                # What a killed run left counts as kept.
                recover(archive.warcs)
                sweep_exports(archive.folder)
                end_removals(run.archive_dir, run.runs_dir)
                self.exitcode = opts.run(archive, self.settings, opts)
            sys.stdout.flush()
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
