"""Rows become stubs: what they hold, how they are called, what is passed over."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.collection.additions import Additions, Fate, KnownPages, check_folder
from archiver.collection.lists.row import BadRow, Entry, Row
from archiver.collection.names import NamePattern, Names, name_of_address
from archiver.collection.renaming import Renaming, rename_dated
from archiver.collection.stubs import StubForm, check_form, make_stub
from archiver.config.fields import parse_keys
from archiver.errors import SettingsError
from archiver.ledger import KnownSeed, Ledger
from archiver.models import Field
from archiver.repair.policy import Action, Policy
from archiver.seeds import read
from archiver.seeds.store import SeedStore
from archiver.settings import SEED_KEYS
from archiver.text.normalize import one_line
from tests.commands.test_status import NOW
from tests.conftest import tree

KEYS = parse_keys(SEED_KEYS)
ADDRESS = "https://a.example/world/the-harbour-gets-a-wall"


def form(**given: Any) -> StubForm:
    return StubForm(**{"keys": KEYS, "policy": Policy({}), **given})


def template(text: str, newline: str = "\n") -> StubForm:
    return form(template=read("stub.md", text.replace("\n", newline).encode()))


def additions(
    folder: Path, *, pattern: str = "{slug}.md", into: str = "", writes: bool = True, **given: Any
) -> Additions:
    store = SeedStore.open(folder)
    known = KnownPages.of(store, KEYS["source"])
    return Additions(store, into, form(**given), Names(folder / into, NamePattern.parse(pattern)), known, writes)


def row(address: str = ADDRESS, **columns: Any) -> Row:
    return Row("line 1", address, columns)


# ---- What a stub holds ----------------------------------------------------------------------------------------------


def test_a_stub_has_the_configured_keys_blank_and_what_the_list_says() -> None:
    assert make_stub(form(), row(), ADDRESS).decode() == (
        f'---\norigin_url: "{ADDRESS}"\ntitle: ""\ndescription: ""\nimage: ""\nlanguage: ""\nauthor: ""\ndate:\n'
        'category: ""\n---\n'
    )
    keys = parse_keys({"source": ["params.source_url", "url"], "date": "pubDate", "image": "params.cover.image"})
    policy = Policy({Field.CATEGORY: Action.REPORT, Field.LANGUAGE: Action.KEEP})
    said = row(headline="Wall: “yes”", pubdate="Tue, 12 Nov 2024 04:10:56 GMT")
    assert make_stub(form(keys=keys, policy=policy), said, ADDRESS).decode() == (
        f'---\nparams:\n  source_url: "{ADDRESS}"\n  cover:\n    image: ""\ntitle: "Wall: “yes”"\ndescription: ""\n'
        'author: ""\npubDate: 2024-11-12T04:10:56Z\n---\n'
    )


def test_columns_are_mapped_to_keys_and_left_out() -> None:
    mapped = {"folder": "category", "tags": "tags", "note": "params.note", "title": "", "2": "series.name"}
    said = row(folder="News/Asia", tags=("a: b", "c"), title="Seen", note='x "y" #z')
    raw = make_stub(form(mapped=mapped), said, ADDRESS)
    values = read("x.md", raw).values
    assert (values["title"], values["category"], values["tags"]) == ("", "News/Asia", ["a: b", "c"])
    assert values["params"] == {"note": 'x "y" #z'}
    assert b"series" not in raw
    title = make_stub(form(mapped={"summary": "title", "tags": "author"}), row(summary="S", tags=("a", "b")), ADDRESS)
    assert (read("x.md", title).text("title"), read("x.md", title).text("author")) == ("S", "a, b")


@pytest.mark.parametrize("title", [ADDRESS, "a.example/world/the-harbour-gets-a-wall", f" {ADDRESS}#top"])
def test_a_title_that_is_the_address_is_none(seeds: Path, title: str) -> None:
    made = additions(seeds).take(row(title=title))
    assert made.path == "the-harbour-gets-a-wall.md"
    assert read("x", (seeds / made.path).read_bytes()).text("title") == ""


def test_a_key_that_lies_below_another_ones_value_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^title\.x lies below title, which has a value itself; name another key$"):
        check_form(form(mapped={"x": "title.x"}))
    with pytest.raises(SettingsError, match=r"^params has a value and keys below it; name another key$"):
        check_form(form(mapped={"x": "params.x", "y": "params"}))
    check_form(form(mapped={"x": "source_url", "y": "title", "z": "a.b", "w": "a.c"}))


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_title_and_tag_is_text_to_every_reader(title: str, tag: str) -> None:
    if any("\ud800" <= char <= "\udfff" for char in title + tag):
        return
    said = one_line(f"{title} ¿")
    seed = read("x.md", make_stub(form(mapped={"tag": "tags"}), row(title=said, tag=(tag,)), ADDRESS))
    assert seed.text("origin_url") == ADDRESS
    assert seed.text("title") == said
    assert seed.values["tags"] == [tag]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_template_is_filled_and_otherwise_copied_byte_for_byte(newline: str) -> None:
    text = (
        "---\n# ours\nlayout:   'post'\nsource_url: ''   # the page\ntitle: ''\ndate:\ncategory: 'kept'\n---\n\nBody\n"
    )
    filled = template(text, newline)
    raw = make_stub(filled, row(title="It's", date="2024-11-12", category="other"), ADDRESS)
    assert raw.decode() == text.replace("source_url: ''", f"source_url: '{ADDRESS}'").replace(
        "title: ''", "title: 'It''s'"
    ).replace("date:", "date: 2024-11-12").replace("\n", newline)
    assert make_stub(filled, row(), ADDRESS).decode() == text.replace("''   #", f"'{ADDRESS}'   #").replace(
        "\n", newline
    )


def test_a_mapped_column_replaces_what_a_template_says_or_is_put_in() -> None:
    filled = template('---\norigin_url: ""\ncategory: "kept"\n---\n')
    both = StubForm(KEYS, Policy({}), {"folder": "category", "tags": "labels"}, filled.template)
    assert make_stub(both, row(folder="News", tags=("a", "b")), ADDRESS).decode() == (
        f'---\norigin_url: "{ADDRESS}"\nlabels: "a, b"\ncategory: "News"\n---\n'
    )


def test_a_template_without_a_key_for_the_address_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^stub\.md has no key origin_url, which the address goes to; add it"):
        check_form(template("---\ntitle: ''\n---\n"))


# ---- How it is called -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "columns", "path"),
    [
        ("{slug}.md", {"title": "Wall!"}, "wall.md"),
        ("{slug}.md", {}, "the-harbour-gets-a-wall.md"),
        ("{date}-{slug}.md", {"title": "Wall", "date": "12 November 2024"}, "2024-11-12-wall.md"),
        ("{date}-{slug}.md", {"title": "Wall"}, "_undated-wall.md"),
        ("{slug}_{date}.md", {"title": "Wall"}, "wall__undated.md"),
        ("{host}/{slug}/index.markdown", {"title": "Wall"}, "a.example/wall/index.markdown"),
    ],
)
def test_names_by_a_pattern(seeds: Path, pattern: str, columns: dict[str, str], path: str) -> None:
    added = additions(seeds, pattern=pattern).take(row(**columns))
    assert (added.fate, added.path) == (Fate.ADDED, path)
    assert list(tree(seeds)) == [path]


def test_the_day_is_taken_from_the_address_where_the_list_has_none(seeds: Path) -> None:
    made = additions(seeds, pattern="{date}-{slug}.md").take(row("https://a.example/2024/11/12/wall-of-the-harbour/"))
    assert made.path == "2024-11-12-wall-of-the-harbour.md"
    assert read("x", (seeds / made.path).read_bytes()).is_blank("date")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.a.example/world/29/the-harbour-gets-a-new-wall.html?x=1", "the-harbour-gets-a-new-wall"),
        ("https://a.example/the_harbour_gets_a_wall/4711", "the-harbour-gets-a-wall"),
        ("https://a.example/story/4711", "story-4711"),
        ("https://a.example/4711", "a-example-4711"),
        ("https://a.example/", "a-example"),
        ("https://a.example/?p=4711", "a-example-p-4711"),
        ("https://a.example/wall/index.html", "wall"),
        ("https://a.example/" + "wall-" * 100, ("wall-" * 20)[:-1]),
        ("https://a.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", "новости"),
        ("https://a.example/%ff%fe", "a-example"),
    ],
)
def test_a_name_made_of_an_address(address: str, name: str) -> None:
    assert name_of_address(address) == name


def test_equal_titles_get_numbers_and_no_file_is_replaced(seeds: Path) -> None:
    (seeds / "WALL.md").write_text("mine")
    (seeds / "wall-2.md").mkdir()
    taken = additions(seeds)
    paths = [taken.take(row(f"{ADDRESS}/{number}", title=title)).path for number, title in enumerate(["Wall", "WALL!"])]
    assert paths == ["wall-3.md", "wall-4.md"]
    assert (seeds / "WALL.md").read_text() == "mine"


def test_a_bundle_is_not_put_into_a_folder_that_is_there(seeds: Path) -> None:
    (seeds / "wall").mkdir()
    assert additions(seeds, pattern="{slug}/index.md").take(row(title="Wall")).path == "wall-2/index.md"


def test_a_name_that_somebody_takes_meanwhile_is_left_alone(seeds: Path) -> None:
    taken = additions(seeds)
    taken.take(row(title="Other"))
    (seeds / "wall.md").write_text("mine")
    assert taken.take(row(f"{ADDRESS}/2", title="Wall")).path == "wall-2.md"
    assert (seeds / "wall.md").read_text() == "mine"


def test_ten_thousand_equal_titles_take_two_looks_each(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, fill = [], NamePattern.fill

    def counted(self: NamePattern, words: str, day: str, host: str) -> str:
        looks.append(words)
        return fill(self, words, day, host)

    monkeypatch.setattr(NamePattern, "fill", counted)
    names = Names(seeds, NamePattern.parse("{slug}.md"))
    given = [names.choose("Untitled", f"https://a.example/{number}", None) for number in range(10_000)]
    assert len(set(given)) == 10_000
    assert len(looks) < 2 * len(given)


def test_a_seed_that_cannot_be_written_refuses_its_row(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    refused = additions(seeds).take(row())
    assert refused.fate is Fate.REFUSED
    file = seeds / "the-harbour-gets-a-wall.md"
    assert refused.clause.startswith(f"{file} cannot be written (no space left on device); ")
    assert tree(seeds) == {}


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("{day}-{slug}.md", "has a part {day}, which does not exist; the parts are {slug}, {date}, {host}"),
        ("post.md", "would give all seeds one name"),
        ("{date}/{slug}.md", "may have {date} once and in the file's name only"),
        ("{date}{slug}.md", "runs {date} into what stands beside it; put a hyphen between them"),
        ("{slug}", "names no seed; end it in one of .md"),
        ("{slug}.html", "names no seed"),
        ("../{slug}.md", "begins or ends in a dot"),
        ("/posts/{slug}.md", "has a character that not every file system takes"),
        ("a:{slug}.md", "has a character that not every file system takes"),
        (".drafts/{slug}.md", "begins or ends in a dot"),
    ],
)
def test_a_pattern_that_cannot_be_used(pattern: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        NamePattern.parse(pattern)
    assert str(caught.value).startswith(f"--pattern {pattern} ")
    assert sentence in str(caught.value)


def test_new_seeds_stay_inside(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (seeds / "link").symlink_to(tmp_path / "outside")
    (seeds / "file").write_text("")
    store = SeedStore.open(seeds)
    for folder in ("..", "../outside", str(tmp_path), "link", "link/sub", "a/../../outside", ".git", "a/.b", "file"):
        with pytest.raises(SettingsError, match=r"^--into .*; name (a|another) folder"):
            check_folder(store, folder)
    assert [check_folder(store, folder) for folder in ("", ".", "a/b/", str(seeds / "a"))] == ["", "", "a/b", "a"]
    refused = additions(seeds, pattern="link/{slug}.md").take(row())
    assert refused.clause.endswith("would lie outside of SEEDS_DIR because of a link; remove the link")
    assert list((tmp_path / "outside").iterdir()) == []


# ---- What is passed over --------------------------------------------------------------------------------------------


def test_pages_that_the_collection_or_the_list_has_are_passed_over(seeds: Path) -> None:
    (seeds / "old").mkdir()
    (seeds / "old" / "one.md").write_text('---\nsource_url: "http://www.a.example/one/"\n---\n')
    (seeds / "notes.md").write_text("No front matter.\n")
    taken = additions(seeds, into="new")
    assert taken.known.unreadable == 1
    entries: list[Entry] = [
        row("https://a.example/one#top"), row("HTTPS://A.example:443/two"), row("http://a.example/two/"),
        row("https://a.example/two?x=1"), BadRow("line 5", "is bad"), row("javascript:x"), row("https://a.example/caf%C3%A9"),
        row("https://a.example/caf\u00e9"), row("\udcff"), row("http://[x/"),
    ]  # fmt: skip
    assert [taken.take(entry).fate for entry in entries] == [
        Fate.KNOWN, Fate.ADDED, Fate.REPEATED, Fate.ADDED, Fate.REFUSED, Fate.REFUSED, Fate.ADDED, Fate.REPEATED,
        Fate.REFUSED, Fate.REFUSED,
    ]  # fmt: skip
    again = additions(seeds, into="new")
    assert [again.take(entry).fate for entry in entries].count(Fate.ADDED) == 0


def test_an_address_below_another_key_is_known_too(seeds: Path) -> None:
    (seeds / "one.md").write_text(f'---\nparams:\n  source_url: "{ADDRESS}"\n---\n')
    known = KnownPages.of(SeedStore.open(seeds), ["params.source_url", "params.source_url.x", "none"])
    assert len(known.keys) == 1


def test_a_row_that_holds_no_text_is_refused_and_the_next_is_taken(seeds: Path) -> None:
    taken = additions(seeds)
    refused = taken.take(row(title="caf\udce9"))
    assert (refused.fate, refused.clause) == (Fate.REFUSED, "says something that is not UTF-8; save the list as UTF-8")
    assert taken.take(row(title="café")).path == "cafe.md"


# ---- Names after the first crawl ------------------------------------------------------------------------------------


def test_undated_names_get_the_day_that_a_crawl_has_found(seeds: Path) -> None:
    taken = additions(seeds, pattern="{date}-{slug}.md", into="posts")
    for number, title in enumerate(["Wall", "Gate", "Bridge"]):
        taken.take(row(f"{ADDRESS}/{number}", title=title))
    dated = {}
    for name, date in (("_undated-wall.md", "2024-11-12T04:10:56Z"), ("_undated-gate.md", "'12 May 2023'")):
        file = seeds / "posts" / name
        dated[name] = file.read_bytes().replace(b"date:", f"date: {date}".encode())
        file.write_bytes(dated[name])
    (seeds / "posts" / "2024-11-12-wall.md").write_text("mine")
    (seeds / "my_undated_notes.md").write_text("---\ndate: 2024-11-12\n---\n")
    before = tree(seeds)
    expected = [
        Renaming("posts/_undated-bridge.md"),
        Renaming("posts/_undated-gate.md", "posts/2023-05-12-gate.md"),
        Renaming("posts/_undated-wall.md", "posts/2024-11-12-wall-2.md"),
    ]
    store = SeedStore.open(seeds)
    assert list(rename_dated(store, KEYS["date"], writes=False)) == expected
    assert tree(seeds) == before
    assert list(rename_dated(store, KEYS["date"], writes=True)) == expected
    assert tree(seeds) == {
        "my_undated_notes.md": before["my_undated_notes.md"],
        "posts/2023-05-12-gate.md": dated["_undated-gate.md"],
        "posts/2024-11-12-wall-2.md": dated["_undated-wall.md"],
        "posts/2024-11-12-wall.md": b"mine",
        "posts/_undated-bridge.md": before["posts/_undated-bridge.md"],
    }


def test_a_link_keeps_its_name(seeds: Path) -> None:
    (seeds / "wall.md").write_text("---\ndate: 2024-11-12\n---\n")
    (seeds / "_undated-wall.md").symlink_to("wall.md")
    (kept,) = rename_dated(SeedStore.open(seeds), KEYS["date"], writes=True)
    assert (kept.to, kept.clause.endswith("is a link and keeps its name; rename it by hand")) == (None, True)


def test_the_ledger_knows_a_renamed_seed_by_its_address(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    ledger.follow([KnownSeed("_undated-wall.md", ADDRESS)], NOW)
    followed = ledger.follow([KnownSeed("2024-11-12-wall.md", ADDRESS)], NOW)
    ledger.close()
    assert (followed.moved, followed.added, followed.removed) == (1, 0, 0)
