"""What is known of all publishers together."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from scrapy import Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader, get_spider_loader
from scrapy.utils.misc import walk_modules_iter
from scrapy.utils.spider import iter_spider_classes

from archiver.errors import RulesError
from archiver.rules import SiteRules


class PublisherLoader(SpiderLoader):
    """Loads the spiders, and ends any command with one sentence when a file among them has a faulty rule.

    Scrapy loads them before a command runs, so no command could do it.
    """

    def __init__(self, settings: BaseSettings) -> None:
        """Called by Scrapy. Raises SystemExit."""
        try:
            spiders = list(_load_spiders(settings))
            _check_names(spiders)
            for spider in spiders:
                _check_rules(spider.name, spider)
        except RulesError as error:
            raise SystemExit(f"scrapy: {str(error).rstrip('.?')}{'?' if str(error).endswith('?') else '.'}") from None
        super().__init__(settings)


def _load_spiders(settings: BaseSettings) -> Iterator[type[Spider]]:
    """Import the modules of SPIDER_MODULES. Raises RulesError for a file that cannot be run."""
    for name in settings.getlist("SPIDER_MODULES"):
        try:
            modules = list(walk_modules_iter(name))
        except RulesError:
            raise
        except Exception as error:
            raise RulesError(_describe(name, error)) from error
        for module in modules:
            yield from iter_spider_classes(module)


def _describe(name: str, error: Exception) -> str:
    """Say where the import of spiders failed, in the file that somebody wrote."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: {error.msg}; correct it"
    frames = traceback.extract_tb(error.__traceback__)
    spiders = Path(*name.split(".")).parts
    written = [frame for frame in frames if set(spiders) <= set(Path(frame.filename).with_suffix("").parts)]
    place = f"{written[-1].filename}, line {written[-1].lineno}" if written else f"SPIDER_MODULES names {name}"
    return f"{place}: {type(error).__name__}: {' '.join(str(error).split())}; correct it"


def _check_names(spiders: list[type[Spider]]) -> None:
    first: dict[str, type[Spider]] = {}
    for spider in spiders:
        other = first.setdefault(spider.name, spider)
        if other is not spider:
            raise RulesError(
                f"{_file_of(spider)}: the spider {spider.__name__} is named {spider.name!r}, as {other.__name__} in "
                f"{_file_of(other)} is; give it a name of its own"
            )


def _file_of(spider: type[Spider]) -> str:
    module: ModuleType | None = inspect.getmodule(spider)
    return str(getattr(module, "__file__", None) or spider.__module__)


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
