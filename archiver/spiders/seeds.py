"""Every seed, whoever published it."""

from __future__ import annotations

from archiver.crawl.publishers import all_rules
from archiver.crawl.spider import SeedSpider
from archiver.rules import SiteRules


class AllSeedsSpider(SeedSpider):
    """Seeds of every host: by the rules of whichever publisher owns it, and the generic path elsewhere."""

    name = "seeds"
    every_host = True

    def known_rules(self) -> tuple[SiteRules, ...]:
        """The rules of all publishers."""
        return all_rules(self.settings)
