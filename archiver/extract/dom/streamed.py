"""Parts of a page that its server sent later than the frame around them, and that a script puts into their places.

React renders a page in parts (https://react.dev/reference/react-dom/server/renderToPipeableStream): a part that is not
ready leaves `<template id="B:1f">`, and comes at the end of the page as `<div hidden id="S:1f">`.
"""

from __future__ import annotations

import re
from typing import cast

from lxml import etree, html

_PART_ID = re.compile(r"S:([0-9a-f]+)")
_PARTS = etree.XPath("//div[@hidden and starts-with(@id, 'S:')]")
_PLACES = etree.XPath("//template[starts-with(@id, 'B:') or starts-with(@id, 'P:')]")


def place_parts(root: html.HtmlElement) -> None:
    """Move the parts of a tree into the places that wait for them; a part without a place is shown where it stands."""
    parts = [(match[1], part) for part in _found(_PARTS, root) if (match := _PART_ID.fullmatch(part.get("id") or ""))]
    if not parts:
        return
    places = {(place.get("id") or "")[2:]: place for place in _found(_PLACES, root)}
    for name, part in parts:
        del part.attrib["hidden"]
        place = places.get(name)
        if place is not None and part not in place.iterancestors():
            _move(part, place)


def _found(path: etree.XPath, root: html.HtmlElement) -> list[html.HtmlElement]:
    return cast("list[html.HtmlElement]", path(root))


def _move(part: html.HtmlElement, place: html.HtmlElement) -> None:
    """Put a part in front of the text behind its place; the text behind the part stays where it is."""
    above = part.getparent()
    if above is None:
        return
    if part.tail:
        before = part.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + part.tail
        else:
            above.text = (above.text or "") + part.tail
    above.remove(part)
    part.tail, place.tail = place.tail, None
    place.addnext(part)
