"""What is known about a publisher's pages: data only, read by `extract`.

A spider carries a tuple of `SiteRules`, one per era of the site's markup. Selectors are CSS as parsel writes it:
`h1` selects an element (its text is the value), `meta[name="x"]::attr(content)` an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from archiver.urls import hostname


@dataclass(frozen=True, slots=True)
class SiteRules:
    """How one publisher marked up its articles during one era."""

    domains: tuple[str, ...]
    """Registered names without `www.`; subdomains are included."""
    valid_until: datetime | None = None
    """The last instant at which this markup was seen (aware); None for the current era."""

    body: tuple[str, ...] = ()
    """Elements that hold the article's text; the first selector that finds text wins."""
    title: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    category: tuple[str, ...] = ()

    prune: tuple[str, ...] = ()
    """Elements inside the body that are not part of the article."""
    lead: tuple[str, ...] = ()
    """Elements outside the body that belong at its top, such as the lead image with its caption."""
    site_names: tuple[str, ...] = ()
    """Names that the site adds before or after its headlines, and that are never an author."""
    not_images: tuple[str, ...] = ()
    """Parts of image addresses that mark a placeholder."""
    timezone: str | None = None
    """IANA zone of dates that are printed without one, such as `Asia/Bangkok`."""
    identity: str | None = field(default=None)
    """Regular expression whose first group is the article's id in its address; the id outlives section and slug."""

    def covers(self, host: str) -> bool:
        """True when the host is one of the domains or lies below one."""
        name = host.lower().rstrip(".")
        return any(name == domain or name.endswith("." + domain) for domain in self.domains)

    def zone(self) -> tzinfo | None:
        """The publisher's time zone, where known."""
        return ZoneInfo(self.timezone) if self.timezone else None

    def article_id(self, url: str) -> str | None:
        """The article's id in an address, where the publisher has one."""
        match = re.search(self.identity, url) if self.identity else None
        return match[1] if match else None

    def article_prefix(self, url: str) -> str | None:
        """The address up to and including the article's id; None where the publisher has none behind the host.

        >>> rules = SiteRules(("a.example",), identity="a.example/[a-z]+/([0-9]+)/")
        >>> rules.article_prefix("https://a.example/world/29/slug")
        'https://a.example/world/29/'
        """
        match = re.search(self.identity, url) if self.identity else None
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
    eras = [rule for rule in rules if rule.covers(host)]

    def distance(rule: SiteRules) -> tuple[bool, float]:
        until = rule.valid_until.timestamp() if rule.valid_until else float("inf")
        at = captured_at.timestamp()
        return until < at, abs(until - at)

    return tuple(sorted(eras, key=distance))
