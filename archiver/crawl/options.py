"""What a run was asked to do, checked before anything is fetched."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from archiver.archive.base import parse_when
from archiver.archive.replay import check_replay
from archiver.config.names import nearest
from archiver.errors import SettingsError
from archiver.files.git import Repository
from archiver.models import Field
from archiver.repair.diff import Keys
from archiver.repair.policy import Action, Policy
from archiver.wayback.endpoints import Wayback
from archiver.wayback.savepagenow import SavePageNow


@dataclass(frozen=True, slots=True)
class Due:
    """What a refresh takes."""

    until: datetime | None = None
    """Addresses whose turn has come by then; aware. None: by the time at which they are asked."""
    limit: int | None = None
    """The most addresses that are asked."""
    deadline: float | None = None
    """When no more addresses are asked, by `time.monotonic()`."""


@dataclass(frozen=True, slots=True)
class Options:
    """A run's settings and arguments, valid."""

    seeds: Path
    output: Path | None
    dry_run: bool
    only: str | None
    policy: Policy
    keys: Keys
    wayback: Wayback | None
    """The web archive that is asked for lost pages; None when none is."""
    tries: int
    """Copies that are looked at for one page."""
    save_page_now: SavePageNow | None
    """How live pages are submitted; None when they are not."""
    follow_moves: bool
    """Whether a seed gets the new address of an article that has moved for good."""
    archive_url_key: str | None
    """The key for the address of the copy that a seed was repaired from; None when it is not written."""
    repository: Repository | None
    """Where what the run writes is committed; None when it is not."""
    at: datetime | None = None
    """Replay the captures nearest to this time."""
    due: Due | None = None
    """What a refresh is limited to; None for a crawl of all seeds."""

    @classmethod
    def read(
        cls, settings: BaseSettings, only: str | None = None, refresh: str | None = None, at: str | None = None
    ) -> Options:
        """Check what a run was given. Raises SettingsError, whose sentence says which setting to mend."""
        replay = settings.get("REPLAY")
        if replay:
            check_replay(replay, Path(settings["ARCHIVE_DIR"] or ""))
        elif _switch(settings, "ARCHIVE"):
            _check_archive(settings)
        if not settings.get("SEEDS_DIR"):
            raise SettingsError("SEEDS_DIR is empty; name the folder that holds the seeds")
        # These are used elsewhere, where a wrong one would end the run half way.
        _switch(settings, "SHOW_DIFF")
        _switch(settings, "PRIVATE_HOSTS")
        _check_amount("EXTRACT_WORKERS", settings, settings.getint)
        _check_amount("EXTRACT_TIMEOUT", settings, settings.getfloat)
        _check_amount("EXTRACT_MEMORY_MB", settings, settings.getint)
        for seconds in ("WAYBACK_PAUSE", "RETRY_WAIT", "RETRY_WAIT_MAX", "BREAKER_PAUSE", "CRAWL_DELAY_MAX"):
            _check_amount(seconds, settings, settings.getfloat)
        _check_amount("BREAKER_FAILURES", settings, settings.getint)
        for pace in ("WAYBACK_CDX_PER_MINUTE", "WAYBACK_COPIES_PER_SECOND", "SAVE_PAGE_NOW_PER_MINUTE"):
            _check_pace(pace, settings)
        _check_amount("WARC_MAX_BYTES", settings, settings.getint)
        output = settings.get("OUTPUT_DIR")
        keys = _keys(_mapping(settings, "SEED_KEYS"))
        return cls(
            seeds=Path(settings["SEEDS_DIR"]),
            output=Path(output) if output else None,
            dry_run=_switch(settings, "DRY_RUN"),
            only=only or None,
            policy=Policy(
                {**_actions(_mapping(settings, "FIELD_POLICY")), **dict.fromkeys(_fields(refresh), Action.REFRESH)}
            ),
            keys=keys,
            wayback=_wayback(settings),
            tries=_amount("WAYBACK_TRIES", settings),
            save_page_now=_save_page_now(settings),
            follow_moves=_switch(settings, "FOLLOW_MOVES"),
            archive_url_key=_archive_url_key(settings, keys),
            repository=_repository(settings),
            at=_moment(at, replay),
            due=settings.get("REFRESH_DUE"),
        )


def _moment(at: str | None, replay: str | None) -> datetime | None:
    if not at:
        return None
    if not replay:
        raise SettingsError(f"-a at={at} chooses among saved pages, and none are named; add -s REPLAY=archive")
    try:
        return parse_when(at)
    except ValueError:
        raise SettingsError(f"-a at={at} is no time; write a day (2024-11-12) or a time in ISO 8601") from None


