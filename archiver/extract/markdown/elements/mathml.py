r"""MathML → TeX, for formulas whose page carries no other source (https://www.w3.org/TR/mathml-core/)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from archiver.extract.dom.regions import Element

_FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mfrac": (r"\frac{", "}{", "}"),
        "msup": ("{", "}^{", "}"),
        "msub": ("{", "}_{", "}"),
        "msubsup": ("{", "}_{", "}^{", "}"),
        "munder": ("{", "}_{", "}"),
        "mover": ("{", "}^{", "}"),
        "munderover": ("{", "}_{", "}^{", "}"),
        "msqrt": (r"\sqrt{", "}"),
        "mtext": (r"\text{", "}"),
    }
)
"""What stands before, between and after the parts of an element."""
_LEFT_OUT = frozenset(("annotation", "annotation-xml", "mphantom", "mspace", "none", "mprescripts"))
_SIGNS = {ord(sign): f"\\{sign}" for sign in "{}#$%&_"} | {
    0x2061: None, 0x2062: None, 0x2063: None, 0x2064: None, 0xA0: " ", ord("\\"): r"\backslash "
}  # fmt: skip
_MAX_MATHML_LEVELS = 40
"""Levels of elements in a formula; deeper ones are read as text. It bounds the recursion; formulas that people write
have a dozen."""


def to_tex(math: Element) -> str:
    """TeX for a formula in MathML; empty for one that shows nothing."""
    return " ".join(_written(math, 0).split())


def _written(element: Element, level: int) -> str:
    if level > _MAX_MATHML_LEVELS or len(element) == 0:
        return _leaf(element)
    parts = [_written(child, level + 1) for child in element if child.tag not in _LEFT_OUT]
    tag = element.tag
    if tag == "mroot" and len(parts) == 2:
        return rf"\sqrt[{parts[1]}]{{{parts[0]}}}"
    if tag == "mfenced":
        return f"{element.get('open', '(')}{', '.join(parts)}{element.get('close', ')')}"
    if tag == "mtable":
        rows = r" \\ ".join(parts)
        return rf"\begin{{matrix}}{rows}\end{{matrix}}"
    form = _FORMS.get(tag, ())
    if len(form) == 2:
        return f"{form[0]}{' '.join(parts)}{form[1]}"
    if len(form) != len(parts) + 1:
        return (" & " if tag == "mtr" else " ").join(part for part in parts if part or tag == "mtr")
    return form[0] + "".join(part + after for part, after in zip(parts, form[1:], strict=True))


def _leaf(element: Element) -> str:
    """The sign, number or name of an element that holds no others."""
    text = "".join(element.itertext()).strip().translate(_SIGNS)
    if element.tag == "mtext":
        return rf"\text{{{text}}}" if text else ""
    is_name = element.tag == "mi" and len(text) > 1 and text.isalpha() and text.isascii()
    return rf"\operatorname{{{text}}}" if is_name else text
