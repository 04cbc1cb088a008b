"""`scrapy capture` on saved pages: what the folder holds, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import FIXTURES, scrapy, tree

CASE = FIXTURES / "bangkokpost" / "2024-given-seed"
URL = json.loads((CASE / "capture.json").read_bytes())["url"]


def test_a_page_becomes_a_fixture_once(tmp_path: Path) -> None:
    first, second = tmp_path / "fixtures" / "paper" / "first", tmp_path / "fixtures" / "other" / "second"
    run = scrapy("capture", URL, first, "-s", f"REPLAY={FIXTURES}")
    assert (run.code, run.stdout, run.stderr) == (0, f"{first}\n", "")
    assert set(tree(first)) == {"response.html", "capture.json", "before.md", "after.md"}
    assert (first / "response.html").read_bytes() == (CASE / "response.html").read_bytes()

    again = scrapy("capture", URL, second, "-s", f"REPLAY={FIXTURES}")
    assert (again.code, again.stdout) == (1, "")
    assert again.stderr == (
        f"scrapy capture: {first} has {URL} already, and a replay could not tell the two apart; use that one, or "
        "delete it.\n"
    )
    assert not second.exists()


def test_the_skeleton_of_a_moved_page_is_found_by_its_old_address(tmp_path: Path) -> None:
    old = "https://nordblatt.example/coast/lighthouse-shines-again-a5120.html"
    new = "/news/the-old-lighthouse-shines-again-a5120.html"
    page = (CASE / "response.html").read_text(encoding="utf-8")
    for name, url, status, headers, body in (
        ("old", old, 301, {"Location": new}, ""),
        ("new", f"https://nordblatt.example{new}", 200, {"Content-Type": "text/html; charset=utf-8"}, page),
    ):
        folder = tmp_path / "saved" / "paper" / name
        folder.mkdir(parents=True)
        about = {"url": url, "status": status, "headers": headers, "captured_at": "2025-04-12T08:00:00Z"}
        (folder / "capture.json").write_text(json.dumps(about), encoding="utf-8")
        (folder / "response.html").write_text(body, encoding="utf-8")
    target = tmp_path / "fixtures" / "paper" / "first"
    run = scrapy("capture", old, target, "--skeleton", "-s", f"REPLAY={tmp_path / 'saved'}")
    assert (run.code, run.stderr) == (0, "")
    invented = json.loads((tmp_path / "fixtures" / "paper" / "first-redirect" / "capture.json").read_bytes())["url"]
    assert "shines" not in invented

    again = scrapy("try", invented, "-s", f"REPLAY={tmp_path / 'fixtures'}")
    assert (again.code, again.stderr) == (0, "")
    page_url = json.loads((target / "capture.json").read_bytes())["url"]
    assert again.stdout.startswith(f"{page_url}: article")
