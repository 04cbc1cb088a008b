"""Articles over several pages: which pages are of one, and their texts as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archiver.models import Article, Choice, Field
from archiver.text.normalize import alnum_key

_MAX_REPEATED_SHARE = 0.5
"""Share of the paragraphs of a page that stood on those before it, above which it is the same page once more: one whose
comments or related stories are counted. Lower, and a part that repeats a long introduction is lost; higher, and a text
comes twice. Chosen, not measured."""


def continues(parts: Sequence[Article], article: Article) -> bool:
    """Return whether a page goes on with the article of the `parts` before it: same title, other text."""
    title = _title_key(parts[0].choices.get(Field.TITLE))
    offered = (candidate for candidate in article.candidates if candidate.field is Field.TITLE)
    if not title or not any(alnum_key(candidate.value).startswith(title) for candidate in offered):
        return False
    known = {block for part in parts for block in part.body.split("\n\n")}
    blocks = article.body.split("\n\n")
    return bool(article.body) and sum(block in known for block in blocks) <= _MAX_REPEATED_SHARE * len(blocks)


def join(parts: Sequence[Article]) -> Article:
    """Return the article of the first part with the text of all; what each page repeats at its edges is there once."""
    blocks: list[str] = []
    for part in parts:
        known, following = set(blocks), part.body.split("\n\n")
        while following and following[0] in known:
            del following[0]
        # The line below the text that each page has belongs below the last.
        repeated = 0
        while repeated < min(len(blocks), len(following)) and blocks[-repeated - 1] == following[-repeated - 1]:
            repeated += 1
        blocks = blocks[: len(blocks) - repeated] + following
    return replace(parts[0], body="\n\n".join(blocks))


def _title_key(title: Choice | None) -> str:
    """A title as it is compared; later pages may have a number behind it."""
    return alnum_key(title.value) if title else ""
