"""The commands that this project adds to `scrapy`."""

from archiver.commands.stop_signals import StopSignals
from archiver.program import command_name, program_name

_CRAWLS = frozenset({"crawl", "refresh"})

if (_name := command_name()) is not None:
    # To import what a command needs takes a second, in which Ctrl-C would show where it was.
    StopSignals(f"{program_name()} {_name}", code=1 if _name in _CRAWLS else None, leaves_interrupts=False).install()
