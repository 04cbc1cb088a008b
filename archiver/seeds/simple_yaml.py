"""YAML so simple that no two parsers can differ on it, read by one look at each line."""

from __future__ import annotations

import re
from typing import NamedTuple

import yaml

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


_ITEM = re.compile(_IN_BRACKETS, re.ASCII)
_ESCAPE = re.compile(r'\\(["\\/nt])')
_ESCAPED = {"n": "\n", "t": "\t"}
_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
_CONSTRUCTORS = yaml.SafeLoader.yaml_constructors
_CONSTRUCTOR = yaml.constructor.SafeConstructor()


class _Block(NamedTuple):
    """What stands below a key without a value."""

    shape: tuple[str, bool]
    """Its indent, and whether it is a list."""
    items: list[object]
    values: dict[str, object]

    def take(self, line: re.Match[str], above: str, texts: dict[str, str]) -> bool:
        """Take in one line; False for one that does not belong here, or whose key is there already."""
        indent, dash, key, text = line.groups()
        if self.shape != (indent, dash is not None) or key in self.values:
            return False
        if dash is None:
            self.values[key] = _value(text, f"{above}.{key}", texts)
        else:
            self.items.append(_value(text, "", {}))
        return True


def read_simple(front: str, max_nodes: int) -> tuple[dict[str, object], dict[str, str]] | None:
    """The values, and the texts of scalars by their paths; None where a line is not one that all parsers read alike.

    So it is, too, where a key comes twice, or more nodes can be in it. Such a line is a comment, a `key: value`, or one
    level below a key without a value a `- value` or another `key: value`, the lines there having one indent. A value is
    text on the line, or a list in brackets of such texts.
    """
    values: dict[str, object] = {}
    texts: dict[str, str] = {}
    above = ""
    block: _Block | None = None
    position = 0
    # A node has a character at least; where that does not settle it, no line has more than three and one per comma.
    if len(front) > max_nodes and 3 * front.count("\n") + front.count(",") > max_nodes:
        return None
    try:
        while position < len(front):
            line = _TOP_LINE.match(front, position)
            if line is not None:
                position = line.end()
                key, text = line.groups()
                if key is None:
                    continue
                if key in values:
                    return None
                above, block = key if text is None else "", None
                values[key] = _value(text, key, texts)
                continue
            line = _INNER_LINE.match(front, position)
            if line is None or not above:
                return None
            position = line.end()
            if block is None:
                block = _Block((line["indent"], line["dash"] is not None), [], {})
                values[above] = block.items if line["dash"] else block.values
            if not block.take(line, above, texts):
                return None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None  # a date that does not exist, which is said where all YAML is read
    return values, texts


def _value(text: str | None, path: str, texts: dict[str, str]) -> object:
    """The value of a text on a line; its own text is put under its path."""
    if text is None:
        return None
    if text[0] == "[":
        return [_value(item, "", {}) for item in _ITEM.findall(text, 1, len(text) - 1)]
    value: object
    if text[0] == '"':
        value = text = text[1:-1] if "\\" not in text else _ESCAPE.sub(_unescape, text[1:-1])
    elif text[0] == "'":
        value = text = text[1:-1].replace("''", "'")
    else:
        value = _plain_value(text)
    if value is not None:
        texts[path] = text
    return value


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPED.get(match[1], match[1])


def _plain_value(text: str) -> object:
    """What a text without quotes stands for (https://yaml.org/type/), as PyYAML resolves it."""
    for tag, pattern in _RESOLVERS.get(text[0], ()):
        if pattern.match(text):
            return _CONSTRUCTORS[tag](_CONSTRUCTOR, yaml.ScalarNode(tag, text))
    return text
