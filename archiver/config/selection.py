"""What settings and arguments say of which seeds are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scrapy.settings import BaseSettings

from archiver.errors import SettingsError
from archiver.seeds.globs import Glob, SeedFiles
from archiver.urls import hostname, without_www

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*|[0-9a-f]*:[0-9a-f:.]+")
"""A name, or an address of IPv4 or IPv6."""


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
