"""The addresses of pictures in HTML that a person wrote into Markdown, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

IMAGE_TAG = re.compile(r"<(?:img|source)(?=[\s/>])(?:[^<>\"']|\"[^\"]{0,9999}\"|'[^']{0,9999}'){0,999}>", re.IGNORECASE)
"""A tag that may name a picture. The limits keep a text of tags that never end from being read over and over."""
_ATTRIBUTE = re.compile(
    # https://html.spec.whatwg.org/multipage/syntax.html#attributes-2
    r"[\s/\"'](?P<name>[a-z][\w:-]*)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+))",
    re.IGNORECASE,
)
_ADDRESS_NAMES = frozenset({"src", "data-src", "data-lazy-src", "data-original"})
_SET_NAMES = frozenset({"srcset", "data-srcset", "data-lazy-srcset"})
_CANDIDATE = re.compile(
    # https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute
    r"[\s,]*(?P<address>[^\s,](?:\S*[^\s,])?)(?:,+(?=\s|$)|\s+[^,]*(?:,|$)|\s*$)"
)
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<name>script|style|template|textarea|pre|code)(?=[\s/>]).*?(?:</(?P=name)\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
"""Comments, and elements in which a tag is code or text."""


class AddressSpan(NamedTuple):
    """One address, and the characters that it is written with."""

    start: int
    end: int
    address: str
    """Without the escapes of the language that it stands in."""


def find_html_images(html: str) -> list[AddressSpan]:
    """Return the addresses of the pictures in some HTML, but for those in comments and code.

    >>> find_html_images('<p><img src="/a.jpg?x&amp;y"></p><!-- <img src="b"> -->')
    [AddressSpan(start=13, end=27, address='/a.jpg?x&y')]
    """
    unseen = [match.span() for match in _UNSEEN.finditer(html)]
    return [
        span
        for tag in IMAGE_TAG.finditer(html)
        if not any(start <= tag.start() < end for start, end in unseen)
        for span in addresses_in_tag(tag[0], tag.start())
    ]


def addresses_in_tag(tag: str, offset: int = 0) -> Iterator[AddressSpan]:
    """Yield the addresses of one tag that `IMAGE_TAG` matches, the tag standing `offset` characters into its text.

    The source of a video or of sound is none: a picture's has `srcset` only.
    """
    is_image = tag[1:4].lower() == "img"
    for attribute in _ATTRIBUTE.finditer(tag):
        group = next(name for name in ("double", "single", "bare") if attribute[name] is not None)
        name, value = attribute["name"].lower(), attribute[group]
        start = attribute.start(group) + offset
        if name in _SET_NAMES:
            for candidate in _CANDIDATE.finditer(value):
                first, last = candidate.span("address")
                yield AddressSpan(start + first, start + last, unescape(candidate["address"]))
        elif is_image and name in _ADDRESS_NAMES and value.strip():
            first = len(value) - len(value.lstrip())
            address = value.strip()
            yield AddressSpan(start + first, start + first + len(address), unescape(address))
