"""What every command of ours does first: read the collection's file, and check the names of its settings."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from archiver.collection.file import Collection, find_file, read_collection
from archiver.commands.base.stop_signals import StopSignals
from archiver.config.names import accept_old_names, check_names
from archiver.errors import SettingsError
from archiver.files.pipes import output_failure, survive_closed_pipes
from archiver.program import program_name
from archiver.text.control_characters import escape_control

EXIT_DONE, EXIT_NOTHING_RAN, EXIT_INCOMPLETE = 0, 1, 2

if TYPE_CHECKING:
    _Command = ScrapyCommand
else:
    # Scrapy would take a subclass of its command that is defined here for a command.
    _Command = object


class SettingsCheck(_Command):
    """Takes the settings of the collection's file; ends a command with exit code 1 for a name that does not exist."""

    reads_collection = True
    """Whether the file says anything to this command."""
    collection: Collection | None = None
    """The collection in whose folder, or below whose folder, the command runs."""
    code_when_stopped: int | None = None
    """The exit code where a signal has stopped the command; None for that of the signal, as shells have it."""
    leaves_interrupts = False
    """Whether the command itself says what Ctrl-C does."""
    stop_signals: StopSignals
    origins: Mapping[str, str] = {}
    """Where the values come from that file and preset say, by setting."""

    def __init__(self) -> None:
        """Called by Scrapy for every command there is before it runs one, its own ones too."""
        survive_closed_pipes()
        self._code = EXIT_DONE
        self._is_cut = False
        super().__init__()

    @property
    def exitcode(self) -> int:
        """Asked by Scrapy when the command is done: 1 where not all that it printed could be written."""
        failure = output_failure()
        if failure is not None and self._code in {EXIT_DONE, EXIT_NOTHING_RAN, EXIT_INCOMPLETE} and not self._is_cut:
            self._is_cut = True
            self._code = EXIT_NOTHING_RAN
            reason = (failure.strerror or type(failure).__name__).lower()
            print(
                f"{self.full_name}: standard output is not whole ({reason}); make room for it and run again.",
                file=sys.stderr,
            )
        return self._code

    @exitcode.setter
    def exitcode(self, code: int) -> None:
        self._code = code

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        parser.usage = f"{self.full_name} {self.syntax()}"
        super().add_options(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy, once `-s` is known."""
        self.stop_signals = StopSignals(
            self.full_name, code=self.code_when_stopped, leaves_interrupts=self.leaves_interrupts
        )
        self.stop_signals.install()
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            accept_old_names(self.settings)
            check_names(self.settings)
            file = find_file(Path.cwd()) if self.reads_collection else None
            if file is not None:
                self.collection = read_collection(file)
                self.origins = self.collection.apply(self.settings)
        except SettingsError as error:
            self.refuse(error)
            raise SystemExit(self.exitcode) from None

    def refuse(self, error: SettingsError) -> None:
        """Say why nothing is done, and let the command end with exit code 1."""
        end = "" if str(error).endswith("?") else "."
        print(f"{self.full_name}: {escape_control(str(error))}{end}", file=sys.stderr)
        self.exitcode = EXIT_NOTHING_RAN

    @property
    def full_name(self) -> str:
        """The command as a person types it, for usage and messages."""
        return f"{program_name()} {type(self).__module__.rpartition('.')[2]}"
