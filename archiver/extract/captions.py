"""Which elements are the caption of an image."""

from __future__ import annotations

import re

from archiver.extract.places import Element

_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-)?(?:img|image|photo|figure|media|picture)?[-_]*(?:fig)?captions?(?:[-_]?text)?(?:$|\s)",
    re.IGNORECASE,
)
_LONGEST = 1500


def is_caption(element: Element) -> bool:
    """True for `<figcaption>`, and for a short element whose class says caption."""
    if element.tag == "figcaption":
        return True
    if element.tag not in ("p", "div", "span") or not _CAPTION_CLASS.search(element.get("class") or ""):
        return False
    return element.find(".//p/../p[2]") is None and len("".join(element.itertext())) < _LONGEST
