"""`scrapy refresh`: look again at what is due, from cron."""

from __future__ import annotations

import argparse
import time

from scrapy.exceptions import UsageError

from archiver.archive.base import parse_when
from archiver.commands.crawl import EXIT_NOTHING_RAN
from archiver.commands.crawl import Command as Crawl
from archiver.config.run_settings import Due, RunSettings
from archiver.config.selection import SELECTION_ARGUMENTS, check_arguments
from archiver.errors import SettingsError
from archiver.program import program_name


class Command(Crawl):
    """A crawl of all publishers' seeds that asks only for what is due."""

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Look again at the seeds whose turn has come, and repair them"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Ask for the source of every seed that is due, of any publisher: seeds with something missing first, new "
            "articles often, old quiet ones rarely. A page that has not changed is neither sent nor read again. "
            "Prints nothing when no seed was written or newly missed, else the counts and what is newly missed; a seed "
            "that its ledger knows as missed in the same way is only counted. Settings are those of "
            f"`{program_name()} crawl`, and so are the arguments only=, missing=, host= and since=. "
            "Exit code: 0 every seed that was due is written or unchanged, 2 at least one missed, 1 nothing could "
            "run, 75 another run works on the archive."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument(
            "--due", nargs="?", metavar="WHEN", help="what is due by then (a day, or a time in ISO 8601); default: now"
        )
        parser.add_argument("--limit", type=int, metavar="N", help="ask for at most so many addresses")
        parser.add_argument(
            "--max-minutes", type=float, metavar="M", help="begin with no more addresses after so many minutes"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if args:
            raise UsageError("it takes no argument; the seeds are those in SEEDS_DIR")
        try:
            due = self._due(opts)
        except SettingsError as error:
            self._say(error)
            self.exitcode = EXIT_NOTHING_RAN
            return
        assert self.settings is not None
        self.settings.set("REPORT_BRIEF", True, priority="spider")
        self.crawl("seeds", opts, due)

    def _due(self, opts: argparse.Namespace) -> Due:
        assert self.settings is not None
        if not RunSettings.read(self.settings, with_places=False).is_recording:
            raise SettingsError("a refresh asks live sites and keeps what they answer; leave REPLAY and ARCHIVE=0 out")
        check_arguments(opts.spargs, SELECTION_ARGUMENTS, f"`{program_name()} refresh`")
        for name, value in (("limit", opts.limit), ("max-minutes", opts.max_minutes)):
            if value is not None and not value > 0:
                raise SettingsError(f"--{name} {value:g} leaves nothing to do; give it a number above 0")
        try:
            until = parse_when(opts.due) if opts.due else None
        except ValueError:
            raise SettingsError(
                f"--due {opts.due} is no time; write a day (2024-11-12) or a time in ISO 8601"
            ) from None
        deadline = None if opts.max_minutes is None else time.monotonic() + 60 * opts.max_minutes
        return Due(until, opts.limit, deadline)
