"""Programs of Debian's packages, for what runs beside other people's programs: `make sites`, `make interop`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LIBC = re.compile(r"(?:libc6|libc-bin|libgcc-s1|libstdc\+\+6)_")
"""Packages that any machine has; those of another release would not go with its loader."""


def apt(cache: Path, packages: list[str], *options: str) -> None:
    """Run `apt-get install` with its files in `cache`; ends the program when the packages cannot be had."""
    for folder in ("archives", "lists"):
        (cache / folder / "partial").mkdir(parents=True, exist_ok=True)
    command = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "-o", f"Dir::Cache={cache}", *options]
    install = ["--yes", "--no-install-recommends", "install", *packages]
    # The machine's lists of packages may never have been fetched, or be old.
    own_lists = ["-o", f"Dir::State::lists={cache / 'lists'}"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        try:
            run_program([*command, *install], environment)
        except OSError:
            run_program([*command, *own_lists, "update"], environment)
            run_program([*command, *own_lists, *install], environment)
    except OSError as error:
        sys.exit(f"{', '.join(packages)} could not be fetched; install them (apt-get install …) and run again\n{error}")


def unpack(cache: Path, packages: list[str], folder: Path) -> None:
    """Unpack packages with those they depend on and the machine does not have; nothing is installed."""
    apt(cache, packages, "-o", "Debug::NoLocking=true", "--download-only")
    for package in sorted((cache / "archives").glob("*.deb")):
        if not _LIBC.match(package.name):
            run_program(["dpkg-deb", "--extract", str(package), str(folder)])


def run_program(command: list[str], tools: Mapping[str, str] | None = None, folder: Path = ROOT) -> str:
    """What a command printed. Raises OSError, with what it complained of, when it failed."""
    done = subprocess.run(command, cwd=folder, env=tools, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise OSError(f"{' '.join(command)}\nexit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def install_by_root(cache: Path, program: str, packages: list[str]) -> None:
    """Install packages that do not run unpacked, for a program that the machine does not have; ends without root."""
    if os.geteuid() != 0:
        sys.exit(
            f"This machine has no {program}, and only root can install it; run: apt-get install {' '.join(packages)}"
        )
    apt(cache, packages)
