r"""TeX formulas between dollars, spelled so that every reader of Markdown leaves them whole.

Most readers take a formula for text and show its source; some, such as Obsidian, GitHub and kramdown, read what stands
between the dollars as TeX. White space that means nothing to TeX keeps most formulas from being markup to the one
without being another formula to the other: `a_ {1}`. Only what is left is escaped, for the first.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"(?<!\\)%.*$", re.MULTILINE)
_DELIMITED = re.compile(
    r"\$\$(?P<block>.*)\$\$|\\\[(?P<brackets>.*)\\\]|\\\((?P<round>.*)\\\)|\$(?P<line>[^$]*)\$", re.DOTALL
)
_STYLE = re.compile(r"\{\s*\\(?P<style>display|text)style\b(?P<tex>.*)\}", re.DOTALL)
_APART = re.compile(
    r"(?P<command>\\(?!\{[{%]).)"
    r"|(?:(?<![^\W\d_])_(?=\S)"  # kramdown, CommonMark: emphasis, unless a letter stands before it
    r"|<(?=\S)"  # a tag
    r"|\\?\{(?=[{%#:])"  # Liquid, kramdown: attributes
    r"|\](?=[(\[:])|\[(?=\^|[xX ]\])|!(?=\[)"  # a link, a footnote, a task, an image
    r"|&(?=\#?\w{1,31};)"  # a character reference
    r"|\$(?=\$))"  # kramdown: a formula
)
_OUTER = " \t\n$~_\\"
"""What says nothing at the edges of a formula, and might be markup beside its dollars."""
_ALONE = re.compile(r"(?P<command>\\.)|(?P<mark>[*~])")
"""What marks emphasis or struck-out text unless it stands alone."""
_OUTER_STARS = re.compile(r"\A\*|(?<!\\)\*\Z")
"""Those that touch a dollar cannot stand alone; TeX has another name for them."""
_ESCAPED = re.compile(r"\\\\|\\(?=[!-/:-@\[-`{-~])([_*$|`~<\]]?)|`|\|")
"""A backslash escapes only ASCII punctuation (spec 0.31, section 2.4)."""
_REFERENCES = {"`": "&#96;", "~": "&#126;"}
"""What kramdown knows no escape for."""


def tex_source(written: str) -> tuple[str, bool | None]:
    r"""The TeX of a formula without delimiters, and whether these make it a block; None without delimiters.

    >>> tex_source(r"\[ E = mc^2 \]")
    ('E = mc^2', True)
    """
    tex, is_block = written.strip(), None
    if (found := _DELIMITED.fullmatch(tex)) is not None:
        is_block = found["block"] is not None or found["brackets"] is not None
        tex = next(filter(None, found.groups()), "")
    if (styled := _STYLE.fullmatch(tex.strip())) is not None:
        tex = styled["tex"]
    return " ".join(_COMMENT.sub("", tex).split()), is_block


def inline_formula(tex: str) -> tuple[str, str]:
    r"""A formula within a line, as Markdown and as what a reader sees who gets the source; empty for no formula.

    >>> inline_formula(r"\frac{a}{b} \{x\}_1")
    ('$\\frac{a}{b} \\\\{x\\\\}_ 1$', '$\\frac{a}{b} \\{x\\}_ 1$')
    """
    apart = _set_apart(tex)
    return (f"${_escape(apart)}$", f"${apart}$") if apart else ("", "")


def block_formula(tex: str) -> tuple[str, str]:
    r"""A formula in a paragraph of its own, as Markdown and as what a reader sees who gets the source.

    >>> block_formula("E = mc^2")[0], block_formula(r"a \, b")[0]
    ('$$E = mc^2$$', '\\$\\$a \\\\, b\\$\\$')
    """
    apart = _set_apart(tex)
    escaped = _escape(apart)
    if not apart:
        return "", ""
    # kramdown would read escapes between unescaped dollars as TeX.
    markdown = f"$${apart}$$" if escaped.replace(r"\|", "|") == apart else rf"\$\${escaped}\$\$"
    return markdown, f"$${apart}$$"


def _set_apart(tex: str) -> str:
    apart = _APART.sub(lambda found: found["command"] or f"{found[0]} ", _trim(tex))
    apart = " ".join(_ALONE.sub(lambda found: found["command"] or f" {found['mark']} ", apart).split())
    # Brackets around a blank are a task to Goldmark, wherever they stand.
    return " ".join(_OUTER_STARS.sub(r" \\ast ", apart).split()).replace("[ ]", "[]")


def _trim(tex: str) -> str:
    """The formula without what says nothing at its edges; what a backslash stands before is part of it."""
    tex = tex.lstrip(_OUTER.rstrip("\\_"))
    while tex and tex[-1] in _OUTER:
        backslashes = len(tex[:-1]) - len(tex[:-1].rstrip("\\"))
        if backslashes % 2 and not tex[-1].isspace():
            break
        tex = tex[:-1]
    return tex


def _escape(tex: str) -> str:
    def replace(found: re.Match[str]) -> str:
        if found[0] in _REFERENCES:
            return _REFERENCES[found[0]]
        if found[0] in ("|", r"\\"):
            return "".join(f"\\{character}" for character in found[0])
        return r"\\" + (_REFERENCES.get(found[1]) or (f"\\{found[1]}" if found[1] else ""))

    return _ESCAPED.sub(replace, tex)
