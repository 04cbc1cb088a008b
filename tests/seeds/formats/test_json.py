"""JSON front matter edited as a person would edit it."""

from __future__ import annotations

import pytest

from archiver.errors import SeedRefused
from archiver.seeds import Edit, read, splice

FENCES = {"---json": ("---json\n", "\n---\n"), ";;;": (";;;\n", "\n;;;\n"), "{": ("", "\n")}


def spliced(front: str, *edits: Edit, newline: str = "\n", fence: str = "---json") -> str:
    """The front matter after the edits; checks that nothing else changed and that a second run changes nothing."""
    opening, closing = (part.replace("\n", newline).encode() for part in FENCES[fence])
    closing += f"# Body {{{newline}".encode()
    raw = opening + front.replace("\n", newline).encode() + closing
    new = splice(read("a.md", raw), edits)
    assert new.startswith(opening)
    assert new.endswith(closing)
    assert splice(read("a.md", new), edits) == new
    return new[len(opening) : -len(closing)].decode().replace(newline, "\n")


@pytest.mark.parametrize("fence", FENCES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"title": ""}', '{"title": "T: 1"}'),
        ('{\n  "a": "}",\n  "title" : null\n}', '{\n  "a": "}",\n  "title" : "T: 1"\n}'),
        ('{"title":["a", {"b": "]"}],"c":1}', '{"title":"T: 1","c":1}'),
        ('{"params": {"title": "no"}, "ti\\u0074le": 1.10}', '{"params": {"title": "no"}, "ti\\u0074le": "T: 1"}'),
        ('{"é": "😀", "title": ""}', '{"é": "😀", "title": "T: 1"}'),
    ],
)
def test_a_value_is_replaced_and_nothing_else(old: str, new: str, newline: str, fence: str) -> None:
    assert spliced(old, Edit("title", "T: 1"), newline=newline, fence=fence) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"title": "",\n"url": "u"', '"title": "T",\n"url": "u",\n"sub": "S"'),
        ('  "url": "u", "title": ""', '  "url": "u", "sub": "S", "title": "T"'),
    ],
)
def test_outer_braces_may_be_left_out(old: str, new: str) -> None:
    assert spliced(old, Edit("title", "T"), Edit("sub", "S", after="url"), fence=";;;") == new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{\n  "url": "u"\n}', '{\n  "url": "u",\n  "title": "T"\n}'),
        ('{\n\t"url": "u",\n\t"b": 1\n}', '{\n\t"url": "u",\n\t"title": "T",\n\t"b": 1\n}'),
        ('{\n  "b": 1,\n\n  "url": "u"\n}', '{\n  "b": 1,\n\n  "url": "u",\n  "title": "T"\n}'),
        ('{"url": "u"}', '{"url": "u", "title": "T"}'),
        ('{"url":"u"}', '{"url":"u","title":"T"}'),
        ('{"b":1,"url":"u"}', '{"b":1,"url":"u","title":"T"}'),
        ('{ "b" : 1 , "url" : "u" }', '{ "b" : 1 , "url" : "u" , "title" : "T" }'),
        ('{ "b": 1\n, "url": "u"\n}', '{ "b": 1\n, "url": "u"\n, "title": "T"\n}'),
        ('{"url": {"x": 1}, "b": 2}', '{"url": {"x": 1}, "title": "T", "b": 2}'),
    ],
)
def test_a_key_is_inserted_after_another(old: str, new: str, newline: str) -> None:
    assert spliced(old, Edit("title", "T", after="url"), newline=newline) == new


@pytest.mark.parametrize(
    ("old", "after", "new"),
    [
        (
            '{\n "params": {\n  "url": "u"\n }\n}',
            "params.url",
            '{\n "params": {\n  "url": "u",\n  "author": "J"\n }\n}',
        ),
        ('{"params": {}, "url": "u"}', "url", '{"params": {"author": "J"}, "url": "u"}'),
        ('{"params": null, "url": "u"}', "", '{"params": {"author": "J"}, "url": "u"}'),
        ('{\n  "params": null\n}', "", '{\n  "params": {\n    "author": "J"\n  }\n}'),
        ('{"url": "u"}', "url", '{"url": "u", "params": {"author": "J"}}'),
        ('{\n  "url": "u"\n}', "url", '{\n  "url": "u",\n  "params": {\n    "author": "J"\n  }\n}'),
    ],
)
def test_a_key_is_inserted_where_its_path_belongs(old: str, after: str, new: str) -> None:
    assert spliced(old, Edit("params.author", "J", after=after)) == new


