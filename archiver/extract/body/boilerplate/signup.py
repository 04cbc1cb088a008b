"""Boxes in which a reader signs up for something: what stands around a field for an e-mail address."""

from __future__ import annotations

from collections.abc import Container, Mapping
from itertools import islice

from archiver.extract.dom.attribute_index import AttributeIndex
from archiver.extract.dom.regions import Element

_MAX_BOX_LETTERS = 400
"""Characters of prose around the field; with fewer a box with three paragraphs stays, with more a short article above
the box goes with it. No measurement is on record."""
_MAX_LOOKED_AT = 50
"""Fields and headings that are looked at; it bounds the time on pages of nothing else."""
_MAX_LEVELS = 50
"""Levels above a field that may be its box; it bounds the time on elements that nest without end."""
_FRAMES = frozenset(("article", "main", "body", "html"))


def find_signup_boxes(marks: AttributeIndex, weight: Mapping[Element, int]) -> list[Element]:
    """The outermost frames around each field for an address that hold few words and no headline."""
    fields = [field for field in marks.tagged("input") if (field.get("type") or "").lower() == "email"]
    if not fields:
        return []
    headed = {above for heading in marks.tagged("h1")[:_MAX_LOOKED_AT] for above in heading.iterancestors()}
    boxes = (_box_of(field, weight, headed) for field in fields[:_MAX_LOOKED_AT])
    return [box for box in boxes if box is not None]


def _box_of(field: Element, weight: Mapping[Element, int], headed: Container[Element]) -> Element | None:
    box = None
    for above in islice(field.iterancestors(), _MAX_LEVELS):
        if above.tag in _FRAMES or weight.get(above, 0) > _MAX_BOX_LETTERS or above in headed:
            break
        box = above
    return box
