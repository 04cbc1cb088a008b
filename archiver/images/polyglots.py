"""Pictures that are something else too: a script, a page, an archive of files."""

from __future__ import annotations

import io
import re
import zipfile

_MARKUP = re.compile(rb"<script|<\?php|<html|<!doctype\s+html|<svg[\s>]", re.IGNORECASE)
_MAX_PDF_START_BYTES = 1024
"""Bytes in which the head of a PDF stands that programs still open (ISO 32000-1, implementation note 13)."""
_COMMENT_PLACES = {b"GIF8": 6, b"\xff\xd8\xff\xe0": 4, b"\xff\xd8\xff\xe1": 4, b"BM": 2}
"""By the first bytes of a format, where a number stands that a script would read as the start of a comment."""


def second_meaning(body: bytes) -> str | None:
    """Return what a picture is beside a picture, for a person; None where it is nothing else."""
    if _MARKUP.search(body):
        return "it holds markup"
    if _opens_comment(body):
        return "it is a script too"
    if b"%PDF-" in body[:_MAX_PDF_START_BYTES]:
        return "it is a PDF too"
    if zipfile.is_zipfile(io.BytesIO(body)):
        return "it is an archive of files too"
    return None


def _opens_comment(body: bytes) -> bool:
    place = next((place for magic, place in _COMMENT_PLACES.items() if body.startswith(magic)), None)
    return place is not None and (body[place : place + 2] == b"/*" or (body[:4] == b"GIF8" and body[6:7] == b"="))
