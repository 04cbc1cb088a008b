"""Pages that stand in an article's place: how they are recognised by their title and sentences.

A phrase alone proves little: articles quote these sentences and make headlines of them. So a heading counts only when
nothing else is left of it, a sentence only where it begins with the phrase, and `verdict` weighs both with the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from lxml import etree, html

from archiver.models import Verdict
from archiver.text.language_data import phrases
from archiver.text.phrase_patterns import alternatives

_MAX_HEADING_LETTERS = 160
"""Characters; a longer heading says more than that the page is missing. With fewer one that quotes a long address is
not recognised, more cost time. No measurement is on record."""
_MAX_TEXT_LETTERS = 3000
"""Characters at the start of a text that are split into sentences; with fewer a notice below a long menu is missed,
with more a sentence late in an article is taken for one. No measurement is on record."""
_SEPARATOR = re.compile(r"\s+[-|·•:›»«/~]+\s+|\s*[|｜‖]\s*|\s*::+\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|[。！？।؟]\s*|\n+")
_MARKUP = re.compile(r"^[\s#>*_+\-\d.()]+")
_BLANKS = re.compile(r"[ \t]+")
_LETTER = re.compile(r"[^\W\d_]")
_READABLE = re.compile(r"[^\W_]")
_TARGET = re.compile(r"!\[[^\]]{0,500}\](?:\([^)]{0,2000}\))?|\]\([^)]{0,2000}\)|<https?:[^>]{0,2000}>")
WIDE = re.compile(r"[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "iframe"})


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of page that stands in the article's place."""

    verdict: Verdict
    detail: str
    """One sentence for a person."""
    headings: tuple[str, ...]
    """What its title or first heading says, and nothing else."""
    sentences: tuple[str, ...] = ()
    """How its sentences begin; specific enough that an article would hardly begin a sentence so."""


# Every kind of notice looks at the same few texts.
@lru_cache(maxsize=256)
def normal(text: str) -> str:
    """Lower case, straight apostrophes, single spaces, no dotless or dotted-capital i of Turkish.

    >>> normal("Aradığınız  SAYFA")
    'aradiğiniz sayfa'
    """
    text = text.casefold().replace("’", "'").replace("ı", "i").replace("i̇", "i").replace("ё", "е")
    text = text.replace("–", "-").replace("—", "-").replace("，", ",").replace("\xa0", " ")
    return (_BLANKS.sub(" ", text) if "  " in text or "\t" in text else text).strip()


@cache
def normal_phrases(key: str) -> tuple[str, ...]:
    """Return what all languages have under a `table.key`, in normal form, longer phrases first."""
    return tuple(sorted(dict.fromkeys(map(normal, phrases(key))), key=len, reverse=True))


_SPACED, _UNSPACED = (
    {
        key: [text for text in normal_phrases(f"notice.{key}") if bool(WIDE.search(text)) is unspaced]
        for key in ("lead_ins", "fillers")
    }
    for unspaced in (False, True)
)
_LEAD_IN = re.compile(
    rf"(?:{alternatives(_SPACED['lead_ins'])}(?!\w)|{alternatives(_UNSPACED['lead_ins'])})[\s,.!:;、…-]*"
)
_FILLER = re.compile(rf"\b(?:{alternatives(_SPACED['fillers'])}|http)\b|{alternatives(_UNSPACED['fillers'])}|[\W\d_]")


NOT_FOUND = Notice(
    Verdict.SOFT_404,
    "The page says that it was not found, although its status claims success.",
    (*normal_phrases("not_found.headings"), "404"),
    normal_phrases("not_found.sentences"),
)
BLOCK = Notice(
    Verdict.BLOCKED,
    "The site took the request for a robot's or refused it; try again later, or read an archived copy.",
    normal_phrases("blocked.headings"),
    normal_phrases("blocked.sentences"),
)
LOGIN = Notice(
    Verdict.BLOCKED,
    "Only a login page came; read an archived copy, or fetch the page by hand.",
    normal_phrases("login.headings"),
    normal_phrases("login.sentences"),
)
OUTAGE = Notice(
    Verdict.UNREACHABLE,
    "The page reports a fault of the site, although its status claims success; try again later.",
    normal_phrases("outage.headings"),
    normal_phrases("outage.sentences"),
)
PARKED = Notice(
    Verdict.SOFT_404,
    "The site is not there any more: its address is for sale, parked, or shows a bare server.",
    normal_phrases("parked.headings"),
    normal_phrases("parked.sentences"),
)
NOTICES = (NOT_FOUND, BLOCK, LOGIN, OUTAGE, PARKED)


