"""Save Page Now: asking the Internet Archive to take a copy of a page, and reading what it says to that.

    SavePageNow.of(…, os.environ) ─submission(url)─▶ Submission ─POST→ Answer ─parse_receipt─▶ SubmissionReceipt

The keys are those of an archive.org account (https://archive.org/account/s3.php). They are read from the environment
only, so that they stand in no settings file, no log and no process list. Why no setting: docs/design.md D42.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

from archiver.errors import SettingsError
from archiver.wayback.endpoints import Answer, is_address

ACCESS_KEY, SECRET_KEY = "SAVE_PAGE_NOW_ACCESS_KEY", "SAVE_PAGE_NOW_SECRET_KEY"

_WITHIN = re.compile(r"\d+|\d+[dhms](?: \d+[dhms])*")
_LIMITS = frozenset(
    {
        "error:user-session-limit",
        "error:too-many-daily-captures",
        "error:max-daily-bandwidth",
        "error:daily-session-limit",
        "error:cannot-fetch",
        "error:no-browsers-available",
        "error:service-unavailable",
    }
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The keys of an archive.org account; neither is shown when this is printed."""

    access: str = field(repr=False)
    secret: str = field(repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Credentials:
        """The keys in the environment. Raises SettingsError, which names what is missing and shows nothing."""
        keys = [environment.get(name, "").strip() for name in (ACCESS_KEY, SECRET_KEY)]
        for name, key in zip((ACCESS_KEY, SECRET_KEY), keys, strict=True):
            if not key:
                raise SettingsError(
                    f"SAVE_PAGE_NOW=1 needs the environment variable {name}; set it to a key of your archive.org "
                    "account, or set SAVE_PAGE_NOW=0"
                )
            if not re.fullmatch(r"[!-9;-~]+", key):
                raise SettingsError(f"The environment variable {name} holds what is no key; copy it again")
        return cls(*keys)


@dataclass(frozen=True, slots=True)
class Submission:
    """A request to take a copy of a page."""

    address: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes


class SubmissionStatus(StrEnum):
    """What became of a submission."""

    ACCEPTED = "accepted"
    """A copy is being taken."""
    RECENT = "recent"
    """There is a copy that is recent enough."""
    LIMITED = "limited"
    """The service takes no more for now, of this page or of anything."""
    REFUSED = "refused"
    """The service will not or cannot take this page."""
    BARRED = "barred"
    """The keys are not accepted; nothing else will be taken either."""
    UNCLEAR = "unclear"
    """The answer cannot be read."""


@dataclass(frozen=True, slots=True)
class SubmissionReceipt:
    """What the service said to a submission."""

    status: SubmissionStatus
    detail: str
    """One sentence that names the page."""
    job: str | None = None
    """The name under which the service works on it."""


@dataclass(frozen=True, slots=True)
class SavePageNow:
    """How pages are submitted."""

    endpoint: str
    within: str
    """A copy no older than this is recent enough: `30d`, `3d 5h 20m`, or seconds."""
    credentials: Credentials

    @classmethod
    def of(cls, endpoint: object, within: object, environment: Mapping[str, str]) -> SavePageNow:
        """From SAVE_PAGE_NOW_URL, SAVE_PAGE_NOW_WITHIN and the environment. Raises SettingsError."""
        if not is_address(str(endpoint)) or "{" in str(endpoint) or "}" in str(endpoint):
            raise SettingsError(f"SAVE_PAGE_NOW_URL={endpoint} is not an http or https address; correct it")
        if not _WITHIN.fullmatch(str(within).strip()):
            raise SettingsError(f"SAVE_PAGE_NOW_WITHIN={within} is no span of time; write it like '30d' or '3d 5h 20m'")
        return cls(str(endpoint), str(within).strip(), Credentials.of(environment))

    def submission(self, url: str) -> Submission:
        """The request to take a copy of a page, unless there is one that is recent enough."""
        form = {"url": url.partition("#")[0], "if_not_archived_within": self.within, "skip_first_archive": "1"}
        return Submission(
            address=self.endpoint,
            headers=(
                ("Authorization", f"LOW {self.credentials.access}:{self.credentials.secret}"),
                ("Accept", "application/json"),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ),
            body=urlencode(form).encode(),
        )


def parse_receipt(url: str, answer: Answer) -> SubmissionReceipt:
    """What the service said to the submission of a page."""
    said = _object(answer.body)
    message = " ".join(str(said.get("message") or "").split())[:200].rstrip(".")
    kind = str(said.get("status_ext") or "")
    because = f" ({message or kind})" if message or kind else ""
    if answer.status in {401, 403} or kind == "error:unauthorized":
        return SubmissionReceipt(
            SubmissionStatus.BARRED,
            f"{url} was not submitted: the service does not accept the keys{because}; "
            f"check {ACCESS_KEY} and {SECRET_KEY}.",
        )
    if answer.status == 429 or kind in _LIMITS:
        return SubmissionReceipt(
            SubmissionStatus.LIMITED, f"{url} was not submitted: the service takes no more for now{because}."
        )
    if said.get("status") == "error":
        return SubmissionReceipt(SubmissionStatus.REFUSED, f"{url} was not taken by the service{because}.")
    job = said.get("job_id")
    if answer.status == 200 and isinstance(job, str) and job:
        # The service answers with a job in both cases, and explains itself where it takes no new copy.
        if message:
            return SubmissionReceipt(SubmissionStatus.RECENT, f"{url} has a copy that is recent enough{because}.", job)
        return SubmissionReceipt(SubmissionStatus.ACCEPTED, f"{url} was submitted as job {job}.", job)
    if answer.status == 200 and message:
        return SubmissionReceipt(
            SubmissionStatus.RECENT, f"{url} was submitted without a new copy being taken{because}."
        )
    return SubmissionReceipt(
        SubmissionStatus.UNCLEAR,
        f"{url} may not have been submitted: the service answered {answer.status} with what cannot be read{because}.",
    )


def _object(body: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(body[:100_000])
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
