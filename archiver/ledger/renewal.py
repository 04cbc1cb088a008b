"""A new ledger in the place of an old one, damaged or not, which is put aside and never lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver.errors import LedgerDamaged
from archiver.files.atomic import NO_HARD_LINKS
from archiver.ledger.writer import Ledger

_LOGS = ("-wal", "-shm")
"""SQLite's files beside a database (https://www.sqlite.org/wal.html)."""


@dataclass(slots=True)
class Renewal:
    """A ledger that is being drawn anew, under another name until it is whole."""

    ledger: Ledger
    """Holds what the old one held, where that can be read."""
    old: Ledger | None
    """None where there is none, or a damaged one."""
    damage: LedgerDamaged | None
    """What is wrong with the old one."""
    aside: Path | None = None
    """Where the old one is in the end."""


@contextlib.contextmanager
def renew_ledger(file: Path, now: datetime) -> Iterator[Renewal]:
    """A ledger to be filled, which takes the place of the one in `file` in the end.

    Until then nothing happens to the old one; whoever is killed leaves the old one or the new one. Only for who holds
    the archive's lock. Raises LedgerError for a ledger of a newer version, a foreign or a locked one.
    """
    draft = end_renewal(file)
    old, damage = _open_if_whole(file)
    try:
        if old is not None:
            old.copy_to(draft)
        renewal = Renewal(Ledger.open(draft), old, damage)
        try:
            yield renewal
        finally:
            # The last one to close it empties its log into it.
            renewal.ledger.close()
            if old is not None:
                old.empty_log()
                old.close()
        if file.exists():
            renewal.aside = _put_aside(file, now)
        draft.replace(file)
    finally:
        _remove(draft)


def end_renewal(file: Path) -> Path:
    """Remove what a renewal that was killed has left; where the next one draws. For who holds the archive's lock."""
    draft = file.with_name(f"{file.name}.new")
    _remove(draft)
    for aside in file.parent.glob(f"{file.name}.before-*"):
        # It was about to be put aside, and has two names.
        if file.exists() and aside.samefile(file):
            aside.unlink()
    return draft


def _open_if_whole(file: Path) -> tuple[Ledger | None, LedgerDamaged | None]:
    """The ledger in a file, if it is whole, and else what is wrong with it. Raises LedgerError."""
    if not file.exists():
        return None, None
    try:
        ledger = Ledger.open(file)
    except LedgerDamaged as error:
        return None, error
    try:
        ledger.check_integrity()
    except LedgerDamaged as error:
        ledger.close()
        return None, error
    return ledger, None


def _put_aside(file: Path, now: datetime) -> Path:
    """Give a ledger a second name, under which it stays when the new one takes the first."""
    aside = first = file.with_name(f"{file.name}.before-{now:%Y%m%dT%H%M%SZ}")
    count = 1
    while aside.exists():
        count += 1
        aside = first.with_name(f"{first.name}-{count}")
    try:
        aside.hardlink_to(file)
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        file.rename(aside)  # whoever is killed now leaves none
    for suffix in _LOGS:
        # A log that stayed would be taken for the new ledger's.
        with contextlib.suppress(FileNotFoundError):
            file.with_name(file.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _remove(draft: Path) -> None:
    for suffix in ("", *_LOGS):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
