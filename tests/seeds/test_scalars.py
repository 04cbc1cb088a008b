from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.seeds.scalars import has_lone_surrogate, is_plain_safe, is_timestamp, quote

from .front_matters import HOSTILE

# Everything that the core schema of YAML 1.2.2, section 10.3.2, does not take for a string.
CORE_SCHEMA = re.compile(
    r"null|Null|NULL|~|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN|"
)
# Types of YAML 1.1 (yaml.org/type) that PyYAML does not know, and other libraries do.
YAML_1_1_EXTRA = re.compile(
    r"y|Y|n|N|=|<<|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[-+]?([0-9][0-9_]*)?\.[0-9.]*([eE][-+][0-9]+)?"
)
titles = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text("ab1:#-.~!&*?[]{},|>%@`'\"\\ \t\n_+eExo=<"),
    st.sampled_from(HOSTILE),
)


def _scalar(text: str, loader: type) -> str | None:
    """The value of `k: text` when it is a string for PyYAML."""
    value = yaml.load(f"k: {text} # comment\n", Loader=loader)["k"]  # noqa: S506  safe loaders
    return value if isinstance(value, str) else None


@settings(deadline=None, derandomize=True, database=None, max_examples=600)
@given(titles, st.sampled_from(["plain", "single", "double"]))
@example("a\u2028b", "single")
@example("10 e5", "plain")
def test_a_string_reloads_as_itself_everywhere(text: str, style: str) -> None:
    written = quote(text, style)  # type: ignore[arg-type]  # sampled from the three styles
    assert "\n" not in written
    assert written.isprintable() or not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]", written)
    assert _scalar(written, yaml.SafeLoader) == _scalar(written, yaml.CSafeLoader) == text
    if written[0] not in "'\"":
        assert written == text
        assert not CORE_SCHEMA.fullmatch(text)
        assert not YAML_1_1_EXTRA.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "y",
        "N",
        "On",
        "OFF",
        "null",
        "~",
        "",
        " ",
        "1.10",
        "12:30:45",
        "0o17",
        "017",
        "0x1F",
        "1_000",
        "1e3",
        "+1",
        "-.inf",
        ".nan",
        "2024-11-12",
        "2024-11-12 04:10:56 Z",
        "=",
        "<<",
        "a: b",
        "a:",
        "a #b",
        "#a",
        " a",
        "a ",
        "- a",
        "-",
        "? a",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "[a]",
        "{a}",
        "|",
        ">",
        "'a'",
        '"a"',
        "a\tb",
        "a\nb",
        "a\u2028b",
        "5",
        "5 a",
        "a:\u00a0",
    ],
)
def test_what_may_be_read_as_something_else_is_never_plain(text: str) -> None:
    assert not is_plain_safe(text)


@pytest.mark.parametrize(
    "text", ["Title", "a b", "It's 5 o'clock", "10 dead in blast", "a:b", "a#b", "“Quoted” says", "ข่าว", "C++ & x"]
)
def test_ordinary_text_may_be_plain(text: str) -> None:
    assert is_plain_safe(text)


@pytest.mark.parametrize(
    ("text", "style", "written"),
    [
        ("It's", "single", "'It''s'"),
        ('say "hi" \\', "double", '"say \\"hi\\" \\\\"'),
        ("a\nb\tc\rd\0", "single", '"a\\nb\\tc\\rd\\0"'),
        ("\x85\u2028\u2029\ufeff\u202e\u2066\x1b", "single", '"\\x85\\u2028\\u2029\\uFEFF\\u202E\\u2066\\x1B"'),
        ("no", "plain", '"no"'),
        ("😀 שלום", "double", '"😀 שלום"'),
    ],
)
def test_escapes_are_exact(text: str, style: str, written: str) -> None:
    assert quote(text, style) == written  # type: ignore[arg-type]  # one of the three styles


def test_dates() -> None:
    good = ["2024-11-12", "2024-11-12T04:10:56Z", "2024-11-12T04:10:56", "2024-11-12T04:10:56.812+07:00"]
    bad = ["2024-11", "2024-02-30", "2024-13-01", "today", "2024-11-12T04:10", "1.5", "", "a: [", "2024-11-12\n"]
    assert [is_timestamp(text) for text in good + bad] == [True] * len(good) + [False] * len(bad)


def test_half_a_surrogate_pair_is_seen() -> None:
    assert has_lone_surrogate("a\ud800")
    assert not has_lone_surrogate("a😀")
