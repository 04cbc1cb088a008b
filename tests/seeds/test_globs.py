"""Which files below a folder are seeds: endings, and patterns as in `.gitignore`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from archiver.seeds.globs import Glob, SeedFiles
from archiver.seeds.store import SeedStore
from tests.conftest import scrapy
from tests.seeds.test_store import put

EVERYWHERE = ("README.md", "a/README.md", "a/b.md", "a/public/c.md", "public/d.md", "posts/2024/e.md", "posts/f.md")


def globs(*texts: str) -> tuple[Glob, ...]:
    return tuple(map(Glob.parse, texts))


@pytest.mark.parametrize(
    ("pattern", "left_out"),
    [
        ("README*", ["README.md", "a/README.md"]),
        ("readme*", []),
        ("public/", ["a/public/c.md", "public/d.md"]),
        ("public", ["a/public/c.md", "public/d.md"]),
        ("/public", ["public/d.md"]),
        ("./public/", ["public/d.md"]),
        ("public/**", ["public/d.md"]),
        ("b.md/", []),
        ("/b.md", []),
        ("a/*.md", ["a/README.md", "a/b.md"]),
        ("a/**/*.md", ["a/README.md", "a/b.md", "a/public/c.md"]),
        ("**/public", ["a/public/c.md", "public/d.md"]),
        ("posts/*/e.md", ["posts/2024/e.md"]),
        ("posts/20??", ["posts/2024/e.md"]),
        ("[a-m]*", ["a/README.md", "a/b.md", "a/public/c.md", "posts/2024/e.md", "posts/f.md", "public/d.md"]),
        ("**", list(EVERYWHERE)),
        ("a.b", []),
    ],
)
def test_a_pattern_leaves_out_or_takes_in_the_same(seeds: Path, pattern: str, left_out: list[str]) -> None:
    put(seeds, *EVERYWHERE)
    excluding = list(SeedStore.open(seeds, files=SeedFiles(exclude=globs(pattern))).paths())
    assert sorted(excluding) == sorted(set(EVERYWHERE) - set(left_out))
    including = list(SeedStore.open(seeds, files=SeedFiles(include=globs(pattern))).paths())
    assert sorted(including) == sorted(left_out)


def test_what_is_left_out_is_not_entered(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(seeds, "node_modules/a/b/x.md", "blog/node_modules/y.md", "blog/2024/z.md", "other/deep/w.md", "blog.md")
    entered: list[str] = []
    scandir = os.scandir

    def watching(folder: Any) -> Any:
        entered.append(Path(folder).relative_to(seeds).as_posix())
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", watching)
    files = SeedFiles(include=globs("blog/**", "/blog.md", "other/w.md"), exclude=globs("node_modules/"))
    assert list(SeedStore.open(seeds, files=files).paths()) == ["blog/2024/z.md", "blog.md"]
    assert sorted(entered) == [".", "blog", "blog/2024", "other"]
    entered.clear()
    SeedStore.open(seeds, files=SeedFiles(exclude=globs("node_modules/"))).sweep()
    assert not [folder for folder in entered if "node_modules" in folder]


@pytest.mark.parametrize("pattern", ["!a.md", "..", "../a", "/", "./"])
def test_a_pattern_that_can_match_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"exceptions|nothing below"):
        Glob.parse(pattern)


def test_every_command_reads_the_same_files(seeds: Path, tmp_path: Path) -> None:
    put(seeds, "blog/a.mdx", "blog/b.MDX", "blog/c.md", "blog/vendor/d.mdx", "drafts/e.mdx", "x.mdx")
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}", "-s", "SEED_SUFFIXES=.mdx"]
    where += ["-s", "SEED_INCLUDE=blog/**,drafts/", "-s", "SEED_EXCLUDE=vendor/"]
    found = {"blog/a.mdx", "blog/b.MDX", "drafts/e.mdx"}

    def audited(*paths: Path) -> set[str]:
        lines = scrapy("audit", "--json", *where, *paths).stdout.splitlines()
        return {Path(json.loads(line)["path"]).relative_to(seeds).as_posix() for line in lines}

    assert audited() == found
    # Patterns speak of SEEDS_DIR, whatever part of it is looked at; what is named is read.
    assert audited(seeds / "blog", seeds / "drafts" / "e.mdx") == found
    assert audited(seeds / "blog" / "vendor") == {"blog/vendor/d.mdx"}
    assert json.loads(scrapy("status", "--json", *where).stdout)["seeds"] == 3
    run = scrapy("crawl", "seeds", *where, "-s", "REPLAY=fixtures", "-O", "-:jsonlines")
    assert {Path(json.loads(line)["path"]).relative_to(seeds).as_posix() for line in run.stdout.splitlines()} == found


def test_a_folder_without_seeds_is_one_sentence(seeds: Path, tmp_path: Path) -> None:
    put(seeds, "notes.html", ".hidden.md", "drafts/a.md")
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}", "-s", "SEED_EXCLUDE=drafts"]
    for command in (["crawl", "seeds"], ["refresh"], ["audit"], ["status"]):
        run = scrapy(*command, *where)
        assert (run.code, run.stdout, run.stderr.count("\n")) == (1, "", 1), command
        assert f"{seeds} holds no seed: no file in it that SEED_INCLUDE and SEED_EXCLUDE leave ends in" in run.stderr
    assert not (tmp_path / "archive").exists()
