"""`scrapy report`: make the page of a run again, also of one that was killed."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.run_settings import RunSettings
from archiver.errors import ArchiverError, RunUnreadable
from archiver.report import write_report
from archiver.report.summary import markdown_summary
from archiver.runs import RunFolder
from archiver.runs.writer import close_killed_run

EXIT_DONE, EXIT_NOTHING_RAN = 0, 1


class Command(SettingsCheck, ScrapyCommand):
    """Reads the folder of a run, writes its page, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options] [RUN ...]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Make the report of a run again, and say where it is"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "RUN is the name of a run's folder in ARCHIVE_DIR/runs or RUN_DIR, or its path; without it the newest. "
            "A run that goes on, or was killed, gets a report of what it has done. "
            "--markdown prints a summary for a pull request instead, of several runs as one. "
            "Exit code: 0 made, 1 there is no such run, or it could not be written."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument(
            "--markdown",
            action="store_true",
            help="print a table and the folded evidence, at most 60,000 characters",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if len(args) > 1 and not opts.markdown:
            raise UsageError("name one run, or none for the newest; only --markdown takes several")
        assert self.settings is not None
        try:
            runs_dir = RunSettings.read(self.settings, with_places=False).runs_dir
            folders = [RunFolder.open(runs_dir, name) for name in args] or [RunFolder.open(runs_dir)]
            print(markdown_summary(folders) if opts.markdown else _make(folders[0]))
        except ArchiverError as error:
            print(f"{self.full_name}: {str(error).rstrip('.')}.", file=sys.stderr)
            self.exitcode = EXIT_NOTHING_RAN


def _make(folder: RunFolder) -> str:
    """Write the page; where it is. Raises RunUnreadable."""
    try:
        head = folder.head()
        if head.ended is None and not folder.is_running():
            close_killed_run(folder, head, discards=False)
        return str(write_report(folder))
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise RunUnreadable(
            f"the report of {folder.path} cannot be written ({reason}); make room there, or let this user write to it"
        ) from None
