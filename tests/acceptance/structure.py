"""How much of a page's structure a repaired seed keeps: headings, paragraphs, captions.

Counted over the seeds whose body was empty, against what the truth of a set lists; quotations, numbered
lists and tables, which no truth lists, against the elements of the saved page whose text the truth's body has.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

from lxml import html
from warcio.archiveiterator import ArchiveIterator

_MARK = re.compile(r"(?m)^\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)")
_IMAGE = re.compile(r"!\[(?P<alt>(?:[^\]\\]|\\.)*)\]\((?:[^()]|\([^()]*\))*\)")
_LINK = re.compile(r"\[(?P<text>(?:[^\]\\]|\\.)*)\]\((?:[^()]|\([^()]*\))*\)")
_LIST_OR_QUOTE = re.compile(r"\s*(?:[-*+]|\d+[.)]|>)\s")
_NUMBERED = re.compile(r"\s*\d+[.)]\s")
_CAPTION_FRAMES = (
    "//figcaption | //figure//*[self::p or self::div or self::span] | //*[self::p or self::div or self::span]"
    "[contains(@class, 'caption')]"
)
_FIGURES = (
    "headings_kept", "paragraphs_whole", "captions_once", "captions_shown", "blockquotes", "ordered_lists", "tables"
)  # fmt: skip
_SHORTEST_PARAGRAPH = 20
"""Letters; a shorter text occurs by chance."""
_MOST_BESIDE_A_CAPTION = 150
"""Letters that a block may have beside the caption, such as the photographer's name."""


def figures(built: Path, after: Path) -> dict[str, float]:
    """Shares from 0 to 1; a figure for which the set lists nothing is absent.

    headings_kept     headings of the truth that stand as headings
    paragraphs_whole  paragraphs of the truth that are there, and are one block, neither merged nor split
    captions_once     captions of the truth that stand exactly once; a truth lists alternative texts among
                      them, which no reader sees and the archiver does not print as captions
    captions_shown    the same of those captions that the page shows: as text of a figure or of a frame named caption
    blockquotes       quotations of the page within the truth's body that stand as quotations
    ordered_lists     numbered lists of the page, all items numbered
    tables            tables of data of the page, all rows as rows
    """
    counts: Counter[str] = Counter()
    pages = _pages(built)
    for line in (built / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if case["damage"] == "all-blank":
            body = (after / case["seed"]).read_text(encoding="utf-8-sig").replace("\r\n", "\n").partition("\n---\n")[2]
            page = html.fromstring(pages[case["url"]])
            for counted in (_headings, _paragraphs):
                counts.update(counted(case, body))
            counts.update(_captions(case, body, page) + _elements(case, body, page))
    return {figure: round(counts[figure] / counts[f"{figure} of"], 4) for figure in _FIGURES if counts[f"{figure} of"]}


def _pages(built: Path) -> dict[str, bytes]:
    """The saved pages by their address."""
    with (built / "pages.warc.gz").open("rb") as stream:
        return {
            record.rec_headers.get_header("WARC-Target-URI"): record.content_stream().read()
            for record in ArchiveIterator(stream)
        }


def _letters(markdown: str) -> str:
    text = unescape(_LINK.sub(r"\g<text>", _IMAGE.sub(" ", _MARK.sub("", markdown))))
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


def _captions(case: dict[str, list[str]], body: str, page: html.HtmlElement) -> Counter[str]:
    blocks = [_letters(block) for block in _blocks(body)]
    wanted = {letters for caption in case.get("captions") or [] if (letters := _letters(caption))}
    once = {
        caption
        for caption in wanted
        if sum(caption in block and len(block) < len(caption) + _MOST_BESIDE_A_CAPTION for block in blocks) == 1
    }
    frames = [_letters(str(frame.text_content())) for frame in page.xpath(_CAPTION_FRAMES)] if wanted else []
    shown = {caption for caption in wanted if any(caption in frame for frame in frames)}
    return Counter(
        {
            "captions_once": len(once),
            "captions_once of": len(wanted),
            "captions_shown": len(once & shown),
            "captions_shown of": len(shown),
        }
    )


def _elements(case: dict[str, Any], body: str, page: html.HtmlElement) -> Counter[str]:
    """Quotations, numbered lists and tables of the page of which every part is in the truth's body."""
    truth = _letters("\n".join(case.get("paragraphs") or [case.get("body") or ""]))
    lines = body.split("\n")
    quoted = "".join(_letters(line) for line in lines if line.lstrip().startswith(">"))
    numbered = {_letters(line) for line in lines if _NUMBERED.match(line)}
    rows = {_letters(line) for line in lines if line.startswith("|")}
    counts: Counter[str] = Counter()
    for figure, elements, parts, found in (
        ("blockquotes", "//blockquote[not(ancestor::blockquote)]", ".", lambda part: part in quoted),
        ("ordered_lists", "//ol[not(ancestor::ol)]", "./li", lambda part: part in numbered),
        (
            "tables",
            "//table[not(ancestor::table or descendant::table) and count(.//tr) > 1]",
            ".//tr[count(*) > 1]",
            lambda part: part in rows,
        ),
    ):
        for element in page.xpath(elements):
            texts = [letters for part in element.xpath(parts) if (letters := _letters(str(part.text_content())))]
            if texts and sum(map(len, texts)) >= _SHORTEST_PARAGRAPH and all(text in truth for text in texts):
                counts[f"{figure} of"] += 1
                counts[figure] += all(map(found, texts))
    return counts
