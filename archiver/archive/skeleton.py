"""Make a page's skeleton: its structure with invented text, so that it holds no sentence of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from lxml import etree, html

from archiver.extract.dom.page import decode
from archiver.models import Capture
from archiver.text.dates import parse_date
from archiver.text.language_data import phrases
from archiver.text.months import month_number
from archiver.text.normalize import alnum_key

_WORDS = (
    "a to sea bay pier boat tide lamp harbour lantern northern captain evening fishing morning sailors lighthouse "
    "passengers neighbours timetables"
).split()
_KEPT_ATTRIBUTES = frozenset(
    "class id rel type name property itemprop itemscope itemtype role lang charset http-equiv width height media "
    "sizes colspan rowspan start method dir target as".split()
)
"""Attributes that are structure; the text of all others is invented."""
_BARE_ATTRIBUTES = _KEPT_ATTRIBUTES | frozenset(
    "async defer hidden disabled checked selected required open controls autoplay loop muted crossorigin alt value "
    "content href src".split()
)
"""Attributes that may be empty; another without a value is a word of a sentence."""
_KEPT_KEYS = frozenset({"@type", "@context"})
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HOST = re.compile(r"^(?:https?:)?//[^/?#]*", re.IGNORECASE)
_SEGMENT = re.compile(r"[^/?#&=]+")
_DATA_ADDRESS = re.compile(r"\s*data:", re.IGNORECASE)
_MIN_SLUG_WORDS = 3
"""Words from which a part of an address is taken for a headline's; at two, folders such as `top-stories` would be
invented, at four short headlines be kept. Chosen, not measured."""
_MIN_NAME_WORDS = 2
"""Words from which the last part of an address is taken for a person's name, behind a folder that is called as authors
are; at one, `/team/sport` would be invented, at three, `/redaktion/tomke-ihnen` be kept. Chosen, not measured."""
_MAX_DATE_LETTERS = 60
"""Characters of a text whose date is kept whole, with its zone and what stands between its parts; with fewer one behind
a label loses them, with more words of a sentence stay. Chosen, not measured."""
_SHORT_ID = re.compile(r"[^-_\s]+(?:[-_][^-_\s]+){0,2}$")


def _date_and_time(text: str) -> str | None:
    """The date that a text is read as, or the time of day alone."""
    if (found := parse_date(text)) is None:
        found = parse_date(f"2001-02-03 {text}")
        return found if found and "T" in found else None
    return found


@cache
def _folders_of_authors() -> frozenset[str]:
    named = (*phrases("role.words"), *phrases("byline.openings"))
    return frozenset(alnum_key(form) for word in named for form in (word, f"{word}s"))


def _is_of_authors(folder: str) -> bool:
    return alnum_key(folder) in _folders_of_authors()


class _Inventor:
    """Gives each word of a page one invented word, so that places that agreed still agree."""

    def __init__(self, markup: str) -> None:
        self._taken = {word.casefold() for word in _WORD.findall(markup)}
        self._invented: dict[str, str] = {}

    def text(self, text: str) -> str:
        """The text with each of its words replaced; numbers, punctuation and what a short text's date needs stay."""
        date = _date_and_time(text) if len(text) <= _MAX_DATE_LETTERS else None
        if date is None:
            return _WORD.sub(lambda match: self._word(match[0]), text)
        for match in reversed(list(_WORD.finditer(text))):
            changed = text[: match.start()] + self._word(match[0]) + text[match.end() :]
            if _date_and_time(changed) == date:
                text = changed
        return text

    def address(self, text: str) -> str:
        """The address with its host and folders, and the words of its headline replaced."""
        host = _HOST.match(text)
        start = host.end() if host else 0
        head, dot, suffix = text[start:].rpartition(".")
        if dot and re.fullmatch(r"[a-z0-9]{2,5}", suffix):
            return text[:start] + self._path(head) + dot + suffix
        return text[:start] + self._path(text[start:])

    def _path(self, path: str) -> str:
        folder = ""

        def invented(match: re.Match[str]) -> str:
            nonlocal folder
            before, folder = folder, match[0]
            is_last = path[match.end() :].rstrip("/")[:1] in ("", "?", "#")
            is_name = is_last and _is_of_authors(before)
            return self._segment(match[0], _MIN_NAME_WORDS if is_name else _MIN_SLUG_WORDS)

        return _SEGMENT.sub(invented, path)

    def _segment(self, segment: str, least_words: int) -> str:
        # What an `article_id_pattern` looks for: the names of folders, and the letter before a number.
        if len(_WORD.findall(segment)) < least_words:
            return segment
        return _WORD.sub(lambda match: match[0] if len(match[0]) == 1 else self._word(match[0]), segment)

    def value(self, text: str) -> str:
        """An attribute's or a JSON value: an address or a text."""
        if _DATA_ADDRESS.match(text):
            return "data:,"
        return self.address(text) if _HOST.match(text) or re.match(r"\.{0,2}/\S*$", text) else self.text(text)

    def _word(self, word: str) -> str:
        key = word.casefold()
        if re.fullmatch(r"[tz]|jpe?g|png|webp|html?|px|w|x", key) or month_number(word) is not None:
            return word
        if key not in self._invented:
            self._invented[key] = self._new(len(word))
        new = self._invented[key]
        return new.upper() if word.isupper() and len(word) > 1 else new.capitalize() if word[0].isupper() else new

    def _new(self, length: int) -> str:
        start = min(_WORDS, key=lambda word: (abs(len(word) - length), word))
        new, number = start, 0
        while new in self._taken:
            # Letters behind the word, as in a numeral: no word of the page, and none that was given before.
            digits, number, tail = number, number + 1, ""
            while digits or not tail:
                digits, letter = divmod(digits, 20)
                tail += "bcdfghjklmnpqrstvwxz"[letter]
            new = start + tail
        self._taken.add(new)
        return new


