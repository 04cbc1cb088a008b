from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from archiver.errors import SeedRefused
from archiver.seeds import Edit, fill_heading, read, replace_body, splice
from archiver.seeds.edit import Splice
from archiver.seeds.writer import Writer

SEED = (Path(__file__).parents[2] / "fixtures/bangkokpost/2024-given-seed/before.md").read_bytes()
TITLE = "North Korea ratifies defence treaty with Russia amid Ukraine war"


def spliced(front: str, *edits: Edit, newline: str = "\n") -> str:
    """The front matter after the edits; checks that nothing else changed and that a second run changes nothing."""
    opening, closing = (f"---{newline}".encode(), f"---{newline}# Body{newline}".encode())
    raw = opening + front.replace("\n", newline).encode() + closing
    new = splice(read("a.md", raw), edits)
    assert new.startswith(opening)
    assert new.endswith(closing)
    assert splice(read("a.md", new), edits) == new
    return new[len(opening) : -len(closing)].decode().replace(newline, "\n")


def test_the_given_seed_changes_in_three_places() -> None:
    seed = read("seed.txt", SEED)
    new = splice(seed, [Edit("title", TITLE)], fill_heading(seed.body, TITLE, lambda text: text == TITLE))
    old_lines, new_lines = SEED.split(b"\n"), new.split(b"\n")
    at = old_lines.index(b"# ")
    want = [*old_lines[:at], b"# " + TITLE.encode(), *old_lines[at + 3 :]]
    want[want.index(b'title: ""')] = b'title: "' + TITLE.encode() + b'"'
    assert new_lines == want
    again = read("seed.txt", new)
    assert splice(again, [Edit("title", TITLE)], fill_heading(again.body, TITLE, lambda text: text == TITLE)) == new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Blank values keep what is around them.
        ('title: ""\n', 'title: "T: 1"\n'),
        ("title:\n", 'title: "T: 1"\n'),
        ("title: \n", 'title: "T: 1"\n'),
        ("title:   \n", 'title:   "T: 1"\n'),
        ("title: # as published\n", 'title: "T: 1" # as published\n'),
        ("title:    # as published\n", 'title: "T: 1"    # as published\n'),
        ('title :   ""   # as published  \n', 'title :   "T: 1"   # as published  \n'),
        ('title: ""  \n', 'title: "T: 1"  \n'),
        ("title: ~\n", 'title: "T: 1"\n'),
        ("title: null # x\n", 'title: "T: 1" # x\n'),
        ("title: !!str\n", 'title: "T: 1"\n'),
        ("title: &t ''\n", "title: 'T: 1'\n"),
        ('"title": ""\n', '"title": "T: 1"\n'),
        # Values on several lines.
        ("title: one\n  two\nb: c\n", 'title: "T: 1"\nb: c\n'),
        ('title: "one\n\n  two" # x\nb: 1\n', 'title: "T: 1" # x\nb: 1\n'),
        ("title: |\n  one\n  # two\n\n# kept\nb: 1\n", 'title: "T: 1"\n\n# kept\nb: 1\n'),
        ("title: >2- # kept\n   one\nb: 1\n", 'title: "T: 1" # kept\nb: 1\n'),
        ("title: |+\n  one\n\nb: 1\n", 'title: "T: 1"\n\nb: 1\n'),
        ("title:\n  'old'\nb: 1\n", "title:\n  'T: 1'\nb: 1\n"),
        # Lists and mappings.
        ("title: [a, # x\n  b] # kept\n", 'title: "T: 1" # kept\n'),
        ("title: {a: {b: c}}\n", 'title: "T: 1"\n'),
        ("title:\n  - a\n  - b # x\n\n# kept\nb: 1\n", 'title: "T: 1"\n\n# kept\nb: 1\n'),
        ("title: # kept\n- a\n-\nb: 1\n", 'title: "T: 1" # kept\nb: 1\n'),
        ("title: &a # kept\n  x: 1\nb: 1\n", 'title: "T: 1" # kept\nb: 1\n'),
        # Other shapes of a mapping.
        ("? title\n: ''\n", "? title\n: 'T: 1'\n"),
        ("? title\n", '? title\n: "T: 1"\n'),
        ("  title: ''\n  b: 1\n", "  title: 'T: 1'\n  b: 1\n"),
        ('{title: "", b: c}\n', '{title: "T: 1", b: c}\n'),
        ("{title: , b: c}\n", '{title: "T: 1", b: c}\n'),
        ("{title}\n", '{title: "T: 1"}\n'),
        ('{"title":"","b":1}\n', '{"title":"T: 1","b":1}\n'),
        # Characters of one, two, three and four bytes before the value.
        ("é: 😀\n한글: '𝒳'\ntitle: '' # 😀\n", "é: 😀\n한글: '𝒳'\ntitle: 'T: 1' # 😀\n"),
    ],
)
def test_a_value_is_replaced_and_nothing_else(old: str, new: str, newline: str) -> None:
    assert spliced(old, Edit("title", "T: 1"), newline=newline) == new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('url: "u"\nb: c\n', 'url: "u"\ntitle: "T"\nb: c\n'),
        ('url:   "u"   # as published\n', 'url:   "u"   # as published\ntitle:   "T"\n'),
        ("  url: 'u'\n  b: 1\n", "  url: 'u'\n  title: 'T'\n  b: 1\n"),
        ("url: one\n  two # x\n\n# kept\nb: 1\n", "url: one\n  two # x\ntitle: T\n\n# kept\nb: 1\n"),
        ("url: >-\n  u\n\nb: '1'\n", "url: >-\n  u\ntitle: 'T'\n\nb: '1'\n"),
        ("url: |+\n  u\n\nb: '1'\n", "url: |+\n  u\n\ntitle: 'T'\nb: '1'\n"),
        ("url:\n  - a # x\n  # kept\nb: '1'\n", "url:\n  - a # x\ntitle: 'T'\n  # kept\nb: '1'\n"),
        ("url:\nb: 1\n", 'url:\ntitle: "T"\nb: 1\n'),
        ("? url\n: 'u'\nb: 1\n", "? url\n: 'u'\ntitle: 'T'\nb: 1\n"),
        ("'url': 'u'\n", "'url': 'u'\n'title': 'T'\n"),
        ("{url: u, b: c}\n", '{url: u, title: "T", b: c}\n'),
        ('{"url":"u"}\n', '{"url":"u", "title":"T"}\n'),
        ("{\n  url: u,\n  b: c\n}\n", '{\n  url: u,\n  title: "T",\n  b: c\n}\n'),
    ],
)
def test_a_key_is_inserted_after_another(old: str, new: str, newline: str) -> None:
    assert spliced(old, Edit("title", "T", after="url"), newline=newline) == new


