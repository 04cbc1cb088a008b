"""The file of decisions: what is read of it, what is named, and what adding to it leaves."""

from __future__ import annotations

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.decisions import DECISIONS, Answer, DecisionFile, ReviewDecision, digest_of
from archiver.errors import DecisionsError
from archiver.seeds.store import SeedStore

AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
URL = "https://news.example/a"


def said(
    answer: Answer = Answer.KEEP, *, path: str = "a.md", url: str = URL, hours: int = 0, offered: str = "A new wall"
) -> ReviewDecision:
    value = "Walls" if answer is Answer.VALUE else None
    at = AT + timedelta(hours=hours)
    return ReviewDecision(path, url, "title", digest_of("title", offered), answer, at, value)


@pytest.fixture
def file(seeds: Path) -> DecisionFile:
    (seeds / "a.md").write_text("---\ntitle:\n---\n")
    return DecisionFile(seeds)


def test_a_line_has_the_keys_that_people_and_programs_read(file: DecisionFile) -> None:
    file.append([said(Answer.VALUE)])
    assert json.loads((file.seeds_dir / DECISIONS).read_text()) == {
        "path": "a.md", "address": URL, "field": "title", "offered": digest_of("title", "A new wall"),
        "answer": "value", "value": "Walls", "at": "2026-06-01T12:00:00.000Z",
    }  # fmt: skip
    assert file.read().find("a.md", URL, "title") == said(Answer.VALUE)


def test_the_file_is_taken_for_no_seed(seeds: Path, file: DecisionFile) -> None:
    file.append([said()])
    assert list(SeedStore.open(seeds).paths()) == ["a.md"]


def test_the_last_in_time_holds_wherever_it_stands(file: DecisionFile) -> None:
    # As after a merge, which puts the lines of two branches one behind the other.
    file.append([said(Answer.ACCEPT, hours=2), said(Answer.KEEP, hours=1)])
    found = file.read().find("a.md", URL, "title")
    assert found is not None
    assert found.answer is Answer.ACCEPT


def test_an_answer_that_was_taken_back_is_none(file: DecisionFile) -> None:
    file.append([said(Answer.KEEP), said(Answer.OPEN)])
    assert file.read().find("a.md", URL, "title") is None


def test_of_one_time_the_last_line_holds(file: DecisionFile) -> None:
    file.append([said(Answer.ACCEPT), said(Answer.KEEP)])
    found = file.read().find("a.md", URL, "title")
    assert found is not None
    assert found.answer is Answer.KEEP


def test_a_renamed_seed_is_found_by_its_address(file: DecisionFile) -> None:
    file.append([said(path="old-name.md")])
    decisions = file.read()
    assert decisions.find("a.md", URL, "title") is not None
    assert decisions.find("a.md", "https://news.example/b", "title") is None


def test_what_was_said_of_a_seed_that_is_there_says_nothing_of_another_with_its_address(file: DecisionFile) -> None:
    file.append([said(path="a.md")])
    assert file.read().find("b.md", URL, "title") is None


def test_bad_lines_are_named_and_stay_and_the_rest_holds(file: DecisionFile) -> None:
    name = file.seeds_dir / DECISIONS
    lines = [
        b"<<<<<<< HEAD", said(Answer.ACCEPT).to_line().strip().encode(), b"=======",
        said(Answer.KEEP, hours=1).to_line().strip().encode(), b">>>>>>> refresh-7", b"", b"{", b"[]",
        b'{"path": "a.md"}', said().to_line().replace("keep", "maybe").strip().encode(), b"\xff",
        said().to_line().replace("2026-06-01", "yesterday ").strip().encode(), b"[" * 200_000,
        said(Answer.VALUE).to_line().replace('"value": "Walls", ', "").strip().encode(),
    ]  # fmt: skip
    name.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines) + b"\r\n")
    before = name.read_bytes()
    decisions = file.read()
    found = decisions.find("a.md", URL, "title")
    assert found is not None
    assert found.answer is Answer.KEEP
    told = {problem.line: str(problem) for problem in decisions.problems}
    assert list(told) == [1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14]
    assert all(sentence.startswith(f"{name}, line {line}: ") for line, sentence in told.items())
    assert "merge marker" in told[1]
    assert "merge marker" in told[5]
    assert "says no address" in told[9]
    assert "accept, keep, value" in told[10]
    file.append([said(Answer.ACCEPT, hours=3)])
    assert name.read_bytes().startswith(before)


def test_lines_of_seeds_that_are_gone_are_named(file: DecisionFile) -> None:
    gone = "https://news.example/gone"
    file.append([said(), said(path="renamed.md"), said(path="gone.md", url=gone)])
    decisions = file.read()
    assert decisions.displaced_urls == {URL, gone}
    (problem,) = decisions.gone(decisions.displaced_urls - {URL})
    assert problem.line == 3
    assert "gone.md" in str(problem)


def test_a_torn_line_is_named_and_the_next_begins_a_line_of_its_own(file: DecisionFile) -> None:
    name = file.seeds_dir / DECISIONS
    file.append([said(path="b.md"), said()])
    name.write_bytes(name.read_bytes()[:-40])
    file.append([said(Answer.ACCEPT, hours=1)])
    decisions = file.read()
    assert [problem.line for problem in decisions.problems] == [2]
    found = decisions.find("a.md", URL, "title")
    assert found is not None
    assert found.answer is Answer.ACCEPT


def test_a_full_disk_leaves_the_file_as_it_was(file: DecisionFile, monkeypatch: pytest.MonkeyPatch) -> None:
    file.append([said()])
    before = (file.seeds_dir / DECISIONS).read_bytes()
    write = os.write

    def full(descriptor: int, content: bytes) -> int:
        if len(content) < 100:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, content[:100])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(DecisionsError, match="no space left"):
        file.append([said(hours=1)])
    assert (file.seeds_dir / DECISIONS).read_bytes() == before


def test_several_that_add_at_once_lose_no_line(file: DecisionFile) -> None:
    def add(name: str) -> None:
        for hour in range(50):
            file.append([said(path=f"{name}.md", hours=hour)])

    with ThreadPoolExecutor() as threads:
        list(threads.map(add, "bcde"))
    assert file.read().problems == ()
    assert len((file.seeds_dir / DECISIONS).read_text().splitlines()) == 200


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_is_no_file_of_ours_is_neither_read_nor_written(file: DecisionFile, tmp_path: Path, kind: str) -> None:
    name, elsewhere = file.seeds_dir / DECISIONS, tmp_path / "elsewhere"
    if kind == "folder":
        name.mkdir()
    else:
        elsewhere.write_text("")
        name.symlink_to(elsewhere)
    with pytest.raises(DecisionsError, match=r"decisions\.jsonl cannot be read"):
        file.read()
    with pytest.raises(DecisionsError, match=r"decisions\.jsonl cannot be written"):
        file.append([said()])
    assert kind == "folder" or elsewhere.read_text() == ""


def test_white_space_and_composition_make_no_other_offer() -> None:
    assert digest_of("body", "One\r\n\r\ntwo é") == digest_of("body", "One\n\ntwo e\u0301\n")
    assert digest_of("title", "One") != digest_of("title", "one")
    assert digest_of("title", "One") != digest_of("description", "One")
