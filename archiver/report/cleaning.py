"""What is to be done beside the WARCs when an address was taken down: runs and their reports, the feed, the ledger."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.recovery import recover
from archiver.archive.upkeep.removal import search, vacuum
from archiver.archive.upkeep.replacement import read_journal, texts_cleaned
from archiver.archive.upkeep.rewriting import rewrite
from archiver.archive.upkeep.tombstones import Tombstone, add_tombstone, decode_tombstone
from archiver.errors import ArchiveBusy
from archiver.files.lock import run_lock
from archiver.ledger import LEDGER
from archiver.ledger.cleaning import clean_visits
from archiver.report.page import write_report
from archiver.runs.cleaning import clean_runs


def end_removals(archive_dir: Path, runs_dir: Path) -> None:
    """End a removal whose process was killed before it had cleaned all; leave one to whoever works on it.

    Raises OSError, LedgerError, SettingsError where the archive cannot be locked.
    """
    journal = read_journal(archive_dir / "warc")
    if journal is None or not journal.removed or journal.is_unfinished:
        return
    with contextlib.suppress(ArchiveBusy), run_lock(archive_dir, datetime.now(UTC)):
        clean_texts(archive_dir, runs_dir)


def clean_texts(archive_dir: Path, runs_dir: Path) -> int:
    """Clean what is written of the addresses that the journal names; how many runs held any. For the lock's holder.

    Raises OSError, LedgerError, NotRewritten; then the next command does it again.
    """
    journal = read_journal(archive_dir / "warc")
    removed = [decode_tombstone(line) for line in journal.removed] if journal is not None else []
    if not removed:
        return 0

    def concerns(url: str) -> bool:
        return any(one.concerns(url) for one in removed)

    for one in removed:
        add_tombstone(archive_dir, one)
    with contextlib.closing(Archive(archive_dir)) as archive:
        archive.refresh()
        vacuum(archive)
    _clean_services(archive_dir, removed)
    folders = clean_runs(runs_dir, concerns)
    for folder in folders:
        if folder.report.exists():
            write_report(folder)
    clean_visits(archive_dir / LEDGER, concerns)
    texts_cleaned(archive_dir / "warc")
    return len(folders)


def _clean_services(archive_dir: Path, removed: Iterable[Tombstone]) -> None:
    """Take out what services answered about these addresses: copies as a web archive gave them, lists."""
    with contextlib.closing(Archive(archive_dir, services=True)) as archive:
        if not archive.warcs.is_dir():
            return
        recover(archive.warcs)
        archive.refresh()
        for one in removed:
            found = search(archive, one)
            if found.records:
                rewrite(archive, {(record.file, record.offset) for record in found.records}, {})
        vacuum(archive)
