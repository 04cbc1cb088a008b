"""Settings that take more than a number or a switch to read, one function each."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from archiver.archive.base import parse_when
from archiver.archive.replay import OWN
from archiver.config.values import read_amount, read_switch
from archiver.errors import SettingsError
from archiver.files.git import Repository
from archiver.repair.build_problems import Builder
from archiver.repair.diff import Keys
from archiver.wayback.savepagenow import SavePageNow

_PROGRESS_SECONDS = 60.0
"""Seconds between two lines of progress; with fewer the log of a night is long, with more a run seems to hang. Chosen,
not measured."""


def parse_moment(at: str | None, replay: str | None) -> datetime | None:
    """Return the time of `-a at=`, which chooses among saved pages. Raises SettingsError."""
    if not at:
        return None
    if not replay:
        raise SettingsError(f"-a at={at} chooses among saved pages, and none are named; add -s REPLAY=archive")
    try:
        return parse_when(at)
    except ValueError:
        raise SettingsError(f"-a at={at} is no time; write a day (2024-11-12) or a time in ISO 8601") from None


def check_archive(settings: BaseSettings) -> None:
    """Raise SettingsError where the archive cannot be written to."""
    if not settings.get("ARCHIVE_DIR"):
        raise SettingsError("ARCHIVE_DIR is empty; name the folder for what is fetched, or keep nothing with ARCHIVE=0")
    folder = Path(settings["ARCHIVE_DIR"])
    for place in (folder / "warc", folder, *folder.absolute().parents):
        if place.exists():
            if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
                raise SettingsError(
                    f"ARCHIVE_DIR={folder} cannot be written to ({place}); name another folder, "
                    "or keep nothing with ARCHIVE=0"
                )
            return


def parse_run_dir(settings: BaseSettings, archive: bool, replay: str | None) -> Path | None:
    """Return where a run leaves its folder; None where it leaves none."""
    if named := settings.get("RUN_DIR"):
        return Path(named)
    if not archive or replay not in {None, OWN} or not settings.get("ARCHIVE_DIR"):
        return None
    return Path(settings["ARCHIVE_DIR"]) / "runs"


def parse_progress_interval(settings: BaseSettings) -> float:
    """Return the seconds between two lines of progress; 0 where none are printed."""
    if settings.get("PROGRESS_INTERVAL") is None:
        return 0.0 if read_switch(settings, "REPORT_BRIEF") else _PROGRESS_SECONDS
    return read_amount(settings, "PROGRESS_INTERVAL")


def parse_save_page_now(settings: BaseSettings) -> SavePageNow | None:
    """Return the service that live pages are submitted to; None where none are."""
    if not read_switch(settings, "SAVE_PAGE_NOW"):
        return None
    return SavePageNow.of(settings.get("SAVE_PAGE_NOW_URL"), settings.get("SAVE_PAGE_NOW_WITHIN"), os.environ)


def find_repository(settings: BaseSettings) -> Repository | None:
    """Return the repository that COMMIT=1 commits to; None where nothing is committed. Raises SettingsError."""
    if not read_switch(settings, "COMMIT"):
        return None
    if output := settings.get("OUTPUT_DIR"):
        raise SettingsError(
            f"COMMIT=1 commits seeds that were repaired where they lie, and OUTPUT_DIR={output} leaves them alone; "
            "leave one of the two off"
        )
    seeds = Path(settings["SEEDS_DIR"])
    # A folder that is not there is the store's to report.
    return Repository.of(seeds) if seeds.is_dir() else None


def parse_site_builder(settings: BaseSettings) -> Builder | None:
    """Return the builder of sites that SITE_BUILDER names. Raises SettingsError."""
    named = settings.get("SITE_BUILDER")
    if not named:
        return None
    if named not in [*Builder]:
        known = " and ".join(Builder)
        raise SettingsError(
            f"SITE_BUILDER={named} is no builder whose ways are known; those are {known}, or leave it out"
        )
    return Builder(named)


def parse_archive_url_key(settings: BaseSettings, keys: Keys) -> str | None:
    """Return the key that takes the address of a copy. Raises SettingsError."""
    key = settings.get("ARCHIVE_URL_KEY")
    if not key:
        return None
    if not isinstance(key, str) or not re.fullmatch(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*", key):
        raise SettingsError(f"ARCHIVE_URL_KEY={key} is no plain key; write it like ARCHIVE_URL_KEY=archive_url")
    for field, names in keys.items():
        if key in names:
            raise SettingsError(f"ARCHIVE_URL_KEY={key} is a key of {field} already; name another one")
    return key
