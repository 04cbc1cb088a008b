"""Is a page that looks like an answer the article? What the other addresses of its host say about that.

Two witnesses, both pure:

* where a host sends several unrelated addresses to one place, that place is the article of none of them;
* what a host answers for an address that cannot exist, it may answer for an article that is gone.
When a page is believed: docs/design.md D52.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from archiver.ledger.state import FAILURES, SUCCESSES, VisitRecord
from archiver.models import Article, DriftKind, Verdict
from archiver.repair.diff import drift
from archiver.urls import same_page, segments

MIN_UNRELATED_ADDRESSES = 3
"""Two unrelated addresses that lead to one place may be two reports merged into one; a third makes it a rule of the
host. Addresses that share words or their number with the place do not count at all, so three is enough."""

MAX_PROBE_AGE = timedelta(days=7)
"""Time for which the answer to a probe is believed; with less the host is asked more often, with more a host that has
changed its missing pages is misjudged for longer. Chosen, not measured."""
MAX_UNSETTLED_PROBE_AGE = timedelta(days=1)
"""The same after a probe that was refused or not answered, which settles nothing. Chosen, not measured."""

_NUMBER = re.compile(r"\d{4,}")
_ENDING = re.compile(r"\.[a-z]{2,5}$")


@dataclass(frozen=True, slots=True)
class Probe:
    """What a host answered for an address that cannot exist."""

    at: datetime
    verdict: Verdict
    target: str | None = None
    """Where it redirected to."""
    payload: str | None = None
    text: str | None = None
    """Digests, as in `VisitRecord`."""


def shared_targets(moves: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Places that a host sends unrelated addresses to, with those addresses, from (address, target) of one host.

    An address whose words or number the target repeats leads to its own article, and so do addresses that differ in
    their folder or parameters only: they are the same article's.
    """
    unrelated: defaultdict[str, dict[tuple[str, ...], set[str]]] = defaultdict(lambda: defaultdict(set))
    for address, target in moves:
        if not same_page(address, target) and not is_related(address, target):
            unrelated[target][_slug(address)].add(address)
    return {
        target: frozenset().union(*by_slug.values())
        for target, by_slug in unrelated.items()
        if len(by_slug) >= MIN_UNRELATED_ADDRESSES
    }


def is_related(address: str, target: str) -> bool:
    """Whether a target has at least half the words, or a number, of the address that led to it.

    >>> is_related("https://a.example/world/2900753/old-title-of-it", "https://a.example/story/2900753")
    True
    >>> is_related("https://a.example/world/2900753/old-title-of-it", "https://a.example/offers")
    False
    """
    numbers = set(_NUMBER.findall(_path_and_query(address)))
    return bool(numbers & set(_NUMBER.findall(_path_and_query(target)))) or shares_words(address, target)


def shares_words(address: str, target: str) -> bool:
    """Whether a target has at least half the words of the address that led to it.

    >>> shares_words("https://a.example/2024/old-title-of-it", "https://a.example/2024/another-story")
    False
    """
    asked = {word for word in _slug(address) if len(word) > 2 and not word.isdigit()}
    return bool(asked) and len(asked & set(_words(_path_and_query(target)))) * 2 >= len(asked)


def is_probe_due(probe: Probe | None, now: datetime) -> bool:
    """Whether a host has to be asked for an address that cannot exist before a doubtful answer of it is believed."""
    if probe is None or probe.at > now:  # a stamp from the future says nothing about its age
        return True
    return now - probe.at >= (MAX_PROBE_AGE if _settles(probe) else MAX_UNSETTLED_PROBE_AGE)


def probe_address(url: str, now: datetime) -> str:
    """An address beside this one that cannot exist: the same folder, a long name from a digest, the same ending.

    Another every day, so that a host that keeps what it was asked for is not asked for it again.
    """
    parts = urlsplit(url)
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    ending = match[0] if (match := _ENDING.search(name.lower())) else ""
    name = hashlib.sha256(f"{url} {now.date()}".encode()).hexdigest()
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/{name[:12]}-{name[12:24]}{ending}", "", ""))


def needs_probe(address: str, visit: VisitRecord) -> bool:
    """Whether only a probe can tell: a success elsewhere, at a place that has nothing of the address.

    Not every success: a probe costs a request, and a page at its own address was judged by what it says.
    """
    return (
        visit.verdict in SUCCESSES
        and visit.target is not None
        and not same_page(address, visit.target)
        and not is_related(address, visit.target)
    )


def apply_probe(visit: VisitRecord, probe: Probe | None) -> VisitRecord:
    """The visit with the verdict that a probe of its host leaves: a soft 404 when both got the same answer."""
    if probe is None or visit.verdict not in SUCCESSES or not _settles(probe):
        return visit
    if probe.verdict is Verdict.GONE and probe.target is None:
        return visit  # an honest host
    same = (
        (visit.target is not None and visit.target == probe.target)
        or (visit.text is not None and visit.text == probe.text)
        or (visit.payload is not None and visit.payload == probe.payload)
    )
    if not same:
        return visit
    return VisitRecord(
        at=visit.at, verdict=Verdict.SOFT_404, status=visit.status, origin=visit.origin, payload=visit.payload,
        text=visit.text, target=visit.target,
        detail="The host answers the same for an address that cannot exist.",
    )  # fmt: skip


def is_other_article(article: Article | None, bodies: Iterable[str]) -> bool:
    """Whether none of the seeds that have a text has that of the article; `bodies` are the seeds' Markdown."""
    if article is None:
        return False
    return {drift(body, article.body) for body in bodies} - {None} == {DriftKind.DIVERGED}


def _settles(probe: Probe) -> bool:
    return probe.verdict in (FAILURES - {Verdict.UNREACHABLE}) | SUCCESSES | {Verdict.EMPTY, Verdict.NOT_HTML}


def _slug(address: str) -> tuple[str, ...]:
    """The words of the last part of an address that has several; of all of its path and parameters otherwise."""
    for part in reversed(segments(address)):
        named = _words(_ENDING.sub("", part))
        if sum(not word.isdigit() for word in named) > 1:
            return named
    return _words(_path_and_query(address))


def _path_and_query(address: str) -> str:
    return " ".join([*segments(address), urlsplit(address).query])


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.casefold()))
