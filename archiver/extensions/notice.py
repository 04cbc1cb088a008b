"""A run's summary for the services that the environment names in NOTIFY: mail, chat, push, whatever Apprise knows.

Why it is not a setting, and what a failure means: docs/design.md D74.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archiver.downloader.recording.recorder import FAILED
from archiver.extensions import apprise_process
from archiver.extensions.report import console_of
from archiver.extensions.summary import RunSummary
from archiver.ledger.yields.watch import Watched
from archiver.models import Result
from archiver.signals import alarm, seed_result
from archiver.text.control_characters import escape_control

VARIABLE = "NOTIFY"
"""The environment variable with the addresses of services, with blanks or commas between them."""
_MAX_SECONDS = apprise_process.MAX_SENDING_SECONDS + 5
"""Seconds for the process that sends, with those in which it starts; then it is ended. Chosen, not measured."""


class RunNotice:
    """Hands a run's summary on at its end, once, when it has something to tell; nothing that fails here ends a run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._console: Console = console_of(crawler.settings)
        self._summary = RunSummary.of(crawler)
        self._checking: asyncio.Future[bool] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunNotice:
        """Called by Scrapy."""
        if not os.environ.get(VARIABLE, "").strip():
            raise NotConfigured
        notice = cls(crawler)
        crawler.signals.connect(notice.spider_opened, signals.spider_opened)
        crawler.signals.connect(notice.seed_result, seed_result)
        crawler.signals.connect(notice.alarm, alarm)
        # Behind all that closes with the spider: whether the run's commit failed is known then.
        crawler.signals.connect(notice.engine_stopped, signals.engine_stopped)
        return notice

    def spider_opened(self) -> None:
        """Look at the addresses while the run begins: whoever mistyped one learns it at once, not hours later."""
        self._checking = asyncio.ensure_future(self._check())

    def seed_result(self, result: Result) -> None:
        """Count a result."""
        self._summary.add(result)

    def alarm(self, host: str, watched: Watched) -> None:
        """Note the alarms of a host."""
        self._summary.add_alarms(host, watched)

    async def engine_stopped(self) -> None:
        """Send the summary."""
        failure = self._crawler.stats.get_value(FAILED) if self._crawler.stats is not None else None
        can_send = self._checking is not None and await self._checking
        if not can_send or not (self._summary.has_news or failure):
            return
        lines = self._summary.lines(with_reasons=False)
        if failure:
            lines.append(escape_control(f"{str(failure).rstrip('.')}."))
        message = {"title": f"seed-archiver: {lines[0]}", "body": "\n".join(lines)}
        answer = await asyncio.to_thread(_ask, message)
        if answer is None:
            self._say(f"did not hear within {_MAX_SECONDS} seconds whether the summary was taken")
        elif failed := answer["failed"]:
            self._say(f"names {_services(answer['services'])}, of which {failed} did not take the summary")

    async def _check(self) -> bool:
        """Whether there is a service to send to; says what is wrong."""
        answer = await asyncio.to_thread(_ask, None)
        if answer is None:
            self._say("could not be looked at, and nobody is told of this run")
        elif not answer["installed"]:
            self._say("is set, and Apprise is not installed", "install seed-archiver[notify], or leave NOTIFY unset")
        elif not answer["all_known"]:
            self._say(f"holds an address that Apprise cannot use, besides {_services(answer['services'])} that it can")
        return bool(answer and answer["installed"] and answer["services"])

    def _say(self, what: str, remedy: str = "try each address with `apprise --body test ADDRESS`") -> None:
        self._console.print(Text(f"the environment variable {VARIABLE} {what}; {remedy}", style="yellow"))


def _ask(message: dict[str, str] | None) -> dict[str, Any] | None:
    """Return what the process that knows Apprise answers, None when it gave no answer in time; in a thread."""
    try:
        # Its standard error may quote an address.
        done = subprocess.run(  # noqa: S603  (our own program, by fixed arguments)
            [sys.executable, "-P", os.fspath(Path(apprise_process.__file__))],
            input=json.dumps(message).encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=_MAX_SECONDS, check=False,
        )  # fmt: skip
        answer: dict[str, Any] = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return answer


def _services(count: int) -> str:
    return f"{count} service{'' if count == 1 else 's'}"
