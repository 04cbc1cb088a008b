"""Open saved pages, whatever kind they are.

open_saved(path)   a fixture tree                ─▶ FixtureTree   <case>/capture.json beside <case>/response.html
                   a WARC or WACZ                ─▶ WarcSet       *.warc, *.warc.gz, *.wacz
                   a folder                      ─▶ what it has of these, together
open_replay(replay, folder)   the same for REPLAY, and for `archive` the Archive in ARCHIVE_DIR
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver.archive.archive import OPEN_SUFFIX, Archive
from archiver.archive.base import RecordedResponse, SavedPages, distance, first_whole
from archiver.archive.fixtures.tree import DESCRIPTION, FixtureTree
from archiver.archive.recovery import recover
from archiver.archive.warc.names import is_archive_name, is_wacz_name
from archiver.archive.warc.places import WarcPlace
from archiver.archive.warc.reader import is_named_like_warc
from archiver.archive.warc.stored import stored_warcs
from archiver.archive.warc_pages import WarcSet
from archiver.errors import SettingsError

logger = logging.getLogger(__name__)

OWN = "archive"
"""The value of REPLAY that means ARCHIVE_DIR."""
_FORMS = "*.warc, *.warc.gz, *.wacz"
_CURE = "take it in (`archive import`), and replay from the archive (REPLAY=archive)"


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


def open_replay(replay: str, folder: Path, max_body_bytes: int | None = None) -> SavedPages:
    """Open what REPLAY names; of a longer body so many bytes are read, and one more.

    Raises SettingsError as `check_replay` does.
    """
    check_replay(replay, folder)
    if replay != OWN:
        return open_saved(Path(replay), max_body_bytes)
    return _ArchiveWithServices(folder, max_body_bytes)


class _ArchiveWithServices:
    """The pages of an archive, and what services answered beside them."""

    def __init__(self, folder: Path, max_body_bytes: int | None) -> None:
        self._pages, self._services = Archive(folder), Archive(folder, services=True)
        for archive in (self._pages, self._services):
            archive.max_body_bytes = max_body_bytes
            if archive.warcs.is_dir():
                recover(archive.warcs)
                archive.refresh()

    def find(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The recorded answer of an address that is nearest in time, the newest without a time; None without any."""
        found = self._pages.find(url, at)
        return found if found is not None or not self._services.warcs.is_dir() else self._services.find(url, at)

    def find_part(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The answer to what asked for an address as for a part of a page, such as a picture; else as `find` has it."""
        return self._pages.find_part(url, at)

    def find_rendering(self, url: str, captured_at: datetime) -> RecordedResponse | None:
        """The document that scripts made of the answer of that address and time; None where no browser had it."""
        return self._pages.find_rendering(url, captured_at)


def check_saved(path: Path) -> None:
    """Raises SettingsError when nothing at `path` can be replayed; reads no page."""
    if not path.exists():
        raise SettingsError(f"REPLAY={path} does not exist; name a WARC, a WACZ, a folder of them or a fixture tree")
    if path.is_file():
        _check_file(path)
    elif not any(path.rglob(DESCRIPTION)) and not any(map(_is_read, path.rglob("*"))):
        others = sorted(file for file in path.rglob("*") if is_archive_name(file.name))
        raise SettingsError(
            f"REPLAY={path} holds neither a WARC or WACZ ({_FORMS}) nor a fixture ({DESCRIPTION}); "
            + (f"{others[0].name} is not read in place: {_CURE}" if others else "name a folder that does")
        )


def _check_file(file: Path) -> None:
    if not _is_read(file):
        cure = _CURE if is_archive_name(file.name) else "name a WARC, a WACZ or a folder"
        raise SettingsError(f"REPLAY={file} is not named like a WARC or WACZ ({_FORMS}); {cure}")
    if is_wacz_name(file.name):
        try:
            content = stored_warcs(file)
        except (OSError, zipfile.BadZipFile) as error:
            raise SettingsError(f"REPLAY={file} is a damaged zip file ({error}); fetch it again") from None
        if not content.warcs:
            raise SettingsError(f"REPLAY={file} holds no WARC that is stored without packing; {_CURE}")


def open_saved(path: Path, max_body_bytes: int | None = None) -> SavedPages:
    """Open the saved pages at `path`, as `open_replay` does. Raises SettingsError as `check_saved` does.

    What is named like an archive and cannot be read in place is told of, and passed over.
    """
    check_saved(path)
    if path.is_file():
        return _warcs(_places([path]), max_body_bytes)
    files = sorted(file for file in path.rglob("*") if is_archive_name(file.name) and file.is_file())
    places = list(_places(files))
    trees = [FixtureTree(path)] if not places or any(path.rglob(DESCRIPTION)) else []
    both: list[SavedPages] = [*([_warcs(places, max_body_bytes)] if places else []), *trees]
    return both[0] if len(both) == 1 else _Together(both)


def _warcs(places: Iterable[WarcPlace], max_body_bytes: int | None) -> WarcSet:
    warcs = WarcSet(places)
    warcs.max_body_bytes = max_body_bytes
    return warcs


def _is_read(file: Path) -> bool:
    return (is_named_like_warc(file.name) or is_wacz_name(file.name)) and file.is_file()


def _places(files: Sequence[Path]) -> Iterator[WarcPlace]:
    for file in files:
        if is_named_like_warc(file.name):
            yield file
        elif is_wacz_name(file.name):
            yield from _stored(file)
        else:
            logger.warning("%s is not read in place; %s", file, _CURE)


def _stored(file: Path) -> Iterator[WarcPlace]:
    try:
        content = stored_warcs(file)
    except (OSError, zipfile.BadZipFile) as error:
        logger.warning("%s is a damaged zip file (%s), and is passed over; fetch it again", file, error)
        return
    for name in content.packed:
        logger.warning("%s: %s is not stored as a WARC that is read in place; %s", file, name, _CURE)
    yield from content.warcs


@dataclass(frozen=True, slots=True)
class _Together:
    """Saved pages of several kinds."""

    kinds: Sequence[SavedPages]

    def find(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The recorded answer of an address that is nearest in time, the newest without a time; None without any."""
        return _nearest((kind.find(url, at) for kind in self.kinds), at)

    def find_part(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The answer to what asked for an address as for a part of a page, such as a picture; else as `find` has it."""
        return _nearest((kind.find_part(url, at) for kind in self.kinds), at)

    def find_rendering(self, url: str, captured_at: datetime) -> RecordedResponse | None:
        """The document that scripts made of the answer of that address and time; None where no browser had it."""
        found = (kind.find_rendering(url, captured_at) for kind in self.kinds)
        return next((rendering for rendering in found if rendering is not None), None)


def _nearest(answers: Iterable[RecordedResponse | None], at: datetime | None) -> RecordedResponse | None:
    found = [answer for answer in answers if answer is not None]
    found.sort(key=lambda answer: distance(answer.captured_at, at))
    return first_whole(found)
