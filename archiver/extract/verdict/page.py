"""Is this the article? `judge_answer` looks before parsing, `judge_page` after extraction.

A wrong refusal loses a good article, a wrong acceptance spoils a seed: so every rule asks for more than a phrase.
What the page is made of (how much text, linked data of an article) decides how much a phrase weighs.
"""

from __future__ import annotations

import re
from functools import cached_property

from archiver.extract.dom.jsonld import strings, types
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import text_of
from archiver.extract.verdict.matching import (
    BLOCK,
    NOT_FOUND,
    NOTICES,
    Notice,
    heading_says,
    is_consent,
    normal,
    page_text,
    says,
    volume,
)
from archiver.extract.verdict.paywall import is_teaser
from archiver.extract.verdict.response import Judgement, has_challenge, is_home, judge_answer
from archiver.models import Verdict
from archiver.text.normalize import slug_share, words
from archiver.urls import segments

__all__ = ["Judgement", "judge_answer", "judge_page"]

# Volumes are in letters of an alphabet, as `_volume` counts. A notice is a few sentences, some refusals explain
# themselves at length, a dialogue about consent at more.
_MIN_TEXT_LETTERS = 60
"""Letters below which a body is next to none: the whole page is read in its place, and a heading alone decides. With
fewer a lone label hides the notice beside it, with more the menus of a short report are judged. No measurement is on
record."""
_MAX_SENTENCE_NOTICE_LETTERS = 700
"""Letters below which a notice is believed that stands in a sentence, or on a page that says it is an article; with
fewer refusals that explain themselves pass for articles, with more short reports that speak of errors do not. No
measurement is on record."""
_MAX_NOTICE_LETTERS = 1200
"""Letters below which a page can be a notice; from there on it is only a missing page with the news of the day below.
With fewer long refusals pass for articles, with more articles with a strange headline do not. No measurement is on
record."""
_MAX_DIALOGUE_LETTERS = 6000
"""Letters up to which a text can be a dialogue about consent; with fewer one that lists its partners passes for an
article, with more articles about cookies do not. No measurement is on record."""

_MAX_REPLACED_SHARE = 0.02
"""Share of U+FFFD in a body; with less an article with a few broken quotation marks is lost, with more a text whose
every accent is lost is written. No real page of 803 has a hundredth."""

_LETTER = re.compile(r"[^\W_]")
_ARTICLE_TYPE = re.compile(r"article|posting$|^report$|review$|recipe$|^hentry$|videoobject$|podcastepisode$")
_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "dc.date.issued",
    "parsely-pub-date",
)
_REFRESH = re.compile(r"^\s*(\d+)[.\d]*\s*[;,]\s*(?:url\s*=\s*)?['\"]?([^'\"]+)", re.IGNORECASE)


def judge_page(page: Page, markdown: str, title: str | None) -> Judgement:
    """Judge a parsed page by its title, its extracted text and its markup.

    `markdown` is the extracted body, `""` where there is none; `title` the chosen headline. The detail is one sentence
    for a person, empty for an article that needs no remark. ARTICLE and WALLED are the verdicts with an article behind
    them: of a walled page the text is a teaser.
    """
    view = _View(page, markdown, title)
    return (
        _undecodable(view)
        or _notice(view)
        or _consent(view)
        or _judge_forward(view)
        or _home(view)
        or _empty(view)
        or _judge_wall(view)
        or (Verdict.ARTICLE, "")
    )


def _undecodable(view: _View) -> Judgement | None:
    """A text of which much is not in the charset that its page names."""
    lost = view.markdown.count("\ufffd")
    if lost <= _MAX_REPLACED_SHARE * len(view.markdown):
        return None
    return Verdict.NOT_HTML, f"{lost} characters of its text cannot be read in the charset that it names."


class _View:
    """A page as the rules look at it; what costs time is read when the first rule asks for it."""

    def __init__(self, page: Page, markdown: str, title: str | None) -> None:
        self.page = page
        self.markdown = markdown.strip()
        self.title = (title or "").strip()
        self.volume = volume(self.markdown)

    @cached_property
    def h1(self) -> str:
        return next((text for h1 in self.page.regions.h1[:3] if (text := text_of(h1, 300).strip())), "")

    @cached_property
    def titles(self) -> tuple[str, ...]:
        found = (text_of(title, 300).strip() for title in self.page.regions.titles[:1])
        return tuple(text for text in (self.title, *found) if text)

    @cached_property
    def headings(self) -> str:
        """The titles and the first heading in normal form, one a line."""
        return "\n".join(map(normal, (*self.titles, self.h1)))

    @cached_property
    def is_marked_article(self) -> bool:
        """Whether the markup claims an article: linked data with a headline, or a publication date."""
        node = self.page.article_data
        if (
            node is not None
            and strings(node.get("headline"))
            and any(_ARTICLE_TYPE.search(name) for name in types(node))
        ):
            return True
        return any(name in self.page.meta for name in _PUBLISHED)

    @cached_property
    def visible(self) -> str:
        """The start of all text on the page, one line per element."""
        return page_text(self.page.tree)

    @cached_property
    def text(self) -> str:
        """What a reader finds to read: the body, or the whole page where there is next to none."""
        return self.markdown if self.volume >= _MIN_TEXT_LETTERS else f"{self.markdown}\n{self.visible}"


