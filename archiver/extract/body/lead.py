"""What stands between a page's headline and its article's text and belongs to it: lead image and standfirst."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import islice, takewhile

from archiver.extract.body.density import Survey, shows
from archiver.extract.dom.regions import MAX_LEVELS_UP, Element
from archiver.extract.fields.images import same_picture
from archiver.extract.markdown.elements.captions import frames_one, is_caption
from archiver.extract.markdown.elements.image_src import Absolute, address
from archiver.text.letters import letters_key

_AUTHOR = re.compile(r"(?:^|[\s_-])(?:authors?|by-?lines?|avatar)", re.IGNORECASE)
_MIN_STANDFIRST_LETTERS = 50
"""Characters; with fewer a line about the author is a standfirst, with more a short one is lost. A third of it is
enough for what repeats a summary of the page. No measurement is on record."""
_MAX_STANDFIRST_LETTERS = 900
"""Characters of all paragraphs between headline and article; more of them are another text, and none is taken. No
measurement is on record."""
_MAX_PARAGRAPHS = 3
"""Paragraphs between headline and article; more of them are another text, and none is taken. With one fewer a
standfirst with two lines around it is lost. No measurement is on record."""
_NO_LEAD = frozenset(["nav", "aside", "footer"])
_NO_STANDFIRST = frozenset(["li", "td", "th", "dd", "dt", "a", "button", "label", "figcaption"])


def standfirst(root: Element, article: Element, found: Survey, summaries: Collection[str]) -> list[Element]:
    """The paragraphs between the headline and the article, in page order, that introduce it.

    A paragraph counts that shows one of the page's own `summaries`, or is prose and follows the headline.
    """
    headline = next((heading for heading in root.iter("h1") if "".join(heading.itertext()).strip()), None)
    if headline is not None and article in headline.iterancestors():
        return []
    summarised = {letters_key(summary) for summary in summaries} - {""}
    chosen: list[Element] = []
    after = False
    length = 0
    for element, own in found.stretches.items():
        around = [element, *islice(element.iterancestors(), MAX_LEVELS_UP)]
        if article in around:
            break
        if headline is not None and (element is headline or headline in around):
            after = True
            continue
        if own < _MIN_STANDFIRST_LETTERS // 3 or any(
            outer in found.boilerplate or outer.tag in _NO_STANDFIRST for outer in around
        ):
            continue
        text = "".join(element.itertext())
        introduces = after and own >= _MIN_STANDFIRST_LETTERS and text.rstrip()[-1:] in '.!?…。！？।؟»”"'
        if introduces or letters_key(text) in summarised:
            chosen.append(element)
            length += len(text)
    if length > _MAX_STANDFIRST_LETTERS:
        return []
    keys = {element: letters_key("".join(element.itertext())) for element in chosen}
    said = set(keys.values())
    shown = {
        letters_key("".join(element.itertext()))
        for element in (found.stretches if chosen else ())
        if element not in keys and shows(element, said) and article in element.iterancestors()
    }
    chosen = [element for element in chosen if keys[element] not in shown]
    return chosen if len(chosen) <= _MAX_PARAGRAPHS else []


def lead_image(
    root: Element, article: Element, found: Survey, absolute: Absolute, covers: Collection[str]
) -> list[Element]:
    """The image above the article and its caption: one of the page's `covers`, or a figure with a caption.

    The caption comes with the image's frame, or is the second element; nothing is found where there is no such image.
    """
    for image in root.iter("img", article.tag):
        if image is article:
            return []
        if image.tag != "img":
            continue
        outer = list(takewhile(lambda above: above is not root, image.iterancestors()))
        tags = {above.tag for above in outer}
        if not _NO_LEAD.isdisjoint(tags) or (url := address(image, absolute)) is None:
            continue
        covered = any(same_picture(url, cover) for cover in covers)
        if "li" in tags and not covered:
            continue
        # A cover stands where it is shown first, whatever its frame is called: gallery, slider, teaser image.
        frame = next((above for above in outer if above in found.boilerplate), None)
        if frame is not None and (_is_portrait(frame) or not (covered and _below_headline(image, root))):
            continue
        figure = next((above for above in outer if above.tag == "figure"), None)
        if covered:
            return _with_caption(image, figure, outer)
        if figure is not None and next(figure.iter("figcaption"), None) is not None and _beside(figure, article):
            return [figure]
    return []


def _is_portrait(frame: Element) -> bool:
    """True for the frame around an author's picture."""
    return _AUTHOR.search(f"{frame.get('class') or ''} {frame.get('id') or ''}") is not None


def _with_caption(image: Element, figure: Element | None, outer: list[Element]) -> list[Element]:
    """The image with the caption beside it: its figure, the nearest frame that has a few words, or what follows it."""
    if figure is not None and "".join(figure.itertext()).strip():
        return [figure]
    bare = [image, *takewhile(lambda above: not "".join(above.itertext()).strip(), outer)]
    caption = next((after for frame in bare if (after := frame.getnext()) is not None and is_caption(after)), None)
    shown = figure if figure is not None else image
    if caption is not None:
        return [shown, caption]
    frame = outer[len(bare) - 1] if len(bare) <= len(outer) else None
    return [frame] if frame is not None and frames_one(frame) else [shown]


def _beside(figure: Element, article: Element) -> bool:
    """True when the figure stands in the same `<article>` or `<main>` as the text."""
    around = set(article.iterancestors())
    return any(above in around for above in figure.iterancestors("article", "main", "section", "div"))


def _below_headline(image: Element, root: Element) -> bool:
    """True when the page's first headline stands before the image, near enough to share a frame with it."""
    around = {image, *image.iterancestors()}
    headline = next(root.iter("h1"), None)
    return headline is not None and any(
        above in around for above in headline.iterancestors("article", "main", "section", "div")
    )
