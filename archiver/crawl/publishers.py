"""What is known of all publishers together."""

from __future__ import annotations

from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader

from archiver.rules import SiteRules


def all_rules(settings: BaseSettings) -> tuple[SiteRules, ...]:
    """The rules of every spider of the project, those of one publisher together."""
    loader = get_spider_loader(settings)
    return tuple(rule for name in loader.list() for rule in getattr(loader.load(name), "rules", ()))
