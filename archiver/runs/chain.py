"""The way from a seed's address to what was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archiver.models import PageOutcome


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step from a seed's address to what was read."""

    kind: Literal["asked", "redirect", "moved", "copy"]
    """The site's own answer; where it led; where all redirects led that are meant for good; the copy that was read."""
    url: str
    status: int | None = None
    verdict: str = ""
    """What the site's answer was; empty for the answer that was read."""
    detail: str = ""
    at: str = ""
    """ISO 8601, UTC; empty where there was no answer."""
    origin: str = ""
    """`live`, `archive` or the name of a web archive; empty where there was no answer."""


def chain_of(outcome: PageOutcome) -> tuple[ChainStep, ...]:
    """Return the way from the address of a seed to what was read, in the order in which it was gone."""
    steps, found = [], outcome.capture
    if outcome.instead_of is not None:
        steps.append(_asked(outcome.instead_of))
        if found is not None:
            steps.append(ChainStep("copy", found.url, found.status, "", "", found.captured_at, found.origin))
    else:
        steps.append(_asked(outcome))
        if found is not None and found.url != outcome.url and not found.is_from_web_archive:
            steps.append(ChainStep("redirect", found.url))
    if outcome.moved_to is not None:
        steps.append(ChainStep("moved", outcome.moved_to))
    return tuple(steps)


def _asked(outcome: PageOutcome) -> ChainStep:
    found, extraction = outcome.capture, outcome.extraction
    return ChainStep(
        "asked", outcome.url, found.status if found else None, extraction.verdict.value, extraction.detail,
        found.captured_at if found else "", found.origin if found else "",
    )  # fmt: skip
