"""How much of a seed the report shows. What is cut is said there; results.jsonl has all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MAX_BODY_LINES = 40
"""Lines in a row that a patch adds, or takes away: a new body. At 40 a report of 10,000 seeds with new bodies stays
below 20 MB; with fewer a reader does not see whether the body is the article's."""
MAX_BODY_LETTERS = 2_400
"""Characters of such lines, for bodies of long paragraphs; about 400 words. At 3,600 the report of 10,000 seeds that
all got a body has 21 MB."""
MAX_VALUE_LETTERS = 2_000
"""Characters of a value that is not offered for a decision; longer ones are cut. Chosen, not measured."""
MAX_PAIR_LETTERS = 30_000
"""Characters of both texts of a seed; the longest half percent of news articles are longer. Chosen, not measured."""


def cut(value: str, letters: int = MAX_VALUE_LETTERS) -> str:
    """Return a text, shortened to so many characters."""
    return value if len(value) <= letters else f"{value[:letters]}…"


def cut_patch(patch: str) -> list[str]:
    """Return the lines of a unified diff; of many lines in a row that begin alike only the first."""
    shown: list[str] = []
    for sign, lines in _runs(patch.split("\n") if patch else []):
        taken = _first_lines(lines) if sign in "+-" else len(lines)
        shown += (cut(line, MAX_BODY_LETTERS) for line in lines[:taken])
        if taken < len(lines):
            shown.append(f"@ … {len(lines) - taken:,} more lines of this kind; results.jsonl has them")
    return shown


def _first_lines(lines: Sequence[str]) -> int:
    letters = 0
    for number, line in enumerate(lines[:MAX_BODY_LINES]):
        letters += len(line)
        if letters > MAX_BODY_LETTERS:
            return max(1, number)
    return min(len(lines), MAX_BODY_LINES)


def _runs(lines: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    sign, run = "", list[str]()
    for line in lines:
        if line[:1] != sign and run:
            yield sign, run
            run = []
        sign = line[:1]
        run.append(line)
    if run:
        yield sign, run
