"""What is wrong with a front matter in TOML or JSON is told in one sentence that names the line and the cure."""

from __future__ import annotations

import pytest

from archiver.errors import SeedSkipped, SeedUnreadable
from archiver.seeds import read

NO_TOML = "is not valid TOML"
NO_JSON = "is not valid JSON"
NO_BRACE = "(it begins with no `{`); put the fields between `{` and `}`"
UNCLOSED = "(a bracket that is opened is never closed, or a comma is missing); correct it"
AND_DOTTED = "(a table is there twice, by name and in a dotted key); put its keys under one of them"
LOOSE = (
    "{% include x %}\n",
    "{{< figure >}}\n",
    "{: .lead}\ntext\n",
    "{a} text\n",
    '{" "}\n',
    "{/* a */}\n",
    "+++ a\n",
)


@pytest.mark.parametrize(
    ("front", "clause"),
    [
        ("a = 1\nb = 2\na = 3\n", "line 4: the key `a` is there twice; remove one of them"),
        ("a.b = 1\na.'b' = 3\n", "line 3: the key `a.b` is there twice; remove one of them"),
        ("x = {a = 1, a = 2}\n", "line 2: the key `x.a` is there twice; remove one of them"),
        ("[a]\nb = 1\n[c]\n[a]\n", "line 5: the table `a` is there twice; put its keys under one of them"),
        (
            "[a]\nb = 1\n[a.b]\n",
            f"line 4 {NO_TOML} (a key is there twice, or is a value and a table); remove one of them",
        ),
        ("a = {}\n[a]\n", f"line 3 {NO_TOML} (a table is there twice); put its keys under one of them"),
        (
            "a = [1]\n[[a]]\n",
            f"line 3 {NO_TOML} (an inline table or a list is closed and gets another key); write the key into it",
        ),
        ("[a.b]\n[a]\nb.c = 1\n", f"line 4 {NO_TOML} {AND_DOTTED}"),
        ("title: x\n", f"line 2 {NO_TOML} (a key has no `=` behind it); write it as `key = value`"),
        ("title = Hello world\n", f"line 2 {NO_TOML} (`Hello` is no value); put text in quotes"),
        ("title =\n", f'line 2 {NO_TOML} (a key has no value); write `""` where it is blank'),
        ('a = 1\ntitle = "x\nb = 2\n', f"line 3 {NO_TOML} (a quote that is opened is never closed); close it"),
        ("a = '''x\nb = 2\n", f"line 2 {NO_TOML} (a quote that is opened is never closed); close it"),
        ('title = "x" y\n', f"line 2 {NO_TOML} (text stands behind a value); remove it or put it in quotes"),
        ("[a] b = 1\n", f"line 2 {NO_TOML} (text stands behind a table's name); remove it or put it in quotes"),
        ("[a\nb = 1\n", f"line 2 {NO_TOML} (a table's name is not closed); write it as `[name]`"),
        ("a = [1,\n2\n\nb = 2\n", f"line 2 {NO_TOML} {UNCLOSED}"),
        ("a = {b = 1 c = 2}\n", f"line 2 {NO_TOML} {UNCLOSED}"),
        ("- a\n", f"line 2 {NO_TOML} (a key has no `=` behind it); write it as `key = value`"),
        ("<a>\n", f"line 2 {NO_TOML} (it begins with no key); write it as `key = value`"),
        ('a = "C:\\x"\n', f"line 2 {NO_TOML} (a backslash in double quotes has to be doubled); double it"),
        ('"C:\\x" = 1\n', f"line 2 {NO_TOML} (a backslash in double quotes has to be doubled); double it"),
        ("a = 1\nb = 2024-02-30\n", f"line 3 {NO_TOML} (a date does not exist); correct it"),
        ("a = '\x01'\n", f"line 2 {NO_TOML} (a control character stands where none may); remove it"),
        ("# \x01\n", f"line 2 {NO_TOML} (a control character stands where none may); remove it"),
        ("a = 1\nb = " + "9" * 5000 + "\n", "line 3: a number is too long; put it in quotes"),
        ("a = " + "[" * 90_000 + "\n", "line 2: it is nested more than 50 levels deep; make it flatter"),
        ("a = " + "{a = " * 40_000 + "\n", "line 2: it is nested more than 50 levels deep; make it flatter"),
        ("b = 1\na" + ".a" * 90_000 + " = 1\n", "line 3: it is nested more than 50 levels deep; make it flatter"),
        ("[a" + ".a" * 90_000 + "]\n", "line 2: it is nested more than 50 levels deep; make it flatter"),
        ("a = [" + "1," * 25_000 + "]\n", "line 2: it has more than 20000 values; make it smaller"),
        ("a = '" + "x" * 300_000 + "'\n", "its front matter is larger than 256 KiB; move the data to another file"),
    ],
)
def test_toml_that_cannot_be_read(front: str, clause: str) -> None:
    _assert_told(f"+++\n{front}+++\n".encode(), clause)
    _assert_told(f"\ufeff---toml\n{front}---\n".replace("\n", "\r\n").encode(), clause)


