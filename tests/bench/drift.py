"""How long it takes to compare a seed's text with its page's, against difflib on nothing but their words.

usage: python -m tests.bench.drift
"""

from __future__ import annotations

import difflib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from archiver.repair.drift.text_diff import compare_texts
from tests.repair.drift.texts import LATIN

WORDS = 2000
_ROUNDS = 15
_WORDS_PER_PARAGRAPH = 60
_CHANGED_PARAGRAPHS = 3
"""Every third is edited, each tenth word of it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The time of one comparison of two texts of 2,000 words, the median."""

    milliseconds: float
    difflib_milliseconds: float

    @property
    def ratio(self) -> float:
        """How many times difflib's time ours is."""
        return self.milliseconds / self.difflib_milliseconds


def compared_texts() -> Compared:
    """Time both in turn."""
    old, new = _texts()
    words = old.split(), new.split()
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        ours.append(_milliseconds(lambda: compare_texts(old, new)))
        theirs.append(_milliseconds(lambda: difflib.SequenceMatcher(None, *words, autojunk=False).get_opcodes()))
    # The first round fills caches.
    return Compared(statistics.median(ours[1:]), statistics.median(theirs[1:]))


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def _texts() -> tuple[str, str]:
    random = Random(1)  # noqa: S311  (a benchmark, no secret)
    words = " ".join(LATIN.sentences).split()
    old = [[random.choice(words) for _ in range(_WORDS_PER_PARAGRAPH)] for _ in range(WORDS // _WORDS_PER_PARAGRAPH)]
    new = [
        [
            random.choice(words) if number % _CHANGED_PARAGRAPHS == 0 and at % 10 == 0 else word
            for at, word in enumerate(paragraph)
        ]
        for number, paragraph in enumerate(old)
    ]
    one, other = ("\n\n".join(map(" ".join, text)) for text in (old, new))
    return one, other


if __name__ == "__main__":
    measured = compared_texts()
    print(f"{measured.milliseconds:.1f} ms, {measured.ratio:.2f} times difflib")
