"""What every action of `scrapy archive` is."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.errors import SettingsError
from archiver.urls import address_key

EXIT_DONE, EXIT_NOTHING_RAN, EXIT_DAMAGED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that the command does."""

    name: str
    about: str
    """A sentence."""
    run: Callable[[Archive, Settings, argparse.Namespace], int]
    """Does it and returns the exit code; raises ArchiverError."""
    add_arguments: Callable[[Any], None] = lambda parser: None


def checked_address(url: str) -> str:
    """Return an address that was given on the command line. Raises SettingsError for what is none."""
    if not url.lower().startswith(("http://", "https://")):
        raise SettingsError(f"{url} is no address; begin it with https:// or http://")
    try:
        address_key(url)
    except ValueError:
        raise SettingsError(f"{url} is no address; correct it") from None
    return url
