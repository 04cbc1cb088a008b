"""The pictures that a page shows: where each stands to the article's text, and which one is its cover."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from lxml import etree

from archiver.extract.dom import jsonld
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element, aside, text_of
from archiver.extract.fields import images
from archiver.extract.fields.coerce import image_addresses, values
from archiver.models import Candidate, Field
from archiver.rules import SiteRules
from archiver.urls import segments

LEAD, ABOVE, TEXT, LINKED = "figure", "figure:above", "figure:text", "figure:linked"
"""Sources: a figure between headline and text, one above the headline, one in the text, one that leads elsewhere."""

_MAX_FIGURES = 3
"""Figures that are offered; with fewer one behind two drawings is missed, more cost time. No measurement is on
record."""
_MAX_IMAGES = 60
"""Images among which the site's logo is looked for; with fewer one behind a bar of teasers is missed, more cost time.
No measurement is on record."""
_MIN_FIGURE_PIXELS = 150
"""Pixels of a stated width or height; from fewer on portraits and icons pass for the lead image, with more small
pictures of old pages are lost. No measurement is on record."""
_MAX_LEAD_LETTERS = 500
"""Characters without links between the headline and its picture; with fewer the picture below a long introduction and
a byline is one of the text, with more so is that below the first paragraph. No measurement is on record."""
_MAX_FRAMES = 4
"""Elements around a picture whose names and links are about it; with fewer the frame around a portrait's frame is
missed, with more a name that a whole section has counts. No measurement is on record."""
_NO_FRAMES = frozenset(("article", "main", "section", "body"))
_NO_COVER = re.compile(
    r"(?:^|[\s_-])(?:authors?|autor(?:en|es)?|by-?lines?|avatars?|profiles?|contributors?|logos?|icons?|share|sharing|"
    r"social)(?=$|[\s_-])",
    re.IGNORECASE,
)
_UNREAD = frozenset(
    ("script", "style", "template", "noscript", "svg", "nav", "aside", "footer", "form", "button", "figcaption")
)


def from_figures(page: Page, rules: Sequence[SiteRules]) -> Iterator[Candidate]:
    """The first images of the article, in their largest version; icons and portraits are left out."""
    lazy = [name for rule in rules for name in rule.lazy_image_attributes]
    around = _around_headline(page)
    found = 0
    for image in page.figures:
        if _is_small(image) or _is_portrait(image):
            continue
        source = LINKED if _leads_elsewhere(page, image) else around.get(image, TEXT)
        for address in islice(image_addresses(image, lazy), 1):
            yield from values(page, Field.IMAGE, [address], source)
            found += 1
        if found >= _MAX_FIGURES:
            return


def choose_image(ranked: Sequence[Candidate], page: Page) -> Candidate | None:
    """Choose the cover out of usable candidates, best places first; None where only pictures about others are left.

    A figure that the page's data name too is the cover as the reader sees it. Else the data are right, for a figure is
    as often a chart, a portrait or an advertisement, unless it stands below the headline, where nothing of them stands
    before it: share images carry logos, and sites repeat one picture for all their pages.
    """
    shown = [c for c in ranked if c.source.startswith(LEAD)]
    stated = [c for c in ranked if not c.source.startswith(LEAD)]
    figures = [c for c in shown if not images.small(c.value)]
    lead = next((c for c in figures if c.source != ABOVE), None)
    lead = lead if lead is not None and lead.source == LEAD else None
    agreed = next((c for c in figures if any(images.same_picture(c.value, other.value) for other in stated)), None)
    if agreed is not None and (lead is None or agreed.source != TEXT):
        return agreed
    stated = _without_sites_own(stated, page)
    if lead is None:
        return next((c for c in (*stated, *figures, *shown) if c.source != LINKED), None)
    before = _pictures_before(page, lead.value) if stated else []
    return next((c for c in stated if any(images.same_picture(c.value, address) for address in before)), lead)


def _without_sites_own(stated: list[Candidate], page: Page) -> list[Candidate]:
    """The candidates that are not the site's: its icon, its logo in the linked data, what leads to its front page."""
    if not stated:
        return []
    # To make an address absolute is dear: only those with the name of a candidate's file can be one.
    names = {c.value.rpartition("/")[2] for c in stated}
    written = [link.get("href") or "" for link in page.regions.links if "icon" in (link.get("rel") or "").lower()]
    for image in page.attribute_index.tagged("img")[:_MAX_IMAGES]:
        if any(name in value for value in image.values() for name in names) and _leads_home(page, image):
            written += image_addresses(image)
    publishers = (
        thing for node in page.linked_data for thing in jsonld.objects(node.get("publisher"), page.linked_data)
    )
    logos = [thing.get("logo") for thing in publishers if not isinstance(thing, str)]
    for logo in jsonld.objects(logos, page.linked_data):
        written += [logo] if isinstance(logo, str) else jsonld.strings(logo.get("url"))
    own = {page.absolute(address) for address in written if any(name in address for name in names)}
    return [c for c in stated if c.value not in own]


