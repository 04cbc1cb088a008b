"""A site on loopback, crawled twice: pages that stay, change, go, or come packed; the archive that is left."""

from __future__ import annotations

import gzip
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import Run, scrapy
from tests.ledger.test_refresh import Conditional
from tests.support.servers import Answer, html

PROSE = "The council met on Monday and decided to rebuild the old bridge before the winter comes. " * 4
STAYS, CHANGES, PACKED = "/news/stays", "/news/changes", "/news/packed"
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGES = {
    STAYS: Answer(html("A bridge that stays", PROSE), 200, {**HTML, "ETag": '"one"'}),
    CHANGES: Answer(html("A bridge before", PROSE), 200, HTML),
    PACKED: Answer(gzip.compress(html("A bridge in gzip", PROSE)), 200, {**HTML, "Content-Encoding": "gzip"}),
}
TITLES = {STAYS: "A bridge that stays", CHANGES: "A bridge after", PACKED: "A bridge in gzip"}
"""What each page is called after the second run."""


@dataclass(frozen=True)
class Sample:
    """The archive of two runs over one site."""

    folder: Path
    root: str
    """The site's address, without a path."""

    @property
    def archive(self) -> Path:
        """ARCHIVE_DIR."""
        return self.folder / "archive"

    def warcs(self) -> list[Path]:
        """Every WARC there is, of pages and of services."""
        return sorted(self.archive.rglob("*.warc.gz"))

    def url(self, path: str) -> str:
        """The address of a page."""
        return self.root + path


def make_sample(folder: Path) -> Sample:
    """Crawl a site, let one page change, and look again."""
    seeds = folder / "seeds"
    seeds.mkdir(parents=True)
    with Conditional(PAGES) as site:
        for number, path in enumerate(PAGES):
            (seeds / f"{number}.md").write_text(f'---\norigin_url: "{site.url(path)}"\ntitle: ""\n---\n', "utf-8")
        assert _run(folder, "crawl", "seeds").code == 0
        began = int(time.time())
        while int(time.time()) == began:  # of two captures of one second nobody could tell which is the newer
            time.sleep(0.02)
        site.pages[CHANGES] = Answer(html("A bridge after", PROSE), 200, HTML)
        with sqlite3.connect(folder / "archive" / "ledger.sqlite") as ledger:
            ledger.execute("UPDATE address SET due = 0")
        ledger.close()
        assert _run(folder, "refresh").code == 0
        assert any("if-none-match" in asked.headers for asked in site.asked)
        return Sample(folder, site.url("").rstrip("/"))


def _run(folder: Path, *command: str) -> Run:
    settings = {
        "SEEDS_DIR": folder / "seeds", "ARCHIVE_DIR": folder / "archive", "PRIVATE_HOSTS": 1, "WAYBACK": 0,
        "DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "EXTRACT_WORKERS": 1,
    }  # fmt: skip
    return scrapy(*command, *(word for name, value in settings.items() for word in ("-s", f"{name}={value}")))


def on_archive(folder: Path, action: str, *arguments: str | Path) -> Run:
    """Run `scrapy archive ACTION` on an ARCHIVE_DIR."""
    run = scrapy("archive", action, *arguments, "-s", f"ARCHIVE_DIR={folder}")
    assert "Traceback" not in run.stderr
    return run
