"""YAML so simple that no two parsers can differ on it, told by one look at each line."""

from __future__ import annotations

import re

_WIDE = r"\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_COMMENT = rf"[ ]*(?:\#[\t\x20-\x7e{_WIDE}]*)?"
_DOUBLE = rf'"(?:[\x20\x21\x23-\x5b\x5d-\x7e{_WIDE}]|\\["\\/nt])*"'
_SINGLE = rf"'(?:[\x20-\x26\x28-\x7e{_WIDE}]|'')*'"
_INSIDE = rf"(?:[!\"$-9;-~{_WIDE}]|:(?=[!-~]))"
_PLAIN = rf"[A-Za-z0-9/]{_INSIDE}*(?:[ ]+{_INSIDE}+)*"
_IN_BRACKETS = rf"(?:{_DOUBLE}|{_SINGLE}|[A-Za-z0-9][\w./{_WIDE}-]*(?:[ ]+[\w./{_WIDE}-]+)*)"
_BRACKETS = rf"\[[ ]*(?:{_IN_BRACKETS}(?:[ ]*,[ ]*{_IN_BRACKETS})*[ ]*)?\]"
_VALUE = rf"(?:[ ]+(?P<value>{_DOUBLE}|{_SINGLE}|{_PLAIN}|{_BRACKETS})?)?(?:[ ]{_COMMENT})?\r?\n"
_KEY = r"(?P<key>[A-Za-z_][\w-]*):"
_TOP_LINE = re.compile(rf"{_KEY}{_VALUE}|{_COMMENT}\r?\n", re.ASCII)
_INNER_LINE = re.compile(rf"(?P<indent>[ ]*)(?:(?P<dash>-)|{_KEY}){_VALUE}", re.ASCII)


def is_simple(front: str, max_nodes: int) -> bool:
    """True when every line is one that all parsers read alike, no key comes twice, and no more nodes can be in it.

    Such a line is a comment, a `key: value`, or one level below a key without a value a `- value` or another
    `key: value`, the lines there having one indent. A value is text on the line, or a list in brackets of such texts.
    """
    keys: set[str] = set()
    inner: set[str] = set()
    is_open = False
    block: tuple[str, bool] | None = None
    position = 0
    # A node has a character at least; where that does not settle it, no line has more than three and one per comma.
    if len(front) > max_nodes and 3 * front.count("\n") + front.count(",") > max_nodes:
        return False
    while position < len(front):
        line = _TOP_LINE.match(front, position)
        if line is not None:
            position = line.end()
            if line.lastindex is None:
                continue
            key = line[1]
            is_open, block, names = line.lastindex == 1, None, keys
        else:
            line = _INNER_LINE.match(front, position)
            if line is None or not is_open:
                return False
            position = line.end()
            indent, dash, key, _ = line.groups()
            if block is None:
                block, inner = (indent, dash is not None), set()
            elif block != (indent, dash is not None):
                return False
            names = inner
        if key in names:
            return False
        if key is not None:
            names.add(key)
    return True
