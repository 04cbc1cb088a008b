"""A dry run's standard output is a patch: `git apply` makes of it what the run itself would have made."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.conftest import FIXTURES, scrapy, seed_archiver, tree
from tests.support.pipes import closed_pipe

BROKEN = (FIXTURES / "bangkokpost" / "2024-given-seed" / "before.md").read_bytes()
SEEDS = {
    "plain.md": BROKEN,
    "crlf.md": BROKEN.replace(b"\n", b"\r\n"),
    "no end.md": BROKEN.rstrip(b"\n"),
    "bom.md": b"\xef\xbb\xbf" + BROKEN,
    'สวัสดี "café"/日本語.md': BROKEN,
    "control.md": BROKEN.rstrip(b"\n") + "\n\nleft\u202eright \x0c \u2028 end\n".encode(),
}


def plant(folder: Path) -> Path:
    for name, content in SEEDS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def apply(patch: str, folder: Path) -> None:
    for options in (["--check"], []):
        subprocess.run(["git", "apply", *options], cwd=folder, input=os.fsencode(patch), check=True)


def test_a_reader_that_has_seen_enough_ends_no_run(tmp_path: Path) -> None:
    plant(tmp_path / "posts")
    options = [f"SEEDS_DIR={tmp_path / 'posts'}", f"REPLAY={FIXTURES}", "SHOW_DIFF=1"]
    feed = tmp_path / "results.jsonl"
    with closed_pipe() as pipe:
        run = scrapy(
            "crawl", "seeds", *(word for option in options for word in ("-s", option)), "-O", feed, stdout=pipe
        )
    assert (run.code, run.stderr) == (0, "")
    assert len(feed.read_text().splitlines()) == len(SEEDS)
    assert all(tree(tmp_path / "posts")[name] != content for name, content in SEEDS.items())


def test_git_apply_takes_what_a_dry_run_prints(tmp_path: Path) -> None:
    blog = tmp_path / "work tree" / "my blog"
    posts = plant(blog / "posts")
    elsewhere = tmp_path / "plain"
    plant(elsewhere / "posts")
    subprocess.run(["git", "init", "--quiet", blog.parent], check=True)
    options = ["-s", f"REPLAY={FIXTURES}", "-s", "SEEDS_DIR=posts"]

    def dry_run(folder: Path) -> str:
        run = seed_archiver("crawl", "seeds", *options, "-s", "DRY_RUN=1", cwd=folder)
        assert run.code == 0
        assert run.stdout.startswith("diff --git ")
        assert "would be written" in run.stderr
        return run.stdout

    inside, outside = dry_run(blog), dry_run(elsewhere)
    # From where nobody has a work tree, of seeds in one: as their own work tree names them.
    far = scrapy(
        "crawl", "seeds", *options[:2], "-s", f"SEEDS_DIR={posts}", "-s", "DRY_RUN=1", env={"FORCE_COLOR": "1"}
    )
    assert sorted(far.stdout.splitlines()) == sorted(inside.splitlines())
    assert "a/my blog/posts/plain.md" in inside
    assert "a/posts/plain.md" in outside
    assert "\\u202e" not in inside
    assert "\x1b" not in inside

    wanted = shutil.copytree(posts, tmp_path / "wanted" / "posts")
    assert seed_archiver("crawl", "seeds", *options, cwd=wanted.parent).code == 0
    assert all(tree(wanted)[name] != content for name, content in SEEDS.items())
    apply(inside, blog)
    apply(outside, elsewhere)
    assert tree(posts) == tree(elsewhere / "posts") == tree(wanted)
