"""Addresses of saved pages → posts of a site, by the commands that somebody with such a site would give."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urldefrag

import frontmatter
from warcio.warcwriter import WARCWriter

from archiver.archive.fixtures.tree import DESCRIPTION
from archiver.collection.presets import presets
from tests.conftest import seed_archiver
from tests.support.pages import add_page, fixtures_as_warc

_PAGES = Path(__file__).with_name("pages")
_SETS = ("fundus", "scrapinghub", "trafeval")
"""Enough to meet what readers of Markdown disagree on; with all sets the builders take twice the time."""
_DAY = re.compile(r"^\d{4}-\d\d-\d\d(?=-)")
"""The day of a post of Jekyll's, which an address may have said."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Saved pages."""

    warc: Path
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """One article, as the crawl says that it wrote it."""

    file: Path
    """Relative to the folder of the site."""
    url: str
    title: str
    date: datetime | None
    """Aware; where a page names no zone, that of UTC, as site builders take it. None: neither page nor address says."""
    body: str


def save_pages(acceptance: Path, fixtures: Path, work: Path) -> Pages:
    """Put the acceptance pages into one WARC; where they are not there, the fixtures.

    Last come pages of our own with what news do not have: code, formulas, callouts, notes.
    """
    work.mkdir(parents=True, exist_ok=True)
    warc = work / "pages.warc.gz"
    addresses: list[str] = []
    if not acceptance.is_dir():
        fixtures_as_warc(warc, fixtures)
        addresses = [json.loads(file.read_bytes())["url"] for file in sorted(fixtures.rglob(DESCRIPTION))]
    with warc.open("ab" if addresses else "wb") as out:
        writer = WARCWriter(out, gzip=True)
        for url, captured, page in (*(() if addresses else _saved(acceptance)), *_own()):
            add_page(writer, url, page, date=captured)
            addresses.append(url)
    return Pages(warc, tuple(addresses))


def _own() -> Iterator[tuple[str, str, bytes]]:
    for page in sorted(_PAGES.glob("*.html")):
        yield f"https://harbour.example/{page.stem}", "2025-03-05T00:00:00Z", page.read_bytes()


def _saved(acceptance: Path) -> Iterator[tuple[str, str, bytes]]:
    for name in _SETS:
        truth = acceptance / "pages" / name / "truth.jsonl"
        for line in truth.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            page = gzip.decompress((truth.parent / case["page"]).read_bytes())
            yield case["url"], case.get("captured") or "2025-01-01T00:00:00Z", page


def write_posts(site: Path, preset: str, into: str, pattern: str, pages: Pages) -> list[Post]:
    """Make posts of all addresses in the folder of a site, and fill them; return those that have a text by then.

    A collection file that names the preset is all the configuration there is.
    """
    (site / "seed-archiver.toml").write_text(f'preset = "{preset}"\n', encoding="utf-8")
    addresses, results = site.with_name(f"{site.name}.txt"), site.with_name(f"{site.name}.jsonl")
    addresses.write_text("".join(f"{url}\n" for url in pages.addresses), encoding="utf-8")
    _run(site, "add", "--into", into, "--pattern", pattern, addresses)
    asked = [f"REPLAY={pages.warc}", f"ARCHIVE_DIR={site.with_name(f'{site.name}.archive')}"]
    if "{date}" in pattern:  # as docs/add-addresses.md has it
        asked.append('FIELD_POLICY={"date": "insert"}')
    options = [part for setting in asked for part in ("-s", setting)]
    _run(site, "crawl", "seeds", *options, "-O", results, codes=(0, 2))
    if "{date}" in pattern:
        _run(site, "add", "--rename")
    return list(_written(site, preset, results))


def _run(site: Path, *args: str | Path, codes: Sequence[int] = (0,)) -> None:
    """Run `seed-archiver` in the folder of a site, as somebody who has nothing but the program."""
    done = seed_archiver(*args, cwd=site)
    if done.code not in codes:
        sys.exit(f"{' '.join(map(str, args))}\nexit code {done.code}\n{done.stdout}\n{done.stderr}")


def _written(site: Path, preset: str, results: Path) -> Iterator[Post]:
    """What the crawl says of each post; its file is found by its address, since it may have been renamed."""
    key = presets()[preset].keys["source"][0]
    lines = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    folders = {site.joinpath(result["path"]).parent for result in lines}
    posts = (file for folder in folders for file in folder.glob("*.md"))
    files = {urldefrag(str(frontmatter.load(str(file)).get(key))).url: file for file in posts}
    for result in lines:
        new = {change["field"]: change["new"] for change in result["changes"]}
        if "body" in new:
            file = files[result["origin_url"]].relative_to(site)
            date = new.get("date") or "".join(_DAY.findall(file.name))
            yield Post(file, result["origin_url"], new.get("title", ""), _instant(date) if date else None, new["body"])


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
