"""What pages ask of those who keep them, noted in their records, and honoured where the setting NOARCHIVE says so."""

from __future__ import annotations

from dataclasses import replace

from archiver.archive.archive import Archive
from archiver.archive.robots_directives import FIELD, NO_ARCHIVE, directives_of
from archiver.archive.upkeep.promotion import stored
from archiver.archive.warc.members import unpack
from archiver.archive.warc.records import CopiedRecord, Exchange, Rendering
from archiver.archive.warc.segments import split_record
from archiver.models import CdxEntry

_NOT_KEPT = "unspecified"
"""WARC-Truncated of a record whose payload was left out: the standard's word for no technical reason."""


class RobotsDirectives:
    """Looks at what is about to be kept in a run."""

    def __init__(self, agent: str, *, honours: bool) -> None:
        """`agent` is the name by which a page may address us; `honours` leaves out what asks not to be archived."""
        self._agent = agent
        self._honours = honours
        self._withheld: set[str] = set()
        """Records of which the payload was left out; what a browser makes of them is, too."""

    def applied(self, record: Exchange | Rendering | CopiedRecord) -> Exchange | Rendering | CopiedRecord | None:
        """Return a record as it is to be kept; None for one that is not."""
        if isinstance(record, Exchange):
            return record if record.is_of_service else self._of_exchange(record)
        if not self._honours:
            return record
        if isinstance(record, Rendering):
            return None if record.rendered_id in self._withheld else record
        try:
            _, block = split_record(unpack(record.content))
        except ValueError:
            return record
        head, _, body = block.partition(b"\r\n\r\n")
        return None if NO_ARCHIVE in directives_of(head, body, self._agent) else record

    def _of_exchange(self, exchange: Exchange) -> Exchange:
        found = directives_of(exchange.head, exchange.body, self._agent)
        exchange = replace(exchange, robots=", ".join(found))
        if not self._honours or NO_ARCHIVE not in found:
            return exchange
        self._withheld.add(exchange.record_id)
        return replace(exchange, body=b"", truncated=_NOT_KEPT)


def directives_in(archive: Archive, capture: CdxEntry, agent: str) -> tuple[str, ...]:
    """Return what the page of a capture asks for: as noted when it was kept, else as its record shows it today."""
    try:
        head, block = split_record(stored(archive, capture))
    except (OSError, ValueError):
        return ()
    noted = next((line.partition(b":")[2] for line in head.splitlines() if line.startswith(FIELD.encode() + b":")), b"")
    if noted or capture.kind == "revisit":
        return tuple(name.strip() for name in noted.decode("utf-8", "replace").split(",") if name.strip())
    http, _, body = block.partition(b"\r\n\r\n")
    return directives_of(http, body, agent)
