"""The addresses of one web archive: its list of captures (CDX) and its copies (mementos).

    Wayback.captures_of(url)      ─▶ address of the list of a page's captures
    Wayback.captures_under(start) ─▶ address of the list for all pages whose address begins so
    Copies.copy_of(snapshot)      ─▶ address of the copy, byte for byte as it was archived
    Copies.snapshot(address)      ─▶ which capture such an address means

Archives differ in their paths only, so these are templates: `{url}`, `{timestamp}`, `{match}` (`exact` or `prefix`) and
`{limit}` stand for what changes.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from string import Formatter
from urllib.parse import quote, unquote, urlsplit

from archiver.errors import SettingsError
from archiver.urls import DEFAULT_PORTS

MAX_CAPTURES = 1000
"""Captures that an archive is asked to list, the oldest first; a page of one article rarely has a hundred. With fewer
the late ones of a busy page are not seen, more cost the archive time. No measurement is on record."""

FIRST = "wayback"
"""The name of the archive that the settings WAYBACK_CDX and WAYBACK_RAW describe, and of its services."""

Headers = tuple[tuple[str, str], ...]
"""Names and values in the order they came."""

_RAW = "{timestamp}id_"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One capture in a web archive, by what its address is made of."""

    timestamp: str
    """Four to fourteen digits, `20241112041056`; UTC."""
    url: str
    """The address of the page that was captured."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an archive answered."""

    status: int
    headers: Headers
    body: bytes
    """Without Content-Encoding."""

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in any case."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Copies:
    """Where the copies of one web archive are had as they were archived."""

    raw: str
    """Template of their addresses."""
    service: str = FIRST
    """Whose limits hold, as `ArchiveRequest.service`."""

    @classmethod
    def of(cls, raw: object, name: str = "WAYBACK_RAW", service: str = FIRST) -> Copies:
        """From a setting. Raises SettingsError, which calls it by `name`."""
        return cls(check_template(name, raw, {"url", "timestamp"}, ()), service)

    def copy_of(self, snapshot: Snapshot) -> str:
        """The address of the copy, without what archives add to the pages that they show."""
        return _fill_template(self.raw, timestamp=snapshot.timestamp, url=_without_fragment(snapshot.url))

    def viewing_address(self, snapshot: Snapshot) -> str:
        """The address at which a person can look at the copy."""
        template = self.raw.replace(_RAW, "{timestamp}")
        return _fill_template(template, timestamp=snapshot.timestamp, url=_without_fragment(snapshot.url))

    def snapshot(self, address: str) -> Snapshot | None:
        """The capture that an address of this archive's copies means; None for any other address.

        >>> copies = Copies("https://a.example/web/{timestamp}id_/{url}")
        >>> copies.snapshot("http://a.example/web/2024/https://b.example/news?id=1")
        Snapshot(timestamp='2024', url='https://b.example/news?id=1')
        """
        match = _reader(self.raw).fullmatch(address)
        if match is None:
            return None
        url = unquote(match["url"]) if _in_query(self.raw) else match["url"]
        return Snapshot(match["timestamp"], url)


@dataclass(frozen=True, slots=True)
class Wayback:
    """Where one web archive that lists captures as CDX is asked."""

    cdx: str
    """Template of its list of captures."""
    copies: Copies

    @classmethod
    def of(cls, cdx: object, raw: object, names: tuple[str, str] = ("WAYBACK_CDX", "WAYBACK_RAW")) -> Wayback:
        """From two settings, WAYBACK_CDX and WAYBACK_RAW. Raises SettingsError, which names the one to mend."""
        return cls(check_template(names[0], cdx, {"url"}, {"match", "limit"}), Copies.of(raw, names[1]))

    def captures_of(self, url: str) -> str:
        """The address that lists the captures of one page."""
        return self._list(url, "exact")

    def captures_under(self, start: str) -> str | None:
        """The address that lists the captures of all pages whose address begins so; None where it cannot be asked."""
        return self._list(start, "prefix") if "{match}" in self.cdx else None

    def _list(self, url: str, match: str) -> str:
        return fill_list(self.cdx, url, match)


def fill_list(template: str, url: str, match: str = "exact") -> str:
    """Return the address of a list of captures."""
    return _fill_template(template, url=_without_fragment(url), match=match, limit=str(MAX_CAPTURES))


def viewing_address(raw: str) -> str:
    """The address at which a person can look at the copy that is at `raw`, as far as its form says it.

    >>> viewing_address("https://a.example/web/20190506070809id_/https://b.example/")
    'https://a.example/web/20190506070809/https://b.example/'
    """
    return re.sub(r"/(\d{4,14})id_/", r"/\1/", raw, count=1)


def _without_fragment(url: str) -> str:
    """The address without its fragment, which no server sees."""
    return url.partition("#")[0]


def _in_query(template: str) -> bool:
    return "?" in template.partition("{url}")[0]


def _fill_template(template: str, url: str, **values: str) -> str:
    # In a path the archives expect the address as it is; in a query it would end at its first `&`.
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    before, _, after = template.partition("{url}")
    return before + (quote(url, safe="") if _in_query(template) else url) + after


def _reader(template: str) -> re.Pattern[str]:
    pattern = re.escape(template.replace(_RAW, "{timestamp}"))
    # Archives move between http and https, and lead from a raw copy to one that is not.
    pattern = re.sub(r"^https?", "https?", pattern)
    pattern = pattern.replace(r"\{timestamp\}", r"(?P<timestamp>\d{4,14})(?:[a-z]{2}_)?")
    return re.compile(pattern.replace(r"\{url\}", r"(?P<url>\S+)"))


def check_template(name: str, template: object, needed: Collection[str], possible: Collection[str]) -> str:
    """The template, when it can be filled and leads to one http or https host. Raises SettingsError."""
    known = ", ".join(f"{{{field}}}" for field in (*sorted(needed), *possible))
    if not isinstance(template, str) or not template.strip():
        raise SettingsError(f"{name} is empty; give it an address with {known} in it, or leave the archive out")
    try:
        found = [(field, spec, how) for _, field, spec, how in Formatter().parse(template) if field is not None]
    except ValueError:
        raise SettingsError(
            f"{name}={template} has a brace too many or too few; write placeholders as {known}"
        ) from None
    for field, spec, how in found:
        if field not in {*needed, *possible} or spec or how:
            raise SettingsError(f"{name}={template} has a placeholder that means nothing; there are only {known}")
    names = [field for field, _, _ in found]
    for field in sorted(needed):
        if names.count(field) != 1:
            raise SettingsError(f"{name}={template} must have {{{field}}} once; put it where the archive expects it")
    if not is_address(template):
        raise SettingsError(
            f"{name}={template} is not an http or https address; write it as https://host/… with {known}"
        )
    return template


def is_address(template: str) -> bool:
    """True for an http or https address of one host; there may be placeholders behind the host."""
    try:
        parts = urlsplit(template)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in DEFAULT_PORTS and bool(host) and "{" not in parts.netloc and not re.search(r"\s", template)
