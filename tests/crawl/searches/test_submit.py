"""Live pages are submitted to Save Page Now when a run is told to."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Mapping
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
        "SAVE_PAGE_NOW_WAIT": 0.4, "WAYBACK": 0, "LOG_LEVEL": "INFO",
    }  # fmt: skip


class Service(Site):
    """Save Page Now, which has a job for each page, named by the last letter of its address."""

    def __init__(self, states: Mapping[str, object]) -> None:
        super().__init__({})
        self.states = dict(states)
        """By job, what is said of it."""

    def __enter__(self) -> Service:
        super().__enter__()
        return self

    def answer_to(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        if path == "/save":
            return Answer(json.dumps({"job_id": f"spn2-{parse_qs(self.posted[-1])['url'][0][-1]}"}).encode())
        asked = self.paths().count(path)
        said = self.states.get(path.rpartition("/")[2], {"status": "error", "message": "No such job"})
        if isinstance(said, list):
            said = said[min(asked, len(said)) - 1]
        return Answer(json.dumps(said).encode())


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


PENDING = {"status": "pending", "resources": []}


def success(site: Site, name: str) -> dict[str, str]:
    return {"status": "success", "timestamp": "20261126120000", "original_url": site.url(f"/news/{name}")}


def test_each_submission_is_followed_to_its_end_and_what_is_not_finished_by_the_next_run(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    file = tmp_path / "archive" / "save-page-now.jsonl"
    broken = {"status": "error", "status_ext": "error:blocked-url", "message": "This URL is in the block list."}
    with Site({f"/news/{name}": PAGE for name in "abc"}) as site, Service({}) as service:
        service.states = {"spn2-a": [PENDING, success(site, "a")], "spn2-b": broken, "spn2-c": PENDING}
        for name in "abc":
            plant(seeds, name, site.url(f"/news/{name}"))
        run = crawl(seeds, replay=None, settings=settings(service), env=KEYS)
        assert (
            f"{site.url('/news/a')} was saved as {service.url('/web/20261126120000/')}{site.url('/news/a')}."
            in run.stderr
        )
        assert (
            f"{site.url('/news/b')} was not saved, the service cannot take it (This URL is in the block list)."
            in run.stderr
        )
        assert f"1 copy is not finished yet, the next run asks again: {site.url('/news/c')}" in run.stderr
        assert [result["outcome"] for result in run.results] == ["written"] * 3
        # Patience has its bounds, and who is done is asked no more.
        counts = Counter(path for path in service.paths() if "status" in path)
        assert (counts["/save/status/spn2-a"], counts["/save/status/spn2-b"]) == (2, 1)
        assert 2 <= counts["/save/status/spn2-c"] <= 6
        assert {asked.headers["authorization"] for asked in service.asked} == {"LOW access-of-a-test:secret-of-a-test"}
        kept = file.read_text("utf-8")
        assert [json.loads(line)["name"] for line in kept.splitlines()] == ["spn2-c"]
        # A page that is as it was is not submitted again; a job that nobody knows any more is named once.
        service.states["spn2-c"] = success(site, "c")
        old = {
            **json.loads(kept),
            "name": "spn2-old",
            "url": "https://a.example/old",
            "at": "2026-01-01T00:00:00+00:00",
        }
        file.write_text(f"{kept}torn{{\n{json.dumps(old)}\n", "utf-8")
        again = crawl(
            seeds, replay=None, settings={**settings(service), "LOG_LEVEL": "DEBUG"}, args={"only": "b.md"}, env=KEYS
        )
        assert f"{site.url('/news/c')} was saved as" in again.stderr
        assert "the copy of https://a.example/old, submitted at 2026-01-01" in again.stderr
        assert not file.exists()
    for shown in (
        run.stderr,
        again.stderr,
        kept,
        *(warc_text(path) for path in (tmp_path / "archive").rglob("*.warc.gz")),
    ):
        assert "access-of-a-test" not in shown
        assert "WARC-Target-URI: " + service.url("/save/status") not in shown
        assert "secret-of-a-test" not in shown


def warc_text(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode("utf-8", "replace")


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
