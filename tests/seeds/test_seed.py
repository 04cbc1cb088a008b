from __future__ import annotations

import pickle
import time
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import SeedUnreadable
from archiver.seeds import is_blank, read


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
        (
            b"+++\na = 1\n+++\n",
            "its front matter is TOML (`+++`) and only YAML is supported; convert it to YAML between `---` lines",
        ),
        (
            b"\xef\xbb\xbf+++\n",
            "its front matter is TOML (`+++`) and only YAML is supported; convert it to YAML between `---` lines",
        ),
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


@pytest.mark.parametrize("value", [None, "", "  ", "\t\n", "\u00a0"])
def test_blank(value: object) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", ["x", 0, False, 0.0, [], {}])
def test_not_blank(value: object) -> None:
    assert not is_blank(value)


@pytest.mark.parametrize(
    ("raw", "newline"), [(b"---\r\na: b\n---\n", "\n"), (b"---\r\na: b\r\n---\n", "\r\n"), (b"---\n---", "\n")]
)
def test_the_line_end_that_the_file_mostly_uses(raw: bytes, newline: str) -> None:
    assert read("a.md", raw).newline == newline


@settings(deadline=None, derandomize=True, database=None, max_examples=1500)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b-c", "D_1", "no", "null", "e", "x"]),
            st.sampled_from([": ", ":", ":   "]),
            st.one_of(
                st.text("ab01 :#'\"\\-.,[]{}?!&*|>%@`~_/\u00e9\u2028\ufeff😀ntT+Z", max_size=12),
                st.text("ab 0:.'-", max_size=9).map(lambda text: f'"{text}"'),
                st.sampled_from(
                    ["1:20", "2024-01-01", "0o7", "0b1_0", "1_0.5", "yes", ".5", "1e5", "=", "0x_", "a: b", "a:b"]
                ),
            ),
            st.sampled_from(["\n", "\r\n", " # c\n", " \n"]),
        ),
        max_size=4,
    )
)
def test_the_quick_reader_never_differs_from_the_slow_one(lines: list[tuple[str, str, str, str]]) -> None:
    front = "".join(map("".join, lines))
    try:
        values = read("a.md", f"---\n{front}---\n".encode()).values
    except SeedUnreadable:
        return
    slow = yaml.load(front, Loader=yaml.BaseLoader) or {}  # noqa: S506  strings only
    assert list(values) == list(slow)
    assert [repr(value) for value in values.values()] == [
        repr(value) for value in (yaml.safe_load(front) or {}).values()
    ]
