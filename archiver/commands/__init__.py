"""The commands that this project adds to `scrapy`."""

import atexit

from archiver.commands.base.stop_signals import StopSignals
from archiver.files.stop_signals import ignore_stop_signals
from archiver.program import command_name, program_name

_CRAWLS = frozenset({"crawl", "refresh"})

if (_name := command_name()) is not None:
    # To import what a command needs takes a second, in which Ctrl-C would show where it was.
    StopSignals(f"{program_name()} {_name}", code=1 if _name in _CRAWLS else None, leaves_interrupts=False).install()
    # Registered first it runs last. Python takes its handlers away as it ends, and a signal would change the exit code.
    atexit.register(ignore_stop_signals)
