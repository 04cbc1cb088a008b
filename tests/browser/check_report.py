"""The report as a person meets it: opened from disk in Chromium, read, answered by keys, saved."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from archiver.report import render, write_report
from archiver.runs import RunFolder, runs_of
from tests.conftest import FIXTURES, GIVEN_SEED, scrapy
from tests.report.samples import EVIL, NOW, contested, missed, mixed, put_back, write_run

DESK, PHONE = {"width": 1360, "height": 860}, {"width": 390, "height": 844}
READY = "html[data-ready]"


class Opened:
    """A page with what it said and asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda line: self.said.append(line.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("request", lambda request: self.asked.append(request.url))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(30)

    def titles(self) -> list[str]:
        return list(self.page.locator(".row-title").all_inner_texts())

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())


Open = Callable[..., Opened]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def open_report(browser: Browser) -> Iterator[Open]:
    contexts = []

    def opened(address: str | Path, size: dict[str, int] | None = None, *, scripts: bool = True) -> Opened:
        context = browser.new_context(viewport=size or DESK, java_script_enabled=scripts)
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.goto(address if isinstance(address, str) else address.as_uri())
        if scripts:
            found.page.wait_for_selector(READY)
        return found

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run of every kind of seed, after some others."""
    runs = tmp_path_factory.mktemp("runs")
    for day in range(1, 5):
        write_run(runs, [put_back("a.md"), missed()], now=NOW - timedelta(days=day))
    folder = write_run(runs, mixed())
    write_report(folder)
    return folder


def test_it_opens_on_what_needs_a_person_and_asks_nobody(run: RunFolder, open_report: Open) -> None:
    report = open_report(run.report)
    assert report.text("h1") == "8 seeds, 2 need a person"
    assert report.titles() == ["Char Kway Teow", "America's child care crisis"]
    assert report.text(".call.current .value") == "Char Kway Teow"
    # A title that was made to be code is what it says.
    rivals = report.page.locator(".call.current .rival").all_inner_texts()
    assert EVIL.partition("\u2028")[0] in rivals[1]
    report.press("j")
    assert report.text(".pair .only-new") == "Adriane Burnett reads to her son in Birmingham, April 14, 2024."
    assert report.page.locator(".pair mark").all_inner_texts() == ["300", "350"]
    pairs = report.page.locator(".pair").count()
    # What only counts for form is folded with what is alike, and shown where it stands.
    assert report.page.locator(".fold").all_inner_texts() == ["2 paragraphs alike · show", "1 paragraph alike · show"]
    report.page.locator(".fold").first.click()
    report.page.locator(".fold").click()
    assert report.page.locator(".pair").count() == pairs + 3
    assert report.page.locator(".pair .only-new").last.inner_text() == "Photo: Ada Quell"
    report.press("o")
    assert report.page.locator("#seed tbody tr td:first-child").all_inner_texts()[:2] == [
        "paused.example",
        "gone.example",
    ]
    assert report.page.locator("img, iframe, object").count() == 0
    assert (report.said, report.asked) == ([], [run.report.as_uri()])


def test_filters_and_search_take_some_seeds(run: RunFolder, open_report: Open) -> None:
    report = open_report(run.report)

    def pick(name: str) -> list[str]:
        report.page.locator(".chip", has_text=name).click()
        return report.titles()

    # The host with the most trouble first.
    assert pick("Missed") == ["flood", "flood 2", "port strike ends"]
    assert report.text("#seed .said").startswith("“Not found — Nothing here </script><img")
    assert len(pick("All")) == 8
    assert pick("image") == ["Char Kway Teow"]
    assert len(pick("image")) == 8
    report.press("/")
    report.page.keyboard.type("harbour part 1")
    expect(report.page.locator(".row")).to_have_count(1)
    assert report.titles() == ["Harbour opens again, part 1"]
    report.page.locator("#search").fill("wok.jpg")
    expect(report.page.locator(".row-title")).to_have_text(["Char Kway Teow"])
    report.page.locator("#search").fill("nobody")
    expect(report.page.locator(".row")).to_have_count(0)
    assert "No seed is like that." in report.text("#list")
    assert report.said == []


def test_keys_decide_take_back_and_save(run: RunFolder, open_report: Open, tmp_path: Path) -> None:
    report = open_report(run.report)
    report.press("2")
    assert "✓ Instead: Noodles </script>" in report.text("[data-field=title] .answer")
    assert report.text(".call.current .name") == "image"
    report.press("u")
    assert report.page.locator(".answer").count() == 0
    assert report.text(".call.current .name") == "title"
    report.press("2", "a")
    assert report.text("h1") == "8 seeds, 1 of 2 left"
    assert report.text("#seed h2") == "America's child care crisis"
    report.press("a", "u", "u", "x")
    assert report.text("#seed h2") == "America's child care crisis"
    with report.page.expect_download() as saving:
        report.press("w")
    saving.value.save_as(tmp_path / "saved.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "saved.jsonl").read_text("utf-8").splitlines()]
    seed = contested()
    assert [(line["path"], line["field"], line["answer"], line.get("value")) for line in lines] == [
        (seed.seed, "title", "value", f"Noodles {EVIL}"), (seed.seed, "image", "keep", None),
    ]  # fmt: skip
    assert {line["field"]: line["offered"] for line in lines} == {
        field: seed.offered[field] for field in ("title", "image")
    }
    assert {line["address"] for line in lines} == {seed.result.origin_url}
    report.press("k", "u", "e")
    report.page.keyboard.type("https://eat.example/own.jpg")
    report.press("Enter")
    report.press("k")
    assert report.text("[data-field=image] .answer") == "✓ Instead: https://eat.example/own.jpg"
    report.press("?")
    assert report.page.locator("dialog[open] dt").count() == 12
    assert report.said == []


def test_a_run_over_fixtures_and_faults_is_reported(open_report: Open, tmp_path: Path) -> None:
    seeds, runs = tmp_path / "seeds", tmp_path / "runs"
    for case in FIXTURES.glob("*/*/before.md"):
        (seeds / case.parent.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy(case, seeds / case.parent.parent.name / f"{case.parent.name}.md")
    (seeds / "gone.md").write_text(
        '---\norigin_url: "https://gone.example/1"\ntitle: "<img src=x onerror=alert(1)>"\n---\n'
    )
    (seeds / "broken.md").write_text("---\ntitle: [\n---\n")
    (seeds / "bytes.md").write_bytes(GIVEN_SEED.read_bytes().replace(b"---\n", b"---\nodd: \xff\n", 1))
    done = scrapy(
        "crawl",
        "seeds",
        "-s",
        f"REPLAY={FIXTURES}",
        "-s",
        f"SEEDS_DIR={seeds}",
        "-s",
        "DRY_RUN=1",
        "-s",
        f"RUN_DIR={runs}",
    )
    assert done.code == 2
    (folder,) = runs_of(runs)
    report = open_report(folder.report)
    total = len(list(seeds.rglob("*.md")))
    assert report.text("h1").startswith(f"{total} seeds")
    report.page.locator(".chip", has_text="All").click()
    for _ in range(total):
        report.press("j")
    report.page.locator(".chip", has_text="Missed").click()
    assert {"gone.md", "broken.md"} <= {
        text.rpartition(" ")[2] for text in report.page.locator(".row-place").all_inner_texts()
    }
    assert "dry run, seeds untouched" in report.text(".when")
    assert (report.said, report.asked) == ([], [folder.report.as_uri()])


def test_ten_thousand_seeds_are_scrolled_with_a_screenful_drawn(open_report: Open, tmp_path: Path) -> None:
    folder = write_run(tmp_path, (missed(f"m/{number}.md", f"h{number % 9}.example") for number in range(10_000)))
    report = open_report(write_report(folder))
    assert report.page.locator(".row").count() < 30
    report.page.evaluate("document.getElementById('list').scrollTop = 88 * 5000")
    report.page.wait_for_selector('[aria-posinset="5001"]')
    report.press("j")
    assert report.page.locator("[aria-selected=true]").get_attribute("aria-posinset") == "2"
    assert report.said == []


def test_it_is_read_on_a_phone_on_paper_and_without_scripts(run: RunFolder, open_report: Open) -> None:
    phone = open_report(run.report, PHONE)
    assert not phone.page.locator("#seed h2").is_visible()
    phone.page.locator(".row").nth(1).click()
    assert phone.text("#seed h2") == "America's child care crisis"
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.page.locator(".back").click()
    assert phone.page.locator(".row").nth(1).is_visible()
    phone.page.emulate_media(media="print")
    phone.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert phone.page.locator("#print tbody tr").count() == 2
    assert not phone.page.locator("#acts").is_visible()
    plain = open_report(run.report, scripts=False)
    assert plain.page.locator("noscript table tr").count() == 9
    assert plain.page.locator("noscript table").is_visible()
    assert (phone.said, plain.said) == ([], [])


class _Decide(BaseHTTPRequestHandler):
    """Serves the report, and takes its decisions but for those on images."""

    page = b""
    taken: list[dict[str, Any]]

    def do_GET(self) -> None:
        self._answer(200, self.page)

    def do_POST(self) -> None:
        decision = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.taken.append({**decision, "to": self.path})
        if decision["field"] == "image":
            self._answer(409, b"The seed was changed meanwhile.")
        else:
            self._answer(200, b"{}")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name that the base has)
        pass

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def test_a_served_report_posts_each_decision_and_tells_what_was_not_noted(run: RunFolder, open_report: Open) -> None:
    page = "".join(render(run, "/decide?token=abc")).encode()
    handler = type("Decide", (_Decide,), {"page": page, "taken": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            report = open_report(f"http://127.0.0.1:{server.server_port}/")
            report.press("a", "u", "a", "x")
            report.page.wait_for_selector(".warn")
        finally:
            server.shutdown()
            thread.join()
    posted = sorted((line["at"], line["field"], line["answer"], line["to"]) for line in handler.taken)  # type: ignore[attr-defined]
    to = "/decide?token=abc"
    assert sorted(line[1:] for line in posted) == [
        ("image", "keep", to), ("title", "accept", to), ("title", "accept", to), ("title", "open", to),
    ]  # fmt: skip
    assert report.text(".warn") == (
        "The decision on 2025/kway-teow.md, image, was not saved: The seed was changed meanwhile."
    )
    assert report.page.locator("button", has_text="Save").count() == 0
