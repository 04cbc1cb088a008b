"""What a live run keeps, over real sockets: a replay of it gives the same seeds, and other programs can read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, Crawl, scrapy, tree
from tests.pages import fixtures_as_warc
from tests.pywb import Pywb, asked, checked

QUICK = {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0}
CASES = sorted(path.parent for path in FIXTURES.glob("bangkokpost/*/before.md"))


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a crawl to which the pages of fixtures/ are the web."""
    fixtures_as_warc(tmp_path / "pages.warc.gz", FIXTURES)
    with Pywb([tmp_path / "pages.warc.gz"], tmp_path / "proxy") as server:
        yield server.as_proxy()


def test_a_live_run_is_kept_and_replayed_to_the_same_bytes(
    proxied: dict[str, str], crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    for case in CASES:
        shutil.copyfile(case / "before.md", seeds / f"{case.name}.md")
    again = tmp_path / "again"
    shutil.copytree(seeds, again)
    live = crawl(seeds, "bangkokpost", replay=None, settings=QUICK, env=proxied)
    assert (live.code, live.stderr) == (0, "")
    archive = tmp_path / "archive"
    replayed = crawl(again, "bangkokpost", replay=Path("archive"))
    assert (replayed.code, replayed.stderr) == (0, "")
    assert {result["capture"]["origin"] for result in replayed.results} == {"archive"}
    assert tree(again) == tree(seeds) == {f"{case.name}.md": (case / "after.md").read_bytes() for case in CASES}
    warcs = sorted((archive / "warc").iterdir())
    assert [file.name.endswith(".warc.gz") for file in warcs] == [True]
    checked("warcio", "check", *warcs)
    assert scrapy("archive", "check", "-s", f"ARCHIVE_DIR={archive}").code == 0
    package = tmp_path / "all.wacz"
    assert scrapy("archive", "export", package, "-s", f"ARCHIVE_DIR={archive}").code == 0
    assert "succeeded" in checked("wacz", "validate", "-f", package)
    with Pywb(warcs, tmp_path / "server") as server:
        for result in live.results:
            status, _, body = asked(server.raw.format(timestamp="20260101000000", url=result["capture"]["url"]))
            assert status == 200
            (page,) = (file for file in FIXTURES.glob("*/*/response.html") if file.read_bytes() == body)
            assert page.parent.parent.name == "bangkokpost"