def _check_archive(settings: BaseSettings) -> None:
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


def _switch(settings: BaseSettings, name: str) -> bool:
    try:
        return settings.getbool(name)
    except ValueError:
        raise SettingsError(f"{name}={settings[name]} is neither on nor off; write {name}=1 or {name}=0") from None


def _check_amount(name: str, settings: BaseSettings, read: Callable[[str], float]) -> None:
    try:
        amount = read(name)
    except (TypeError, ValueError):
        amount = -1
    if not 0 <= amount < float("inf"):
        whole = " whole" if read == settings.getint else ""
        raise SettingsError(f"{name}={settings[name]} is not a{whole} number from 0 up; correct it")


def _amount(name: str, settings: BaseSettings) -> int:
    _check_amount(name, settings, settings.getint)
    return settings.getint(name)


def _check_pace(name: str, settings: BaseSettings) -> None:
    _check_amount(name, settings, settings.getfloat)
    if settings.getfloat(name) == 0:
        raise SettingsError(f"{name}={settings[name]} would wait for ever; give it a number above 0")


def _wayback(settings: BaseSettings) -> Wayback | None:
    if not _switch(settings, "WAYBACK"):
        return None
    return Wayback.of(settings.get("WAYBACK_CDX"), settings.get("WAYBACK_RAW"))


def _save_page_now(settings: BaseSettings) -> SavePageNow | None:
    if not _switch(settings, "SAVE_PAGE_NOW"):
        return None
    return SavePageNow.of(settings.get("SAVE_PAGE_NOW_URL"), settings.get("SAVE_PAGE_NOW_WITHIN"), os.environ)


def _repository(settings: BaseSettings) -> Repository | None:
    if not _switch(settings, "COMMIT"):
        return None
    if output := settings.get("OUTPUT_DIR"):
        raise SettingsError(
            f"COMMIT=1 commits seeds that were repaired where they lie, and OUTPUT_DIR={output} leaves them alone; "
            "leave one of the two off"
        )
    seeds = Path(settings["SEEDS_DIR"])
    # A folder that is not there is the store's to report.
    return Repository.of(seeds) if seeds.is_dir() else None


def _archive_url_key(settings: BaseSettings, keys: Keys) -> str | None:
    key = settings.get("ARCHIVE_URL_KEY")
    if not key:
        return None
    if not isinstance(key, str) or not re.fullmatch(r"[A-Za-z_][\w-]*", key):
        raise SettingsError(f"ARCHIVE_URL_KEY={key} is no plain key; write it like ARCHIVE_URL_KEY=archive_url")
    for field, names in keys.items():
        if key in names:
            raise SettingsError(f"ARCHIVE_URL_KEY={key} is a key of {field} already; name another one")
    return key


def _mapping(settings: BaseSettings, name: str) -> dict[str, Any]:
    try:
        return settings.getdict(name)
    except ValueError:
        raise SettingsError(
            f"{name}={settings[name]} is not a JSON object; write it like {name}='{{\"title\": …}}'"
        ) from None


def _fields(names: str | None) -> Iterable[Field]:
    for name in filter(None, (part.strip() for part in (names or "").split(","))):
        yield _field(name, "refresh")


def _field(name: str, where: str) -> Field:
    try:
        return Field(name)
    except ValueError:
        meant = nearest(name, Field)
        guess = f"did you mean {meant}? The fields" if meant else "the fields"
        known = ", ".join(Field)
        raise SettingsError(f"{where} names the field {name!r}, which does not exist; {guess} are {known}") from None


def _actions(named: Mapping[str, str]) -> Mapping[Field, Action]:
    actions = {}
    for name, action in named.items():
        if action not in [*Action]:
            known = ", ".join(Action)
            raise SettingsError(
                f"FIELD_POLICY gives {name} the action {action!r}, which does not exist; the actions are {known}"
            )
        actions[_field(name, "FIELD_POLICY")] = Action(action)
    return actions


def _keys(named: Mapping[str, object]) -> Keys:
    keys = {}
    for name, value in named.items():
        spelled = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else ()
        if name != "source":
            _field(name, "SEED_KEYS")
        if not spelled or not all(isinstance(key, str) and key.strip() for key in spelled):
            raise SettingsError(f"SEED_KEYS gives {name} no key; give it a name or a list of names")
        keys[name] = spelled
    return {"source": ("origin_url",), **{field.value: (field.value,) for field in Field}, **keys}
