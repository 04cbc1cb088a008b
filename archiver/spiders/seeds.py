"""Every seed, whoever published it."""

from __future__ import annotations

from scrapy.spiderloader import get_spider_loader

from archiver.crawl import SeedSpider
from archiver.rules import SiteRules


class AllSeedsSpider(SeedSpider):
    """Seeds of every host: by the rules of whichever publisher owns it, and the generic path elsewhere."""

    name = "seeds"

    def known_rules(self) -> tuple[SiteRules, ...]:
        """The rules of all publishers."""
        loader = get_spider_loader(self.settings)
        return tuple(rule for name in loader.list() for rule in getattr(loader.load(name), "rules", ()))
