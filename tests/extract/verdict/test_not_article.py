"""Pages that are no article, of each kind, and articles that look a little like them."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import pytest

from archiver.extract.article import extract
from archiver.extract.verdict.not_article import BIAS_WEIGHT, WEIGHTS, is_list
from archiver.extract.verdict.signs import SIGNS, Evidence
from archiver.models import Capture, Extraction, Verdict
from archiver.rules import SiteRules

SITE = "https://www.nordblatt.example"
ASKED = f"{SITE}/world/bridge-over-the-skell-reopens-after-long-repairs"
HEADLINE = "Bridge over the Skell reopens after long repairs"
SUBJECTS = """
    harbour school ferry library orchard tram museum hospital market bakery lighthouse theatre bridge vineyard station
    reservoir monastery shipyard observatory fountain cinema quarry airfield brewery aquarium windmill stadium tunnel
    nursery archive chapel gallery courthouse arboretum
""".split()
PARAGRAPHS = tuple(
    f"The {subject} had been closed since spring, when divers found cracks in two of the piers, and the road office"
    f" sent the buses round by the upper valley, which takes a quarter of an hour longer. Week {week} changed that."
    for week, subject in enumerate(SUBJECTS[:8])
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
MENU = "<nav><ul>" + "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in SUBJECTS[:12]) + "</ul></nav>"


def judged(
    body: str, *, title: str = HEADLINE, head: str = "", url: str = ASKED, rules: tuple[SiteRules, ...] = ()
) -> Extraction:
    markup = (
        f"<!doctype html><html lang='en'><head><title>{title} | Nordblatt</title>{head}</head><body>"
        f"<header><a href='/'>Nordblatt</a>{MENU}</header>{body}<footer><a href='/imprint'>Imprint</a></footer>"
        "</body></html>"
    )
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture(
        url,
        url if url.endswith("2900753") else ASKED,
        200,
        headers,
        markup.encode(),
        datetime(2024, 11, 12, tzinfo=UTC),
        "live",
    )
    return extract(capture, rules)


def stories(count: int, *, heading: str = "h2", teaser: bool = True) -> str:
    return "".join(
        f"<article class='post-{at} entry'><a href='/world/{at}/story'><img src='/img/{at}.jpg' alt=''></a>"
        f"<{heading}><a href='/world/{at}/story'>The {subject} of the valley opens again in autumn</a></{heading}>"
        f"<time datetime='2024-11-{at % 28 + 1:02}'>{at % 28 + 1} November</time>"
        + (f"<p>Number {at}: people from all over the valley came to see the {subject} on its first day.</p>" * teaser)
        + "</article>"
        for at, subject in enumerate(SUBJECTS[:count])
    )


def offers(count: int) -> str:
    return "".join(
        f"<li class='product'><a href='/shop/{at}'><img src='/img/{at}.jpg' alt=''><h3>Model {subject} in oak</h3></a>"
        f"<span class='price'>€ {at * 10 + 19}.90</span><button>Add to cart</button></li>"
        for at, subject in enumerate(SUBJECTS[:count])
    )


def related(count: int) -> str:
    links = "".join(
        f"<li><a href='/world/{at}/other'><img src='/img/{at}.jpg' alt=''>Why the {subject} was closed again</a></li>"
        for at, subject in enumerate(SUBJECTS[:count])
    )
    return f"<section><h3>More</h3><ul>{links}</ul></section>"


def threads(count: int) -> str:
    rows = "".join(
        f"<tr><td><a href='/forum/thread-{at}'>Who knows how the {subject} is heated?</a></td>"
        f"<td><a href='/members/{at}'>member {at}</a></td><td>{at * 3} replies</td></tr>"
        for at, subject in enumerate(SUBJECTS[:count])
    )
    return f"<table><tbody>{rows}</tbody></table>"


SHELF = (
    f"<main><h1>Chairs</h1><p>Chairs of oak and ash, made to last.</p><label><input type='checkbox'>oak</label>"
    f"<select><option>Price<option>Name</select><ul class='products'>{offers(20)}</ul></main>"
)
SECTION = (
    f"<main><h1>Sport</h1><section><h2>Today</h2>{stories(3, heading='h3')}</section>"
    f"<section><h2>Yesterday</h2>{stories(12, heading='h3', teaser=False)}</section></main>"
)
FOUND = (
    f"<main><h1>Results</h1><form><input name='q'></form>{stories(10)}<a rel='next' href='?q=skell&page=2'>2</a></main>"
)
TAG = (
    f"<main><h1>Skell</h1>{stories(15, teaser=False)}<div class='pagination'><a href='/tag/skell/2'>2</a></div></main>"
)
COLLECTION = '<script type="application/ld+json">{"@type": "CollectionPage", "name": "Skell"}</script>'
GROUP = "<meta property='og:type' content='product.group'>"
LISTS = {
    "list of articles": (f"<main><h1>World</h1>{stories(24)}</main>", "World", "", "/world", "a list of 24 stories"),
    "shelf": (SHELF, "Chairs", GROUP, "/collections/chairs", "a shelf of 20 offers"),
    "front of a section": (
        SECTION,
        "Sport",
        "<meta property='og:type' content='article'>",
        "/sport/",
        "a list of 12 stories",
    ),
    "search results": (FOUND, "Results", "", "/find?q=skell", "a search with 10 results"),
    "page of a tag": (TAG, "Skell", COLLECTION, "/tag/skell", "a list of 15 stories"),
    "index of a forum": (
        f"<main><h1>Heating</h1>{threads(20)}</main>",
        "Heating",
        "",
        "/forum/heating/",
        "a forum's index of 20 threads",
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_page_that_is_no_article_is_refused(kind: str) -> None:
    body, title, head, path, said = LISTS[kind]
    found = judged(body, title=title, head=head, url=SITE + path)
    assert found.verdict is Verdict.NOT_ARTICLE, found
    assert f"looks like {said}" in found.detail
    assert found.article is None


@pytest.mark.parametrize("kind", [kind for kind in LISTS if kind != "index of a forum"])
def test_it_is_refused_at_the_address_of_an_article_too(kind: str) -> None:
    """Sites that answer the section in place of a story that they have no more."""
    body, title, head, _, _ = LISTS[kind]
    assert judged(body, title=title, head=head).verdict is Verdict.NOT_ARTICLE


BYLINE = "<p class='byline'>By <a rel='author' href='/people/ada'>Ada Nord</a>, <time>11 November 2024</time></p>"
RECIPE = (
    "<p>This cake is baked in the valley when the first apples fall, and every family has its own way with it, which it"
    " keeps to itself. Ours was given to us by a baker who has no children.</p><h2>Ingredients</h2><ul>"
    + "".join(f"<li>{number * 50} g of {name}</li>" for number, name in enumerate(SUBJECTS[:14], 1))
    + "</ul><h2>Steps</h2><ol>"
    + "".join(
        f"<li>Stir the {name} in slowly, with a wooden spoon, until nothing of it can be seen any more.</li>"
        for name in SUBJECTS[:6]
    )
    + "</ol>"
)
QUESTION = f"<div class='question'><h1>{HEADLINE}?</h1><p>{PARAGRAPHS[0]}</p></div>" + "".join(
    f"<div class='answer'><p>{paragraph}</p><a href='/users/{at}'>user{at}</a></div>"
    for at, paragraph in enumerate(PARAGRAPHS[1:6])
)
NOTICE = "<p>The bridge over the Skell is open again, the road office said on Monday.</p>"
ARTICLES = {
    "plain": f"<main><h1>{HEADLINE}</h1>{TEXT}</main>",
    "live blog": f"<main><h1>{HEADLINE}</h1>"
    + "".join(
        f"<article class='update'><time datetime='2024-11-12T{at:02}:00'>{at}:00</time><h2>The {SUBJECTS[at]}</h2>"
        f"<p>{PARAGRAPHS[at % 8]}</p></article>"
        for at in range(16)
    )
    + "</main>",
    "listicle": f"<main><h1>{HEADLINE}</h1><p>{PARAGRAPHS[0]}</p>"
    + "".join(
        f"<h2>{at + 1}. <a href='https://{name}.example/'>The {name}</a></h2><img src='/img/{at}.jpg' alt=''>"
        f"<p>{PARAGRAPHS[at % 8]} {PARAGRAPHS[(at + 1) % 8]}</p>"
        for at, name in enumerate(SUBJECTS[:12])
    )
    + "</main>",
    "forty related links": (
        f"<main><article><h1>{HEADLINE}</h1>{BYLINE}{TEXT}</article>{related(34)}{related(6)}</main>"
    ),
    "very short notice": f"<main><article><h1>{HEADLINE}</h1>{NOTICE}</article>{related(10)}</main>",
    "recipe": f"<main><h1>{HEADLINE}</h1>{RECIPE}</main>",
    "question and answers": f"<main>{QUESTION}</main>",
    "documentation": f"<main><h1>{HEADLINE}</h1><div class='toc'><ul>"
    + "".join(f"<li><a href='#{name}'>How the {name} is set up</a></li>" for name in SUBJECTS[:12])
    + "</ul></div>"
    + "".join(
        f"<h2 id='{name}'>How the {name} is set up</h2><p>{PARAGRAPHS[at % 8]}</p><pre><code>make {name}</code></pre>"
        for at, name in enumerate(SUBJECTS[:12])
    )
    + "</main>",
}


@pytest.mark.parametrize("kind", ARTICLES)
def test_an_article_that_looks_a_little_like_a_list_stays_one(kind: str) -> None:
    """None of them has metadata, which would make it easier."""
    found = judged(ARTICLES[kind])
    assert found.verdict is Verdict.ARTICLE, found.detail


@pytest.mark.parametrize("kind", [kind for kind in ARTICLES if kind != "question and answers"])
def test_it_stays_one_at_an_address_without_words_where_metadata_speaks_for_it(kind: str) -> None:
    head = "<meta property='og:type' content='article'><meta name='author' content='Ada Nord'>"
    found = judged(ARTICLES[kind], head=head, url=f"{SITE}/news/2900753")
    assert found.verdict is Verdict.ARTICLE, found.detail


def test_a_page_without_any_sign_of_a_list_is_none_however_little_speaks_for_it() -> None:
    notice = f"<main><h1>Open again</h1>{NOTICE}<p>Buses may cross it.</p></main>"
    assert judged(notice, title="Open again", url=f"{SITE}/open").verdict is Verdict.ARTICLE
    below = f"{notice}<section>{stories(6)}</section>"
    assert judged(below, title="Open again", url=f"{SITE}/open").verdict is Verdict.NOT_ARTICLE


def test_what_a_publishers_selector_finds_is_an_article() -> None:
    body, title, head, path, _ = LISTS["list of articles"]
    rules = (SiteRules(domains=("nordblatt.example",), body=("main",)),)
    assert judged(body, title=title, head=head, url=SITE + path, rules=rules).verdict is Verdict.ARTICLE


@pytest.mark.parametrize("kind", [*LISTS, *ARTICLES])
def test_ending_early_changes_no_judgement(kind: str) -> None:
    body, title, head, path, _ = LISTS[kind] if kind in LISTS else (ARTICLES[kind], HEADLINE, "", "/world/1", "")
    with patch("archiver.extract.article.judge_structure", return_value=None) as judge:
        judged(body, title=title, head=head, url=SITE + path)
    evidence = Evidence(*judge.call_args.args)
    total = BIAS_WEIGHT + sum(WEIGHTS[name] * value(evidence) for name, value in SIGNS.items())
    assert is_list(evidence) is (total > 0)


def test_every_sign_has_a_weight_and_stays_on_its_scale() -> None:
    assert set(WEIGHTS) == set(SIGNS)
    for body in ARTICLES.values():
        with patch("archiver.extract.article.judge_structure", return_value=None) as judge:
            judged(body)
        evidence = Evidence(*judge.call_args.args)
        assert all(0 <= value(evidence) <= 1 for value in SIGNS.values())
