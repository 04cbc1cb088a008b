"""`scrapy crawl`, with the exit codes that cron and scripts go by."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sqlite3
import sys
from datetime import UTC, datetime

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from archiver.archive.recovery import recover
from archiver.commands.base.crash_log import CrashLog
from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.names import nearest
from archiver.config.run_settings import Due, RunSettings
from archiver.config.selection import CRAWL_ARGUMENTS, check_arguments
from archiver.crawl.stopping import stop_crawl, stop_sentence
from archiver.downloader.recording.recorder import FAILED
from archiver.downloader.run_end import RunEnd
from archiver.downloader.scrapy_internals import create_crawler
from archiver.errors import ArchiveBusy, ArchiverError, LedgerError, SettingsError
from archiver.files.lock import run_lock
from archiver.ledger import LEDGER, Ledger, end_renewal
from archiver.program import program_name
from archiver.report.cleaning import clean_texts
from archiver.seeds.store import SeedStore

EXIT_DONE, EXIT_NOTHING_RAN, EXIT_MISSED = 0, 1, 2
EXIT_BUSY = 75
"""EX_TEMPFAIL of sysexits: another run works on the archive."""


class Command(SettingsCheck, ScrapyCrawl):
    """Overrides the built-in command."""

    code_when_stopped = EXIT_NOTHING_RAN

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Repair the seeds of a publisher (`seeds`: of all) from their sources"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Fetch the source of every seed in SEEDS_DIR that the spider owns, and write back what the seed lost. "
            "Settings (-s): SEEDS_DIR=seeds, ARCHIVE_DIR=archive, ARCHIVE=0 (keep nothing), REPLAY=PATH (answer from a "
            "WARC, a folder of WARCs or a fixture tree, open no socket), REPLAY=archive (from ARCHIVE_DIR), "
            "DRY_RUN=1, SHOW_DIFF=1, COMMIT=1, OUTPUT_DIR=DIR (write repaired copies there), "
            "CONTACT=ADDRESS. "
            "Arguments (-a): only=GLOB,GLOB (some seeds, by path or file name), missing=FIELD,FIELD (those that lack "
            "one), host=HOST,HOST (those that were copied from there), since=DAY (posts of that day and later), "
            "refresh=FIELD,FIELD (renew fields that are not blank), at=DAY (replay the captures nearest to it). "
            "-O results.jsonl writes one result per seed. "
            "Exit code: 0 every seed written, unchanged or skipped, 2 at least one missed, 1 nothing could run, "
            "75 another run works on the archive."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--commit", action="store_true", help="commit what was written, where the seeds are in git")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        super().process_options(args, opts)
        if opts.commit:
            assert self.settings is not None
            self.settings.set("COMMIT", True, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if len(args) != 1:
            raise UsageError(f"name one spider; `{program_name()} list` shows them all")
        self.crawl(args[0], opts)

    def crawl(self, name: str, opts: argparse.Namespace, due: Due | None = None) -> None:
        """Run a spider alone on its archive, and set the exit code."""
        try:
            with contextlib.ExitStack() as held:
                self._check(name, opts, held)
                self._crawl(name, opts, due)
        except ArchiveBusy as error:
            self._say(error)
            self.exitcode = EXIT_BUSY
        except (SettingsError, LedgerError) as error:
            self._say(error)
            self.exitcode = EXIT_NOTHING_RAN
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            where = getattr(error, "filename", None) or "a temporary file"
            self._say(f"the run could not begin ({where}: {reason.lower()}); mend that and run again")
            self.exitcode = EXIT_NOTHING_RAN

    def _crawl(self, name: str, opts: argparse.Namespace, due: Due | None) -> None:
        assert self.crawler_process is not None
        crawler = create_crawler(self, name)
        crashes = CrashLog()
        with crashes:
            is_stopped, error = self._run_until_stopped(crawler, opts, due)
        if isinstance(error, (ArchiverError, OSError, sqlite3.Error)):
            raise error
        if self.crawler_process.bootstrap_failed:
            self._say(crashes.sentence or "the run did not begin; its log says why")
            self.exitcode = EXIT_NOTHING_RAN
            return
        assert crawler.stats is not None
        count = crawler.stats.get_value
        if failure := count(FAILED):
            self._say(failure)
            self.exitcode = EXIT_NOTHING_RAN
        elif is_stopped or count("archiver/not_reached"):
            self.exitcode = EXIT_NOTHING_RAN
        elif count("archiver/missed") or count("spider_exceptions/count"):
            self.exitcode = EXIT_MISSED
        elif crashes.sentence is not None:
            self._say(crashes.sentence)
            self.exitcode = EXIT_NOTHING_RAN

    def _run_until_stopped(
        self, crawler: Crawler, opts: argparse.Namespace, due: Due | None
    ) -> tuple[bool, BaseException | None]:
        """Run a crawl; whether it was asked to stop before it was done, and why it could not begin."""
        assert self.crawler_process is not None
        run_end = RunEnd.of(crawler)

        def note() -> None:
            if not run_end.is_ending:
                run_end.note()
                self.stop_signals.say(stop_sentence(run_end))

        self.stop_signals.ask(note)
        crawling = self.crawler_process.crawl(crawler, **opts.spargs, due=due)
        from twisted.internet import reactor  # noqa: PLC0415  (there is one now, and no earlier)

        def stop() -> None:
            self._stopping = asyncio.ensure_future(stop_crawl(crawler))

        def note_and_stop() -> None:
            note()
            reactor.callFromThread(stop)

        self.stop_signals.ask(note_and_stop)
        self.crawler_process.start(install_signal_handlers=False)
        self.stop_signals.ask(lambda: None)  # there is nothing left that could be stopped
        error = None
        if isinstance(crawling, asyncio.Future) and crawling.done() and not crawling.cancelled():
            error = crawling.exception()
        return run_end.is_ending, error

    def _check(self, name: str, opts: argparse.Namespace, held: contextlib.ExitStack) -> None:
        """Everything that would keep a run from starting, before it starts. Raises ArchiverError."""
        assert self.settings is not None
        assert self.crawler_process is not None
        known = self.crawler_process.spider_loader.list()
        if name not in known:
            meant = nearest(name, known)
            guess = f"did you mean {meant}? The spiders" if meant else "the spiders"
            raise SettingsError(f"there is no spider {name!r}; {guess} are {', '.join(known)}")
        check_arguments(opts.spargs, CRAWL_ARGUMENTS, "this spider")
        options = RunSettings.read(self.settings, opts.spargs)
        store = SeedStore.open(options.seeds, options.output, options.seed_files)
        store.check_not_empty()
        options.selection.check_paths(store)
        if options.is_recording:
            held.enter_context(run_lock(options.archive_dir, datetime.now(UTC)))
            recover(options.archive_dir / "warc")
            self._end_removal(options)
            end_renewal(options.archive_dir / LEDGER)
            Ledger.open(options.archive_dir / LEDGER).close()

    def _end_removal(self, options: RunSettings) -> None:
        """Clean what a removal that was killed has left; its addresses are not asked for in any case."""
        try:
            clean_texts(options.archive_dir, options.runs_dir)
        except (OSError, ArchiverError) as error:
            self._say(f"what is written of removed addresses cannot be cleaned yet ({error}); the next run tries again")

    def _say(self, what: object) -> None:
        print(f"{self.full_name}: {str(what).rstrip('.')}.", file=sys.stderr)
