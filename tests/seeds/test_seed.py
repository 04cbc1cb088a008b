from __future__ import annotations

import pickle
import time
from datetime import date
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import SeedUnreadable
from archiver.seeds import is_blank, read
from archiver.seeds.front_matter import FrontMatter, _construct
from archiver.seeds.simple_yaml import read_simple


def seed_of(front: str, body: str = "") -> bytes:
    return f"---\n{front}\n---\n{body}".encode()


BOMB = "\n".join(["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))])


@pytest.mark.parametrize(
    ("raw", "clause"),
    [
        (b"", "the file is empty; restore it, or delete it"),
        (b"\xef\xbb\xbf \r\n", "the file is empty; restore it, or delete it"),
        (b"---\ntitle: x\n", "its front matter is not closed; put a line `---` after the last field"),
        (b"---", "its front matter is not closed; put a line `---` after the last field"),
        (b"---\na: \xff\n---\n", "line 2 is not UTF-8 (byte 8 of the file); save the file as UTF-8"),
        (b"---\na: b\n---\n\xc3(", "line 4 is not UTF-8 (byte 14 of the file); save the file as UTF-8"),
        ("---\na: b\n---\n".encode("utf-16"), "line 1 is not UTF-8 (byte 1 of the file); save the file as UTF-8"),
        (seed_of("a: 1\nb: 2\na: 3"), "line 4: the key `a` is there twice; remove one of them"),
        (seed_of("a: 1\n'a': 3"), "line 3: the key `a` is there twice; remove one of them"),
        (seed_of("a: {b: 1, b: 2}"), "line 2: the key `b` is there twice; remove one of them"),
        (seed_of("a:\n\tb: 1"), "line 3 is indented with a tab or has one before a value; use blanks"),
        (seed_of("a:\tb"), "line 2 is indented with a tab or has one before a value; use blanks"),
        (
            seed_of("a: b: c"),
            (
                "line 2 is not valid YAML (mapping values are not allowed in this context); "
                "a value with `: ` in it has to be put in quotes"
            ),
        ),
        (
            seed_of('a: "b\nc: d'),
            "line 4 is not valid YAML (found unexpected end of stream); a quote that is opened is never closed",
        ),
        (
            seed_of("a: @b"),
            (
                "line 2 is not valid YAML (found character that cannot start any token); "
                "a value starts with a character that has to be put in quotes"
            ),
        ),
        (
            seed_of("a: *b"),
            (
                "line 2 is not valid YAML (found undefined alias 'b'); "
                "a value that starts with `*` has to be put in quotes"
            ),
        ),
        (
            seed_of("a: \x01"),
            "line 2 is not valid YAML (control characters are not allowed); a control character has to be removed",
        ),
        (
            seed_of("a: &x 1\nb: &x 2"),
            "line 3 is not valid YAML (second occurrence); an anchor (`&name`) is there twice, so rename one",
        ),
        (seed_of("? [a]\n: b"), "line 2 uses a list or a mapping as a key; use a plain word"),
        (seed_of("- a"), "its front matter is not a list of `key: value` lines; write it as such"),
        (seed_of("text"), "its front matter is not a list of `key: value` lines; write it as such"),
        (seed_of("d: 2024-02-30"), "line 2: `d` has an impossible value; correct or quote it"),
        (seed_of("d: !!int x"), "line 2: `d` has an impossible value; correct or quote it"),
        (
            seed_of("a: 1\nx: !!python/object/apply:os.system [id]"),
            "line 3: the tag `tag:yaml.org,2002:python/object/apply:os.system` is not supported; remove it",
        ),
        (seed_of("a: !"), "two YAML parsers read its front matter differently; quote its values"),
        (seed_of("a: !secret x"), "line 2: the tag `!secret` is not supported; remove it"),
        (seed_of(BOMB), "line 14: it stands for more than 20000 values with its aliases; make it smaller"),
        (seed_of("a: &a [*a]"), "line 2: the alias `*a` stands for a value that it is part of; remove it"),
        (
            seed_of("a: [" + "x," * 25_000 + "]"),
            "line 2: it stands for more than 20000 values with its aliases; make it smaller",
        ),
        (seed_of("a: " + "[" * 60 + "]" * 60), "line 2: it is nested more than 50 levels deep; make it flatter"),
        (seed_of("a: " + "[" * 90_000), "line 2 is not valid YAML (exceeded maximum nesting depth); make it flatter"),
        (
            seed_of("a: " + "- " * 90_000),
            "line 2 is not valid YAML (block sequence entries are not allowed in this context); correct it",
        ),
        (seed_of("- " * 90_000 + "a"), "line 2: it is nested more than 50 levels deep; make it flatter"),
        (seed_of("a: " + "x" * 2_000_000), "its front matter is larger than 256 KiB; move the data to another file"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_sentence(raw: bytes, clause: str) -> None:
    started = time.process_time()
    with pytest.raises(SeedUnreadable) as caught:
        read("seeds/a.md", raw)
    assert str(caught.value) == f"seeds/a.md: {clause}."
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "front", ["a: &x [1]\nb: *x", "a: !!str 5", "a: ! x", "<<: {b: 1}\na: 2", "? a\n: b", "{a: b}"]
)
def test_unusual_but_harmless_yaml_is_read(front: str) -> None:
    assert "a" in read("a.md", seed_of(front)).values


def test_a_seed_says_what_stands_in_the_file() -> None:
    front = (
        "title: ''\r\nversion: 1.10\r\ndate: 2024-11-12T04:10:56.812Z\r\nday: 2024-11-12\r\n"
        "no: yes\r\n~: x\r\ntags: [a]\r\nempty:"
    )
    seed = read("a.md", b"\xef\xbb\xbf" + seed_of(front, "# é\r\n"))
    assert [seed.text(key) for key in ("version", "date", "day", "no", "tags", "empty", "title", "absent")] == [
        "1.10",
        "2024-11-12T04:10:56.812Z",
        "2024-11-12",
        "yes",
        None,
        None,
        "",
        None,
    ]
    assert seed.values["day"] == date(2024, 11, 12)
    assert seed.values["no"] is True
    assert (seed.body, seed.newline) == ("# é\r\n", "\r\n")
    assert pickle.loads(pickle.dumps(seed)) == seed  # noqa: S301  our own bytes


def test_the_first_name_with_a_value_wins() -> None:
    seed = read("a.md", seed_of("origin_url: ' '\nsource_url: https://e.example/\nurl: https://other.example/"))
    assert seed.first_key(["origin_url", "absent", "source_url", "url"]) == "source_url"
    assert seed.first_key(["origin_url", "absent"]) is None


NESTED = """\
params:
  source_url: https://e.example/1
  rating: 1.10
  no: yes
  deep: {er: x, "dot.ted": y, list: [A, '', 2]}
cover: a.jpg
tags: [a, ~, 1.5]
authors: [{name: A}]
seo.title: literal
seo: {title: nested, image: i}
nothing:
"""


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("params.source_url", "https://e.example/1"),
        ("params.rating", "1.10"),
        ("params.no", "yes"),
        ("params.deep.er", "x"),
        ("params.deep.dot.ted", None),
        ("params.deep", None),
        ("params.absent", None),
        ("cover.image", None),
        ("tags.0", None),
        ("tags", None),
        ("seo.title", "literal"),
        ("seo.image", "i"),
        ("nothing", None),
        ("nothing.at.all", None),
    ],
)
def test_a_key_may_be_a_path(key: str, text: str | None) -> None:
    seed = read("a.md", seed_of(NESTED))
    assert seed.text(key) == text
    assert text is None or (seed.has(key) and not seed.is_blank(key))


def test_a_path_knows_what_is_there_and_what_stands_in_its_way() -> None:
    seed = read("a.md", seed_of(NESTED))
    keys = ("params", "params.deep.er", "cover", "cover.image", "tags.0", "nothing.at", "params.x", "params.rating.of")
    assert [seed.has(key) for key in keys] == [True, True, True, False, False, False, False, False]
    assert [seed.obstacle(key) for key in keys] == [None] * 3 + ["cover", "tags", None, None, "params.rating"]
    assert seed.value("params.deep") == {"er": "x", "dot.ted": "y", "list": ["A", "", 2]}
    assert (seed.value("nothing"), seed.value("cover.image"), seed.format) == (None, None, "yaml")


def test_the_texts_of_a_list() -> None:
    seed = read("a.md", seed_of(NESTED))
    assert [seed.items(key) for key in ("tags", "params.deep.list", "authors", "cover", "params", "absent")] == [
        ("a", "1.5"),
        ("A", "2"),
        None,
        None,
        None,
        None,
    ]


def test_a_literal_key_goes_before_its_path_even_when_it_has_no_text() -> None:
    seed = read("a.md", seed_of("a: {b: x}\na.b:\nc.d: [y]\nc: {d: z}"))
    assert (seed.text("a.b"), seed.is_blank("a.b"), seed.text("c.d"), seed.items("c.d")) == (None, True, None, ("y",))


@pytest.mark.parametrize("value", [None, "", "  ", "\t\n", "\u00a0", [], [None], ["", " "]])
def test_blank(value: object) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", ["x", 0, False, 0.0, {}, ["x"], [0], [[]], [{}]])
def test_not_blank(value: object) -> None:
    assert not is_blank(value)


@pytest.mark.parametrize(
    ("raw", "newline"), [(b"---\r\na: b\n---\n", "\n"), (b"---\r\na: b\r\n---\n", "\r\n"), (b"---\n---", "\n")]
)
def test_the_line_end_that_the_file_mostly_uses(raw: bytes, newline: str) -> None:
    assert read("a.md", raw).newline == newline


KEYS = st.sampled_from(["a", "b-c", "D_1", "no", "null", "e", "x"])
VALUES = st.one_of(
    st.text("ab01 :#'\"\\-.,[]{}?!&*|>%@`~_/\u00e9\u2028\ufeff😀ntT+Z", max_size=12),
    st.text("ab 0:.'-", max_size=9).map(lambda text: f'"{text}"'),
    st.text("ab 0,,.'\"-:\u00e9", max_size=12).map(lambda text: f"[{text}]"),
    st.sampled_from(
        [
            "1:20",
            "2024-01-01",
            "0o7",
            "0b1_0",
            "1_0.5",
            "yes",
            ".5",
            "1e5",
            "=",
            "0x_",
            "a: b",
            "a:b",
            "[a, 'b', \"c\"]",
        ]
    ),
)
ENDS = st.sampled_from(["\n", "\r\n", " # c\n", " \n", "\n\n"])
LINES = st.one_of(
    st.tuples(KEYS, st.sampled_from([": ", ":", ":   "]), VALUES, ENDS),
    st.tuples(KEYS, st.just(":"), ENDS),
    st.tuples(st.sampled_from(["- ", "-", "  - ", "  -  ", " -"]), VALUES, ENDS),
    st.tuples(st.sampled_from(["  ", " "]), KEYS, st.just(": "), VALUES, ENDS),
)


def by_text(value: object, keys: object) -> object:
    """A loaded mapping with the keys of another loader, whose keys are text; mappings in mappings too."""
    if not isinstance(value, dict) or not isinstance(keys, dict):
        return value
    return {key: by_text(inner, keys[key]) for key, inner in zip(keys, value.values(), strict=True)}


@settings(deadline=None, derandomize=True, database=None, max_examples=500)
@given(st.lists(LINES, max_size=5))
def test_the_quick_reader_never_differs_from_the_slow_one(lines: list[tuple[str, ...]]) -> None:
    front = "".join(map("".join, lines))
    try:
        values = read("a.md", f"---\n{front}---\n".encode()).values
    except SeedUnreadable:
        return
    slow = yaml.load(front, Loader=yaml.BaseLoader) or {}  # noqa: S506  strings only
    assert list(values) == list(slow)
    assert repr(dict(values)) == repr(by_text(yaml.safe_load(front) or {}, slow))


@pytest.mark.parametrize(
    ("front", "simple"),
    [
        ("a: b\nc:\n  - d\n  -\n# e\nf: [g, 'h', \"i\"] # j\n", True),
        ("a:\n- b\n- c\n", True),
        ("a:\r\n    b: c\r\n    d:\r\n", True),
        ("a: []\nb: [ ]\n", True),
        ("a: b\n  c\n", False),
        ("a: b\n- c\n", False),
        ("a:\n  - b\n   - c\n", False),
        ("a:\n  b:\n    c: d\n", False),
        ("a:\n  b: 1\n  b: 2\n", False),
        ("a:\n  - b: c\n", False),
        ("a: [b: c]\n", False),
        ("a: [b\n  ]\n", False),
        ("  a: b\n", False),
    ],
)
def test_which_front_matter_one_parser_is_enough_for(front: str, simple: bool) -> None:
    found = read_simple(front, 100)
    assert (found is not None) is simple
    assert found is None or FrontMatter(*found) == _construct(front)
    assert read_simple(front, 0) is None


_WORDS = (
    "", "a", "null", "Null", "no", "true", "Yes", "off", "12", "012", "0x1f", "1_000", "1.5", "1.e3", "12:30:45", "y",
    "2024-11-12", "2024-11-12T04:10:56.812Z", "2024-11-12 04:10:56 +07:00", "2024-11-12t04:10", "A b  c: d",
    '"q \\" \\\\ \\n # x"', "'it''s: # so'", '"12"', "''", "[]", "[a, 12, 'b, c', \"d\", null, 2024-11-12]",
    "[ x y ,z ]", "\u00e9t\u00e9", "x # of no use", "nan", ".5", "/a/b?c=d", "2024-13-45", "9" * 30, "infinity",
    "0b11", "1e5", "08", "n", "2024-1-2",
)  # fmt: skip


def test_simple_front_matter_says_what_a_parser_reads() -> None:
    draw = Random(1)  # noqa: S311
    read = 0
    for _ in range(400):
        lines = []
        for key in draw.sample(["title", "date", "no", "tags", "a-b", "_x", "true", "n1"], 4):
            word = draw.choice(_WORDS)
            lines.append(f"{key}: {word}")
            if not word:
                indent, dash = " " * draw.randint(1, 3), draw.random() < 0.5
                inner = draw.sample(["b", "c", "no", "d"], draw.randint(0, 3))
                lines += [f"{indent}{'-' if dash else f'{name}:'} {draw.choice(_WORDS)}" for name in inner]
        front = draw.choice(["\n", "\r\n"]).join([*lines, ""])
        found = read_simple(front, 100)
        if found is not None:
            read += 1
            assert FrontMatter(*found) == _construct(front), front
            assert list(map(type, found[0].values())) == list(map(type, _construct(front).values.values()))
    assert read > 250
