"""The links of a run's seeds to pictures that the archive has."""

from __future__ import annotations

import contextlib
import threading

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse
from archiver.archive.transfer.assets import NoPicture, archived_picture
from archiver.config.run_settings import RunSettings
from archiver.errors import LedgerError
from archiver.images.own_pictures import is_own_picture
from archiver.ledger import LEDGER, LedgerReader
from archiver.ledger.pictures.records import PictureRecord
from archiver.models import Field
from archiver.repair.local_pictures import LocalPictures


class ArchivedPictures:
    """The pictures in the archive that were alive when they were kept. May be used by several threads."""

    def __init__(self, options: RunSettings) -> None:
        self._archive = Archive(options.archive_dir)
        self._ledger = options.archive_dir / LEDGER
        self._lock = threading.Lock()
        self._is_fresh = False

    def find(self, url: str) -> RecordedResponse:
        """Return what an address has shown. Raises NoPicture."""
        if not self._archive.warcs.is_dir():
            raise NoPicture("it is not in the archive")
        with self._lock:
            if not self._is_fresh:
                self._archive.refresh()
            self._is_fresh = True
        known = self._known(url)
        if known is not None and known.verdict.is_dead and known.alive_at is None:
            raise NoPicture(f"it was never alive: {known.detail.rstrip('.')}")
        return archived_picture(self._archive, url, known.alive_at if known is not None else None)

    def _known(self, url: str) -> PictureRecord | None:
        """What runs have found at the address; None where the ledger does not say."""
        with contextlib.suppress(LedgerError):
            reader = LedgerReader.open(self._ledger)
            if reader is not None:
                with contextlib.closing(reader):
                    return reader.picture(url)
        return None

    def close(self) -> None:
        """Let go of the archive."""
        self._archive.close()


def local_pictures(options: RunSettings) -> LocalPictures | None:
    """Return what rewrites the links; None where they stay as they are."""
    places = options.image_links.places
    if places is None:
        return None
    hosts = options.images.own_hosts | options.site_hosts
    return LocalPictures(
        places,
        options.keys[Field.IMAGE],
        ArchivedPictures(options),
        lambda address: is_own_picture(address, hosts),
        writes=not options.dry_run,
    )
