"""Seed files in every style of YAML that people write, with edits for them, from one random number.

Each case knows which lines its entries occupy, so that a test can tell what must stay without reading YAML.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from archiver.seeds import Edit

from . import inner_entries

HOSTILE = (
    "---",
    "...",
    "a: b",
    "a #b",
    "# heading",
    "{{ page.title }}",
    "{% raw %}",
    "one\ntwo",
    "\n",
    "cr\rlf\r\n",
    "tab\there",
    "\tlead",
    " lead",
    "trail ",
    'say "hi"',
    "it's",
    "'",
    '"',
    "''",
    "\\",
    "\\n",
    "C:\\x\\",
    "%TAG",
    "@you",
    "`code`",
    "!tag",
    "&anchor",
    "*alias",
    "? key",
    "- item",
    "-",
    ":",
    "a:",
    ": a",
    "key:value",
    "[a]",
    "{a: b}",
    "a, b",
    "]",
    "}",
    "|",
    ">-",
    "no",
    "y",
    "N",
    "On",
    "TRUE",
    "null",
    "~",
    "=",
    "<<",
    "1.10",
    "12:30:45",
    "190:20:30.5",
    "0o17",
    "017",
    "0x1F",
    "0b1",
    "1_000",
    "1e3",
    "+1",
    "-.inf",
    ".nan",
    ".5",
    "2024-11-12",
    "2024-11-12 04:10:56 Z",
    "10 dead in blast",
    "5",
    "5e",
    "\u202eevil\u202c",
    "\u2066x\u2069",
    "\u2028",
    "a\u2029b",
    "\x85",
    "a\u00a0b",
    "\u00a0lead",
    "\ufeffbom",
    "z\u200bw",
    "\x00",
    "\x07\x1b[31m",
    "\x7f",
    "\ufffe",
    "😀 astral 𝒳",
    "שלום",
    "ข่าว",
    "“Quoted” says",
    "North Korea — ratifies",
    "word " * 400,
    "x" * 3000,
    "<b>html</b>",
    "a && b",
    "x | y",
    "100%",
    "$5",
    "(a)",
    "/path",
    "https://e.example/a?b=c#d",
)
DATES = ("2024-11-12T04:10:56Z", "2024-11-12", "2024-11-12T04:10:56", "2024-11-12T04:10:56.812Z", "2024-11")
TARGETS = ("title", "description", "date", "ключ", "😀 key", "image", "long-key_2")
ANCHORS = ("origin_url", "source_url")
OTHERS = (
    "layout",
    "code",
    "tags",
    "category",
    "version",
    "draft",
    "weight",
    "naïve",
    "nested",
    "nothing",
    "ratio",
    "when",
)


@dataclass(frozen=True)
class Line:
    """An entry of the front matter as it stands in the file; one of a mapping has its path for a key."""

    key: str
    text: str
    """All its lines, with `\\n`."""
    trailer: str
    """The comment and blanks that end its line, when it is on one line; they must stay."""
    one_line: bool


@dataclass(frozen=True)
class Case:
    raw: bytes
    entries: tuple[Line, ...]
    """What the front matter is made of, comments and blank lines too (these have no key)."""
    edits: tuple[Edit, ...]
    flow: bool
    newline: str


def case(number: int) -> Case:
    """The case of a number, always the same."""
    random = Random(number)  # noqa: S311  a reproducible choice, nothing secret
    flow = random.random() < 0.1
    newline = random.choice(("\n", "\n", "\r\n"))
    targets = random.sample(TARGETS, random.randint(1, 2))
    keys = [*targets, random.choice(ANCHORS), *random.sample(OTHERS, random.randint(0, 2))]
    random.shuffle(keys)
    absent = targets[0] if len(targets) > 1 and random.random() < 0.5 else None
    present = [key for key in keys if key != absent]
    indent = random.choice(("", "", "", "", "", "", "  "))
    inner = _inner_entries(random, indent, flow=flow)
    edits = tuple(_edit(random, key, random.choice(present) if key == absent else None) for key in targets)
    edits += tuple(entry.edit for entry in inner)
    if flow:
        entries = _flow_root(random, present, [entry.lines[0][1] for entry in inner if entry.lines])
    else:
        entries = _block_root(random, present, targets, indent, inner)
    entries = [_with_own_anchor(entry, number) for number, entry in enumerate(entries)]
    text = "---" + random.choice(("", "", " ")) + "\n" + "".join(entry.text for entry in entries)
    text += random.choice(("---", "---", "...", "---  "))
    text += random.choice(("", "\n", "\n\n# \n\nBody — text\n", "\nNo final newline 😀", "\n---\n\n---\ntitle: x\n"))
    bom = b"\xef\xbb\xbf" if random.random() < 0.15 else b""
    return Case(bom + text.replace("\n", newline).encode(), tuple(entries), edits, flow, newline)


def _inner_entries(random: Random, indent: str, *, flow: bool) -> list[inner_entries.Inner]:
    """A list, a mapping, or both."""
    makers = random.choice((("list",), ("mapping",), ("mapping",), ("list", "mapping")))
    if flow:
        made = {"list": inner_entries.flow_list, "mapping": inner_entries.flow_mapping}
        return [made[kind](random, HOSTILE) for kind in makers]
    make = {"list": inner_entries.list_entry, "mapping": inner_entries.mapping_entry}
    return [make[kind](random, indent, HOSTILE) for kind in makers]


def _block_root(
    random: Random, present: list[str], targets: list[str], indent: str, inner: list[inner_entries.Inner]
) -> list[Line]:
    taste = random.choice(('"', "'", "", "mixed"))
    gap = random.choice((" ", " ", " ", "   "))
    groups = []
    for key in present:
        blank = key in targets and random.random() < 0.6
        groups.append([*_noise(random, indent), _block_entry(random, key, indent, taste, gap, blank=blank)])
    for entry in inner:
        lines = [Line(*line) for line in entry.lines]
        groups.insert(random.randint(0, len(groups)), [*_noise(random, indent), *lines])
    return [line for group in groups for line in group] + _noise(random, indent)


def _with_own_anchor(entry: Line, number: int) -> Line:
    """No anchor may be there twice."""
    return replace(entry, text=entry.text.replace("&id", f"&id{number}"))


def _edit(random: Random, key: str, after: str | None) -> Edit:
    if key == "date" or random.random() < 0.1:
        return Edit(key, random.choice(DATES), after, timestamp=random.random() < 0.8)
    value = random.choice(HOSTILE)
    if random.random() < 0.4:
        value = "".join(random.choice((value, random.choice(HOSTILE), " ", "Title", "é")) for _ in range(3))
    return Edit(key, value, after)


def _noise(random: Random, indent: str) -> list[Line]:
    text = random.choice(("", "", "", "", "\n", f"{indent}# kept: by hand 'as is\n", "# at column 0 — 😀\n", "   \n"))
    return [Line("", text, "", one_line=True)] if text else []


def _block_entry(random: Random, key: str, indent: str, taste: str, gap: str, *, blank: bool) -> Line:
    quote = random.choice(('"', "'", "")) if taste == "mixed" else taste
    name = random.choice((key, key, key, key, f'"{key}"', f"'{key}'"))
    colon = random.choice((":", ":", ":", ":", " :"))
    trailer = random.choice(("", "", "", "", " ", "   ", " # as published", "  # don't: touch 😀"))
    if random.random() < 0.03:
        return Line(key, f"{indent}? {name}\n{indent}:{gap}{quote}old{quote}\n", "", one_line=False)
    value = random.choice(_blanks(quote)) if blank else random.choice(_one_line_values(quote))
    if blank or random.random() < 0.5:
        start = f"{indent}{name}{colon}" + (gap + value if value else random.choice(("", " ", gap)))
        if not value and trailer.lstrip():
            return Line(key, f"{indent}{name}{colon}{trailer}\n", trailer, one_line=True)
        return Line(key, start + (trailer if value else "") + "\n", trailer if value else "", one_line=True)
    lines = random.choice(_MANY_LINES).replace("\n", "\n" + indent)
    return Line(key, f"{indent}{name}{colon}{lines}".rstrip(" ") + "\n", "", one_line=False)


def _blanks(quote: str) -> tuple[str, ...]:
    return (quote * 2, quote * 2, quote * 2, "", '""', "''", "~", "null", "!!str", "&id001 ''", "' '")


def _one_line_values(quote: str) -> tuple[str, ...]:
    return (
        f"{quote}Some words{quote}",
        f"{quote}naïve — 😀 𝒳{quote}",
        f"{quote}https://e.example/a?b=c{quote}",
        '"esc \\" \\u2028 # no"',
        "'it''s # no'",
        "1.10",
        "no",
        "12:30:45",
        "2024-11-12T04:10:56.812Z",
        "[ kept, 'as is' ]",
        '{a: [1, 2], b: "}"}',
        "!!str 2024",
        "&id002 anchored",
        "a#b:c",
        "0o17",
        ".nan",
        "[]",
        "!!binary aGk=",
    )


_MANY_LINES = (
    " one\n  two\n\n  three",
    ' "one\n  two\\\n  three"',
    " 'one\n\n  two'",
    " |\n  literal\n   more: x\n  # text\n",
    " >-\n  folded\n  text\n\n",
    " |+\n  keep\n\n",
    " |2-\n   indented\n",
    " > # comment\n  folded 😀\n",
    " |\n",
    " [one,\n  two # comment\n  ]",
    " {a: b,\n  c: d}",
    "\n  - one\n  - two # comment",
    "\n- one\n-\n- |\n  text\n",
    "\n  a: b\n  c:\n    - d",
    " # comment\n  - a\n  # inner\n  - b",
    "\n  'on the next line'",
    " &id003\n  - a\n  - b",
    " !!map\n  a: b",
    "\n  # above\n  x: |-\n    deep",
    "\n  - a: 1\n    b: 2\n\n  - c",
)


def _flow_root(random: Random, keys: list[str], inner: list[str]) -> list[Line]:
    separator = random.choice((", ", ",\n  ", " , ", ",\n  "))
    gap = random.choice((" ", "  "))
    values = ('""', "''", "", "old", "'old'", '"o\\"ld"', "[a, b]", "{x: y}", "1.10", "!!str 1", '"a\n  b"')
    items = [f"{random.choice((key, repr(key)))}:{gap}{random.choice(values)}" for key in keys]
    items += inner
    random.shuffle(items)
    braces = ("{\n  ", "\n}") if "\n" in separator else ("{", random.choice(("}", " } # flow")))
    return [Line("", braces[0] + separator.join(items) + braces[1] + "\n", "", one_line=False)]
