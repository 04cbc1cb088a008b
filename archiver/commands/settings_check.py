"""What every command of ours does first: check the names of its settings."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand

from archiver.config.names import accept_old_names, check_names
from archiver.errors import SettingsError

EXIT_NOTHING_RAN = 1

if TYPE_CHECKING:
    _Command = ScrapyCommand
else:
    # Scrapy would take a subclass of its command that is defined here for a command.
    _Command = object


class SettingsCheck(_Command):
    """Ends a command with exit code 1, before anything else, for a setting that does not exist."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy, once `-s` is known."""
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            accept_old_names(self.settings)
            check_names(self.settings)
        except SettingsError as error:
            end = "" if str(error).endswith("?") else "."
            print(f"scrapy {type(self).__module__.rpartition('.')[2]}: {error}{end}", file=sys.stderr)
            raise SystemExit(EXIT_NOTHING_RAN) from None