def _notice(view: _View) -> Judgement | None:
    for notice in NOTICES:
        if _is_notice(view, notice):
            return notice.verdict, notice.detail
    if (
        view.volume < 200
        and not view.is_marked_article
        and len(view.visible) < 400
        and has_challenge(view.page.capture.body)
    ):
        return BLOCK.verdict, BLOCK.detail
    return None


def _is_notice(view: _View, notice: Notice) -> bool:
    if view.volume >= _MAX_NOTICE_LETTERS and notice is not NOT_FOUND:
        return False
    if view.volume >= _MAX_SENTENCE_NOTICE_LETTERS and view.is_marked_article:
        return False
    phrases = tuple(phrase for phrase in notice.headings if phrase in view.headings)
    headed = any(heading_says(title, phrases) for title in view.titles)
    agrees = heading_says(view.h1, phrases, parts=False) or says(view.h1, notice.sentences)
    if view.volume >= _MAX_NOTICE_LETTERS:
        # A missing page often shows the news of the day below; all else is an article with a strange headline.
        return headed and agrees
    if view.is_marked_article and not (headed or agrees):
        return False
    if view.is_marked_article:
        return not view.volume or says(view.markdown, (*notice.sentences, *notice.headings))
    if headed or agrees:
        return agrees or not view.h1 or len(words(view.h1)) < 3 or view.volume < _MIN_TEXT_LETTERS
    return view.volume < _MAX_SENTENCE_NOTICE_LETTERS and says(view.text, notice.sentences)


def _consent(view: _View) -> Judgement | None:
    if view.is_marked_article or view.volume > _MAX_DIALOGUE_LETTERS or not is_consent(view.text):
        return None
    return (
        Verdict.BLOCKED,
        "Only a request for consent to cookies came; read an archived copy, or fetch the page by hand.",
    )


def _judge_forward(view: _View) -> Judgement | None:
    if view.volume >= 200 or view.is_marked_article:
        return None
    for content in view.page.meta.get("refresh", ()):
        match = _REFRESH.match(content)
        target = view.page.absolute(match[2]) if match else None
        if not match or int(match[1][:6]) > 30 or target is None or target.rstrip("/") == view.page.url.rstrip("/"):
            continue
        if is_home(target) and not is_home(view.page.capture.requested_url):
            return (
                Verdict.REDIRECTED_HOME,
                "The page forwards to the front page of the site; the article is not there any more.",
            )
        return Verdict.MOVED, f"The page forwards to {target[:200]}, which was not followed."
    return None


def _home(view: _View) -> Judgement | None:
    page, asked = view.page, view.page.capture.requested_url
    if is_home(asked) or view.is_marked_article:
        return None
    canonical = page.canonical
    slug = frozenset(
        word for part in segments(asked)[-2:] for word in words(part) if len(word) > 2 and not word.isdigit()
    )
    if slug and max((slug_share(text, slug) for text in (view.title, view.h1)), default=0) >= 0.5:
        return None
    if canonical and is_home(canonical) and "article" not in page.meta.get("og:type", ()):
        return (
            Verdict.REDIRECTED_HOME,
            "The page calls itself the front page of the site, and its title is not what the address promises.",
        )
    before, after = segments(asked), segments(page.url)
    if (
        len(after) == 1
        and len(before) > 2
        and before[0] == after[0]
        and is_plain_section(after[0])
        and not is_plain_section(before[-1])
    ):
        return (
            Verdict.REDIRECTED_HOME,
            "The address leads to the front page of a section; the article is not there any more.",
        )
    return None


def is_plain_section(segment: str) -> bool:
    """Whether a part of an address is a single word or two without numbers, as sections are named."""
    return segment.count("-") < 2 and not any(letter.isdigit() for letter in segment)


def _empty(view: _View) -> Judgement | None:
    if view.volume:
        return None
    if view.title and view.is_marked_article:
        return Verdict.ARTICLE, "The page has a headline but no text that can be read without running its scripts."
    return Verdict.EMPTY, "The page has no article text; it may need its scripts to show any."


def _judge_wall(view: _View) -> Judgement | None:
    if is_teaser(view.page, view.markdown, view.volume):
        count = sum(
            1
            for block in re.split(r"\n\s*\n", view.markdown)
            if _LETTER.search(block) and not block.startswith(("#", "!"))
        )
        return (
            Verdict.WALLED,
            f"Only a teaser of {count} paragraph{'s' * (count != 1)} is open; the rest is behind a paywall.",
        )
    return None
