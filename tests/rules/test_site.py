"""What a publisher's rules accept, and the sentence that each mistake gets."""

from __future__ import annotations

import pickle
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from archiver.errors import RulesError
from archiver.models import Field
from archiver.rules import SiteRules

SITE = ("nordblatt.example",)


def without_by(text: str) -> str:
    """A function that a worker can import."""
    return text.removeprefix("Von ")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("domains", "nordblatt.example", 'domains="nordblatt.example" is one text .* write domains=\\("nordblatt.'),
        ("domains", (), "domains=\\(\\) names no host"),
        ("domains", ("www.nordblatt.example",), 'holds "www.nordblatt.example".* write "nordblatt.example"'),
        ("domains", ("Nordblatt.example",), 'write "nordblatt.example": lower case'),
        ("domains", ("https://www.nordblatt.example/",), 'write "nordblatt.example": .*scheme'),
        ("domains", ("nordblatt.example:443",), 'write "nordblatt.example"'),
        ("domains", ("küste.example",), 'write "xn--kste-0ra.example"'),
        ("domains", ("not a host",), 'write "example.com"'),
        ("domains", (None,), "domains holds None, which is no text"),
        ("title", "h1", 'title="h1" is one text where a tuple belongs'),
        ("title", ["h1"], "title is a list where a tuple belongs"),
        ("title", ("h1[",), r"title holds the selector 'h1\[', which cannot be read"),
        ("title", ("h1::attr(",), "title holds the selector"),
        ("title", ("h1::txt",), "title holds the selector 'h1::txt'.*txt"),
        ("title", ("//h1[",), "title holds the selector '//h1\\['"),
        ("title", ("nothere(//h1)",), "title holds the selector"),
        ("title", ("",), "title holds an empty text"),
        ("body", (".story::text",), "body holds the selector '.story::text', which finds a text"),
        ("prune", ("//p/@class",), "prune holds the selector '//p/@class', which finds a text"),
        ("lead_media", (".top >",), "lead_media holds the selector"),
        ("timezone", "Europe/Berlim", "timezone='Europe/Berlim' is no IANA zone; write it like Europe/Berlin"),
        ("timezone", "+07:00", "is no IANA zone"),
        ("valid_until", datetime(2024, 1, 1), "valid_until=.* has no time zone; add tzinfo=UTC"),
        ("valid_until", "2024-01-01", "valid_until='2024-01-01' is no time"),
        ("article_id_pattern", "-a([0-9]+", "is no regular expression"),
        ("article_id_pattern", "-a[0-9]+", "has no group; put the article's id into parentheses"),
        ("lazy_image_attributes", ("data original",), "which is no attribute"),
        ("browser", "sometimes", "browser='sometimes' is not known; write one of 'never', 'auto', 'always'"),
        ("clean", [Field.AUTHOR], "clean is a list where a dict belongs"),
        ("clean", {Field.BODY: without_by}, "whose values no rule reads"),
        ("clean", {Field.AUTHOR: "without_by"}, "which is no function"),
        ("clean", {Field.AUTHOR: lambda text: text}, "which a worker cannot import"),
        ("titel", ("h1",), "there is no field titel; did you mean title?"),
    ],
)  # fmt: skip
def test_each_mistake_is_one_sentence_with_file_and_field(field: str, value: Any, sentence: str) -> None:
    with pytest.raises(RulesError, match=sentence) as caught:
        SiteRules(**{"domains": SITE, field: value})
    assert str(caught.value).startswith("tests/rules/test_site.py, line ")
    assert field in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_copy_is_checked_where_it_is_written() -> None:
    with pytest.raises(RulesError, match=r"^tests/rules/test_site.py, line \d+: SiteRules: title="):
        replace(SiteRules(SITE), title="h1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "selector",
    [
        "h1", "h1, .kopf", "h1::text, h2::attr(title)", ".a > b:nth-child(2)", "a:not(.b)", "//h1", "(//h1)[1]",
        "string(//h1)", "//meta[@name='x']/@content", "descendant::h1/text()", "normalize-space(//h1)", "main",
    ],
)  # fmt: skip
def test_selectors_are_css_and_xpath(selector: str) -> None:
    assert SiteRules(SITE, title=(selector,)).title == (selector,)


def test_old_names_of_fields_are_accepted_and_the_new_ones_told() -> None:
    with pytest.warns(FutureWarning, match="write .*= for .*=") as told:
        rules = SiteRules(SITE, identity="-([0-9]+)", lead=(".top",), not_images=("nopic",))  # type: ignore[call-arg]
    assert (rules.article_id_pattern, rules.lead_media, rules.placeholder_images) == (
        "-([0-9]+)",
        (".top",),
        ("nopic",),
    )
    assert [one.filename for one in told] == [__file__] * 3
    with pytest.warns(FutureWarning, match="write lead_media= for lead="):
        assert replace(rules, lead=()).lead_media == ()  # type: ignore[call-arg]


def test_rules_travel_to_the_workers() -> None:
    until = datetime(2024, 1, 1, tzinfo=UTC)
    rules = SiteRules(SITE, until, title=("h1",), timezone="Europe/Berlin", clean={Field.AUTHOR: without_by})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pickle.loads(pickle.dumps(rules)) == rules  # noqa: S301
