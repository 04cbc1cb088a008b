"""Fetch Debian's libfiu into .libfiu/: `python -m tests.faults.disk.install`, or `make faults`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.support.debian import unpack

LIBFIU = Path(__file__).resolve().parents[3] / ".libfiu"


def preloads() -> str:
    """Return what LD_PRELOAD has to name; ends the program where libfiu was not fetched."""
    files = sorted(LIBFIU.rglob("libfiu.so.?")) + sorted(LIBFIU.rglob("fiu_posix_preload.so"))
    if len(files) != 2:
        sys.exit("libfiu is not in .libfiu; run `make faults`, which fetches it from Debian")
    return ":".join(map(str, files))


def main() -> None:
    """Fetch and unpack it; it is not installed."""
    LIBFIU.mkdir(exist_ok=True)
    unpack(LIBFIU / "apt", ["fiu-utils"], LIBFIU)
    shutil.rmtree(LIBFIU / "apt")
    preloads()


if __name__ == "__main__":
    main()
