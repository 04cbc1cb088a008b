"""Predictions for public leaderboards of article extraction, in the form that their own evaluation reads.

usage: python -m tests.bench.leaderboard CHECKOUT [NAME]

CHECKOUT is a clone of such a benchmark: folders with `html/ID.html.gz`, and the truth beside them, as
`ground-truth.json` by id or as `ground-truth/ID.json`, from which nothing but the address of a page is taken. Writes
`output/NAME.json` (seed-archiver) beside each `html`; the benchmark's own script then prints the table.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from lxml import html
from markdown_it import MarkdownIt

from archiver.extract.article import extract
from archiver.models import Capture

_HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
_COMMONMARK = MarkdownIt("commonmark").enable("table")
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "td", "th")


def main(checkout: Path, name: str) -> int:
    """Extract every page; print what was written."""
    folders = sorted({page.parent for page in checkout.rglob("html/*.html.gz")})
    if not folders:
        print(f"{checkout} has no html/*.html.gz; name the clone of a benchmark", file=sys.stderr)
        return 1
    for folder in folders:
        addresses = _addresses(folder.parent)
        pages = sorted(folder.glob("*.html.gz"))
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            texts = pool.map(_text, pages, [addresses.get(_id(page), "") for page in pages], chunksize=8)
            predicted = {_id(page): {"articleBody": text} for page, text in zip(pages, texts, strict=True)}
        output = folder.parent / "output" / f"{name}.json"
        output.parent.mkdir(exist_ok=True)
        output.write_text(json.dumps(predicted, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"{len(predicted)} predictions in {output}")
    return 0


def _id(page: Path) -> str:
    return page.name.removesuffix(".html.gz")


def _addresses(folder: Path) -> dict[str, str]:
    """The address of each page, where the truth names one."""
    whole = folder / "ground-truth.json"
    if whole.is_file():
        truths = json.loads(whole.read_text(encoding="utf-8"))
    else:
        files = folder.glob("ground-truth/*.json")
        truths = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}
    return {name: truth.get("url") or "" for name, truth in truths.items()}


def _text(page: Path, address: str) -> str:
    """The text of a page's article, a block a line, without images and their captions."""
    url = address or f"https://example.com/{_id(page)}"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    article = extract(Capture(url, url, 200, _HEADERS, gzip.decompress(page.read_bytes()), now, "archive")).article
    if article is None or not article.body:
        return ""
    tree = html.fragment_fromstring(_COMMONMARK.render(article.body), create_parent="div")
    for block in tree.iter(*_BLOCKS):
        block.tail = f"\n{block.tail or ''}"
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    return "\n".join(filter(None, lines))


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]), *(sys.argv[2:] or ["seed-archiver"])))
