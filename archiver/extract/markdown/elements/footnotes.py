"""Marks of footnotes, exponents and indices as characters; the ways back from a note to its mark.

Of the readers of Markdown not all know footnotes, so the marks stand as superscript numbers and the notes as the list
that they are on the page.
"""

from __future__ import annotations

import re

from archiver.extract.dom.regions import Element

_RAISED = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_RAISED_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_NUMBER = re.compile(r"[-+−(]?[0-9]+(?:[-+−–=(),\s]*[0-9]+)*\)?")
"""Numbers, ranges and sums of them: `1`, `2, 3`, `-1`, `(4)`."""
_BACK = re.compile(
    r"(?:^|[\s_-])(?:cite-)?back-?(?:link|ref)s?(?=$|[\s_-])|reversefootnote|footnote-back|fn-?return", re.IGNORECASE
)
_ARROWS = frozenset("↩ ↑ ⇑ ^ ⏎ ⤴ ↵ ↖".split())
_NOTES = re.compile(r"(?:^|\s)(?:foot|end)notes?(?:-list)?(?=$|\s)", re.IGNORECASE)
_NOTE_ROLES = frozenset(("doc-footnote", "doc-endnote", "doc-endnotes"))
_REFERENCE_ROLE, _BACK_ROLE = "doc-noteref", "doc-backlink"
_MAX_MARK_LETTERS = 12
"""Characters of a mark: three numbers of three digits; with fewer marks of several notes are glued to the word, with
more a footnote set in small letters loses its look for nothing."""


def raised(element: Element) -> str | None:
    """The text of `<sup>`, or of a link to a footnote, as superscript; None where it has no such characters."""
    text = _own_text(element)
    if text is None:
        return None
    if _NUMBER.fullmatch(text):
        return text.translate(_RAISED)
    is_reference = element.get("role") == _REFERENCE_ROLE or element.find(".//a") is not None
    return text.translate(_RAISED_LETTERS) if is_reference and len(text) == 1 and "a" <= text <= "z" else None


def lowered(element: Element) -> str | None:
    """The text of `<sub>` as subscript; None where it has no such characters."""
    text = _own_text(element)
    return text.translate(_LOWERED) if text is not None and _NUMBER.fullmatch(text) else None


def _own_text(element: Element) -> str | None:
    """The text of an element that holds no more than a mark and links within the page."""
    if any(inner.tag == "img" or not _is_within(inner.get("href")) for inner in element.iter("a", "img")):
        return None
    text = "".join(element.itertext()).strip()
    return text if 0 < len(text) <= _MAX_MARK_LETTERS else None


def is_reference(element: Element) -> bool:
    """True for a link to a footnote that says so and is not set in `<sup>`."""
    return element.get("role") == _REFERENCE_ROLE or "footnote-ref" in (element.get("class") or "")


def is_back_link(element: Element) -> bool:
    """True for what leads from a note back to its mark, and says nothing else."""
    names = element.get("class") or ""
    if element.tag == "span":
        return "cite-backlink" in names
    if element.tag != "a" or element.get("href") is None or not _is_within(element.get("href")):
        return False
    # A variation selector may ask for the arrow as a sign or as an emoji.
    text = "".join(element.itertext()).strip().rstrip("\ufe0e\ufe0f")
    # Docutils makes the note's own number its way back.
    return text in _ARROWS or (
        not text.isdecimal() and (element.get("role") == _BACK_ROLE or bool(_BACK.search(names)))
    )


def is_note(element: Element) -> bool:
    """True for a note, or all of them, that stand in an element which says so."""
    return element.get("role") in _NOTE_ROLES or _NOTES.search(element.get("class") or "") is not None


def _is_within(href: str | None) -> bool:
    return href is None or href.strip().startswith("#")
