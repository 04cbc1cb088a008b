"""Read which web archives are asked for lost pages, in which order, and at which pace each of their services.

    WAYBACK_* ─▶ the first ┐
    WEB_ARCHIVES ─▶ Entry ─┴─▶ WebArchives(in_turn, services, …)

An entry is a known name (`arquivo`), a kind with an address (`pywb=https://host/coll`), or a mapping. A kind is one
function in `_KINDS`, which makes an archive of an entry.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scrapy.settings import BaseSettings

from archiver.config.names import nearest
from archiver.config.values import read_amount, read_count, read_pace, read_switch
from archiver.errors import SettingsError
from archiver.urls import host_of
from archiver.wayback.archives import CdxArchive, TimeMapArchive
from archiver.wayback.commoncrawl.endpoints import CommonCrawl
from archiver.wayback.commoncrawl.search import CommonCrawlArchive
from archiver.wayback.endpoints import FIRST, Copies, Wayback, check_template
from archiver.wayback.presets import ADDRESSED, KNOWN_RAW, PRESETS
from archiver.wayback.web_archive import Kind, WebArchive, slot_name

_RESERVED = frozenset({"live", "archive", FIRST})
"""What a capture's origin says of other captures than those of an entry."""

_LISTS_PER_MINUTE, _COPIES_PER_SECOND = 12.0, 1.0
"""The paces of an archive whose entry names none: half and an eighth of what the Internet Archive bears. With more a
small archive is asked faster than one person reads, with fewer a run of many lost pages takes longer. Chosen, not
measured."""

_MAX_COPIES_AT_ONCE = 4
"""Copies that a service is asked for at once; with one a slow answer keeps the others waiting, more gain nothing at
these paces. No measurement is on record."""


@dataclass(frozen=True, slots=True)
class Service:
    """The limits of one service of a web archive."""

    slot: str
    """Its download slot."""
    delay: float
    """Seconds from one request to the next."""
    concurrency: int
    pause: float
    """Seconds for which it is left alone after a 429 that does not say how long."""


