"""A replay reads what a browser made of a page, where there is no browser."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Crawl
from tests.support.servers import html

TITLE = "Orchard keepers count more bees than last spring"
TEXT = "They put the number of bees down to a mild winter, and to the hedges that were planted along all the roads."
SHELL = '<!DOCTYPE html><html><head><title>Paper</title></head><body><div id="root"></div><script src="/a.js"></script>'
SEED = '---\norigin_url: "{url}"\ntitle: ""\n---\n'


def plant(tree: Path, seeds: Path, name: str, body: bytes, rendered: bytes | None) -> None:
    case, url = tree / "paper" / name, f"https://paper.example/news/{name}"
    case.mkdir(parents=True)
    about = {"url": url, "status": 200, "headers": {"Content-Type": "text/html"}, "captured_at": "2025-03-01T10:00:00Z"}
    (case / "capture.json").write_text(json.dumps(about))
    (case / "response.html").write_bytes(body)
    if rendered is not None:
        (case / "rendered.html").write_bytes(rendered)
    (seeds / f"{name}.md").write_text(SEED.format(url=url))


def test_the_rendered_document_counts_unless_only_the_answer_is_an_article(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    tree, article = tmp_path / "tree", html(TITLE, TEXT, TEXT.upper())
    plant(tree, seeds, "drawn", SHELL.encode(), article)
    plant(tree, seeds, "emptied", article, SHELL.encode())
    plant(tree, seeds, "gone", SHELL.encode(), html("Page not found", "This page does not exist any more."))
    plant(tree, seeds, "bare", SHELL.encode(), None)
    run = crawl(seeds, replay=tree)
    found = {Path(result["path"]).stem: (result["outcome"], result["verdict"]) for result in run.results}
    assert found == {
        "drawn": ("written", "article"),
        "emptied": ("written", "article"),
        "gone": ("missed", "soft_404"),
        "bare": ("missed", "empty"),
    }
    assert TEXT in (seeds / "drawn.md").read_text()
