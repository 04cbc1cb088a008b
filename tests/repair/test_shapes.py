"""Lists, links of a wiki and dates: compared as what they say, written as the file has them."""

from __future__ import annotations

from textwrap import indent

import pytest

from archiver.errors import SeedRefused
from archiver.models import Article, Change, Choice, Field
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import Repair, repair
from archiver.repair.shapes import Shape
from archiver.seeds import read

KEYS = {"source": ("url", "params.url"), **{field.value: (field.value,) for field in Field}}
BOTH = Choice("Ada Quell, Bert Ohm, Jr.", "json-ld:author", (), ("Ada Quell", "Bert Ohm, Jr."))
URL = "url: https://e.example/1\ntitle: T\n"


def repaired(
    front: str, choices: dict[Field, Choice], policy: Policy, keys: dict[str, tuple[str, ...]] = KEYS
) -> Repair:
    done = repair(read("a.md", f"---\n{front}---\nText.\n".encode()), Article(choices), policy, keys)
    again = repair(read("a.md", done.content), Article(choices), policy, keys)
    assert (again.content, again.changes) == (done.content, ())
    return done


def front_of(done: Repair) -> str:
    return done.content.decode().removeprefix("---\n").removesuffix("---\nText.\n")


@pytest.mark.parametrize(
    ("old", "shape", "new"),
    [
        # A list stays a list and a text a text, whatever the shape.
        ("author: []", None, "author: [Ada Quell, \"Bert Ohm, Jr.\"]"),
        ("author:\n  - ", Shape.TEXT, "author:\n  - Ada Quell\n  - Bert Ohm, Jr."),
        ("author: ''", None, "author: Ada Quell, Bert Ohm, Jr."),
        ("author: ''", Shape.LIST, "author: Ada Quell, Bert Ohm, Jr."),
        # Null takes the shape.
        ("author:", None, "author: Ada Quell, Bert Ohm, Jr."),
        ("author:", Shape.TEXT, "author: Ada Quell, Bert Ohm, Jr."),
        ("author:", Shape.LIST, "author:\n  - Ada Quell\n  - Bert Ohm, Jr."),
        ("author: ~", Shape.WIKILINKS, 'author:\n  - "[[Ada Quell]]"\n  - "[[Bert Ohm, Jr.]]"'),
        ("author:\n  -", Shape.WIKILINKS, 'author:\n  - "[[Ada Quell]]"\n  - "[[Bert Ohm, Jr.]]"'),
    ],
)  # fmt: skip
def test_authors_are_written_in_the_shape_of_their_key(old: str, shape: Shape | None, new: str) -> None:
    done = repaired(f"{URL}{old}\n", {Field.AUTHOR: BOTH}, Policy({}, {Field.AUTHOR: shape} if shape else {}))
    assert front_of(done) == f"{URL}{new}\n"
    (change,) = done.changes
    assert change.new.replace("[[", "").replace("]]", "") == "Ada Quell, Bert Ohm, Jr."
    assert change.old in {None, ""}


