"""`scrapy add`, as a user runs it: a list becomes seeds, a crawl repairs them.

The suite adds some addresses; `ADDRESSES=500 pytest tests/commands/test_add.py` adds so many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from warcio.warcwriter import WARCWriter

from archiver.files.lock import run_lock
from archiver.seeds import read
from tests.commands.test_status import NOW
from tests.conftest import Crawl, Run, scrapy, tree
from tests.support.pages import add_page

PAGES = int(os.environ.get("ADDRESSES", "150"))
WORDS = "harbour wall mayor council budget engineer storm tide bridge market ferry school vote road village".split()


def words(number: int, count: int) -> Iterator[str]:
    """Words that are another row of them on each page."""
    for _ in range(count):
        number = (number * 1103515245 + 12345) % 2**31
        yield WORDS[number // 65536 % len(WORDS)]


def headline(number: int) -> str:
    return f"The {' '.join(words(number, 3))} of district {number}"


def page(number: int) -> str:
    title = headline(number)
    text = "".join(f"<p>In district {number} the {' '.join(words(number * 7 + part, 40))}.</p>" for part in range(3))
    return (
        f'<!doctype html><html lang="en"><head><title>{title} - The Example</title><meta property="og:title" '
        f'content="{title}"><meta property="article:published_time" content="2024-11-{number % 28 + 1:02}T04:10:56Z">'
        f"</head><body><article><h1>{title}</h1>{text}</article></body></html>"
    )


def address(number: int) -> str:
    return f"https://www.example.com/news/{number}/{'-'.join(headline(number).lower().split())}"


Add = Callable[..., Run]


@pytest.fixture
def add(seeds: Path, tmp_path: Path) -> Add:
    """`scrapy add` on a list with this content."""

    def run(content: str | bytes, *options: str, name: str = "list.txt") -> Run:
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return scrapy("add", "-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}", *options, file)

    return run


def test_a_list_of_addresses_becomes_posts_by_two_commands(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with (tmp_path / "pages.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for number in range(PAGES):
            add_page(writer, address(number), page(number))
    listed = tmp_path / "addresses.txt"
    listed.write_text("# what I read\n" + "".join(f"{address(number)}\n" for number in range(PAGES)))
    added = scrapy("add", "-s", f"SEEDS_DIR={seeds}", listed)
    assert (added.code, added.stderr) == (0, "")
    assert added.stdout.splitlines()[0].split() == ["added", str(PAGES)]
    crawled = crawl(seeds, replay=tmp_path / "pages.warc.gz")
    assert crawled.code == 0, crawled.stdout
    posts = [read(name, raw) for name, raw in tree(seeds).items()]
    assert {post.text("title") for post in posts} == {headline(number) for number in range(PAGES)}
    assert all(post.text("date") and len(post.body) > 500 for post in posts)
    before = tree(seeds)
    again = scrapy("add", "-s", f"SEEDS_DIR={seeds}", listed)
    assert (again.code, again.stdout.split()[:5]) == (0, ["added", "0", "already", "there", str(PAGES)])
    assert tree(seeds) == before


def test_bad_rows_are_named_and_the_others_are_taken(add: Add, seeds: Path) -> None:
    csv = (
        "Title,Link,Folder\n"
        'One: "yes" \u202e,https://a.example/1,News\n'
        "Two,javascript:alert(1),\n"
        "Three,data:text/html;base64,PGI+\n"
        "Four,https://www.a.example/1/,News\n"
        "Five,,\n"
        "CON,http://a.example/five,\n"
    )
    run = add(csv, "--into", "inbox/2024", "--map", "folder=category", name="list.csv")
    assert run.code == 2
    assert [line.partition("list.csv, ")[2] for line in run.stderr.splitlines()] == [
        "row 3: 'javascript:alert(1)' uses javascript:, and only http and https addresses can be fetched.",
        "row 4: 'data:text/html;base64' uses data:, and only http and https addresses can be fetched.",
        "row 6: has no address; add it, or delete the row.",
    ]
    assert [line.split() for line in run.stdout.splitlines()] == [
        ["added", "2"], ["already", "there", "0"], ["twice", "in", "the", "list", "1"], ["refused", "3"],
        ["rows", "read", "6"],
    ]  # fmt: skip
    assert sorted(tree(seeds)) == ["inbox/2024/con-post.md", "inbox/2024/one-yes.md"]
    one = read("one", tree(seeds)["inbox/2024/one-yes.md"])
    assert (one.text("title"), one.text("category")) == ('One: "yes"', "News")


def test_a_dry_run_says_what_would_be_added_and_renamed(add: Add, seeds: Path) -> None:
    for option in (("--dry-run",), ("-s", "DRY_RUN=1")):
        run = add("https://a.example/the-long-wall\n", *option, "--pattern", "{date}-{slug}.md")
        assert run.code == 0
        assert run.stdout.startswith(
            f"would add {seeds}/_undated-the-long-wall.md  https://a.example/the-long-wall\nwould be added"
        )
        assert run.stdout.splitlines()[-1].split() == ["named", "without", "a", "day", "1"]
        assert tree(seeds) == {}


def test_dates_that_a_crawl_has_found_are_put_into_names(seeds: Path, tmp_path: Path) -> None:
    (seeds / "_undated-wall.md").write_text('---\norigin_url: "https://a.example/1"\ndate: 2024-11-12\n---\n')
    before = tree(seeds)
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
    run = scrapy("add", "--rename", *where, "--dry-run")
    assert (run.code, run.stdout.splitlines()[0]) == (0, f"{seeds}/_undated-wall.md → {seeds}/2024-11-12-wall.md")
    with run_lock(tmp_path / "archive", NOW):
        busy = scrapy("add", "--rename", *where)
    assert (busy.code, busy.stdout) == (75, "")
    assert tree(seeds) == before
    assert scrapy("add", "--rename", *where).code == 0
    assert tree(seeds) == {"2024-11-12-wall.md": before["_undated-wall.md"]}


def test_a_list_may_come_from_standard_input(seeds: Path) -> None:
    run = scrapy("add", "-s", f"SEEDS_DIR={seeds}", "-", given=b"- [Wall](https://a.example/1)\nnothing\n")
    assert run.code == 2
    assert run.stderr.startswith("scrapy add: standard input, line 2: says 'nothing', ")
    assert list(tree(seeds)) == ["wall.md"]


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        ("", (), "list.txt holds no address that can be fetched; name another list."),
        ("see below\n", (), "list.txt holds no address that can be fetched; name another list."),
        ("[1,", (), "list.txt is no JSON (Expecting value: line 1 column 4 (char 3)); correct it."),
        ("url,titel\nhttps://a.example/1,x\n", ("--map", "title=title"), "has no column title; did you mean titel?"),
        ("https://a.example/1\n", ("--map", "title"), "--map title is no COLUMN=KEY; "),
        (
            "https://a.example/1\n",
            ("--template", "none.md"),
            "--template none.md cannot be read (no such file or directory)",
        ),
        ("https://a.example/1\n", ("--template", "README.md"), "--template README.md: it has no front matter; "),
        ("https://a.example/1\n", ("--into", ".."), "--into .. lies outside of SEEDS_DIR="),
        (
            "https://a.example/1\n",
            ("--pattern", "{title}.md"),
            "--pattern {title}.md has a part {title}, which does not",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    add: Add, seeds: Path, content: str, options: tuple[str, ...], sentence: str
) -> None:
    run = add(content, *options)
    assert (run.code, run.stdout) == (1, "")
    assert sentence in run.stderr.splitlines()[-1]
    assert run.stderr.startswith("scrapy add: ")
    assert tree(seeds) == {}


def test_an_address_is_no_list(seeds: Path) -> None:
    run = scrapy("add", "-s", f"SEEDS_DIR={seeds}", "https://a.example/1")
    assert run.code == 1
    assert "pipe it: echo ADDRESS | scrapy add -." in run.stderr


def test_what_a_crawl_would_pass_over_is_not_added(add: Add, seeds: Path) -> None:
    run = add("https://www.blog.example/own\nhttps://a.example/wall\n", "-s", "SITE_HOSTS=blog.example")
    assert run.code == 2
    assert "line 1: says 'https://www.blog.example/own', which is on the site's own host (SITE_HOSTS)" in run.stderr
    assert list(tree(seeds)) == ["wall.md"]
    run = add("https://a.example/gate\n", "--into", "drafts/new", "-s", "SEED_EXCLUDE=drafts/")
    assert run.code == 1
    assert "--into drafts/new is left out by SEED_EXCLUDE, and no seed is read there" in run.stderr
    assert list(tree(seeds)) == ["wall.md"]
