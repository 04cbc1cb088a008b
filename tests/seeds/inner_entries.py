"""Lists and mappings in front matter, in every style that people write, with edits for what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from archiver.seeds import Edit

BLANK_LISTS = ("[]", "[ ]", '[""]', "[ '' ]", "[~]", "[ '', \"\" ]", "&id []", "!!seq [ ]")
LISTS = ("[a]", "[ a, 'b c' ]", '["x", y]', "[1.10, no]", "[{a: b}, [c]]")
LISTS_ON_LINES = (
    "\n  - ''",
    "\n  -",
    "\n-",
    '\n- ""\n- ""',
    "\n    - ~",
    "\n  -   # none yet",
    "\n  - one\n  - 'two' # second",
    "\n- one\n# between\n- two",
    " # above\n  - a",
    "\n  - a: b\n    c: d\n  - - e",
    "\n  - |\n    text\n",
    " &id\n  - a",
    "\n  # inside\n  - 'a'\n\n  - b",
)
LISTS_ON_MANY_LINES = ("[\n  ]", "[\n  '',\n  ]", "[ # none\n  a,\n  b ]", "[a,\n  'b']")
NAMES = ("authors", "list-key", "ключи")
INNER = ("image", "alt", "naïve key", "source_url", "names")
INNER_BLANKS = ("''", '""', "", "~", "null")
INNER_VALUES = ("old", "'it''s'", '"x # y"', "1.10", "no", "2024-11-12", "[a, b]", "{x: ''}", "&id x", "!!str 1")
INNER_ON_LINES = (
    "\n    - a\n    - b",
    " |\n    text\n",
    "\n    deep: x\n    more: ''",
    " 'one\n    two'",
    " >-\n    folded\n",
)


@dataclass(frozen=True)
class Inner:
    """An entry of the front matter whose value is a list or a mapping, with an edit of it."""

    lines: tuple[tuple[str, str, str, bool], ...]
    """Path, text, trailer, and whether it has one line: what a `Line` is made of."""
    edit: Edit


def values(random: Random, hostile: Sequence[str]) -> tuple[str, ...]:
    """The items that an edit gives to a list."""
    pool = (*(random.choice(hostile) for _ in range(2)), "Ada Quell", "[[Ada Quell]]", "Bert, Jr.")
    return tuple(random.choice(pool) for _ in range(random.randint(1, 3)))


def list_entry(random: Random, indent: str, hostile: Sequence[str]) -> Inner:
    """A key with a list, or with null that becomes one."""
    key, trailer = random.choice(NAMES), random.choice(("", "", " # who", "  "))
    edit = Edit(key, values(random, hostile))
    kind = random.random()
    if kind < 0.4:
        text = f"{indent}{key}: {random.choice(BLANK_LISTS + LISTS)}{trailer}\n"
        return Inner(((key, text, trailer, True),), edit)
    if kind < 0.55:
        text = f"{indent}{key}:{random.choice(('', ' ', ' ~', ' null'))}{trailer}\n"
        return Inner(((key, text, "", False),), edit)
    value = random.choice(LISTS_ON_LINES) if kind < 0.9 else " " + random.choice(LISTS_ON_MANY_LINES)
    return Inner(
        ((key, f"{indent}{key}:{value}\n".replace("\n", "\n" + indent).removesuffix(indent), "", False),), edit
    )


def mapping_entry(random: Random, indent: str, hostile: Sequence[str]) -> Inner:
    """A key with a mapping, or without one where it has to be made, and an edit of a key in it."""
    key, step = random.choice(("cover", "params")), random.choice(("  ", "  ", "    "))
    target = random.choice(INNER)
    path = f"{key}.{target}"
    value: str | tuple[str, ...] = values(random, hostile) if random.random() < 0.3 else random.choice(hostile)
    kind, trailer = random.random(), random.choice(("", "", " # lead"))
    if kind < 0.08:
        return Inner((), Edit(path, value, after=""))
    if kind < 0.16:
        text = f"{indent}{key}:{random.choice(('', ' ~', ' {}', ' { }', ' null'))}{trailer}\n"
        return Inner(((key, text, trailer, True),), Edit(path, value, after=""))
    others = [name for name in random.sample(INNER, random.randint(1, 3)) if name != target] or ["rest"]
    has_target = random.random() < 0.7
    names = [*others, target] if has_target else others
    random.shuffle(names)
    after = None if has_target else random.choice(("", f"{key}.{others[0]}"))
    edit = Edit(path, value, after=after)
    if kind < 0.35:
        pairs = ", ".join(f"{name}: {random.choice(('', 'old', *INNER_BLANKS[:2], '[a]'))}" for name in names)
        return Inner(((key, f"{indent}{key}: {{{pairs}}}{trailer}\n", trailer, True),), edit)
    lines = [(key, f"{indent}{key}:{random.choice(('', ' &id', ' !!map', ' # lead'))}\n", "", True)]
    for name in names:
        lines.append(_inner_line(random, f"{key}.{name}", indent + step, is_list=isinstance(value, tuple)))
        if random.random() < 0.1:
            lines.append((f"{key}.#", f"{indent}{step}# between\n", "", True))
    return Inner(tuple(lines), edit)


def flow_list(random: Random, hostile: Sequence[str]) -> Inner:
    """A key with a list, for front matter in braces."""
    text = "authors: " + random.choice(("[]", "['']", "[ a, b ]", "", "~"))
    return Inner((("authors", text, "", False),), Edit("authors", values(random, hostile)))


def flow_mapping(random: Random, hostile: Sequence[str]) -> Inner:
    """A key with a mapping, for front matter in braces; or none, where it has to be made."""
    text = random.choice(
        ("cover: {image: ''}", "cover: {alt: x, image: }", "cover: {alt: x}", "cover: {}", "cover: ", "")
    )
    edit = Edit("cover.image", random.choice(hostile), after=None if "image" in text else "")
    return Inner((("cover", text, "", False),) if text else (), edit)


def _inner_line(random: Random, path: str, indent: str, *, is_list: bool) -> tuple[str, str, str, bool]:
    name, trailer = path.partition(".")[2], random.choice(("", "", " # x"))
    if random.random() < 0.2:
        value = random.choice(INNER_ON_LINES).replace("\n  ", "\n" + indent)
        return path, f"{indent}{name}:{value}\n", "", False
    value = random.choice(INNER_BLANKS + INNER_VALUES)
    may_grow = is_list and value in {"", "~", "null"}
    return path, f"{indent}{name}: {value}".rstrip(" ") + f"{trailer}\n", "" if may_grow else trailer, not may_grow
