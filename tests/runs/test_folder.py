"""What a run leaves, read again: by this version, by others, and after a run was killed."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import RunUnreadable
from archiver.models import (
    Alternative,
    Change,
    ChangedFact,
    DriftKind,
    Outcome,
    ParagraphPair,
    Result,
    TextDiff,
    Verdict,
)
from archiver.runs import ChainStep, PageWords, RunFolder, RunHead, SeedRecord, State, WrittenSeed, runs_of
from archiver.runs.writer import RunWriter, close_killed_run, note_idle, remove_old_runs, repair_ended_runs

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
HEAD = RunHead(version="1", command="scrapy crawl seeds", started="2026-11-26T08:30:00Z")


def a_record(seed: str = "2024/a.md", outcome: Outcome = Outcome.WRITTEN, **more: object) -> SeedRecord:
    result = Result(f"seeds/{seed}", "https://a.example/1", outcome, Verdict.ARTICLE, **more)  # type: ignore[arg-type]
    return SeedRecord(seed, result)


def a_run(
    runs_dir: Path, *records: SeedRecord, now: datetime = NOW, ended: str | None = "2026-11-26T08:31:00Z"
) -> RunFolder:
    writer = RunWriter(RunFolder.create(runs_dir, now), HEAD)
    for record in records:
        writer.add(record)
    if ended is not None:
        writer.finish(replace(HEAD, ended=ended))
    writer.close()
    return writer.folder


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    change = Change("title", "", "Harbour\u2028opens", "h1", ("og",), 0.5, (Alternative("Hafen", "json-ld"),))
    result = Result(
        "seeds/a.md", "https://a.example/1", Outcome.UNCHANGED, Verdict.ARTICLE, "A sentence.",
        drift=DriftKind.UPDATED, proposed=(change,), doubts=("Two headlines.",), blank=("image",),
    )  # fmt: skip
    text = TextDiff(
        DriftKind.UPDATED,
        (ParagraphPair("one two", "one three", ((4, 7),), ((4, 9),)), ParagraphPair(None, "new")),
        (ChangedFact("number", "2", "3"),),
    )
    steps = (ChainStep("asked", "https://a.example/1", 404, "gone"),)
    record = SeedRecord(
        "a.md", result, "Harbour", "en", "--- a\n+++ b", text, PageWords("T", "L"), steps, {"title": "d"}
    )
    folder = a_run(tmp_path, record, a_record(outcome=Outcome.MISSED), a_record())
    problems: list[str] = []
    assert [one.state for one in folder.records()] == [State.ASK, State.MISSED, State.WRITTEN]
    assert next(folder.records(problems.append)) == record
    assert folder.head(problems.append).counts == {
        "unchanged": 1, "waiting": 1, "doubtful": 1, "missed": 1, "written": 1,
    }  # fmt: skip
    assert problems == []
    # One line per seed, whatever its values hold.
    assert len((folder.path / "results.jsonl").read_bytes().splitlines()) == 3


def test_what_another_version_wrote_is_read_as_far_as_it_can_be_and_named(tmp_path: Path) -> None:
    folder = a_run(tmp_path, a_record())
    lines = [
        {"path": "seeds/old.md", "origin_url": None, "outcome": "missed", "verdict": "gone", "detail": "It is gone."},
        {
            **json.loads(a_record().to_json()),
            "drift": "rewritten",
            "mood": "good",
            "text": {"kind": "same", "pairs": 1},
        },
        {"seed": "b.md", "outcome": "sold"},
        [1],
    ]
    (folder.path / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"seed": "c.')
    (folder.path / "run.json").write_text('{"version": "9", "command": "x", "started": "y", "format": 7, "counts": []}')
    problems: list[str] = []
    old, new = folder.records(problems.append)
    assert (old.seed, old.result.detail, new.result.drift, new.text) == ("seeds/old.md", "It is gone.", None, None)
    assert [problem.partition(":")[0] for problem in problems] == [
        "results.jsonl, line 2", "results.jsonl, line 2", "results.jsonl, line 3", "results.jsonl, line 4",
        "results.jsonl, line 5, which was cut off",
    ]  # fmt: skip
    problems.clear()
    assert folder.head(problems.append).format == 7
    assert problems == ["run.json: counts: [] is not an object"]
    (folder.path / "run.json").write_text("{")
    assert folder.head(problems.append).started == "2026-11-26T08:30:00Z"


def test_a_run_is_found_by_its_name_its_folder_or_as_the_newest(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    with pytest.raises(RunUnreadable, match="holds no run"):
        RunFolder.open(runs)
    first, second = a_run(runs, a_record()), a_run(runs, a_record())
    later = a_run(runs, a_record(), now=NOW.replace(hour=9))
    (runs / "mine").mkdir()
    assert [folder.name for folder in runs_of(runs)] == ["20261126T093000Z", "20261126T083000Z-2", "20261126T083000Z"]
    assert RunFolder.open(runs) == later
    assert RunFolder.open(runs, first.name) == first
    assert RunFolder.open(Path("nowhere"), str(second.path)) == second
    with pytest.raises(RunUnreadable, match=r"there is no run 2020 in .*; the newest are 20261126T093000Z, "):
        RunFolder.open(runs, "2020")


def test_a_killed_run_gets_its_head_and_a_running_one_is_left_alone(tmp_path: Path) -> None:
    killed = a_run(tmp_path, a_record(), ended=None)
    idle = a_run(tmp_path, a_record(outcome=Outcome.UNCHANGED), ended=None)
    running = RunWriter(RunFolder.create(tmp_path, NOW), HEAD)
    running.add(a_record(outcome=Outcome.UNCHANGED))
    assert running.folder.is_running()
    # One seed was written, and the kill came before its result; one run had ended, and was making its report.
    untold = a_run(tmp_path, a_record(outcome=Outcome.UNCHANGED), ended=None)
    (untold.path / "written.jsonl").write_text(WrittenSeed.of("a.md", b"before", b"after").to_json() + "\n")
    reporting = a_run(tmp_path, a_record())
    left = [reporting.path / ".index.html-0123abcd.part", tmp_path / ".feed-0123abcd.part"]
    for file in left:
        file.touch()
    assert set(map(str, repair_ended_runs(tmp_path))) == set(map(str, (killed, untold, reporting)))
    assert not any(file.exists() for file in left)
    assert (killed.head().reason, killed.head().counts) == ("killed", {"written": 1})
    assert not idle.path.exists()
    assert running.folder.head().ended is None
    running.close()
    assert close_killed_run(running.folder, running.head) is None


def test_what_was_written_in_place_can_be_put_back_and_a_damaged_line_is_named(tmp_path: Path) -> None:
    writer = RunWriter(RunFolder.create(tmp_path, NOW), HEAD)
    notes = [WrittenSeed.of(f"{name}.md", name.encode() * 9, b"after") for name in "ab"]
    for note in notes:
        writer.add_written(note)
    writer.close()
    folder = writer.folder
    assert list(folder.written()) == notes
    file = folder.path / "written.jsonl"
    bent = json.loads(notes[0].to_json())
    bent["before"] = b64encode(zlib.compress(b"other")).decode()
    file.write_text(json.dumps(bent) + '\n{"seed": "x"}\n' + notes[1].to_json() + "\n")
    problems: list[str] = []
    assert list(folder.written(problems.append)) == notes[1:]
    assert [problem.partition(":")[0] for problem in problems] == ["written.jsonl, line 1", "written.jsonl, line 2"]


def test_old_runs_go_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    folders = [a_run(tmp_path, a_record(), now=NOW.replace(minute=minute)) for minute in range(5)]
    (folders[0].path / "notes.txt").write_text("mine")
    (folders[1].path / ".index.html-0011aabb.part").write_text("<")
    (tmp_path / "20200101T000000Z").mkdir()
    remove_old_runs(tmp_path, 0)
    assert all(folder.path.exists() for folder in folders)
    remove_old_runs(tmp_path, 2)
    assert [folder.path.exists() for folder in folders] == [True, False, False, True, True]
    assert sorted(file.name for file in folders[0].path.iterdir()) == ["notes.txt", "results.jsonl", "run.json"]
    assert (tmp_path / "20200101T000000Z").exists()


def test_the_log_of_idle_runs_is_bounded(tmp_path: Path) -> None:
    head = replace(HEAD, counts={"unchanged": 3}, seconds=1.0)
    for _ in range(1_200):
        note_idle(tmp_path, head)
    log = (tmp_path / "idle.log").read_text()
    assert len(log) < 70_000
    assert set(log.splitlines()) == {"2026-11-26T08:30:00Z scrapy crawl seeds: 3 unchanged, 1 s"}
