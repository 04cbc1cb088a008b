"""A faulty spider's file ends a command before anything is fetched."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archiver.crawl.publishers import PublisherLoader
from tests.conftest import ROOT, scrapy, tree

SPIDER = """
from archiver.crawl.spider import SeedSpider
from archiver.rules import SiteRules

class OtherSpider(SeedSpider):
    name = "other"
    rules = {rules}
"""
GOOD = SPIDER.format(rules='(SiteRules(domains=("publico.example",)),)')
TWO = GOOD + GOOD[GOOD.index("class") :].replace("OtherSpider", "FirstSpider")


def test_a_crawl_says_what_to_mend_and_exits_1(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "archiver", tmp_path / "archiver")  # with what is compiled of it
    shutil.copyfile(ROOT / "scrapy.cfg", tmp_path / "scrapy.cfg")
    (tmp_path / "archiver" / "spiders" / "other.py").write_text(GOOD.replace("rules =", "rule ="))
    (tmp_path / "seeds").mkdir()
    before = tree(tmp_path)
    run = scrapy("crawl", "seeds", cwd=tmp_path, env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert run.code == 1
    assert run.stderr == (
        "scrapy: archiver/spiders/other.py: the spider OtherSpider: a spider has no attribute rule; did you mean "
        "rules?\n"
    )
    assert tree(tmp_path) == before


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[PublisherLoader]:
    """The spiders of `faulty.py` in the working directory."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "faulty", raising=False)
    return PublisherLoader


@pytest.mark.parametrize(
    ("spider", "sentence"),
    [
        (
            SPIDER.format(rules='(SiteRules(domains="publico.example"),)'),
            'faulty.py, line 7: SiteRules: domains="publico.example" is one text',
        ),
        (
            SPIDER.format(rules='SiteRules(domains=("publico.example",))'),
            "faulty.py: the rules of other are no tuple of SiteRules; write",
        ),
        (TWO, "two spiders are named 'other': OtherSpider in faulty.py and FirstSpider in faulty.py; rename the new"),
        (
            GOOD.replace("name =", "nmae ="),
            "faulty.py: the spider OtherSpider: a spider has no attribute nmae; did you",
        ),
        (
            GOOD.replace("name =", "paper ="),
            'faulty.py: the spider OtherSpider has no name; give it one, as in name = "',
        ),
        (SPIDER.format(rules="()"), "faulty.py: the spider OtherSpider has no rules and would take the seeds of every"),
        (GOOD + "    every_host = True\n", "faulty.py: the spider OtherSpider has both rules and every_host; take one"),
        (SPIDER.format(rules="("), "faulty.py, line 7: '(' was never closed; correct it"),
        (SPIDER.format(rules="(SiteRule(),)"), "faulty.py, line 7: NameError: name 'SiteRule' is not defined; correct"),
        ("import nothing_such", "faulty.py, line 1: ModuleNotFoundError: No module named 'nothing_such'; correct it"),
    ],
)
def test_a_faulty_file_is_named_with_what_to_write(
    tmp_path: Path, load: type[PublisherLoader], spider: str, sentence: str
) -> None:
    (tmp_path / "faulty.py").write_text(spider)
    with pytest.raises(SystemExit) as ended:
        load(Settings({"SPIDER_MODULES": ["faulty"]}))
    assert str(ended.value).startswith(f"scrapy: {sentence}")
    assert "\n" not in str(ended.value)


def test_a_publisher_may_have_names_of_its_own_and_a_spider_may_take_every_host(
    tmp_path: Path, load: type[PublisherLoader]
) -> None:
    own = GOOD.replace("    rules", "    rule = 1\n    urls = ()\n    rules").replace("other", "paper")
    every = SPIDER.format(rules="()").replace("OtherSpider", "EverySpider") + "    every_host = True\n"
    (tmp_path / "faulty.py").write_text(own + every)
    assert sorted(load(Settings({"SPIDER_MODULES": ["faulty"]})).list()) == ["other", "paper"]
