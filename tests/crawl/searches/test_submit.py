"""Live pages are submitted to Save Page Now when a run is told to."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import parse_qs

from tests.conftest import Crawl
from tests.crawl.test_live import PAGE, QUICK, plant
from tests.support.servers import Answer, Site

KEYS = {"SAVE_PAGE_NOW_ACCESS_KEY": "access-of-a-test", "SAVE_PAGE_NOW_SECRET_KEY": "secret-of-a-test"}
TAKEN = Answer(json.dumps({"url": "x", "job_id": "spn2-1"}).encode(), 200, {"Content-Type": "application/json"})
LIMITED = Answer(
    json.dumps({"status": "error", "status_ext": "error:too-many-daily-captures", "message": "Enough"}).encode(), 200
)


def settings(service: Site) -> dict[str, object]:
    return {
        **QUICK, "SAVE_PAGE_NOW": 1, "SAVE_PAGE_NOW_URL": service.url("/save"), "SAVE_PAGE_NOW_PER_MINUTE": 60_000,
        "WAYBACK": 0, "LOG_LEVEL": "INFO",
    }  # fmt: skip


def submitted(service: Site) -> list[str]:
    return [parse_qs(body)["url"][0] for body in service.posted]


def test_live_articles_are_submitted_and_nothing_else(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with Site({"/news/a": PAGE, "/news/b": Answer(PAGE.body, 403)}) as site, Site({"/save": TAKEN}) as service:
        for name in "abc":
            plant(seeds, name, site.url(f"/news/{name}"))
        run = crawl(seeds, replay=None, settings=settings(service), env=KEYS)
        assert submitted(service) == [site.url("/news/a")]
        assert service.asked[0].headers["authorization"] == "LOW access-of-a-test:secret-of-a-test"
    assert run.result("a.md")["outcome"] == "written"
    assert "secret-of-a-test" not in run.stdout + run.stderr
    assert "spn2-1" in run.stderr
    (kept,) = (tmp_path / "archive" / "services").glob("*.warc.gz")
    content = gzip.decompress(kept.read_bytes())
    assert b"spn2-1" in content
    assert not any(key.encode() in content for key in KEYS.values())


def test_a_service_that_has_had_enough_is_asked_no_more(crawl: Crawl, seeds: Path) -> None:
    with Site({f"/news/{n}": PAGE for n in range(6)}) as site, Site({"/save": LIMITED}) as service:
        for n in range(6):
            plant(seeds, str(n), site.url(f"/news/{n}"))
        # One page at a time, so that the service has answered before the next page comes.
        slow = {"DOWNLOAD_DELAY": 0.5, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        run = crawl(seeds, replay=None, settings={**settings(service), **slow}, env=KEYS)
    assert len(service.posted) < 6
    assert "No more pages are submitted in this run." in run.stderr
    assert [result["outcome"] for result in run.results] == ["written"] * 6


def test_keys_are_needed(crawl: Crawl, seeds: Path) -> None:
    plant(seeds, "a", "http://127.0.0.1:9/news/a")
    with Site({}) as service:
        run = crawl(seeds, replay=None, settings=settings(service), env=dict.fromkeys(KEYS, ""))
    assert run.code == 1
    assert "SAVE_PAGE_NOW_ACCESS_KEY" in run.stderr
