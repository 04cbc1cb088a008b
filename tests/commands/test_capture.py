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
