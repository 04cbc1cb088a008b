"""The seeds folder: what is found in it, and that a seed is always its old bytes or its new ones."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import SeedChanged, SeedError, SeedUnreadable, SeedUnwritable, SettingsError
from archiver.seeds.store import SeedStore
from tests.conftest import FIXTURES, ROOT, Crawl, scrapy, started_scrapy, tree

OLD = b"---\ntitle: old\n---\n"
NEW = b"---\ntitle: new\n---\n"


@pytest.fixture
def store(seeds: Path) -> SeedStore:
    return SeedStore.open(seeds)


def put(folder: Path, *names: str, content: bytes = OLD) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


# ---- Find ---------------------------------------------------------------------------------------------------------


def test_seeds_are_found_by_suffix_in_order_of_their_names(store: SeedStore) -> None:
    put(
        store.root, "b.md", "a.TXT", "a/2.markdown", "a/1.md", "a/b/c.md", "Z.md", "é.md", "x.html", "md", "y.md.bak",
        ".hidden.md", ".git/x.md", "a/.trash/x.md", ".abc.part", "c/.d.md.part",
    )  # fmt: skip
    assert list(store.paths()) == ["Z.md", "a/1.md", "a/2.markdown", "a/b/c.md", "a.TXT", "b.md", "é.md"]


def test_a_folder_that_is_linked_to_is_not_entered(store: SeedStore, tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "outside.md")
    put(store.root, "real/inside.md")
    (store.root / "out").symlink_to(tmp_path / "elsewhere")
    (store.root / "again").symlink_to(store.root / "real")
    (store.root / "real" / "round").symlink_to(store.root)
    assert list(store.paths()) == ["real/inside.md"]


def test_shown_and_relative_are_opposites(store: SeedStore) -> None:
    assert Path(store.display_path("a/b.md")) == store.root / "a" / "b.md"
    assert store.relative(store.display_path("a/b.md")) == "a/b.md"


# ---- Read ---------------------------------------------------------------------------------------------------------


def test_a_seed_without_end_is_not_read_to_it(store: SeedStore) -> None:
    with (store.root / "sparse.md").open("wb") as file:
        file.truncate(1 << 30)
    tracemalloc.start()
    with pytest.raises(SeedUnreadable, match=r"sparse\.md has more than 16 MB, which no post has; leave it out"):
        store.read("sparse.md")
    assert tracemalloc.get_traced_memory()[1] < 40e6
    tracemalloc.stop()


def test_what_is_no_file_is_not_read(store: SeedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store.root)  # the address of a socket must be short
    os.mkfifo(store.root / "pipe.md")
    (store.root / "folder.md").mkdir()
    (store.root / "gone.md").symlink_to(store.root / "missing.md")
    (store.root / "round.md").symlink_to(store.root / "round.md")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket.md")
    assert len(list(store.paths())) == 5
    for path in store.paths():
        with pytest.raises(SeedUnreadable, match=path):
            store.read(path)


def test_a_name_that_is_not_utf8_is_reported_and_the_others_go_on(crawl: Crawl, seeds: Path) -> None:
    (Path(os.fsdecode(os.fsencode(seeds) + b"/caf\xe9.md"))).write_bytes(OLD)
    put(seeds, "plain.md")
    run = crawl(seeds)
    assert run.code == 2
    assert "Traceback" not in run.stderr
    named, plain = run.results
    assert named["path"].endswith("caf\\xe9.md")
    assert "UTF-8" in named["detail"]
    assert "origin_url" in plain["detail"]


def test_a_link_inside_is_written_through_and_stays_a_link(store: SeedStore) -> None:
    put(store.root, "real/a.md")
    (store.root / "link.md").symlink_to("real/a.md")
    assert store.read("link.md") == OLD
    assert store.write("link.md", OLD, NEW)
    assert (store.root / "link.md").is_symlink()
    assert (store.root / "real/a.md").read_bytes() == NEW


def test_a_link_that_leads_outside_is_neither_read_nor_written(store: SeedStore, tmp_path: Path) -> None:
    put(tmp_path, "outside.md")
    (store.root / "link.md").symlink_to(tmp_path / "outside.md")
    with pytest.raises(SeedUnreadable, match="outside of the seeds folder"):
        store.read("link.md")
    with pytest.raises(SeedError, match="outside of the seeds folder"):
        store.write("link.md", OLD, NEW)
    assert (tmp_path / "outside.md").read_bytes() == OLD


# ---- Replace ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755])
def test_a_write_replaces_the_bytes_and_keeps_the_mode(store: SeedStore, mode: int) -> None:
    put(store.root, "a.md")
    (store.root / "a.md").chmod(mode)
    assert store.write("a.md", OLD, NEW)
    assert tree(store.root) == {"a.md": NEW}
    assert stat.S_IMODE((store.root / "a.md").stat().st_mode) == mode


def test_a_write_of_the_same_bytes_touches_nothing(store: SeedStore) -> None:
    put(store.root, "a.md")
    before = (store.root / "a.md").stat()
    assert not store.write("a.md", OLD, OLD)
    assert (store.root / "a.md").stat() == before


def test_bytes_reach_the_disk_before_the_name_and_the_name_before_the_end(
    store: SeedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store.root, "a.md")
    calls: list[tuple[str, bool, bytes]] = []

    def recorded(name: str, call: Any) -> Any:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            on_folder = isinstance(args[0], int) and stat.S_ISDIR(os.fstat(args[0]).st_mode)
            calls.append((name, on_folder, (store.root / "a.md").read_bytes()))
            return call(*args, **kwargs)

        return wrapper

    monkeypatch.setattr(os, "fsync", recorded("fsync", os.fsync))
    monkeypatch.setattr(os, "replace", recorded("replace", os.replace))
    store.write("a.md", OLD, NEW)
    assert calls == [("fsync", False, OLD), ("replace", False, OLD), ("fsync", True, NEW)]


@pytest.mark.parametrize("found", [b"", OLD + b"\n", OLD.replace(b"old", b"own")])
def test_a_file_that_somebody_changed_is_left_alone(store: SeedStore, found: bytes) -> None:
    put(store.root, "a.md", content=found)
    with pytest.raises(SeedChanged, match=r"a\.md was changed by somebody else"):
        store.write("a.md", OLD, NEW)
    assert tree(store.root) == {"a.md": found}


@pytest.mark.parametrize(
    ("old", "new", "left"), [("b.md", "a.md", {"a.md": OLD}), ("a.md", "c.md", {"b.md": OLD, "c.md": OLD})]
)
def test_a_file_that_was_replaced_or_renamed_while_waiting_for_its_lock_is_left_alone(
    store: SeedStore, old: str, new: str, left: dict[str, bytes]
) -> None:
    file = store.root / "a.md"
    put(store.root, "a.md")
    errors: list[SeedError] = []

    def write() -> None:
        try:
            store.write("a.md", OLD, NEW)
        except SeedError as error:
            errors.append(error)

    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = threading.Thread(target=write)
        waiting.start()
        time.sleep(0.1)
        put(store.root, "b.md")
        (store.root / old).replace(store.root / new)
    waiting.join(10)
    (error,) = errors
    assert isinstance(error, SeedChanged)
    assert tree(store.root) == left


@pytest.mark.parametrize(
    "fault",
    [
        ("fsync", errno.ENOSPC, "make room on the disk"),
        ("fsync", errno.EIO, "check the disk"),
        ("fsync", errno.EDQUOT, "make room on the disk"),
        ("replace", errno.EROFS, "mount the disk writable"),
        ("replace", errno.EACCES, "permission"),
        ("fchmod", errno.EPERM, "permission"),
        ("open", errno.EROFS, "mount the disk writable"),
        ("open", errno.ENOSPC, "make room on the disk"),
    ],
)
@pytest.mark.parametrize("copies", [False, True], ids=["in place", "copies"])
def test_a_disk_that_fails_leaves_the_old_bytes_and_nothing_else(
    seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: tuple[str, int, str], copies: bool
) -> None:
    function, number, remedy = fault
    put(seeds, "a.md")
    put(tmp_path / "out", "a.md")
    store = SeedStore.open(seeds, tmp_path / "out" if copies else None)
    call = getattr(os, function)

    def fail(*args: Any, **kwargs: Any) -> Any:
        # Reading goes on while the disk is full or read-only.
        if function == "open" and not args[1] & os.O_CREAT:
            return call(*args, **kwargs)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, function, fail)
    with pytest.raises(SeedUnwritable, match=rf"a\.md cannot be written \({os.strerror(number).lower()}\)") as caught:
        store.write("a.md", OLD, NEW)
    assert remedy in str(caught.value)
    assert tree(seeds) == tree(tmp_path / "out") == {"a.md": OLD}


def test_a_seed_with_two_names_is_refused_for_one_would_stay_as_it_was(store: SeedStore) -> None:
    put(store.root, "a.md")
    (store.root / "b.md").hardlink_to(store.root / "a.md")
    with pytest.raises(SeedUnwritable, match=r"a\.md has 2 names .* SEED_EXCLUDE"):
        store.write("a.md", OLD, NEW)
    assert tree(store.root) == {"a.md": OLD, "b.md": OLD}


def test_a_write_that_stops_half_way_leaves_the_old_bytes(store: SeedStore) -> None:
    """A limit on file sizes stands for a disk that fills up."""
    put(store.root, "a.md")
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from archiver.errors import SeedUnwritable; from archiver.seeds.store import SeedStore\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "folder, old = Path(sys.argv[1]), Path(sys.argv[1], 'a.md').read_bytes()\n"
        "try: SeedStore.open(folder).write('a.md', old, b'n' * 1_000_000)\n"
        "except SeedUnwritable as error: print(error)\n"
    )
    command: list[str | Path] = [sys.executable, "-c", code, store.root]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "a.md cannot be written (file too large)" in done.stdout
    assert tree(store.root) == {"a.md": OLD}


def test_a_kill_at_any_moment_leaves_the_old_bytes_or_the_new_ones(store: SeedStore) -> None:
    versions = [f"---\ntitle: {letter * 50_000}\n---\n".encode() for letter in "ab"]
    put(store.root, "a.md", content=versions[0])
    code = (
        "import sys; from pathlib import Path; from archiver.seeds.store import SeedStore\n"
        "store = SeedStore.open(Path(sys.argv[1]))\n"
        "while True:\n"
        "    old = store.read('a.md'); new = old.translate(bytes.maketrans(b'ab', b'ba')) \n"
        "    store.write('a.md', old, b'---\\ntitle: ' + new[11:-5] + b'\\n---\\n')\n"
    )
    seen = set()
    file = store.root / "a.md"
    for milliseconds in range(20):
        content = file.read_bytes()
        with started_scrapy("-c", code, store.root) as process:
            while file.read_bytes() == content:
                assert process.poll() is None
            time.sleep(milliseconds / 1000)
            process.kill()
            assert process.wait(30) == -signal.SIGKILL
        content = file.read_bytes()
        assert content in versions
        seen.add(content)
        assert list(store.paths()) == ["a.md"]
    assert len(seen) == 2


# ---- Copies -------------------------------------------------------------------------------------------------------


def test_copies_take_the_same_paths_and_leave_the_seeds(seeds: Path, tmp_path: Path) -> None:
    put(seeds, "a/b.md")
    (seeds / "a/b.md").chmod(0o640)
    store = SeedStore.open(seeds, tmp_path / "out")
    assert store.write("a/b.md", OLD, NEW)
    assert not store.write("a/b.md", OLD, NEW)
    assert tree(tmp_path / "out") == {"a/b.md": NEW}
    assert stat.S_IMODE((tmp_path / "out/a/b.md").stat().st_mode) == 0o640
    assert tree(seeds) == {"a/b.md": OLD}


def test_a_copy_does_not_leave_the_output_folder(seeds: Path, tmp_path: Path) -> None:
    put(seeds, "a/b.md")
    put(tmp_path / "elsewhere", "c.md")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SeedUnwritable, match="outside of OUTPUT_DIR"):
        SeedStore.open(seeds, tmp_path / "out").write("a/b.md", OLD, NEW)
    assert tree(tmp_path / "elsewhere") == {"c.md": OLD}


def test_a_copy_takes_the_place_of_a_link_not_of_its_target(seeds: Path, tmp_path: Path) -> None:
    put(seeds, "b.md")
    put(tmp_path, "elsewhere.md")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/b.md").symlink_to(tmp_path / "elsewhere.md")
    SeedStore.open(seeds, tmp_path / "out").write("b.md", OLD, NEW)
    assert (tmp_path / "elsewhere.md").read_bytes() == OLD
    assert tree(tmp_path / "out") == {"b.md": NEW}
    assert not (tmp_path / "out/b.md").is_symlink()


@pytest.mark.parametrize(
    ("root", "output", "sentence"),
    [
        ("missing", None, "does not exist"),
        ("seeds/a.md", None, "is not a folder"),
        ("seeds", "seeds", "lies inside"),
        ("seeds", "seeds/out", "lies inside"),
        ("seeds", "seeds/../seeds/new", "lies inside"),
        ("seeds", "link/out", "lies inside"),
        ("seeds", "seeds/a.md", "is not a folder"),
    ],
)
def test_folders_that_cannot_be_used_are_named(tmp_path: Path, root: str, output: str | None, sentence: str) -> None:
    put(tmp_path / "seeds", "a.md")
    (tmp_path / "link").symlink_to("seeds")
    with pytest.raises(SettingsError, match=sentence):
        SeedStore.open(tmp_path / root, tmp_path / output if output else None)


# ---- Permissions --------------------------------------------------------------------------------------------------

# Runs a command as somebody to whom permissions apply. Root gives up the two capabilities that override them; it stays
# the same user, so that it can still read the interpreter.
_OBEDIENT = """
import ctypes, os, runpy, sys
if os.geteuid() == 0:
    libc = ctypes.CDLL(None, use_errno=True)
    VERSION_3, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 0x20080522, 1, 2
    header, sets = (ctypes.c_uint32 * 2)(VERSION_3, 0), (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), "cannot read the capabilities")
    for number in range(3):  # effective, permitted, inheritable, the first 32 of each
        sets[number] &= ~(1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH)
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "cannot give up capabilities")
sys.argv[0] = "scrapy"
runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
"""


def test_without_permission_seeds_are_missed_and_the_others_go_on(seeds: Path, tmp_path: Path) -> None:
    before = (FIXTURES / "bangkokpost/2024-given-seed/before.md").read_bytes()
    after = (FIXTURES / "bangkokpost/2024-given-seed/after.md").read_bytes()
    put(seeds, "unreadable.md", "read-only.md", "closed/b.md", "shut/c.md", "fine.md", content=before)
    modes = {"unreadable.md": 0o000, "read-only.md": 0o444, "closed": 0o000, "shut": 0o555}
    for name, mode in modes.items():
        (seeds / name).chmod(mode)
    options = ["-s", f"SEEDS_DIR={seeds}", "-s", f"REPLAY={FIXTURES}", "-O", f"{tmp_path / 'results.jsonl'}"]
    try:
        done = scrapy("-c", _OBEDIENT, "crawl", "seeds", *options)
    finally:
        for name in modes:
            (seeds / name).chmod(0o755)
    assert done.code == 2
    assert "Traceback" not in done.stderr
    spoken = " ".join(done.stdout.split())
    for sentence in (
        f"{seeds}/unreadable.md cannot be read (permission denied); give this user permission",
        f"{seeds}/read-only.md is read-only; give this user write permission",
        f"{seeds}/closed cannot be read (permission denied); give this user permission",
        f"{seeds}/shut/c.md cannot be written (permission denied); give this user permission",
    ):
        assert sentence in spoken
    assert tree(seeds) == {
        "fine.md": after,
        **dict.fromkeys(("unreadable.md", "read-only.md", "closed/b.md", "shut/c.md"), before),
    }


def test_a_seeds_folder_that_may_not_be_read_is_one_sentence(seeds: Path) -> None:
    seeds.chmod(0o000)
    try:
        done = scrapy("-c", _OBEDIENT, "crawl", "seeds", "-s", f"SEEDS_DIR={seeds}")
    finally:
        seeds.chmod(0o755)
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr == (f"scrapy crawl: SEEDS_DIR={seeds} may not be read; give this user read permission on it.\n")