@pytest.mark.parametrize(
    ("front", "value", "written"),
    [
        (
            '{"title": ""}',
            'say "hi" \\ / \t\n\x00 \u202e\x7f 😀 é',
            '"say \\"hi\\" \\\\ / \\t\\n\\u0000 \\u202e\\u007f 😀 é"',
        ),
        ('{"a": "na\\u00efve", "title": ""}', "é 😀", '"\\u00e9 \\ud83d\\ude00"'),
        ('{"a": "naïve \\u00ef", "title": ""}', "é", '"é"'),
        ('{"a": "\\u2028", "title": ""}', "é", '"é"'),
    ],
)
def test_letters_are_as_readable_as_in_the_file(front: str, value: str, written: str) -> None:
    assert spliced(front, Edit("title", value)).rpartition('"title": ')[2] == written + "}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"tags": []}', '{"tags": ["a", "b]"]}'),
        ('{"tags":[],"x":["y","z"]}', '{"tags":["a","b]"],"x":["y","z"]}'),
        (
            '{\n  "tags": [],\n  "x": [\n    "y"\n  ]\n}',
            '{\n  "tags": [\n    "a",\n    "b]"\n  ],\n  "x": [\n    "y"\n  ]\n}',
        ),
        ('{\n  "tags": [ "x" ]\n}', '{\n  "tags": [ "a", "b]" ]\n}'),
    ],
)
def test_a_list_is_written_as_the_file_has_its_lists(old: str, new: str) -> None:
    assert spliced(old, Edit("tags", ("a", "b]"))) == new


def test_a_date_is_a_string() -> None:
    assert spliced('{"date": null}', Edit("date", "2024-11-12", timestamp=True)) == '{"date": "2024-11-12"}'


def test_a_seed_says_what_stands_in_the_file() -> None:
    seed = read("a.md", b'{"a": 1.10, "b": true, "c": null, "d": "\\u00e9", "p": {"x": "y", "e.f": 1}, "e.f": 2}\n')
    assert (seed.format, seed.body) == ("json", "")
    assert dict(seed.texts) == {"a": "1.10", "b": "true", "d": "é", "p.x": "y", "e.f": "2"}
    assert seed.is_blank("c")


@pytest.mark.parametrize(
    ("front", "edits", "clause"),
    [
        ('{"a": 1}', [Edit("title", "T")], "it has no key `title` of its own; add the key"),
        ('{"a": 1}', [Edit("title", "T", after="url")], "it has no key `url` to put `title` after; add it by hand"),
        (
            '{"params": [1]}',
            [Edit("params.x", "T", after="")],
            "`params` is a list, so it cannot hold `params.x`; make it a table, or name another key",
        ),
        (
            '{"params": "x"}',
            [Edit("params.x", "T")],
            "`params` is a single value, so it cannot hold `params.x`; make it a table, or name another key",
        ),
    ],
)
def test_what_cannot_be_done_safely_is_refused_in_one_sentence(front: str, edits: list[Edit], clause: str) -> None:
    seed = read("posts/a.md", f"---json\n{front}\n---\n".encode())
    with pytest.raises(SeedRefused) as caught:
        splice(seed, edits)
    assert str(caught.value) == f"posts/a.md: {clause}."


def test_a_text_is_put_below_the_last_brace() -> None:
    assert splice(read("a.md", b'{"a": 1}'), body="\nText\n") == b'{"a": 1}\n\nText\n'
    assert splice(read("a.md", b'{"a": 1} \r\n'), body="\r\nText\r\n") == b'{"a": 1} \r\n\r\nText\r\n'
