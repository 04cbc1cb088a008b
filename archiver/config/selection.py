"""What settings and arguments say of which seeds are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from scrapy.settings import BaseSettings

from archiver.config.fields import parse_missing
from archiver.config.names import nearest
from archiver.errors import SettingsError
from archiver.repair.policy import Policy
from archiver.repair.selection import Selection
from archiver.seeds.globs import Glob, SeedFiles
from archiver.urls import hostname, without_www

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*|[0-9a-f]*:[0-9a-f:.]+")
"""A name, or an address of IPv4 or IPv6."""

SELECTION_ARGUMENTS = ("only", "missing", "host", "since")
"""The arguments that say which seeds are taken; of every command that reads seeds."""
CRAWL_ARGUMENTS = (*SELECTION_ARGUMENTS, "refresh", "at")


def check_arguments(given: Iterable[str], known: Sequence[str], whose: str) -> None:
    """Raise SettingsError for an argument that `whose` has not."""
    for name in sorted(set(given) - set(known)):
        meant = nearest(name, known)
        guess = f"did you mean {meant}=? The arguments" if meant else "the arguments"
        names = ", ".join(f"{one}=" for one in known[:-1])
        raise SettingsError(f"-a {name}= is no argument of {whose}; {guess} are {names} and {known[-1]}=")


def parse_selection(arguments: Mapping[str, str | None], policy: Policy) -> Selection:
    """Return what the arguments of a command say of the seeds that it takes. Raises SettingsError."""
    since = arguments.get("since") or ""
    try:
        day = date.fromisoformat(since.strip()) if since else None
    except ValueError:
        raise SettingsError(f"-a since={since} is no day; write it like since=2024-11-12") from None
    return Selection(
        only=tuple(_parts(arguments.get("only"))),
        missing=tuple(dict.fromkeys(parse_missing(arguments.get("missing")))),
        hosts=tuple(parse_hosts(_parts(arguments.get("host")), "-a host=")),
        since=day,
        policy=policy,
    )


def _parts(text: str | None) -> Iterator[str]:
    """What stands between commas."""
    return filter(None, (part.strip() for part in (text or "").split(",")))


def parse_hosts(names: Iterable[object], where: str) -> Iterator[str]:
    """Return hosts in lower case, without `www.`; `where` named them. Raises SettingsError."""
    for name in map(str, names):
        host = name.strip().lower().rstrip(".").strip("[]")
        if not host:
            continue
        if not _HOST.fullmatch(host):
            meant = hostname(host if "//" in host else f"//{host}") or "blog.example"
            raise SettingsError(f"{where} names {name!r}, which is no host; write it like {meant}")
        yield without_www(host)


def parse_seed_files(settings: BaseSettings) -> SeedFiles:
    """Return what SEED_SUFFIXES, SEED_INCLUDE and SEED_EXCLUDE say. Raises SettingsError."""
    suffixes = tuple(suffix.lower() for suffix in _names(settings, "SEED_SUFFIXES"))
    if not suffixes:
        raise SettingsError("SEED_SUFFIXES is empty; name the endings of seeds, like .md")
    for suffix in suffixes:
        if not re.fullmatch(r"\.[^/\s]+", suffix):
            raise SettingsError(f"SEED_SUFFIXES names {suffix!r}, which is no ending of a name; write it like .md")
    return SeedFiles(suffixes, tuple(_globs(settings, "SEED_INCLUDE")), tuple(_globs(settings, "SEED_EXCLUDE")))


def _globs(settings: BaseSettings, name: str) -> Iterator[Glob]:
    for text in _names(settings, name):
        try:
            yield Glob.parse(text)
        except ValueError as error:
            raise SettingsError(f"{name} {error}: {text!r}; write it like posts/**/*.md or node_modules/") from None


def _names(settings: BaseSettings, name: str) -> Iterator[str]:
    return (text for text in (str(item).strip() for item in settings.getlist(name)) if text)
