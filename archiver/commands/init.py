"""`seed-archiver init`: write the collection's file for the posts in this folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archiver.collection.file import FILE_NAME, parse_collection
from archiver.collection.proposal import Proposal, collection_text, propose, report
from archiver.commands.base.settings_check import SettingsCheck
from archiver.errors import SettingsError
from archiver.files.atomic import open_replacement
from archiver.program import program_name
from archiver.text.control_characters import escape_control

_MAX_COLUMNS = 2_000
"""Columns where no terminal reads: longer than any row, so that none is broken. Chosen, not measured."""


class Command(SettingsCheck, ScrapyCommand):
    """Reads the posts below the current folder, writes one file."""

    requires_project = True
    requires_crawler_process = False
    reads_collection = False

    leaves_interrupts = True

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return f"Look at the posts in this folder and write {FILE_NAME}"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Find out which generator the folder is made for, which key of the posts names the page that each was "
            f"copied from, how the fields are called and written, and write {FILE_NAME}. Asks before it overwrites. "
            "Exit code: 0 written (or shown, with --dry-run), 1 nothing was written."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--force", action="store_true", help=f"overwrite {FILE_NAME} without asking")
        parser.add_argument("--dry-run", action="store_true", help="show the file and write nothing")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if args:
            raise UsageError("it takes no argument; run it in the folder of the collection")
        file = Path(FILE_NAME)
        try:
            _check_free(file, opts)
            proposal = propose(Path())
            if not proposal.folder.posts:
                raise SettingsError(_nothing_found(proposal))
            self._show(proposal)
            text = collection_text(proposal)
            parse_collection(file.absolute(), text)  # a folder's name may be one that no file can hold
            if opts.dry_run:
                print(f"\n{text}", end="")
                return
            if os.path.lexists(file) and not opts.force and not _is_confirmed():
                raise SettingsError(f"{FILE_NAME} was left as it is")
            _write(file, text)
        except SettingsError as error:
            self.refuse(error)
            return
        name = program_name()
        print(f"{FILE_NAME} is written. Next: `{name} audit`, then `{name} crawl seeds -s DRY_RUN=1`.")

    @staticmethod
    def _show(proposal: Proposal) -> None:
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = _MAX_COLUMNS  # whoever reads a pipe wants one line per finding
        table = Table(show_header=False, box=None, pad_edge=False)
        table.add_column(style="bold")
        table.add_column(overflow="fold")
        for name, found in report(proposal):
            table.add_row(name, Text(escape_control(found)))
        console.print(table)


def _check_free(file: Path, opts: argparse.Namespace) -> None:
    if file.is_dir() and not file.is_symlink():
        raise SettingsError(f"{FILE_NAME} is a folder; rename it")
    if os.path.lexists(file) and not (opts.force or opts.dry_run or sys.stdin.isatty()):
        raise SettingsError(f"{FILE_NAME} is there already and nobody can be asked; overwrite it with --force")


def _is_confirmed() -> bool:
    try:
        answer = input(f"{FILE_NAME} is there already; overwrite it? [y/N] ")
    except (EOFError, KeyboardInterrupt):
        print()
        return False
    return answer.strip().lower() in {"y", "yes"}


def _nothing_found(proposal: Proposal) -> str:
    folder = proposal.folder
    if folder.broken:
        return f"no post here can be read: {next(iter(folder.broken.values())).rstrip('.')}"
    return "no Markdown file with front matter is here; go to the folder of the blog or of the posts"


def _write(file: Path, text: str) -> None:
    """Put the file in place in one step; a link of its name is replaced, not followed."""
    try:
        with open_replacement(file, "seed-archiver") as stream:
            stream.write(text.encode())
    except OSError as error:
        reason = (error.strerror or "").lower()
        raise SettingsError(f"{FILE_NAME} cannot be written ({reason}); give this user permission here") from None
