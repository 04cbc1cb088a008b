"""Save Page Now: asking the Internet Archive to take a copy of a page, and what became of that.

    SavePageNow.of(…, os.environ) ─submission(url)─▶ Submission ─POST→ Answer ─parse_receipt─▶ SubmissionReceipt
                                  ─status(job)─────▶ StatusQuestion ─GET→ Answer ─parse_job─▶ JobReport

The keys are those of an archive.org account (https://archive.org/account/s3.php). They are read from the environment
only, so that they stand in no settings file, no log and no process list. Why no setting: docs/design.md D42.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlencode, urljoin

from archiver.errors import SettingsError
from archiver.wayback.endpoints import Answer, is_address

ACCESS_KEY, SECRET_KEY = "SAVE_PAGE_NOW_ACCESS_KEY", "SAVE_PAGE_NOW_SECRET_KEY"

_TIMESTAMP = re.compile(r"[0-9]{14}")
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


@dataclass(frozen=True, slots=True)
class StatusQuestion:
    """A request for what has become of a job."""

    address: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)


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


class JobState(StrEnum):
    """What has become of a job."""

    SAVED = "saved"
    """There is a copy."""
    PENDING = "pending"
    """The copy is being taken."""
    FAILED = "failed"
    """No copy was or will be taken for this job."""
    BARRED = "barred"
    """The keys are not accepted; no other job will be told of either."""
    UNCLEAR = "unclear"
    """The answer cannot be read, or the service takes no questions for now."""


@dataclass(frozen=True, slots=True)
class JobReport:
    """What the service said of a job."""

    state: JobState
    detail: str
    """One sentence that names the page."""
    snapshot: str | None = None
    """Where the copy is."""


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
        headers = (*self._headers(), ("Content-Type", "application/x-www-form-urlencoded"))
        return Submission(self.endpoint, headers, urlencode(form).encode())

    def status(self, job: str) -> StatusQuestion:
        """The request for what has become of a job."""
        return StatusQuestion(f"{self.endpoint.rstrip('/')}/status/{quote(job, safe='')}", self._headers())

    def snapshot(self, timestamp: str, url: str) -> str:
        """The address at which a person can look at a copy: copies lie beside the service."""
        return urljoin(self.endpoint, f"/web/{timestamp}/") + url

    def _headers(self) -> tuple[tuple[str, str], ...]:
        keys = f"LOW {self.credentials.access}:{self.credentials.secret}"
        return ("Authorization", keys), ("Accept", "application/json")


def parse_receipt(url: str, answer: Answer) -> SubmissionReceipt:
    """What the service said to the submission of a page."""
    said = _object(answer.body)
    kind, message, because = _reason(said)
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


def parse_job(service: SavePageNow, url: str, answer: Answer) -> JobReport:
    """What the service said of the job that was to take a copy of a page."""
    said = _object(answer.body)
    kind, _, because = _reason(said)
    if answer.status in {401, 403} or kind == "error:unauthorized":
        sentence = f"What became of {url} is not known: the service does not accept the keys{because}"
        return JobReport(JobState.BARRED, f"{sentence}; check {ACCESS_KEY} and {SECRET_KEY}.")
    if answer.status == 200 and said.get("status") == "error":
        if kind in _LIMITS:
            return JobReport(JobState.FAILED, f"{url} was not saved, the service has too much to do{because}.")
        return JobReport(JobState.FAILED, f"{url} was not saved, the service cannot take it{because}.")
    if answer.status == 200 and said.get("status") == "pending":
        return JobReport(JobState.PENDING, f"{url} is being saved.")
    timestamp, saved = str(said.get("timestamp")), str(said.get("original_url") or url)
    if answer.status == 200 and said.get("status") == "success" and _TIMESTAMP.fullmatch(timestamp):
        snapshot = service.snapshot(timestamp, saved if is_address(saved) else url)
        return JobReport(JobState.SAVED, f"{url} was saved as {snapshot}.", snapshot)
    return JobReport(
        JobState.UNCLEAR, f"What became of {url} is not known: the service answered {answer.status}{because}."
    )


def _reason(said: Mapping[str, object]) -> tuple[str, str, str]:
    """The kind of an error, the message, and both as a person reads them behind a sentence."""
    message = " ".join(str(said.get("message") or "").split())[:200].rstrip(".")
    kind = str(said.get("status_ext") or "")
    return kind, message, f" ({message or kind})" if message or kind else ""


def _object(body: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(body[:100_000])
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
