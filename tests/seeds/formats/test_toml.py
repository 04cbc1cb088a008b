"""TOML front matter edited as a person would edit it."""

from __future__ import annotations

import pytest

from archiver.errors import SeedRefused
from archiver.seeds import Edit, read, splice


def spliced(front: str, *edits: Edit, newline: str = "\n") -> str:
    """The front matter after the edits; checks that nothing else changed and that a second run changes nothing."""
    opening, closing = (f"+++{newline}".encode(), f"+++{newline}# Body{newline}".encode())
    raw = opening + front.replace("\n", newline).encode() + closing
    new = splice(read("a.md", raw), edits)
    assert new.startswith(opening)
    assert new.endswith(closing)
    assert splice(read("a.md", new), edits) == new
    return new[len(opening) : -len(closing)].decode().replace(newline, "\n")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = ""\n', 'title = "T: 1"\n'),
        ("title=''\n", "title='T: 1'\n"),
        ('title   =   ""   # as published  \n', 'title   =   "T: 1"   # as published  \n'),
        ('"title" = ""\n', '"title" = "T: 1"\n'),
        ('title = """"""\n', 'title = """T: 1"""\n'),
        ("title = ''''''\n", "title = '''T: 1'''\n"),
        ('title = """\n  one\n+++ not\n  two""" # x\nb = 1\n', 'title = """T: 1""" # x\nb = 1\n'),
        ("title = 1_000 # x\n", 'title = "T: 1" # x\n'),
        ('title = [ # x\n "a", "]",\n] # kept\n', 'title = "T: 1" # kept\n'),
        ('title = { a = "}", b = [1] } # kept\n', 'title = "T: 1" # kept\n'),
        (
            "'é' = 1\n'한글' = '𝒳'\ntitle = '' # 😀\n",
            "'é' = 1\n'한글' = '𝒳'\ntitle = 'T: 1' # 😀\n",
        ),
        ('[params]\ntitle = "no"\n[[x]]\ntitle = ""\n', None),
    ],
)
def test_a_value_is_replaced_and_nothing_else(old: str, new: str | None, newline: str) -> None:
    if new is None:
        with pytest.raises(SeedRefused, match="it has no key `title` of its own"):
            spliced(old, Edit("title", "T: 1"), newline=newline)
    else:
        assert spliced(old, Edit("title", "T: 1"), newline=newline) == new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[params]\n  author = '' # x\n", "[params]\n  author = 'J' # x\n"),
        ("[ params ]\nauthor = ''\n", "[ params ]\nauthor = 'J'\n"),
        ("params.author = ''\n", "params.author = 'J'\n"),
        ("params . \"author\" = ''\n", "params . \"author\" = 'J'\n"),
        ("params = { source = 'x', author = '' }\n", "params = { source = 'x', author = 'J' }\n"),
        (
            "[[a]]\n[a.params]\nauthor = 1\n[params]\nauthor = ''\n",
            "[[a]]\n[a.params]\nauthor = 1\n[params]\nauthor = 'J'\n",
        ),
        ("'params.author' = ''\n[params]\nauthor = 'no'\n", "'params.author' = 'J'\n[params]\nauthor = 'no'\n"),
    ],
)
def test_a_value_in_a_table_is_replaced(old: str, new: str, newline: str) -> None:
    assert spliced(old, Edit("params.author", "J"), newline=newline) == new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('url = "u" # x\nb = 1\n', 'url = "u" # x\ntitle = "T"\nb = 1\n'),
        ("url='u'\n", "url='u'\ntitle='T'\n"),
        ("  url = 'u'\n", "  url = 'u'\n  title = 'T'\n"),
        ("'url' = 'u'\n", "'url' = 'u'\n'title' = 'T'\n"),
        ("url = '''\nu\n'''\nb = 1\n", "url = '''\nu\n'''\ntitle = \"T\"\nb = 1\n"),
        ("url = [\n  'u', # ]\n]\nb = 1\n", "url = [\n  'u', # ]\n]\ntitle = \"T\"\nb = 1\n"),
        ('url     = "u"\na_long_name = 1\n', 'url     = "u"\ntitle = "T"\na_long_name = 1\n'),
        # The signs stand below one another.
        ('url     = "u"\nweight  = 1\n', 'url     = "u"\ntitle   = "T"\nweight  = 1\n'),
    ],
)
def test_a_key_is_inserted_after_another(old: str, new: str, newline: str) -> None:
    assert spliced(old, Edit("title", "T", after="url"), newline=newline) == new


