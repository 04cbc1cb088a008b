"""What is done about pages that ask not to be archived."""

from __future__ import annotations

from enum import StrEnum

from scrapy.settings import BaseSettings

from archiver.errors import SettingsError


class NoArchive(StrEnum):
    """The values of NOARCHIVE."""

    RECORD = "record"
    """The page is kept, and what it asks for stands in its record."""
    HONOUR = "honour"
    """Its payload is not kept."""


def parse_noarchive(settings: BaseSettings) -> NoArchive:
    """Return the setting NOARCHIVE. Raises SettingsError."""
    named = str(settings["NOARCHIVE"] or NoArchive.RECORD)
    if named not in [*NoArchive]:
        raise SettingsError(f"NOARCHIVE={named} is not known; write one of {', '.join(NoArchive)}")
    return NoArchive(named)
