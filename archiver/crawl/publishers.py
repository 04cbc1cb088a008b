"""What is known of all publishers together."""

from __future__ import annotations

from scrapy import Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader, get_spider_loader

from archiver.errors import RulesError
from archiver.rules import SiteRules


class PublisherLoader(SpiderLoader):
    """Loads the spiders, and ends any command with one sentence when a file among them has a faulty rule.

    Scrapy loads them before a command runs, so no command could do it.
    """

    def __init__(self, settings: BaseSettings) -> None:
        """Called by Scrapy. Raises SystemExit."""
        try:
            super().__init__(settings)
            for name, spider in self._spiders.items():
                _check_rules(name, spider)
        except RulesError as error:
            raise SystemExit(f"scrapy: {str(error).rstrip('.?')}{'?' if str(error).endswith('?') else '.'}") from None


def _check_rules(name: str, spider: type[Spider]) -> None:
    rules = getattr(spider, "rules", ())
    if not isinstance(rules, tuple) or not all(isinstance(rule, SiteRules) for rule in rules):
        raise RulesError(
            f"{spider.__module__}: the rules of {name} are no tuple of SiteRules; write rules = (SiteRules(…),), "
            "with the comma"
        )


def all_rules(settings: BaseSettings) -> tuple[SiteRules, ...]:
    """The rules of every spider of the project, those of one publisher together."""
    loader = get_spider_loader(settings)
    return tuple(rule for name in loader.list() for rule in getattr(loader.load(name), "rules", ()))