@pytest.mark.parametrize(
    ("old", "edit", "new"),
    [
        # A top-level key stands before the first header, else it would belong to that table.
        (
            'b = 1\n\n# the theme\n[params]\nurl = "u"\n',
            Edit("title", "T", after="params.url"),
            'b = 1\ntitle = "T"\n\n# the theme\n[params]\nurl = "u"\n',
        ),
        ('[params]\nurl = "u"\n', Edit("title", "T", after="params.url"), 'title = "T"\n[params]\nurl = "u"\n'),
        (
            'url = "u"\n[params]\n  a = 1\n[menu]\n',
            Edit("params.author", "J", after="url"),
            'url = "u"\n[params]\n  a = 1\n  author = "J"\n[menu]\n',
        ),
        ("[params]\n[menu]\n", Edit("params.author", "J", after=""), '[params]\nauthor = "J"\n[menu]\n'),
        (
            'url = "u"\nparams.a = 1\nb = 2\n',
            Edit("params.author", "J", after="url"),
            'url = "u"\nparams.a = 1\nparams.author = "J"\nb = 2\n',
        ),
        ('url = "u"\n', Edit("params.author", "J", after="url"), 'url = "u"\nparams.author = "J"\n'),
        (
            'url = "u"\n[params.social]\na = 1\n',
            Edit("params.author", "J", after="url"),
            'url = "u"\nparams.author = "J"\n[params.social]\na = 1\n',
        ),
        (
            'params = { url = "u", b = 1 }\n',
            Edit("params.author", "J", after="params.url"),
            'params = { url = "u", author = "J", b = 1 }\n',
        ),
        ("params = {}\n", Edit("params.author", "J", after=""), 'params = {author = "J"}\n'),
        ('url = "u"\n', Edit("naïve key", "J", after="url"), 'url = "u"\n"naïve key" = "J"\n'),
        (
            'url = "u"\n[image]\na = 1\n',
            Edit("author", "J", after="image"),
            'url = "u"\nauthor = "J"\n[image]\na = 1\n',
        ),
    ],
)
def test_a_key_is_inserted_where_its_path_belongs(old: str, edit: Edit, new: str) -> None:
    assert spliced(old, edit) == new


def test_what_would_be_too_large_to_read_again_is_refused() -> None:
    with pytest.raises(SeedRefused, match="cannot be changed without touching something else"):
        spliced("title = ''\n", Edit("title", "x" * 300_000))


@pytest.mark.parametrize("digits", ["1.10", "1e99999999999999999999", "-0.0", "nan"])
def test_digits_stay(digits: str) -> None:
    assert spliced(f"v = {digits}\ntitle = ''\n", Edit("title", "T")) == f"v = {digits}\ntitle = 'T'\n"


def test_several_edits_at_one_place_keep_their_order() -> None:
    edits = (Edit("title", "T"), Edit("sub", "X", after="title"), Edit("kicker", "Y", after="title"), Edit("b", "B"))
    assert (
        spliced('title = ""\nb = ""\nc = 1.10\n', *edits) == 'title = "T"\nsub = "X"\nkicker = "Y"\nb = "B"\nc = 1.10\n'
    )


