"""Articles that stand in a page's scripts only: each place where sites keep them, read without running any."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from html import escape

import pytest

from archiver.extract.article import extract
from archiver.extract.explanation import explain
from archiver.models import Article, Capture, Extraction, Field, Verdict

PROSE = [
    "The harbour reopened on Monday after three weeks of repairs, the city council said in a statement.",
    "Fishing boats left before dawn, and the first catch was sold at the market by eight in the morning.",
    "“We had almost given up,” said one skipper, whose family has worked here for four generations.",
    "Officials expect the ferry to run again from next week, weather permitting, with two crossings a day.",
]
TEXT = "\n\n".join(PROSE)
HTML = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
TITLE = "Harbour reopens after repairs"
URL = "https://www.example.org/news/harbour-reopens-after-repairs"
STORY = {"id": 4711, "title": TITLE, "slug": "harbour-reopens-after-repairs", "content": HTML}
OTHER = {
    "title": "Ferry company orders a second ship",
    "slug": "ferry-company-orders-second-ship",
    "content": "".join(f"<p>{at}. The company orders ships, and more ships, and sails them.</p>" for at in range(40)),
}
STATE = {"layout": {"menu": ["News", "Sports"]}, "page": {"article": STORY, "next": [OTHER, OTHER]}}


def capture(scripts: str, body: str = '<div id="app">Loading…</div>', head: str = "", url: str = URL) -> Capture:
    """A page that has nothing but its scripts."""
    markup = f"<html lang=en><head><title>{TITLE} | Daily</title>{head}</head><body>{body}{scripts}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(url, url, 200, headers, markup.encode(), datetime(2026, 1, 1, tzinfo=UTC), "live")


def read(scripts: str, **around: str) -> Extraction:
    return extract(capture(scripts, **around))


def article(scripts: str, **around: str) -> Article:
    found = read(scripts, **around)
    assert found.verdict is Verdict.ARTICLE
    assert found.article is not None
    return found.article


def flight(*rows: str) -> str:
    """Rows of React's flight as a page pushes them, broken in the middle."""
    stream = "\n".join(rows)
    middle = len(stream) // 2
    pieces = (stream[:middle], stream[middle:])
    return "".join(f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces)


NUXT = [
    ["ShallowReactive", 1],
    {"data": 2, "state": 7},
    {"story": 3},
    {"title": 4, "slug": 5, "body": 6, "at": 8},
    TITLE,
    "harbour-reopens-after-repairs",
    HTML,
    ["Reactive", 9],
    ["Date", "2026-01-01T00:00:00.000Z"],
    {},
]
APOLLO = {
    "ROOT_QUERY": {"article": {"__ref": "Article:1"}, "latest": [{"__ref": "Article:2"}]},
    "Article:1": {"__typename": "Article", "title": TITLE, "body": {"__ref": "Body:1"}},
    "Article:2": {"__typename": "Article", **OTHER},
    "Body:1": {"__typename": "Body", "html": HTML},
}
LINKED = {"@type": "NewsArticle", "headline": TITLE, "articleBody": TEXT}
TEASERS = [{"title": f"{at} ferries sail. And sail.", "url": f"/{at}"} for at in range(60)]
LONG_PROSE = [f"{said} So it was on day {at}." for at in range(9) for said in PROSE]
LONG = {"story": {**STORY, "content": "".join(f"<p>{said}</p>" for said in LONG_PROSE)}}
JS_STRING = json.dumps(json.dumps(STATE))


