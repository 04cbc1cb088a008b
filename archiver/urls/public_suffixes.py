"""The Public Suffix List (https://publicsuffix.org/list/), out of the copy that tldextract brings along.

tldextract builds a tree of the whole list when it is first asked, a tenth of a second in every process; here a host's
endings are looked up among the list's lines. A test compares the two for every line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import idna

_FILE = ".tld_set_snapshot"
"""What tldextract calls its copy; nothing promises the name."""
_RULE = re.compile(r"^[.*!]*\w\S*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Rules:
    rules: frozenset[str]
    """The list's lines, such as `co.uk`, `*.kawasaki.jp` and `!city.kawasaki.jp`."""
    endings: frozenset[str]
    """What lines end in: a longer host may be a suffix where these are none."""


def suffix_length(labels: list[str]) -> int:
    """Return how many of a host's last labels are a public suffix, its private part included; 0 where none is listed.

    >>> suffix_length("news.example.co.uk".split(".")), suffix_length("jane.github.io".split("."))
    (2, 2)
    """
    known = _rules()
    longest, name = 0, ""
    for length, label in enumerate(map(_as_listed, reversed(labels)), 1):
        above, name = name, f"{label}.{name}" if name else label
        if name in known.rules:
            longest = length
        elif name not in known.endings:
            if f"*.{above}" in known.rules:
                return length - 1 if f"!{name}" in known.rules else length
            break
    return longest


def _as_listed(label: str) -> str:
    """A label as the list spells it: in lower case, with the letters that Punycode stands for."""
    label = label.lower()
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except (UnicodeError, IndexError):
        return label


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    """Read the list, without importing tldextract: that takes as long again."""
    package = find_spec("tldextract")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("tldextract is not installed; install what requirements.txt names.")
    text = Path(package.origin).with_name(_FILE).read_text(encoding="utf-8")
    rules = frozenset(_RULE.findall(text))
    return _Rules(
        rules, frozenset(".".join(parts[at:]) for parts in map(_labels, rules) for at in range(1, len(parts)))
    )


def _labels(rule: str) -> list[str]:
    return rule.split(".")
