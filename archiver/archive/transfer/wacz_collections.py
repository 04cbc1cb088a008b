"""What the description of a WACZ says of its files, and of the other WACZs of a collection.

https://specs.webrecorder.net/wacz/1.1.1/#datapackage-json; a collection is a description whose files are WACZs
(https://specs.webrecorder.net/multi-wacz/latest/), alone or in a zip file of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from archiver.archive.warc.names import is_wacz_name

DESCRIPTION = "datapackage.json"
_COLLECTION = b"multi-wacz-package"
MAX_DESCRIPTION_BYTES = 1 << 26
"""Bytes of a description that is read; one of a hundred thousand files has about 20 MB. With fewer such a one says
nothing, with more a trap fills the memory. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a description says."""

    digests: Mapping[str, str]
    """The SHA-256 of files, by path."""
    waczs: tuple[str, ...]
    """Paths and addresses of other WACZs."""

    @classmethod
    def parse(cls, text: bytes) -> Resources:
        """Read a description; of one that cannot be read nothing."""
        try:
            listed = [(str(one["path"]), str(one.get("hash", ""))) for one in json.loads(text)["resources"]]
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
            return cls({}, ())
        digests = {path: digest.removeprefix("sha256:") for path, digest in listed}
        return cls(digests, tuple(path for path, _ in listed if is_wacz_name(urlsplit(path).path)))


def read_collection(file: Path) -> Resources | None:
    """The description of a collection that lies in a file; None where it is none. Raises OSError."""
    if file.suffix.lower() != ".json" or file.stat().st_size > MAX_DESCRIPTION_BYTES:
        return None
    text = file.read_bytes()
    return Resources.parse(text) if _COLLECTION in text else None


def local_path(named: str, folder: Path) -> Path | None:
    """The file that a description in a folder means; None for one that lies at an address, or is not there."""
    parts = urlsplit(named)
    file = folder / unquote(parts.path)
    return file if not parts.scheme and not parts.netloc and file.is_file() else None
