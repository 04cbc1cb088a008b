"""`scrapy undo`: put back what a run wrote, wherever the seed is still as the run left it."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Container
from datetime import UTC, datetime

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archiver.commands.base.settings_check import SettingsCheck
from archiver.commands.crawl import EXIT_BUSY
from archiver.config.run_settings import RunSettings
from archiver.decisions import DecisionFile
from archiver.errors import ArchiveBusy, ArchiverError
from archiver.files.lock import run_lock
from archiver.repair.pictures.local_pictures import PICTURES
from archiver.review.notes import WrittenNotes
from archiver.review.put_back import AfterUndo, UndoOutcome, forget_in, put_back, refuse_in
from archiver.runs import RunFolder
from archiver.seeds.store import SeedStore
from archiver.text.control_characters import escape_control

EXIT_DONE, EXIT_LEFT = 0, 1
_MAX_NAMED_PICTURES = 10
"""Pictures that are named of those that stay; with more they hide which seeds were put back. Chosen, not measured."""
LAST = "last"
"""Names the newest run."""


class Command(SettingsCheck, ScrapyCommand):
    """Writes seeds, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    leaves_interrupts = True

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options] RUN"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Put back what a run wrote"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            f"RUN is the name or the folder of a run, or `{LAST}` for the newest. Seeds that are still as the run left "
            "them get the bytes that they had before; the others are named and left alone. What is put back is "
            "refused: later runs do not write the same values again (--forget lets them). "
            "Exit code: 0 put back, or nothing left to put back; 1 some could not be put back, or nothing could run; "
            "75 a run works on the archive."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be put back, write nothing")
        parser.add_argument("--forget", action="store_true", help="let later runs write the same values again")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if len(args) != 1:
            raise UsageError(f"name one run, or {LAST}; `{self.full_name.rpartition(' ')[0]} status` shows the last")
        assert self.settings is not None
        try:
            options = RunSettings.read(self.settings, with_places=False)
            store = SeedStore.open(options.seeds, files=options.seed_files)
            folder = RunFolder.open(
                options.run_dir or options.archive_dir / "runs", None if args[0] == LAST else args[0]
            )
            writes = not (opts.dry_run or options.dry_run)
            with contextlib.ExitStack() as held:
                if writes and options.archive_dir.is_dir():
                    # A run that goes on would write again what is put back.
                    held.enter_context(run_lock(options.archive_dir, datetime.now(UTC)))
                if writes:
                    store.sweep()  # what a killed one was writing
                then = _then(options, folder, held, forget=opts.forget) if writes else None
                self._undo(store, folder, then, writes=writes)
        except ArchiveBusy as error:
            self._say(str(error))
            self.exitcode = EXIT_BUSY
        except ArchiverError as error:
            self._say(str(error))
            self.exitcode = EXIT_LEFT
        except KeyboardInterrupt:
            self._say("stopped; undo again to finish")
            self.exitcode = EXIT_LEFT

    def _undo(self, store: SeedStore, folder: RunFolder, then: AfterUndo | None, *, writes: bool) -> None:
        counts: Counter[UndoOutcome] = Counter()
        problems: list[str] = []
        undone: set[str] = set()
        for done in put_back(store, folder, then, problems, writes=writes):
            counts[done.outcome] += 1
            if done.outcome is UndoOutcome.LEFT:
                self._say(done.clause)
            elif done.outcome is UndoOutcome.PUT_BACK:
                undone.add(done.seed)
                print(escape_control(f"{'put back' if writes else 'would put back'} {store.display_path(done.seed)}"))
        self._name_pictures(folder, undone)
        for problem in problems:
            self._say(f"{folder.name}: {problem}")
        self.exitcode = EXIT_LEFT if counts[UndoOutcome.LEFT] or problems else EXIT_DONE
        if not counts:
            print(f"run {folder.name} wrote no seed in place")
        elif not counts[UndoOutcome.PUT_BACK] and not counts[UndoOutcome.LEFT]:
            print(f"nothing left to put back of run {folder.name}")
        else:
            verb = "put back" if writes else "would be put back"
            left = f", {counts[UndoOutcome.LEFT]} left as they are" if counts[UndoOutcome.LEFT] else ""
            print(f"{counts[UndoOutcome.PUT_BACK]} {verb} of run {folder.name}{left}")

    @staticmethod
    def _name_pictures(folder: RunFolder, undone: Container[str]) -> None:
        """Say which pictures stay that seeds do not name any more: another seed may, or a person may want them."""
        changes = (change for record in folder.records() if record.seed in undone for change in record.result.changes)
        named = sorted({name for change in changes if change.field == PICTURES for name in change.new.split(", ")})
        if named:
            more = f" and {len(named) - _MAX_NAMED_PICTURES} more" if len(named) > _MAX_NAMED_PICTURES else ""
            print(escape_control(f"pictures stay where they are: {', '.join(named[:_MAX_NAMED_PICTURES])}{more}"))

    def _say(self, sentence: str) -> None:
        print(f"{self.full_name}: {escape_control(sentence).rstrip('.')}.", file=sys.stderr)


def _then(options: RunSettings, folder: RunFolder, held: contextlib.ExitStack, *, forget: bool) -> AfterUndo:
    """What is done about the values of each seed that is put back. Raises DecisionsError and OffersError."""
    if forget:
        return forget_in(held.enter_context(WrittenNotes(options)))
    return refuse_in(DecisionFile(options.seeds), f"run {folder.name} was undone")
