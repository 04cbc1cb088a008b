"""A faulty rule in a spider's file ends a command before anything is fetched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, scrapy, tree

SPIDER = """
from archiver.crawl.spider import SeedSpider
from archiver.rules import SiteRules

class OtherSpider(SeedSpider):
    name = "other"
    rules = {rules}
"""


@pytest.mark.parametrize(
    ("spider", "sentence"),
    [
        (
            SPIDER.format(rules='(SiteRules(domains="publico.example"),)'),
            'other.py, line 7: SiteRules: domains="publico.example" is one text',
        ),
        (
            SPIDER.format(rules='SiteRules(domains=("publico.example",))'),
            "archiver.spiders.other: the rules of other are no tuple",
        ),
        (
            SPIDER.format(rules="()").replace('"other"', '"bangkokpost"'),
            "other.py: the spider OtherSpider is named 'bangkokpost', as BangkokPostSpider in ",
        ),
        (SPIDER.format(rules="("), "other.py, line 7: '(' was never closed; correct it"),
        (SPIDER.format(rules="(SiteRule(),)"), "other.py, line 7: NameError: name 'SiteRule' is not defined; correct"),
        ("import nothing_such", "other.py, line 1: ModuleNotFoundError: No module named 'nothing_such'; correct it"),
    ],
)
def test_a_crawl_says_what_to_mend_and_exits_1(tmp_path: Path, spider: str, sentence: str) -> None:
    shutil.copytree(ROOT / "archiver", tmp_path / "archiver", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "scrapy.cfg", tmp_path / "scrapy.cfg")
    (tmp_path / "archiver" / "spiders" / "other.py").write_text(spider)
    (tmp_path / "seeds").mkdir()
    before = tree(tmp_path)
    run = scrapy("crawl", "seeds", cwd=tmp_path, env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert run.code == 1
    assert run.stderr.startswith("scrapy: ")
    assert sentence in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert tree(tmp_path) == before