@pytest.mark.parametrize(
    ("scripts", "source"),
    [
        (f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(STATE)}</script>', "data:__NEXT_DATA__"),
        (f'<script type="application/json">{json.dumps(STATE)}</script>', "data:application/json"),
        (f'<script id="__NUXT_DATA__" type="application/json">{json.dumps(NUXT)}</script>', "data:__NUXT_DATA__"),
        (f"<script>window.__NUXT__={json.dumps(STATE)};</script>", "data:__NUXT__"),
        (f"<script>window.__APOLLO_STATE__ = {json.dumps(APOLLO)};</script>", "data:__APOLLO_STATE__"),
        (f"<script>var a = 1; window['__PRELOADED_STATE__'] = {json.dumps(STATE)}; go()</script>",
         "data:__PRELOADED_STATE__"),
        (f"<script>window.__INITIAL_STATE__=JSON.parse({JS_STRING})</script>", "data:__INITIAL_STATE__"),
        (f"<script>window.state = {json.dumps(STATE)[:-1]}, \"user\": undefined}};</script>", "data:state"),
        (flight('0:["$","div",null,{"story":"$1"}]', f"1:{json.dumps(STORY)}"), "data:__next_f"),
        (flight(f'0:{json.dumps({**STORY, "content": "$2"})}', f"2:T{len(HTML.encode()):x},{HTML}"), "data:__next_f"),
        (f'<div data-page="{escape(json.dumps(STATE))}"></div>', "data:data-page"),
        (f'<script type="application/ld+json">{json.dumps(LINKED)}</script>', "data:json-ld"),
    ],
)  # fmt: skip
def test_the_text_of_a_page_that_shows_none_is_read_from_its_data(scripts: str, source: str) -> None:
    found = article(scripts)
    assert (found.body, found.body_source) == (TEXT, source)
    assert found.choices[Field.TITLE].value == TITLE


def test_single_quoted_state_is_read_as_a_program_would() -> None:
    inner = json.dumps(STATE, ensure_ascii=False).replace("\\", "\\\\").replace("'", "\\'")
    assert article(f"<script>window.S = JSON.parse('{inner}');</script>").body == TEXT


def test_where_the_text_was_found_is_told_and_outlives_a_journey_between_processes() -> None:
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(STATE)}</script>'
    found = pickle.loads(pickle.dumps(article(script)))  # noqa: S301
    assert found.body_source == "data:__NEXT_DATA__"
    told = {field.field: field for field in explain(capture(script), ())[1]}
    assert told[Field.BODY].source == "data:__NEXT_DATA__"


def test_entities_that_were_escaped_twice_are_letters() -> None:
    data = {"@type": "NewsArticle", "headline": TITLE, "articleBody": TEXT.replace("council", "council &amp;ccedil;a")}
    found = article(f'<script type="application/ld+json">{json.dumps(data)}</script>')
    assert found.body == TEXT.replace("council", "council ça")


def test_a_summary_of_the_page_is_no_article() -> None:
    data = {"@type": "NewsArticle", "headline": TITLE, "articleBody": " ".join(PROSE)}
    head = f'<meta name="description" content="{escape(" ".join(PROSE))}">'
    found = read(f'<script type="application/ld+json">{json.dumps(data)}</script>', head=head)
    assert found.article is None or not found.article.body


def test_a_notice_about_cookies_is_no_article() -> None:
    notice = "<p>" + "We use cookies to remember what you like, and to count who comes here. " * 4 + "</p>"
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(LONG)}</script>'
    assert article(script, body=f"<main>{notice}</main>").body == "\n\n".join(LONG_PROSE)


def test_elements_that_hold_an_article_are_never_replaced() -> None:
    shown = "".join(f"<p>{paragraph} This is what readers see.</p>" for paragraph in PROSE)
    found = article(
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(STATE)}</script>',
        body=f"<article><h1>{TITLE}</h1>{shown}</article>",
    )
    assert "This is what readers see." in found.body
    assert found.body_source == "page"
    short = "".join(f"<p>{paragraph}</p>" for paragraph in LONG_PROSE[:10])
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(LONG)}</script>'
    assert article(script, body=f"<article><h1>{TITLE}</h1>{short}</article>").body_source == "page"


def test_a_longer_story_beside_the_text_is_not_taken_for_it() -> None:
    state = {"article": {**STORY, "next": [OTHER]}}
    assert article(f'<script id="state" type="application/json">{json.dumps(state)}</script>').body == TEXT


