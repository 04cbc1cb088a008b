"""The body of an article's page as Markdown that a person would have written."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from archiver.extract.body import density
from archiver.extract.body.lead import lead_image, standfirst
from archiver.extract.body.trafilatura import second_opinion
from archiver.extract.body.trimming import below_title, trim_edges, without_title
from archiver.extract.dom import jsonld
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element
from archiver.extract.markdown.blocks import Block, join_blocks
from archiver.extract.markdown.writer import blocks
from archiver.rules import SiteRules
from archiver.text.letters import letters_key
from archiver.urls import hostname, registered_label

__all__ = ["Body", "body", "without_title"]

_MIN_BODY_LETTERS = 250
"""Letters below which a body is suspicious, an `articleBody` proves nothing, and a long page has no prose; with fewer a
lone teaser passes for a body, with more each short report pays for a second opinion. No measurement is on record."""
_MAX_ELEMENTS = 20_000
"""Elements above which a page without prose is a list of links, too long to look at twice; with fewer articles on long
pages get no second opinion, more cost time. No measurement is on record."""
_MIN_LONG_BODY_LETTERS = 800
"""Letters from which a body is not suspicious for its small share of the page: below a long article there may be more
comments than text. No measurement is on record."""
_MIN_PAGE_SHARE = 0.35
"""Share of the text of a page below which a body is suspicious; lower, and the wrong part of a page goes without a
second opinion, higher, and more pages pay for one in vain. No measurement is on record."""
_MIN_STATED_SHARE = 0.8
"""Share of the `articleBody` in the linked data below which a body is suspicious; lower, and a lost section goes
unnoticed, higher, and captions and titles that only the linked data counts cause a second opinion. No measurement is on
record."""
_MIN_GAIN_FACTOR = 1.3
"""The second opinion is taken when its text is longer than so many times the first; at 1 any stray paragraph would
decide, the higher, the more articles stay without their second half. No measurement is on record."""
_MIN_HEADLINE_LETTERS = 20
"""Letters from which a body is not suspicious for its small share of the page; with fewer a long teaser goes without a
second opinion, with more each article above a thread of comments pays for one. No measurement is on record."""
_Write = partial[list[Block]]
"""Writes elements of one page; the arguments left are those of `writer.blocks`."""
_SUMMARIES = ("description", "og:description", "twitter:description")


@dataclass(frozen=True, slots=True)
class Body:
    """What a page says below its title."""

    markdown: str
    """Blocks separated by one empty line, without a trailing newline; empty when no text was found, which is a
    fault of the page or of the extraction and never a reason to change a seed."""
    text: str
    """The text of the blocks that are prose, one paragraph a line, without markup."""
    extractor: str
    """Who found it: `rules`, `content`, `trafilatura`, `data:` with the name of the page's data, or `none`."""
    share: float
    """How much of the page's prose is in it, 0 to 1; low for front pages and lists of links."""


def body(page: Page, rules: Sequence[SiteRules] = (), title: str | None = None, *, liquid_fences: bool = True) -> Body:
    """The article's text, by the first era of `rules` whose selectors find any, else by the page's own shape.

    `title` is taken off the top where it is known already; `liquid_fences` is that of `writer.blocks`.
    """
    write = partial(blocks, absolute=page.absolute, liquid_fences=liquid_fences)
    for era in rules:
        found = _by_rules(page, era, title, write)
        if found is not None:
            return _body(found, "rules", 1.0, title)
    shown = _by_content(page, title, write)
    unscripted = _unscripted(page) if _letters(shown) < _MIN_BODY_LETTERS else None
    if unscripted is None:
        return shown
    other = _by_content(unscripted, title, write)
    return other if _letters(other) > max(_MIN_BODY_LETTERS, _MIN_GAIN_FACTOR * _letters(shown)) else shown


def _letters(found: Body) -> int:
    return len(letters_key(found.text))


def _unscripted(page: Page) -> Page | None:
    """The page as a browser without scripts shows it; None where it says no more there."""
    if not any(len(letters_key("".join(part.itertext()))) > _MIN_BODY_LETTERS for part in page.tree.iter("noscript")):
        return None
    tree = deepcopy(page.tree)
    for part in tree.iter("noscript"):
        part.tag = "div"
    return replace(page, tree=tree)


def _by_rules(page: Page, era: SiteRules, title: str | None, write: _Write) -> list[Block] | None:
    skip = set(_found(page, era, "prune"))
    lazy = era.lazy_image_attributes
    for selector in era.body:
        found = _outermost(page.select(selector))
        written = write(found, skip=skip, lazy=lazy)
        has_text = any(block.text.strip() for block in written if block.kind != "image")
        page.uses.note(era, "body", selector, has_text)
        if has_text:
            lead = _outermost(_found(page, era, "lead_media"))
            inside = set(found)
            lead = [element for element in lead if not inside.intersection(element.iterancestors())]
            above = write(lead, skip=skip, lazy=lazy)
            return trim_edges([*above, *written], titles_of(page, title), _site(page))
    return None


def _found(page: Page, era: SiteRules, field: str) -> list[Element]:
    """The elements that any selector of a field finds."""
    found: list[Element] = []
    for selector in getattr(era, field):
        elements = page.select(selector)
        page.uses.note(era, field, selector, bool(elements))
        found += elements
    return found


