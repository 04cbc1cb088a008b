"""`seed-archiver` in folders that are no project, as a user meets it: nothing but a PATH in its environment."""

from __future__ import annotations

import os
import pty
import re
import shutil
import tomllib
from pathlib import Path

import pytest

from archiver.collection.file import FILE_NAME
from tests.conftest import FIXTURES, GIVEN_SEED, ROOT, SEED_ARCHIVER, seed_archiver, tree

TITLE = b'title: "North Korea ratifies defence treaty with Russia amid Ukraine war"'


def own(*args: str | Path, cwd: Path, code: int = 0) -> tuple[str, str]:
    """Run `seed-archiver` in a folder; its output and its errors."""
    done = seed_archiver(*args, cwd=cwd)
    assert done.code == code, f"{args}: {done.code}\n{done.stdout}\n{done.stderr}"
    return done.stdout, done.stderr


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A site with one post that lost its title."""
    folder = tmp_path / "blog"
    (folder / "content" / "posts").mkdir(parents=True)
    (folder / "hugo.toml").write_text('baseURL = "https://blog.example/"\n')
    shutil.copyfile(GIVEN_SEED, folder / "content" / "posts" / "one.md")
    return folder


def test_the_name_is_installed_with_the_package() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"seed-archiver": "archiver.commands.console:main"}
    assert SEED_ARCHIVER in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_blog_is_described_and_repaired_from_a_folder_below(blog: Path) -> None:
    said, errors = own("init", cwd=blog)
    assert errors == ""
    assert "origin_url 1 (of 1 posts, 1 have one)" in said
    assert said.endswith(
        f"{FILE_NAME} is written. Next: `seed-archiver audit`, then `seed-archiver crawl seeds -s DRY_RUN=1`.\n"
    )
    before = tree(blog)
    assert set(before) == {"hugo.toml", FILE_NAME, "content/posts/one.md"}
    (below := blog / "content" / "drafts").mkdir()
    said, _ = own("crawl", "seeds", "-s", f"REPLAY={FIXTURES}", "-O", "results.jsonl", cwd=below)
    assert re.search(r"^written +1$", said, re.MULTILINE)
    after = tree(blog)
    assert TITLE in after["content/posts/one.md"].splitlines()
    assert set(after) == {*before, "content/drafts/results.jsonl"}
    assert {name for name in before if before[name] != after[name]} == {"content/posts/one.md"}


def test_usage_and_messages_carry_its_name(tmp_path: Path) -> None:
    said, _ = own(cwd=tmp_path)
    assert said.startswith("Usage: seed-archiver COMMAND")
    assert all(f"\n  {name} " in said for name in ("audit", "config", "crawl", "init", "refresh", "status"))
    said, _ = own("audit", "--help", cwd=tmp_path)
    assert "seed-archiver audit [options] [PATH ...]" in said
    _, errors = own("audit", cwd=tmp_path, code=1)
    assert errors.startswith("seed-archiver audit: seeds does not exist; name ")
    _, errors = own("audti", cwd=tmp_path, code=2)
    assert errors == "seed-archiver: there is no command audti; did you mean audit?\n"
    _, errors = own("init", cwd=tmp_path, code=1)
    assert errors.startswith("seed-archiver init: no Markdown file with front matter is here; go to the folder")
    assert tree(tmp_path) == {}


def test_a_folder_of_somebody_else_loads_no_code(blog: Path) -> None:
    trap = f"open({str(blog.parent / 'sprung')!r}, 'w')\nSPIDER_MODULES = []\n"
    for name in ("evil", "archiver", "yaml", "settings", "sitecustomize"):
        (blog / f"{name}.py").write_text(trap)
    (blog / "scrapy.cfg").write_text("[settings]\ndefault = evil\n")
    (blog / FILE_NAME).write_text('preset = "hugo"\n')
    own("audit", cwd=blog, code=2)
    own("list", cwd=blog)
    (blog / FILE_NAME).write_text('preset = "hugo"\n[settings]\nEXTENSIONS = { "evil.X" = 1 }\n')
    _, errors = own("list", cwd=blog, code=1)
    assert errors.startswith(f"seed-archiver list: {FILE_NAME}, line 3: [settings] may not set EXTENSIONS")
    assert errors.count("\n") == 1
    assert not (blog.parent / "sprung").exists()


def test_a_file_that_is_there_is_overwritten_only_when_asked_to(blog: Path) -> None:
    file = blog / FILE_NAME
    file.write_text("no TOML")
    _, errors = own("init", cwd=blog, code=1)
    assert (
        errors
        == f"seed-archiver init: {FILE_NAME} is there already and nobody can be asked; overwrite it with --force.\n"
    )
    said, _ = own("init", "--dry-run", cwd=blog)
    assert 'preset = "hugo"' in said
    assert file.read_text() == "no TOML"
    assert _answer(blog, "n") == 1
    assert file.read_text() == "no TOML"
    (outside := blog.parent / "outside").write_text("mine")
    file.unlink()
    file.symlink_to(outside)
    assert _answer(blog, "y") == 0
    assert 'preset = "hugo"' in file.read_text()
    assert not file.is_symlink()
    assert outside.read_text() == "mine"


def _answer(folder: Path, answer: str) -> int:
    """Run `init` at a terminal at which somebody types an answer; its exit code."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, f"{answer}\n".encode())
        run = seed_archiver("init", cwd=folder, stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert "overwrite it? [y/N]" in run.stdout + run.stderr
    return run.code
