"""The name by which this program was called, for sentences that say what to type next, and what it was called for."""

from __future__ import annotations

import sys
from pathlib import Path

OWN_NAME = "seed-archiver"


def program_name() -> str:
    """Return `seed-archiver` for the command of that name, and `scrapy` for everything else that runs a command."""
    return OWN_NAME if Path(sys.argv[0]).name == OWN_NAME else "scrapy"


def command_name() -> str | None:
    """Return the command that was typed behind the name; None where this process is no program of that kind."""
    script = Path(sys.argv[0])
    is_ours = script.name in {OWN_NAME, "scrapy"} or script.parts[-2:] == ("scrapy", "__main__.py")
    return next((word for word in sys.argv[1:] if not word.startswith("-")), None) if is_ours else None