@pytest.mark.parametrize(
    "state",
    [
        {"page": {"next": [OTHER, OTHER]}},
        {"router": {"path": "/news/harbour-reopens-after-repairs"}, "imprint": HTML},
        {"article": {"title": TITLE, "teasers": TEASERS}},
        {"article": {"title": TITLE, "tables": ["Ferries that sail on Sunday", "Where to buy fish"] * 20}},
        {"article": {"title": TITLE, "relatedStories": [HTML], "comments": [{"text": HTML}]}},
        {"article": {"title": TITLE, "content": "<p>" + TEXT[:200] + "</p>"}},
        {"article": {"title": TITLE, "content": HTML + "<p>And then the…</p>"}},
    ],
    ids=["another story", "the router's place", "teasers", "labels", "of others", "too short", "breaks off"],
)  # fmt: skip
def test_what_is_not_this_pages_running_text_is_left_alone(state: object) -> None:
    found = read(f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>')
    assert found.article is None or not found.article.body


def test_a_wall_that_the_publisher_declares_is_not_gone_around() -> None:
    data = {"@type": "NewsArticle", "headline": TITLE, "isAccessibleForFree": False, "articleBody": TEXT}
    teaser = f"<article><h1>{TITLE}</h1><p>{PROSE[0]}</p></article>"
    found = read(f'<script type="application/ld+json">{json.dumps(data)}</script>', body=teaser)
    assert found.verdict is Verdict.WALLED
    assert found.article is not None
    assert found.article.body == ""
    # A text of this length is no teaser by itself.
    data["articleBody"] = "\n\n".join(LONG_PROSE)
    shell = read(f'<script type="application/ld+json">{json.dumps(data)}</script>')
    assert shell.article is None or shell.article.body == ""


def test_the_object_with_the_text_says_title_day_authors_and_picture_too() -> None:
    story = {
        "headline": TITLE,
        "slug": "harbour-reopens-after-repairs",
        "publishedAt": "2025-12-24T08:00:00Z",
        "authors": [{"name": "Ann Quell"}, {"name": "Bert Ohm"}],
        "featuredImage": {"node": {"sourceUrl": "https://img.example.org/harbour-at-dawn.jpg"}},
        "body": [{"type": "paragraph", "text": paragraph} for paragraph in PROSE],
    }
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": story})}</script>'
    choices = article(script).choices
    assert {field: choices[field].value for field in (Field.TITLE, Field.DATE, Field.AUTHOR, Field.IMAGE)} == {
        Field.TITLE: TITLE,
        Field.DATE: "2025-12-24T08:00:00Z",
        Field.AUTHOR: "Ann Quell, Bert Ohm",
        Field.IMAGE: "https://img.example.org/harbour-at-dawn.jpg",
    }
    assert choices[Field.DATE].source == "data:__NEXT_DATA__"


def test_what_the_page_itself_states_stands_above_its_data() -> None:
    story = {**STORY, "date": "2020-01-01T00:00:00Z"}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(story)}</script>'
    head = '<meta property="article:published_time" content="2025-12-24T08:00:00Z">'
    assert article(script, head=head).choices[Field.DATE].value == "2025-12-24T08:00:00Z"


def test_a_story_known_by_its_number_alone_is_the_pages() -> None:
    state = {"story": {"id": 471123, "body": HTML}, "more": [{"id": 471124, "body": OTHER["content"]}]}
    script = f'<script type="application/json" id="state">{json.dumps(state)}</script>'
    assert article(script, url="https://www.example.org/n/471123").body == TEXT


@pytest.mark.parametrize(
    "script",
    [
        "window.a = " + "[" * 100_000,
        "window.a = " + '{"a":' * 50_000,
        "window.a = {" + "a={" * 100_000,
        "window.a = '" + "\\'" * 100_000,
        "window.a = " + json.dumps({"title": TITLE, "content": "x" * 500})[:-1],
        'self.__next_f.push([1,"' + "0:T" * 100_000 + '"])',
    ],
)
def test_broken_data_is_no_reason_to_give_up(script: str) -> None:
    assert read(f"<script>{script}</script>").verdict in {Verdict.EMPTY, Verdict.ARTICLE}


def test_deep_data_is_read_as_far_as_it_goes() -> None:
    deep: dict[str, object] = {"type": "paragraph", "text": "deep"}
    for _ in range(300):
        deep = {"children": [deep]}
    state = {"article": {**STORY, "tree": deep}}
    assert article(f'<script type="application/json">{json.dumps(state)}</script>').body == TEXT