@pytest.mark.parametrize(
    ("front", "value", "written"),
    [
        ("a = 'x'\nb = 'y'\ntitle = \"\"\n", "T", "'T'"),
        ("a = 'x'\nb = 'y'\ntitle = \"\"\n", "It's", '"It\'s"'),
        ("a = 'x'\nb = \"y\"\ntitle = ''\n", "T", "'T'"),
        ("a = 'x'\nb = \"y\"\ntitle = 1\n", "T", '"T"'),
        (
            'title = ""\n',
            'say "hi" \\ \t\n\x00 \u202e\x7f 😀 é',
            '"say \\"hi\\" \\\\ \\t\\n\\u0000 \\u202E\\u007F 😀 é"',
        ),
        ("title = ''\n", "a\nb", '"a\\nb"'),
        ('title = """"""\n', '"""', '"""\\"\\"\\""""'),
        ("title = ''''''\n", "it's", "'''it's'''"),
        ("title = ''''''\n", "its'", '"its\'"'),
        # A file that has no letter beyond ASCII, and escapes some, has the next one escaped.
        ('a = "na\\u00efve"\ntitle = ""\n', "é 😀", '"\\u00E9 \\U0001F600"'),
        ('a = "x\\u2028"\ntitle = ""\n', "é", '"é"'),
        ('a = "na\\u00efve é"\ntitle = ""\n', "é", '"é"'),
    ],
)
def test_quoting_follows_the_file(front: str, value: str, written: str) -> None:
    assert spliced(front, Edit("title", value)).rpartition("title = ")[2] == written + "\n"


@pytest.mark.parametrize(
    ("front", "value", "new"),
    [
        ("date = 2020-01-01 # x\n", "2024-11-12T04:10:56Z", "date = 2024-11-12T04:10:56Z # x\n"),
        ("date = 2020-01-01 12:00:00+07:00\n", "2024-11-12", "date = 2024-11-12\n"),
        ("date = 1979-05-27t07:32:00z\n", "2024-11-12T04:10:56", "date = 2024-11-12T04:10:56\n"),
        ('date = ""\n', "2024-11-12T04:10:56Z", 'date = "2024-11-12T04:10:56Z"\n'),
        ("date = 2020-01-01\n", "2024-11", 'date = "2024-11"\n'),
        ("date = 2020-01-01\n", "2024-02-30", 'date = "2024-02-30"\n'),
        ("date = 2020-01-01\n", "2024-11-12 # x", 'date = "2024-11-12 # x"\n'),
    ],
)
def test_a_date_is_bare_where_the_old_one_was(front: str, value: str, new: str) -> None:
    assert spliced(front, Edit("date", value, timestamp=True)) == new


def test_a_blank_date_in_quotes_becomes_a_bare_one_where_a_setting_says_that_it_is_a_date() -> None:
    edit = Edit("date", "2024-11-12", timestamp=True, replaces_blank_text=True)
    assert spliced("date = ''\n", edit) == "date = 2024-11-12\n"
    assert spliced("date = 'soon'\n", edit) == "date = '2024-11-12'\n"


@pytest.mark.parametrize(
    ("front", "new"),
    [
        ("url = 'u'\n", "url = 'u'\ndate = 2024-11-12\n"),
        ("url = 'u'\nslug = '2024-11-12-x'\n", "url = 'u'\ndate = 2024-11-12\nslug = '2024-11-12-x'\n"),
        ("url = 'u'\nlastmod = 2020-01-01\n", "url = 'u'\ndate = 2024-11-12\nlastmod = 2020-01-01\n"),
        ("url = 'u'\nlastmod = '2020-01-01'\n", "url = 'u'\ndate = '2024-11-12'\nlastmod = '2020-01-01'\n"),
    ],
)
def test_a_new_date_is_bare_unless_the_file_quotes_its_dates(front: str, new: str) -> None:
    assert spliced(front, Edit("date", "2024-11-12", "url", timestamp=True)) == new


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tags = [] # x\n", 'tags = ["a", "b]"] # x\n'),
        ("tags = ['']\nb = ['x']\n", "tags = ['a', 'b]']\nb = ['x']\n"),
        ("tags = ['x','y']\n", "tags = ['a','b]']\n"),
        ("tags = [ 'x' ]\n", "tags = [ 'a', 'b]' ]\n"),
        ("tags = [ # c\n  'x', 'y', # d\n] # e\n", "tags = [\n  'a',\n  'b]',\n] # e\n"),
        ('tags = []\nb = [\n  "x", # one\n]\n', 'tags = [\n  "a",\n  "b]",\n]\nb = [\n  "x", # one\n]\n'),
        ('tags = [\n    "x"\n  ]\n', 'tags = [\n    "a",\n    "b]"\n  ]\n'),
        ('tags = ""\n', 'tags = ["a", "b]"]\n'),
    ],
)
def test_a_list_is_written_as_the_file_has_its_lists(old: str, new: str, newline: str) -> None:
    assert spliced(old, Edit("tags", ("a", "b]")), newline=newline) == new


