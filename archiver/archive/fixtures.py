"""Saved pages as a tree of folders that a person can read and edit.

fixtures/<publisher>/<case>/capture.json    {"url": …, "status": 200, "headers": {…}, "captured_at": "…Z"}
                            response.html   the payload, Content-Encoding undone
                            rendered.html   what its scripts made of it in a browser, in UTF-8; where there is one
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from archiver.archive.base import RecordedResponse, distance, utc
from archiver.archive.records import RENDERED_TYPE
from archiver.urls import address_key

logger = logging.getLogger(__name__)

DESCRIPTION = "capture.json"
RENDERED = "rendered.html"

# They describe bytes on the wire, which a fixture no longer has.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class FixtureTree:
    """The captures below a folder. Damaged ones are reported once, by file, and passed over."""

    def __init__(self, root: Path) -> None:
        self._answers: defaultdict[str, list[tuple[Path, RecordedResponse]]] = defaultdict(list)
        for file in sorted(root.rglob(DESCRIPTION)):
            try:
                answer = _from_description(json.loads(file.read_bytes()))
                key = address_key(answer.url)
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                logger.warning("%s is not the description of a capture (%s); it is passed over", file, error)
                continue
            self._answers[key].append((file.with_name("response.html"), answer))

    def find(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The capture of an address that is nearest in time, the newest without a time.

        None when there is none, or its page is missing (reported).
        """
        known = self._answers.get(address_key(url))
        if known is None:
            return None
        page, answer = min(known, key=lambda entry: distance(entry[1].captured_at, at))
        try:
            body = page.read_bytes()
        except OSError as error:
            logger.warning("%s cannot be read (%s); its capture is passed over", page, error.strerror)
            return None
        return RecordedResponse(answer.url, answer.status, answer.headers, body, answer.captured_at)

    def find_rendering(self, url: str, captured_at: datetime) -> RecordedResponse | None:
        """The document that scripts made of the answer of that address and time; None where no browser had it."""
        for page, answer in self._answers.get(address_key(url), ()):
            rendered = page.with_name(RENDERED)
            if answer.captured_at == captured_at and rendered.is_file():
                kind = (("Content-Type", RENDERED_TYPE),)
                return RecordedResponse(answer.url, 200, kind, rendered.read_bytes(), captured_at, "conversion")
        return None


def _from_description(description: dict[str, object]) -> RecordedResponse:
    headers = description.get("headers") or {}
    if not isinstance(headers, dict):
        raise TypeError("headers must map names to values")
    kept = tuple((str(name), str(value)) for name, value in headers.items() if name.lower() not in _WIRE_HEADERS)
    return RecordedResponse(
        url=str(description["url"]),
        status=int(str(description["status"])),
        headers=kept,
        body=b"",
        captured_at=utc(str(description["captured_at"])),
    )
