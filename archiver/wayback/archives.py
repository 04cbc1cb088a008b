"""The web archives that list what they have: CDX servers, and those that answer TimeMaps (RFC 7089)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin

from archiver.errors import CdxError
from archiver.models import CdxEntry
from archiver.urls import host_of
from archiver.wayback.candidates import Candidate, is_same_place, of_address, of_article
from archiver.wayback.cdx import parse_cdx
from archiver.wayback.endpoints import FIRST, Answer, Copies, Wayback, fill_list
from archiver.wayback.list_search import Listing, ListSearch
from archiver.wayback.timemap import FurtherTimeMap, Memento, is_cdx, parse_timemap
from archiver.wayback.web_archive import ArchiveRequest, LostPage


@dataclass(frozen=True, slots=True)
class CdxArchive:
    """A web archive that lists its captures as CDX and hands them out as they were archived."""

    name: str
    wayback: Wayback
    tries: int
    """Copies that are looked at for one page."""
    service: str = FIRST
    """The service that lists captures, as `ArchiveRequest.service`."""

    def search(self, page: LostPage) -> ListSearch:
        """Return the search for a page, which asks for the exact address first."""
        return ListSearch.begin(self, page)

    def list_of(self, page: LostPage) -> ArchiveRequest:
        """Return the request for the captures of a page's address."""
        return ArchiveRequest("captures", self.wayback.captures_of(page.url), self.service)

    def list_under(self, page: LostPage) -> ArchiveRequest | None:
        """Return the request for the captures of all addresses of a page's article; None where it cannot be asked."""
        address = self.wayback.captures_under(page.prefix) if page.prefix else None
        return ArchiveRequest("captures", address, self.service) if address else None

    def read(self, page: LostPage, request: ArchiveRequest, answer: Answer, *, is_exact: bool) -> Listing:
        """Return what an answer lists. Raises CdxError and ArchiveRefusal."""
        found = parse_cdx(request.address, answer)
        if is_exact or page.rules is None:
            entries = of_address(found.entries, page.url)
        else:
            entries = of_article(found.entries, page.url, page.rules)
        rest = (ArchiveRequest("captures", found.following, self.service),) if found.following else ()
        return Listing(tuple(Candidate(entry, self.wayback.copies) for entry in entries), rest)


@dataclass(frozen=True, slots=True)
class TimeMapArchive:
    """A web archive, or an aggregator of several, that answers TimeMaps.

    A memento is asked for only where somebody knows how its archive hands it out as it was archived: what archives show
    at a memento's own address has their links, scripts and banners in it (docs/design.md D91).
    """

    name: str
    timemap: str
    """Template of its TimeMaps."""
    raws: tuple[Copies, ...]
    """How archives hand out raw copies, the likeliest first."""
    tries: int
    """Copies that are looked at for one page."""
    service: str = FIRST
    """The service that answers TimeMaps, as `ArchiveRequest.service`."""

    def search(self, page: LostPage) -> ListSearch:
        """Return the search for a page."""
        return ListSearch.begin(self, page)

    def list_of(self, page: LostPage) -> ArchiveRequest:
        """Return the request for the TimeMap of a page's address."""
        return ArchiveRequest("captures", fill_list(self.timemap, page.url), self.service)

    def list_under(self, page: LostPage) -> ArchiveRequest | None:
        """None: a TimeMap is of one address."""
        return None

    def read(self, page: LostPage, request: ArchiveRequest, answer: Answer, *, is_exact: bool) -> Listing:
        """Return what a TimeMap lists. Raises CdxError, also for one of another page, and ArchiveRefusal."""
        if answer.status == 200 and is_cdx(answer):
            return self._from_cdx(page, request, answer)
        found = parse_timemap(request.address, answer)
        if found.original is not None and not is_same_place(found.original, page.url):
            raise CdxError(
                f"The TimeMap at {request.address} is of another page, {found.original[:200]}; leave it out."
            )
        candidates, unknown = [], set()
        for memento in found.mementos:
            candidate = self._candidate(memento)
            if candidate is None:
                unknown.add(host_of(memento.address))
            elif is_same_place(candidate.entry.url, page.url):
                candidates.append(candidate)
        return Listing(tuple(candidates), tuple(self._rest(request, found.further, page.wanted)), _explain(unknown))

    def _candidate(self, memento: Memento) -> Candidate | None:
        """A memento as what its archive is asked for; None for an archive whose raw copies nobody has described."""
        for copies in self.raws:
            if (snapshot := copies.snapshot(memento.address)) is not None:
                return Candidate(CdxEntry(snapshot.url, memento.at, 0, "", "", "response"), copies)
        return None

    def _from_cdx(self, page: LostPage, request: ArchiveRequest, answer: Answer) -> Listing:
        found = parse_cdx(request.address, answer)
        host = host_of(request.address)
        copies = next((one for one in self.raws if host_of(one.raw) == host), None)
        if copies is None:
            return Listing((), (), _explain({host} if found.entries else set()))
        return Listing(tuple(Candidate(entry, copies) for entry in of_address(found.entries, page.url)))

    def _rest(
        self, request: ArchiveRequest, further: tuple[FurtherTimeMap, ...], wanted: datetime | None
    ) -> Iterator[ArchiveRequest]:
        """The other parts of a TimeMap at the same host, that of the time that is wanted first."""

        def distance(part: FurtherTimeMap) -> float:
            if wanted is None or (part.since is None and part.until is None):
                return 0.0
            since, until = part.since or part.until or wanted, part.until or part.since or wanted
            return max(0.0, (since - wanted).total_seconds(), (wanted - until).total_seconds())

        for part in sorted(further, key=distance):
            address = urljoin(request.address, part.address)
            if address != request.address and host_of(address) == host_of(request.address):
                yield ArchiveRequest("captures", address, self.service)


def _explain(hosts: set[str]) -> str:
    """Why listed copies are not asked for; empty where there are none."""
    if not hosts:
        return ""
    return (
        f"There are copies at {', '.join(sorted(hosts))}, but how they are had as they were archived is not known; "
        "name it as `raw` in WEB_ARCHIVES."
    )
