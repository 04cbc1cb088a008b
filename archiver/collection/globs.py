"""Globs over paths, as include and exclude have them: `**` stands for any folders, `*` for what is in one name."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PARTS = re.compile(r"(\*\*/|\*\*|\*|\?)")
_MEANINGS = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def glob_pattern(globs: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern that paths match which one of the globs names.

    >>> pattern = glob_pattern(["**/themes/**", "a/*.md"])
    >>> [bool(pattern.fullmatch(path)) for path in ("x/themes/a.md", "a/b.md", "a/b/c.md")]
    [True, True, False]
    """
    written = ("".join(_MEANINGS.get(part) or re.escape(part) for part in _PARTS.split(glob)) for glob in globs)
    return re.compile("|".join(f"(?:{one})" for one in written) or r"(?!)", re.DOTALL)
