"""Front matter as nobody should write it, plausible and broken, with edits for what can be read of it."""

from __future__ import annotations

from random import Random

from archiver.seeds import Edit, Seed
from tests.faults.fuzz.mutations import mutate
from tests.seeds import front_matters
from tests.seeds.formats.cases import json_case, toml_case

TOKENS = tuple(
    token.encode()
    for token in (
        "---", "...", "+++", ";;;", "---\n", "\n---\n", "\n...\n", "--- #", "---toml\n", "--- |\n",
        "%YAML 1.1\n---\n", ": ", ":", " :", ":\t", "? ", "?", "- ", "-", "- - ", ", ", ",", "[", "]", "{", "}",
        "{}", "[]", "{{", "}}", "[[", "]]", "|", ">", "|-", ">+", "|2", ">9-", "|\n", ">\n", "|+\n\n", "&a ", "*a",
        "&a", "*a ", "&a &b ", "<<: *a", "<<: {a: b}", "<<: [*a]", "!", "!!", "!!str ", "!!int ", "!!binary ",
        "!!set ", "!!omap ", "!!python/name:os.system ", "!<tag:yaml.org,2002:str> ", "!!null ", "!!timestamp ",
        "!!merge ", "!!float ", "!local ", "'", '"', "''", '""', "'''", '"""', '\\"', "\\", "\\x", "\\u2028",
        "\\U0010ffff", "\\\n", "\\N", "\\_", "#", " #", "\t#", "# x\n", "\n\n", "\n \n", "\n\t\n", "\r", "\t", "  ",
        "~", "null", "true", "no", "y", "0x_", "0o8", "1_", "1e400", "-.inf", ".nan", "nan", "inf", "+inf",
        "2024-02-30", "2024-11-12", "2024-11-12T04:10:56Z", "2024-11-12 04:10:56 +0700", "24:61:61", "190:20:30",
        "07:32:00", "=", " = ", "==", "@", "`", "%", "title: ''\n", "title: x\n", 'title = ""\n', "[params]\n",
        "[[params]]\n", "[a.b]\n", "a.b = 1\n", '"title": "",', '"a": [', "'title'", '"title"', "title", "\u2028",
        "\u2029", "\x85", "\ufeff", "\u00a0", "\u202e", "\x00", "\x7f", "\U0001f600", "é", "//", "/*", "*/", "<!--",
        "{% raw %}", "{{ x }}", "1.10", "-0", "0b2", ".5.", "é: é\n",
    )
)  # fmt: skip

_KEYS = (
    "title", "description", "date", "author", "authors", "image", "params", "tags", "a.b", "origin_url", "no", "1",
    "'date'", '"tags"', '"author\\u0020"', "é", "a b", "'it''s'", "? image", "!!str layout", "&k code", "draft ",
)  # fmt: skip
_ODD_KEYS = (
    "<<",
    "",
    "*a",
    "[a]",
    "{a: b}",
    "x" * 600,
    "#x",
    "? |\n  title\n",
    "- title",
    "=",
    "~",
    "'a\n  b'",
    "\x85",
)
_GAPS = (": ",)
_ODD_GAPS = (": ", ":", " : ", ":\t", ":  ", ":\n  ", ": # x\n  ", " :", ":\r\n  ", ":\x85  ", ": \u00a0", ":\n\n  ")
_VALUES = (
    "", "", "", "''", '""', "~", "null", "!!str", "&a", "&a ''", "!!null ''", "' '", "x", "Some words",
    "'it''s # no'", '"esc \\" \\u2028"', "|\n  text\n", "|", ">-\n  folded\n\n  text\n\n", "|+\n  keep\n\n\n",
    "|2-\n   x\n", "> # c\n  x\n # y\n", "|1\n x\n", "[]", "['']", "[ a, 'b' ]", "[a,\n b # c\n ]", "{}", "{a: b}",
    "{a: , b}", "{title: '', a: [1, {b: c}]}", "{? a : b, c}", "[a: b]", "\n  - a\n  - b # c", "\n- a\n-\n- ''",
    "\n  - \n", "\n  title: ''\n  author: x # c", "\n  title:\n  a: {}", "\n  # c\n  author:\n    - x\n",
    "&a\n  title: ''", "&a {title: ''}", "!!map\n  a: b", "!!seq [a]", "one\n  two\n\n  three", "'one\n\n  two'",
    '"one\n  two\\\n  three"', "1.10", "no", "0o17", "12:30:45", "2024-11-12", "2024-11-12T04:10:56.812Z", ".nan",
    "!!binary aGk=", "!!set {a, b}", "!!omap [a: b]", "a#b:c", "https://e.example/a?b=c#d", "\U0001f600 x",
    "|\n  a\n\n   \n", ">\n\n  a\n  \n", "|-\n\n", "? a\n  : b", "\n  ? title\n  : ''", "!!str |\n  x", "&a |-\n  x",
    "# c", "\n  # c\n  x", "\n  'x' # c",
)  # fmt: skip
_ODD_VALUES = (
    "*a", "'on\n---\nmore'", '"a\n... b"', "- a", "a: b", "@x", "%x", "`x`", "{{ x }}", "*", "&", "!", "'unclosed",
    '"unclosed', "[unclosed", "{unclosed", "\"\\q\"", "x\ty", "\u2028x", "x\x85y", "\ufeff", "x\n  y\x85  z",
    "'x\u2028y'", '"x\x85\x85y"', "|\n  x\u2028  y\n", "{<<: *a}", "\n  <<: *a\n  title: ''", "[*a, *a]", "\ttab",
    "- - a", "|\n\ttext", "|9\n x", "!!python/object:os.x {}", "0x_", "2024-02-30", "!!int x",
)  # fmt: skip
_ENDS = ("\n",)
_ODD_ENDS = (
    " # c\n",
    "   \n",
    "\t# c\n",
    "#c\n",
    "\r\n",
    "\r",
    "\n\n",
    "\n# c 'x\n",
    "\n   # c\n",
    "\n\t\n",
    "\x85",
    "\u2028",
    " \n  \n",
    "\n...x\n",
)
_OPENINGS = ("---", "---", "---", "\ufeff---", "--- ", "---yaml", "---\t")
_CLOSINGS = ("---", "---", "---", "...", "--- ", "---\t")
_ODD_CLOSINGS = ("", "----", " ---", "--- x", "---\r", "+++")
_REPEATED = (
    "[",
    "{a: ",
    "- ",
    "? ",
    "!!str ",
    "&a ",
    "'",
    "a: &x [*x, ",
    "[a]\n",
    "a.",
    "{",
    '{"a":',
    "\\",
    "x",
    "# \n",
    "\n",
    "a:\n ",
)
"""What is repeated thousands of times."""

