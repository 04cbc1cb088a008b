"""`seed-archiver`: the commands of `scrapy` with this project's settings, in any folder.

It reads no scrapy.cfg: that of a folder which somebody else made would load code (docs/design.md D58).
"""

from __future__ import annotations

import os
import pkgutil
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from scrapy import cmdline, commands
from scrapy.settings import Settings

import archiver.commands
from archiver import __version__
from archiver.collection.file import find_file, read_collection
from archiver.commands.base.settings_check import EXIT_NOTHING_RAN, SettingsCheck
from archiver.errors import SettingsError
from archiver.files.pipes import survive_closed_pipes
from archiver.program import OWN_NAME
from archiver.text.control_characters import escape_control

EXIT_DONE, EXIT_WRONG_USAGE = 0, 2
_SETTINGS_MODULE = "archiver.settings"


def main() -> None:
    """Run the command that `sys.argv` names; ends with its exit code."""
    survive_closed_pipes()
    sys.argv[0] = OWN_NAME
    ours = _our_commands()
    theirs = {found.name for found in pkgutil.iter_modules(commands.__path__)} - ours.keys()
    name = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    if name is None:
        print(f"{OWN_NAME} {__version__}" if "--version" in sys.argv else _overview(ours, theirs))
        sys.exit(EXIT_DONE)
    if name not in ours.keys() | theirs:
        meant = get_close_matches(name, [*ours, *theirs], 1)
        advice = f"did you mean {meant[0]}?" if meant else f"`{OWN_NAME}` lists them."
        print(f"{OWN_NAME}: there is no command {name}; {advice}", file=sys.stderr)
        sys.exit(EXIT_WRONG_USAGE)
    # Scrapy takes a folder for a project by this, and so do the processes that it starts.
    os.environ["SCRAPY_SETTINGS_MODULE"] = _SETTINGS_MODULE
    settings = Settings()
    settings.setmodule(_SETTINGS_MODULE, priority="project")
    if name in theirs:
        _take_collection(settings, name)
    cmdline.execute(sys.argv, settings)


def _our_commands() -> dict[str, SettingsCheck]:
    found = {}
    for module in pkgutil.iter_modules(archiver.commands.__path__):
        command = getattr(import_module(f"archiver.commands.{module.name}"), "Command", None)
        if command is not None:
            found[module.name] = command()
    return found


def _take_collection(settings: Settings, name: str) -> None:
    """Let Scrapy's own commands have the settings of the collection's file too."""
    try:
        file = find_file(Path.cwd())
        if file is not None:
            read_collection(file).apply(settings)
    except SettingsError as error:
        print(f"{OWN_NAME} {name}: {escape_control(str(error)).rstrip('.')}.", file=sys.stderr)
        sys.exit(EXIT_NOTHING_RAN)


def _overview(ours: dict[str, SettingsCheck], theirs: set[str]) -> str:
    lines = [
        f"Usage: {OWN_NAME} COMMAND [options] [arguments]",
        "",
        "Repair Markdown posts from the pages they were copied from; `init` begins in the folder of a blog.",
        "",
        *(f"  {name:<10} {command.short_desc()}" for name, command in sorted(ours.items())),
        "",
        f"Scrapy's own: {', '.join(sorted(theirs))}.",
        f"`{OWN_NAME} COMMAND --help` describes one.",
    ]
    return "\n".join(lines)