@pytest.mark.parametrize(
    ("front", "clause"),
    [
        ('{"a": 1,\n"b": {"a": 1},\n"a": 3}', "line 4: the key `a` is there twice; remove one of them"),
        ('{"p": {"a": 1, "\\u0061": 3}}', "line 2: the key `a` is there twice; remove one of them"),
        ('{"a": 1,\n}', f"line 2 {NO_JSON} (a comma stands behind the last value); remove the comma"),
        ('{"a": [1, 2, ]}', f"line 2 {NO_JSON} (a comma stands behind the last value); remove the comma"),
        ('{"a": 1}\n,', f"line 3 {NO_JSON} (text stands behind the last `}}`); remove it"),
        ('{\n// why\n"a": 1}', f"line 3 {NO_JSON} (it has a comment); remove the comment, or use YAML or TOML"),
        ('{"a": 1, # why\n"b": 1}', f"line 2 {NO_JSON} (it has a comment); remove the comment, or use YAML or TOML"),
        ('{"a": 1 /* why */}', f"line 2 {NO_JSON} (it has a comment); remove the comment, or use YAML or TOML"),
        ('{"a": 1}\n// why', f"line 3 {NO_JSON} (it has a comment); remove the comment, or use YAML or TOML"),
        ('{"a": 1\n"b": 2}', f"line 3 {NO_JSON} (a comma is missing before it); put one behind the value above"),
        ("{\n  a: 1}", f"line 3 {NO_JSON} (a key is not in double quotes); put it in double quotes"),
        ("{'a': 1}", f"line 2 {NO_JSON} (a key is not in double quotes); put it in double quotes"),
        ('{"a" 1}', f"line 2 {NO_JSON} (no colon stands behind `a`); put one there"),
        ('{"a": }', f'line 2 {NO_JSON} (a key has no value); write `""` where it is blank'),
        ('{"a": yes}', f"line 2 {NO_JSON} (`yes` is no value); put text in double quotes"),
        ("{\"a\": 'x'}", f"line 2 {NO_JSON} (`'x'` is no value); put text in double quotes"),
        ('{"a": NaN}', f"line 2 {NO_JSON} (`NaN` is no value); put text in double quotes"),
        ('{"a": 01}', f"line 2 {NO_JSON} (`01` is no value); put text in double quotes"),
        ('{"a": "x}', f"line 2 {NO_JSON} (a quote that is opened is never closed); close it"),
        ('{"a": "x\ny"}', f"line 2 {NO_JSON} (a quote that is opened is never closed); close it"),
        ('{"a": "x\ty"}', f"line 2 {NO_JSON} (a text has a tab or another control character in it); write it as `\\t`"),
        ('{"a": "C:\\x"}', f"line 2 {NO_JSON} (a backslash in quotes has to be doubled); double it"),
        ('{"a": "\\ud83d"}', "line 2: a text holds half of a surrogate pair, which no file can hold; correct it"),
        ('{"a": {"b": 1}', f"line 2 {NO_JSON} (a brace or bracket that is opened is never closed); close it"),
        ('{"a": [1', f"line 2 {NO_JSON} (a brace or bracket that is opened is never closed); close it"),
        ('{"a": ' + "9" * 5000 + "}", "line 2: a number is too long; put it in quotes"),
        ('{"a": ' + "[" * 90_000, "line 2: it is nested more than 50 levels deep; make it flatter"),
        ('{"a": ' * 40_000, "line 2: it is nested more than 50 levels deep; make it flatter"),
        ('{"a": [' + "1," * 25_000 + "1]}", "line 2: it has more than 20000 values; make it smaller"),
    ],
)
def test_json_that_cannot_be_read(front: str, clause: str) -> None:
    _assert_told(f"---json\n{front}\n---\n".encode(), clause)
    _assert_told(f"\ufeff;;;\n{front}\n;;;\n".replace("\n", "\r\n").encode(), clause)


@pytest.mark.parametrize(
    ("raw", "clause"),
    [
        (b"+++\na = 1\n", "its front matter is not closed; put a line `+++` after the last field"),
        (b"+++\na = 1\n---\n", "its front matter is not closed; put a line `+++` after the last field"),
        (b"+++", "its front matter is not closed; put a line `+++` after the last field"),
        (b"---toml\na = 1\n", "its front matter is not closed; put a line `---` after the last field"),
        (b'---json\n{"a": 1}\n', "its front matter is not closed; put a line `---` after the last field"),
        (b';;;\n{"a": 1}\n', "its front matter is not closed; put a line `;;;` after the last field"),
        (b'{"a": 1\n\n# Text\n', "its front matter is not closed; put a brace `}` after the last field"),
        (b'\xef\xbb\xbf{\n  "a": "}\n', f"line 2 {NO_JSON} (a quote that is opened is never closed); close it"),
        (b'{\n  "a": 1,\n}\n', f"line 2 {NO_JSON} (a comma stands behind the last value); remove the comma"),
        (b'---json\n[{"a": 1}]\n---\n', f"line 2 {NO_JSON} {NO_BRACE}"),
        (b'---json\n"a": 1\n---\n', f"line 2 {NO_JSON} {NO_BRACE}"),
        (b"---json\n---\n", f"line 2 {NO_JSON} {NO_BRACE}"),
        (b';;;\n[{"a": 1}]\n;;;\n', f"line 2 {NO_JSON} (a key is not in double quotes); put it in double quotes"),
        (b"{\n  // why\n}\n", f"line 2 {NO_JSON} (it has a comment); remove the comment, or use YAML or TOML"),
        (b'{"a": 1,\n "a": 2}\n', "line 2: the key `a` is there twice; remove one of them"),
        (
            b"---js\n{a: 1}\n---\n",
            "its front matter is `js`, which is not read; write it in YAML, TOML or JSON",
        ),
    ],
)
def test_fences_and_braces_that_are_wrong(raw: bytes, clause: str) -> None:
    _assert_told(raw, clause)


@pytest.mark.parametrize("raw", LOOSE)
def test_what_only_looks_like_front_matter(raw: str) -> None:
    with pytest.raises(SeedSkipped, match="it has no front matter; put its fields at the top as YAML"):
        read("posts/a.md", raw.encode())


def _assert_told(raw: bytes, clause: str) -> None:
    with pytest.raises(SeedUnreadable) as caught:
        read("posts/a.md", raw)
    assert str(caught.value) == f"posts/a.md: {clause}."
