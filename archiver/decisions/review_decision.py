"""One answer of a person to one value that a page offered, and the line of JSON that it is stored as."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Answer(StrEnum):
    """What becomes of a value that was offered."""

    ACCEPT = "accept"
    """It is written, however unsure."""
    KEEP = "keep"
    """The seed stays as it is."""
    VALUE = "value"
    """The seed should have another value, which the person gave."""
    OPEN = "open"
    """Nothing is decided: an earlier answer was taken back."""


TAKEN_AWAY = "taken away"
"""Why a `keep` was noted that nobody wrote: the value had been written, and was removed from the seed later."""


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """What one person said to one value."""

    path: str
    """The seed, relative to SEEDS_DIR, `/` between folders."""
    url: str
    """The page that offered the value, as the seed names it; finds the seed again when that was renamed."""
    field: str
    """As in `Change.field`."""
    offered: str
    """`digest_of` what was offered."""
    answer: Answer
    at: datetime
    """When it was said; aware."""
    value: str | None = None
    """The person's own value, with the answer VALUE only. The items of a list are joined by a comma and a space."""
    why: str = ""
    """TAKEN_AWAY, or what a person noted."""

    def to_line(self) -> str:
        """Return it as one line of JSON, with its end."""
        said: dict[str, str] = {
            "path": self.path, "address": self.url, "field": self.field, "offered": self.offered,
            "answer": self.answer.value,
        }  # fmt: skip
        if self.value is not None:
            said["value"] = self.value
        said["at"] = self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self.why:
            said["why"] = self.why
        return json.dumps(said, ensure_ascii=False) + "\n"

    @classmethod
    def of_line(cls, line: str) -> ReviewDecision:
        """Read one line. Raises ValueError, whose message is a clause, for one that says no decision."""
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            raise ValueError("is no JSON") from None
        if not isinstance(said, dict):
            raise ValueError("is no JSON object")
        for key in ("path", "address", "field", "offered", "answer", "at"):
            if not isinstance(said.get(key), str):
                raise ValueError(f"says no {key}")
        if said["answer"] not in [*Answer]:
            raise ValueError(f"has the answer {said['answer']!r}, and the answers are {', '.join(Answer)}")
        answer, value, why = Answer(said["answer"]), said.get("value"), said.get("why")
        if answer is Answer.VALUE and not isinstance(value, str):
            raise ValueError("says no value")
        try:
            at = datetime.fromisoformat(said["at"])
        except ValueError:
            raise ValueError(f"has the time {said['at']!r}, which is none") from None
        return cls(
            said["path"], said["address"], said["field"], said["offered"], answer,
            at if at.tzinfo is not None else at.replace(tzinfo=UTC),
            value if answer is Answer.VALUE else None, why if isinstance(why, str) else "",
        )  # fmt: skip


_FIRST_HEADING = re.compile(r"\s*#(?:[ \t][^\n]*)?(?:\n|$)")


def digest_of(field: str, value: str) -> str:
    """Return the SHA-256 of a value that is offered for a field (`Change.new`).

    White space makes no difference, nor does the heading of a body, which is as the title is.
    """
    bare = _FIRST_HEADING.sub("", value, count=1) if field == "body" and _FIRST_HEADING.match(value) else value
    folded = " ".join(unicodedata.normalize("NFC", bare).split())
    return hashlib.sha256(f"{field}\n{folded}".encode("utf-8", "surrogatepass")).hexdigest()
