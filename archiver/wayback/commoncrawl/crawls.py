"""The monthly crawls of Common Crawl, and which of them are worth a question."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from archiver.errors import CdxError
from archiver.wayback.endpoints import Answer

MAX_COLLINFO_BYTES = 1024 * 1024
"""Bytes of the list of crawls that are read; 130 crawls need 40,000. With a tenth the list of a mirror with more names
is refused."""
MAX_CRAWLS_ASKED = 4
"""Monthly indexes that are asked for one page: the server is shared, and each is a question. With one less a page that
was crawled a quarter later is not found, more make each search longer. Chosen, not measured."""
MAX_DAYS_EARLY = timedelta(days=3)
"""How long before the date in a seed its page may have been crawled: dates are written in any time zone, some when a
post was copied. With less the crawl is left out that ended the day before, more ask one that cannot have the page."""
_MAX_CRAWL_TIME = timedelta(days=14)
"""How long a crawl takes whose list does not say when it began and ended: one to three weeks of the week in its name.
With less a page at its edge is looked for in the next crawl only, more put a crawl before one that is nearer."""

_NAME = re.compile(r"CC-MAIN-(20[0-9]{2})-([0-9]{2})")
"""The name of a crawl: ISO year and week. Those before 2013 have other names, and files in ARC, which are not read."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """One crawl of a month."""

    name: str
    """`CC-MAIN-2024-46`."""
    since: datetime
    """When its first page was fetched; aware, UTC."""
    until: datetime
    """When its last page was."""


def parse_crawls(address: str, answer: Answer) -> tuple[Crawl, ...]:
    """Return the crawls in a collinfo.json, the newest first. Raises CdxError for an answer that is no such list."""
    if answer.status != 200:
        raise CdxError(
            f"The list of crawls at {address} cannot be had, the index answered {answer.status}; run again later."
        )
    try:
        rows = json.loads(answer.body[:MAX_COLLINFO_BYTES])
    except (ValueError, RecursionError):
        raise CdxError(f"The list of crawls at {address} is no JSON; run again later.") from None
    crawls = [crawl for row in rows if (crawl := _crawl(row)) is not None] if isinstance(rows, list) else []
    if not crawls:
        raise CdxError(f"The list of crawls at {address} names none; run again later.")
    return tuple(sorted(set(crawls), key=lambda crawl: crawl.until, reverse=True))


def _crawl(row: object) -> Crawl | None:
    name = str(row.get("id")) if isinstance(row, dict) else ""
    match = _NAME.fullmatch(name)
    if match is None or not isinstance(row, dict):
        return None
    try:
        until = datetime.fromisocalendar(int(match[1]), int(match[2]), 7).replace(tzinfo=UTC)
    except ValueError:
        return None
    since, stated_end = _instant(row.get("from")), _instant(row.get("to"))
    if since is not None and stated_end is not None and since <= stated_end:
        return Crawl(name, since, stated_end)
    return Crawl(name, until - _MAX_CRAWL_TIME, until)


def _instant(stated: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(stated))
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def nearest_crawls(crawls: Sequence[Crawl], wanted: datetime | None) -> tuple[Crawl, ...]:
    """Return the few crawls that are worth a question, best first.

    With the date of publication: those that went on then or began next, since no crawl has a page before it was there.
    Without a date: some of all years, the newest first, since nobody knows until when the page was there.
    """
    if wanted is None:
        newest = sorted(crawls, key=lambda crawl: crawl.until, reverse=True)
        step = max(1, (len(newest) - 1) // max(1, MAX_CRAWLS_ASKED - 1))
        return tuple(newest[::step][:MAX_CRAWLS_ASKED])
    later = [crawl for crawl in crawls if crawl.until >= wanted - MAX_DAYS_EARLY]
    return tuple(sorted(later, key=lambda crawl: crawl.until)[:MAX_CRAWLS_ASKED])
