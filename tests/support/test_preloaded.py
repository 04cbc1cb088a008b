"""A command that is forked does what a new process does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import FIXTURES, ROOT, collection, scrapy, tree


def test_a_fork_ends_and_speaks_as_a_new_process(tmp_path: Path) -> None:
    args, env = ["crawl", "seeds", "-s", "SEEDS_DIR=/nowhere"], {"PYTHONPATH": str(ROOT)}
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = archiver.settings\n")
    new = subprocess.run(
        [sys.executable, "-m", "scrapy", *args],
        cwd=tmp_path, env={**os.environ, **env}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    fork = scrapy(*args, cwd=tmp_path, env=env)
    assert fork.code == 1
    assert (fork.code, fork.stdout, fork.stderr) == (new.returncode, new.stdout, new.stderr)


def test_forks_share_nothing_that_they_change(tmp_path: Path) -> None:
    where = ["-s", f"REPLAY={FIXTURES}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
    first, second = collection(tmp_path / "first"), collection(tmp_path / "second")
    runs = [scrapy("crawl", "seeds", *where, "-s", f"SEEDS_DIR={seeds}") for seeds in (first, second)]
    assert runs[0].stdout == runs[1].stdout
    assert tree(first) == tree(second)