def _leads_home(page: Page, image: Element) -> bool:
    link = next(image.iterancestors("a"), None)
    target = None if link is None else page.absolute(link.get("href") or "")
    return target is not None and not segments(target)


def _pictures_before(page: Page, figure: str) -> list[str]:
    """The addresses of all pictures that the page shows, or has for readers without scripts, up to a figure's."""
    found: dict[str, None] = {}
    for element in page.attribute_index.tagged("img", "source"):
        addresses = [url for written in image_addresses(element) if (url := page.absolute(written))]
        if figure in addresses:
            break
        found.update(dict.fromkeys(addresses))
    return list(found)


def _is_small(image: Element) -> bool:
    sizes = [image.get(side) or "" for side in ("width", "height")]
    return any(size.isdigit() and int(size) < _MIN_FIGURE_PIXELS for size in sizes)


def _is_portrait(image: Element) -> bool:
    """True where the image or a frame around it is named after an author, a logo or a button for sharing."""
    return any(_NO_COVER.search(f"{frame.get('class') or ''} {frame.get('id') or ''}") for frame in _frames(image))


def _leads_elsewhere(page: Page, image: Element) -> bool:
    """True where the image links to a page that is neither this one, nor below it, nor the picture itself."""
    frames = list(_frames(image))
    if any(frame.tag == "figure" and frame.find(".//figcaption") is not None for frame in frames):
        return False
    link = next((frame for frame in frames if frame.tag == "a"), None)
    target = page.absolute(link.get("href") or "") if link is not None else None
    if target is None or images.is_file(target):
        return False
    own = segments(page.url)
    return segments(target)[: len(own)] != own


def _frames(image: Element) -> Iterator[Element]:
    """The image, and the elements around it that hold little else."""
    yield image
    for frame in islice(image.iterancestors(), _MAX_FRAMES):
        if frame.tag in _NO_FRAMES:
            return
        yield frame


def _around_headline(page: Page) -> dict[Element, str]:
    """The images above the headline and those between it and the text; without a headline, those before the text."""
    waiting = set(page.figures)
    headline = next((h1 for h1 in page.regions.h1 if not aside(h1) and text_of(h1, 100).strip()), None)
    found: dict[Element, str] = {}
    below = headline is None
    letters = 0
    walk = etree.iterwalk(page.tree, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            letters += len((element.tail or "").strip()) if below else 0
        elif element is headline:
            below = True
            walk.skip_subtree()
        elif element.tag in _UNREAD or element.tag == "head":
            walk.skip_subtree()
        elif element.tag == "img":
            found[element] = LEAD if below else ABOVE
            waiting.discard(element)
        elif below and element.tag != "a":
            letters += len((element.text or "").strip())
        if letters > _MAX_LEAD_LETTERS or not waiting:
            break
    return found