@pytest.mark.parametrize(
    "same",
    [
        "author: [Ada Quell, 'Bert Ohm, Jr.']",
        'author:\n  - "[[Ada Quell]]"\n  - "[[people/bert|Bert Ohm, Jr.]]"',
        "author: '[[Ada Quell]], [[Bert Ohm, Jr.]]'",
        "author: ADA QUELL, Bert Ohm, Jr.",
        "category: [World, Asia]",
        "image: {url: x}",
    ],
)
def test_what_says_the_same_is_not_refreshed(same: str) -> None:
    choices = {Field.AUTHOR: BOTH, Field.CATEGORY: Choice("asia", "meta"), Field.IMAGE: Choice("i.jpg", "meta")}
    done = repaired(f"{URL}{same}\n", choices, Policy(dict.fromkeys(Field, Action.REFRESH)))
    assert (front_of(done), done.changes) == (f"{URL}{same}\n", ())


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("author: [Cy]", 'author: [Ada Quell, "Bert Ohm, Jr."]', ("Cy", "Ada Quell, Bert Ohm, Jr.")),
        (
            'author:\n- "[[Cy]]"\n- "[[Di]]"',
            'author:\n- "[[Ada Quell]]"\n- "[[Bert Ohm, Jr.]]"',
            ("[[Cy]], [[Di]]", "[[Ada Quell]], [[Bert Ohm, Jr.]]"),
        ),
        ("author: Cy", "author: Ada Quell, Bert Ohm, Jr.", ("Cy", "Ada Quell, Bert Ohm, Jr.")),
    ],
)
def test_a_refresh_keeps_the_shape(old: str, new: str, change: tuple[str, str]) -> None:
    done = repaired(f"{URL}{old}\n", {Field.AUTHOR: BOTH}, Policy({Field.AUTHOR: Action.REFRESH}))
    assert front_of(done) == f"{URL}{new}\n"
    assert done.changes == (Change("author", *change, "json-ld:author"),)


@pytest.mark.parametrize(
    ("others", "said", "shape", "written"),
    [
        ("", "2024-11-12T20:10:56Z", None, "2024-11-12T20:10:56Z"),
        ("", "2024-11-12T20:10:56Z", Shape.INSTANT, "2024-11-12T20:10:56Z"),
        ("", "2024-11-12T20:10:56Z", Shape.DAY, "2024-11-12"),
        ("edited: 2024-01-01T00:00:00+07:00\n", "2024-11-12T20:10:56Z", None, "2024-11-12T20:10:56Z"),
        ("edited: 2024-01-01T00:00:00+07:00\n", "2024-11-12T20:10:56Z", Shape.INSTANT, "2024-11-13T03:10:56+07:00"),
        ("edited: 2024-01-01T00:00:00+07:00\n", "2024-11-12T20:10:56Z", Shape.DAY, "2024-11-13"),
        ("edited: 2024-01-01 00:00:00 -0530\n", "2024-11-12T04:10:56Z", Shape.INSTANT, "2024-11-11 22:40:56 -0530"),
        ("edited: 2024-01-01 00:00:00\n", "2024-11-12T04:10:56Z", Shape.INSTANT, "2024-11-12T04:10:56Z"),
        ("edited: 2024-01-01T00:00:00+07:00\n", "2024-11-12", Shape.INSTANT, "2024-11-12"),
        ("edited: 2024-01-01T00:00:00+07:00\n", "2024-11-12T20:10:56", Shape.INSTANT, "2024-11-12T20:10:56"),
        ("edited: 2024-01-01T00:00:00+07:00\n", "2024-11-12T20:10:56", Shape.DAY, "2024-11-12"),
    ],
)
def test_dates(others: str, said: str, shape: Shape | None, written: str) -> None:
    policy = Policy({}, {Field.DATE: shape} if shape else {})
    done = repaired(f"{URL}{others}date:\n", {Field.DATE: Choice(said, "time")}, policy)
    assert front_of(done) == f"{URL}{others}date: {written}\n"
    assert done.changes == (Change("date", None, written, "time"),)


IMAGE = "image: 'https://e.example/i.jpg'\n"
AUTHORS = "author:\n  - 'Ada Quell'\n  - 'Bert Ohm, Jr.'\n"
INSERT = Policy(dict.fromkeys(Field, Action.INSERT), {Field.AUTHOR: Shape.LIST})
ALL = {
    Field.TITLE: Choice("T", "h1"),
    Field.IMAGE: Choice("https://e.example/i.jpg", "meta"),
    Field.AUTHOR: BOTH,
    Field.DATE: Choice("2024-11-12", "time"),
    Field.CATEGORY: Choice("World", "meta"),
}