@dataclass(frozen=True, slots=True)
class WebArchives:
    """What a run asks for lost pages."""

    in_turn: tuple[WebArchive, ...]
    """The archives, in the order in which they are asked; none where nothing is."""
    services: tuple[Service, ...]
    """One for each host and kind of request that they are asked by, whichever archives share it."""
    addresses: tuple[str, ...]
    """Of the services, asked or not; their hosts may be private."""
    tries: int
    """Copies that are looked at for one page in the first archive, and in this one."""
    pause: float
    """Seconds for which a service of the first archive, or Save Page Now, is left alone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One archive as a person wrote it, with what presets add."""

    name: str
    values: Mapping[str, object]
    """By key; those of `_KEYS` are checked by whoever reads the entry, all others by the kind."""
    first_hosts: Mapping[Kind, str]
    """The hosts of the first archive, by the service that they are."""

    @property
    def shown(self) -> str:
        """The entry as messages name it."""
        return f"WEB_ARCHIVES, {self.name}"

    def text(self, key: str) -> str | None:
        """Return a value that is a text; None without one. Raises SettingsError."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise SettingsError(f"{self.shown}: {key}={value} is no text; correct it")
        return value

    def number(self, key: str, default: float, above: float = -1.0) -> float:
        """Return a value that is a number from 0 up. Raises SettingsError."""
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not max(0, above) <= value < float("inf"):
            raise SettingsError(f"{self.shown}: {key}={value} is no number from 0 up; correct it")
        if value == above:
            raise SettingsError(f"{self.shown}: {key}={value} would wait for ever; give it a number above 0")
        return float(value)

    def service(self, kind: Kind, address: str) -> str:
        """Return whose limits hold for an address, as `ArchiveRequest.service` names it."""
        host = host_of(address)
        return FIRST if host == self.first_hosts[kind] else host


def parse_web_archives(settings: BaseSettings) -> WebArchives:
    """Return the web archives that are asked. Raises SettingsError, which names the setting and the entry."""
    tries, pause = read_count(settings, "WAYBACK_TRIES"), read_amount(settings, "WAYBACK_PAUSE")
    lists = read_pace(settings, "WAYBACK_CDX_PER_MINUTE")
    copies = read_pace(settings, "WAYBACK_COPIES_PER_SECOND")
    addresses = {"captures": str(settings["WAYBACK_CDX"] or ""), "copy": str(settings["WAYBACK_RAW"] or "")}
    archives: list[WebArchive] = []
    if read_switch(settings, "WAYBACK"):
        wayback = Wayback.of(settings["WAYBACK_CDX"], settings["WAYBACK_RAW"])
        archives.append(CdxArchive(FIRST, wayback, tries))
    services = [_lists_service(FIRST, lists, pause), _copies_service(FIRST, copies, pause)]
    asked = [address for address in addresses.values() if address]
    for entry in _entries(settings, {"captures": host_of(addresses["captures"]), "copy": host_of(addresses["copy"])}):
        archive, named = _archive(entry)
        if any(archive.name == other.name for other in archives):
            raise SettingsError(f"WEB_ARCHIVES names {archive.name} twice; give one of them another name")
        archives.append(archive)
        # Only what the operator has named may be a private host.
        asked += [address for _, address in named if address not in KNOWN_RAW]
        services += _services_of(entry, named)
    return WebArchives(tuple(archives), tuple(_slowest(services)), tuple(asked), tries, pause)


Named = tuple[tuple[Kind, str], ...]
"""The addresses that an archive is asked by, each with the service that it is."""


def _cdx(entry: Entry, tries: int) -> tuple[WebArchive, Named]:
    """An archive that lists captures as CDX: `cdx` and `raw` are templates, as of WAYBACK_CDX and WAYBACK_RAW."""
    read = Wayback.of(entry.text("cdx"), entry.text("raw"), (f"{entry.shown}: cdx", f"{entry.shown}: raw"))
    raw = read.copies.raw
    wayback = Wayback(read.cdx, Copies(raw, entry.service("copy", raw)))
    named: Named = (("captures", read.cdx), ("copy", raw))
    return CdxArchive(entry.name, wayback, tries, entry.service("captures", read.cdx)), named


def _timemap(entry: Entry, tries: int) -> tuple[WebArchive, Named]:
    """An archive that answers TimeMaps: `timemap` is a template with `{url}`, `raw` one or several as WAYBACK_RAW."""
    template = check_template(f"{entry.shown}: timemap", entry.text("timemap"), {"url"}, ())
    given = entry.values.get("raw") or []
    raws = [given] if isinstance(given, str) else given
    if not isinstance(raws, list | tuple):
        raise SettingsError(f"{entry.shown}: raw={raws} is neither a text nor a list of texts; correct it")
    copies = [Copies.of(raw, f"{entry.shown}: raw") for raw in (*raws, *KNOWN_RAW)]
    copies = [Copies(one.raw, entry.service("copy", one.raw)) for one in copies]
    named: Named = (("captures", template), *(("copy", one.raw) for one in copies))
    archive = TimeMapArchive(entry.name, template, tuple(copies), tries, entry.service("captures", template))
    return archive, named


def _commoncrawl(entry: Entry, tries: int) -> tuple[WebArchive, Named]:
    """Common Crawl, or a mirror: `index` and `data` are the addresses of its two hosts."""
    service = CommonCrawl.of(entry.text("index"), entry.text("data"), entry.shown)
    lists, copies = entry.service("captures", service.index), entry.service("copy", service.data)
    named: Named = (("captures", service.index), ("copy", service.data))
    return CommonCrawlArchive(service, tries, entry.name, lists, copies), named


_KINDS: Mapping[str, tuple[Callable[[Entry, int], tuple[WebArchive, Named]], frozenset[str]]] = MappingProxyType(
    {
        "cdx": (_cdx, frozenset({"cdx", "raw"})),
        "timemap": (_timemap, frozenset({"timemap", "raw"})),
        "commoncrawl": (_commoncrawl, frozenset({"index", "data"})),
    }
)
"""By kind, what makes an archive of an entry and the copies that may be looked at; and the keys that it reads."""

_KEYS = frozenset({"name", "kind", "tries", "pause", "lists_per_minute", "copies_per_second"})
"""The keys that an entry of any kind may have."""


def _archive(entry: Entry) -> tuple[WebArchive, Named]:
    kind = entry.text("kind") or ""
    if kind not in _KINDS:
        known = ", ".join(sorted(_KINDS))
        raise SettingsError(f"{entry.shown}: kind={kind} is no kind of archive; there are {known}")
    make, keys = _KINDS[kind]
    for key in entry.values:
        if key not in _KEYS | keys:
            meant = nearest(key, _KEYS | keys)
            cure = f"did you mean {meant}?" if meant else f"there are {', '.join(sorted(_KEYS | keys))}"
            raise SettingsError(f"{entry.shown}: there is no key {key}; {cure}")
    return make(entry, int(entry.number("tries", 3)))


def _entries(settings: BaseSettings, first_hosts: Mapping[Kind, str]) -> Iterable[Entry]:
    for given in _given(settings["WEB_ARCHIVES"]):
        values = dict(_of_text(given) if isinstance(given, str) else given)
        name = values.get("name")
        if not isinstance(name, str) or not name or not all(letter.isalnum() or letter in ".-" for letter in name):
            raise SettingsError(
                f"WEB_ARCHIVES: {name} is no name of an archive; write letters, digits, dots and hyphens"
            )
        if name in _RESERVED:
            raise SettingsError(f"WEB_ARCHIVES: {name} is the name of other captures; give the archive another one")
        if "kind" not in values:
            if name not in PRESETS:
                raise SettingsError(f"WEB_ARCHIVES: {name} is no archive that is known by name; {_cure(name)}")
            values = {**PRESETS[name], **values}
        yield Entry(name, values, first_hosts)


def _given(value: object) -> list[str | Mapping[str, object]]:
    """The entries of the setting: a list, JSON, or names with commas."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise SettingsError(f"WEB_ARCHIVES is JSON that cannot be read ({error}); correct it") from None
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    if isinstance(value, Mapping):
        value = [{"name": name, **entry} if isinstance(entry, Mapping) else entry for name, entry in value.items()]
    if not isinstance(value, list | tuple) or not all(isinstance(one, str | Mapping) for one in value):
        raise SettingsError(
            f"WEB_ARCHIVES={value} is no list of names and mappings; write it like arquivo,pywb=https://…"
        )
    return list(value)