def titles_of(page: Page, title: str | None = None) -> set[str]:
    """The headlines that the page shows or states."""
    told = {value for name in ("og:title", "twitter:title", "headline") for value in page.meta.get(name, ())}
    titled = next(iter(page.attribute_index.tagged("title")), None)
    window = "" if titled is None else letters_key("".join(titled.itertext()))
    # A headline in <h2> is told by the window's title, which begins with it.
    lesser = {
        text
        for text in _texts(page.regions.h2)
        if len(key := letters_key(text)) >= _MIN_HEADLINE_LETTERS and window.startswith(key)
    }
    shown = {
        text
        for at, text in enumerate(_texts(page.regions.h1))
        if (at == 0 and not lesser) or letters_key(text) in window
    } | lesser
    return told | shown | ({title} if title else set())


def _texts(headings: Sequence[Element]) -> list[str]:
    return [" ".join("".join(heading.itertext()).split()) for heading in headings[:8]]


def _site(page: Page) -> str:
    """The name that a site's hosts share under every suffix: `example` of `news.example.co.uk` and `example.com`."""
    return registered_label(hostname(page.url))


def _outermost(elements: list[Element]) -> list[Element]:
    chosen: dict[Element, None] = {}
    for element in elements:
        if not any(ancestor in chosen for ancestor in element.iterancestors()):
            chosen[element] = None
    return list(chosen)


def _by_content(page: Page, title: str | None, write: _Write) -> Body:
    root = page.tree.find("body")
    if root is None:
        return Body("", "", "none", 0.0)
    summaries = [value for name in _SUMMARIES for value in page.meta.get(name, ())]
    found = density.survey(root, page.attribute_index, summaries, page.around_headline)
    if found.elements > _MAX_ELEMENTS and found.total < _MIN_BODY_LETTERS:
        return Body("", "", "none", 0.0)
    titles = titles_of(page, title)
    article = density.article(root, found, titles)
    covers = [url for value in page.meta.get("og:image", ()) if (url := page.absolute(value))]
    frames = lead_image(root, article, found, page.absolute, covers)
    inside = [element for frame in frames for element in frame.iter() if element in found.boilerplate]
    # What a frame calls overlay or slider may be the image itself.
    lead = write(frames, skip=[element for element in inside if next(element.iter("img"), None) is None])
    # Whatever stands in the frame of the lead image is about the image.
    lead = [replace(block, kind="caption") if block.kind == "paragraph" else block for block in lead]
    introduction = write(standfirst(root, article, found, summaries), skip=found.boilerplate)
    # An article that tells its headline again does so below its introduction.
    text = below_title([*lead, *write([article], skip=found.boilerplate)], titles)
    written = trim_edges([*text[: len(lead)], *introduction, *text[len(lead) :]], site=_site(page))
    share = found.weight[article] / found.total if found.total else 0.0
    if _is_suspicious(page, written, share):
        second = second_opinion(page)
        if second is not None:
            other = trim_edges(_of_article(write([second]), root, article, titles), titles, _site(page))
            # Text that stands in links alone is a menu.
            if found.total > _length(other) / 2 and _is_better(other, written):
                return _body(other, "trafilatura", share, title)
    return _body(written, "content", share, title)


def _is_better(other: list[Block], written: list[Block]) -> bool:
    """True for a longer second opinion that has what the first one has, where that is more than a few lines."""
    length = _length(written)
    if _length(other) <= _MIN_GAIN_FACTOR * length:
        return False
    letters = letters_key(" ".join(block.text for block in other))
    same = _length([block for block in written if letters_key(block.text) in letters])
    return length < _MIN_BODY_LETTERS or same >= _MIN_STATED_SHARE * length


def _of_article(found: list[Block], root: Element, article: Element, titles: set[str]) -> list[Block]:
    """The blocks that stand in the whole article around the text, where the page shows which that is.

    Elsewhere those are left out that stand above the headline.
    """
    around = density.enclosing_article(article, titles)
    if around is None:
        return found[_above_headline(found, root) :]
    inside = letters_key("".join(around.itertext()))
    return [
        block for block in found if block.kind == "image" or letters_key(block.text)[:_MIN_HEADLINE_LETTERS] in inside
    ]


def _above_headline(found: list[Block], root: Element) -> int:
    """How many of the first blocks stand on the page above its headline."""
    headline = next((heading for heading in root.iter("h1") if "".join(heading.itertext()).strip()), None)
    if headline is None:
        return 0
    above: list[str] = []
    around = set(headline.iterancestors())
    for element in takewhile(lambda element: element is not headline, root.iter()):
        above += [element.text or "", (element not in around and element.tail) or ""]
    text = letters_key(" ".join(above))
    keys = (letters_key(block.text)[:_MIN_HEADLINE_LETTERS] for block in found)
    return next((at for at, key in enumerate(keys) if key not in text), 0)


def _is_suspicious(page: Page, written: list[Block], share: float) -> bool:
    """True for a body that is short, or a small part of the page, or not what the page's linked data holds."""
    stated = letters_key(" ".join(jsonld.strings((page.article_data or {}).get("articleBody"))))
    least: float = _MIN_BODY_LETTERS
    if len(stated) > _MIN_BODY_LETTERS:
        least = max(least, _MIN_STATED_SHARE * len(stated))
    elif share < _MIN_PAGE_SHARE:
        least = _MIN_LONG_BODY_LETTERS
    return not _reaches(written, least)


def _reaches(written: list[Block], least: float) -> bool:
    """True for blocks of so many letters; those after them are not counted."""
    length = 0
    for block in written:
        length += _length([block])
        if length >= least:
            return True
    return length >= least


def _length(written: list[Block]) -> int:
    return sum(len(letters_key(block.text)) for block in written if block.kind not in ("image", "caption"))


def _body(written: list[Block], extractor: str, share: float, title: str | None) -> Body:
    markdown = join_blocks(written)
    if title:
        markdown = without_title(markdown, title)
    text = "\n".join(" ".join(block.text.split()) for block in written if block.kind != "image")
    return Body(markdown, text, extractor if text else "none", share)
