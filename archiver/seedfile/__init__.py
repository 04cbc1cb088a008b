"""Seed files: bytes ↔ `Seed`, and changes spliced in without touching another byte.

    bytes ──parse──▶ Document ──render──▶ the same bytes
    bytes ──read──▶ Seed ──splice(edits, body)──▶ bytes

Everything here is pure: no file is opened. Errors are `SeedUnreadable` (from `read`) and `SeedRefused` (from `splice`).
"""

from archiver.seedfile.body import (
    Heading,
    Paragraph,
    fill_heading,
    first_heading,
    first_paragraph,
    replace_body,
)
from archiver.seedfile.document import Document, parse, render
from archiver.seedfile.edit import Edit
from archiver.seedfile.seed import Seed, is_blank, read
from archiver.seedfile.splice import splice

__all__ = [
    "Document",
    "Edit",
    "Heading",
    "Paragraph",
    "Seed",
    "fill_heading",
    "first_heading",
    "first_paragraph",
    "is_blank",
    "parse",
    "read",
    "render",
    "replace_body",
    "splice",
]
