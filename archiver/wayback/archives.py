"""The web archives that list what they have: CDX servers, and those that answer TimeMaps (RFC 7089)."""

from __future__ import annotations

from dataclasses import dataclass

from archiver.wayback.candidates import Candidate, of_address, of_article
from archiver.wayback.cdx import parse_cdx
from archiver.wayback.endpoints import FIRST, Answer, Wayback
from archiver.wayback.list_search import Listing, ListSearch
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
