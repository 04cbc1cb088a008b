"""The seed as the last witness of its own title."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.models import Article, Change, Field
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import repair
from archiver.repair.title_from_seed import matches_slug, title_from_seed
from archiver.seeds import read
from tests.conftest import GIVEN_SEED

KEYS = {"source": ("origin_url",), **{field.value: (field.value,) for field in Field}}
URL = "https://www.nordblatt.example/world/29/harbour-gets-new-wall-after-long-debate"
TITLE = "Harbour gets new wall after long debate"
TEXT = "The harbour gets a new wall, the council decided on Monday night after a long debate about its cost and colour."


def title(body: str, url: str = URL, front: str = 'title: ""') -> str | None:
    seed = read("x.md", f'---\norigin_url: "{url}"\n{front}\n---\n{body}'.encode())
    article = title_from_seed(seed, url, KEYS)
    if article is None:
        return None
    assert set(article.choices) == {Field.TITLE}
    choice = article.choices[Field.TITLE]
    assert (choice.source, choice.witnesses, article.body) == ("seed", ("slug",), "")
    return choice.value


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"\n# \n\n{TITLE}\n\n{TEXT}\n", TITLE),
        (f"\n# {TITLE}\n\n{TEXT}\n", TITLE),
        (f"\n{TITLE}\n\n{TEXT}\n", TITLE),
        ("\n# **Harbour** gets [new wall](https://a.example/) after long debate\n", TITLE),
        (f"\n# Breaking news\n\n{TITLE}\n\n{TEXT}\n", TITLE),
        (f"\n# \n\n{TEXT}\n", None),
        (f"\n# \n\n{TEXT}\n\n{TITLE}\n", None),
        (f"\n# \n\n![{TITLE}](https://a.example/i.jpg)\n\n{TEXT}\n", None),
        ("\n# Harbour\n\nNew wall\n", None),
        ("\n# \n", None),
        ("", None),
    ],
)
def test_only_a_first_line_that_agrees_with_the_address_speaks(body: str, found: str | None) -> None:
    assert title(body) == found


@pytest.mark.parametrize(
    ("text", "slug", "agree"),
    [
        ("The King’s Speech wins at the Oscars", "kings-speech-wins-oscars", True),
        ("It’s a long way to Nordblatt", "it-s-a-long-way-to-nordblatt", True),
        ("Große Brücke über die Förde", "grosse-bruecke-ueber-die-foerde-12345.html", True),
        ("Große Brücke über die Förde", "grosse-brucke-uber-die-forde", True),
        ("Économie : la fin d’une époque", "economie_la_fin_d_une_epoque", True),
        ("Новая стена для старой гавани", "novaya-stena-dlya-staroy-gavani", True),
        ("Новая стена для старой гавани", "новая-стена-для-старой-гавани", True),
        ("港の岸壁が新しくなる見込み", "港の岸壁が新しくなる見込み", True),
        ("港の岸壁が新しくなる見込み", "minato-no-ganpeki-ga-atarashiku-naru", False),
        ("港の岸壁が新しくなる見込み", "灯台が十二年ぶりに点灯した", False),
        ("กำแพงท่าเรือใหม่ของเมือง", "29-กำแพงท่าเรือใหม่ของเมือง", True),
        ("港の壁", "港の壁", False),
        ("Harbour gets new wall", "harbour-wall", False),
        ("Harbour gets new wall", "2900753", False),
        ("Harbour gets new wall", "harbour-gets-new-lighthouse-and-ferry", False),
        ("Harbour gets new wall, council says after a debate of nine hours", "harbour-gets-new-wall", False),
        ("Sport", "sport-live-ticker", False),
        ("", "harbour-gets-new-wall", False),
    ],
)  # fmt: skip
def test_when_a_line_agrees_with_a_slug(text: str, slug: str, agree: bool) -> None:
    for path in (slug, quote(slug), f"{slug}/"):
        assert matches_slug(text, f"https://www.nordblatt.example/world/{path}") is agree


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_and_any_address_can_be_compared(text: str, path: str) -> None:
    assert matches_slug(text, f"https://a.example/{quote(path)}") in {True, False}


def test_a_seed_that_has_a_title_needs_no_witness() -> None:
    assert title(f"\n# \n\n{TITLE}\n", front="title: Something else") is None
    assert title(f"\n# \n\n{TITLE}\n", front="layout: post") == TITLE


def test_the_given_seed_is_repaired_from_itself() -> None:
    before = GIVEN_SEED.read_bytes()
    seed = read("x.md", before)
    url = str(seed.text("origin_url"))
    article = title_from_seed(seed, url, KEYS)
    assert article is not None
    done = repair(seed, article, Policy({}), KEYS)
    said = "North Korea ratifies defence treaty with Russia amid Ukraine war"
    assert done.changes == (
        Change("title", "", said, "seed", ("slug",), 0.93),
        Change("heading", "", said, "seed", ("slug",), 0.93),
    )
    after = read("x.md", done.content)
    assert after.text("title") == said
    assert after.body.startswith(f"\n# {said}\n")
    assert after.body.count(said) == 1
    assert title_from_seed(after, url, KEYS) is None


def test_the_policy_rules_over_the_witness_too() -> None:
    seed = read("x.md", f'---\norigin_url: "{URL}"\ntitle: ""\n---\n\n{TITLE}\n'.encode())
    article: Article | None = title_from_seed(seed, URL, KEYS)
    assert article is not None
    assert repair(seed, article, Policy({Field.TITLE: Action.KEEP}), KEYS).content == seed.document.front.join(
        [seed.document.opening, seed.document.closing + seed.document.body]
    )
