"""The address of the archived copy in a seed, where a setting asks for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archiver.models import Article, Change, Choice, Field
from archiver.repair.policy import Policy
from archiver.repair.repair import Note, repair
from archiver.seeds import read
from archiver.seeds.source import published_at

KEYS = {"source": ("origin_url",), **{field.value: (field.value,) for field in Field}}
ADDRESS = "https://web.archive.org/web/20241112041056/https://www.nordblatt.example/world/29/wall?a=1&b=%20"
NOTE = (Note("archive_url", ADDRESS, "wayback"),)
ARTICLE = Article({Field.TITLE: Choice("New wall", "h1")})
SOURCE = 'origin_url: "https://www.nordblatt.example/world/29/wall"\n'


@pytest.mark.parametrize(
    ("front", "after"),
    [
        (f"{SOURCE}title: Old\n", f'{SOURCE}archive_url: "{ADDRESS}"\ntitle: Old\n'),
        (f'{SOURCE}title: Old\narchive_url: ""\n', f'{SOURCE}title: Old\narchive_url: "{ADDRESS}"\n'),
        (f"{SOURCE}title: Old\narchive_url:\n", f'{SOURCE}title: Old\narchive_url: "{ADDRESS}"\n'),
        (f"{SOURCE}title: Old\narchive_url: []\n", f'{SOURCE}title: Old\narchive_url: ["{ADDRESS}"]\n'),
    ],
)
def test_it_is_written_where_there_is_none(front: str, after: str) -> None:
    seed = read("x.md", f"---\n{front}---\n".encode())
    done = repair(seed, ARTICLE, Policy({}), KEYS, NOTE)
    assert done.content.decode().replace("archive_url: " + ADDRESS, f'archive_url: "{ADDRESS}"') == f"---\n{after}---\n"
    assert [(change.field, change.new, change.source) for change in done.changes] == [
        ("archive_url", ADDRESS, "wayback")
    ]
    again = repair(read("x.md", done.content), ARTICLE, Policy({}), KEYS, NOTE)
    assert (again.content, again.changes) == (done.content, ())


def test_it_stands_beside_a_title_that_is_inserted_too() -> None:
    seed = read("x.md", f"---\n{SOURCE}layout: post\n---\n".encode())
    done = repair(seed, ARTICLE, Policy({}), KEYS, NOTE)
    after = read("x.md", done.content)
    assert list(after.values) == ["origin_url", "title", "archive_url", "layout"]
    assert after.text("archive_url") == ADDRESS
    assert done.changes[-1] == Change("archive_url", None, ADDRESS, "wayback")


def test_its_key_may_be_in_a_mapping() -> None:
    note = (Note("params.archive_url", ADDRESS, "wayback"),)
    keys = {**KEYS, "source": ("params.origin_url",)}
    for front in (f"params:\n  {SOURCE}title: Old\n", "params: {x: y}\ntitle: Old\n", "title: Old\n"):
        done = repair(read("x.md", f"---\n{front}---\n".encode()), ARTICLE, Policy({}), keys, note)
        assert read("x.md", done.content).text("params.archive_url") == ADDRESS
    assert done.changes == (Change("params.archive_url", None, ADDRESS, "wayback"),)


@pytest.mark.parametrize("kept", ["https://archive.example/1", "[a, b]", "0"])
def test_what_stands_there_stays(kept: str) -> None:
    content = f"---\n{SOURCE}title: Old\narchive_url: {kept}\n---\n".encode()
    done = repair(read("x.md", content), ARTICLE, Policy({}), KEYS, NOTE)
    assert (done.content, done.changes) == (content, ())


def test_without_a_note_nothing_of_it_is_written() -> None:
    content = f'---\n{SOURCE}title: Old\narchive_url: ""\n---\n'.encode()
    assert repair(read("x.md", content), ARTICLE, Policy({}), KEYS).content == content


@pytest.mark.parametrize(
    ("date", "url", "at"),
    [
        ("2024-11-12T04:10:56.812Z", "https://a.example/2020/01/02/x", datetime(2024, 11, 12, 4, 10, 56, tzinfo=UTC)),
        ("2024-11-12T11:10:56+07:00", "https://a.example/x", datetime(2024, 11, 12, 4, 10, 56, tzinfo=UTC)),
        ("2024-11-12 04:10", "https://a.example/x", datetime(2024, 11, 12, 4, 10, tzinfo=UTC)),
        ("2024-11-12", "https://a.example/x", datetime(2024, 11, 12, tzinfo=UTC)),
        ("", "https://a.example/2020/01/02/x", datetime(2020, 1, 2, tzinfo=UTC)),
        ("soon", "https://a.example/2020/01/02/x", datetime(2020, 1, 2, tzinfo=UTC)),
        ("[2024]", "https://a.example/x", None),
        ("", "https://a.example/world/2900753/x", None),
    ],
)
def test_when_a_seeds_article_was_published(date: str, url: str, at: datetime | None) -> None:
    seed = read("x.md", f"---\norigin_url: {url}\ndate: {date}\n---\n".encode())
    assert published_at(seed, ("date",), url) == at
