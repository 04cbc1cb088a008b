"""Answers as they came, and what finds them again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Origin = str
"""Where a capture came from: `live` is the site itself, `archive` saved pages; any other word is the name of a web
archive, `wayback` the one that the settings WAYBACK_CDX and WAYBACK_RAW describe."""

_OWN_ORIGINS = frozenset({"live", "archive"})


CaptureKind = Literal["response", "revisit", "subresource", "conversion"]
"""What a record of a WARC is in an index, which notes them by their place here: new ones come last."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Capture:
    """One answer to one request, as it came. Compared by identity: two captures of equal bytes stay two."""

    url: str
    """The address that answered, after redirects."""
    requested_url: str
    """The address that was asked for: a seed's source address."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """Names and values in the order they came; names keep their case."""
    body: bytes
    """The payload after Content-Encoding was undone."""
    captured_at: datetime
    """When the answer was given; aware, UTC. For a replay this is the time of the recording."""
    origin: Origin
    snapshot: str | None = None
    """Where a public web archive shows this answer; None for an answer of the site itself."""
    is_cut: bool = False
    """Whether the recording ends before the page does, so that its text is not all there."""

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def reference(self) -> CaptureReference:
        """What a result keeps of a capture."""
        return CaptureReference(
            url=self.snapshot or self.url,
            status=self.status,
            captured_at=self.captured_at.isoformat().replace("+00:00", "Z"),
            sha256=hashlib.sha256(self.body).hexdigest(),
            origin=self.origin,
        )


@dataclass(frozen=True, slots=True)
class CaptureReference:
    """Enough to find a capture again."""

    url: str
    """The address that answered; for a public web archive, the address of its snapshot."""
    status: int
    captured_at: str
    """ISO 8601, UTC, ending in Z."""
    sha256: str
    """Of the payload after Content-Encoding was undone, hexadecimal."""
    origin: Origin

    @property
    def is_from_web_archive(self) -> bool:
        """Whether a web archive handed it out."""
        return self.origin not in _OWN_ORIGINS


@dataclass(frozen=True, slots=True)
class CdxEntry:
    """One line of an index of captures: this archive's own, or the list that a web archive gives."""

    url: str
    """As recorded."""
    captured_at: datetime
    """Aware, UTC."""
    status: int
    """The HTTP status; 0 where the index names none, as for a revisit that was recorded without HTTP headers."""
    mime: str
    """The media type that the answer claimed, in lower case without parameters; empty when it claimed none."""
    digest: str
    """Of the payload: in this archive `sha1:` and Base32, freed of its Transfer-Encoding but not of its
    Content-Encoding; elsewhere as the archive gives it, empty where it gives none."""
    kind: CaptureKind
    """A revisit has no payload of its own: it is that of a response with the same digest. A subresource was fetched by
    a page in a browser, a conversion is the document that its scripts made of it; neither answers for its address."""
    file: str = ""
    """Relative to the folder of WARCs, `/` between folders; empty in another archive's list."""
    offset: int = 0
    """Where the record starts in the file, in bytes as stored."""
    length: int = 0
    """Bytes of the record as stored."""
    names: tuple[str, ...] = field(default=(), compare=False)
    """What a revisit may call it by: its WARC-Record-ID, and the digest that it states for its payload where that is
    not `digest`. Given by who reads a WARC, and not by an index, which only finds by them."""
