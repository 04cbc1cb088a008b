"""`scrapy undo`, as a user runs it."""

from __future__ import annotations

import fcntl
import json
from pathlib import Path

import pytest

from archiver.decisions import digest_of
from archiver.decisions.offer_record import Offer, OfferRecord
from tests.conftest import Run, scrapy, tree
from tests.review.runs import change, record, run_folder, seed_text

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def written(tmp_path: Path, seeds: Path) -> dict[str, tuple[bytes, bytes]]:
    """A run that gave four seeds their titles."""
    texts = {}
    for name in NAMES:
        before = seed_text(name, title='""').replace("\n", "\r\n" if name == "b" else "\n").encode()
        after = before.replace(b'""', b'"One"').replace(b"\n# ", b"\n# One")
        texts[f"{name}.md"] = (before, after)
        (seeds / f"{name}.md").write_bytes(after)
    changes = [change("title", "One"), change("heading", "One")]
    run_folder(tmp_path / "archive" / "runs", [record(name, changes=changes) for name in NAMES], texts)
    return texts


def undo(tmp_path: Path, *args: str, where: str = "last") -> Run:
    return scrapy(
        "undo", "-s", f"SEEDS_DIR={tmp_path / 'seeds'}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}", *args, where
    )


def refused(seeds: Path) -> list[tuple[str, str, str]]:
    file = seeds / ".decisions.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return [(one["path"], one["field"], one["answer"]) for one in map(json.loads, lines)]


def test_what_a_run_wrote_is_put_back_and_what_was_changed_since_is_named(
    tmp_path: Path, seeds: Path, written: dict[str, tuple[bytes, bytes]]
) -> None:
    (seeds / "c.md").write_bytes(written["c.md"][1] + b"Mine.\n")
    (seeds / "d.md").unlink()
    before = tree(seeds)
    run = undo(tmp_path, "--dry-run")
    assert (run.code, tree(seeds)) == (1, before)
    assert "would put back" in run.stdout
    assert not (tmp_path / "archive" / "lock").exists()

    (seeds / "a.md").chmod(0o640)
    run = undo(tmp_path)
    assert run.code == 1
    assert {name: content for name, content in tree(seeds).items() if name.endswith(".md")} == {
        "a.md": written["a.md"][0], "b.md": written["b.md"][0], "c.md": written["c.md"][1] + b"Mine.\n",
    }  # fmt: skip
    assert (seeds / "a.md").stat().st_mode & 0o777 == 0o640
    assert [line.split(": ", 1)[1] for line in run.stderr.splitlines()] == [
        f"{seeds}/c.md was changed after the run; take the change back by hand.",
        f"{seeds}/d.md is gone; restore it, then undo again.",
    ]
    assert run.stdout.splitlines()[-1].startswith("2 put back of run 2026")
    assert run.stdout.endswith(", 2 left as they are\n")
    assert refused(seeds) == [(f"{name}.md", field, "keep") for name in "ab" for field in ("title", "heading")]

    (seeds / "c.md").write_bytes(written["c.md"][1])
    (seeds / "d.md").write_bytes(written["d.md"][1])
    (run_name,) = (folder.name for folder in (tmp_path / "archive" / "runs").iterdir())
    assert undo(tmp_path, where=run_name).code == 0
    again = undo(tmp_path, where=str(tmp_path / "archive" / "runs" / run_name))
    assert (again.code, again.stdout) == (0, f"nothing left to put back of run {run_name}\n")
    assert {name: (seeds / name).read_bytes() for name in written} == {name: old for name, (old, _) in written.items()}
    assert len(refused(seeds)) == 8


def test_what_was_killed_is_finished(tmp_path: Path, seeds: Path, written: dict[str, tuple[bytes, bytes]]) -> None:
    # Killed after a seed was put back, before its refusal was noted.
    (seeds / "a.md").write_bytes(written["a.md"][0])
    (seeds / ".seed-archiver-0123abcd.part").write_bytes(b"half")
    run = undo(tmp_path)
    assert not list(seeds.glob("*.part"))
    assert (run.code, run.stdout.count("put back ")) == (0, 4)
    assert [path for path, field, _ in refused(seeds) if field == "title"] == list(written)


def test_forgetting_refuses_nothing(tmp_path: Path, seeds: Path, written: dict[str, tuple[bytes, bytes]]) -> None:
    record = OfferRecord.open(tmp_path / "archive", writable=True)
    assert record is not None
    noted = [Offer("a.md", "https://www.a.example/a", "title", digest_of("title", title)) for title in ("One", "Other")]
    record.note_written(noted, 1.0, "")
    assert undo(tmp_path, "--forget").code == 0
    assert tree(seeds) == {name: old for name, (old, _) in written.items()}
    # What nobody remembers to have written cannot have been taken away.
    assert [bool(record.written(offer)) for offer in noted] == [False, True]
    record.close()


def test_bad_lines_are_named_and_the_rest_is_put_back(
    tmp_path: Path, seeds: Path, written: dict[str, tuple[bytes, bytes]]
) -> None:
    (tmp_path / "outside.md").write_bytes(written["a.md"][1])
    (folder,) = (tmp_path / "archive" / "runs").iterdir()
    file = folder / "written.jsonl"
    first, *rest = file.read_text().splitlines(keepends=True)
    outside = first.replace("a.md", "../outside.md")
    damaged = first.replace('"before_sha256": "', '"before_sha256": "0')
    file.write_text("".join([outside, damaged, "{\n", *rest, first[:50]]))
    run = undo(tmp_path)
    assert (run.code, run.stdout.splitlines()[-1]) == (1, f"3 put back of run {folder.name}, 1 left as they are")
    assert run.stderr.count("\n") == 4
    assert "../outside.md' is no path of a seed" in run.stderr
    assert all(f"written.jsonl, line {number}" in run.stderr for number in (2, 3, 7))
    assert (tmp_path / "outside.md").read_bytes() == written["a.md"][1]


def test_what_cannot_be_undone_is_one_sentence(tmp_path: Path, seeds: Path) -> None:
    run = undo(tmp_path)
    assert (run.code, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    run_folder(tmp_path / "archive" / "runs", [record("a")])
    run = undo(tmp_path)
    assert (run.code, "wrote no seed in place" in run.stdout) == (0, True)
    assert "there is no run 2020" in undo(tmp_path, where="2020").stderr


def test_a_run_that_goes_on_is_waited_for(tmp_path: Path, seeds: Path, written: dict[str, tuple[bytes, bytes]]) -> None:
    with (tmp_path / "archive" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert undo(tmp_path).code == 75
        assert (seeds / "a.md").read_bytes() == written["a.md"][1]
