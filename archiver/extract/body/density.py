"""Where on a page the article's text stands.

The page's running text is weighed once: every stretch of text outside of links counts for all elements around it.
The article is the innermost element that holds most of the text left after boilerplate is taken away.
Why text is weighed: docs/design.md D8.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass

from archiver.extract.body.boilerplate.copies import find_copies
from archiver.extract.body.boilerplate.kinds import MUTE_TAGS, Kind, is_mute, kind_of
from archiver.extract.body.boilerplate.quotations import CodeBlocks, Quotations
from archiver.extract.body.boilerplate.signup import find_signup_boxes
from archiver.extract.body.boilerplate.suspects import MIN_HEADED_SHARE, Rows
from archiver.extract.body.boilerplate.threads import find_threads
from archiver.extract.body.weights import MIN_PROSE_LETTERS, credit, weigh
from archiver.extract.dom.attribute_index import AttributeIndex
from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import INLINE, PROSE
from archiver.extract.markdown.elements.captions import shows_one
from archiver.extract.markdown.tables import table_rows
from archiver.text.letters import letters_key

_MAX_SUSPECT_SHARE = 0.4
"""Share of the weight of a page up to which a suspect is left out; lower, and a large frame of related articles stays,
higher, and an article in a frame with a suspicious name is lost. No measurement is on record."""
_MAX_COMMENTS_SHARE = 0.9
"""Share of the weight of a page up to which comments are left out; lower, and a short article with many comments is
lost among them, 1 would empty a page whose article is called comments. No measurement is on record."""
_MAX_SUMMARY_LETTERS = 1500
"""Letters of weight from which a suspect is not kept for being the summary of the page: it is compared as text, and no
summary is so long. With fewer long standfirsts in suspicious frames are lost. No measurement is on record."""
_MAX_FIRST_LETTERS = 60
"""Characters at the beginning of a text that tell whether it may be a summary; with fewer more texts are compared as a
whole, with more longer ones are read for nothing. It changes no result."""
_MIN_CHILD_SHARE = 0.85
"""Share of the weight of an element that its heaviest child needs to be the article in its place; lower, and the
beginning of a text that has two parts is cut off, higher, and what surrounds the text comes along. No measurement is on
record."""
_MIN_ARTICLE_SHARE = 0.15
"""Share of the weight of an element from which one of several headed articles in it is whole: below it, it is a teaser;
higher, and the first of seven articles in a row is not recognised. No measurement is on record."""
_MIN_CHILD_SHARE_IN_BODY = 0.95
"""Share of the weight of an element above which one of several headed articles in it is whole: with less it is a
teaser. Higher, and the first of six equal articles in a row is not recognised, lower, and a teaser is the article. No
measurement is on record."""
_DIGITS = re.compile(r"\d+")
_TEXT_NAMES = re.compile(r"(?:^|\s)(?:article|story|post|entry)-?_*(?:body|content|text)(?:$|\s)", re.IGNORECASE)
_BODY_NAMES = re.compile(
    r"article-?_*(?:body|content|text)|(?:story|post|entry|news)-?_*(?:body|content|text)|body-?_*(?:text|copy)|"
    r"(?:^|\s)(?:article|post|entry|story)(?:$|\s)|richtext|content-?_*body",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Survey:
    """A page's text, weighed."""

    weight: Counter[Element]
    """Characters of prose in each element, without boilerplate."""
    boilerplate: frozenset[Element]
    """Elements to leave out, outermost ones and all that are mute."""
    total: int
    """Characters of prose on the page, boilerplate included, second copies left out."""
    elements: int
    """How many elements the page has, boilerplate's own content left out."""
    stretches: dict[Element, int]
    """Elements with text of their own and how much, in page order."""


def survey(
    root: Element,
    marks: AttributeIndex,
    summaries: Collection[str] = (),
    headed: Container[Element] = (),
) -> Survey:
    """Weigh the text of a page, of which the body and what its elements are called are given, and tell its boilerplate.

    `summaries` are the descriptions that the page states: an element that shows one of them is no boilerplate. `headed`
    are the elements around the headline: what they are called does not make them boilerplate.
    """
    summarised = {letters_key(summary) for summary in summaries} - {""}
    units: dict[Element, int] = {root: len(root.text.strip())} if root.text else {}
    # Whose text an element's own belongs to, None within links. What is hidden has no place.
    holders: dict[Element | None, Element | None] = {root: root}
    for element in marks.elements:
        parent = element.getparent()
        if parent not in holders:
            continue
        holder = holders[parent]
        if holder is not None and (tail := element.tail):
            units[holder] = units.get(holder, 0) + len(tail.strip())
        tag = element.tag
        if tag in MUTE_TAGS or (tag == "button" and is_mute(element, tag)) or not isinstance(tag, str):
            continue
        if tag == "a":
            holder = None
        elif holder is not None:
            if tag not in INLINE:
                holder = element
            if text := element.text:
                units[holder] = units.get(holder, 0) + len(text.strip())
        holders[element] = holder
    weight = weigh(units, root)
    copies = find_copies(units, weight, root, _looks_like_boilerplate)
    marked = dict.fromkeys(find_threads(units, weight, _looks_like_comments), Kind.COMMENTS)
    marked |= dict.fromkeys(find_signup_boxes(marks, weight), Kind.SUSPECT)
    total = weight[root] - sum(weight[copy] for copy in copies)
    boilerplate = _boilerplate(holders, weight, summarised, marked, headed)
    for copy in copies:
        credit(weight, copy, -weight[copy], root)
    return Survey(weight, boilerplate.union(copies), total, len(holders), units)


