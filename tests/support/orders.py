"""Workers that do what a page's address orders, in the place of extraction.

In a module of its own, without what only tests need: every worker imports it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from archiver.crawl.extraction.workers import Workers
from archiver.models import Article, Capture, Extraction, Verdict
from archiver.rules import SiteRules

RULES = (SiteRules(domains=("paper.example",)),)


def capture(order: str) -> Capture:
    """A capture that `obey` reads an order from."""
    url = f"https://paper.example/{order}"
    return Capture(url, url, 200, (), b"", datetime(2025, 1, 1, tzinfo=UTC), "archive")


class OfTwo(Exception):
    """An error of a library that goes into a pipe and does not come out of it: it is made of two values."""

    def __init__(self, who: str, what: str) -> None:
        super().__init__(f"{who} met {what}")


def obey(page: Capture, rules: Sequence[SiteRules]) -> Extraction:
    """Stands for extraction; runs in a worker."""
    order, _, amount = page.url.rpartition("/")[2].partition("=")
    if order == "sleep":
        time.sleep(float(amount))
    elif order == "spin":
        until = time.monotonic() + float(amount)
        while time.monotonic() < until:
            pass
    elif order == "fill":
        bytearray(int(amount) * 1024 * 1024)
    elif order == "raise":
        raise ValueError(f"a library met {amount}")
    elif order == "raise-of-two":
        raise OfTwo("a library", amount)
    elif order == "signal":
        os.kill(os.getpid(), signal.Signals[amount])
    elif order == "exit":
        os._exit(int(amount))
    elif order == "nest":
        return Extraction(Verdict.ARTICLE, "", Article({}, body="x" * int(amount)))
    return Extraction(Verdict.ARTICLE, f"{os.getpid()} {[rule.domains for rule in rules]}")


def refuse(size: int) -> None:
    """Stands for a system that refuses the limit; runs in a worker."""
    raise OSError(f"no limit of {size} bytes here")


def run(orders: Sequence[str], count: int = 1, seconds: float = 20, megabytes: int = 0) -> list[Extraction]:
    """Give some workers one page after another, and return what they answered."""

    async def all_of_them() -> list[Extraction]:
        async with Workers(RULES, count, seconds, megabytes, work=obey) as workers:
            return [await workers.extract(capture(order)) for order in orders]

    return asyncio.run(all_of_them())
