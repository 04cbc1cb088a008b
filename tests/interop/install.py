"""Fetch what runs beside us into .interop/: `python -m tests.interop.install`, or `make interop`.

ReplayWeb.page comes as its authors publish it, and is only unpacked: it is served as files, and installing it would
build an application for the desk. wget is the machine's own, or Debian's.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import sys
import tarfile
from pathlib import Path

from tests.support.debian import install_by_root, run_program

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / ".interop"
PLAYER = PROGRAMS / "package"
"""The files of ReplayWeb.page."""
_PLAYER_VERSION = "2.5.3"
_PLAYER_SHA512 = "nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ=="
_APT = PROGRAMS / "apt"


def main() -> None:
    """Install all of them."""
    PROGRAMS.mkdir(exist_ok=True)
    if shutil.which("wget") is None:
        install_by_root(_APT, "wget", ["wget"])
    if shutil.which("npm") is None:
        install_by_root(_APT, "npm", ["nodejs", "npm"])
    _unpack_player()
    shutil.rmtree(_APT, ignore_errors=True)


def _unpack_player() -> None:
    shutil.rmtree(PLAYER, ignore_errors=True)
    try:
        run_program(["npm", "pack", f"replaywebpage@{_PLAYER_VERSION}", "--pack-destination", str(PROGRAMS)])
    except OSError as error:
        sys.exit(f"ReplayWeb.page {_PLAYER_VERSION} could not be fetched by npm; run again where npm can\n{error}")
    package = PROGRAMS / f"replaywebpage-{_PLAYER_VERSION}.tgz"
    if base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode() != _PLAYER_SHA512:
        sys.exit(f"{package.name} is not the one that was tried here; look at what it is before it runs")
    with tarfile.open(package) as files:
        files.extractall(PROGRAMS, filter="data")


if __name__ == "__main__":
    main()