def _boilerplate(
    elements: Collection[Element],
    weight: Counter[Element],
    summarised: set[str],
    marked: Mapping[Element, Kind],
    headed: Container[Element],
) -> frozenset[Element]:
    """The suspects that do not hold the article; `weight` loses what they held.

    `elements` are those of the page in page order, the body first.
    """
    root = next(iter(elements))
    total = weight[root]
    dropped: set[Element] = set()
    rows = Rows(weight, total)
    # Most of a page is boilerplate: what stands in it is looked at no further.
    gone: set[Element | None] = set()
    quotations = Quotations(elements, weight)
    code = CodeBlocks(root)
    for element in elements:
        if element.getparent() in gone:
            gone.add(element)
            continue
        kind = marked.get(element) or kind_of(element)
        if kind is Kind.TEXT or (kind is Kind.SUSPECT and rows.are_around(element)):
            continue
        if weight.get(element, 0) > MIN_HEADED_SHARE * total and element in headed:
            continue
        if kind is Kind.SUSPECT and (quotations.is_framed_by(element) or code.is_framed_by(element)):
            continue
        # A gallery that is itself a figure, captions and all, is the article's.
        if kind is Kind.GALLERY and (shows_one(element) or next(element.iterancestors("figure"), None) is not None):
            continue
        share = weight.get(element, 0)
        most = _MAX_COMMENTS_SHARE if kind is Kind.COMMENTS else _MAX_SUSPECT_SHARE
        if share <= most * total and not (0 < share < _MAX_SUMMARY_LETTERS and shows(element, summarised)):
            dropped.add(element)
            gone.add(element)
            credit(weight, element, -share, root)
    return frozenset(dropped)


def _looks_like_boilerplate(element: Element) -> bool:
    return kind_of(element) is not Kind.TEXT


def _looks_like_comments(element: Element) -> bool:
    return kind_of(element) is Kind.COMMENTS


def shows(element: Element, keys: Collection[str]) -> bool:
    """True when all text of an element is one of those whose letters are given."""
    if not keys:
        return False
    # What is compared is seldom equal, and its first words tell. The last letter may be another with an accent behind.
    said = (letters_key(piece[:_MAX_FIRST_LETTERS]) for piece in element.itertext() if not piece.isspace())
    first = next(filter(None, said), "")[:-1]
    for key in keys:
        if key.startswith(first):
            return letters_key("".join(element.itertext())) in keys
    return False


def article(root: Element, found: Survey, titles: Collection[str] = ()) -> Element:
    """The innermost element that holds the article's text; of several, the one that is headed by one of `titles`."""
    weight = found.weight
    keys = {letters_key(title) for title in titles} - {""}
    here, least = root, _MIN_CHILD_SHARE
    while True:
        heaviest = max(
            (child for child in here if child in weight and child not in found.boilerplate),
            key=weight.__getitem__,
            default=None,
        )
        if heaviest is None or heaviest.tag in PROSE or (heaviest.tag == "table" and table_rows(heaviest) is not None):
            return here
        if _is_body(here):
            least = _MIN_CHILD_SHARE_IN_BODY
        if weight[heaviest] < least * weight[here]:
            first = _first_of_several(here, found, keys)
            if first is not None:
                heaviest = first
            elif weight[heaviest] < (_share(heaviest) or least) * weight[here] or _is_one_of_several(heaviest, found):
                return here
        here = heaviest


def _first_of_several(here: Element, found: Survey, keys: Collection[str]) -> Element | None:
    """The first of the whole articles in a row: pages that go on with the next article when scrolled."""
    least = _MIN_ARTICLE_SHARE * found.weight[here]
    return next(
        (
            element
            for element in here.iterdescendants()
            if found.weight.get(element, 0) > least and _is_article(element) and _is_headed(element, keys)
        ),
        None,
    )


def _is_one_of_several(part: Element, found: Survey) -> bool:
    """True for a body of which more follow: `story-body-1` and `story-body-2`, or two of `richtext`."""
    name = _name_of(part)
    around = part.getparent()
    if around is None or part.tag == "article" or not _BODY_NAMES.search(name):
        return False
    kind = _DIGITS.sub("", name).split()
    return any(
        other is not part
        and other.tag == part.tag
        and found.weight[other] >= MIN_PROSE_LETTERS
        and other not in found.boilerplate
        and _DIGITS.sub("", _name_of(other)).split() == kind
        for other in around.iterchildren()
    )


def enclosing_article(text: Element, titles: Collection[str]) -> Element | None:
    """The whole article around its text: the nearest element that is or calls itself one and holds the headline."""
    keys = {letters_key(title) for title in titles} - {""}
    around = (element for element in (text, *text.iterancestors()) if _is_article(element))
    return next((element for element in around if _is_headed(element, keys)), None)


def _is_article(element: Element) -> bool:
    return element.tag == "article" or bool(_BODY_NAMES.search(_name_of(element)))


def _is_headed(element: Element, keys: Collection[str]) -> bool:
    return any(
        (heading.tag == "h1" and element.tag == "article") or letters_key("".join(heading.itertext())) in keys
        for heading in element.iter("h1", "h2")
    )


def _share(element: Element) -> float | None:
    """How much of the text around it an element must hold to be taken alone; None where its name says nothing."""
    if "articlebody" in (element.get("itemprop") or "").lower():
        return 0.4
    if _is_article(element) or element.tag == "main" or element.get("role") == "main":
        return 0.55
    return None


def _is_body(element: Element) -> bool:
    """True for an element that calls itself the text of an article: what stands in it belongs together."""
    return "articlebody" in (element.get("itemprop") or "").lower() or bool(_TEXT_NAMES.search(_name_of(element)))


def _name_of(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"
