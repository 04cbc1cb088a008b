"""Drop the attributes of a tag beyond those that any page has: libxml2 compares each with all others of its tag."""

from __future__ import annotations

import re

MAX_ATTRIBUTES = 256
"""Attributes of one tag that are read; the pages that were looked at have 136 at most. With fewer a real one could be
lost; with more a page of 5 MB takes longer than the third of a second that its tags may cost: 100,000 attributes in
one tag took 160 s."""

# A quotation mark, `<` or `=` ends a name: what a script or a text says behind a `<` is then seldom taken for a tag,
# and no part of a page is looked at twice. Nothing is given back, which would be looked at again in another way.
_ATTRIBUTE = rb"""[\s/]*+[^\s/>="'<]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'<]++)?+)?+"""
_TOO_MANY = re.compile(
    rb"(<[a-zA-Z][^\s/>]*+(?:" + _ATTRIBUTE + rb"){%d}+)(?:" % MAX_ATTRIBUTES + _ATTRIBUTE + rb")++(?=[\s/]*+>)"
)


def drop_surplus_attributes(markup: bytes) -> bytes:
    """Return the markup in which no tag has more than MAX_ATTRIBUTES attributes.

    One that is spelled as no page spells it, with quotation marks in names, may have more.
    """
    return _TOO_MANY.sub(rb"\1", markup)
