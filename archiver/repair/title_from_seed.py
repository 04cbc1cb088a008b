"""The seed as the last witness of its own title, when no page is to be had any more.

When, and how far it is believed: docs/design.md D41.
"""

from __future__ import annotations

from archiver.extract.confidence.model import tables
from archiver.models import Article, Choice, Field
from archiver.repair.diff import Keys, opening_lines
from archiver.seeds import Seed
from archiver.text.markdown.plain import markdown_to_text
from archiver.text.normalize import alnum_key, fold_punctuation, one_line, transliterate_umlauts
from archiver.text.slugs import letters, slug, slug_words_of

_MAX_TITLE_LETTERS = 300
"""Characters of a line that can be the title; with fewer a long headline is lost, with more a paragraph can be one. No
measurement is on record."""
_MIN_SLUG_SHARE = 0.8
"""Share of the slug's words that the line must say: nearly all, since slugs are made from headlines. With less a line
about the same matter is a title, with more one that was corrected later is not. No measurement is on record."""
_MIN_LINE_SHARE = 0.6
"""Share of the line's words that the slug must have: slugs leave out small words and are cut at their end, but a
sentence of the text has many words more. No measurement is on record."""
_MIN_SLUG_WORDS = 3
"""Words of a slug that says anything; with fewer a line of two words such as a place and a country matches, with more
short headlines are lost. No measurement is on record."""
_MIN_SHARED_LETTERS = 8
"""Letters that a line in a script without gaps must share with the address; with fewer the name of a section matches,
with more short headlines are lost. No measurement is on record."""


def title_from_seed(seed: Seed, url: str, keys: Keys) -> Article | None:
    """An article that has a title only: the seed's first heading or paragraph that says what its address says.

    None when no such line agrees with the slug, and when the seed has a title already, which nobody has to recover.
    """
    if seed.first_key(keys[Field.TITLE]) is not None:
        return None
    for markdown in opening_lines(seed.body):
        # What an image shows is its caption, however much it says of the article.
        text = "" if "![" in markdown else one_line(markdown_to_text(markdown))
        if text and len(text) <= _MAX_TITLE_LETTERS and matches_slug(text, url):
            own = Choice(text, "seed", ("slug",), confidence=tables()[Field.TITLE]["seed"])
            return Article({Field.TITLE: own})
    return None


def matches_slug(text: str, url: str) -> bool:
    """True when a line says what the slug of an address says, no more and no less.

    >>> matches_slug("The harbour gets a new wall", "https://a.example/29/harbour-gets-new-wall")
    True
    >>> matches_slug("The harbour of Nordblatt gets a wall that many wanted", "https://a.example/29/harbour-gets-new-wall")
    False
    """
    whole = alnum_key(text)
    if len(whole) >= _MIN_SHARED_LETTERS and not whole.isascii() and whole in letters(url):
        return True
    promised = frozenset(slug(url))
    return len(promised) >= _MIN_SLUG_WORDS and any(
        _share(promised, said) >= _MIN_SLUG_SHARE and _share(said, promised) >= _MIN_LINE_SHARE
        for said in _spellings(text)
    )


def _spellings(text: str) -> list[frozenset[str]]:
    """The line's words, as slugs spell them: without apostrophes, umlauts with or without their second letter."""
    bare = fold_punctuation(text).replace("'", "")
    return [frozenset(slug_words_of(form)) for form in (bare, transliterate_umlauts(bare), fold_punctuation(text))]


def _share(some: frozenset[str], others: frozenset[str]) -> float:
    return len(some & others) / len(some) if some else 0.0
