"""A page's code, formulas and callouts in a form that trafilatura hands on, and back again.

It drops scripts and MathML, keeps the numbers beside lines of code, and takes frames for nothing but frames.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator

from lxml import etree

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.elements.callouts import is_callout, is_reply_quote
from archiver.extract.markdown.elements.code import code_text, is_code
from archiver.extract.markdown.elements.code_language import code_language
from archiver.extract.markdown.elements.formulas import Formula, read_formula

_OPEN, _CLOSE = "\u2045", "\u2046"
"""Square brackets with quill: they stand around the source of a formula, twice around one in a paragraph of its own."""
_MARKED = re.compile(f"({_OPEN}{{1,2}}[^{_OPEN}{_CLOSE}]+{_CLOSE}{{1,2}})")


def prepared(tree: Element) -> Element:
    """A copy of the page with its code bare, its formulas as marked text, its callouts as quotations.

    The page itself where it has none of them.
    """
    if not any(True for _ in _special(tree)):
        return tree
    whole = copy.deepcopy(tree)
    for element, formula in list(_special(whole)):
        if formula is not None:
            _replace(element, formula)
        elif is_code(element):
            code, language = code_text(element), code_language(element)
            _empty(element)
            element.tag = "pre"
            # Without an element for code in it, trafilatura takes a block of it for a quotation.
            inner = etree.SubElement(element, "code")
            inner.text = code
            if language:
                inner.set("class", f"language-{language}")
        else:
            element.tag = "blockquote"
    return whole


def restored(found: etree._Element) -> None:
    """Make elements of the formulas that stand in the text as `prepared` marked them."""
    for element in list(found.iter()):
        _split(element, element.text, 0, in_tail=False)
        parent = element.getparent()
        if parent is not None:
            _split(parent, element.tail, parent.index(element) + 1, in_tail=True)


def _special(tree: Element) -> Iterator[tuple[Element, Formula | None]]:
    """The elements to prepare, outermost first; nothing within code or a formula."""
    done: set[Element] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.getparent() in done:
            done.add(element)
            continue
        formula = read_formula(element)
        if formula is not None or is_code(element):
            done.add(element)
            yield element, formula
        elif is_callout(element) or is_reply_quote(element):
            yield element, None


def _replace(element: Element, formula: Formula) -> None:
    times = 2 if formula.is_block else 1
    _empty(element)
    element.tag = "span"
    element.text = f"{_OPEN * times}{formula.tex}{_CLOSE * times}" if formula.tex else ""


def _empty(element: Element) -> None:
    """Take everything from an element but its place and its tail."""
    tail = element.tail
    element.clear()
    element.tail = tail


def _split(parent: etree._Element, text: str | None, at: int, *, in_tail: bool) -> None:
    if not text or _OPEN not in text:
        return
    before, *parts = _MARKED.split(text)
    if in_tail:
        parent[at - 1].tail = before
    else:
        parent.text = before
    for marked, after in zip(parts[::2], parts[1::2], strict=True):
        is_block = marked.startswith(_OPEN * 2)
        span = etree.Element("span", {"class": "math display" if is_block else "math inline"})
        span.set("data-tex", marked.strip(_OPEN + _CLOSE))
        span.tail = after
        parent.insert(at, span)
        at += 1
