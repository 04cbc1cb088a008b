"""Half-written files: what a killed process left is removed, what a living one writes is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from warcio.warcwriter import WARCWriter

from archiver.files.atomic import begin, open_replacement, sweep
from archiver.seeds.store import SeedStore
from tests.conftest import ROOT, scrapy, tree
from tests.support.pages import add_page

CODE = """
import sys; from pathlib import Path; from archiver.files.atomic import begin
stream, file = begin(Path(sys.argv[1]), sys.argv[2])
stream.write(b"half"); stream.flush()
print(flush=True); sys.stdin.read()
"""


@contextmanager
def writer(folder: Path, prefix: str) -> Iterator[None]:
    """Another process that writes such a file, and is killed in the end."""
    command: list[str | Path] = [sys.executable, "-c", CODE, folder, prefix]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"\n"
        yield
        process.kill()


def test_only_our_own_leftovers_of_dead_processes_go(tmp_path: Path) -> None:
    others = {".a.part", ".a-0123456.part", ".a-01234567.part.md", ".b-01234567.part", "a-01234567.part", "x.md"}
    for name in others:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / ".a-89abcdef.part").mkdir()
    (tmp_path / ".a-00000000.part").symlink_to(tmp_path / "x.md")
    os.mkfifo(tmp_path / ".b-76543210.part")
    kept = {file.name for file in tmp_path.iterdir()}
    with writer(tmp_path, "a"):
        assert sweep(tmp_path, "a") == []
        (living,) = {file.name for file in tmp_path.iterdir()} - kept
    assert sweep(tmp_path, "a") == [tmp_path / living]
    assert {file.name for file in tmp_path.iterdir()} == kept
    assert sweep(tmp_path / "nowhere", "a") == []


@pytest.mark.parametrize("moment", ["locked", "removed"])
def test_a_sweep_that_meets_a_file_before_it_is_locked_costs_its_writer_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    lock = __import__("fcntl").flock
    seen: list[Path] = []

    def meddle(descriptor: int, how: int) -> None:
        if not seen:
            seen.extend(tmp_path.iterdir())
            if moment == "locked":
                seen[0].unlink()
                raise BlockingIOError
            seen[0].unlink()
        lock(descriptor, how)

    monkeypatch.setattr("fcntl.flock", meddle)
    stream, file = begin(tmp_path, "a")
    with stream:
        assert [file] == list(tmp_path.iterdir()) != seen
        assert sweep(tmp_path, "a") == []


def test_a_file_is_on_the_disk_before_it_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"old")
    seen: list[tuple[int, bytes]] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        seen.append((os.fstat(descriptor).st_size, file.read_bytes()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    with open_replacement(file, "a") as stream:
        stream.write(b"newer")
    assert seen[0] == (5, b"old")
    assert seen[1][1] == b"newer"  # its folder, so that the name is there too


def test_the_seeds_folder_is_swept_with_its_copies(tmp_path: Path) -> None:
    seeds, out = tmp_path / "seeds", tmp_path / "out"
    for folder in (seeds / "posts" / "2024", seeds / ".git", out / "posts"):
        folder.mkdir(parents=True)
    (seeds / "posts" / "a.md").write_bytes(b"---\n---\n")
    with ExitStack() as writers:
        for folder in (seeds / "posts" / "2024", seeds / ".git", out / "posts"):
            writers.enter_context(writer(folder, "seed-archiver"))
        assert SeedStore.open(seeds, out).sweep() == []
    removed = SeedStore.open(seeds, out).sweep()
    assert sorted(Path(path).parent for path in removed) == [out / "posts", seeds / "posts" / "2024"]
    assert sorted(Path(name).parent.as_posix() for name in tree(tmp_path)) == ["seeds/.git", "seeds/posts"]


def test_an_export_and_an_import_remove_what_killed_ones_left(tmp_path: Path) -> None:
    given = tmp_path / "given.warc.gz"
    with given.open("wb") as stream:
        add_page(WARCWriter(stream, gzip=True), "https://p.example/", b"page")
    archive, target = tmp_path / "archive", tmp_path / "all.wacz"
    (archive / "warc").mkdir(parents=True)
    with writer(archive / "warc", "import"), writer(tmp_path, target.name):
        pass
    assert len(list(tmp_path.rglob(".*.part"))) == 2
    for args in (("import", given), ("export", target)):
        assert scrapy("archive", *args, "-s", f"ARCHIVE_DIR={archive}").code == 0
    assert list(tmp_path.rglob(".*.part")) == []
