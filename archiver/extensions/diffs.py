"""The diffs of seeds on their way out: for eyes on a terminal, exact bytes everywhere else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from archiver.files.git import find_work_tree
from archiver.text.control_characters import escape_control
from archiver.text.patches import hunks, unified_patch


class DiffWriter:
    """Writes each seed's diff to standard output, or to the other one where that belongs to a feed.

    What leaves through a pipe is what `git apply` takes, byte for byte, with no colour whatever the environment asks
    for.
    """

    def __init__(self, seeds: Path, *, to_stderr: bool) -> None:
        self._stream = sys.stderr if to_stderr else sys.stdout
        self._seeds = seeds
        self._base: Path | None = None

    @property
    def on_terminal(self) -> bool:
        """Whether a person sees it at once."""
        return self._stream.isatty()

    def write(self, path: str, before: bytes, after: bytes, console: Console | None = None) -> None:
        """Write the diff of a seed; on a terminal by `console`, where something else moves there too."""
        name = self._name(path)
        if self.on_terminal:
            console = console or Console(file=self._stream)
            console.print(coloured_diff(name, before, after), soft_wrap=True, highlight=False, end="")
            return
        self._stream.flush()
        self._stream.buffer.write(unified_patch(name, before, after))
        self._stream.buffer.flush()

    def _name(self, path: str) -> bytes:
        """The path as a patch has it; of a link, of the file that is written."""
        file = Path(os.path.realpath(path))
        if self._base is None:
            self._base = patch_base(Path.cwd(), self._seeds)
        return os.fsencode(file.relative_to(self._base) if file.is_relative_to(self._base) else file).lstrip(b"/")


def patch_base(folder: Path, seeds: Path) -> Path:
    """Return the folder that the names in a patch start from, without links.

    It is the git work tree that `folder` lies in, else the folder itself; where the seeds lie outside of it, their own
    work tree, else the root.
    """
    real = Path(os.path.realpath(seeds))
    base = find_work_tree(folder) or Path(os.path.realpath(folder))
    if real.is_relative_to(base):
        return base
    return find_work_tree(real) or Path("/")


def coloured_diff(name: bytes, before: bytes, after: bytes) -> Text:
    """Return a unified diff for a terminal; control characters of the file are shown, not obeyed."""
    shown = escape_control(os.fsdecode(name))
    text = Text(end="")
    text.append(f"diff --git a/{shown} b/{shown}\n--- a/{shown}\n+++ b/{shown}\n", "bold")
    for line in hunks(before, after):
        style = {b"+": "green", b"-": "red", b"@": "cyan"}.get(line[:1], "")
        text.append(escape_control(line.decode("utf-8", "replace").rstrip("\r\n")) + "\n", style)
    return text
