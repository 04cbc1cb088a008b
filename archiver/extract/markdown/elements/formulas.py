"""The TeX source of the formulas that a page shows, where the page carries it; of MathML, TeX that says the same.

A page carries a formula up to three times: as glyphs, as MathML for screen readers, and as its source. The source is
what is read, at the outermost element that holds all three.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.elements.mathml import to_tex
from archiver.extract.markdown.inline import remove_invisible
from archiver.text.markdown.formulas import tex_source

_TAGS = frozenset(("math", "script", "mjx-container", "math-renderer", "tex-math", "d-math", "amp-mathml", "img"))
"""Elements that may be a formula whatever they are called."""
_NAMES = re.compile(
    r"(?:^|[\s_-])(?:katex|mathjax|mjx|mwe-math|mathtex|tex|latex|math|maths|formula|equation|arithmatex|eeimg)(?=$|[\s_-])",
    re.IGNORECASE,
)
_TEXT_TAGS = (
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "ul",
    "ol",
    "dl",
    "table",
    "pre",
    "blockquote",
    "figure",
    "article",
    "section",
)
_SOURCES = ("data-formula", "data-tex", "data-latex", "data-math", "data-equation")
_GLYPHS = re.compile(r"(?:^|\s)(?:MathJax|MJX|mjx)", re.IGNORECASE)
_BLOCK = re.compile(r"(?:^|[\s_-])(?:display|block)(?=$|[\s_-])", re.IGNORECASE)
_TEX_IMAGE = re.compile(
    r"(?:^|[/.?])(?:latex|tex|mathtex|mimetex|svg\.latex)(?:\.php)?[?/]|codecogs\.com/", re.IGNORECASE
)
_TEX_STARTS = (r"{\displaystyle", r"{\textstyle", r"\(", r"\[")
_TEX_SIGN = re.compile(r"[\\^_={}+<>]|^\S{1,2}$")
"""What the description of a picture does not have, or is no more than the name of a variable."""
_MAX_BESIDE = 3
"""Elements behind the glyphs of a formula among which its source is looked for: preview, frame, and the source."""
_MAX_SOURCE_LETTERS = 20_000
"""Characters; a longer text is no formula, whatever it is called."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a page."""

    tex: str
    """Its source; empty for glyphs whose source stands beside them, which are not to be read."""
    is_block: bool = False
    """Whether it stands in a paragraph of its own."""


def read_formula(element: Element) -> Formula | None:
    """The formula that an element shows; None for one that shows none, or only the glyphs of one."""
    tag = element.tag
    names = element.get("class") or ""
    if tag not in _TAGS and not (names and _is_formula_name(names)):
        return None
    if tag == "script":
        kind = element.get("type") or ""
        return _formula(element.text, "mode=display" in kind) if kind.startswith("math/tex") else None
    if tag == "math":
        return _of_mathml(element)
    return _of_image(element, names) if tag == "img" else _of_named(element, names)


# The elements of a page have few classes, and those of the next page of its site the same.
@lru_cache(maxsize=4096)
def _is_formula_name(names: str) -> bool:
    return _NAMES.search(names) is not None


def _of_named(element: Element, names: str) -> Formula | None:
    """The formula in an element that is called one."""
    # A whole article may be called after the script that is to draw its formulas.
    if next(element.iterdescendants(*_TEXT_TAGS), None) is not None:
        return None
    is_block = bool(_BLOCK.search(names)) or element.get("display") == "true" or element.tag == "div"
    if (stated := _stated(element, names)) is not None:
        return _formula(stated, is_block)
    is_glyphs = element.tag == "mjx-container" or _GLYPHS.search(names) is not None
    if is_glyphs and _has_source_beside(element):
        return Formula("")
    if is_glyphs or "katex" in names or "mwe-math" in names:
        return _of_frame(element, is_block)
    return _of_text(element, names, is_block)


def _formula(written: str | None, is_block: bool) -> Formula | None:
    tex, stated = tex_source(remove_invisible(written or ""))
    return Formula(tex, is_block if stated is None else stated) if tex else None


def _stated(element: Element, names: str) -> str | None:
    """The source in an attribute."""
    sources = ("data-value",) if "ql-formula" in names else _SOURCES
    return next((str(value) for name in sources if (value := element.get(name))), None)


def _of_mathml(math: Element) -> Formula | None:
    is_block = math.get("display") == "block" or "display" in (math.get("mode") or "")
    for annotation in math.iter("annotation"):
        if "tex" in (annotation.get("encoding") or "").lower():
            return _formula("".join(annotation.itertext()), is_block)
    return _formula(math.get("alttext"), is_block) or _formula(to_tex(math), is_block)


def _of_image(image: Element, names: str) -> Formula | None:
    alt = (image.get("alt") or "").strip()
    is_called = _NAMES.search(names) is not None or _TEX_IMAGE.search(image.get("src") or "") is not None
    if not alt.startswith(_TEX_STARTS) and not (is_called and _TEX_SIGN.search(alt)):
        return None
    return _formula(image.get("data-formula") or alt, bool(_BLOCK.search(names)))


def _of_frame(frame: Element, is_block: bool) -> Formula | None:
    """The formula in a frame: the MathML for screen readers, or the image in its place."""
    # Text of its own makes it the frame of a text.
    if "".join((frame.text or "", *(child.tail or "" for child in frame))).strip():
        return None
    names = frame.get("class") or ""
    is_block = is_block or any(
        _BLOCK.search(inner.get("class") or "") for inner in islice(frame.iter("span", "img"), 4)
    )
    for inner in frame.iter("math", "img"):
        found = _of_mathml(inner) if inner.tag == "math" else _of_image(inner, names)
        if found is not None:
            return Formula(found.tex, is_block or found.is_block)
    for inner in frame.iter():
        if (stated := inner.get("data-latex") or inner.get("data-mathml")) is not None:
            found = _of_markup(stated) if stated.lstrip().startswith("<") else _formula(stated, is_block)
            return None if found is None else Formula(found.tex, is_block or found.is_block)
    return None


def _of_markup(markup: str) -> Formula | None:
    """The formula in MathML that stands in an attribute."""
    try:
        root = etree.fromstring(markup, parser=etree.HTMLParser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    math = None if root is None else next(root.iter("math"), None)
    return None if math is None else _of_mathml(math)


def _has_source_beside(glyphs: Element) -> bool:
    """True when the source follows in a script, as MathJax 2 leaves it, behind the glyphs or the frame around them."""
    around: Element | None = glyphs
    while around is not None and _GLYPHS.search(around.get("class") or ""):
        if any(
            beside.tag == "script" and (beside.get("type") or "").startswith("math/")
            for beside in islice(around.itersiblings(), _MAX_BESIDE)
        ):
            return True
        around = around.getparent()
    return False


def _of_text(element: Element, names: str, is_block: bool) -> Formula | None:
    """A formula that waits for its script, as text between delimiters, or named inline or display by its class."""
    script = next((inner for inner in element if inner.tag == "script"), None)
    if len(element) > 0:
        alone = len(element) == 1 and script is not None and not (element.text or script.tail or "").strip()
        return read_formula(script) if script is not None and alone else None
    text = remove_invisible(element.text or "")
    if not text.strip() or len(text) > _MAX_SOURCE_LETTERS:
        return None
    tex, stated = tex_source(text)
    if stated is None:
        words = set(re.split(r"[\s_-]+", names.lower()))
        if not ({"math", "tex", "latex"} & words and {"inline", "display", "block", "language"} & words):
            return None
    return Formula(tex, is_block if stated is None else stated) if tex else None
