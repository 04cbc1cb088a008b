"""What a part of a run did not survive: Scrapy logs it and goes on, and the exit code has to say so.

Scrapy and Twisted catch whatever an extension, the end of a pipeline or a task raises, and tell the log only.
"""

from __future__ import annotations

import logging
from types import TracebackType

from archiver.crawl.crash import crash_sentence


class CrashLog(logging.Handler):
    """Listens to the log while it is entered, whatever LOG_LEVEL and LOG_ENABLED say of what is shown."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.sentence: str | None = None
        """The first crash, and what to do; None where there was none."""

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging."""
        error = record.exc_info[1] if record.exc_info else None
        if self.sentence is None and error is not None:
            self.sentence = crash_sentence("A part of the run did not do its work", error)

    def __enter__(self) -> CrashLog:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logging.getLogger().removeHandler(self)
