"""What a web archive is to a search, whatever its kind: which requests it is asked, and what becomes of a search in it.

    WebArchive.search(LostPage) ─▶ ArchiveSearch ─request→ answer ─after_response─▶ ArchiveSearch ─▶ … ─▶ capture

An archive of another kind is two classes: a frozen one that makes searches, and a frozen one that is a search at one
moment. Both are pickled while a search waits, and neither fetches anything. Why a value: docs/design.md D32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from archiver.models import Capture, Verdict
from archiver.rules import SiteRules
from archiver.urls import hostname
from archiver.wayback.endpoints import FIRST, Answer, Headers

Kind = Literal["captures", "copy"]
"""Which of an archive's two services is asked, each with limits of its own: what it has, or one copy."""


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """One request to a web archive."""

    kind: Kind
    address: str
    service: str = FIRST
    """Whose limits hold: the host that is asked, or `wayback` for the hosts of the first archive. Archives that name
    one host share them."""
    headers: Headers = ()
    """Headers of the request besides the usual, such as Range."""
    is_shared: bool = False
    """Whether searches for other pages ask the same: it is asked once in a run, and each gets the answer."""
    max_bytes: int | None = None
    """Bytes above which an answer is refused by its Content-Length; None for the usual limit."""

    @property
    def slot(self) -> str:
        """The download slot that keeps the service's pace."""
        return slot_name(self.kind, self.service)


def slot_name(kind: Kind, service: str) -> str:
    """Return the name of the download slot of a service; no host is called so.

    >>> slot_name("captures", "wayback"), slot_name("copy", "arquivo.pt")
    ('wayback-lists', 'copies@arquivo.pt')
    """
    what = "lists" if kind == "captures" else "copies"
    return f"{FIRST}-{what}" if service == FIRST else f"{what}@{service}"


def is_slot_of_service(slot: str) -> bool:
    """Say whether a download slot is that of a web archive's service, and not of a host."""
    return slot in {f"{FIRST}-lists", f"{FIRST}-copies"} or slot.startswith(("lists@", "copies@"))


@dataclass(frozen=True, slots=True)
class LostPage:
    """A page that its site does not serve."""

    url: str
    """The seed's source address."""
    wanted: datetime | None
    """When the article was published, as far as known; aware."""
    rules: SiteRules | None
    """The publisher's, for the identity of its articles; None where the address has none."""
    shared_start: str | None = None
    """The beginning that this address has in common with many of the run, of the same publisher; None among few."""

    @classmethod
    def of(
        cls, url: str, wanted: datetime | None, rules: Sequence[SiteRules], shared_start: str | None = None
    ) -> LostPage:
        """Return the page of an address; `rules` are those of every known publisher."""
        host = hostname(url)
        known = next((era for era in rules if era.matches_host(host) and era.article_prefix(url)), None)
        return cls(url, wanted, known, shared_start)

    @property
    def prefix(self) -> str | None:
        """The beginning of every address of this article; None where its publisher has no identity for articles."""
        return self.rules.article_prefix(self.url) if self.rules else None


@dataclass(frozen=True, slots=True)
class FetchedRecord:
    """A WARC record of an archive that came whole: its bytes, and what it says of the page."""

    member: bytes
    """The gzip member as it came."""
    url: str
    """The address of the page, as the record spells it."""
    digest: str
    """Of the payload as recorded: `sha1:` and Base32."""
    capture: Capture
    can_be_kept: bool
    """Whether the record itself says that the page is cut, where it is: whoever reads it alone must see that."""


class Conclusion(StrEnum):
    """What a search that is over says of the page in that archive."""

    NO_COPY = "no copy"
    """The archive has said what it has, and none of it is the article."""
    REFUSED = "refused"
    """The archive hands out nothing of this address, today or later."""
    UNANSWERED = "unanswered"
    """Something was not answered; asking again later may bring a copy."""


class ArchiveSearch(Protocol):
    """The search for one page in one web archive, at one moment of it; over when `request` and `capture` are None."""

    @property
    def request(self) -> ArchiveRequest | None:
        """What to ask next."""

    @property
    def capture(self) -> Capture | None:
        """What was found, to be judged; an article ends the search, else `after_refusal` is called."""

    @property
    def fetched(self) -> FetchedRecord | None:
        """What the last answer was, where it was a record that is to be kept as it came."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it did not go better so far, a sentence each that names the address."""

    @property
    def conclusion(self) -> Conclusion:
        """What the search says of the page; asked once it is over."""

    def after_response(self, answer: Answer) -> ArchiveSearch:
        """Return the search after an answer to `request`, whatever it is; raises nothing."""

    def after_failure(self, error: Exception) -> ArchiveSearch:
        """Return the search after a request without an answer; after HostPaused it is over."""

    def after_refusal(self, verdict: Verdict, detail: str = "") -> ArchiveSearch:
        """Return the search after its capture turned out not to be the article, or, as one, to break off."""


class WebArchive(Protocol):
    """One web archive."""

    @property
    def name(self) -> str:
        """What captures of it have for `origin`."""

    def search(self, page: LostPage) -> ArchiveSearch:
        """Return the search for a page in this archive, before anything was asked."""
