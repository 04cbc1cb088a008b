"""What `scrapy try` says of a fixture, a seed and an address, and of what is none of these."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from archiver.extract.explanation import ArticleId, UnmatchedSelector, explain, explain_id
from archiver.models import Field, Verdict
from archiver.rules import SiteRules
from tests.conftest import FIXTURES, GIVEN_SEED, scrapy
from tests.rules.test_uses import OLD, PAGE, capture

CASE = FIXTURES / "bangkokpost" / "2024-given-seed"
URL = json.loads((CASE / "capture.json").read_bytes())["url"]


def test_each_field_is_told_with_its_rule_its_generic_value_and_its_rivals() -> None:
    told_of = PAGE.replace("<head>", '<head><meta name="author" content="Nordblatt Company">')
    page = capture(page=told_of.replace("Words by", "Words, of which no list knows, by"))
    rules = SiteRules(("nordblatt.example",), title=(".nothing", "h1"), author=(".by",), body=(".story",))
    extraction, fields = explain(page, (rules,))
    assert extraction.verdict is Verdict.ARTICLE
    told = {field.field: field for field in fields}
    assert set(told) == set(Field)
    assert (told[Field.TITLE].selector, told[Field.TITLE].source) == ("h1", "rules:title")
    assert told[Field.TITLE].unmatched == (UnmatchedSelector("title", ".nothing", None, False),)
    assert told[Field.TITLE].element == "<h1>Lighthouse shines again</h1>"
    assert told[Field.AUTHOR].selector == ".by"
    assert {(rival.source, rival.value) for rival in told[Field.AUTHOR].rivals} >= {
        ("meta:author", "Nordblatt Company")
    }
    generic = told[Field.AUTHOR].generic
    assert generic is not None
    assert generic.value != told[Field.AUTHOR].value
    assert told[Field.BODY].selector == ".story"
    assert told[Field.DATE].selector is None


def test_selectors_are_told_that_find_nothing_of_use_and_those_of_the_body_with_it() -> None:
    old = SiteRules(("nordblatt.example",), OLD, date=(".gone",))
    new = SiteRules(
        ("nordblatt.example",), date=(".by",), body=(".story",), prune=(".ad", "img"), lead_media=(".top",)
    )  # fmt: skip
    _, fields = explain(capture(), (old, new))
    told = {field.field: field.unmatched for field in fields}
    assert told[Field.DATE] == (
        UnmatchedSelector("date", ".by", None, True),
        UnmatchedSelector("date", ".gone", "2019-01-01", False),
    )
    assert told[Field.BODY] == (
        UnmatchedSelector("prune", ".ad", None, False),
        UnmatchedSelector("lead_media", ".top", None, False),
    )


@pytest.mark.parametrize(
    "args",
    [
        (CASE, "--json"),
        (GIVEN_SEED, "--json", "-s", f"REPLAY={FIXTURES}"),
    ],
    ids=["fixture", "seed"],
)
def test_a_fixture_and_a_seed_are_told_alike(args: tuple[str | Path, ...]) -> None:
    run = scrapy("try", *args)
    assert (run.code, run.stderr) == (0, "")
    told = json.loads(run.stdout)
    assert (told["url"], told["verdict"]) == (URL, "article")
    title = next(field for field in told["fields"] if field["field"] == "title")
    assert (title["source"], title["selector"]) == ("rules:title", "h1")
    assert title["confidence"] > 0.9


def test_an_address_is_told_for_a_reader() -> None:
    run = scrapy("try", URL, "--html", "-s", f"REPLAY={FIXTURES}")
    assert (run.code, run.stderr) == (0, "")
    title = "North Korea ratifies defence treaty with Russia amid Ukraine war"
    assert f"title: {title}\n  source   rules:title" in run.stdout
    assert f"  html     <h1>{title}</h1>" in run.stdout
    assert "generic  Bangkok Post Public Company Limited" in run.stdout
    assert re.search(r"\ntitle: .+\n  source   .+\n  sure     0\.9\d\d\n", run.stdout)


def test_an_old_page_is_told_with_its_id_and_its_eras() -> None:
    run = scrapy("try", FIXTURES / "bangkokpost" / "2019-markup")
    assert (run.code, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert "id: 1772914" in lines
    assert "  no match div.author > a (until 2023-12-31)" in lines
    assert "  no match div.author > a" in lines


def test_an_id_that_is_not_in_the_address_is_told() -> None:
    page, pattern = capture(), r"-a([0-9]+)\.html"
    rules = SiteRules(("nordblatt.example",), article_id_pattern=pattern)
    assert explain_id(page, (rules,)) == ArticleId(None, pattern)
    assert explain_id(page, ()) is None


def test_the_options_are_those_of_a_command_that_writes_nothing() -> None:
    run = scrapy("try", "-h")
    assert (run.code, run.stderr) == (0, "")
    assert "--at" in run.stdout
    assert "--skeleton" not in run.stdout


def test_what_is_none_of_these_is_one_sentence() -> None:
    run = scrapy("try", "nowhere/at-all")
    assert (run.code, run.stdout) == (1, "")
    assert run.stderr.startswith("scrapy try: nowhere/at-all is no address, no folder with capture.json and no seed")
    assert len(run.stderr.splitlines()) == 1
