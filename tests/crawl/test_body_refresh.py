"""A body that a crawl brings up by its page, against the capture before."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crawl
from tests.crawl.test_live import QUICK, TEXT, TITLE
from tests.support.servers import Answer, Site, html

HTML = {"Content-Type": "text/html; charset=utf-8"}
SETTINGS = {**QUICK, "EXTRACT_WORKERS": 1}
FERRIES, SANDBANK, OFFICE = TEXT
SIX = SANDBANK.replace("Four", "Six")
SUMMER = OFFICE.replace("in spring", "in summer")
OWN = OFFICE.replace("in spring", "in May")
IMAGE = "![Mine](https://images.example/mine.jpg)"


def test_a_body_is_brought_up_against_the_capture_before(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/a": Answer(html(TITLE, *TEXT), headers=HTML)}) as site:
        front = f'---\norigin_url: "{site.url("/news/a")}"\ntitle: "{TITLE}"\nlanguage: en\n---\n'
        before = f"{front}\r\n# Mine\r\n\r\n{FERRIES}  \r\n\r\n{IMAGE}\r\n\r\n{SANDBANK}\r\n\r\n{OWN}"
        file = seeds / "a.md"
        file.write_bytes(before.replace("---\n", "---\r\n").encode())
        raw = file.read_bytes()
        first = crawl(seeds, replay=None, settings=SETTINGS, args={"refresh": "body"}).result("a.md")
        crawl_again = {"replay": None, "settings": SETTINGS, "args": {"refresh": "body"}}
        # Without an earlier capture the page's words are taken for the seed's.
        assert (first["outcome"], file.read_bytes()) == ("written", raw.replace(OWN.encode(), OFFICE.encode()))
        file.write_bytes(raw)
        site.pages["/news/a"] = Answer(html(TITLE, FERRIES, SIX, SUMMER), headers=HTML)
        # A run that only looks archives the edit; the text before it is still what the seed was copied from.
        assert crawl(seeds, replay=None, settings=SETTINGS).result("a.md")["drift"] == "updated"
        second = crawl(seeds, **crawl_again).result("a.md")
        after = file.read_bytes()
        third = crawl(seeds, **crawl_again).result("a.md")
    assert (second["outcome"], second["drift"]) == ("written", "updated")
    assert after == raw.replace(SANDBANK.encode(), SIX.encode())
    (waiting,) = second["proposed"]
    assert waiting["field"] == "body"
    assert SUMMER in waiting["new"]
    assert IMAGE in waiting["new"]
    assert (third["outcome"], file.read_bytes()) == ("unchanged", after)
    # It waits for as long as nobody has answered.
    assert third["proposed"] == second["proposed"]
