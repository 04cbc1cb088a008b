"""`seed-archiver config`: which settings are in force, and where each comes from."""

from __future__ import annotations

import argparse
import json
import os

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archiver.collection.file import FILE_NAME
from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.layers import SettingLine, settings_in_force
from archiver.config.run_settings import RunSettings
from archiver.errors import SettingsError
from archiver.program import program_name
from archiver.text.control_characters import escape_control

_MAX_COLUMNS = 2_000
"""Columns where no terminal reads: longer than any row, so that none is broken. Chosen, not measured."""


class Command(SettingsCheck, ScrapyCommand):
    """Reads settings and the collection's file, changes nothing."""

    requires_project = True
    requires_crawler_process = False

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Show the settings in force, and where each comes from"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            f"List every setting of the archiver with its value and its origin: the default, the preset, {FILE_NAME} "
            "(found in this folder or above it), the command line. --given leaves the defaults out. "
            "Exit code: 0 shown, 1 a setting is wrong."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--given", action="store_true", help="only what is not a default")
        parser.add_argument("--json", action="store_true", help="one JSON object per setting and line")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if args:
            raise UsageError("it takes no argument")
        assert self.settings is not None
        try:
            RunSettings.read(self.settings, with_places=False)
        except SettingsError as error:
            self.refuse(error)
            return
        lines = [
            line
            for line in settings_in_force(self.settings, self.origins)
            if not (opts.given and line.origin.startswith("default"))
        ]
        if opts.json:
            for line in lines:
                print(json.dumps(line._asdict(), ensure_ascii=False, default=str))
        else:
            self._show(lines)

    def _show(self, lines: list[SettingLine]) -> None:
        console = Console(highlight=False)
        if not console.is_terminal:
            console.width = _MAX_COLUMNS  # whoever reads a pipe wants one line per setting
        if self.collection is None:
            said = f"no {FILE_NAME} here or above; `{program_name()} init` writes one"
        else:
            preset = self.collection.preset
            said = (
                f"{os.path.relpath(self.collection.file)}, {f'preset {preset.name}' if preset else 'without a preset'}"
            )
        console.print(Text(escape_control(said)), style="bold")
        table = Table("setting", "value", "from", box=None, pad_edge=False, header_style="bold")
        for column in table.columns:
            column.overflow = "fold"
        for line in lines:
            cells = (line.name, _as_text(line.value), line.origin)
            table.add_row(*(Text(escape_control(cell)) for cell in cells))
        console.print(table)


def _as_text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "(none)"
    if value in (None, "", {}):
        return "(none)"
    return str(value)
