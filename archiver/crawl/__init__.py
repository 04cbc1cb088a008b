"""A run over the seeds: what is asked, what follows an answer, and what is noted of it."""

from __future__ import annotations

import warnings
from typing import Any


def __getattr__(name: str) -> Any:
    """Give `SeedSpider` under its old address for one release; imported late, since the workers need no Scrapy."""
    if name == "SeedSpider":
        warnings.warn(
            "write `from archiver.crawl.spider import SeedSpider`; the shorter form goes with the next release",
            DeprecationWarning,
            stacklevel=2,
        )
        from archiver.crawl.spider import SeedSpider  # noqa: PLC0415  (the reason is in the docstring)

        return SeedSpider
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
