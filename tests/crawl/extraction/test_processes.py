"""What the processes that read pages leave behind."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import scrapy

LISTEN = """
import os, signal, sys, tempfile
from multiprocessing import process, util
from archiver.crawl.extraction import processes
# Not those of the process that this one was forked from.
process.current_process()._config.pop("tempdir", None)
tempfile.tempdir = sys.argv[2]
processes.make_listening_folder.cache_clear()
processes.make_listening_folder()
print(util.get_temp_dir())
if sys.argv[1] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_where_a_killed_run_listened_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    for end, left in (("killed", 2), ("killed", 2), ("ended", 1)):
        run = scrapy("-c", LISTEN, end, tmp_path)
        assert run.code == (0 if end == "ended" else -9)
        assert len(list(tmp_path.iterdir())) == left
        assert end == "ended" or list(tmp_path.glob(".seed-archiver-workers-*.part/*"))
