"""Where the addresses of pictures stand in the lines of one block of Markdown.

Markdown's own readers say which pictures a block shows, and not where: this one says where, and whoever asks holds the
two against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it.common.utils import unescapeAll

from archiver.text.html_images import IMAGE_TAG, AddressSpan, addresses_in_tag

_CLOSERS = {"{{<": ">}}", "{{%": "%}}", "{%": "%}", "{{": "}}", "{/*": "*/}", "<!--": "-->"}
"""What ends a part that Markdown knows nothing of: Hugo's shortcodes, Liquid's tags and values, comments of MDX and
HTML."""
_TOKEN = re.compile(
    r"(?P<part>\{\{[<%]?|\{%|\{/\*|<!--)"
    r"|(?P<escape>\\.)|(?P<ticks>`+)"
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
    endless: set[str] = set()
    position = 0
    while (token := _TOKEN.search(text, position)) is not None:
        position = token.end()
        match token.lastgroup:
            case "part":
                position = _behind_part(text, token, endless)
                if position > token.end() and token[0] != "<!--":
                    found.templates.append(text[token.start() : position])
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


def _behind_part(text: str, opener: re.Match[str], endless: set[str]) -> int:
    """Behind a part that only a builder reads, or a comment; behind what opens it where nothing closes it."""
    if opener[0] in endless:
        return opener.end()
    closer = _CLOSERS[opener[0]]
    end = text.find(closer, opener.end())
    if end < 0:
        endless.add(opener[0])  # nor is there an end behind the next of its kind
        return opener.end()
    return end + len(closer)


def _behind_code(text: str, ticks: str, position: int) -> int:
    """Behind the code span that backticks open; behind the backticks where nothing closes it (spec 0.31, 6.1)."""
    closing = re.compile(rf"(?<!`){ticks}(?!`)").search(text, position)
    return position if closing is None else closing.end()
