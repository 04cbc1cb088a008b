"""Markdown for files that are MDX, which reads braces, tags and the words `import` and `export` as code.

https://mdxjs.com/docs/what-is-mdx/
"""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ >]*(?:(?:[-*+]|\d{1,9}[.)])[ ]+)*(?P<ticks>`{3,})[^`]*$")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)")
_ACTIVE = re.compile(r"\\.|[{<]")
_MODULE_WORD = re.compile(r"^[ie](?=(?:mport|xport)[ {*])")


def as_mdx(markdown: str) -> str:
    r"""The Markdown of an article, spelled so that MDX shows what Markdown does.

    >>> as_mdx("import duties fell by $\\frac{a}{b}$, says `{x}`")
    '&#105;mport duties fell by $\\frac\\{a}\\{b}$, says `{x}`'
    """
    lines: list[str] = []
    fence = ""
    for line in markdown.split("\n"):
        found = _FENCE.match(line)
        if fence:
            lines.append(line)
            fence = "" if found is not None and line.strip(" >").strip() == fence else fence
        elif found is not None:
            lines.append(line)
            fence = found["ticks"]
        else:
            lines.append(_line(line))
    return "\n".join(lines)


def _line(line: str) -> str:
    parts: list[str] = []
    at = 0
    for span in _CODE_SPAN.finditer(line):
        parts += [_ACTIVE.sub(_escape, line[at : span.start()]), span[0]]
        at = span.end()
    parts.append(_ACTIVE.sub(_escape, line[at:]))
    return _MODULE_WORD.sub(lambda found: f"&#{ord(found[0])};", "".join(parts))


def _escape(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("\\") else f"\\{found[0]}"
