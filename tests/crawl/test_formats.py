"""A crawl over posts with TOML and JSON front matter: each lacks a title and gets one, and no other line changes."""

from __future__ import annotations

import difflib
import json
import shutil
from pathlib import Path

from tests.conftest import ROOT, Crawl, tree

TITLE = "North Korea ratifies defence treaty with Russia amid Ukraine war"
POSTS = ROOT / "tests" / "seeds" / "formats" / "posts"
KEYS = {"source": ["source_url", "params.source_url"]}
ADDED = {
    "hugo.md": [f"+title = '{TITLE}'"],
    "hugo-params.md": [f'+title               = "{TITLE}"'],
    "eleventy-toml.md": [f'+title = "{TITLE}"'],
    "eleventy.md": [f'+  "title": "{TITLE}",'],
    "middleman.md": [f'+"title": "{TITLE}",'],
    "hugo-json.md": [f'+\t"title": "{TITLE}"'],
}


def test_every_format_is_repaired_by_one_line(crawl: Crawl, tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    shutil.copytree(POSTS, folder)
    policy = {"date": "keep"}
    run = crawl(folder, settings={"SEED_KEYS": json.dumps(KEYS), "FIELD_POLICY": json.dumps(policy)})
    assert (run.code, run.stderr) == (0, "")
    assert {Path(result["path"]).name: result["outcome"] for result in run.results} == dict.fromkeys(
        tree(POSTS), "written"
    )
    for name, before in tree(POSTS).items():
        after = (folder / name).read_bytes()
        diff = list(difflib.ndiff(before.decode().splitlines(), after.decode().splitlines()))
        added = ["+" + line[2:] for line in diff if line.startswith("+ ")]
        removed = [line for line in diff if line.startswith("- ")]
        assert len(added) == 1
        assert len(removed) <= 1
        assert added == ADDED.get(name, added)
        assert TITLE in added[0]
        assert after.count(b"\r\n") == (after.count(b"\n") if b"\r\n" in before else 0)
    repaired = tree(folder)
    again = crawl(folder, settings={"SEED_KEYS": json.dumps(KEYS), "FIELD_POLICY": json.dumps(policy)})
    assert {result["outcome"] for result in again.results} == {"unchanged"}
    assert tree(folder) == repaired
