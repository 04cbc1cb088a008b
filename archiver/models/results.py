"""What was found at an address, and what became of the seeds that name it."""

from __future__ import annotations

from dataclasses import dataclass, field

from archiver.models.articles import Alternative, Extraction
from archiver.models.captures import CaptureReference
from archiver.models.outcomes import DriftKind, Outcome, Verdict
from archiver.models.pictures import ImageCheck


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that was, or would be, written to a seed."""

    field: str
    """A field's name, `heading` for the body's first heading, or the key of an address that was noted."""
    old: str | None
    """None when the key was absent. The items of a list are joined by a comma and a space, here and in `new`."""
    new: str
    source: str
    witnesses: tuple[str, ...] = ()
    confidence: float | None = None
    """The probability that `new` is right, from 0 to 1; None where nobody reckoned it."""
    candidates: tuple[Alternative, ...] = ()
    """Other values that the page offers for the field, the likeliest first."""


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What was found at one address, or in the archives in its place."""

    url: str
    """The seeds' source address."""
    extraction: Extraction
    capture: CaptureReference | None = None
    """What was extracted; None when there was no answer."""
    etag: str | None = None
    last_modified: str | None = None
    """What the answer can be recognised by the next time."""
    moved_to: str | None = None
    """Where redirects led that are all meant for good; set for an article only."""
    nowhere: bool = False
    """Whether web archives were asked, each has answered, and none has a usable copy either."""
    refused_by: tuple[str, ...] = ()
    """The web archives that hand out nothing of the address, by their names."""
    instead_of: PageOutcome | None = None
    """What the site itself gave, when this came from an archive in its place."""
    is_cut: bool = False
    """Whether this is what came of an answer that broke off."""

    @property
    def visit(self) -> PageOutcome:
        """What a ledger notes: of an answer that broke off that there was none, so that it is asked for again soon."""
        return self.instead_of if self.is_cut and self.instead_of is not None else self


@dataclass(frozen=True, slots=True)
class SeedItem:
    """One seed with what was found at its address; what the spider hands to the pipelines."""

    path: str
    """Where the seed lies, relative to the seeds folder, `/` between folders."""
    shown: str
    """The same place as messages and results name it."""
    page: PageOutcome


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one seed; the item that feeds export."""

    path: str
    """The seed's file, as it can be opened from the working directory."""
    origin_url: str | None
    outcome: Outcome
    verdict: Verdict
    detail: str = ""
    """Why a seed was missed or skipped, or what is still blank; one sentence."""
    changes: tuple[Change, ...] = ()
    """What was written, or would be in a dry run."""
    drift: DriftKind | None = None
    capture: CaptureReference | None = field(default=None)
    proposed: tuple[Change, ...] = ()
    """What waits for a person: it is written when one accepts it."""
    reported: tuple[Change, ...] = ()
    """What differs and the policy only speaks of."""
    blank: tuple[str, ...] = ()
    """Keys that are still blank since the page says nothing for them."""
    doubts: tuple[str, ...] = ()
    """Why a person should look at the seed, a sentence each."""
    images: tuple[ImageCheck, ...] = ()
    """The pictures that the run looked at, those of the front matter first."""

    @property
    def was_reached(self) -> bool:
        """Whether the run came to this seed before it was ended; if not, it is missed and has not failed."""
        return self.verdict is not Verdict.NOT_REACHED