@pytest.mark.parametrize(
    ("keys", "old", "new"),
    [
        (
            {},
            "url: 'https://e.example'\ndraft: true\n",
            f"url: 'https://e.example'\ntitle: 'T'\n{IMAGE}{AUTHORS}date: 2024-11-12\ncategory: 'World'\ndraft: true\n",
        ),
        (
            {},
            "draft: true\ndate: ''\ntitle: 'T'\nurl: 'https://e.example'\n",
            f"draft: true\ndate: '2024-11-12'\ncategory: 'World'\ntitle: 'T'\n{IMAGE}{AUTHORS}url: 'https://e.example'\n",
        ),
        (
            {"image": ("cover.image",), "category": ("params.section",), "author": ("params.by",)},
            "title: 'T'\nparams:\n    url: 'https://e.example'\ndate: 2024-11-12\n",
            (
                f"title: 'T'\nparams:\n    url: 'https://e.example'\n{indent(AUTHORS.replace('author', 'by'), ' ' * 4)}"
                f"    section: 'World'\ndate: 2024-11-12\ncover:\n{indent(IMAGE, ' ' * 4)}"
            ),
        ),
    ],
)  # fmt: skip
def test_absent_keys_are_put_in_behind_the_field_before_them(keys: dict[str, tuple[str]], old: str, new: str) -> None:
    done = repaired(old, ALL, INSERT, {**KEYS, **keys})
    assert front_of(done) == new


def test_the_keys_have_an_order_of_their_own() -> None:
    order = ("date", "title", *Field)
    keys: dict[str, tuple[str, ...]] = {"source": ("url",), **{str(name): (str(name),) for name in order}}
    done = repaired("url: 'https://e.example'\ndate: 2024-11-12\n", ALL, Policy({}), keys)
    assert front_of(done) == "url: 'https://e.example'\ndate: 2024-11-12\ntitle: 'T'\n"


def test_a_mapping_gives_way_to_a_key_in_it() -> None:
    keys = {**KEYS, "image": ("image", "image.url")}
    done = repaired(f"{URL}image:\n  url: ''\n", ALL, Policy({}), keys)
    assert front_of(done) == f"{URL}image:\n  url: https://e.example/i.jpg\n"


@pytest.mark.parametrize("action", [Action.FILL, Action.INSERT, Action.REFRESH])
def test_a_text_in_the_way_of_a_path_is_refused_in_one_sentence(action: Action) -> None:
    keys = {**KEYS, "image": ("cover.image",)}
    with pytest.raises(SeedRefused) as caught:
        repaired(f"{URL}cover: mine.jpg\n", ALL, Policy({Field.IMAGE: action}), keys)
    assert str(caught.value) == (
        "a.md: `cover` is a single value, so it cannot hold `cover.image`; make it a mapping, or name another key."
    )
    assert repaired(f"{URL}cover: mine.jpg\n", ALL, Policy({Field.IMAGE: Action.KEEP}), keys).changes == ()


def test_front_matter_that_ends_with_dots_is_repaired_to_its_last_byte() -> None:
    text = "\ufeff---\nreference: https://e.example/1\ntitle: ''\nauthor:\n- ''\nmeta: {image: ''}\n...\n"
    keys = {**KEYS, "source": ("reference",), "image": ("meta.image",), "date": ("meta.date",)}
    seed = read("a.md", text.replace("\n", "\r\n").encode())
    done = repair(seed, Article(ALL, body="One.\n\nTwo."), INSERT, keys)
    assert done.content.decode("utf-8-sig").replace("\r\n", "\n") == (
        "---\nreference: https://e.example/1\ntitle: T\nauthor:\n- Ada Quell\n- Bert Ohm, Jr.\ncategory: World\n"
        "meta: {image: 'https://e.example/i.jpg', date: 2024-11-12}\n...\n\n# T\n\nOne.\n\nTwo.\n"
    )
    assert done.content.count(b"\n") == done.content.count(b"\r\n")
