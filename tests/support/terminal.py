"""A terminal in which a command runs: what it shows, and the keys that a person presses."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from types import TracebackType

from tests.support.preloaded import Command

_MAX_SECONDS = 60
"""Until the command shows what is waited for; a loaded machine needs a few."""
_STYLE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]")


class Terminal:
    """Our side of a pseudo-terminal, and the command on the other."""

    def __init__(self) -> None:
        self._ours, self.side = pty.openpty()
        self.command: Command | subprocess.Popen[bytes] | None = None
        self._new = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.command is not None and self.command.poll() is None:
            self.command.kill()
            self.command.wait(_MAX_SECONDS)
        for descriptor in (self._ours, self.side):
            os.close(descriptor)

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def wait_for(self, text: str) -> str:
        """Return what was shown since the last call, down to a text, without its colours."""
        end = time.monotonic() + _MAX_SECONDS
        while text not in self._new:
            assert time.monotonic() < end, f"no {text!r} in {self._new!r}"
            if select.select([self._ours], [], [], 0.5)[0]:
                shown = os.read(self._ours, 65_536).decode("utf-8", "replace")
                self._new = _STYLE.sub("", self._new + shown).replace("\r\n", "\n")
        before, _, self._new = self._new.partition(text)
        return before + text

    def read_all(self) -> str:
        """Return what is shown until the command has ended, with its colours."""
        assert self.command is not None
        shown = b""
        while True:
            has_ended = self.command.poll() is not None
            if select.select([self._ours], [], [], 0 if has_ended else 0.05)[0]:
                shown += os.read(self._ours, 65_536)
            elif has_ended:
                return shown.decode()

    def end(self) -> int:
        """Return the exit code once the command has ended."""
        assert self.command is not None
        return self.command.wait(_MAX_SECONDS)
