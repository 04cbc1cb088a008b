"""The add-ons that hold what several components of a crawl share."""

from __future__ import annotations

from typing import TypeVar

from scrapy.crawler import Crawler

from archiver.errors import SettingsError

T = TypeVar("T")


def required_addon(crawler: Crawler, kind: type[T]) -> T:
    """Return the add-on of a crawl that is of this class. Raises SettingsError where ADDONS turns it off."""
    addon = crawler.get_addon(kind)
    if addon is None:
        raise SettingsError(
            f"ADDONS turns {kind.__module__}.{kind.__name__} off, which no crawl can do without; "
            "give it a number, as archiver.settings does"
        )
    return addon
