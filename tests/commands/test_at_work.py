"""A long command is not silent in a terminal, and adds nothing to what a pipe gets."""

from __future__ import annotations

import io
import re
import threading

from archiver.commands.archive.at_work import say_at_work


class Screen(io.StringIO):
    """A terminal, or none."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self.has_line = threading.Event()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        written = super().write(text)
        if "\n" in text:
            self.has_line.set()
        return written


def test_a_terminal_is_told_so_often_that_a_command_is_at_work() -> None:
    screen = Screen(is_terminal=True)
    with say_at_work("scrapy archive check", screen, seconds=0.001):
        assert screen.has_line.wait(10)
    said = screen.getvalue()
    assert re.match(r"scrapy archive check: at work for 0 min(, \d+ MB read)?\n", said)


def test_a_pipe_gets_no_such_line() -> None:
    pipe = Screen(is_terminal=False)
    with say_at_work("scrapy archive check", pipe, seconds=0.001):
        assert not pipe.has_line.wait(0.01)
