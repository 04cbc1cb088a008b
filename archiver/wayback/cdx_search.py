"""The search in one web archive that lists its captures (CDX): the exact address first, then the article's others."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archiver.errors import CdxError, HostPaused, MementoError
from archiver.models import Capture, CdxEntry, Verdict
from archiver.wayback.cdx import nearest, of_address, of_article, parse_cdx, snapshot_of
from archiver.wayback.endpoints import Answer, Snapshot, Wayback
from archiver.wayback.memento import copy_in
from archiver.wayback.web_archive import FIRST, ArchiveRequest, Conclusion, LostPage

_MAX_HOPS = 4
"""Redirects that one copy may lead through; with fewer a copy behind a moved address is lost, more cost requests to the
archive. No measurement is on record."""


@dataclass(frozen=True, slots=True)
class CdxArchive:
    """A web archive that lists its captures as CDX and hands them out as they were archived."""

    name: str
    wayback: Wayback
    tries: int
    """Copies that are looked at for one page."""
    lists: str = FIRST
    """The service that lists captures, as `ArchiveRequest.service`."""
    copies: str = FIRST
    """The service that has the copies."""

    def search(self, page: LostPage) -> CdxSearch:
        """Return the search for a page, which asks for the exact address first."""
        first = ArchiveRequest("captures", self.wayback.captures_of(page.url), self.lists)
        return CdxSearch(self, page, self.tries, first, _under=page.prefix)


@dataclass(frozen=True, slots=True)
class CdxSearch:
    """One page's search in one archive, at one moment of it."""

    archive: CdxArchive
    page: LostPage
    tries: int
    """Copies that may still be asked for."""
    request: ArchiveRequest | None = None
    capture: Capture | None = None
    reasons: tuple[str, ...] = ()
    listed: bool = False
    """Whether the archive has said which captures it has."""
    _waiting: tuple[CdxEntry, ...] = ()
    _seen: frozenset[str] = frozenset()
    _under: str | None = None
    """The beginning of addresses that is still to be asked for."""
    _asked: Snapshot | None = None
    _hops: int = 0

    @property
    def conclusion(self) -> Conclusion:
        """What the search says of the page; asked once it is over."""
        return Conclusion.NO_COPY if self.listed else Conclusion.UNANSWERED

    def after_response(self, answer: Answer) -> CdxSearch:
        """The search after an answer."""
        assert self.request is not None
        try:
            if self.request.kind == "captures":
                return self._list(parse_cdx(self.request.address, answer))
            assert self._asked is not None
            found = copy_in(self.archive.wayback, self._asked, self.page.url, answer, self.archive.name)
        except (CdxError, MementoError) as error:
            return self.after_failure(error)
        if isinstance(found, Capture):
            return replace(self, request=None, capture=found)
        if self._hops >= _MAX_HOPS or found == self._asked:
            return self.after_failure(MementoError(f"{self.request.address} redirects without end."))
        return replace(self._ask(found), _hops=self._hops + 1)

    def after_failure(self, error: Exception) -> CdxSearch:
        """The search after a question that brought nothing usable; after a list, or HostPaused, it ends."""
        assert self.request is not None
        after = replace(self, request=None, reasons=(*self.reasons, str(error)))
        return after if self.request.kind == "captures" or isinstance(error, HostPaused) else after._go_on()

    def after_refusal(self, verdict: Verdict, detail: str = "") -> CdxSearch:
        """The search after its capture turned out not to be the article."""
        assert self.capture is not None
        said = f"The copy at {self.capture.snapshot} is not the article ({verdict}). {detail}".strip()
        return replace(self, capture=None, reasons=(*self.reasons, said))._go_on()

    def _list(self, captures: list[CdxEntry]) -> CdxSearch:
        assert self.request is not None
        exact = self.request.address == self.archive.wayback.captures_of(self.page.url)
        if exact or self.page.rules is None:
            captures = of_address(captures, self.page.url)
        else:
            captures = of_article(captures, self.page.url, self.page.rules)
        fresh = [found for found in nearest(captures, self.page.wanted) if _key(found) not in self._seen]
        return replace(self, request=None, listed=True, _waiting=tuple(fresh))._go_on()

    def _go_on(self) -> CdxSearch:
        if self._waiting and self.tries > 0:
            first, *others = self._waiting
            seen = self._seen | {_key(first)}
            after = replace(self, tries=self.tries - 1, _waiting=tuple(others), _seen=seen, _hops=0)
            return after._ask(snapshot_of(first))
        address = self.archive.wayback.captures_under(self._under) if self._under and self.tries > 0 else None
        question = ArchiveRequest("captures", address, self.archive.lists) if address else None
        return replace(self, request=question, _waiting=(), _under=None)

    def _ask(self, snapshot: Snapshot) -> CdxSearch:
        address = self.archive.wayback.copy_of(snapshot)
        return replace(self, request=ArchiveRequest("copy", address, self.archive.copies), _asked=snapshot)


def _key(capture: CdxEntry) -> str:
    """What makes two captures one try: the payload, or where the archive names none, the snapshot."""
    return capture.digest or f"{capture.captured_at:%Y%m%d%H%M%S} {capture.url}"
