"""Questions to the ledger about pictures."""

from __future__ import annotations

from archiver.ledger.entries import instant
from archiver.ledger.pictures.records import PictureRecord
from archiver.ledger.queries import LedgerQueries
from archiver.models import PictureVerdict

PICTURE_COLUMNS = (
    "url, verdict, detail, since, checked, due, failures, alive_at, mime, width, height, fingerprint, etag, "
    "last_modified, copy"
)


class PictureQueries(LedgerQueries):
    """Pictures, by their addresses."""

    def picture(self, url: str) -> PictureRecord | None:
        """What is known of a picture; None while nobody has looked at it."""
        row = self._one(f"SELECT {PICTURE_COLUMNS} FROM picture WHERE url = ?", url)  # noqa: S608  (a constant)
        return None if row is None else _record(row)

    def picture_count(self) -> int:
        """How many pictures were looked at."""
        (count,) = self._all("SELECT count(*) FROM picture")[0]
        return int(count)


def _record(row: tuple) -> PictureRecord:  # type: ignore[type-arg]  # rows are what SQLite says
    url, verdict, detail, since, checked, due, failures, alive_at, mime, width, height, fingerprint, *rest = row
    etag, last_modified, copy = rest
    return PictureRecord(
        url=url, verdict=PictureVerdict(verdict), detail=detail, since=instant(since), checked=instant(checked),
        due=instant(due), failures=failures, alive_at=None if alive_at is None else instant(alive_at), mime=mime,
        width=width, height=height, fingerprint=fingerprint, etag=etag, last_modified=last_modified, copy=copy,
    )  # fmt: skip
