"""What kind of archive a file is, by how it begins; and what files are that are only named like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from archiver.archive.transfer.unpacking import FAULTS, PACKINGS, Packing, Unpacked
from archiver.archive.warc.names import is_archive_name, is_unfinished_name

_LOOK_BYTES = 512
"""Bytes at the start of the records that are looked at: a line of ARC with its address. With fewer a long address is
not seen to its end, with more nothing changes."""
_MAGIC_BYTES = 16
"""Bytes at the start of a file that tell how it is packed; with fewer bzip2 is not told from text."""
_ARC = re.compile(rb"filedesc:\S|https?://\S+ [0-9a-fA-F.:]+ \d{14} ")
_MAY_BE_DAMAGED = (".warc", ".warc.gz", ".wacz")
"""Names of files that are read whatever they begin like: whole records may stand behind the damage."""
_OTHER_FORMATS = {
    ".har": "it is a log of requests (HAR); convert it to WARC, as har2warc does, and import that",
    ".mht": "it is a page in MIME (MHTML); save the page as WARC or WACZ, and import that",
    ".mhtml": "it is a page in MIME (MHTML); save the page as WARC or WACZ, and import that",
    ".zim": "it is a ZIM file; convert it to WARC, as zim2warc does, and import that",
    ".maff": "it is a page of Firefox's (MAFF); save the page as WARC or WACZ, and import that",
    ".webarchive": "it is a page of Safari's; save the page as WARC or WACZ, and import that",
}

Records = Literal["WARC", "ARC", "zip", ""]


@dataclass(frozen=True, slots=True)
class Form:
    """What a file begins like."""

    records: Records
    """What is in it; empty for nothing that this program knows."""
    packing: Packing | None = None
    """How it is packed; None where it is not."""


def look(stream: BinaryIO) -> Form:
    """Tell what a file is by how it begins. Raises OSError."""
    stream.seek(0)
    start = stream.read(_MAGIC_BYTES)
    if start.startswith(b"PK\x03\x04"):
        return Form("zip")
    packing = next((one for one in PACKINGS if one.magic.match(start)), None)
    if packing is not None and packing.begin is None:
        return Form("", packing)
    return Form(_records(stream, packing), packing)


def _records(stream: BinaryIO, packing: Packing | None) -> Records:
    try:
        start = Unpacked(stream, packing).read(_LOOK_BYTES)
    except FAULTS:
        return ""
    if start.startswith(b"WARC/"):
        return "WARC"
    return "ARC" if _ARC.match(start) else ""


def other_format(name: str) -> str | None:
    """What a file is that is named like an archive of a kind that is not taken in, and what to do; None for others."""
    return next((said for suffix, said in _OTHER_FORMATS.items() if name.lower().endswith(suffix)), None)


def refusal(name: str, form: Form) -> str | None:
    """Why a file is not taken in, and what to do; None where it may be."""
    lower = name.lower()
    if is_unfinished_name(name):
        return "by its name it is still being written; import it when it is whole, under its final name"
    if form.packing is not None and form.packing.begin is None:
        return f"it is packed by {form.packing.name}, which is not read here; unpack it, and import what comes out"
    if form.records or lower.endswith(_MAY_BE_DAMAGED):
        return None
    if said := other_format(name):
        return said
    if form.packing is not None or is_archive_name(name):
        return "it begins with no record of WARC or ARC; unpack it where it is packed twice, or fetch it again"
    return "it is no WARC, ARC or WACZ; name one, or a folder of them"