NAMES = (
    "title",
    "description",
    "date",
    "author",
    "authors",
    "image",
    "params.title",
    "params.author",
    "a.b",
    "tags",
    "new",
    "é.x",
)
_DATES = ("2024-11-12T04:10:56Z", "2024-11-12", "2024-11", "2024-11-12 04:10:56 +0700")


def seed_file(random: Random) -> bytes:
    """A file that is, or was once, a seed."""
    kind = random.random()
    if kind < 0.02:
        return _repeated(random)
    if kind < 0.3:
        raw = _soup(random).encode("utf-8", "surrogatepass")
        return mutate(random, raw, TOKENS) if random.random() < 0.3 else raw
    if kind < 0.6:
        raw = front_matters.case(random.getrandbits(40)).raw
    else:
        raw = random.choice((toml_case, json_case))(random.getrandbits(40)).raw
    if random.random() < 0.05:
        other = front_matters.case(random.getrandbits(40)).raw
        raw = raw[: random.randint(0, len(raw))] + other[random.randint(0, len(other)) :]
    if random.random() < 0.15:
        return mutate(random, raw, TOKENS, most=2)
    # Inside of the fences more is left that can be read.
    first, end = raw.find(b"\n") + 1, max(raw.rfind(b"\n---"), raw.rfind(b"\n+++"), raw.rfind(b"}"))
    end = end if end > first else len(raw)
    return raw[:first] + mutate(random, raw[first:end], TOKENS, most=random.choice((1, 1, 1, 2, 3))) + raw[end:]


def _soup(random: Random) -> str:
    indent = random.choice(("", "", "", "", " ", "  "))
    lines = [
        indent
        + key
        + _odd(random, _GAPS, _ODD_GAPS)
        + _odd(random, _VALUES, _ODD_VALUES)
        + _odd(random, _ENDS, _ODD_ENDS)
        for key in random.sample(_KEYS, random.randint(1, 4))
    ]
    if random.random() < 0.15:
        lines.insert(random.randint(0, len(lines)), random.choice(_ODD_KEYS) + ": " + random.choice(_ODD_VALUES) + "\n")
    start = random.choice(_OPENINGS) + "\n"
    closing = random.choice(_ODD_CLOSINGS if random.random() < 0.03 else _CLOSINGS)
    end = closing + random.choice(
        ("", "\n", "\n\n# \n\nText\n", "\r\n", "\n---\n", "\n![a](https://p.example/a.jpg)\n")
    )
    text = start + "".join(lines) + end
    return text.replace("\n", "\r\n") if random.random() < 0.1 else text


def _odd(random: Random, usual: tuple[str, ...], odd: tuple[str, ...]) -> str:
    return random.choice(odd if random.random() < 0.15 else usual)


def _repeated(random: Random) -> bytes:
    """Something thousands of times, alone or in a value."""
    piece, times = random.choice(_REPEATED), random.choice((60, 400, 3_000, 20_000))
    before = random.choice(("", "title: ", "title: ''\n", 'title = "', "title = ", '"title": ', "a:\n"))
    fence = random.choice(("---\n{}\n---\n", "+++\n{}\n+++\n", "{{\n{}\n}}\n", ";;;\n{}\n;;;\n"))
    text = fence.format(before + piece * times + random.choice(("", "\ntitle: ''", '"', "]" * times, "}" * times)))
    return text.encode()


def edits_of(random: Random, seed: Seed) -> tuple[Edit, ...]:
    """Edits as a repair makes them: keys that are there get another value, others are added behind one."""
    there = [key for key in (*seed.texts, *seed.values) if key and key not in _MERGES]
    names = [random.choice(there) if there and random.random() < 0.6 else random.choice(NAMES)]
    if random.random() < 0.3:
        names += random.sample(NAMES, random.randint(1, 2))
    return tuple(_edit(random, seed, name, there) for name in dict.fromkeys(names))


_MERGES = frozenset({"<<", "="})


def _edit(random: Random, seed: Seed, name: str, there: list[str]) -> Edit:
    after = None if seed.has(name) else random.choice((*there, "", "")) if there else ""
    if isinstance(seed.value(name), list) or random.random() < 0.08:
        return Edit(name, tuple(_text(random) for _ in range(random.randint(1, 3))), after)
    if name == "date" or random.random() < 0.05:
        return Edit(name, random.choice(_DATES), after, timestamp=random.random() < 0.8)
    return Edit(name, _text(random), after)


def _text(random: Random) -> str:
    text = random.choice(front_matters.HOSTILE)
    while random.random() < 0.2:
        text += random.choice(front_matters.HOSTILE)[:300]
    return text[:4000]