@pytest.mark.parametrize(
    ("front", "value", "written"),
    [
        ("a: 'x'\nb: 'y'\nc: \"z\"\ntitle: \"\"\n", "It's", "'It''s'"),
        ("a: x\nb: y\ntitle: ''\n", "Ten dead", "Ten dead"),
        ("a: x\nb: y\ntitle: ''\n", "no", "'no'"),
        ("a: x\nb: y\ntitle:\n", "a: b", '"a: b"'),
        ("a: 'x'\nb: \"y\"\ntitle: ''\n", "T", "'T'"),
        ("a: 'x'\nb: \"y\"\ntitle:\n", "T", '"T"'),
        ("a: ''\nb: ' '\nc: \"y\"\ntitle: ''\n", "T", '"T"'),
        ("a: 1\nb: true\nc: 2024-01-01\nd: 'x'\ntitle:\n", "T", "'T'"),
        ("a: 'x'\ntitle: ''\n", "a\nb", '"a\\nb"'),
        ("a: 'x'\ntitle: ''\n", "\u202ea", '"\\u202Ea"'),
        ('layout: post\ntitle: "old"\n', "T", '"T"'),
    ],
)
def test_quoting_follows_the_file(front: str, value: str, written: str) -> None:
    assert spliced(front, Edit("title", value)).rpartition("title: ")[2] == written + "\n"


@pytest.mark.parametrize(
    ("front", "edit", "new"),
    [
        (
            "date:\na: 'x'\n",
            Edit("date", "2024-11-12T04:10:56Z", timestamp=True),
            "date: 2024-11-12T04:10:56Z\na: 'x'\n",
        ),
        ("date: ~\n", Edit("date", "2024-11-12", timestamp=True), "date: 2024-11-12\n"),
        ('date: ""\na: x\n', Edit("date", "2024-11-12", timestamp=True), 'date: "2024-11-12"\na: x\n'),
        ("date: ''\na: \"x\"\n", Edit("date", "2024-11-12", timestamp=True), 'date: "2024-11-12"\na: "x"\n'),
        ("date: 2020-01-01 # x\n", Edit("date", "2024-11-12", timestamp=True), "date: 2024-11-12 # x\n"),
        ("a: x\n", Edit("date", "2024-11-12T04:10:56", "a", timestamp=True), "a: x\ndate: 2024-11-12T04:10:56\n"),
        ("date:\na: x\n", Edit("date", "2024-11", timestamp=True), 'date: "2024-11"\na: x\n'),
        ("date:\na: x\n", Edit("date", "2024-11-12"), 'date: "2024-11-12"\na: x\n'),
        (
            "a:   'x'\nb:   'y'\ndate:\n",
            Edit("date", "2024-11-12", timestamp=True),
            "a:   'x'\nb:   'y'\ndate:   2024-11-12\n",
        ),
    ],
)
def test_dates(front: str, edit: Edit, new: str) -> None:
    assert spliced(front, edit) == new


