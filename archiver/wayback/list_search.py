"""The search for one page in one web archive that lists what it has: the list, then one copy after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from archiver.errors import ArchiveRefusal, CdxError, HostPaused, MementoError
from archiver.models import Capture, Verdict
from archiver.wayback.candidates import Candidate, in_order, is_as_long
from archiver.wayback.endpoints import Answer, Snapshot
from archiver.wayback.memento import copy_in
from archiver.wayback.web_archive import ArchiveRequest, Conclusion, FetchedRecord, LostPage

_MAX_HOPS = 8
"""Redirects that one copy may lead through: each step of the page's own, such as from http to https, may be followed by
the archive's to its nearest capture. With fewer a copy behind a moved address is lost, more cost requests to the
archive. Chosen, not measured."""

_MAX_LIST_PAGES = 4
"""Parts of one list that are read; one has as many captures as MAX_CAPTURES. With fewer the late captures of a busy
address are not seen, more cost requests to the archive. Chosen, not measured."""

_MAX_FREE_TRIES = 5
"""Walls that cost no try since one as long was refused before: not every list names lengths. With fewer several walls
in a row use up the tries, more cost requests to the archive. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What an archive says that it has of a page."""

    candidates: tuple[Candidate, ...]
    rest: tuple[ArchiveRequest, ...] = ()
    """What the list goes on with, most needed first."""
    unusable: str = ""
    """A sentence on captures that are listed and cannot be asked for; empty where there are none."""


class ListingArchive(Protocol):
    """A web archive that lists its captures."""

    @property
    def name(self) -> str:
        """What captures of it have for `origin`."""

    @property
    def tries(self) -> int:
        """Copies that are looked at for one page."""

    def list_of(self, page: LostPage) -> ArchiveRequest:
        """Return the request for the captures of a page's address."""

    def list_under(self, page: LostPage) -> ArchiveRequest | None:
        """Return the request for the captures of all addresses of a page's article; None where it cannot be asked."""

    def read(self, page: LostPage, request: ArchiveRequest, answer: Answer, *, is_exact: bool) -> Listing:
        """Return what an answer lists. Raises CdxError and ArchiveRefusal."""


