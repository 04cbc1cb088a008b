"""Where the article stands on a page, and what around it is left out."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from archiver import settings
from archiver.extract.body.body import Body, body, without_title
from archiver.extract.dom.page import Page
from archiver.models import Capture
from archiver.rules import SiteRules

PROSE = [
    "The harbour reopened on Monday after three weeks of repairs, the city council said in a statement.",
    "Fishing boats left before dawn, and the first catch was sold at the market by eight in the morning.",
    "“We had almost given up,” said one skipper, whose family has worked here for four generations.",
    "Officials expect the ferry to run again from next week, weather permitting, with two crossings a day.",
]
ARTICLE = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
TEXT = "\n\n".join(PROSE)
MENU = "<nav><ul>" + "".join(f"<li><a href='/{at}'>Section {at}</a></li>" for at in range(12)) + "</ul></nav>"


def page(markup: str, head: str = "") -> Page:
    content = (
        f"<html lang=en><head><title>Harbour reopens - Daily</title>{head}</head><body>{markup}</body></html>".encode()
    )
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    url = "https://www.example.org/news/harbour"
    found = Page.of(Capture(url, url, 200, headers, content, datetime(2024, 1, 1, tzinfo=UTC), "archive"))
    assert found is not None
    return found


def test_the_article_is_found_without_what_surrounds_it() -> None:
    markup = (
        f"{MENU}<main><article><h1>Harbour reopens</h1><p>By Ann Writer</p>{ARTICLE}</article>"
        "<aside><h2>Most read</h2><p>Another story that many people are reading at this very moment.</p></aside></main>"
        "<footer><p>All rights reserved by the publisher of this fine newspaper, since 1890.</p></footer>"
    )
    found = body(page(markup))
    assert found.markdown == TEXT
    assert found.text == "\n".join(PROSE)
    assert found.extractor == "content"


@pytest.mark.parametrize(
    "inside",
    [
        "<div class='article-share'><p>Tell your friends about this article on the networks.</p></div>",
        "<div class='newsletterBox'><p>Get our best stories in your inbox every single morning.</p></div>",
        "<div id='cookie-consent'><p>We use cookies to make this site work and to count visits.</p></div>",
        "<div class='related-posts'><ul><li><a href='/a'>Another story about boats</a></li></ul></div>",
        "<ul class='tags'><li><a href='/t/1'>Harbour</a></li><li><a href='/t/2'>Boats</a></li></ul>",
        "<section class='comments'><p>I have never seen such a beautiful harbour, says a reader.</p></section>",
        "<div class='ad-slot'>Advertisement</div>",
        "<p>Advertisement</p>",
        "<p><b>Read also:</b> <a href='/b'>How the harbour was built in only a year</a></p>",
        "<p><a href='/b'>How the harbour was built in only a year</a></p>",
        "<ul><li><a href='/b'>How the harbour was built</a></li><li><a href='/c'>Who pays for all of it</a></li></ul>",
        "<div hidden><p>A text that no reader of this page will ever get to see.</p></div>",
        "<div style='display: none'><p>A text that no reader of this page will ever get to see.</p></div>",
        "<p class='sr-only'>Skip to the end of this picture gallery.</p>",
        "<form><p>Search for anything that you like on this site.</p><input></form>",
        "<div class='author-bio'><p>Ann Writer has covered harbours and boats for eleven years.</p></div>",
        "<div class='infobox'><h3>The harbour</h3><p>It was built in 1890 and has nine quays.</p></div>",
        "<div class='column factbox'><ul><li>Built in 1890</li><li>Has nine quays</li></ul></div>",
        "<div class='faktaruta'><p>Hamnen byggdes 1890 och har nio kajer.</p></div>",
        "<div class='js-expandable-box'><h2>Who pays?</h2><p>The state pays for half of the repairs.</p></div>",
        "<div class='aiArticleSummary'><ul><li>The harbour is open again.</li></ul></div>",
        "<div class='contentbox relatedbroadcast'><h2>This topic on air</h2><h3>Radio North at nine</h3></div>",
        "<div id='ez-toc-container'><p>Contents</p><ul><li><a href='#a'>1 The storm</a></li></ul></div>",
        "<div class='wp-table-of-contents'><ol><li>The storm</li><li>The repairs</li></ol></div>",
        "<div class='block-inhaltsverzeichnis'><p>Inhalt</p><ol><li>Der Sturm</li><li>Danach</li></ol></div>",
        "<ul><li><a href='#a'>The storm</a></li><li>2 <a href='#b'>The work</a></li><li><a href='#c'>Now</a></li></ul>",
        "<div class='mb-12 not-prose'><p>Get our best stories in your inbox, every single morning.</p></div>",
        "<span class='rollover-people'>Ann Writer: what else she has written on the harbour so far.</span>",
        "<div id='writerProfile'><p>Ann Writer has covered harbours and boats for eleven years.</p></div>",
        "<blockquote><a href='https://pictures.example/p/1'>View this post. Shared by Ann</a></blockquote>",
        "<div><h3>Stay close</h3><p>Our best stories, every morning.</p><div><input type=email></div></div>",
        "<div class='tagbox'><h3>Words on this topic</h3></div>",
        "<div id='printbox'>This article was printed from the address of this page, long ago.</div>",
        "<div class='video-player'><p>This video cannot be played in your browser, sorry.</p></div>",
        "<script>var x = 'text';</script><noscript><p>Please enable scripts.</p></noscript>",
    ],
)
def test_what_is_no_part_of_the_article_is_left_out(inside: str) -> None:
    half = len(ARTICLE) // 2
    at = ARTICLE.index("<p>", half)
    assert (
        body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE[:at]}{inside}{ARTICLE[at:]}</article>")).markdown == TEXT
    )


@pytest.mark.parametrize(
    "wrapper",
    [
        "<div class='has-sidebar'>{}</div>",
        "<div class='sidebar-grid'>{}</div>",
        "<article class='post tag-popular category-share'>{}</article>",
        "<div class='widget'>{}</div>",
        "<div class='infobox'>{}</div>",
        "<div class='has-toc toc'>{}</div>",
        "<div class='protocol'>{}</div>",
        "<div class='gallery'>{}</div>",
        "<div class='unrelated-name'>{}</div>",
        "<div class='section section--has-ads'>{}</div><div>" + ARTICLE[::-1] * 3 + "</div>",
        "<div class='teaser' itemprop=description>{}</div><div>" + ARTICLE[::-1] * 3 + "</div>",
        "<div class='elementor-widget elementor-widget-text-editor'>{}</div><div>" + ARTICLE[::-1] * 3 + "</div>",
        "<form>{}</form>",
        "<table><tr><td>{}</td><td>x</td></tr></table>",
    ],
)
def test_a_name_alone_does_not_make_the_article_boilerplate(wrapper: str) -> None:
    assert TEXT in body(page(f"{MENU}{wrapper.format(ARTICLE)}")).markdown


@pytest.mark.parametrize("name", ["toc-section", "elementor-element elementor-widget-text-editor", "post-info"])
def test_parts_of_an_article_that_are_named_alike_are_kept(name: str) -> None:
    parts = "".join(f"<div class='{name}'><p>{paragraph}</p></div>" for paragraph in PROSE)
    found = body(page(f"{MENU}<h1>Harbour reopens</h1><div>{parts}</div>"))
    assert (found.markdown, found.extractor) == (TEXT, "content")


@pytest.mark.parametrize("name", ["newsletter-post", "caas-modal", "comments-article"])
def test_what_holds_headline_and_text_is_the_article_whatever_it_is_called(name: str) -> None:
    thread = "".join(f"<p>Remark {at}: a reader says at some length what he thinks of it.</p>" for at in range(11))
    markup = f"<div class='{name}'><h1>Harbour reopens</h1>{ARTICLE}</div><section class=comments>{thread}</section>"
    found = body(page(f"{MENU}{markup}"))
    assert (found.markdown, found.extractor) == (TEXT, "content")


@pytest.mark.parametrize(("first", "second"), [("story-body-1", "story-body-2"), ("w-richtext", "w-richtext")])
def test_an_article_in_several_bodies_is_taken_whole(first: str, second: str) -> None:
    more = "<p>And a last word from the harbour master, who has seen it all before.</p>"
    markup = f"<h1>Harbour reopens</h1><div class='{first}'>{ARTICLE}</div><div class='{second}'>{more}{more}</div>"
    assert body(page(f"{MENU}<main>{markup}</main>")).markdown.count("A last word".lower()) == 2


def test_a_widget_that_shares_is_left_out_whatever_built_it() -> None:
    inside = "<div class='elementor-widget elementor-widget-share-buttons'>Tell your friends about this article.</div>"
    assert body(page(f"<article>{ARTICLE}{inside}</article>")).markdown == TEXT


@pytest.mark.parametrize(
    ("first", "second"),
    [("desktop", "phone"), ("", "d-none"), ("d-none", ""), ("layout", "layout locked")],
)
def test_an_article_that_stands_twice_is_taken_once(first: str, second: str) -> None:
    markup = (
        f"<h1>Harbour reopens</h1><div><div class='{first}'>{ARTICLE}</div><div class='{second}'>{ARTICLE}</div></div>"
    )
    assert body(page(f"{MENU}{markup}")).markdown == TEXT


@pytest.mark.parametrize("line", ["12 May 2023 08:49 GMT", "The News Published Monday, November 18, 2019 8:22AM EST"])
def test_a_line_at_the_top_that_only_dates_the_text_is_left_out(line: str) -> None:
    assert body(page(f"<article><p>{PROSE[3]}</p><p>{line}</p>{ARTICLE}</article>")).markdown == f"{PROSE[3]}\n\n{TEXT}"
    assert line in body(page(f"<article>{ARTICLE}<p><b>{line}</b></p>{ARTICLE}</article>")).text


def test_a_last_section_about_something_else_is_left_out_whole() -> None:
    bio = "<p>Ann Writer has lived by the sea for most of her life.</p>"
    markup = f"<article>{ARTICLE}<h3>About the author</h3>{bio}</article>"
    assert body(page(markup)).markdown == TEXT
    assert bio[3:-4] in body(page(f"<article>{ARTICLE}<h3>About the author</h3>{bio}{ARTICLE}</article>")).text


def test_footnotes_are_no_table_of_contents() -> None:
    notes = "".join(f"<li><a href='#r{at}'>^</a> The council's minutes, volume {at}, page 12.</li>" for at in range(4))
    assert body(page(f"<article>{ARTICLE}<ol>{notes}</ol></article>")).text.count("The council's minutes") == 4


@pytest.mark.parametrize(
    ("aside", "text"),
    [
        ("<aside class='admonition warning'><p>Mind the tide at the mole.</p></aside>", "> Mind the tide at the mole."),
        (
            "<aside data-username='ada'><div>ada:</div><blockquote>Mind the tide.</blockquote></aside>",
            "ada:\n\n> Mind the tide.",
        ),
        ("<aside class='footnote' role='doc-footnote'><p>1 The tide of 1953.</p></aside>", "1 The tide of 1953."),
    ],
)
def test_what_an_aside_says_of_the_text_is_kept(aside: str, text: str) -> None:
    assert body(page(f"<article>{ARTICLE}{aside}{ARTICLE}</article>")).markdown == f"{TEXT}\n\n{text}\n\n{TEXT}"


def test_links_to_other_sites_are_kept() -> None:
    inside = "<p>Source: <a href='https://harbour-master.net/report'>The report of the harbour master</a></p>"
    assert "harbour-master.net/report" in body(page(f"<article>{ARTICLE}{inside}{ARTICLE}</article>")).markdown


def test_standfirst_and_lead_image_come_first() -> None:
    markup = (
        "<article><header><h1>Harbour reopens</h1><p class='dek'>Three weeks of repairs are over at last.</p>"
        "<figure><img src='/lead.jpg' alt=''><figcaption>Boats at dawn</figcaption></figure></header>"
        f"<div class='article-body'>{ARTICLE}</div></article>"
    )
    description = "<meta name=description content='Three weeks of repairs are over at last.'>"
    lead = "![Boats at dawn](https://www.example.org/lead.jpg)\n\nBoats at dawn"
    assert body(page(markup, description)).markdown == f"{lead}\n\nThree weeks of repairs are over at last.\n\n{TEXT}"


@pytest.mark.parametrize("again", ["<h1>Harbour reopens</h1>", "<h2>Finance</h2><h1>Harbour reopens</h1><p>By Ann</p>"])
def test_a_standfirst_above_a_headline_told_twice_is_kept(again: str) -> None:
    dek = "Three weeks of repairs at the quay are over at last, and the first boats are out at sea."
    markup = (
        f"<main><header><h1>Harbour reopens</h1><div class='dek'>{dek}</div></header>"
        f"<article class='article-body'>{again}{ARTICLE}</article></main>"
    )
    assert body(page(markup)).markdown == f"{dek}\n\n{TEXT}"


def test_a_caption_stands_once() -> None:
    figure = "<figure><img src='/a.jpg' alt='Boats at dawn'><figcaption>Boats at dawn</figcaption></figure>"
    assert (
        body(page(f"<article>{figure}<p>Boats at dawn</p>{ARTICLE}</article>")).markdown.count("\n\nBoats at dawn\n\n")
        == 1
    )


def test_headings_keep_their_level_and_none_stands_at_the_end() -> None:
    markdown = body(
        page(f"<article><h1>Harbour reopens</h1>{ARTICLE}<h3>Ferries</h3>{ARTICLE}<h2>More</h2></article>")
    ).markdown
    assert markdown == f"{TEXT}\n\n### Ferries\n\n{TEXT}"


def test_the_next_article_of_an_endless_page_is_not_taken() -> None:
    other = "".join(
        f"<p>Quite another story, part {at}, which goes on and on below the first one.</p>" for at in range(9)
    )
    markup = (
        f"<main><article><h1>Harbour reopens</h1>{ARTICLE}</article><article><h1>Other</h1>{other}</article></main>"
    )
    assert body(page(markup)).markdown == TEXT


def test_an_identical_paragraph_is_not_lost() -> None:
    assert body(page(f"<article>{ARTICLE}{ARTICLE}</article>")).markdown == f"{TEXT}\n\n{TEXT}"


def test_text_that_only_browsers_without_scripts_show_is_read_where_there_is_no_other() -> None:
    slogan = "<p>News from the coast and what lies behind it, written by people who live there.</p>"
    hidden = f"<noscript><h1>Harbour reopens</h1><div class=post-body>{ARTICLE}</div></noscript>"
    assert body(page(f"{MENU}<div>{slogan}</div><div>{hidden}</div>")).markdown == TEXT
    assert body(page(f"<article>{ARTICLE}</article><noscript>{slogan * 9}</noscript>")).markdown == TEXT


def test_how_words_are_spoken_is_not_read_beside_them() -> None:
    word = "<ruby>震災<rp>(</rp><rt>しんさい</rt><rp>)</rp></ruby>"
    assert body(page(f"<article>{ARTICLE}<p>次の{word}に備える。</p></article>")).markdown.endswith(
        "次の震災に備える。"
    )


@pytest.mark.parametrize("markup", ["", "<p></p>", MENU, "<div><img src='/a.jpg' width=1></div>"])
def test_an_empty_page_has_an_empty_body(markup: str) -> None:
    found = body(page(markup))
    assert (found.markdown, found.text, found.extractor) == ("", "", "none")


RULES = SiteRules(
    domains=("example.org",),
    body=(".missing", ".text > .story"),
    prune=(".promo", "p.note"),
    lead_media=("figure.top", ".story figure"),
)
RULED = (
    "<figure class=top><img src='/a.jpg'><figcaption>Boats</figcaption></figure><div class=text><div class=story>"
    f"{ARTICLE}<div class=promo><p>Buy a boat.</p></div><p class=note>A note.</p></div></div>"
    "<p>Elsewhere, some other text.</p>"
)


def test_rules_name_the_body_what_to_prune_and_the_lead() -> None:
    found = body(page(RULED), (RULES,))
    assert found.markdown == f"![Boats](https://www.example.org/a.jpg)\n\nBoats\n\n{TEXT}"
    assert found.extractor == "rules"


def test_the_first_era_that_finds_text_wins() -> None:
    old = SiteRules(domains=("example.org",), body=(".old",))
    empty = SiteRules(domains=("example.org",), body=("figure.none", ".promo > b"))
    assert body(page(RULED), (old, empty, RULES)).extractor == "rules"
    assert body(page(RULED), (old,)).extractor == "content"


@pytest.mark.parametrize(
    ("markdown", "rest"),
    [
        ("## The Harbour reopens\n\ntext", "text"),
        ("**The harbour “reopens”**\n\ntext", "text"),
        ("![x](https://e.org/a.jpg)\n\nThe harbour reopens\n\ntext", "![x](https://e.org/a.jpg)\n\ntext"),
        ("The harbour reopens on Monday\n\ntext", "The harbour reopens on Monday\n\ntext"),
        ("", ""),
    ],
)
def test_without_title(markdown: str, rest: str) -> None:
    assert without_title(markdown, "The harbour reopens") == rest
    assert without_title(markdown, "") == markdown


PAGE_LIMIT_SECONDS = settings.EXTRACT_TIMEOUT


def hazard(markup: str) -> Body:
    found = page(markup)
    start = time.process_time()
    result = body(found)
    assert time.process_time() - start < PAGE_LIMIT_SECONDS
    return result


def test_no_text_is_lost_in_a_huge_node_or_in_many_equal_paragraphs() -> None:
    sentence = "A sentence that stands here again and again. "
    assert len(hazard(f"<p>{sentence * 20_000}</p>").text) > 890_000
    assert hazard(f"<article>{f'<p>{sentence}</p>' * 3_000}</article>").markdown.count(sentence.strip()) == 3_000


@pytest.mark.parametrize(
    "markup",
    [
        "".join(f"<a href='/{at}'>link number {at}</a> " for at in range(22_000)),
        f"<table>{'<tr><td>cell</td><td>1</td><td>2</td></tr>' * 6_000}</table>",
        f"<table>{'<tr><td colspan=1000 rowspan=1000>a</td><td>b</td></tr>' * 1_500}</table>",
        "<div>" * 5_000 + "text" + "</div>" * 5_000,
        "<p>" + "<b>x:</b>y <i>z.</i>q " * 4_000 + "</p>",
        "<p>" + "* _ ` [ ] ! {{ " * 10_000 + "</p>",
        "<ul><li>x " * 1_500,
        "<p>" + "".join(f"text <img src='/{at}.jpg'>" for at in range(5_000)) + "</p>",
        "<div>" + "a line of text<br>" * 10_000 + "</div>",
    ],
    ids=["links", "table", "spans", "deep", "emphasis", "marks", "lists", "images", "breaks"],
)
def test_hostile_pages_end_soon(markup: str) -> None:
    hazard(markup)
