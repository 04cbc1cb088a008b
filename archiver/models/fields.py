"""The fields that a seed has."""

from __future__ import annotations

from enum import StrEnum


class Field(StrEnum):
    """The fields that the archiver knows how to recover; `docs/fields.md` says what each means."""

    TITLE = "title"
    DESCRIPTION = "description"
    IMAGE = "image"
    LANGUAGE = "language"
    AUTHOR = "author"
    DATE = "date"
    CATEGORY = "category"
    BODY = "body"
