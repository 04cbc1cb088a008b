"""Where the addresses of pictures stand in the lines of one block of Markdown.

Markdown's own readers say which pictures a block shows, and not where: this one says where, and whoever asks holds the
two against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.common.utils import unescapeAll

from archiver.text.html_images import IMAGE_TAG, AddressSpan, addresses_in_tag

TEMPLATE = re.compile(
    # Hugo's shortcodes, Liquid's tags and values, MDX's comments
    r"\{\{[<%].{0,9999}?[%>]\}\}|\{%.{0,9999}?%\}|\{\{.{0,9999}?\}\}|\{/\*.{0,9999}?\*/\}",
    re.DOTALL,
)
"""What a site's builder runs, and Markdown knows nothing of."""
_TOKEN = re.compile(
    rf"(?P<template>{TEMPLATE.pattern})"
    r"|(?P<escape>\\.)|(?P<ticks>`+)|(?P<comment><!--.{0,99999}?-->)"
    r"|(?P<autolink><[a-z][a-z0-9+.-]{1,31}:[^\s<>]*>)"
    rf"|(?P<image_tag>{IMAGE_TAG.pattern})"
    r"|(?P<tag></?[a-z](?:[^<>\"']|\"[^\"]{0,9999}\"|'[^']{0,9999}'){0,999}>)"
    r"|(?P<open>!?\[)|(?P<close>\])",
    re.DOTALL | re.IGNORECASE,
)
_LEVEL_2 = r"\((?:[^\s()\\]|\\.)*\)"
_LEVEL_1 = rf"\((?:[^\s()\\]|\\.|{_LEVEL_2})*\)"
DESTINATION = rf"(?:<(?P<angle>(?:[^<>\n\\]|\\.)*)>|(?P<plain>(?!<)(?:[^\s()\\]|\\.|{_LEVEL_1})+))"
"""An address as CommonMark has it (spec 0.31, section 6.3), with parentheses two levels deep."""
_TITLE = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"
_RESOURCE = re.compile(rf"\(\s*{DESTINATION}(?:\s+{_TITLE})?\s*\)", re.DOTALL)


@dataclass(slots=True)
class BlockImages:
    """What one block has of pictures, in the order in which it stands."""

    inline: list[AddressSpan] = field(default_factory=list)
    """`![alt](address)`."""
    html: list[AddressSpan] = field(default_factory=list)
    image_tags: int = 0
    templates: list[str] = field(default_factory=list)


def scan_block(text: str) -> BlockImages:
    """Return the pictures in the lines of a block; code, comments and escaped characters hide what stands in them."""
    found = BlockImages()
    brackets: list[str] = []
    position = 0
    while (token := _TOKEN.search(text, position)) is not None:
        position = token.end()
        match token.lastgroup:
            case "template":
                found.templates.append(token[0])
            case "ticks":
                position = _behind_code(text, token[0], position)
            case "image_tag":
                found.image_tags += 1
                found.html += addresses_in_tag(token[0], token.start())
            case "open":
                brackets.append(token[0])
            case "close" if brackets:
                resource = _RESOURCE.match(text, position)
                opened = brackets.pop()
                if resource is not None:
                    position = resource.end()
                    if opened == "![":
                        found.inline.append(destination_span(resource))
    return found


def destination_span(match: re.Match[str]) -> AddressSpan:
    """Return the address that a pattern with DESTINATION in it has found."""
    group = "plain" if match["angle"] is None else "angle"
    return AddressSpan(*match.span(group), unescapeAll(match[group]))


def _behind_code(text: str, ticks: str, position: int) -> int:
    """Behind the code span that backticks open; behind the backticks where nothing closes it (spec 0.31, 6.1)."""
    closing = re.compile(rf"(?<!`){ticks}(?!`)").search(text, position)
    return position if closing is None else closing.end()
