"""What stands between a page's headline and its article's text and belongs to it: lead image and standfirst."""

from __future__ import annotations

from collections.abc import Collection
from itertools import takewhile

from archiver.extract.content import Survey
from archiver.extract.images import same_picture
from archiver.extract.pictures import Absolute, address
from archiver.extract.places import Element
from archiver.extract.wordkey import key

_SHORTEST = 50
_LONGEST = 900
_MOST = 3
_NO_STANDFIRST = frozenset(["li", "td", "th", "dd", "dt", "a", "button", "label", "figcaption"])


def standfirst(root: Element, article: Element, found: Survey, summaries: Collection[str]) -> list[Element]:
    """The paragraphs between the headline and the article, in page order, that introduce it.

    A paragraph counts that shows one of the page's own `summaries`, or is prose and follows the headline.
    """
    headline = next((heading for heading in root.iter("h1") if "".join(heading.itertext()).strip()), None)
    if headline is not None and article in headline.iterancestors():
        return []
    summarised = {key(summary) for summary in summaries} - {""}
    chosen: list[Element] = []
    after = False
    length = 0
    for element, own in found.stretches.items():
        around = [element, *element.iterancestors()]
        if article in around:
            break
        if headline is not None and (element is headline or headline in around):
            after = True
            continue
        if own < _SHORTEST // 3 or any(outer in found.boilerplate or outer.tag in _NO_STANDFIRST for outer in around):
            continue
        text = "".join(element.itertext())
        introduces = after and own >= _SHORTEST and text.rstrip()[-1:] in '.!?…。！？।؟»”"'
        if introduces or key(text) in summarised:
            chosen.append(element)
            length += len(text)
    shown = (
        {
            key("".join(element.itertext()))
            for element in found.stretches
            if element not in chosen and article in element.iterancestors()
        }
        if chosen
        else set()
    )
    chosen = [element for element in chosen if key("".join(element.itertext())) not in shown]
    return chosen if len(chosen) <= _MOST and length <= _LONGEST else []


def lead_image(
    root: Element, article: Element, found: Survey, absolute: Absolute, covers: Collection[str]
) -> Element | None:
    """The image above the article with its caption: one of the page's `covers`, or a figure with a caption."""
    for image in root.iter("img", article.tag):
        if image is article:
            return None
        if image.tag != "img":
            continue
        outer = list(takewhile(lambda above: above is not root, image.iterancestors()))
        if any(above in found.boilerplate or above.tag == "li" for above in outer):
            continue
        url = address(image, absolute)
        if url is None:
            continue
        figure = next((above for above in outer if above.tag == "figure"), None)
        if any(same_picture(url, cover) for cover in covers):
            return figure if figure is not None else image
        if figure is not None and next(figure.iter("figcaption"), None) is not None and _beside(figure, article):
            return figure
    return None


def _beside(figure: Element, article: Element) -> bool:
    """True when the figure stands in the same `<article>` or `<main>` as the text."""
    around = set(article.iterancestors())
    return any(above in around for above in figure.iterancestors("article", "main", "section", "div"))
