"""What the crawl writes into the ledger about pictures."""

from __future__ import annotations

from archiver.ledger.entries import seconds
from archiver.ledger.pictures.queries import PICTURE_COLUMNS
from archiver.ledger.pictures.records import PictureRecord
from archiver.ledger.transactions import LedgerTransactions

_INSERT = f"INSERT OR REPLACE INTO picture ({PICTURE_COLUMNS}) VALUES (?{', ?' * 14})"  # noqa: S608  (constants)


class PictureStore(LedgerTransactions):
    """Pictures."""

    def keep_picture(self, record: PictureRecord) -> None:
        """Keep what is known of a picture, in the place of what was."""
        times = [seconds(at) for at in (record.since, record.checked, record.due)]
        with self._transaction():
            self._run(
                _INSERT, record.url, record.verdict.value, record.detail, *times, record.failures,
                None if record.alive_at is None else seconds(record.alive_at), record.mime, record.width, record.height,
                record.fingerprint, record.etag, record.last_modified, record.copy,
            )  # fmt: skip
