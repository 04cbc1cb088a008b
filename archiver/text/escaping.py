"""Text that Markdown, HTML and Liquid leave alone.

A page's text is written so that a CommonMark reader (spec 0.31) and Jekyll's kramdown both render exactly that
text. Only characters that would be markup where they stand are escaped: `snake_case`, `a * b` and `[1]` stay.
"""

from __future__ import annotations

import re

_COMMON = (
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash escapes only ASCII punctuation (spec 2.4)
    r"|`|\*+|_+|<|!(?=\[|$)"
    r"|&(?=\#?\w{1,31};)"  # entity and numeric character references (spec 2.5)
    r"|\{(?=[{%:\#]|$)|(?<=\{)\{"  # Liquid; kramdown's attribute lists
    r"|\||\$\$+|~~+"  # kramdown: a pipe anywhere in a paragraph makes it a table, $$ a formula; GFM: ~~ strikes out
)
_ACTIVE = re.compile(_COMMON + r"|\](?=[(\[:]|$)")
_ACTIVE_IN_LABEL = re.compile(_COMMON + r"|[\[\]]")
_ANY_ACTIVE = re.compile(r"[\\`*_<!&{|$~\[\]]")
_LINE_START = re.compile(
    r"\#(?=\#{0,5}(?:\s|$))|>|:(?=\s)"
    r"|[-+*](?=\s|$)|-(?=(?:[ \t]*-){2,}[ \t]*$)|\*(?=(?:[ \t]*\*){2,}[ \t]*$)"
    r"|\d{1,9}(?=[.)](?:\s|$))"
    r"|[-=](?=[-=]*\s*$)|~(?=~~)"
)
_LIQUID = re.compile(r"\{[{%]")
_END_RAW = re.compile(r"\{%-?\s*endraw")
_ADDRESS = re.compile(r"[\s<>\\()\[\]{}|`^\"]|&(?=\#?\w{1,31};)")


def escape_inline(text: str, before: str = "", after: str = "") -> str:
    r"""Text escaped for the middle of a line.

    `before` and `after` are the Markdown that stands beside it in the same line, empty at the line's edges.

    >>> escape_inline("snake_case *really* {{ x }} <b>")
    'snake_case \\*really\\* &#123;&#123; x }} \\<b>'
    """
    return _escape(_ACTIVE, text, before, after)


def escape_label(text: str, before: str = "", after: str = "") -> str:
    """Text escaped for the brackets of a link or image, where every bracket counts."""
    return _escape(_ACTIVE_IN_LABEL, text, before, after)


def _escape(active: re.Pattern[str], text: str, before: str, after: str) -> str:
    def replace(match: re.Match[str]) -> str:
        found = match[0]
        start, end = match.span()
        previous = text[start - 1] if start else before[-1:] or " "
        following = text[end] if end < len(text) else after[:1] or " "
        at_end = end == len(text)
        if found == "&":
            return "&amp;"
        if found[0] == "~":
            return "&#126;" * len(found)
        if found == "{":
            return "{" if at_end and start and text[start - 1] != "{" and following != "{" else "&#123;"
        if at_end and ((found == "!" and following != "[") or (found == "]" and following not in "([:")):
            return found if active is _ACTIVE or found != "]" else "\\]"
        if found[0] in "*_" and previous.isspace() and following.isspace():
            return found
        if found[0] == "_" and previous.isalnum() and following.isalnum():
            return found
        return "".join("\\" + character for character in found)

    return active.sub(replace, text) if _ANY_ACTIVE.search(text) else text


def escape_line_start(line: str) -> str:
    """A line, escaped inline already, that does not begin a heading, list, quote, rule, fence or definition."""
    match = None if line[:1].isalpha() else _LINE_START.match(line)
    if match is None:
        return line
    if match[0] == "~":
        return "&#126;" + line[1:]
    at = match.end() if match[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def code_span(code: str) -> str:
    """Code within a line; Liquid in it is switched off. Not for code that `ends_raw`."""
    folded = " ".join(code.split())
    if not folded:
        return ""
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", folded)), default=0) + 1)
    pad = " " if folded[0] == "`" or folded[-1] == "`" else ""
    span = f"{ticks}{pad}{folded}{pad}{ticks}"
    return f"{{% raw %}}{span}{{% endraw %}}" if _LIQUID.search(folded) else span


def ends_raw(code: str) -> bool:
    """True for code with Liquid's own end of a raw section, which no raw section can hold."""
    return _END_RAW.search(code) is not None


def code_block(code: str, language: str = "") -> str:
    """A fenced block of code; Liquid in it is switched off."""
    lines = code.expandtabs(4).strip("\n").rstrip()
    if ends_raw(lines):
        # A blank after the brace keeps it readable and inert.
        lines = _LIQUID.sub(lambda found: f"{found[0][0]} {found[0][1]}", lines)
    ticks = "`" * max(3, max((len(run) for run in re.findall(r"`+", lines)), default=0) + 1)
    block = f"{ticks}{language}\n{lines}\n{ticks}"
    return f"{{% raw %}}\n{block}\n{{% endraw %}}" if _LIQUID.search(lines) else block


def escape_address(url: str) -> str:
    """An address for the parentheses of a link or image."""
    return _ADDRESS.sub(
        lambda found: "&amp;" if found[0] == "&" else "".join(f"%{byte:02X}" for byte in found[0].encode()), url
    )
