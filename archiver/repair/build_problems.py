"""What in a post stops the builder of its site, or is read otherwise than its author meant.

A page cannot mend these; they are seen from the posts alone, whether they were copied from a page or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from archiver.models import Field
from archiver.repair.audit import AuditProblem, Problem
from archiver.repair.diff import Keys
from archiver.seeds import Seed, is_blank
from archiver.text.dates import parse_date

_MIN_SHAPE_SEEDS = 5
"""Seeds that must have a key before the others' shape of it counts; with fewer two posts of one kind outvote a third.
Chosen, not measured."""
_MIN_SHAPE_SHARE = 0.8
"""Share of those that must have the same shape; with less a key that is used in two ways on purpose is a problem, with
more a few mistakes hide one another. Chosen, not measured."""

_JEKYLL_POSTS = frozenset({"_posts", "_drafts"})
"""The folders in which Jekyll looks for posts (https://jekyllrb.com/docs/structure/)."""
_TEXT_FIELDS = (Field.TITLE, Field.DESCRIPTION, Field.LANGUAGE, Field.DATE)
"""The fields that no builder takes as a list."""
_HOSTLESS_IMAGE = re.compile(r"!\[[^\]\n]*\]\(\s*<?(https?://(?::\d*)?)(?=[/?#>)\s])", re.IGNORECASE)


class Builder(StrEnum):
    """The builders whose ways are known."""

    JEKYLL = "jekyll"
    HUGO = "hugo"


def find_build_problems(seed: Seed, keys: Keys, builder: Builder | None = None) -> Iterator[AuditProblem]:
    """What is wrong with one post; without a `builder` a post in `_posts` is Jekyll's."""
    if builder is None and _JEKYLL_POSTS & set(Path(seed.path).absolute().parts):
        builder = Builder.JEKYLL
    yield from _dates(seed, keys, builder)
    for field in _TEXT_FIELDS:
        for key in keys[field]:
            if isinstance(value := seed.value(key), (list, Mapping)) and not seed.is_blank(key):
                detail = f"{key} is a {_shape(value)}, and one text belongs there; write it as a text."
                yield AuditProblem(seed.path, Problem.WRONG_SHAPE, key, detail)
    # https://gohugo.io/content-management/urls/#set-url-in-front-matter
    if builder is Builder.HUGO and (url := (seed.text("url") or "").strip()).lower().startswith(
        ("http://", "https://")
    ):
        detail = f"url {url!r} has a scheme, at which Hugo stops; rename the key, and name it in SEED_KEYS."
        yield AuditProblem(seed.path, Problem.BREAKS_BUILD, "url", detail)
    for image in dict.fromkeys(_HOSTLESS_IMAGE.findall(seed.body)):
        detail = (
            f"An image has the address {image!r}, which names no host, and Astro stops there; correct or remove it."
        )
        yield AuditProblem(seed.path, Problem.BREAKS_BUILD, None, detail)


def _dates(seed: Seed, keys: Keys, builder: Builder | None) -> Iterator[AuditProblem]:
    # Jekyll asks for a date wherever there is the key, and takes an empty text for a wrong one.
    if builder is Builder.JEKYLL and "date" in seed.values and seed.is_blank("date"):
        detail = "date is blank, at which Jekyll stops; remove the key, for the file's name has the day, or fill it."
        yield AuditProblem(seed.path, Problem.BREAKS_BUILD, "date", detail)
    for key in keys[Field.DATE]:
        text = seed.text(key)
        if seed.is_blank(key) or text is None or _is_date(seed.value(key), text):
            continue
        stops = f", at which {builder.title()} stops" if builder and key == "date" else ""
        kind = Problem.BREAKS_BUILD if stops else Problem.WRONG_SHAPE
        yield AuditProblem(seed.path, kind, key, f"{key} {text!r} is no date{stops}; write it like 2024-11-12.")


def _is_date(value: object, text: str) -> bool:
    if isinstance(value, date) or parse_date(text) is not None:
        return True
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True


def shapes_of(seed: Seed, keys: Keys) -> dict[str, str]:
    """Whether each key of a post holds a text, a list or a mapping.

    Blank ones have no shape, and those of one text are judged by themselves.
    """
    judged = {key for field in _TEXT_FIELDS for key in keys[field]}
    return {
        key: _shape(value)
        for key, value in seed.values.items()
        if key not in judged and not is_blank(value) and value != {}
    }


def unusual_shapes(counts: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, str, str]]:
    """The shapes of a key that are other than nearly all posts have, each with a sentence.

    `counts` says by key and shape how many posts there are.
    """
    for key, shapes in counts.items():
        total = sum(shapes.values())
        usual = max(shapes, key=lambda shape: shapes[shape])
        count = shapes[usual]
        if total < _MIN_SHAPE_SEEDS or count < _MIN_SHAPE_SHARE * total:
            continue
        for shape in shapes:
            if shape != usual:
                said = f"{key} is a {shape}, and a {usual} in {count} of {total} posts; write it as a {usual}."
                yield key, shape, said


def _shape(value: object) -> str:
    return "mapping" if isinstance(value, Mapping) else "list" if isinstance(value, list) else "text"