@pytest.mark.parametrize("fences", [(b"+++\n", b"+++\n"), (b"\xef\xbb\xbf+++ \n", b"+++"), (b"---toml\n", b"---\n")])
def test_the_fences_stay(fences: tuple[bytes, bytes]) -> None:
    raw = fences[0] + b'title = ""\n' + fences[1]
    seed = read("a.md", raw)
    assert seed.format == "toml"
    assert splice(seed, [Edit("title", "T")]) == raw.replace(b'""', b'"T"')
    newline = b"" if fences[1].endswith(b"\n") else b"\n"
    assert splice(seed, body="\nText\n") == raw + newline + b"\nText\n"


def test_a_seed_says_what_stands_in_the_file() -> None:
    seed = read(
        "a.md",
        b"+++\ndate = 2024-11-12 04:10:56.812+07:00\nversion = 1.10\ndraft = false\ntitle = '''\nx'''\n"
        b"'a.b' = 1\na.c = 0x1F\nlist = ['x']\n[params]\nsource_url = \"u\\u00e9\"\n"
        b"[params.'x.y']\nz = 1\n[[r]]\nq = 1\n+++\n",
    )
    assert dict(seed.texts) == {
        "date": "2024-11-12 04:10:56.812+07:00",
        "version": "1.10",
        "draft": "false",
        "title": "x",
        "a.b": "1",
        "a.c": "0x1F",
        "params.source_url": "ué",
    }
    assert seed.items("list") == ("x",)
    assert seed.value("params.source_url") == "ué"


@pytest.mark.parametrize(
    ("front", "edits", "clause"),
    [
        ("a = 1\n", [Edit("title", "T")], "it has no key `title` of its own; add the key"),
        ("[title]\na = 1\n", [Edit("title", "T")], "`title` is a table; name a key in it"),
        ("a = 1\n", [Edit("title", "T", after="url")], "it has no key `url` to put `title` after; add it by hand"),
        ("a = 1\ntitle = 2\n", [Edit("title", "T", after="a")], "it has a key `title` already; change that one"),
        ("title = 1\n", [Edit("title", "T"), Edit("title", "U")], "one key is to be changed twice; change it once"),
        (
            "title = 1\n",
            [Edit("title", "\ud800")],
            "the new value of `title` holds half of a surrogate pair, which no file can hold; correct the source",
        ),
        (
            "params = 1\n",
            [Edit("params.x", "T", after="params")],
            "`params` is a single value, so it cannot hold `params.x`; make it a table, or name another key",
        ),
        (
            "[[params]]\nx = 1\n",
            [Edit("params.x", "T")],
            "`params` is a list, so it cannot hold `params.x`; make it a table, or name another key",
        ),
    ],
)
def test_what_cannot_be_done_safely_is_refused_in_one_sentence(front: str, edits: list[Edit], clause: str) -> None:
    seed = read("posts/a.md", f"+++\n{front}+++\n".encode())
    with pytest.raises(SeedRefused) as caught:
        splice(seed, edits)
    assert str(caught.value) == f"posts/a.md: {clause}."
