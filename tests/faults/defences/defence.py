"""One defence, and a copy of the checkout in which it can be taken out."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Defence:
    """A few words of a file without which something gets in."""

    name: str
    """What it defends from."""
    file: str
    """In `archiver/`."""
    text: str
    """What stands in the file exactly once."""
    instead: str
    """What stands there when the defence is taken out."""
    tests: tuple[str, ...]
    """As pytest names them; each has to fail then."""


def problem_of(defence: Defence, root: Path) -> str | None:
    """Why a defence cannot be taken out of a checkout as it is written down; None where it can."""
    file = root / "archiver" / defence.file
    count = file.read_text(encoding="utf-8").count(defence.text) if file.is_file() else 0
    if count != 1:
        return f"its text is {count} times in archiver/{defence.file}"
    for name in defence.tests:
        test, _, function = name.partition("::")
        if not re.search(rf"^def {re.escape(function.partition('[')[0])}\(", _text(root / test), re.MULTILINE):
            return f"there is no test {name}"
    return None if defence.tests else "no test is named"


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def copy_checkout(root: Path, target: Path) -> None:
    """Copy what git knows of a checkout, as it lies there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (root / name).exists():  # not what was removed and is not committed yet
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, target / name)


@contextmanager
def taken_out(defence: Defence, root: Path) -> Iterator[None]:
    """Take a defence out of a copy of the checkout, and put it back."""
    file = root / "archiver" / defence.file
    before = file.read_text(encoding="utf-8")
    try:
        _put(file, before.replace(defence.text, defence.instead))
        yield
    finally:
        _put(file, before)


def _put(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    # What was compiled of it counts as fresh by a time in whole seconds, and would be taken for it.
    Path(cache_from_source(str(file))).unlink(missing_ok=True)
