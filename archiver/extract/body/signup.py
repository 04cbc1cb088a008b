"""Boxes in which a reader signs up for something: what stands around a field for an e-mail address."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.extract.dom.regions import Element

_MAX_BOX_LETTERS = 400
"""Characters of prose around the field; with fewer a box with three paragraphs stays, with more a short article above
the box goes with it. No measurement is on record."""
_FRAMES = frozenset(("article", "main", "body", "html"))


def find_signup_boxes(root: Element, weight: Mapping[Element, int]) -> list[Element]:
    """The outermost frames around each field for an address that hold few words and no headline."""
    fields = [field for field in root.iter("input") if (field.get("type") or "").lower() == "email"]
    return [box for field in fields if (box := _box_of(field, weight)) is not None]


def _box_of(field: Element, weight: Mapping[Element, int]) -> Element | None:
    box = None
    for above in field.iterancestors():
        is_small = above.tag not in _FRAMES and weight[above] <= _MAX_BOX_LETTERS
        if not is_small or next(above.iter("h1"), None) is not None:
            break
        box = above
    return box
