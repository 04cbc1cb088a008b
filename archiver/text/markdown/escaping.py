"""Text that Markdown, HTML and Liquid leave alone.

A page's text is written so that any CommonMark reader (spec 0.31) renders exactly that text, and so do those that the
usual site builders have: kramdown (Jekyll), Goldmark (Hugo), markdown-it (Eleventy), remark with GFM (Astro). Only
characters that would be markup where they stand are escaped: `snake_case`, `a * b` and `[1]` stay.
"""

from __future__ import annotations

import re
import unicodedata

_COMMON = (
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash escapes only ASCII punctuation (spec 2.4)
    r"|`|\*+|_+|<|!(?=\[|$)"
    r"|&(?=\#?\w{1,31};|$)"  # entity and numeric character references (spec 2.5)
    r"|\{"  # Liquid; attribute lists of kramdown and, at the end of a heading, of Goldmark; expressions of MDX
    r"|\||\$\$+|~+"  # kramdown: a pipe anywhere in a paragraph makes it a table, $$ a formula; GFM: ~ strikes out
)
_ACTIVE = re.compile(_COMMON + r"|\](?=[(\[:]|$)|\[(?=[ xX]\])")  # GFM: a task, to Goldmark anywhere in an item
_ACTIVE_IN_LABEL = re.compile(_COMMON + r"|[\[\]]")
_ANY_ACTIVE = re.compile(r"[\\`*_<!&{|$~\[\]]")
_REFERENCES = {"&": "&amp;", "`": "&#96;"}
"""What no backslash can escape: kramdown looks for code in a table before it looks for escapes."""
_LINE_START = re.compile(
    r"\#(?=\#{0,5}(?:\s|$))|>|:(?=\s)"
    r"|[-+*](?=\s|$)|-(?=(?:[ \t]*-){2,}[ \t]*$)|_(?=(?:[ \t]*_){2,}[ \t]*$)"
    r"|\d{1,9}(?=[.)](?:\s|$))"
    r"|[-=](?=[-=]*\s*$)"
    r"|\^(?=\s*$)"  # kramdown: ends a block
    r"|\[(?=[^\]]*\]:)"  # kramdown: a definition, even where its bracket is escaped
)
_WORD = re.compile(r"\S+")
_AUTOLINK = re.compile(r"(?<![a-z])(?:(?:https?|ftp)(?=://)|www(?=\.))", re.IGNORECASE)
"""What GFM makes a link of without any markup. It takes every character literally, escapes as well."""
_LAST_HASHES = re.compile(r"(?<![\\#])#+$|(?<=\\#)#+$")
_WRITTEN_OTHERWISE = re.compile(r"\\|&(?:amp|\#\d+);")
_LIQUID = re.compile(r"\{[{%]")
_SHORTCODE = re.compile(r"\{\{(?=[<%])")
"""What Hugo runs in code too; one that it does not know ends the build."""
_END_RAW = re.compile(r"\{%-?\s*endraw")
_ADDRESS = re.compile(r"[\s<>\\()\[\]{}|`^\"]|&(?=\#?\w{1,31};)")


def escape_inline(text: str, before: str = "", after: str = "") -> str:
    r"""Text escaped for the middle of a line.

    `before` and `after` are the Markdown that stands beside it in the same line, empty at the line's edges.

    >>> escape_inline("snake_case *really* {{ x }} <b>")
    'snake_case \\*really\\* &#123;&#123; x }} \\<b>'
    """
    markdown = _escape(_ACTIVE, text, before, after)
    return _break_autolinks(markdown, after) if "://" in markdown or "ww." in markdown.lower() else markdown


def escape_label(text: str, before: str = "", after: str = "") -> str:
    """Text escaped for the brackets of a link or image, where every bracket counts."""
    markdown = _escape(_ACTIVE_IN_LABEL, text, before, after)
    # kramdown: a footnote, which no label begins as.
    return f"&#94;{markdown[1:]}" if before == "[" and markdown.startswith("^") else markdown


