"""The arguments `-a` of commands that look at seeds and start no crawl."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.utils.conf import arglist_to_dict

from archiver.config.selection import SELECTION_ARGUMENTS, check_arguments

if TYPE_CHECKING:
    _Command = ScrapyCommand
else:
    # Scrapy would take a subclass of its command that is defined here for a command.
    _Command = object


class SelectionArguments(_Command):
    """Takes the seeds that `-a only=`, `missing=`, `host=` and `since=` ask for, as `scrapy crawl` does."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument(
            "-a", dest="spargs", action="append", default=[], metavar="NAME=VALUE",
            help=f"take some seeds: {', '.join(f'{name}=' for name in SELECTION_ARGUMENTS)} (may be repeated)",
        )  # fmt: skip

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        super().process_options(args, opts)
        try:
            opts.spargs = arglist_to_dict(opts.spargs)
        except ValueError:
            raise UsageError("-a takes NAME=VALUE", print_help=False) from None

    @staticmethod
    def arguments_of(opts: argparse.Namespace) -> dict[str, str]:
        """Return what was given with `-a`. Raises SettingsError for a name that there is not."""
        given: dict[str, str] = opts.spargs
        check_arguments(given, SELECTION_ARGUMENTS, "this command")
        return given
