"""What `scrapy try` says of a fixture, a seed and an address, and of what is none of these."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver.extract.explanation import explain
from archiver.models import Field, Verdict
from archiver.rules import SiteRules
from tests.conftest import FIXTURES, GIVEN_SEED, scrapy
from tests.rules.test_uses import PAGE, capture

CASE = FIXTURES / "bangkokpost" / "2024-given-seed"
URL = json.loads((CASE / "capture.json").read_bytes())["url"]


def test_each_field_is_told_with_its_rule_its_generic_value_and_its_rivals() -> None:
    page = capture(page=PAGE.replace("<head>", '<head><meta name="author" content="Nordblatt Company">'))
    rules = SiteRules(("nordblatt.example",), title=(".nothing", "h1"), author=(".by",), body=(".story",))
    extraction, fields = explain(page, (rules,))
    assert extraction.verdict is Verdict.ARTICLE
    told = {field.field: field for field in fields}
    assert set(told) == set(Field)
    assert (told[Field.TITLE].selector, told[Field.TITLE].source) == ("h1", "rules:title")
    assert told[Field.TITLE].unmatched == (".nothing",)
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


def test_an_address_is_told_for_a_reader() -> None:
    run = scrapy("try", URL, "--html", "-s", f"REPLAY={FIXTURES}")
    assert (run.code, run.stderr) == (0, "")
    title = "North Korea ratifies defence treaty with Russia amid Ukraine war"
    assert f"title: {title}\n  source   rules:title" in run.stdout
    assert f"  html     <h1>{title}</h1>" in run.stdout
    assert "generic  Bangkok Post Public Company Limited" in run.stdout


def test_what_is_none_of_these_is_one_sentence() -> None:
    run = scrapy("try", "nowhere/at-all")
    assert (run.code, run.stdout) == (1, "")
    assert run.stderr.startswith("scrapy try: nowhere/at-all is no address, no folder with capture.json and no seed")
    assert len(run.stderr.splitlines()) == 1