def test_several_edits_at_once() -> None:
    edits = (Edit("title", "T"), Edit("sub", "X", after="title"), Edit("kicker", "Y", after="title"), Edit("b", "B"))
    assert spliced('title: ""\nb: ""\nc: 1.10\n', *edits) == 'title: "T"\nsub: "X"\nkicker: "Y"\nb: "B"\nc: 1.10\n'


def test_a_value_that_is_there_already_stays_as_it_is_written() -> None:
    assert spliced(
        "title: >-\n  The\n  title\ndate: '2024-11-12'\n",
        Edit("title", "The title"),
        Edit("date", "2024-11-12", timestamp=True),
    ) == ("title: >-\n  The\n  title\ndate: '2024-11-12'\n")


@pytest.mark.parametrize(
    ("front", "edits", "clause"),
    [
        ("a: b\n", [Edit("title", "T")], "it has no key `title` of its own; add the key"),
        ("<<: {title: x}\n", [Edit("title", "T")], "it has no key `title` of its own; add the key"),
        ("a: b\n", [Edit("title", "T", after="url")], "it has no key `url` to put `title` after; add it by hand"),
        ("a: b\ntitle: x\n", [Edit("title", "T", after="a")], "it has a key `title` already; change that one"),
        ("title: x\n", [Edit("title", "T"), Edit("title", "U")], "one key is to be changed twice; change it once"),
        ("a:\n  b: x\n", [Edit("a", "T"), Edit("a.b", "U")], "one key is to be changed twice; change it once"),
        (
            "title: ''\n",
            [Edit("title", "\ud800")],
            "the new value of `title` holds half of a surrogate pair, which no file can hold; correct the source",
        ),
        (
            "title: &t x\nb: *t\n",
            [Edit("title", "T")],
            "`title` cannot be changed without touching something else; change it by hand",
        ),
        (
            "",
            [Edit("title", "T")],
            "its front matter is written in a way that cannot be edited safely; write it as `key: value` lines",
        ),
        (
            "!!map\ntitle: x\n",
            [Edit("title", "T")],
            "its front matter is written in a way that cannot be edited safely; write it as `key: value` lines",
        ),
    ],
)
def test_what_cannot_be_done_safely_is_refused_in_one_sentence(front: str, edits: list[Edit], clause: str) -> None:
    seed = read("seeds/a.md", f"---\n{front}---\n".encode())
    with pytest.raises(SeedRefused) as caught:
        splice(seed, edits)
    assert str(caught.value) == f"seeds/a.md: {clause}."


@pytest.mark.parametrize(
    ("raw", "new"),
    [
        (b"---\na: b\n---", b"---\na: b\n---\n\nText\n"),
        (b"---\r\na: b\r\n---", b"---\r\na: b\r\n---\r\n\r\nText\r\n"),
        (b"\xef\xbb\xbf---\na: b\n... \n", b"\xef\xbb\xbf---\na: b\n... \n\nText\n"),
        (b"---\na: b\n---\n\n \n", b"---\na: b\n---\n\nText\n"),
    ],
)
def test_an_empty_body_is_filled(raw: bytes, new: bytes) -> None:
    seed = read("a.md", raw)
    assert splice(seed, body=replace_body(seed.body, "Text", seed.newline)) == new


def test_a_body_with_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(SeedRefused, match="the body holds half of a surrogate pair"):
        splice(read("a.md", b"---\na: b\n---\n"), body="\udc00")


def test_nothing_asked_nothing_changed() -> None:
    seed = read("seed.txt", SEED)
    assert splice(seed) == splice(seed, [], seed.body) == SEED


@pytest.mark.parametrize("value", ["a\u2028title: x", "---\n", "x\r\n---\r\nb", "*a", "😀" * 700])
def test_both_parsers_reload_what_was_written(value: str) -> None:
    front = spliced("b: 😀\ntitle: ''\nlast: [1.10, no]\n", Edit("title", value))
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(front, Loader=loader) == {"b": "😀", "title": value, "last": [1.1, False]}  # noqa: S506  safe loaders


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (0, 0, ""),
        (0, 0, "z: 1\n"),
        (0, 8, ""),
        (3, 7, "1.1"),
        (3, 7, "'1.10'"),
        (0, 18, "title: 'T'\nv: 1.10\n"),
        (15, 17, "'U'"),
        (15, 17, "T\ntitle: T"),
        (15, 17, "[T"),
        (15, 17, "'T'\n---\nb: 1"),
        (8, 13, "titel"),
    ],
)
def test_a_slip_of_the_writer_is_caught(start: int, end: int, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seed = read("a.md", b"---\nv: 1.10\ntitle: ''\n---\n")
    monkeypatch.setattr(Writer, "replace", lambda *_: [Splice(start, end, text)])
    with pytest.raises(SeedRefused):
        splice(seed, [Edit("title", "T")])
