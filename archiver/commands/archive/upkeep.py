"""`scrapy archive compact`, `remove` and `prune`: what is done to an archive that grows for years."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.upkeep.compact import compact
from archiver.commands.archive.actions import EXIT_DAMAGED, EXIT_DONE, Action, print_damages
from archiver.config.run_settings import RunSettings
from archiver.errors import SettingsError
from archiver.files.lock import run_lock
from archiver.text.control_characters import escape_control


def _add_compact_arguments(parser: Any) -> None:
    parser.add_argument(
        "--max-bytes", metavar="BYTES", type=int, help="no file gets larger (default: the setting WARC_MAX_BYTES)"
    )


def _compact(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    max_bytes = RunSettings.of(settings).warc_max_bytes if opts.max_bytes is None else opts.max_bytes
    if max_bytes < 1:
        raise SettingsError(f"--max-bytes {max_bytes} is no size; write bytes, such as 1000000000")
    with run_lock(archive.folder, datetime.now(UTC)):
        done = compact(archive, max_bytes)
    print_damages(done.damages)
    for name in done.left:
        print(escape_control(f"{name} stays as it is: beside others its records would be read otherwise"))
    print(f"{done.before} files became {done.after}; {done.moved} captures were copied, as they are")
    return EXIT_DAMAGED if done.damages or done.left else EXIT_DONE


ACTIONS = (
    Action("compact", "Copy the records of many small files, as they are, into few large ones.", _compact,
           _add_compact_arguments),
)  # fmt: skip
