"""The head of a run: what was asked for, when, and what came of it in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

KILLED = "killed"
"""The reason of a run whose process ended without a word; a later run writes it."""
FORMAT_VERSION = 1
"""Of the files of a run folder. Readers show what they can of every other."""


@dataclass(frozen=True, slots=True)
class PausedHost:
    """A host that was left alone."""

    host: str
    until: str
    """ISO 8601, UTC."""
    stated: bool = False
    """Whether the host said for how long."""


@dataclass(frozen=True, slots=True)
class RunHead:
    """What run.json says."""

    version: str
    """The program's."""
    command: str
    """As it was typed, without settings."""
    started: str
    """ISO 8601, UTC."""
    format: int = FORMAT_VERSION
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Those of ours that differ from their defaults; no secrets."""
    seeds_dir: str = ""
    """As it was given; relative to where the command ran."""
    output_dir: str | None = None
    """Where repaired copies went; None where seeds are repaired in place."""
    dry_run: bool = False
    replay: str | None = None
    ended: str | None = None
    """None while the run goes on, and after one that was killed."""
    reason: str | None = None
    """`finished`, or why the run was ended before its time."""
    is_committed: bool | None = None
    """Whether nothing that the run wrote waits for a commit; None where nothing was to be committed, in a run that was
    killed, and in those of versions that did not say so."""
    seconds: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    """Seeds by outcome (`written`, `unchanged`, `missed`, `skipped`), but `not_reached` before which the run was ended;
    `waiting` those with something proposed, `doubtful` those with a doubt."""
    hosts_paused: tuple[PausedHost, ...] = ()
    alarms: tuple[str, ...] = ()
    """What a person should know before all else, a sentence each."""
    notes: tuple[str, ...] = ()
    """What else the run said, a sentence each."""

    @property
    def is_uncommitted(self) -> bool:
        """Whether what the run wrote was to be committed (no default is among the settings), and perhaps is not."""
        if self.dry_run or self.is_committed or "COMMIT" not in self.settings:
            return False
        return self.is_committed is False or self.ended is None or self.reason == KILLED

    def as_json(self) -> dict[str, Any]:
        """Return what `json.dumps` writes."""
        return asdict(self)
