from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.seeds import Document, parse, render

SEED = (Path(__file__).parents[2] / "fixtures/bangkokpost/2024-given-seed/before.md").read_bytes()
PIECES = [
    *(
        b"---",
        b"...",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\t",
        b"\xef\xbb\xbf",
        b"+++",
        b";;;",
        b"toml",
        b"JSON",
        b"{",
        b"}",
        b'"',
        b"\\",
    ),
    *(b"a: b", b"# ", b"\xff", b"\x00"),
]
everywhere = settings(deadline=None, derandomize=True, database=None, max_examples=500)


@everywhere
@given(st.one_of(st.binary(), st.lists(st.sampled_from(PIECES)).map(b"".join)))
def test_any_bytes_survive(raw: bytes) -> None:
    assert render(parse(raw)) == raw


@everywhere
@given(
    st.lists(
        st.tuples(st.integers(0, len(SEED)), st.integers(0, 9), st.one_of(st.sampled_from(PIECES), st.binary())),
        max_size=6,
    )
)
def test_a_damaged_seed_survives(damages: list[tuple[int, int, bytes]]) -> None:
    raw = SEED
    for at, length, new in damages:
        raw = raw[:at] + new + raw[at + length :]
    assert render(parse(raw)) == raw


@pytest.mark.parametrize(
    ("raw", "document"),
    [
        (b"", Document(b"", b"", b"", b"", b"")),
        (b"---\na: b\n---\nx", Document(b"", b"---\n", b"a: b\n", b"---\n", b"x")),
        (b"--- \t\r\na: b\r\n...  \r\nx", Document(b"", b"--- \t\r\n", b"a: b\r\n", b"...  \r\n", b"x")),
        (b"\xef\xbb\xbf---\na: b\n---", Document(b"\xef\xbb\xbf", b"---\n", b"a: b\n", b"---", b"")),
        (b"---\n---\n", Document(b"", b"---\n", b"", b"---\n", b"")),
        (b"---\na: |\n  ---\n---\nb", Document(b"", b"---\n", b"a: |\n  ---\n", b"---\n", b"b")),
        (b"---\na: b\n--- c\n----\n", Document(b"", b"---\n", b"a: b\n--- c\n----\n", b"", b"")),
        (b"\n---\na: b\n---\n", Document(b"", b"", b"", b"", b"\n---\na: b\n---\n")),
        (b" ---\na: b\n---\n", Document(b"", b"", b"", b"", b" ---\na: b\n---\n")),
        (b"\xef\xbb\xbftext", Document(b"\xef\xbb\xbf", b"", b"", b"", b"text")),
    ],
)
def test_fences_of_yaml_are_those_of_jekyll(raw: bytes, document: Document) -> None:
    assert parse(raw) == document


@pytest.mark.parametrize(
    ("raw", "document"),
    [
        (b"+++\na = 1\n+++\nx", Document(b"", b"+++\n", b"a = 1\n", b"+++\n", b"x", "toml")),
        (b"+++ \r\n+++\t", Document(b"", b"+++ \r\n", b"", b"+++\t", b"", "toml")),
        (b"+++\na\n---\n++++\n", Document(b"", b"+++\n", b"a\n---\n++++\n", b"", b"", "toml")),
        (b"---toml\na = 1\n...\n---\n", Document(b"", b"---toml\n", b"a = 1\n...\n", b"---\n", b"", "toml")),
        (b"---yaml\na: 1\n---\n", Document(b"", b"---yaml\n", b"a: 1\n", b"---\n", b"", "yaml")),
        (b"--- JSON \n{}\n---\n", Document(b"", b"--- JSON \n", b"{}\n", b"---\n", b"", "json")),
        (b";;;\n{}\n;;;\nx", Document(b"", b";;;\n", b"{}\n", b";;;\n", b"x", "json")),
        (b"\xef\xbb\xbf{}", Document(b"\xef\xbb\xbf", b"", b"{}", b"", b"", "json")),
        (b'{"a": "}\\"{"} \r\n\r\nx', Document(b"", b"", b'{"a": "}\\"{"}', b" \r\n", b"\r\nx", "json")),
        (b'{\n"a": {"b": 1}\n}x', Document(b"", b"", b'{\n"a": {"b": 1}\n}', b"", b"x", "json")),
        (b'{"a": 1\n', Document(b"", b"", b'{"a": 1\n', b"", b"", "json")),
        (b"{{ a }}\n", Document(b"", b"", b"", b"", b"{{ a }}\n")),
        (b"{% raw %}\n", Document(b"", b"", b"", b"", b"{% raw %}\n")),
        (b"--- tomls\n---\n", Document(b"", b"", b"", b"", b"--- tomls\n---\n")),
    ],
)
def test_fences_and_braces_of_toml_and_json(raw: bytes, document: Document) -> None:
    assert parse(raw) == document
