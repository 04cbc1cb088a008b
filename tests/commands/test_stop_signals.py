"""Ctrl-C and its like, sent to commands that crawl nothing, or not yet."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.conftest import scrapy, tree

STOPPED = (
    "import os, runpy, sys; from importlib import import_module\n"
    "number, owner, name = int(sys.argv.pop(1)), *sys.argv.pop(1).rsplit('.', 1)\n"
    "where, _, what = owner.partition(':')\n"
    "owner = getattr(import_module(where), what) if what else import_module(where)\n"
    "before = getattr(owner, name)\n"
    "def stop(*args, **kwargs):\n"
    "    os.kill(os.getpid(), number)\n"
    "    return before(*args, **kwargs)\n"
    "setattr(owner, name, stop)\n"
    "sys.argv[0] = 'scrapy'\n"
    "runpy.run_module('scrapy', run_name='__main__', alter_sys=True)\n"
)
"""`scrapy`, which gets a signal as it calls a function: NUMBER MODULE[:CLASS].FUNCTION ARGUMENTS."""


@pytest.mark.parametrize(
    ("command", "sent", "code", "moment"),
    [
        ("audit", signal.SIGINT, 130, "archiver.seeds.store:SeedStore.read_stamped"),
        ("status", signal.SIGTERM, 143, "archiver.seeds.store:SeedStore.read"),
        ("add", signal.SIGINT, 130, "archiver.seeds.creation.place_new"),
        ("crawl", signal.SIGTERM, 1, "archiver.commands.crawl.recover"),
    ],
    ids=["audit", "status", "add", "crawl"],
)
def test_a_command_that_is_stopped_says_so_in_one_line(
    tmp_path: Path, command: str, sent: signal.Signals, code: int, moment: str
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.md").write_text('---\norigin_url: "https://a.example/news/1"\ntitle: ""\n---\n\nText.\n')
    (tmp_path / "list").write_text("https://a.example/news/2\n")
    before = tree(seeds)
    words = {"add": ["add", str(tmp_path / "list")], "crawl": ["crawl", "seeds"]}.get(command, [command])
    settings = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
    run = scrapy("-c", STOPPED, str(sent.value), moment, *words, *settings)
    assert (run.code, run.stderr) == (code, f"scrapy {command}: stopped.\n")
    assert tree(seeds) == before
