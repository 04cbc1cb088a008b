"""The scanners take what the libraries take, refuse what they refuse, and never crash."""

from __future__ import annotations

import contextlib
import json
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import SeedError, SeedUnreadable
from archiver.seeds import read

BLANKS = (" ", "\t", "\n", "\r\n", "\n\n", "\x01")
TOML_PIECES = (
    *r"""a b 1 . = " ' \ \\ \u0041 [ ] [[ ]] { } , # é true 1.5 +1 0x1 1_0 inf 2024-11-12 T04:10:56Z .5""".split(),
    *(
        " = ",
        " 04:10:56",
        '"""',
        "'''",
        "\n[a]\n",
        "\n[[a]]\n",
        "\na = 1\n",
        "\nb.c = 'x'\n",
        "\n'a.b' = \"\"\n",
        "a = {b = 1}\n",
    ),
    *("c = [1, 2]\n", "\r", *BLANKS),
)
JSON_PIECES = (
    *r"""{ } [ ] , : " \ \u0041 "a" "b" 1 - 0 .5 e1 true null NaN é // """.split(),
    *('"a": 1', ", ", "\ufeff", *BLANKS),
)
much = settings(deadline=None, derandomize=True, database=None, max_examples=300)


@much
@given(st.lists(st.sampled_from(TOML_PIECES), max_size=14).map("".join))
def test_toml_is_read_exactly_when_tomllib_reads_it(front: str) -> None:
    front += "" if front.endswith("\n") or not front else "\n"
    if "\n+++" in front:
        return
    try:
        values = tomllib.loads(front)
    except (tomllib.TOMLDecodeError, ValueError):
        with pytest.raises(SeedUnreadable):
            read("a.md", f"+++\n{front}+++\n".encode())
    else:
        assert repr(dict(read("a.md", f"+++\n{front}+++\n".encode()).values)) == repr(values)


def _refuse_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("twice")
    return dict(pairs)


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


@much
@given(
    st.one_of(
        st.lists(st.sampled_from(JSON_PIECES), max_size=14).map("".join),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=3),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
            max_leaves=8,
        ).map(lambda value: json.dumps({"x": value}, indent=1)),
    )
)
def test_json_is_read_exactly_when_json_reads_it(front: str) -> None:
    front = "{" + front
    try:
        values = json.loads(front, object_pairs_hook=_refuse_twice, parse_constant=_refuse_constant)
    except ValueError:
        with pytest.raises(SeedUnreadable):
            read("a.md", f"---json\n{front}\n---\n".encode())
    else:
        assert repr(dict(read("a.md", f"---json\n{front}\n---\n".encode()).values)) == repr(values)


@much
@given(
    st.sampled_from(["+++\n{}\n+++\n", "---toml\n{}\n---\n", "---json\n{}\n---\n", ";;;\n{}\n;;;\n", "{{{}"]),
    st.one_of(st.lists(st.sampled_from(TOML_PIECES + JSON_PIECES), max_size=14).map("".join), st.text()),
)
def test_whatever_stands_there_is_read_or_told(frame: str, front: str) -> None:
    with contextlib.suppress(SeedError):
        read("a.md", frame.format(front).encode("utf-8", "surrogatepass"))