def heading_says(heading: str, wanted: tuple[str, ...], *, parts: bool = True) -> bool:
    """Whether a heading is one of the phrases, and else only numbers, punctuation and words like "error".

    With `parts`, one part of a title such as `Page not found | Nordblatt` is enough.

    >>> heading_says("Oops! Error 404: Page not found", ("page not found",))
    True
    >>> heading_says("Page not found: how ministries lose their files", ("page not found",))
    False
    """
    if not wanted or not heading or len(heading) > _MAX_HEADING_LETTERS:
        return False
    text = normal(heading)
    hits = [phrase for phrase in wanted if phrase in text]
    if not hits:
        return False
    return any(_nothing_else(part, hits) for part in (text, *(_SEPARATOR.split(text) if parts else ())))


def _nothing_else(part: str, hits: list[str]) -> bool:
    rest = part
    for phrase in hits:
        rest = rest.replace(phrase, " ")
    return rest != part and not _LETTER.search(_FILLER.sub(" ", rest))


@lru_cache(maxsize=8)
def sentences(text: str) -> tuple[str, ...]:
    """Split the start of a text into sentences: normal form, no Markdown marks, no apologies before them."""
    return tuple(_sentences(text[:_MAX_TEXT_LETTERS]))


def _sentences(text: str) -> Iterator[str]:
    for piece in _SENTENCE_END.split(normal(text)):
        sentence = _MARKUP.sub("", piece)
        for _ in range(3):
            sentence, found = _LEAD_IN.subn("", sentence, count=1) if _LEAD_IN.match(sentence) else (sentence, 0)
            if not found:
                break
        if sentence:
            yield sentence


def says(text: str, wanted: tuple[str, ...]) -> bool:
    r"""Whether a sentence near the start of a text begins with one of the phrases.

    >>> says("# Hello\n\nSorry, the page you requested is gone.", ("the page you requested",))
    True
    """
    return any(sentence.startswith(wanted) for sentence in sentences(text))


def is_consent(text: str) -> bool:
    """Whether a text is the dialogue of a consent wall: it speaks for the site, and of little else.

    >>> is_consent("We use cookies. We and our partners process personal data. Accept all")
    True
    """
    start = normal(text[:_MAX_TEXT_LETTERS])
    spoken = [phrase for phrase in normal_phrases("consent.phrases") if phrase in start]
    if len(spoken) < 2:
        return False
    words = (*normal_phrases("consent.stems"), *spoken)
    pieces = sentences(start)
    about = sum(len(piece) for piece in pieces if any(word in piece for word in words))
    return about >= 0.6 * sum(map(len, pieces))


def volume(markdown: str) -> int:
    """How much there is to read: characters without spaces and addresses, up to about 6,000; 0 where no letter is.

    A character of a script without spaces between words counts twice.
    """
    start = markdown[:6000]
    if "](" in start or "<http" in start:
        start = _TARGET.sub(" ", markdown[:9000])
    if not _READABLE.search(start):
        return 0
    # Only those scripts take three bytes a letter, and counting them in every text is what costs.
    wide = 0 if len(start.encode("utf-8", "replace")) < 2.1 * len(start) else len(WIDE.findall(start))
    return len("".join(start.split())) + wide


def page_text(tree: html.HtmlElement) -> str:
    """Give the start of all text on a page that is not script or template, one line per piece."""
    parts: list[str] = []
    size = 0
    body = tree.find("body")
    walk = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    for event, element in walk:
        piece = element.tail if event == "end" else element.text
        if event == "start" and element.tag in UNSEEN:
            walk.skip_subtree()
            continue
        if piece and (piece := " ".join(piece.split())):
            parts.append(piece)
            size += len(piece) + 1
            if size > _MAX_TEXT_LETTERS:
                break
    return "\n".join(parts)[:_MAX_TEXT_LETTERS]
