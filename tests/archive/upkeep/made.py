"""Archives of random small WARCs: addresses, times, payloads, revisits of both kinds, 304s, requests, damage."""

from __future__ import annotations

import base64
import gzip
import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse

SITE = "https://paper.example"
DAMAGE = b"\x1f\x8b\x08\x00 no member at all "


@dataclass(frozen=True)
class Visit:
    """One request and its answer."""

    url: str
    day: int
    status: int
    payload: int
    """What is served: equal numbers, equal bytes."""
    form: str
    """response, digest or address (a revisit, and how it names its response)."""

    @property
    def date(self) -> str:
        return f"{2020 + self.day // 28}-03-{self.day % 28 + 1:02}T10:00:00Z"

    @property
    def body(self) -> bytes:
        return b"" if self.status == 304 else b"payload %d of status %d " % (self.payload, self.status) * 3


VISITS = st.lists(
    st.builds(
        Visit,
        url=st.sampled_from([f"{SITE}/{name}" for name in "abc"]),
        day=st.integers(0, 80),
        status=st.sampled_from([200, 200, 200, 404, 304]),
        payload=st.integers(0, 2),
        form=st.sampled_from(["response", "digest", "address"]),
    ),
    max_size=12,
    unique_by=lambda visit: (visit.url, visit.day),
)
"""The visits of one file."""


def fill(folder: Path, files: list[tuple[list[Visit], bool, bool]]) -> Archive:
    """Write an archive of these files: visits, whether the file is packed, whether it has damage in it."""
    (folder / "warc").mkdir()
    known: dict[bytes, Visit] = {}
    seen: set[tuple[str, int]] = set()
    for number, (visits, packed, damaged) in enumerate(files):
        content = b""
        for visit in visits:
            if (visit.url, visit.day) in seen:
                continue
            seen.add((visit.url, visit.day))
            original = known.setdefault(visit.body, visit) if visit.status == 200 else visit
            content += _exchange(visit, original, packed)
            if damaged and packed and visit is visits[-1]:
                content += DAMAGE
        (folder / "warc" / f"{number}.warc{'.gz' * packed}").write_bytes(content)
    archive = Archive(folder)
    archive.refresh()
    return archive


def answers(archive: Archive, urls: list[str]) -> dict[tuple[str, datetime], RecordedResponse | None]:
    """What is found of some addresses at every time at which there is a capture."""
    return {
        (url, capture.captured_at): archive.find(url, capture.captured_at)
        for url in urls
        for capture in archive.captures(url)
        if capture.status != 304
    }


def digest(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _exchange(visit: Visit, original: Visit, packed: bool) -> bytes:
    http = f"HTTP/1.1 {visit.status} OK\r\nContent-Type: text/html\r\nX-Day: {visit.day}\r\n\r\n".encode()
    fields, block, kind = {"WARC-Payload-Digest": digest(visit.body)}, http + visit.body, "response"
    if visit is not original and visit.form != "response":
        kind, block = "revisit", http
        if visit.form == "address":
            fields = {"WARC-Refers-To-Target-URI": original.url, "WARC-Refers-To-Date": original.date}
    request = record("request", visit, b"GET / HTTP/1.1\r\n\r\n", {"WARC-Concurrent-To": identity(visit)}, packed)
    return record(kind, visit, block, fields, packed) + request


def identity(visit: Visit) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, visit.url + visit.date)}>"


def record(kind: str, visit: Visit, block: bytes, fields: dict[str, str], packed: bool = True) -> bytes:
    """A record of any kind for a visit."""
    own = identity(visit) if kind in {"response", "revisit"} else f"<urn:uuid:{uuid.uuid4()}>"
    told = {
        "WARC-Type": kind, "WARC-Record-ID": own, "WARC-Target-URI": visit.url, "WARC-Date": visit.date, **fields,
        "WARC-Block-Digest": digest(block), "Content-Length": str(len(block)),
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    whole = f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n"
    return gzip.compress(whole, mtime=0) if packed else whole
