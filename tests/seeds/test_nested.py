"""Keys in mappings: replaced in place, and put in where they are absent."""

from __future__ import annotations

import pytest

from archiver.errors import SeedRefused
from archiver.seeds import Edit, read, splice

from .test_splice import spliced

IMAGE = Edit("cover.image", "i.jpg")
A_LIST = "`cover` is a list, so it cannot hold `cover.image`; make it a mapping, or name another key"
NEW = Edit("cover.image", "i.jpg", after="")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('cover:\n  image: ""\n', 'cover:\n  image: "i.jpg"\n'),
        ("cover:\n  alt: 'x'\n  image: # lead\nb: 1\n", "cover:\n  alt: 'x'\n  image: 'i.jpg' # lead\nb: 1\n"),
        ("cover: {image: '', alt: x}\n", "cover: {image: 'i.jpg', alt: x}\n"),
        ('cover:\n  deep:\n    image: ""\n  image:\n', 'cover:\n  deep:\n    image: ""\n  image: "i.jpg"\n'),
        ("{cover: {image: }}\n", '{cover: {image: "i.jpg"}}\n'),
        ("? cover\n: image: ''\n  alt: 1\n", "? cover\n: image: 'i.jpg'\n  alt: 1\n"),
        ("cover:\n  image: |+\n    old\n\nb: 1\n", 'cover:\n  image: "i.jpg"\n\nb: 1\n'),
        ("cover: &c # lead\n  image: 'old'\n", "cover: &c # lead\n  image: 'i.jpg'\n"),
        ("cover.image: ''\ncover:\n  image: ''\n", "cover.image: 'i.jpg'\ncover:\n  image: ''\n"),
    ],
)
def test_an_inner_value_is_replaced_and_nothing_else(old: str, new: str, newline: str) -> None:
    assert spliced(old, IMAGE, newline=newline) == new


def test_an_inner_list_is_filled_as_a_list() -> None:
    edit = Edit("cover.images", ("a", "b"))
    assert spliced("cover:\n  images: []\n  x: 1\n", edit) == 'cover:\n  images: ["a", "b"]\n  x: 1\n'
    assert spliced("cover:\n  images:\n  - ''\n  x: 1\n", edit) == "cover:\n  images:\n  - 'a'\n  - 'b'\n  x: 1\n"


def inserted(front: str, *edits: Edit, newline: str = "\n") -> str:
    """The front matter with new keys in it."""
    raw = f"---\n{front}---\n".replace("\n", newline).encode()
    return splice(read("a.md", raw), edits).decode().replace(newline, "\n")[4:-4]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Into the mapping, at its end.
        ("cover:\n  alt: 'x'\nb: 1\n", "cover:\n  alt: 'x'\n  image: 'i.jpg'\nb: 1\n"),
        (
            "cover:\n  # lead\n  alt: x\n  # end\n\nb: 1\n",
            "cover:\n  # lead\n  alt: x\n  image: i.jpg\n  # end\n\nb: 1\n",
        ),
        ("cover: {alt: x}\n", 'cover: {alt: x, image: "i.jpg"}\n'),
        ("cover:\n  alt: |+\n    x\n\nb: 'x'\n", "cover:\n  alt: |+\n    x\n\n  image: 'i.jpg'\nb: 'x'\n"),
        ("? cover\n: alt: 'x'\n", "? cover\n: alt: 'x'\n  image: 'i.jpg'\n"),
        # Into one that has nothing in it.
        ("cover:\nb: 'x'\n", "cover:\n  image: 'i.jpg'\nb: 'x'\n"),
        ("cover: ~ # lead\nb: 'x'\n", "cover: # lead\n  image: 'i.jpg'\nb: 'x'\n"),
        ("cover: { }\nb: 'x'\n", "cover: {image: 'i.jpg'}\nb: 'x'\n"),
        ("{cover: null, b: 'x'}\n", "{cover: {image: 'i.jpg'}, b: 'x'}\n"),
        # Where there is none, at the end of all.
        ("b: 'x'\n# end\n", "b: 'x'\ncover:\n  image: 'i.jpg'\n# end\n"),
        ("b:\n    c: 'x'\n", "b:\n    c: 'x'\ncover:\n    image: 'i.jpg'\n"),
        ('{"b":"x"}\n', '{"b":"x", "cover":{"image":"i.jpg"}}\n'),
    ],
)
def test_an_inner_key_is_put_in(old: str, new: str, newline: str) -> None:
    assert inserted(old, NEW, newline=newline) == new


def test_several_new_keys_share_the_mapping_that_is_made_for_them() -> None:
    edits = (
        Edit("cover.image", "i.jpg", after="url"),
        Edit("seo.card.text", "T", after=""),
        Edit("authors", ("A",), after="url"),
        Edit("cover.names", ("B",), after=""),
        Edit("title", "T", after="url"),
    )
    assert inserted("url: 'u'\nb: 'x'\n", *edits) == (
        "url: 'u'\nauthors:\n  - 'A'\ntitle: 'T'\nb: 'x'\n"
        "cover:\n  image: 'i.jpg'\n  names:\n    - 'B'\nseo:\n  card:\n    text: 'T'\n"
    )


def test_a_key_behind_a_mapping_does_not_come_between_it_and_its_own_new_key() -> None:
    edits = (Edit("title", "T", after="cover"), NEW)
    assert inserted("cover:\n  alt: 'x'\nb: 1\n", *edits) == "cover:\n  alt: 'x'\n  image: 'i.jpg'\ntitle: 'T'\nb: 1\n"


@pytest.mark.parametrize(
    ("front", "edit", "clause"),
    [
        ("cover: [a]\n", IMAGE, A_LIST),
        ("cover: [a]\n", NEW, A_LIST),
        ("cover: a\n", NEW, A_LIST.replace("list", "single value")),
        ("b: &b {image: ''}\ncover: *b\n", IMAGE, "it has no key `cover.image` of its own; add the key"),
        ("b: &b {image: ''}\ncover:\n  <<: *b\n", IMAGE, "it has no key `cover.image` of its own; add the key"),
        (
            "cover: &b {image: ''}\nb: *b\n",
            IMAGE,
            "`cover.image` cannot be changed without touching something else; change it by hand",
        ),
        (
            "cover: &b\nb: *b\n",
            NEW,
            "there is no place for `cover.image` that it could be put in safely; add it by hand",
        ),
        ("cover:\n  image: x\n", NEW, "it has a key `cover.image` already; change that one"),
        ("a: x\n", Edit("cover.image", "i", after="b"), "it has no key `b` to put `cover.image` after; add it by hand"),
    ],
)
def test_what_stands_in_the_way_is_said_in_one_sentence(front: str, edit: Edit, clause: str) -> None:
    seed = read("seeds/a.md", f"---\n{front}---\n".encode())
    with pytest.raises(SeedRefused) as caught:
        splice(seed, [edit])
    assert str(caught.value) == f"seeds/a.md: {clause}."


def test_a_mapping_and_a_key_in_it_cannot_change_at_once() -> None:
    seed = read("a.md", b"---\ncover:\n  image: x\n---\n")
    with pytest.raises(SeedRefused, match="one key is to be changed twice"):
        splice(seed, [Edit("cover", "y"), IMAGE])
