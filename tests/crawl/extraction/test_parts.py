"""Articles over several pages: joined in order, or said to be one part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from archiver.ledger.reader import LedgerReader
from tests.conftest import Crawl, Run, scrapy, tree
from tests.support.servers import Answer, Site, html

INTRODUCTION = "How four towns on the estuary paid for the same bridge, and why none of them may cross it by cart."
CREDIT = "Reporting for this series was paid for by the readers of the estuary's four town libraries together."
MANY = 12
SETTINGS = {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0}


def paragraphs(story: str, part: int) -> list[str]:
    return [
        f"Part {part} of {story}, paragraph {number}: the clerk wrote down what each town had promised, and when."
        for number in range(1, 5)
    ]


def part(story: str, number: int, link: str = "", head: str = "") -> Answer:
    page = html(title_of(story), INTRODUCTION, *paragraphs(story, number), CREDIT, head=head)
    links = f"<div class='pages'>{link}</div></article>".encode()
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return Answer(page.replace(b"</article>", links), headers=headers)


def title_of(story: str) -> str:
    return f"The bridge of {story} and its four owners"


def numbers(path: str, count: int, separator: str = "/") -> str:
    return " ".join(f'<a href="{path}{separator}{number}">{number}</a>' for number in range(2, count + 1))


PAGES = {
    # The head says what is next; the last page says nothing.
    "/news/by-head": part("by head", 1, head='<link rel="next" href="/news/by-head?page=2">'),
    "/news/by-head?page=2": part("by head", 2, head='<link rel="next" href="/news/by-head?page=3">'),
    "/news/by-head?page=3": part("by head", 3, head='<link rel="prev" href="/news/by-head?page=2">'),
    # Numbers below the text.
    "/news/by-number.html": part("by number", 1, numbers("/news/by-number", 2).replace("/2", "/2.html")),
    "/news/by-number/2.html": part("by number", 2),
    # The pages of its comments are counted, and each shows the article again.
    "/news/comments": part("comments", 1, '<a href="/news/comments?page=2">more comments</a>'),
    "/news/comments?page=2": part("comments", 1),
    # The list of the author's stories is counted at the same address.
    "/news/other": part("other", 1, '<a href="/news/other?page=2">2</a>'),
    "/news/other?page=2": part("another", 2),
    # Another story, and another page's number.
    "/news/storm-1": part("storm-1", 1, '<a href="/news/storm-2">next story</a><a href="/archive/2">2</a>'),
    # A part that nobody may have, one that is gone, and more than are joined.
    "/news/forbidden": part("forbidden", 1, numbers("/news/forbidden", 2)),
    "/news/gone": part("gone", 1, numbers("/news/gone", 3)),
    "/news/gone/2": part("gone", 2, numbers("/news/gone", 3)),
    "/news/many": part("many", 1, numbers("/news/many", MANY)),
    **{f"/news/many/{number}": part("many", number, numbers("/news/many", MANY)) for number in range(2, MANY + 1)},
    "/robots.txt": Answer(b"User-agent: *\nDisallow: /news/forbidden/2\n"),
}
STORIES = {
    "by head": ("/news/by-head", 3), "by number": ("/news/by-number.html", 2), "comments": ("/news/comments", 1),
    "other": ("/news/other", 1), "storm-1": ("/news/storm-1", 1), "forbidden": ("/news/forbidden", 1),
    "gone": ("/news/gone", 2), "many": ("/news/many", 10),
}  # fmt: skip
"""What is asked for, and how many pages are joined."""


def plant(seeds: Path, site: Site) -> None:
    for story, (path, _) in STORIES.items():
        front = f'---\norigin_url: "{site.url(path)}"\ntitle: ""\n---\n'
        (seeds / f"{story.replace(' ', '-')}.md").write_text(front, encoding="utf-8")


def text_of(story: str, parts: int) -> str:
    middle = [line for number in range(1, parts + 1) for line in paragraphs(story, number)]
    return "\n\n".join([f"# {title_of(story)}", INTRODUCTION, *middle, CREDIT])


def details(run: Run) -> dict[str, str]:
    return {Path(result["path"]).stem.replace("-", " ", 1): result["detail"] for result in run.results}


def digests(folder: Path) -> dict[str, str | None]:
    """What the ledger remembers of the article at each address."""
    reader = LedgerReader.open(folder / "ledger.sqlite")
    assert reader is not None
    found = {url: reader.visits(url)[0].text for url in reader.addresses()}
    reader.close()
    return found


class Crawled:
    """One crawl of all stories, and the site's memory of it."""

    def __init__(self, site: Site, run: Run, seeds: Path) -> None:
        self.run = run
        self.site = site
        self.asked: Sequence[str] = site.paths()
        self.details = details(run)
        self.files = tree(seeds)

    def body(self, story: str) -> str:
        return self.files[f"{story.replace(' ', '-')}.md"].decode().split("---\n", 2)[2].strip()


@pytest.fixture
def crawled(crawl: Crawl, seeds: Path) -> Iterator[Crawled]:
    with Site(PAGES) as site:
        plant(seeds, site)
        yield Crawled(site, crawl(seeds, replay=None, settings=SETTINGS), seeds)


def test_pages_are_joined_in_order_and_what_cannot_be_had_is_said(crawled: Crawled, crawl: Crawl, seeds: Path) -> None:
    assert crawled.run.code == 0
    for story, (_, parts) in STORIES.items():
        assert crawled.body(story) == text_of(story, parts), story
    assert {story for story, detail in crawled.details.items() if "only a part" not in detail} == {
        "by head", "by number", "comments", "other", "storm 1",
    }  # fmt: skip
    only = "The text is only a part of the article, which goes on at "
    forbidden, gone, more = (crawled.site.url(f"/news/{path}") for path in ("forbidden/2", "gone/3", "many/11"))
    assert crawled.details["forbidden"] == (
        f"{only}{forbidden}: {forbidden} may not be fetched, its robots.txt says; ask the site's owner."
    )
    assert crawled.details["gone"] == f"{only}{gone}: it gave no article (verdict gone)."
    assert crawled.details["many"] == f"{only}{more}: MAX_PARTS=10 asks for no more."
    assert not {"/news/storm-2", "/archive/2", "/news/forbidden/2", "/news/many/11"} & set(crawled.asked)

    # A ledger that is drawn from the captures knows the whole articles too.
    folder = seeds.parent / "archive"
    texts = digests(folder)
    for file in folder.glob("ledger.sqlite*"):
        file.unlink()
    assert scrapy("archive", "ledger", "-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={folder}").code == 0
    assert digests(folder) == texts
    assert len(set(texts.values())) == len(STORIES)

    # What was kept gives the same without a network, and with MAX_PARTS=1 nothing is asked for besides.
    for file in seeds.glob("*.md"):
        file.unlink()
    plant(seeds, crawled.site)
    replayed = crawl(seeds, replay=Path("archive"))
    assert tree(seeds) == crawled.files
    assert details(replayed)["by head"] == ""
    for file in seeds.glob("*.md"):
        file.unlink()
    plant(seeds, crawled.site)
    alone = crawl(seeds, replay=Path("archive"), settings={"MAX_PARTS": 1})
    assert (seeds / "by-head.md").read_text().endswith(text_of("by head", 1) + "\n")
    assert (
        details(alone)["by head"] == f"{only}{crawled.site.url('/news/by-head?page=2')}: MAX_PARTS=1 asks for no more."
    )