def _escape(active: re.Pattern[str], text: str, before: str, after: str) -> str:
    if _ANY_ACTIVE.search(text) is None:
        return text

    def replace(match: re.Match[str]) -> str:
        found = match[0]
        start, end = match.span()
        previous = text[start - 1] if start else before[-1:] or " "
        following = text[end] if end < len(text) else after[:1] or " "
        at_end = end == len(text)
        if found in _REFERENCES:
            return "&" if found == "&" and at_end and following.isspace() else _REFERENCES[found]
        if found[0] == "~":
            return found if len(found) == 1 and not _closes(previous, following) else "&#126;" * len(found)
        if found == "{":
            return "&#123;" if previous == "{" or following in "{%" else r"\{"
        if found == "]" and following == ":" and active is _ACTIVE_IN_LABEL:
            return "&#93;"  # kramdown would take the label for the name of a definition
        if at_end and ((found == "!" and following != "[") or (found == "]" and following not in "([:")):
            return found if active is _ACTIVE or found != "]" else "\\]"
        if found in {"*", "_"} and previous.isspace() and following.isspace():
            return found
        if found == "_" and previous.isalnum() and following.isalnum():
            # Beside a digit it opens in kramdown, which may find the end of it in the address behind a label.
            in_word = active is _ACTIVE or (previous.isalpha() and following.isalpha())
            return found if in_word else r"\_"
        return "".join("\\" + character for character in found)

    return active.sub(replace, text)


def _closes(before: str, after: str) -> bool:
    """True where a single tilde can end what is struck out: it is right-flanking, as in `H~2~O`."""
    return not before.isspace() and (not is_punctuation(before) or after.isspace() or may_be_punctuation(after))


def is_punctuation(character: str) -> bool:
    """True for what every reader takes for punctuation beside a delimiter; signs such as emoji only since spec 0.31."""
    category = unicodedata.category(character)[0]
    return category == "P" or (category == "S" and character.isascii())


def may_be_punctuation(character: str) -> bool:
    """True for what some reader takes for punctuation beside a delimiter."""
    return unicodedata.category(character)[0] in "PS"


def _break_autolinks(markdown: str, after: str) -> str:
    """Escape the colon of addresses that hold an escape, or touch the markup behind: both would be part of them."""

    def break_word(word: re.Match[str]) -> str:
        text = word[0]
        touches = word.end() == len(markdown) and after[:1].strip() != ""
        last = max((match.start() for match in _WRITTEN_OTHERWISE.finditer(text)), default=-1)
        return _AUTOLINK.sub(lambda match: f"{match[0]}\\" if touches or last >= match.end() else match[0], text)

    return _WORD.sub(break_word, markdown)


def escape_heading(line: str) -> str:
    r"""A line, escaped inline already, as the text of a heading: hashes at its end are not the closing mark.

    >>> escape_heading("Learn C#")
    'Learn C\\#'
    """
    # kramdown takes them off behind a letter too, and all but the one behind a backslash.
    return _LAST_HASHES.sub(lambda found: r"\#" * len(found[0]), line) if line.endswith("#") else line


def escape_line_start(line: str) -> str:
    """A line, escaped inline already, that does not begin a heading, list, quote, rule or definition."""
    match = None if line[:1].isalpha() else _LINE_START.match(line)
    if match is None:
        return line
    if match[0] == "^":
        return "&#94;" + line[1:]
    at = match.end() if match[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def code_span(code: str, liquid_fences: bool = True) -> str:
    """Code within a line; with `liquid_fences` Liquid in it is switched off. Not for code that `ends_raw` then."""
    folded = " ".join(code.split())
    if not folded:
        return ""
    if not liquid_fences:
        folded = _SHORTCODE.sub("{ {", folded)
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", folded)), default=0) + 1)
    pad = " " if folded[0] == "`" or folded[-1] == "`" else ""
    span = f"{ticks}{pad}{folded}{pad}{ticks}"
    return f"{{% raw %}}{span}{{% endraw %}}" if liquid_fences and _LIQUID.search(folded) else span


def ends_raw(code: str) -> bool:
    """True for code with Liquid's own end of a raw section, which no raw section can hold."""
    return _END_RAW.search(code) is not None


def code_block(code: str, language: str = "", liquid_fences: bool = True) -> str:
    """A fenced block of code; with `liquid_fences` Liquid in it is switched off."""
    lines = code.expandtabs(4).strip("\n").rstrip()
    # A blank after the brace keeps it readable and inert.
    if not liquid_fences:
        lines = _SHORTCODE.sub("{ {", lines)
    elif ends_raw(lines):
        lines = _LIQUID.sub(lambda found: f"{found[0][0]} {found[0][1]}", lines)
    ticks = "`" * max(3, max((len(run) for run in re.findall(r"`+", lines)), default=0) + 1)
    block = f"{ticks}{language}\n{lines}\n{ticks}"
    return f"{{% raw %}}\n{block}\n{{% endraw %}}" if liquid_fences and _LIQUID.search(lines) else block


def escape_address(url: str) -> str:
    """An address for the parentheses of a link or image."""
    return _ADDRESS.sub(
        lambda found: "&amp;" if found[0] == "&" else "".join(f"%{byte:02X}" for byte in found[0].encode()), url
    )
