"""Open saved pages, whatever kind they are.

open_saved(path)   a fixture tree                ─▶ FixtureTree   <case>/capture.json beside <case>/response.html
                   a WARC, or a folder of WARCs  ─▶ WarcSet       *.warc and *.warc.gz
open_replay(replay, folder)   the same for REPLAY, and for `archive` the Archive in ARCHIVE_DIR
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archiver.archive.archive import OPEN_SUFFIX, Archive
from archiver.archive.base import RecordedResponse, SavedPages
from archiver.archive.fixtures.tree import DESCRIPTION, FixtureTree
from archiver.archive.recovery import recover
from archiver.archive.warc.reader import WARC_SUFFIXES, WarcSet
from archiver.errors import SettingsError

OWN = "archive"
"""The value of REPLAY that means ARCHIVE_DIR."""


def check_replay(replay: str, folder: Path) -> None:
    """Raises SettingsError when REPLAY names nothing that can be replayed, `folder` being ARCHIVE_DIR."""
    if replay != OWN:
        check_saved(Path(replay))
        return
    archive = Archive(folder)
    if not archive.files() and not any(archive.warcs.rglob(f"*.warc.gz{OPEN_SUFFIX}")):
        raise SettingsError(
            f"REPLAY=archive finds no WARC in {archive.warcs}; crawl without REPLAY first, or correct ARCHIVE_DIR"
        )


def open_replay(replay: str, folder: Path) -> SavedPages:
    """Open what REPLAY names. Raises SettingsError as `check_replay` does."""
    check_replay(replay, folder)
    if replay != OWN:
        return open_saved(Path(replay))
    return _ArchiveWithServices(folder)


class _ArchiveWithServices:
    """The pages of an archive, and what services answered beside them."""

    def __init__(self, folder: Path) -> None:
        self._pages, self._services = Archive(folder), Archive(folder, services=True)
        for archive in (self._pages, self._services):
            if archive.warcs.is_dir():
                recover(archive.warcs)
                archive.refresh()

    def find(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The recorded answer of an address that is nearest in time, the newest without a time; None without any."""
        found = self._pages.find(url, at)
        return found if found is not None or not self._services.warcs.is_dir() else self._services.find(url, at)

    def find_rendering(self, url: str, captured_at: datetime) -> RecordedResponse | None:
        """The document that scripts made of the answer of that address and time; None where no browser had it."""
        return self._pages.find_rendering(url, captured_at)


def check_saved(path: Path) -> None:
    """Raises SettingsError when nothing at `path` can be replayed; reads no page."""
    if not path.exists():
        raise SettingsError(f"REPLAY={path} does not exist; name a WARC file, a folder of WARCs or a fixture tree")
    if path.is_file() and not path.name.endswith(WARC_SUFFIXES):
        raise SettingsError(f"REPLAY={path} is not named like a WARC (*.warc, *.warc.gz); name a WARC or a folder")
    if path.is_dir() and not _warcs(path) and not any(path.rglob(DESCRIPTION)):
        raise SettingsError(
            f"REPLAY={path} holds neither a WARC (*.warc, *.warc.gz) nor a fixture ({DESCRIPTION}); "
            "name a folder that does"
        )


def open_saved(path: Path) -> SavedPages:
    """Open the saved pages at `path`. Raises SettingsError as `check_saved` does."""
    check_saved(path)
    if path.is_file():
        return WarcSet([path])
    warcs = _warcs(path)
    return WarcSet(warcs) if warcs else FixtureTree(path)


def _warcs(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*.warc*") if file.name.endswith(WARC_SUFFIXES) and file.is_file())
