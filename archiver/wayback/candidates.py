"""Which captures of an archive's list are worth a look, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.models import CdxEntry
from archiver.rules import SiteRules
from archiver.urls import REDIRECTS, hostname, without_www
from archiver.wayback.endpoints import Copies, Snapshot

MAX_LENGTH_DIFFERENCE = 0.05
"""Share of the longer of two captures by which captures of one kind of page differ: a consent wall has a counter, a
token, a date. With less a wall with a longer token is asked for again, with more an article as long as a wall goes
last. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed capture, and where its copy is had."""

    entry: CdxEntry
    copies: Copies

    @property
    def snapshot(self) -> Snapshot:
        """What the archive calls the capture."""
        at = self.entry.captured_at
        return Snapshot(f"{at.year:04}{at:%m%d%H%M%S}", self.entry.url)

    @property
    def key(self) -> str:
        """What makes two captures one try: the payload, or where the archive names none, the snapshot.

        Redirects have an empty payload, most of them, so theirs is the address that redirects, too.
        """
        if not self.entry.digest:
            return f"{self.snapshot.timestamp} {self.entry.url}"
        return f"{self.entry.digest} {self.entry.url}" if self.entry.status in REDIRECTS else self.entry.digest


def in_order(candidates: Sequence[Candidate], wanted: datetime | None) -> list[Candidate]:
    """The captures to look at, best first: of each payload the whole one that is nearest to `wanted`.

    A revisit says that the payload was still there at its time; the copy to ask for is one that was archived with 200.
    Where none is listed the archive is asked for the revisit, whose payload it may have all the same. Redirects come
    last: the article may be where they lead. Without a date the oldest come first: nearest to the publication, and so
    to what a seed was copied from (docs/design.md D34).
    """
    payloads: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        payloads.setdefault(candidate.key, []).append(candidate)
    others = {one.entry.digest for one in candidates if one.entry.status not in {0, 200}}

    def distance(candidate: Candidate) -> tuple[float, datetime]:
        at = candidate.entry.captured_at
        return (abs((at - wanted).total_seconds()) if wanted else 0.0), at

    found = []
    for group in payloads.values():
        whole = [one for one in group if _may_be_whole(one.entry)]
        revisits = [one for one in group if one.entry.kind == "revisit" and one.entry.status in {0, 200}]
        redirects = [one for one in group if one.entry.status in REDIRECTS]
        if whole:
            found.append((0, min(map(distance, [*whole, *revisits])), min(whole, key=distance)))
        elif redirects:
            found.append((2, min(map(distance, redirects)), min(redirects, key=distance)))
        elif revisits and group[0].entry.digest not in others:
            found.append((1, min(map(distance, revisits)), min(revisits, key=distance)))
    return [candidate for _, _, candidate in sorted(found, key=lambda one: one[:2])]


def _may_be_whole(entry: CdxEntry) -> bool:
    """Whether a capture is a page that was answered with 200; a TimeMap names no status."""
    return entry.kind == "response" and entry.status in {0, 200}


def is_as_long(one: int, other: int) -> bool:
    """Whether two captures are as long as each other, but for a counter or a token; False where a length is unknown.

    >>> is_as_long(4000, 4150), is_as_long(4000, 4400), is_as_long(0, 0)
    (True, False, False)
    """
    return max(one, other) > 0 and abs(one - other) <= MAX_LENGTH_DIFFERENCE * max(one, other) and min(one, other) > 0


def of_address(captures: Iterable[CdxEntry], url: str) -> list[CdxEntry]:
    """Those of one page: archives list more than they are asked for when they think addresses equal."""
    return [capture for capture in captures if is_same_place(capture.url, url)]


def of_article(captures: Iterable[CdxEntry], url: str, rules: SiteRules) -> list[CdxEntry]:
    """Those of one article, whatever slug it had: the same publisher, the same id."""
    wanted = rules.article_id(url)
    return [
        capture
        for capture in captures
        if rules.matches_host(hostname(capture.url)) and rules.article_id(capture.url) == wanted
    ]


def is_same_place(one: str, other: str) -> bool:
    """Whether two addresses have the same host and path, as far as archives tell them apart, and no other parameters.

    >>> is_same_place("http://a.example/news?ref=x", "https://www.a.example/news/")
    True
    >>> is_same_place("http://a.example/news?id=1", "http://a.example/news?id=2")
    False
    """
    queries = [sorted(parse_qsl(urlsplit(url).query, keep_blank_values=True)) for url in (one, other)]
    return _place(one) == _place(other) and (queries[0] == queries[1] or not all(queries))


def _place(url: str) -> tuple[str, str]:
    return without_www(hostname(url).rstrip(".")), unquote(urlsplit(url).path).rstrip("/").lower()