def _of_text(text: str) -> Mapping[str, object]:
    """The entry that a name, or a kind with an address, stands for."""
    word, equals, address = text.partition("=")
    if not equals:
        return {"name": text}
    if word not in ADDRESSED:
        raise SettingsError(f"WEB_ARCHIVES: {text} has no kind that takes an address; there are {', '.join(ADDRESSED)}")
    address = address.rstrip("/")
    entry = {
        key: value.replace("{address}", address) if isinstance(value, str) else value
        for key, value in ADDRESSED[word].items()
    }
    return {"name": word, **entry}


def _cure(name: str) -> str:
    meant = nearest(name, [*PRESETS, *ADDRESSED])
    return f"did you mean {meant}?" if meant else f"there are {', '.join(PRESETS)}, or write a mapping with its kind"


def _services_of(entry: Entry, named: Named) -> Iterable[Service]:
    pause = entry.number("pause", 60.0)
    for kind, address in named:
        service, key = entry.service(kind, address), "lists_per_minute" if kind == "captures" else "copies_per_second"
        if service == FIRST and key not in entry.values:
            continue  # the settings WAYBACK_* say how fast that host may be asked
        if kind == "captures":
            yield _lists_service(service, entry.number(key, _LISTS_PER_MINUTE, above=0), pause)
        else:
            yield _copies_service(service, entry.number(key, _COPIES_PER_SECOND, above=0), pause)


def _lists_service(service: str, per_minute: float, pause: float) -> Service:
    return Service(slot_name("captures", service), 60.0 / per_minute, 1, pause)


def _copies_service(service: str, per_second: float, pause: float) -> Service:
    return Service(slot_name("copy", service), 1.0 / per_second, _MAX_COPIES_AT_ONCE, pause)


def _slowest(services: Iterable[Service]) -> Iterable[Service]:
    """One of each slot: where entries share a service, the slowest pace and the longest pause."""
    by_slot: dict[str, Service] = {}
    for one in services:
        other = by_slot.get(one.slot, one)
        by_slot[one.slot] = Service(
            one.slot, max(one.delay, other.delay), min(one.concurrency, other.concurrency), max(one.pause, other.pause)
        )
    return by_slot.values()