@dataclass(frozen=True, slots=True)
class ListSearch:
    """One page's search in one archive, at one moment of it."""

    archive: ListingArchive
    page: LostPage
    tries: int
    """Copies that may still be asked for."""
    request: ArchiveRequest | None = None
    capture: Capture | None = None
    reasons: tuple[str, ...] = ()
    _is_exact: bool = True
    """Whether the list is that of the exact address, and the one of the article's others still to be asked for."""
    _found: tuple[Candidate, ...] = ()
    """What the parts of a list have named that is not read to its end."""
    _rest: tuple[ArchiveRequest, ...] = ()
    """What that list goes on with."""
    _read: frozenset[str] = frozenset()
    """The addresses of its parts that were asked for."""
    _pages: int = 0
    _waiting: tuple[Candidate, ...] = ()
    _seen: frozenset[str] = frozenset()
    _candidate: Candidate | None = None
    """The one whose copy was asked for."""
    _asked: Snapshot | None = None
    _hops: tuple[Snapshot, ...] = ()
    """What led to it, by redirects."""
    _walls: tuple[int, ...] = ()
    """Bytes of the copies that were a wall, such as one of consent."""
    _free: int = _MAX_FREE_TRIES
    """Walls like earlier ones that still cost no try."""
    _is_barred: bool = False
    """Whether the archive hands out nothing of this page."""
    _is_unanswered: bool = False
    """Whether something may be answered another time."""

    @classmethod
    def begin(cls, archive: ListingArchive, page: LostPage) -> ListSearch:
        """Return a search that asks for the exact address first."""
        return cls(archive, page, archive.tries, archive.list_of(page))

    @property
    def fetched(self) -> FetchedRecord | None:
        """None: such an archive hands out copies and no records."""
        return None

    @property
    def conclusion(self) -> Conclusion:
        """What the search says of the page; asked once it is over."""
        if self._is_barred:
            return Conclusion.REFUSED
        return Conclusion.UNANSWERED if self._is_unanswered else Conclusion.NO_COPY

    def after_response(self, answer: Answer) -> ListSearch:
        """The search after an answer."""
        assert self.request is not None
        try:
            if self.request.kind == "captures":
                return self._list(self.archive.read(self.page, self.request, answer, is_exact=self._is_exact))
            assert self._asked is not None
            assert self._candidate is not None
            found = copy_in(self._candidate.copies, self._asked, self.page.url, answer, self.archive.name)
        except (CdxError, MementoError, ArchiveRefusal) as error:
            return self.after_failure(error)
        if isinstance(found, Capture):
            return replace(self, request=None, capture=found)
        if len(self._hops) >= _MAX_HOPS or found == self._asked or found in self._hops:
            endless = MementoError(f"{self.request.address} redirects without end.", is_temporary=False)
            return self.after_failure(endless)
        return replace(self._ask(self._candidate, found), _hops=(*self._hops, self._asked))

    def after_failure(self, error: Exception) -> ListSearch:
        """The search after a question that brought nothing usable.

        After the first part of a list, or an ArchiveRefusal, it ends; after HostPaused, unless another service has
        copies.
        """
        assert self.request is not None
        asked = self.request
        is_temporary = not isinstance(error, ArchiveRefusal) and getattr(error, "is_temporary", True)
        after = replace(
            self, request=None, reasons=(*self.reasons, str(error)),
            _is_barred=self._is_barred or isinstance(error, ArchiveRefusal),
            _is_unanswered=self._is_unanswered or is_temporary,
        )  # fmt: skip
        if isinstance(error, ArchiveRefusal):
            return after
        if asked.kind == "captures":
            return after._choose() if self._found else after
        if isinstance(error, HostPaused):
            left = tuple(one for one in self._waiting if one.copies.service != asked.service)
            return replace(after, _waiting=left)._go_on() if left else after
        return after._go_on()

    def after_refusal(self, verdict: Verdict, detail: str = "") -> ListSearch:
        """The search after its capture turned out not to be the article, or to be the beginning of it only."""
        assert self.capture is not None
        assert self._candidate is not None
        fault = "is not whole" if verdict is Verdict.ARTICLE else f"is not the article ({verdict})"
        said = f"The copy at {self.capture.snapshot} {fault}. {detail}".strip()
        size, length = len(self.capture.body), self._candidate.entry.length
        is_free = verdict is Verdict.BLOCKED and self._free > 0 and any(is_as_long(size, one) for one in self._walls)
        # What is as long as a page that was refused is most likely the same page.
        length = 0 if verdict is Verdict.ARTICLE else length
        waiting = sorted(self._waiting, key=lambda one: is_as_long(one.entry.length, length))
        return replace(
            self, capture=None, reasons=(*self.reasons, said), tries=self.tries + is_free,
            _free=self._free - is_free, _waiting=tuple(waiting),
            _walls=(*self._walls, size) if verdict is Verdict.BLOCKED else self._walls,
        )._go_on()  # fmt: skip

    def _list(self, listing: Listing) -> ListSearch:
        reasons = (*self.reasons, listing.unusable) if listing.unusable else self.reasons
        after = replace(self, reasons=reasons, _found=(*self._found, *listing.candidates), _pages=self._pages + 1)
        rest = tuple(one for one in (*listing.rest, *self._rest) if one.address not in self._read)
        if rest and after._pages < _MAX_LIST_PAGES:
            return replace(after, request=rest[0], _rest=rest[1:], _read=self._read | {rest[0].address})
        return after._choose()

    def _choose(self) -> ListSearch:
        """Put what was listed into its order, and ask for the first."""
        fresh = [one for one in in_order(self._found, self.page.wanted) if one.key not in self._seen]
        return replace(self, request=None, _found=(), _rest=(), _pages=0, _waiting=tuple(fresh))._go_on()

    def _go_on(self) -> ListSearch:
        if self._waiting and self.tries > 0:
            first, *others = self._waiting
            seen = self._seen | {first.key}
            after = replace(self, tries=self.tries - 1, _waiting=tuple(others), _seen=seen, _hops=())
            return after._ask(first, first.snapshot)
        under = self.archive.list_under(self.page) if self._is_exact and self.tries > 0 else None
        return replace(self, request=under, _waiting=(), _is_exact=False)

    def _ask(self, candidate: Candidate, snapshot: Snapshot) -> ListSearch:
        request = ArchiveRequest("copy", candidate.copies.copy_of(snapshot), candidate.copies.service)
        return replace(self, request=request, _candidate=candidate, _asked=snapshot)
