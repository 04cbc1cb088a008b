"""Seed files with TOML and JSON front matter in every style that people write, with edits, from one random number.

Each case knows the pieces that its front matter was put together from, so that a test can tell what must stay without
a reader of either language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Literal

from archiver.seeds import Edit

from ..front_matters import HOSTILE

KeyPath = tuple[str, ...]
DATES = ("2024-11-12T04:10:56Z", "2024-11-12", "2024-11-12T04:10:56", "2024-11")
TARGETS: tuple[KeyPath, ...] = (
    ("title",),
    ("description",),
    ("date",),
    ("tags",),
    ("ключ",),
    ("a.b",),
    ("params", "author"),
    ("params", "authors"),
    ("params", "summary"),
)
LISTS = frozenset({("tags",), ("params", "authors")})
SOURCES: tuple[KeyPath, ...] = (("source_url",), ("params", "source_url"))
OTHERS = ("layout", "draft", "weight", "ratio", "when", "cover", "naïve", "long-key_2", "UPPER", "1")
BODIES = ("", "\n# \n\nBody — text\n", "\nNo final newline 😀", "\n---\n\n+++\n{\n;;;\ntitle = 1\n")


@dataclass(frozen=True)
class Piece:
    """A part of the front matter as it stands in the file."""

    text: str
    path: KeyPath | None = None
    """Of a value that can be edited."""


@dataclass(frozen=True)
class Case:
    language: Literal["toml", "json"]
    before: str
    """All that precedes the front matter, with `\\n`."""
    pieces: tuple[Piece, ...]
    after: str
    edits: tuple[Edit, ...]
    newline: str
    braces: bool
    """False for JSON whose outer braces are left out."""

    @property
    def front(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def raw(self) -> bytes:
        return (self.before + self.front + self.after).replace("\n", self.newline).encode()


@dataclass(frozen=True)
class TomlStyle:
    quote: str
    gap: str
    width: int
    """Characters that every key is filled up to."""


@dataclass(frozen=True)
class JsonStyle:
    layout: str
    unit: str
    gap: str
    escaped: bool


def path_of(edit: Edit) -> KeyPath:
    return (edit.key,) if edit.key == "a.b" else tuple(edit.key.split("."))


def _edits(random: Random, targets: list[KeyPath], present: list[KeyPath]) -> tuple[Edit, ...]:
    anchors: list[KeyPath] = [*present, ("",)]
    return tuple(_edit(random, path, None if path in present else random.choice(anchors)) for path in targets)


def _edit(random: Random, path: KeyPath, after: KeyPath | None) -> Edit:
    key, anchor = ".".join(path), ".".join(after) if after else None
    if path in LISTS and random.random() < 0.8:
        items = tuple(_text(random) for _ in range(random.randint(1, 3)))
        return Edit(key, items, anchor)
    if path == ("date",) or random.random() < 0.1:
        return Edit(key, random.choice(DATES), anchor, timestamp=random.random() < 0.8)
    return Edit(key, _text(random), anchor)


def _text(random: Random) -> str:
    value = random.choice(HOSTILE)
    if random.random() < 0.4:
        value = "".join(random.choice((value, random.choice(HOSTILE), " ", "Title", "é", "'", '"')) for _ in range(3))
    return value


def _paths(random: Random) -> tuple[list[KeyPath], list[KeyPath]]:
    """What is edited, and what is there."""
    targets = random.sample(TARGETS, random.randint(1, 3))
    others = random.sample(OTHERS, random.randint(0, 4))
    keys: list[KeyPath] = [*targets, random.choice(SOURCES), *((name,) for name in others)]
    random.shuffle(keys)
    # A key that is not there and has a dot is a path.
    absent = targets[0] if random.random() < 0.5 and targets[0] != ("a.b",) else None
    return targets, [key for key in keys if key != absent]


def toml_case(number: int) -> Case:
    """The case of a number, always the same."""
    random = Random(number)  # noqa: S311  a reproducible choice, nothing secret
    targets, present = _paths(random)
    style = TomlStyle(
        random.choice(('"', "'", "mixed")), random.choice((" = ", " = ", "=", "  =  ")), random.choice((0, 0, 14))
    )
    root = [path for path in present if len(path) == 1]
    nested = [path for path in present if len(path) > 1]
    form = random.choice(("dotted", "inline", "header", "header"))
    pieces: list[Piece] = []
    if nested and form == "inline":
        at = random.randint(0, len(root))
        pieces += [piece for path in root[:at] for piece in _toml_line(random, path, 0, style)]
        pieces += _inline_table(random, nested, style.quote)
        pieces += [piece for path in root[at:] for piece in _toml_line(random, path, 0, style)]
    else:
        lines = [*root, *nested] if form == "dotted" else root
        random.shuffle(lines)
        pieces += [piece for path in lines for piece in _toml_line(random, path, 0, style)]
    tables: list[list[Piece]] = [_table_in_list(random), _menu(random)]
    if nested and form == "header":
        header = random.choice(("[params]", "[ params ]", "  [params] # of the theme", '["params"]'))
        lines_of_table = [piece for path in nested for piece in _toml_line(random, path, 1, style)]
        tables.append([Piece(header + "\n"), *lines_of_table])
    random.shuffle(tables)
    pieces += [piece for table in tables for piece in table]
    fences = random.choice((("+++", "+++"), ("+++", "+++"), ("+++  ", "+++ "), ("---toml", "---"), ("--- TOML", "---")))
    return _case(random, fences, pieces, _edits(random, targets, present))


def _case(random: Random, fences: tuple[str, str], pieces: list[Piece], edits: tuple[Edit, ...]) -> Case:
    language: Literal["toml", "json"] = "toml" if "+" in fences[0] or "toml" in fences[0].lower() else "json"
    opening = fences[0] + "\n" if fences[0] else ""
    bom = "\ufeff" if random.random() < 0.15 else ""
    body = random.choice(BODIES)
    closing = fences[1] + (body if not body or body.startswith("\n") else "\n" + body)
    braces = language == "toml" or "".join(piece.text for piece in pieces).lstrip().startswith("{")
    return Case(language, bom + opening, tuple(pieces), closing, edits, random.choice(("\n", "\n", "\r\n")), braces)


def _noise(random: Random, indent: str) -> list[Piece]:
    text = random.choice(("", "", "", "", "\n", f"{indent}# kept: by = hand 'as is\n", "# at column 0 — 😀\n", "   \n"))
    return [Piece(text)] if text else []


def _toml_name(random: Random, name: str) -> str:
    quoted = (f'"{name}"', f"'{name}'")
    return random.choice((name, name, name, *quoted) if name.isascii() and "." not in name else quoted)


def _toml_line(random: Random, path: KeyPath, above: int, style: TomlStyle) -> list[Piece]:
    """A line of a key with its value; the first names of the path stand in a header."""
    indent = "  " if above else random.choice(("", "", "", "  "))
    key = random.choice((".", ".", " . ")).join(_toml_name(random, name) for name in path[above:])
    trailer = random.choice(("", "", "", "", " ", "   ", " # as published", "  # don't: touch 😀"))
    blank = path in TARGETS and random.random() < 0.6
    value = _toml_blank(random, path) if blank else _toml_value(random, path, style.quote)
    return [
        *_noise(random, indent),
        Piece(indent + key.ljust(style.width) + style.gap),
        Piece(value, path),
        Piece(trailer + "\n"),
    ]


def _toml_blank(random: Random, path: KeyPath) -> str:
    if path in LISTS:
        return random.choice(("[]", "[ ]", '[""]', "[\n]"))
    return random.choice(('""', '""', "''", '""""""', "''''''", '" "'))


def _toml_value(random: Random, path: KeyPath, taste: str) -> str:
    quote = random.choice(('"', "'")) if taste == "mixed" else taste
    if path in LISTS or random.random() < 0.2:
        return random.choice(
            (
                '["a", "b"]',
                "['a','b']",
                '[ "a, ]", "b" ] ',
                '[\n  "a", # x ]\n  # no "\n  "b",\n]',
                "[\n    'a'\n  ]",
                '[["a"], [1, 2.50]]',
                '[{x = "]", y = 1}, {x = "}"}]',
            )
        ).strip()
    return random.choice(
        (
            f"{quote}Some words{quote}",
            f"{quote}naïve — 😀 𝒳{quote}",
            f"{quote}https://e.example/a?b=c{quote}",
            '"esc \\" \\u2028 # no \\\\"',
            "'C:\\no # escape'",
            '"""\none\n\ttwo = "x"\n[no]\n"""',
            '"""a \\\n   b "" \\""""',
            "'''it's\n# no\n'''",
            "'''''two'''''",
            '"""""two"""""',
            "true",
            "1_000",
            "0x1F",
            "-1.10",
            "6.02e23",
            "nan",
            "+inf",
            "2024-11-12",
            "2024-11-12T04:10:56Z",
            "2024-11-12 04:10:56.812+07:00",
            "1979-05-27t07:32:00z",
            "07:32:00.5",
            '{x = 1, "y z" = "}", z.w = []}',
            "{}",
        )
    )


def _inline_table(random: Random, paths: list[KeyPath], taste: str) -> list[Piece]:
    padding = random.choice((" ", " ", ""))
    pieces = [Piece(random.choice(("params = {", "params={", '"params" = {')) + padding)]
    for number, path in enumerate(paths):
        value = '""' if random.random() < 0.5 else _toml_value(random, (), taste)
        # TOML 1.0 has inline tables on one line; what a string or a list within holds is its own.
        pieces += [
            Piece(", " if number else ""),
            Piece(_toml_name(random, path[-1]) + random.choice((" = ", "="))),
            Piece(value, path),
        ]
    return [*pieces, Piece(padding + "}" + random.choice(("", "  # theme")) + "\n")]


def _table_in_list(random: Random) -> list[Piece]:
    text = '[[resources]]\n  src = "a.jpg"\n  [resources.params]\n    title = "no"\n[[resources]]\n  title = ""\n'
    return [Piece(text)] if random.random() < 0.4 else []


def _menu(random: Random) -> list[Piece]:
    tables = ("\n[menu.main]\nweight = 5 # x\n", "[menu]\n[menu.main]\n  title = ''\n", "[empty]\n", "")
    return [Piece(random.choice(tables))]


def json_case(number: int) -> Case:
    """The case of a number, always the same."""
    random = Random(number)  # noqa: S311  a reproducible choice, nothing secret
    targets, present = _paths(random)
    layout = random.choice(("pretty", "pretty", "tabs", "one line", "minified", "leading comma"))
    unit = {"pretty": "  ", "tabs": "\t", "leading comma": "  "}.get(layout, "")
    gap = {"minified": ":"}.get(layout, random.choice((": ", ": ", " : ")))
    style = JsonStyle(layout, unit, gap, escaped=random.random() < 0.2)
    root: list[KeyPath | None] = [path for path in present if len(path) == 1]
    nested: list[KeyPath | None] = [path for path in present if len(path) > 1]
    if nested:
        root.insert(random.randint(0, len(root)), None)
    fences = random.choice((("---json", "---"), ("--- JSON ", "--- "), (";;;", ";;;"), ("", "")))
    members = _members(random, root, nested, style, 1)
    if fences[0] == ";;;" and random.random() < 0.5:
        pieces = [*members, Piece("\n")]
    else:
        start, end = _braces(style, 0)
        pieces = [Piece(start), *members, Piece(end + ("\n" if fences[0] else ""))]
    return _case(random, fences, pieces, _edits(random, targets, present))


def _braces(style: JsonStyle, level: int) -> tuple[str, str]:
    if style.layout in {"minified", "one line"}:
        return ("{", "}") if style.layout == "minified" else ("{ ", " }")
    return "{\n" + style.unit * (level + 1), "\n" + style.unit * level + "}"


def _members(
    random: Random, paths: list[KeyPath | None], nested: list[KeyPath | None], style: JsonStyle, level: int
) -> list[Piece]:
    """The members of an object; None stands for the object that has the nested ones."""
    line = "\n" + style.unit * level
    comma = {"one line": ", ", "minified": ",", "leading comma": line + ", "}.get(style.layout, "," + line)
    pieces: list[Piece] = []
    for number, path in enumerate(paths):
        if number:
            pieces.append(Piece(comma))
        if path is None:
            start, end = _braces(style, level)
            pieces.append(Piece(f'"params"{style.gap}{start}'))
            pieces += _members(random, nested, [], style, level + 1)
            pieces.append(Piece(end))
            continue
        blank = path in TARGETS and random.random() < 0.6
        value = random.choice(('""', '""', "null", '" "', "[]")) if blank else _json_value(random, path, line)
        if style.escaped:
            value = json.dumps(json.loads(value)) if value.startswith('"') else value
        name = json.dumps(path[-1], ensure_ascii=style.escaped)
        pieces += [Piece(name + style.gap), Piece(value, path)]
    return pieces


def _json_value(random: Random, path: KeyPath, line: str) -> str:
    if path in LISTS:
        return random.choice(('["a", "b"]', '["a","b"]', f'[{line}  "a",{line}  "b"{line}]', '[ "a" ]'))
    return random.choice(
        (
            '"Some words"',
            '"naïve — 😀 𝒳"',
            '"https:\\/\\/e.example/a?b=c"',
            '"esc \\" \\u2028 \\ud83d\\ude00 \\\\"',
            '"{ no: brace, } // no"',
            '"---"',
            "true",
            "false",
            "0",
            "-1.10",
            "6.02e23",
            "1E400",
            '[["a"], [1, 2.50], null]',
            '[{"x": "]", "y": 1}, {"x": "}"}]',
            '{"x": {}, "y z": "}"}',
            "{}",
            '"2024-11-12"',
        )
    )
