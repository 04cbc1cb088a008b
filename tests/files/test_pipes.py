"""A command whose reader goes away comes to its own end, without a word."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import FIXTURES, GIVEN_SEED, scrapy
from tests.support.pipes import closed_pipe

GOES_ON = """
import sys
from pathlib import Path
from archiver.files.pipes import is_output_read, survive_closed_pipes
survive_closed_pipes()
survive_closed_pipes()
assert is_output_read()
for _ in range(3):
    print("x" * 100_000, flush=True)
print("still here", is_output_read(), sys.stdout.isatty(), file=sys.stderr)
print("what is left in the buffer")
sys.exit(3)
"""
WITHOUT_STREAMS = """
import sys
sys.stdout = sys.__stdout__ = sys.stderr = sys.__stderr__ = None
from archiver.files.pipes import survive_closed_pipes
survive_closed_pipes()
print("nowhere", sys.stdout.isatty(), file=sys.stderr)
sys.exit(4)
"""


def test_what_nobody_reads_goes_nowhere() -> None:
    with closed_pipe() as pipe:
        run = scrapy("-c", GOES_ON, stdout=pipe)
    assert (run.code, run.stderr) == (3, "still here False False\n")
    read = scrapy("-c", GOES_ON)
    assert (read.code, len(read.stdout), read.stderr) == (3, 300_030, "still here True False\n")


def test_a_stream_that_was_closed_before_the_start_is_written_to_all_the_same() -> None:
    assert scrapy("-c", WITHOUT_STREAMS).code == 4


def test_every_command_needs_no_reader(seeds: Path, tmp_path: Path) -> None:
    (seeds / "blank.md").write_text("---\norigin_url: https://news.example/1\ntitle:\n---\n")
    (tmp_path / "file").touch()
    with closed_pipe() as pipe:
        # An audit keeps nothing, and needs no archive that can be written.
        run = scrapy("audit", seeds, "-s", f"ARCHIVE_DIR={tmp_path / 'file' / 'archive'}", stdout=pipe)
        listed = scrapy("list", stdout=pipe)
    assert (run.code, run.stderr) == (2, "")
    assert (listed.code, listed.stderr) == (0, "")


def test_what_a_full_disk_does_not_take_is_one_line_and_exit_code_1(seeds: Path) -> None:
    (seeds / "given.md").write_bytes(GIVEN_SEED.read_bytes())
    replay = ["-s", f"SEEDS_DIR={seeds}", "-s", f"REPLAY={FIXTURES}", "-s", "DRY_RUN=1"]
    for command in (["audit", seeds], ["crawl", "seeds", *replay]):
        with Path("/dev/full").open("wb") as full:
            run = scrapy(*command, stdout=full)
        assert run.code == 1
        (line,) = [line for line in run.stderr.splitlines() if line.startswith("scrapy ")]
        assert "standard output is not whole (no space left on device)" in line
        assert "Traceback" not in run.stderr
