"""A picture as the ledger knows it, and what a check makes of that. All of it is a function of checks and time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archiver.ledger.schedule import JITTER_SHARE, jitter_fraction
from archiver.ledger.state import MIN_DEAD_FAILURES
from archiver.models import PictureJudgement, PictureVerdict

_DAY = timedelta(days=1)
"""The unit of the waits below."""
_WAITS = {
    PictureVerdict.ALIVE: (30 * _DAY, 180 * _DAY),
    PictureVerdict.GONE: (90 * _DAY, 360 * _DAY),
    PictureVerdict.PLACEHOLDER: (90 * _DAY, 360 * _DAY),
    PictureVerdict.NOT_IMAGE: (90 * _DAY, 360 * _DAY),
    PictureVerdict.UNKNOWN: (3 * _DAY, 30 * _DAY),
}
"""The first wait after a verdict, and the longest: pictures do not change as pages do, and what is gone seldom comes
back."""
MAX_PICTURE_WAIT = 360 * _DAY * (1 + JITTER_SHARE)
"""Time; a due time that lies further ahead was made by a clock that has been set back since. With less the longest
waits would be cut short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRecord:
    """One address of a picture, and what was found there."""

    url: str
    verdict: PictureVerdict
    detail: str = ""
    """Why it is not alive: one sentence, which names the address."""
    since: datetime
    """When it was first found so; aware, as all times here."""
    checked: datetime
    due: datetime
    failures: int = 0
    """Checks in a row to which its host gave no answer."""
    alive_at: datetime | None = None
    """When it was last alive; what follows is what it was then."""
    mime: str = ""
    width: int = 0
    height: int = 0
    fingerprint: str = ""
    etag: str | None = None
    last_modified: str | None = None
    copy: str | None = None
    """The address of its copy in a web archive; empty where there is none, None where nobody has looked."""

    def is_due(self, now: datetime) -> bool:
        """Whether it is to be looked at again."""
        return self.due <= now or self.due > now + MAX_PICTURE_WAIT


@dataclass(frozen=True, slots=True)
class PictureCheck:
    """What one look at an address gave."""

    at: datetime
    judgement: PictureJudgement
    """Its detail is a whole sentence here."""
    is_silent: bool = False
    """Whether the host gave no answer at all."""
    etag: str | None = None
    last_modified: str | None = None


def after_check(url: str, before: PictureRecord | None, check: PictureCheck) -> PictureRecord:
    """Return what is known of a picture after a look at it; `before` is None at the first.

    A host that has not answered three times, days apart, has lost its pictures: the fourth look is no other.
    """
    found, failures = check.judgement, 0
    verdict, detail = found.verdict, found.detail
    if check.is_silent:
        failures = before.failures + 1 if before else 1
        if failures >= MIN_DEAD_FAILURES:
            verdict, detail = PictureVerdict.GONE, f"{url}: its host has not answered {failures} times, days apart."
    is_same = before is not None and before.verdict is verdict
    shortest, longest = _WAITS[verdict]
    wait = min(longest, max(shortest, 2 * (check.at - before.checked))) if is_same and before else shortest
    known = PictureRecord(
        url=url, verdict=verdict, detail=detail, checked=check.at, failures=failures,
        since=before.since if is_same and before else check.at,
        due=check.at + wait * (1 + JITTER_SHARE * jitter_fraction(url, failures)),
    )  # fmt: skip
    if verdict is PictureVerdict.ALIVE:
        return replace(
            known, alive_at=check.at, mime=found.mime, width=found.width, height=found.height,
            fingerprint=found.fingerprint, etag=check.etag, last_modified=check.last_modified,
        )  # fmt: skip
    if before is None:
        return known
    return replace(
        known, alive_at=before.alive_at, mime=before.mime, width=before.width, height=before.height,
        fingerprint=before.fingerprint, copy=before.copy or None,
    )  # fmt: skip