def skeletons(captures: Sequence[Capture]) -> list[Capture]:
    """The captures with their pages' tags, classes and keys, and invented words; other than HTML has no body.

    A word becomes the same one in all of them, so that the captures of redirects still lead to that of the page.
    """
    texts = [decode(capture.body, capture.header("Content-Type")) for capture in captures]
    addresses = (f"{capture.url} {capture.requested_url} {capture.header('Location') or ''}" for capture in captures)
    inventor = _Inventor(" ".join((*texts, *addresses)))
    return [_skeleton(capture, text, inventor) for capture, text in zip(captures, texts, strict=True)]


def _skeleton(capture: Capture, text: str, inventor: _Inventor) -> Capture:
    capture = replace(capture, url=inventor.address(capture.url), requested_url=inventor.address(capture.requested_url))
    moved = tuple((name, inventor.address(value)) for name, value in capture.headers if name.lower() == "location")
    if "<" not in text:
        kept = tuple(one for one in capture.headers if one[0].lower() == "content-type")
        return replace(capture, body=b"", headers=(*kept, *moved))
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    for element in tree.iter(etree.Element):
        _invent(element, inventor)
    # lxml.html would leave out the page's <meta http-equiv>, or write one of its own.
    body = etree.tostring(tree, method="html", encoding="unicode", doctype="<!DOCTYPE html>").encode()
    headers = (("Content-Type", "text/html; charset=utf-8"), *moved)
    return replace(capture, body=body, headers=headers)


def _invent(element: html.HtmlElement, inventor: _Inventor) -> None:
    if element.tag in ("script", "style"):
        element.text = _json(element.text or "", inventor) if "json" in (element.get("type") or "") else ""
    elif element.text:
        element.text = inventor.text(element.text)
    if element.tail:
        element.tail = inventor.text(element.tail)
    for name, value in element.items():
        if element.tag == "meta" and element.get("property") == "og:type":
            return
        if not value and name not in _BARE_ATTRIBUTES:
            # A quotation mark that the page forgot to escape leaves the rest of a sentence as attributes.
            del element.attrib[name]
            if re.fullmatch(r"[a-z]+", name):
                element.set(inventor.text(name), "")
        elif name not in _KEPT_ATTRIBUTES or (name == "id" and not _SHORT_ID.match(value)):
            element.set(name, "" if name.startswith("on") or name == "style" else inventor.value(value))


def _json(text: str, inventor: _Inventor) -> str:
    try:
        return json.dumps(_inside(json.loads(text), inventor), ensure_ascii=False, indent=1).replace("</", "<\\/")
    except ValueError:
        return ""


def _inside(node: Any, inventor: _Inventor) -> Any:
    if isinstance(node, dict):
        return {key: value if key in _KEPT_KEYS else _inside(value, inventor) for key, value in node.items()}
    if isinstance(node, list):
        return [_inside(value, inventor) for value in node]
    return inventor.value(node) if isinstance(node, str) else node
