"""Twelve collections: two commands in the folder of each repair its posts and touch nothing else."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import frontmatter
import pytest

from tests.collection.twelve import COLLECTIONS, POSTS, Story, stories, write_pages
from tests.conftest import seed_archiver, tree

FILES = {
    "jekyll": ("_posts/{day}-{number}.md", ("title", "authors")),
    "hugo-yaml": ("content/posts/{number}.md", ("title", "summary", "authors", "categories", "image")),
    "hugo-toml": ("content/posts/{number}.md", ("title", "authors")),
    "hugo-nested": ("content/posts/{number}.md", ("title",)),
    "hugo-bundles": ("content/posts/{slug}/index.md", ("title",)),
    "eleventy-json": ("posts/{number}.md", ("title",)),
    "astro": ("src/content/blog/{number}.md*", ("title", "description", "heroImage")),
    "obsidian": ("Clippings/{number}.md", ("title", "author", "published", "description")),
    "zettlr": ("{number}.md", ("title",)),
    "dendron": ("vault/clip.{number}.md", ("title", "desc")),
}
"""Where the posts of a collection lie, and the keys that a crawl fills in each."""
SKIPPED = {"jekyll": 1, "obsidian": 1}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pages") / "pages.warc.gz"
    write_pages(file, list(COLLECTIONS))
    return file


def run(folder: Path, *args: str) -> tuple[int, str, str]:
    done = seed_archiver(*args, cwd=folder)
    return done.code, done.stdout, done.stderr


def count(report: str, name: str) -> int:
    found = re.search(rf"^{re.escape(name)} +(\d+)$", report, re.MULTILINE)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("name", FILES)
def test_two_commands_repair_a_collection_and_touch_nothing_else(name: str, tmp_path: Path, pages: Path) -> None:
    COLLECTIONS[name](tmp_path)
    before = tree(tmp_path)
    assert run(tmp_path, "init")[0] == 0
    code, report, complaints = run(tmp_path, "crawl", "seeds", "-s", f"REPLAY={pages}", "-s", "REVIEW_BELOW=0")
    assert (code, complaints) == (0, "")
    assert (count(report, "written"), count(report, "missed")) == (POSTS, 0)
    assert count(report, "skipped: no source") == SKIPPED.get(name, 0)

    after = tree(tmp_path)
    del after["seed-archiver.toml"]
    place, keys = FILES[name]
    written = {}
    for story in stories(name):
        (file,) = tmp_path.glob(place.format(day=story.day, number=story.number, slug=story.slug))
        written[str(file.relative_to(tmp_path))] = story
    assert {path for path in before if after[path] != before[path]} == written.keys()
    assert after.keys() == before.keys()
    for path, story in written.items():
        changed = changed_lines(before[path].decode(), after[path].decode())
        named = {re.split(r"[:= ]", line.strip(' "'), maxsplit=1)[0].rstrip('"') for line in changed}
        # Of lists on lines of their own the items change, and not the line of the key.
        assert named - {"-"} == set(keys) - ({"author"} if "-" in named else set())
        _check_values(after[path].decode(), story)


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line[2:] for line in lines if line.startswith("+ ")]


def _check_values(text: str, story: Story) -> None:
    """The title and the authors are the page's; the text is what it was."""
    assert story.title in text
    if "uthor" in text:
        assert all(f"{name}" in text for name in story.authors)
    assert text.endswith(story.body)
    if text.startswith("---\n") and "\n---\n" in text:
        assert frontmatter.loads(text)["title"] == story.title


def test_a_wiki_gets_its_authors_as_links_when_it_has_such(tmp_path: Path, pages: Path) -> None:
    COLLECTIONS["obsidian"](tmp_path)
    assert run(tmp_path, "init")[0] == 0
    assert run(tmp_path, "crawl", "seeds", "-s", f"REPLAY={pages}", "-s", "REVIEW_BELOW=0", "-a", "only=0.md")[0] == 0
    text = (tmp_path / "Clippings" / "0.md").read_text(encoding="utf-8")
    assert 'author:\n  - "[[Imke Olthoff]]"\n  - "[[Tomke Ihnen]]"\npublished: 2024-03-01\n' in text


def test_what_has_no_front_matter_is_no_collection(tmp_path: Path) -> None:
    COLLECTIONS["lctt"](tmp_path)
    before = tree(tmp_path)
    code, _, complaint = run(tmp_path, "init")
    assert (code, complaint.count("\n")) == (1, 1)
    assert "no Markdown file with front matter is here" in complaint
    assert tree(tmp_path) == before


def test_a_list_of_addresses_is_a_collection_after_two_commands(tmp_path: Path, pages: Path) -> None:
    COLLECTIONS["addresses"](tmp_path)
    (tmp_path / "seed-archiver.toml").write_text('preset = "obsidian"\nseeds = "clips"\n', encoding="utf-8")
    code, report, complaints = run(tmp_path, "add", "urls.txt")
    assert (code, count(report, "added"), complaints) == (0, POSTS, "")
    code, report, complaints = run(tmp_path, "crawl", "seeds", "-s", f"REPLAY={pages}", "-s", "REVIEW_BELOW=0")
    assert (code, count(report, "written"), complaints) == (0, POSTS, "")
    for story in stories("addresses"):
        post = frontmatter.loads((tmp_path / "clips" / f"{story.slug}.md").read_text(encoding="utf-8"))
        assert (post["source"], post["title"]) == (story.url, story.title)
        assert post["author"] == [f"[[{name}]]" for name in story.authors]
        assert str(post["published"]) == story.day
        assert story.paragraphs[-1] in post.content
