"""New seeds and new names: a file is there as a whole or not at all, and none is replaced."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from archiver.errors import SeedUnwritable
from archiver.seeds.creation import create, rename, sync
from archiver.seeds.store import SeedStore
from tests.conftest import tree


@pytest.fixture
def store(seeds: Path) -> SeedStore:
    return SeedStore.open(seeds)


@pytest.fixture(params=[None, errno.EPERM, errno.ENOTSUP], ids=["links", "no permission", "no links"])
def _hard_links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(request.param, os.strerror(request.param))

    if request.param is not None:
        monkeypatch.setattr(os, "link", link)


@pytest.mark.usefixtures("_hard_links")
def test_a_name_that_is_taken_stays_what_it_is(store: SeedStore) -> None:
    assert create(store, "a/b.md", b"one")
    assert not create(store, "a/b.md", b"two")
    assert create(store, "c.md", b"three")
    assert create(store, "a/e.md", b"four")
    assert not rename(store, "a/e.md", "b.md")
    assert tree(store.root) == {"a/b.md": b"one", "a/e.md": b"four", "c.md": b"three"}
    assert rename(store, "a/b.md", "d.md")
    assert tree(store.root) == {"a/d.md": b"one", "a/e.md": b"four", "c.md": b"three"}


@pytest.mark.usefixtures("_hard_links")
def test_a_new_seed_has_the_permissions_of_any_new_file(store: SeedStore) -> None:
    (store.root / "mine.md").write_bytes(b"")
    create(store, "a.md", b"one")
    assert (store.root / "a.md").stat().st_mode == (store.root / "mine.md").stat().st_mode


def test_a_seed_is_renamed_after_a_run_that_writes_it(store: SeedStore) -> None:
    file = store.root / "a.md"
    file.write_bytes(b"old")
    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting = threading.Thread(target=rename, args=(store, "a.md", "b.md"))
        waiting.start()
        time.sleep(0.1)
        assert tree(store.root) == {"a.md": b"old"}
        (store.root / "new").write_bytes(b"new")
        (store.root / "new").replace(file)
    waiting.join(10)
    assert tree(store.root) == {"b.md": b"new"}


def test_the_names_of_new_seeds_reach_the_disk_once_a_folder(store: SeedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(Path(f"/dev/fd/{descriptor}").resolve().name)
        fsync(descriptor)

    paths = ["a/1.md", "a/2.md", "b/1.md"]
    assert all(create(store, path, b"one") for path in paths)
    monkeypatch.setattr(os, "fsync", noted)
    sync(store, [*paths, "gone/1.md"])
    assert sorted(synced) == ["a", "b"]


def test_a_seed_that_cannot_be_written_leaves_nothing(store: SeedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(SeedUnwritable, match=r"a\.md cannot be written \(no space left on device\); "):
        create(store, "a.md", b"one")
    assert tree(store.root) == {}


def test_nothing_is_made_or_renamed_behind_a_link(store: SeedStore, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (store.root / "link").symlink_to(tmp_path / "outside")
    (store.root / "a.md").write_bytes(b"one")
    (store.root / "b.md").symlink_to("a.md")
    with pytest.raises(SeedUnwritable, match=r"would lie outside of SEEDS_DIR because of a link; remove the link"):
        create(store, "link/below/a.md", b"x")
    with pytest.raises(SeedUnwritable, match=r"b\.md is a link and keeps its name; rename it by hand"):
        rename(store, "b.md", "c.md")
    assert list((tmp_path / "outside").iterdir()) == []
    assert sorted(tree(store.root)) == ["a.md", "b.md"]
