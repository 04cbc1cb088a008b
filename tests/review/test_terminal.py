"""`scrapy review` in a terminal: keys pressed, seeds before and after."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import scrapy_in_terminal, tree
from tests.review.runs import change, record, run_folder, seed_text
from tests.support.terminal import Terminal

ASKED = "? help: "
LAST = "any other key ends: "


@pytest.fixture
def waiting(tmp_path: Path, seeds: Path) -> Path:
    """A run that proposed a title for each of four seeds, with rivals."""
    for name in "abcd":
        (seeds / f"{name}.md").write_text(seed_text(name, title='""'), newline="")
    titles = [
        record(name, [change("title", f"Title {name}", "Two", "\x1b[31mThree")], doubts=["Two differ."])
        for name in "abcd"
    ]
    run_folder(tmp_path / "archive" / "runs", titles)
    return seeds


@contextlib.contextmanager
def review(seeds: Path, *args: str, **env: str) -> Iterator[Terminal]:
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={seeds.parent / 'archive'}"]
    with scrapy_in_terminal("review", *where, *args, env=env) as terminal:
        yield terminal


def title_of(seeds: Path, name: str) -> str:
    return (seeds / f"{name}.md").read_text().split("title: ")[1].split("\n")[0]


def answers(seeds: Path) -> list[tuple[str, str, str | None]]:
    lines = (seeds / ".decisions.jsonl").read_text().splitlines()
    return [(one["path"], one["answer"], one.get("value")) for one in map(json.loads, lines)]


def test_every_key_does_what_it_says(waiting: Path) -> None:
    before = tree(waiting)
    with review(waiting) as terminal:
        shown = terminal.wait_for(ASKED)
        assert "[1/4] a.md  a.example\n  ! Two differ.\n" in shown
        assert "       title  Title a\n              60% sure, from h1; no other place agrees\n" in shown
        assert "           2  \\x1b[31mThree\n" in shown
        terminal.press("?")
        assert "keep the seed as it is" in terminal.wait_for(ASKED)
        terminal.press("d")
        assert '+title: "Title a"' in terminal.wait_for(ASKED)
        terminal.press("9")  # there is no such value
        terminal.wait_for(ASKED)
        assert tree(waiting) == before
        terminal.press("a")
        assert "[2/4] b.md" in terminal.wait_for(ASKED)
        expected = before["a.md"].replace(b'""', b'"Title a"').replace(b"\n# ", b"\n# Title a")
        assert (waiting / "a.md").read_bytes() == expected
        terminal.press("u")
        assert "[1/4] a.md" in terminal.wait_for(ASKED)
        assert (waiting / "a.md").read_bytes() == before["a.md"]
        terminal.press("s")
        assert "[2/4] b.md" in terminal.wait_for(ASKED)
        terminal.press("1")
        assert "[3/4] c.md" in terminal.wait_for(ASKED)
        terminal.press("k")
        assert "[4/4] d.md" in terminal.wait_for(ASKED)
        terminal.press("e")
        terminal.wait_for("Title d")
        terminal.press(" and more\r")
        terminal.wait_for(LAST)
        terminal.press("u")
        assert "[4/4] d.md" in terminal.wait_for(ASKED)
        terminal.press("x")
        terminal.wait_for(LAST)
        terminal.press("q")
        assert "1 accepted, 2 kept, 1 still wait\n" in terminal.wait_for("wait\n")
        assert terminal.end() == 0
    assert [title_of(waiting, name) for name in "abcd"] == ['""', '"Two"', '""', '""']
    assert answers(waiting) == [
        ("a.md", "accept", None), ("a.md", "open", None), ("b.md", "value", "Two"), ("c.md", "keep", None),
        ("d.md", "value", "Title d and more"), ("d.md", "open", None), ("d.md", "keep", None),
    ]  # fmt: skip
    with review(waiting) as terminal:  # what was skipped, and what was taken back, waits on
        assert "[1/1] a.md" in terminal.wait_for(ASKED)
        terminal.press("q")
        assert terminal.end() == 0


def test_all_that_is_alike_is_accepted_and_taken_back_together(waiting: Path) -> None:
    before = tree(waiting)
    with review(waiting) as terminal:
        terminal.wait_for(ASKED)
        terminal.press("s")
        terminal.wait_for(ASKED)
        terminal.press("A")
        terminal.wait_for("accept 3 values for title from a.example? y n: ")
        terminal.press("n")
        terminal.wait_for(ASKED)
        assert tree(waiting) == before
        terminal.press("Ay")
        terminal.wait_for(LAST)
        assert [title_of(waiting, name) for name in "abcd"] == ['""', '"Title b"', '"Title c"', '"Title d"']
        terminal.press("u")
        assert "[2/4] b.md" in terminal.wait_for(ASKED)
        assert {name: content for name, content in tree(waiting).items() if name != ".decisions.jsonl"} == before
        os.kill(terminal.command.pid, signal.SIGINT)  # type: ignore[union-attr]
        assert "0 accepted, 0 kept, 4 still wait" in terminal.wait_for("wait\n")
        assert terminal.end() == 0


def test_a_seed_that_changes_meanwhile_is_asked_about_again(waiting: Path) -> None:
    with review(waiting, "--seed", "[ab].md") as terminal:
        terminal.wait_for(ASKED)
        text = (waiting / "a.md").read_text().replace('""', '"Mine"')
        (waiting / "a.md").write_text(text)
        terminal.press("a")
        shown = terminal.wait_for(ASKED)
        assert "says something else for title by now" in shown
        assert "[2/2] b.md" in shown  # the seed has a title of its own
        (waiting / "b.md").write_text((waiting / "b.md").read_text() + "More.\n")
        terminal.press("a")  # another place of the seed changed
        terminal.wait_for(LAST)
        terminal.press("q")
        assert terminal.end() == 0
    assert (waiting / "a.md").read_text() == text
    assert (waiting / "b.md").read_text().endswith("Text of b.\nMore.\n")
    assert title_of(waiting, "b") == '"Title b"'
    assert answers(waiting) == [("b.md", "accept", None)]


def test_a_body_is_edited_in_an_editor(tmp_path: Path, seeds: Path) -> None:
    (seeds / "a.md").write_bytes(seed_text("a").split("# ")[0].encode().replace(b"\n", b"\r\n"))
    run_folder(tmp_path / "archive" / "runs", [record("a", [change("body", "One.\n\nTwo.", old="")])])
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nexit 3\n")
    editor.chmod(0o700)
    with review(seeds, EDITOR=f"{editor}") as terminal:
        terminal.wait_for(ASKED)
        terminal.press("e")
        assert "ended with exit code 3" in terminal.wait_for(ASKED)
        editor.write_text('#!/bin/sh\nsed -i s/Two/Three/ "$1"\n')
        terminal.press("e")
        terminal.wait_for(LAST)
        terminal.press("\x04")
        assert terminal.end() == 0
    assert (seeds / "a.md").read_bytes().endswith(b"---\r\n\r\nOne.\r\n\r\nThree.\r\n")
