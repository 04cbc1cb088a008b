"""What the history of HEAD tells of files, whatever they are called and however branches met."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archiver.errors import NotCommitted
from archiver.files.git import Repository
from archiver.files.history import WRITTEN_BY, History

HOSTILE = [
    "plain.md",
    "sp ace.md",
    "*.md",
    ":(exclude)x.md",
    '"quoted".md',
    "new\nline.md",
    "-rf.md",
    "日本語.md",
    "a/b.md",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "EMAIL"]:
        monkeypatch.delenv(name)
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname = Ann\nemail = ann@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    seeds = tmp_path / "blog" / "seeds"
    seeds.mkdir(parents=True)
    git(seeds.parent, "init", "--quiet")
    return seeds


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", folder, *args], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str, **files: str | None) -> str:
    """Write files by name, or remove them, and commit all there is; the commit."""
    for name, content in files.items():
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(content)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", f"--message={message}")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def history(folder: Path) -> Iterator[Callable[[Path], History]]:
    """Opens the history of a folder as it is then."""
    with contextlib.ExitStack() as opened:

        def open_history(folder: Path) -> History:
            return opened.enter_context(contextlib.closing(History(Repository.of(folder), folder)))

        yield open_history


def said(found: History, file: Path) -> list[tuple[str | None, str | None]]:
    """What a file was and became, the newest change first."""
    versions = found.versions(file)
    blobs = {blob for version in versions for blob in (version.before, version.after) if blob}
    texts = {blob: content.decode() for blob, content in found.read(blobs).items()}
    return [(texts.get(version.before or ""), texts.get(version.after or "")) for version in versions]


def test_every_change_of_a_file_is_told_newest_first(folder: Path, history: Callable[[Path], History]) -> None:
    first = commit(folder, "One", a="1", b="x\0y\n")
    ours = commit(folder, f"Two\n\n{WRITTEN_BY}", a="2\n\n")
    commit(folder, "Elsewhere", b="z")
    commit(folder, "Three", a=None)
    commit(folder, "Four", a="4")
    found = history(folder)
    assert said(found, folder / "a") == [(None, "4"), ("2\n\n", None), ("1", "2\n\n"), (None, "1")]
    assert said(found, folder / "b") == [("x\0y\n", "z"), (None, "x\0y\n")]
    assert said(found, folder / "c") == []
    assert found.own_commits == {ours}
    assert found.read([found.blob_in_head(folder / "a") or ""]) == {found.blob_in_head(folder / "a"): b"4"}
    assert found.blob_in_head(folder / "c") is None
    assert (found.is_before(first, ours), found.is_before(ours, first)) == (True, False)
    assert found.is_before(first, "0" * 40) is None


def test_names_are_names_and_no_patterns(folder: Path, history: Callable[[Path], History]) -> None:
    (folder / "a").mkdir()
    for text in ("1", "2"):
        commit(folder, text, **dict.fromkeys(HOSTILE, text))
    found = history(folder)
    for name in HOSTILE:
        assert said(found, folder / name) == [("1", "2"), (None, "1")], name
        assert found.blob_in_head(folder / name) is not None


def test_what_a_merge_left_out_is_in_the_history(folder: Path, history: Callable[[Path], History]) -> None:
    commit(folder, "One", a="1")
    git(folder, "switch", "--quiet", "--create", "side")
    commit(folder, "Two", a="2")
    git(folder, "switch", "--quiet", "main")
    commit(folder, "Other", b="x")
    git(folder, "merge", "--quiet", "--strategy=ours", "side", "--message=Leave it out")
    assert said(history(folder), folder / "a") == [("1", "2"), (None, "1")]


def test_another_branch_is_not_in_it(folder: Path, history: Callable[[Path], History]) -> None:
    commit(folder, "One", a="1")
    git(folder, "switch", "--quiet", "--create", "side")
    commit(folder, f"Two\n\n{WRITTEN_BY}", a="2")
    git(folder, "switch", "--quiet", "main")
    found = history(folder)
    assert (said(found, folder / "a"), found.own_commits) == ([(None, "1")], frozenset())


def test_before_the_first_commit_there_is_none(folder: Path, history: Callable[[Path], History]) -> None:
    found = history(folder)
    assert (found.head, found.own_commits, found.versions(folder / "a")) == (None, frozenset(), [])


def test_a_history_that_cannot_be_read_is_no_history(folder: Path, history: Callable[[Path], History]) -> None:
    commit(folder, "One", a="1")
    found = history(folder)
    assert found.head is not None
    (folder.parent / ".git" / "objects" / found.head[:2] / found.head[2:]).unlink()
    with pytest.raises(NotCommitted):
        found.versions(folder / "a")
