"""What every action of `scrapy archive` is, and how it prints."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.upkeep.verify import Damage
from archiver.errors import SettingsError
from archiver.text.control_characters import escape_control
from archiver.urls import address_key

EXIT_DONE, EXIT_NOTHING_RAN, EXIT_DAMAGED = 0, 1, 2
_MAX_COLUMNS = 2_000
"""Columns where no terminal reads: longer than any row, so that none is broken. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that the command does."""

    name: str
    about: str
    """A sentence."""
    run: Callable[[Archive, Settings, argparse.Namespace], int]
    """Does it and returns the exit code; raises ArchiverError."""
    add_arguments: Callable[[Any], None] = lambda parser: None


def checked_address(url: str) -> str:
    """Return an address that was given on the command line. Raises SettingsError for what is none."""
    if not url.lower().startswith(("http://", "https://")):
        raise SettingsError(f"{url} is no address; begin it with https:// or http://")
    try:
        address_key(url)
    except ValueError:
        raise SettingsError(f"{url} is no address; correct it") from None
    return url


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Print rows below their columns' names."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _MAX_COLUMNS  # whoever reads a pipe wants one line per row
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for column in table.columns:
        column.overflow = "fold"
    for row in rows:
        table.add_row(*(Text(escape_control(cell)) for cell in row))
    console.print(table)


def print_damages(damages: Iterable[Damage]) -> None:
    """Print where records are damaged, if any are."""
    rows = [[one.file, str(one.offset), one.reason] for one in damages]
    if rows:
        print_table(["file", "byte", "what is wrong"], rows)
