"""Which elements are the caption of an image, or an image with its caption."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from archiver.extract.dom.regions import Element

_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-)?(?:img|image|photo|figure|media|picture)?[-_]*(?:fig)?captions?(?:[-_]?text)?(?:$|\s)",
    re.IGNORECASE,
)
_PICTURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:\w*(?:img|image)|imagen|photo|foto|picture|figure|media|bild)s?(?:$|[\s_-])", re.IGNORECASE
)
_MAY_CAPTION = frozenset(("p", "div", "span"))
_MAY_FRAME = frozenset(("div", "figure", "span"))
_NO_CAPTION = frozenset("h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre article section aside".split())
_MAX_CAPTION_LETTERS = 1500
"""Characters of an element whose class says caption; with fewer captions that tell a story are paragraphs, with more an
article in a wrongly named frame is a caption. No measurement is on record."""
_MAX_BESIDE_LETTERS = 500
"""Characters beside a single image for which both are a figure; with fewer long captions come out as paragraphs, with
more a short article with one image is a figure. No measurement is on record."""


# The elements of a page have few classes, and those of the next page of its site the same.
@lru_cache(maxsize=4096)
def _says_caption(names: str) -> bool:
    return _CAPTION_CLASS.search(names) is not None


@lru_cache(maxsize=4096)
def _says_picture(names: str) -> bool:
    return _PICTURE_CLASS.search(names) is not None


def is_caption(element: Element) -> bool:
    """True for `<figcaption>`, and for a short element whose class says caption."""
    tag = element.tag
    if tag == "figcaption":
        return True
    names = element.get("class") if tag in _MAY_CAPTION else None
    if not names or not _says_caption(names):
        return False
    return element.find(".//p/../p[2]") is None and len("".join(element.itertext())) < _MAX_CAPTION_LETTERS


def is_picture(element: Element) -> bool:
    """True for a frame that is named like a picture and holds one image with a line of text beside it."""
    tag = element.tag
    if tag not in _MAY_FRAME:
        return False
    names = element.get("class")
    named = tag == "figure" or (bool(names) and _says_picture(names))
    # A caption that is marked up says where it begins.
    return named and next(element.iter("figcaption"), None) is None and frames_one(element)


def frames_one(element: Element) -> bool:
    """True when an element holds one image, a few words, and nothing that could stand without it."""
    images = paragraphs = 0
    for inner in element.iterdescendants():
        if inner.tag in _NO_CAPTION:
            return False
        images += inner.tag == "img"
        paragraphs += inner.tag == "p"
        if images > 1 or paragraphs > 2:
            return False
    return images == 1 and 0 < len("".join(element.itertext()).strip()) < _MAX_BESIDE_LETTERS


def shows_one(element: Element) -> bool:
    """True when a frame of pictures shows a single one, with a few words at most."""
    shown = (image for image in element.iter("img") if next(image.iterancestors("noscript"), None) is None)
    if len(list(islice(shown, 2))) != 1 or len("".join(element.itertext()).strip()) >= _MAX_BESIDE_LETTERS:
        return False
    return next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is None


def is_gallery(element: Element) -> bool:
    """True for a list of nothing but figures: its items are read one after the other."""
    return len(element) > 0 and all(
        item.tag == "li" and item.find(".//figure//figcaption") is not None for item in element
    )
