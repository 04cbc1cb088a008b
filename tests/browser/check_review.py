"""`scrapy review --web` as a person meets it: opened in Chromium, answered by keys, ended by its button."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from archiver.decisions import digest_of
from tests.conftest import scrapy_in_terminal
from tests.review.runs import change, record, run_folder, seed_text


def test_keys_write_seeds_and_the_button_ends_the_command(tmp_path: Path, seeds: Path) -> None:
    offers = [change("title", "One", "Two"), change("heading", "One"), change("author", "Ada")]
    digests = {offer.field: digest_of(offer.field, offer.new) for offer in offers}
    for name in "ab":
        (seeds / f"{name}.md").write_text(seed_text(name, title='""', author='""'))
    run_folder(tmp_path / "archive" / "runs", [replace(record(name, offers), offered=digests) for name in "ab"])
    before = (seeds / "a.md").read_text()
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
    with scrapy_in_terminal("review", *where, "--web") as terminal, sync_playwright() as playwright:
        found = re.search(r"http://\S+", terminal.wait_for("ends it)"))
        assert found is not None
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(found[0])
        page.wait_for_selector("html[data-ready]")
        for key in "aaaux":  # title, heading and author of the first; the author is taken back, and kept as it is
            with page.expect_response("**/decisions") as answered:
                page.keyboard.press(key)
            assert answered.value.status == 200
        with page.expect_response("**/decisions"):
            page.keyboard.press("1")
        page.get_by_role("button", name="Quit").click()
        assert "2 accepted, 1 kept, 1 still wait" in terminal.wait_for("wait\n")
        assert terminal.end() == 0
        assert said == []
        browser.close()
    assert (seeds / "a.md").read_text() == before.replace('title: ""', 'title: "One"').replace("\n# ", "\n# One")
    assert 'title: "Two"\n' in (seeds / "b.md").read_text()
