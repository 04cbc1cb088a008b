"""What is known about a publisher's pages: data only, read by `extract`.

A spider carries a tuple of `SiteRules`, one per era of the site's markup. Selectors are parsel's, CSS or XPath:
`h1` selects an element (its text is the value), `meta[name="x"]::attr(content)` an attribute, `h1::text` or
`//h1/text()` texts.
"""

from __future__ import annotations

import dataclasses
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from archiver.errors import RulesError
from archiver.models import Field
from archiver.rules.checks import faults, unknown_field
from archiver.urls import hostname

Clean = Callable[[str], str | None]
"""Gives the text that is read in place of the one that a selector found; None when there is nothing to read."""


class BrowserUse(StrEnum):
    """Which pages are rendered in a browser."""

    NEVER = "never"
    AUTO = "auto"
    """Those that have next to no text before their scripts have run."""
    ALWAYS = "always"


_RENAMED = {"identity": "article_id_pattern", "lead": "lead_media", "not_images": "placeholder_images"}
"""Old names of fields, accepted until the next release."""


class _Checked(type):
    """Checks the arguments of `SiteRules`: unpickling, in each worker, does not call this and checks nothing again."""

    def __call__(cls, *args: Any, **named: Any) -> Any:
        """Make the rules. Raises RulesError, which names the file that writes them and the field."""
        place, line = _written_at(sys._getframe(1))
        for old in sorted(_RENAMED.keys() & named.keys()):
            new = _RENAMED[old]
            named[new] = named.pop(old)
            warnings.warn_explicit(
                f"SiteRules: write {new}= for {old}=; the old name goes with the next release",
                FutureWarning,
                place,
                line,
            )
        fields = [one.name for one in dataclasses.fields(cls)]  # type: ignore[arg-type]  # it is a data class
        fault = unknown_field(named, fields)
        if fault is None and not args and "domains" not in named:
            fault = 'domains is missing; add the site\'s host, as in domains=("example.com",)'
        if fault is None:
            made = super().__call__(*args, **named)
            values = {name: getattr(made, name) for name in fields}
            fault = next(faults(values), None)
        if fault is not None:
            raise RulesError(f"{display_path(place)}, line {line}: SiteRules: {fault}")
        return made


def _written_at(frame: FrameType | None) -> tuple[str, int]:
    """The file and line that call for rules; `dataclasses.replace` makes them for somebody else."""
    while frame is not None and frame.f_code.co_filename == dataclasses.__file__:
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0)


def display_path(file: str) -> str:
    """A file's path for a message: relative where it lies below the working directory."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


@dataclass(frozen=True, slots=True)
class SiteRules(metaclass=_Checked):
    """How one publisher marked up its articles during one era; checked when made."""

    domains: tuple[str, ...]
    """Registered names without `www.`; subdomains are included."""
    valid_until: datetime | None = None
    """The last instant at which this markup was seen (aware); None for the current era."""

    body: tuple[str, ...] = ()
    """Elements that hold the article's text; the first selector that finds text wins."""
    title: tuple[str, ...] = ()
    """The headline; names of the site are taken off."""
    description: tuple[str, ...] = ()
    """The summary that the page gives of its article."""
    image: tuple[str, ...] = ()
    """The lead image: an `<img>`, or a text that is its address."""
    author: tuple[str, ...] = ()
    """The byline, or the element of each writer; names are taken out of it."""
    date: tuple[str, ...] = ()
    """The time of publication, as the page writes it or as a machine does."""
    category: tuple[str, ...] = ()
    """The section of the site."""

    prune: tuple[str, ...] = ()
    """Elements inside the body that are not part of the article."""
    lead_media: tuple[str, ...] = ()
    """Elements outside the body that belong at its top, such as the lead image with its caption."""
    site_names: tuple[str, ...] = ()
    """Names that the site adds before or after its headlines, and that are never an author."""
    placeholder_images: tuple[str, ...] = ()
    """Parts of image addresses that mark a placeholder."""
    timezone: str | None = None
    """IANA zone of dates that are printed without one, such as `Asia/Bangkok`."""
    article_id_pattern: str | None = None
    """Regular expression whose first group is the article's id in its address; the id outlives section and slug."""
    lazy_image_attributes: tuple[str, ...] = ()
    """Attributes in which images keep their address until they are looked at, such as `data-original`; asked first."""
    browser: BrowserUse | None = None
    """Whether this publisher's pages are rendered in a browser, where the run has one: BrowserUse.NEVER, AUTO or
    ALWAYS; None: as the setting BROWSER says."""
    clean: Mapping[Field, Clean] = field(default_factory=dict, hash=False)
    """Functions by field, run on each text that a selector of that field found, before it is read. A function stands
    at a module's top, so that the extracting processes can import it."""

    def matches_host(self, host: str) -> bool:
        """True when the host is one of the domains or lies below one."""
        name = host.lower().rstrip(".")
        return any(name == domain or name.endswith("." + domain) for domain in self.domains)

    def zone(self) -> tzinfo | None:
        """The publisher's time zone, where known."""
        return ZoneInfo(self.timezone) if self.timezone else None

    def article_id(self, url: str) -> str | None:
        """The article's id in an address, where the publisher has one."""
        match = re.search(self.article_id_pattern, url) if self.article_id_pattern else None
        return match[1] if match else None

    def article_prefix(self, url: str) -> str | None:
        """The address up to and including the article's id; None where the publisher has none behind the host.

        >>> rules = SiteRules(("a.example",), article_id_pattern="a.example/[a-z]+/([0-9]+)/")
        >>> rules.article_prefix("https://a.example/world/29/slug")
        'https://a.example/world/29/'
        """
        match = re.search(self.article_id_pattern, url) if self.article_id_pattern else None
        if match is None or match.start(1) < len(urlsplit(url).netloc) + url.find("//") + 2:
            return None
        start, after = url[: match.end(1)], url[match.end(1) :][:1]
        # With the slash, the captures of longer numbers do not come along.
        return start + ("/" if after == "/" or (not after and "?" not in start) else "")


def rules_for(rules: Iterable[SiteRules], url: str, captured_at: datetime) -> tuple[SiteRules, ...]:
    """The eras of the publisher that owns `url`, the one of `captured_at` first.

    The others follow, nearest in time first: a site does not change all its pages on one day. Empty when no rule
    covers the host.
    """
    host = hostname(url)
    eras = [rule for rule in rules if rule.matches_host(host)]

    def distance(rule: SiteRules) -> tuple[bool, float]:
        until = rule.valid_until.timestamp() if rule.valid_until else float("inf")
        at = captured_at.timestamp()
        return until < at, abs(until - at)

    return tuple(sorted(eras, key=distance))
