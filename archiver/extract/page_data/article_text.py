"""The article in a page's data: the longest text of the object that is the page's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from archiver.extract.dom.page import Page
from archiver.extract.page_data.block_kinds import Object, is_of_others, is_summary
from archiver.extract.page_data.block_lists import BlockReader
from archiver.extract.page_data.identity import Identity, titles
from archiver.extract.page_data.stores import Store, stores
from archiver.extract.page_data.texts import without_markup
from archiver.text.letters import letters_key

_MIN_TEXT_LETTERS = 250
"""Letters of an article's text; with fewer a description passes for one, with more short reports are passed over."""
_MIN_SENTENCES = 3
"""Ends of sentences in an article's text; with fewer a list of labels passes for one."""
_MAX_LINKED_SHARE = 0.5
"""Share of the text in links from which it is a list of other stories."""
_MIN_BETTER_SHARE = 0.8
"""Share of the longest text from which one with paragraphs is taken instead: linked data has none."""
_MAX_NODES = 200_000
"""Objects, lists and texts of a page's data that are looked at; a limit for time."""
_MAX_OWN = 30
"""Objects of a page that are its own article; several say the same, more are repetition."""
_MAX_LEVELS_UP = 2
"""Objects above the one with the headline in which its text is looked for, where it stands beside it."""
_MIN_PROSE_SHARE = 0.5
"""Share of the letters that stand in pieces with the end of a sentence; lower, and headlines of other stories or a
program's styles pass for a text, higher, and articles of lists are lost."""
_MIN_LESSER_LETTERS = 1000
"""Letters from which what is called a description or a summary is the whole text, as some systems name it."""
_SENTENCE_END = re.compile(r"(?<=[\w\"'”»)\]%])[.!?…][\"'”»)\]]*(?=\s|$)|[。！？।؟]")
_PIECES = re.compile(r"</?(?:p|div|li|ul|ol|h[1-6]|br|td|tr|blockquote|figure|figcaption|section)\b[^<>]*>|\n\s*\n")
_LINK = re.compile(r"<a\b[^<>]*>(.*?)</a>", re.DOTALL | re.IGNORECASE)
_LINKED_DATA = "json-ld"
_BODIES = ("articleBody", "reviewBody", "text")
"""The properties of https://schema.org/ that hold a whole text; all others describe it."""
_Chain: TypeAlias = "tuple[Object, _Chain | None]"
"""An object and the objects around it."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article's text that a page carries as data."""

    html: str
    """Blocks of HTML; its addresses are as the data have them."""
    source: str
    """`data:` and the name of the store."""
    found: Object
    """The object that has the headline."""
    letters: int
    titles: tuple[str, ...]
    """The headlines that the object states, those that the page states too first."""
    distance: int
    """How many objects around the one with the headline had to be looked at; one more where it has none."""


def article_text(page: Page) -> ArticleText | None:
    """The longest text of the object whose headline, address or number is the page's; None where none is prose."""
    identity = Identity.of(page)
    texts = [text for store in stores(page) for text in _texts(store, identity)]
    nearest = min((text.distance for text in texts), default=0)
    texts = [text for text in texts if text.distance == nearest]
    longest = max((text.letters for text in texts), default=0)
    fitting = [text for text in texts if text.letters >= _MIN_BETTER_SHARE * longest]
    fitting.sort(key=lambda text: (text.source.endswith(_LINKED_DATA), -text.letters))
    return fitting[0] if fitting else None


def _texts(store: Store, identity: Identity) -> Iterator[ArticleText]:
    own: list[_Chain] = []
    references: dict[str, Object] = {}
    for chain in _objects(store.value):
        found = chain[0]
        references.update((key, value) for key, value in found.items() if ":" in key and isinstance(value, dict))
        if len(own) < _MAX_OWN and identity.is_own(found):
            own.append(chain)
    reader = BlockReader(identity.is_other, references, _MAX_NODES)
    if store.name == _LINKED_DATA:
        own = [({key: chain[0].get(key) for key in _BODIES}, None) for chain in own]
    for chain in own:
        around: _Chain | None = chain
        # What has no headline says only where the page is, such as the state of a router.
        titled = identity.has_title(chain[0])
        for level in range(1 + _MAX_LEVELS_UP if titled else 1):
            if around is None:
                break
            html, letters = _longest(around[0], reader, identity)
            if letters:
                # An object without the headline may be a page that holds several stories.
                distance = level + (0 if titled or store.name == _LINKED_DATA else 1)
                yield ArticleText(html, f"data:{store.name}", chain[0], letters, _titles(chain[0], identity), distance)
                break
            around = around[1]


def _titles(found: Object, identity: Identity) -> tuple[str, ...]:
    said = [title for title in titles(found) if not title.isdecimal()]
    return tuple(sorted(dict.fromkeys(said), key=lambda title: not identity.is_title(title)))


def _objects(value: object) -> Iterator[_Chain]:
    """Every object of some data, each once, with those around it."""
    seen: set[int] = set()
    waiting: list[tuple[object, _Chain | None]] = [(value, None)]
    while waiting and len(seen) < _MAX_NODES:
        inner, around = waiting.pop()
        if not isinstance(inner, dict | list) or id(inner) in seen:
            continue
        seen.add(id(inner))
        if isinstance(inner, dict):
            around = (inner, around)
            yield around
        held = inner.values() if isinstance(inner, dict) else inner
        waiting.extend((one, around) for one in held if isinstance(one, dict | list))


def _longest(found: Object, reader: BlockReader, identity: Identity) -> tuple[str, int]:
    """The longest prose among an object's values, as HTML, and its letters."""
    best = ("", 0)
    for key, value in found.items():
        if is_of_others(key) or not isinstance(value, str | dict | list):
            continue
        least = max(best[1], _MIN_LESSER_LETTERS if is_summary(key) else _MIN_TEXT_LETTERS)
        if isinstance(value, str) and len(value) < least:
            continue
        html = reader.html(value)
        letters = prose_letters(html) if len(html) > least else 0
        if letters > least and not identity.is_teaser(without_markup(html)):
            best = (html, letters)
    return best


def prose_letters(html: str) -> int:
    """The letters of some HTML; 0 where it is no running text."""
    letters = prose = sentences = 0
    for piece in _PIECES.split(html):
        text = without_markup(piece)
        length = len(letters_key(text))
        ends = len(_SENTENCE_END.findall(text))
        letters += length
        sentences += ends
        prose += length if ends else 0
    if letters < _MIN_TEXT_LETTERS or sentences < _MIN_SENTENCES or prose < _MIN_PROSE_SHARE * letters:
        return 0
    linked = sum(len(letters_key(without_markup(link))) for link in _LINK.findall(html))
    return letters if linked < _MAX_LINKED_SHARE * letters else 0
