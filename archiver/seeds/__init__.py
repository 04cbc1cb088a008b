"""Seed files: bytes ↔ `Seed`, and changes spliced in without touching another byte.

    bytes ──parse──▶ Document ──render──▶ the same bytes
    bytes ──read──▶ Seed ──splice(edits, body)──▶ bytes

Everything here is pure: no file is opened. Errors are `SeedUnreadable` (from `read`) and `SeedRefused` (from `splice`).
"""

from archiver.seeds.body import (
    Heading,
    Paragraph,
    fill_heading,
    first_heading,
    first_paragraph,
    replace_body,
)
from archiver.seeds.document import Document, parse, render
from archiver.seeds.edit import Edit
from archiver.seeds.seed import Seed, is_blank, read
from archiver.seeds.splice import splice

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
