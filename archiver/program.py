"""The name by which this program was called, for sentences that say what to type next."""

from __future__ import annotations

import sys
from pathlib import Path

OWN_NAME = "seed-archiver"


def program_name() -> str:
    """Return `seed-archiver` for the command of that name, and `scrapy` for everything else that runs a command."""
    return OWN_NAME if Path(sys.argv[0]).name == OWN_NAME else "scrapy"
