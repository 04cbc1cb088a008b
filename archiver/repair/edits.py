"""One field's value as an edit of one seed: under which key, in which shape, and where a new key goes."""

from __future__ import annotations

from archiver.models import Choice, Field
from archiver.repair.diff import Keys, find_key
from archiver.repair.shapes import Shape, Shapes, shape_value
from archiver.seeds import Edit, Seed, fill_heading
from archiver.text.markdown.escaping import escape_heading, escape_inline
from archiver.text.markdown.plain import markdown_to_text
from archiver.text.normalize import fold_punctuation


def edit_of(seed: Seed, field: Field, choice: Choice, keys: Keys, shapes: Shapes) -> Edit:
    """Return the edit that gives a field a value, under the seed's own key for it where it has one."""
    key = find_key(seed, keys[field])
    name = key or keys[field][0]
    after = None if key is not None else _place(seed, name, field, keys)
    value = shape_value(seed, name, field, choice, shapes.get(field))
    is_date = shapes.get(field) in {Shape.DAY, Shape.INSTANT}
    return Edit(name, value, after, timestamp=field is Field.DATE, replaces_blank_text=is_date)


def title_markdown(title: str) -> str:
    """Return a title as the Markdown of a heading."""
    return escape_heading(escape_inline(title))


def fill_title(body: str, title: str) -> str:
    """Return a body with the title in its empty first heading; where its first paragraph is the title, that moves."""
    said = fold_punctuation(title)
    return fill_heading(body, title_markdown(title), same=lambda text: fold_punctuation(markdown_to_text(text)) == said)


def _place(seed: Seed, key: str, field: Field, keys: Keys) -> str:
    """The key that a new one goes after: that of the field before it in the order of `keys`, else the source's.

    It has to be in the same mapping; `""` when there is none.
    """
    order = [name for name in keys if name != "source"]
    before = reversed(order[: order.index(field)])
    neighbours = (find_key(seed, keys[name]) for name in before)
    mapping = seed.key_path(key)[:-1]
    for neighbour in (*neighbours, seed.first_key(keys["source"])):
        if neighbour is not None and seed.has(neighbour) and seed.key_path(neighbour)[:-1] == mapping:
            return neighbour
    return ""
