"""What the machinery around an article says: labels, notices and appeals that are all that a block says."""

from __future__ import annotations

import re

from archiver.text.language_data import phrases
from archiver.text.phrase_patterns import alternatives

_MAX_LABEL_REST_LETTERS = 40
"""Characters that may follow a label such as "Share this …"; with fewer the names of platforms behind it are text, with
more a sentence of the article that begins so is a label. No measurement is on record."""
_LABEL = re.compile(
    # Clocks and rows of platforms' names, then what the languages say.
    r"(?:\d{1,2}:)?\d{1,2}:\d\d"
    r"|(?:(?:facebook|twitter|x|google\+?|whatsapp|linkedin|xing|telegram|pinterest|e-?mail|threads|bluesky|reddit)\s*){2,}"
    rf"|{alternatives(phrases('labels.whole'), _MAX_LABEL_REST_LETTERS)}[:.…]*",
    re.IGNORECASE,
)
_MAX_SIGNPOST_REST_LETTERS = 70
"""Characters that may follow "Skip X post": a number and the author's name; with fewer long names are text, with more a
sentence that begins so is none. No measurement is on record."""
_NOTICES = (
    # Where listeners to a screen reader may skip what was put in between, and where it ends.
    re.compile(alternatives(phrases("labels.signposts"), _MAX_SIGNPOST_REST_LETTERS), re.IGNORECASE),
    # What stands in the place of an embedded post or video until a reader agrees to load it.
    re.compile(alternatives(phrases("labels.embeds")), re.IGNORECASE | re.DOTALL),
    # What the publisher asks of those who liked the article, in a paragraph of its own.
    re.compile(alternatives(phrases("labels.appeals")), re.IGNORECASE | re.DOTALL),
)
_SHORTCODE = re.compile(r"\[/?[a-z][\w-]*\s+[\w-]+=[^\[\]]+\]", re.IGNORECASE)
"""What WordPress would have put something else for, had the plugin been there."""
_MAX_NOTICE_LETTERS = 400
"""Characters; a longer text says more than a notice. With fewer appeals of several sentences stay in the body, with
more the patterns, which allow words in between, may match a paragraph of the text. No measurement is on record."""


def is_machinery(text: str) -> bool:
    """True for a text that belongs to the page and not to its article, whole as it stands.

    >>> is_machinery("Advertisement"), is_machinery("Advertisement pays for this paper.")
    (True, False)
    """
    return _LABEL.fullmatch(text.removesuffix(":").rstrip()) is not None or (
        len(text) < _MAX_NOTICE_LETTERS and any(said.fullmatch(text) for said in (_SHORTCODE, *_NOTICES))
    )
