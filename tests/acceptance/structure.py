"""How much of a page's structure a repaired seed keeps: headings, paragraphs, captions.

Counted over the seeds whose body was empty, against what the truth of a set lists.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path

_MARK = re.compile(r"(?m)^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)")
_IMAGE = re.compile(r"!\[(?P<alt>(?:[^\]\\]|\\.)*)\]\((?:[^()]|\([^()]*\))*\)")
_LINK = re.compile(r"\[(?P<text>(?:[^\]\\]|\\.)*)\]\((?:[^()]|\([^()]*\))*\)")
_LIST_OR_QUOTE = re.compile(r"\s*(?:[-*+]|\d+[.)]|>)\s")
_SHORTEST_PARAGRAPH = 20
"""Letters; a shorter text occurs by chance."""
_MOST_BESIDE_A_CAPTION = 150
"""Letters that a block may have beside the caption, such as the photographer's name."""


def figures(built: Path, after: Path) -> dict[str, float]:
    """Shares from 0 to 1; a figure for which the set lists nothing is absent.

    headings_kept     headings of the truth that stand as headings
    paragraphs_whole  paragraphs of the truth that are there, and are one block, neither merged nor split
    captions_once     captions of the truth that stand exactly once
    """
    counts: Counter[str] = Counter()
    for line in (built / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["damage"] == "all-blank":
            body = (after / case["seed"]).read_text(encoding="utf-8-sig").replace("\r\n", "\n").partition("\n---\n")[2]
            counts.update(_headings(case, body) + _paragraphs(case, body) + _captions(case, body))
    return {
        figure: round(counts[figure] / counts[f"{figure} of"], 4)
        for figure in ("headings_kept", "paragraphs_whole", "captions_once")
        if counts[f"{figure} of"]
    }


def _letters(markdown: str) -> str:
    text = _LINK.sub(r"\g<text>", _IMAGE.sub(" ", _MARK.sub("", markdown)))
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _blocks(body: str) -> list[str]:
    return [block for block in re.split(r"\n\s*\n", body) if block.strip()]


def _headings(case: dict[str, list[str]], body: str) -> Counter[str]:
    found = {_letters(block) for block in _blocks(body) if block.startswith("#")}
    wanted = [letters for heading in case.get("headings") or [] if (letters := _letters(heading))]
    return Counter({"headings_kept": sum(heading in found for heading in wanted), "headings_kept of": len(wanted)})


def _paragraphs(case: dict[str, list[str]], body: str) -> Counter[str]:
    blocks = _blocks(body)
    # An item of a list and a paragraph of a quotation are blocks of their own.
    units = [part for block in blocks for part in (block, *(block.split("\n") if _LIST_OR_QUOTE.match(block) else ()))]
    whole = {_letters(unit) for unit in units}
    text = "".join(map(_letters, blocks))
    there = [
        letters
        for paragraph in case.get("paragraphs") or []
        if len(letters := _letters(paragraph)) >= _SHORTEST_PARAGRAPH and letters in text
    ]
    return Counter({"paragraphs_whole": sum(p in whole for p in there), "paragraphs_whole of": len(there)})


def _captions(case: dict[str, list[str]], body: str) -> Counter[str]:
    blocks = [_letters(block) for block in _blocks(body)]
    wanted = {letters for caption in case.get("captions") or [] if (letters := _letters(caption))}
    once = sum(
        sum(caption in block and len(block) < len(caption) + _MOST_BESIDE_A_CAPTION for block in blocks) == 1
        for caption in wanted
    )
    return Counter({"captions_once": once, "captions_once of": len(wanted)})
