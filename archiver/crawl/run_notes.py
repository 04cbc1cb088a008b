"""What a run says of its writes while it goes on, so that the next one knows whatever ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class RunNotes:
    """Set by the extensions that keep such notes; without them nothing is noted."""

    note_write: Callable[[str, bytes, bytes], None] | None = None
    """Told of a seed, by its path, before it is written, with its bytes then and now; in a thread. A second call with
    the old bytes twice says that it was not written after all."""
    commit_ended: asyncio.Event | None = None
    """Set when what the run wrote was handed to git, or could not be; None in a run that commits nothing."""
    is_committed: bool = False
    """Whether nothing that the run wrote, or an earlier one, is left to be committed."""
