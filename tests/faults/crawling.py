"""Crawls of a try, and what a folder was before and after."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from tests.conftest import Run, scrapy


def crawl(work: Path, *words: str, **settings: Any) -> Run:
    """Crawl `seeds` in a folder; answered from `pages.warc.gz` there unless REPLAY or a live run is asked for."""
    feed = work / "results.jsonl"
    feed.unlink(missing_ok=True)
    named = {"SEEDS_DIR": work / "seeds", "ARCHIVE_DIR": work / "archive", "EXTRACT_WORKERS": 1, **settings}
    if "REPLAY" not in named:
        named["REPLAY"] = work / "pages.warc.gz"
    options = [word for name, value in named.items() if value is not None for word in ("-s", f"{name}={value}")]
    run = scrapy("crawl", "seeds", *options, *words, "-O", feed)
    lines = feed.read_text("utf-8").splitlines() if feed.exists() else []
    return Run(run.code, run.stdout, run.stderr, [json.loads(line) for line in lines])


def snapshot(folder: Path, *without: Path) -> dict[str, tuple[object, ...]]:
    """What lies in a folder, by path: kind, mode, and the bytes of files or the target of a link."""
    found: dict[str, tuple[object, ...]] = {}
    left_out = set(map(str, without))
    for base, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if str(Path(base, name)) not in left_out]
        for path in (Path(base, name) for name in (*folders, *files)):
            if str(path) not in left_out:
                found[str(path)] = _describe(path)
    return found


def _describe(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return "link", str(path.readlink())
    if not stat.S_ISREG(status.st_mode):
        return stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode)
    return "file", stat.S_IMODE(status.st_mode), path.read_bytes()
