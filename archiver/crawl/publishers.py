"""What is known of all publishers together."""

from __future__ import annotations

import difflib
import inspect
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from scrapy import Spider
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.misc import load_object, walk_modules_iter
from scrapy.utils.spider import iter_spider_classes

from archiver.crawl.spider import SeedSpider
from archiver.errors import RulesError
from archiver.rules import SiteRules
from archiver.rules.site import display_path

_ATTRIBUTES = ("name", "rules", "every_host", "custom_settings")
"""What the body of a publisher's class may set."""
_MIN_LIKENESS_SHARE = 0.75
"""Share of letters, as `difflib` counts them, from which an attribute is taken for a misspelt one of ours: 1 is the
same. Below it `urls` would be called a misspelt `rules`, above it `nmae` no misspelt `name`. Found by trying these."""


class PublisherLoader(SpiderLoader):
    """Loads the spiders, and ends a command that needs them with one sentence when a file among them is faulty.

    Scrapy loads them before a command that reads pages runs, so no command could do it.
    """

    def __init__(self, settings: BaseSettings) -> None:
        """Called by Scrapy. Raises SystemExit."""
        try:
            spiders = list(_load_spiders(settings))
            for spider in spiders:
                _check_attributes(spider)
            _check_names(spiders)
            for spider in spiders:
                _check_rules(spider)
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
        return f"{display_path(error.filename or name)}, line {error.lineno}: {error.msg}; correct it"
    frames = traceback.extract_tb(error.__traceback__)
    spiders = Path(*name.split(".")).parts
    written = [frame for frame in frames if set(spiders) <= set(Path(frame.filename).with_suffix("").parts)]
    place = (
        f"{display_path(written[-1].filename)}, line {written[-1].lineno}"
        if written
        else f"SPIDER_MODULES names {name}"
    )
    return f"{place}: {type(error).__name__}: {' '.join(str(error).split())}; correct it"


def _check_attributes(spider: type[Spider]) -> None:
    """Refuse an attribute that is nearly one of ours, where ours is absent. Raises RulesError."""
    if not issubclass(spider, SeedSpider):
        return
    written = {name for base in spider.__mro__ if issubclass(base, SeedSpider) for name in _own(base)}
    for attribute in _own(spider):
        near = difflib.get_close_matches(attribute, _ATTRIBUTES, 1, _MIN_LIKENESS_SHARE)
        if near and near[0] not in written:
            raise RulesError(f"{_place(spider)}: a spider has no attribute {attribute}; did you mean {near[0]}?")
    if "name" not in written:
        raise RulesError(f'{_place(spider)} has no name; give it one, as in name = "nordblatt"')


def _own(spider: type[Spider]) -> list[str]:
    return [] if spider is SeedSpider else [name for name in vars(spider) if not name.startswith("__")]


def _check_names(spiders: list[type[Spider]]) -> None:
    first: dict[str, type[Spider]] = {}
    for spider in spiders:
        other = first.setdefault(spider.name, spider)
        if other is not spider:
            raise RulesError(
                f"two spiders are named {spider.name!r}: {other.__name__} in {_file_of(other)} and {spider.__name__} "
                f"in {_file_of(spider)}; rename the new one"
            )


def _place(spider: type[Spider]) -> str:
    return f"{_file_of(spider)}: the spider {spider.__name__}"


def _file_of(spider: type[Spider]) -> str:
    module: ModuleType | None = inspect.getmodule(spider)
    return display_path(str(getattr(module, "__file__", None) or spider.__module__))


def _check_rules(spider: type[Spider]) -> None:
    """Refuse rules of another type, and a publisher without any: it would take every seed. Raises RulesError."""
    rules = getattr(spider, "rules", ())
    if not isinstance(rules, tuple) or not all(isinstance(rule, SiteRules) for rule in rules):
        raise RulesError(
            f"{_file_of(spider)}: the rules of {spider.name} are no tuple of SiteRules; write rules = (SiteRules(…),), "
            "with the comma"
        )
    if not issubclass(spider, SeedSpider):
        return
    if rules and spider.every_host:
        raise RulesError(f"{_place(spider)} has both rules and every_host; take one of them out")
    if not rules and not spider.every_host:
        raise RulesError(
            f"{_place(spider)} has no rules and would take the seeds of every host; write rules = (SiteRules(…),), or "
            "every_host = True if that is meant"
        )


def all_rules(settings: BaseSettings) -> tuple[SiteRules, ...]:
    """The rules of every spider of the project, those of one publisher together."""
    # Scrapy's own `get_spider_loader` copies all settings first, which takes longer than the loading.
    loader = load_object(settings["SPIDER_LOADER_CLASS"]).from_settings(settings)
    return tuple(rule for name in loader.list() for rule in getattr(loader.load(name), "rules", ()))
