"""`scrapy review`: answer what runs proposed, in the terminal, in a browser, from a file, or all at once."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.fields import parse_missing
from archiver.config.run_settings import RunSettings
from archiver.config.selection import parse_hosts
from archiver.decisions import Answer, DecisionFile
from archiver.errors import ArchiverError, SeedError, SettingsError
from archiver.repair.selection import Selection
from archiver.report import render
from archiver.review.apply import Reviewer
from archiver.review.keys import Keys
from archiver.review.notes import WrittenNotes
from archiver.review.queue import OpenOffer, SeedReader, Wanted, offers_of
from archiver.review.saved import DecisionReader, read_saved
from archiver.review.terminal import TerminalReview
from archiver.review.views import offer_json, offer_line
from archiver.review.web import LOOPBACK, ReviewServer, serve
from archiver.runs import RunFolder, runs_of
from archiver.seeds.store import SeedStore
from archiver.text.control_characters import escape_control, json_text

EXIT_DONE, EXIT_FAILED = 0, 1


class Command(SettingsCheck, ScrapyCommand):
    """Writes seeds and decisions, asks a person."""

    requires_project = True
    requires_crawler_process = False

    leaves_interrupts = True

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options] [RUN]"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Answer what runs proposed: accept, keep, take another value"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Goes through the values that wait for a person, of all runs that are kept or of RUN, and writes what is "
            "accepted into the seeds at once. Answers are noted in SEEDS_DIR/.decisions.jsonl and hold until a page "
            "offers something else. "
            "Exit code: 0 done, whether everything was answered or not; 1 something could not be written, or nothing "
            "could run."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument(
            "--seed", metavar="GLOB", action="append", default=[], help="only these seeds, by path or file name"
        )
        parser.add_argument("--field", action="append", default=[], help="only this field")
        parser.add_argument(
            "--host", action="append", default=[], help="only seeds that were copied from this host, or one below it"
        )
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--list", action="store_true", help="show what waits, a line each")
        way.add_argument("--json", action="store_true", help="the same, a JSON object each")
        way.add_argument("--accept-all", action="store_true", help="accept everything that waits, without asking")
        way.add_argument("--keep-all", action="store_true", help="keep all seeds as they are, without asking")
        way.add_argument(
            "--apply", metavar="FILE", help="carry out the decisions that a report has saved; - is standard input"
        )
        way.add_argument(
            "--web", action="store_true", help="serve the report of a run on this machine; its buttons answer"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if len(args) > 1:
            raise UsageError("name at most one run")
        assert self.settings is not None
        try:
            options = RunSettings.read(self.settings, with_places=False)
            if options.output is not None:
                raise SettingsError("OUTPUT_DIR is set, and a review writes seeds where they lie; leave it off")
            self.exitcode = self._review(options, args[0] if args else None, opts)
        except ArchiverError as error:
            self._say(str(error))
            self.exitcode = EXIT_FAILED
        except KeyboardInterrupt:
            self._say("stopped; what was answered stays, the rest waits on")
            self.exitcode = EXIT_FAILED

    def _review(self, options: RunSettings, run: str | None, opts: argparse.Namespace) -> int:
        runs_dir = options.run_dir or options.archive_dir / "runs"
        folders = [RunFolder.open(runs_dir, run)] if run else list(runs_of(runs_dir))
        store = SeedStore.open(options.seeds, files=options.seed_files)
        seeds = SeedReader(store, options)
        if opts.list or opts.json or options.dry_run:
            for offer in self._offers(folders, seeds, Reviewer(seeds, DecisionFile(options.seeds)), opts):
                print(json_text(offer_json(offer)) if opts.json else offer_line(offer))
            return EXIT_DONE
        store.sweep()  # what a killed one was writing
        with WrittenNotes(options) as notes:
            reviewer = Reviewer(seeds, DecisionFile(options.seeds), notes)
            offers = self._offers(folders, seeds, reviewer, opts)
            if opts.web:
                return self._serve(folders, offers, reviewer)
            if opts.apply:
                return self._apply(opts.apply, offers, reviewer)
            if opts.accept_all or opts.keep_all:
                return self._answer_all(offers, reviewer, Answer.ACCEPT if opts.accept_all else Answer.KEEP)
            return self._ask(offers, reviewer)

    def _offers(
        self, folders: Sequence[RunFolder], seeds: SeedReader, reviewer: Reviewer, opts: argparse.Namespace
    ) -> list[OpenOffer]:
        """What waits of what is asked for; what cannot be read is named."""
        problems = [str(problem) for problem in reviewer.decisions.problems]
        offers = list(offers_of(folders, seeds, reviewer.decisions, problems, _wanted(opts)))
        for problem in problems:
            self._say(problem)
        return offers

    def _ask(self, offers: Sequence[OpenOffer], reviewer: Reviewer) -> int:
        if not offers:
            print("nothing waits")
            return EXIT_DONE
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise SettingsError(
                f"{len(offers)} values wait, and there is no terminal to ask in; "
                "take --list, --accept-all, --keep-all, --web or --apply"
            )
        review = None
        try:
            with Keys() as keys:
                review = TerminalReview(reviewer, offers, keys, Console(highlight=False))
                review.run()
        except KeyboardInterrupt:
            print()
        return self._sum_up(
            review.counts if review else {}, review.failed if review else 0, reviewer.count_waiting(offers)
        )

    def _answer_all(self, offers: Sequence[OpenOffer], reviewer: Reviewer, answer: Answer) -> int:
        done = failed = 0
        for offer in offers:
            try:
                current = reviewer.look(offer)  # an answer before may have filled a heading
                if current is not None:
                    reviewer.answer(current, answer)
                    done += 1
            except SeedError as error:
                failed += 1
                self._say(str(error))
        return self._sum_up({answer: done}, failed, reviewer.count_waiting(offers))

    def _apply(self, source: str, offers: Sequence[OpenOffer], reviewer: Reviewer) -> int:
        problems: list[str] = []
        saved = read_saved(_lines(source), problems)
        reader = DecisionReader(offers, reviewer)
        counts: Counter[Answer] = Counter()
        for decision in saved:
            applied = reader.apply(decision)
            if applied.clause:
                problems.append(applied.clause)
            counts[decision.answer] += applied.done is not None
        for problem in problems:
            self._say(f"{'standard input' if source == '-' else source}: {problem}")
        return self._sum_up(counts, len(problems), reviewer.count_waiting(offers))

    def _serve(self, folders: Sequence[RunFolder], offers: Sequence[OpenOffer], reviewer: Reviewer) -> int:
        if not folders:
            raise SettingsError("there is no run to show; crawl first")
        shown = offers[0].run if offers else folders[0].name
        folder = next(folder for folder in folders if folder.name == shown)
        try:
            server = ReviewServer(partial(render, folder), DecisionReader(offers, reviewer))
        except OSError as error:
            raise SettingsError(f"no port of {LOOPBACK} can be had ({(error.strerror or '').lower()})") from None
        print(f"open {server.address} (Ctrl-C here, or Quit there, ends it)", flush=True)
        if elsewhere := sum(offer.run != shown for offer in offers):
            print(f"this is run {shown}; {elsewhere} values of earlier runs wait too", flush=True)
        serve(server)
        if server.problem is not None:
            self._say(str(server.problem))
        counts = Counter(done.decision.answer for done in server.decisions.done)
        return self._sum_up(counts, int(server.problem is not None), reviewer.count_waiting(offers))

    def _sum_up(self, counts: Mapping[Answer, int], failed: int, left: int) -> int:
        accepted = counts.get(Answer.ACCEPT, 0) + counts.get(Answer.VALUE, 0)
        kept = counts.get(Answer.KEEP, 0)
        print(
            f"{accepted} accepted, {kept} kept, {left} still wait"
            + (f", {failed} could not be carried out" if failed else "")
        )
        return EXIT_FAILED if failed else EXIT_DONE

    def _say(self, sentence: str) -> None:
        print(f"{self.full_name}: {escape_control(sentence).rstrip('.')}.", file=sys.stderr)


def _wanted(opts: argparse.Namespace) -> Wanted:
    """Which values the options ask for. Raises SettingsError."""
    hosts = tuple(parse_hosts(opts.host, "--host"))
    fields = parse_missing(",".join(opts.field), "--field")
    # A report asks for a heading by itself.
    return Wanted(
        Selection(only=tuple(opts.seed), hosts=hosts), frozenset(fields), headings=bool(opts.web or opts.apply)
    )


def _lines(source: str) -> list[bytes]:
    """The lines of a file of decisions. Raises SettingsError."""
    if source == "-":
        return sys.stdin.buffer.readlines()
    try:
        return Path(source).read_bytes().splitlines()
    except OSError as error:
        raise SettingsError(f"{source} cannot be read ({(error.strerror or '').lower()}); name a file, or -") from None
