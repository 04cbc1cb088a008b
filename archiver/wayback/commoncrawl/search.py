"""Common Crawl as one of several web archives: the search for a page in it, as a value.

    list of crawls ─▶ index of the nearest crawl ─▶ record ─▶ capture
                             └─ of the next one, as long as there is no whole page, and a few crawls at most

Answers that say `is_shared` serve the searches for other pages too (shared.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus

from archiver.errors import CdxError, HostPaused, MementoError
from archiver.models import Capture, Verdict
from archiver.urls import hostname, surt
from archiver.wayback.commoncrawl.crawls import nearest_crawls, parse_crawls
from archiver.wayback.commoncrawl.endpoints import CommonCrawl, CrawlEntry
from archiver.wayback.commoncrawl.index import MAX_INDEX_BYTES, parse_index, why_none, worth_a_look
from archiver.wayback.commoncrawl.record import read_record
from archiver.wayback.commoncrawl.shared import PARTIAL
from archiver.wayback.endpoints import Answer
from archiver.wayback.web_archive import ArchiveRequest, Conclusion, FetchedRecord, LostPage

NAME = "commoncrawl"
"""What captures of it have for `origin`."""

_FINAL = frozenset({HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Statuses after which a record is not asked for another time; any other is weather."""

_MIN_ANSWER_BYTES = 65_536
"""Bytes of an answer that are taken, however short the record is that was asked for: what the host says when it has too
much to do has some kilobytes. With fewer a 503 is taken for a file, more are for nothing. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class CommonCrawlArchive:
    """Common Crawl, or who mirrors its index and its files."""

    service: CommonCrawl
    tries: int
    """Records that are fetched for one page."""
    name: str = NAME
    lists: str = NAME
    """The service that has the indexes, as `ArchiveRequest.service`."""
    copies: str = NAME
    """The service that has the records."""

    def search(self, page: LostPage) -> CommonCrawlSearch:
        """Return the search for a page, which asks for the list of crawls first."""
        return CommonCrawlSearch(self, page, self.tries, self.request(self.service.crawls(), is_shared=True))

    def request(self, address: str, *, is_shared: bool = False) -> ArchiveRequest:
        """Return the question for a list."""
        return ArchiveRequest("captures", address, self.lists, is_shared=is_shared, max_bytes=MAX_INDEX_BYTES)


@dataclass(frozen=True, slots=True)
class CommonCrawlSearch:
    """One page's search, at one moment of it."""

    archive: CommonCrawlArchive
    page: LostPage
    tries: int
    """Records that may still be fetched."""
    request: ArchiveRequest | None = None
    capture: Capture | None = None
    reasons: tuple[str, ...] = ()
    fetched: FetchedRecord | None = None
    """What the last answer was, where it was a record that is to be kept as it came."""
    _crawls: tuple[str, ...] | None = None
    """The crawls that are still to be asked; None before their list has come."""
    _asked: tuple[str, ...] = ()
    """The crawls whose list has come or failed, and the one that is asked."""
    _target: str = ""
    """Where the page's redirect leads, while its captures in the same crawl are asked for."""
    _waiting: tuple[CrawlEntry, ...] = ()
    _seen: frozenset[str] = frozenset()
    _record: CrawlEntry | None = None
    """The one that is asked for."""
    _cut: Capture | None = None
    """A capture that ends before the page does, for the case that there is no other."""
    _is_unanswered: bool = False

    @property
    def conclusion(self) -> Conclusion:
        """What the search says of the page; asked once it is over."""
        return Conclusion.UNANSWERED if self._is_unanswered else Conclusion.NO_COPY

    def after_response(self, answer: Answer) -> CommonCrawlSearch:
        """The search after an answer."""
        before = replace(self, fetched=None)
        try:
            return before._read(answer)
        except CdxError as error:
            return before.after_failure(error)
        except MementoError as error:
            # A record that is not what it was said to be will be no better another time.
            return before._without(error, is_answered=answer.status in _FINAL)

    def after_failure(self, error: Exception) -> CommonCrawlSearch:
        """The search after a question without an answer; without the list of crawls, or paused, it ends."""
        return self._without(error, is_answered=False)

    def _without(self, error: Exception, *, is_answered: bool) -> CommonCrawlSearch:
        assert self.request is not None
        is_unanswered = self._is_unanswered or not is_answered
        reasons = (*self.reasons, str(error))
        after = replace(self, request=None, reasons=reasons, fetched=None, _record=None, _is_unanswered=is_unanswered)
        return after if self._crawls is None or isinstance(error, HostPaused) else after._go_on()

    def after_refusal(self, verdict: Verdict, detail: str = "") -> CommonCrawlSearch:
        """The search after its capture turned out not to be the article."""
        assert self.capture is not None
        fault = "is not whole" if verdict is Verdict.ARTICLE else f"is not the article ({verdict})"
        said = f"The copy at {self.capture.snapshot} {fault}. {detail}".strip()
        return replace(self, capture=None, reasons=(*self.reasons, said))._go_on()

    def _read(self, answer: Answer) -> CommonCrawlSearch:
        """The search after an answer. Raises CdxError and MementoError for one that cannot be used."""
        assert self.request is not None
        if self._record is not None:
            return self._take(answer)
        if self._crawls is None:
            crawls = nearest_crawls(parse_crawls(self.request.address, answer), self.page.wanted)
            return replace(self, request=None, _crawls=tuple(crawl.name for crawl in crawls))._go_on()
        return self._list(answer)

    def _list(self, answer: Answer) -> CommonCrawlSearch:
        assert self.request is not None
        if self.request.is_shared and answer.status == PARTIAL:
            # The list for many pages is not whole, and this one may stand in the rest.
            return replace(self, request=self._question(self._asked[-1], is_shared=False))
        entries = parse_index(self.request.address, self._asked[-1], answer)
        own = [entry for entry in entries if self._is_wanted(entry.url)]
        fresh = [entry for entry in worth_a_look(own, self.page.wanted) if _key(entry) not in self._seen]
        target = next((entry.redirect for entry in own if entry.redirect and 300 <= entry.status < 400), "")
        if not fresh and target and not self._target and surt(target) != surt(self.page.url):
            question = self.archive.request(self.archive.service.captures_of(self._asked[-1], target))
            return replace(self, request=question, _target=target)
        said = () if self._target else tuple(filter(None, (why_none(own),)))
        waiting = (*self._waiting, *fresh)
        # Whole ones first; among these the order of the crawls, which is that of time.
        waiting = tuple(sorted(waiting, key=lambda entry: entry.is_cut))
        reasons = (*self.reasons, *said)
        return replace(self, request=None, reasons=reasons, _target="", _waiting=waiting)._go_on()

    def _is_wanted(self, url: str) -> bool:
        if self._target:
            return surt(url) == surt(self._target)
        if (rules := self.page.rules) is not None and self.page.prefix:
            return rules.matches_host(hostname(url)) and rules.article_id(url) == rules.article_id(self.page.url)
        return surt(url) == surt(self.page.url)

    def _take(self, answer: Answer) -> CommonCrawlSearch:
        assert self._record is not None
        found = read_record(self.archive.service, self._record, self.page.url, answer, self.archive.name)
        after = replace(self, request=None, _record=None, fetched=found if found.can_be_kept else None)
        if not found.capture.is_cut:
            return replace(after, capture=found.capture)
        return replace(after, _cut=after._cut or found.capture)._go_on()

    def _go_on(self) -> CommonCrawlSearch:
        """The next record, the next crawl, or in the end a capture that is cut."""
        if self._waiting and self.tries > 0 and not (self._waiting[0].is_cut and self._crawls):
            first, *others = self._waiting
            key = self._seen | {_key(first)}
            after = replace(self, tries=self.tries - 1, _waiting=tuple(others), _seen=key, _record=first)
            return replace(after, request=self._record_request(first))
        if self._crawls and self.tries > 0:
            first_crawl, *rest = self._crawls
            after = replace(self, _crawls=tuple(rest), _asked=(*self._asked, first_crawl))
            return replace(after, request=self._question(first_crawl, is_shared=bool(self.page.shared_start)))
        if self._cut is not None:
            return replace(self, capture=self._cut, _cut=None)
        return self if self.reasons else replace(self, reasons=(_none_in(self.page.url, self._asked),))

    def _question(self, crawl: str, *, is_shared: bool) -> ArchiveRequest:
        service = self.archive.service
        if is_shared and self.page.shared_start:
            return self.archive.request(service.captures_under(crawl, self.page.shared_start), is_shared=True)
        if self.page.prefix:
            return self.archive.request(service.captures_under(crawl, self.page.prefix))
        return self.archive.request(service.captures_of(crawl, self.page.url))

    def _record_request(self, entry: CrawlEntry) -> ArchiveRequest:
        place = self.archive.service.record(entry)
        # What is packed once more could not be kept as it is.
        headers = (("Range", place.header), ("Accept-Encoding", "identity"))
        max_bytes = max(entry.length, _MIN_ANSWER_BYTES)
        return ArchiveRequest("copy", place.address, self.archive.copies, headers, max_bytes=max_bytes)


def _none_in(url: str, crawls: Sequence[str]) -> str:
    if not crawls:
        return f"Common Crawl has no crawl from after {url} was published."
    return f"Common Crawl has no copy of {url} in {', '.join(crawls)}."


def _key(entry: CrawlEntry) -> str:
    """What makes two captures one try: the payload, or where the index names none, the record."""
    return entry.digest or f"{entry.file} {entry.offset}"
