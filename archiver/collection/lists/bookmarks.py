"""HTML: bookmarks as Netscape wrote them and every browser exports them, and other pages of links.

https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)

Tags are looked for one after the other, and no tree is built: bookmarks close few of their elements, so that a parser
nests them deeper and deeper until it gives up, and leaves the rest out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import pairwise

from archiver.collection.lists.row import MAX_FOLDER_LEVELS, Entry, Row, Value, value_of
from archiver.errors import SettingsError
from archiver.text.normalize import one_line, without_tags

_TAG = re.compile(r"<(?:(!--)|(/?)(a|dl|h3)(?=[\s/>]))", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\s/]*([^\s=<>\"'/]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s<>\"']+)))?")
_TAG_END = re.compile(r"[^<>]*>?")


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    """In lower case, with a slash before it where it closes."""
    attributes: dict[str, str]
    start: int
    end: int


def read_html(name: str, text: str) -> Iterator[Entry]:
    """Read the links of a page, with the folders that they lie in. Raises SettingsError when there are none."""
    folders: list[str] = []
    heading = ""
    count = 0
    for tag, following in pairwise([*_tags(text), _Tag("", {}, len(text), len(text))]):
        said = text[tag.end : following.start]
        match tag.name:
            case "dl":
                above = folders[-1] if folders else ""
                is_named = heading and len(folders) < MAX_FOLDER_LEVELS
                folders.append("/".join(filter(None, (above, heading))) if is_named else above)
                heading = ""
            case "/dl" if folders:
                folders.pop()
            case "h3":
                heading = _text(said)
            case "a" if "href" in tag.attributes:
                count += 1
                yield Row(f"entry {count}", tag.attributes["href"], _columns(tag, said, folders[-1] if folders else ""))
    if not count:
        raise SettingsError(f"{name} is HTML without a link; name another list")


def _tags(text: str) -> Iterator[_Tag]:
    """The tags that matter. What was looked at once is not looked at again, whatever is not closed."""
    position = 0
    while found := _TAG.search(text, position):
        position = found.end()
        if found[1]:
            end = text.find("-->", position)
            # Without an end it is the rest of the text.
            position = end if end >= 0 else len(text)
            continue
        attributes: dict[str, str] = {}
        while attribute := _ATTRIBUTE.match(text, position):
            position = attribute.end()
            value = next((part for part in attribute.groups()[1:] if part is not None), "")
            attributes.setdefault(attribute[1].lower(), unescape(value))
        ended = _TAG_END.match(text, position)
        position = ended.end() if ended else position
        yield _Tag(found[2] + found[3].lower(), attributes, found.start(), position)


def _columns(tag: _Tag, said: str, folder: str) -> dict[str, Value]:
    columns: dict[str, Value] = {
        "title": _text(said),
        "folder": folder,
        "tags": value_of("tags", tag.attributes.get("tags", "")),
    }
    return {name: value for name, value in columns.items() if value}


def _text(markup: str) -> str:
    return one_line(without_tags(markup))
