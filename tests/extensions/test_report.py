"""What a person sees of a run: diffs, reasons, the summary, and a progress bar on a terminal only."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extensions.diffs import coloured_diff
from archiver.extensions.summary import reasons_of
from archiver.models import Outcome, Result, Verdict
from archiver.text.control_characters import escape_control
from tests.conftest import FIXTURES, Crawl, scrapy, scrapy_in_terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, Ünïcödé, 日本語, العربية, a\ttab", "plain, Ünïcödé, 日本語, العربية, a\ttab"),
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("bell\x07 back\x08 return\r", "bell\\x07 back\\x08 return\\r"),
        ("left\u202eright", "left\\u202eright"),
        ("\x9b31m", "\\x9b31m"),
        ("\ufeff\u200b", "\\ufeff\\u200b"),
    ],
)
def test_control_characters_are_shown_not_obeyed(text: str, shown: str) -> None:
    assert escape_control(text) == shown


@given(st.text())
def test_what_is_shown_is_printable(text: str) -> None:
    assert escape_control(text).replace("\t", "").isprintable()
    assert escape_control(escape_control(text)) == escape_control(text)


def test_a_diff_says_what_changed_and_nothing_else() -> None:
    before = '---\ntitle: ""\nimage: [bold]x[/]\ncode: 1\n---\n# \n\nText.\n'
    after = before.replace('""', '"A \x1b[31m title"')
    diff = coloured_diff(b"seeds/a.md", before.encode(), after.encode())
    assert diff.plain.splitlines() == [
        "diff --git a/seeds/a.md b/seeds/a.md",
        "--- a/seeds/a.md",
        "+++ b/seeds/a.md",
        "@@ -1,3 +1,3 @@",
        " ---",
        '-title: ""',
        '+title: "A \\x1b[31m title"',
        " image: [bold]x[/]",
    ]
    styles = {str(span.style) for span in diff.spans}
    assert {"green", "red", "cyan", "bold"} <= styles


def test_a_diff_of_bytes_that_are_not_text_is_still_a_diff() -> None:
    assert "+\ufffd" in coloured_diff(b"a.md", b"a\n", b"\xff\n").plain


def test_line_ends_do_not_double_lines() -> None:
    diff = coloured_diff(b"a.md", b"a\r\nb\r\n", b"a\r\nc\r\n")
    assert diff.plain.splitlines()[4:] == [" a", "-b", "+c"]


def collection(seeds: Path) -> None:
    """Three seeds to write, one with nothing to do, and missed ones of two kinds."""
    case = FIXTURES / "bangkokpost/2024-given-seed"
    for number in range(3):
        shutil.copyfile(case / "before.md", seeds / f"{number}.md")
    shutil.copyfile(case / "after.md", seeds / "3.md")
    (seeds / "bad\x1b[2J.md").write_text("---\nnever: closed\n")
    for number in range(25):
        (seeds / f"unsaved-{number:02}.md").write_text(f"---\norigin_url: https://a.example/{number}\n---\nText.\n")


def test_what_a_full_disk_keeps_from_many_seeds_is_one_line() -> None:
    full = "cannot be written (no space left on device); make room on the disk and run again"
    missed = [Result(f"{name}.md", None, Outcome.MISSED, Verdict.ERROR, f"{name}.md {full}") for name in "abcde"]
    other = Result("f.md", "https://a.example/", Outcome.MISSED, Verdict.GONE)
    assert reasons_of([*missed, other]) == [f"a.md {full} (and 4 more alike)", "f.md: https://a.example/: gone"]
    assert reasons_of(missed[:3]) == [f"{name}.md {full}" for name in "abc"]


def test_a_pipe_gets_reasons_and_summary_without_colours(crawl: Crawl, seeds: Path) -> None:
    collection(seeds)
    run = crawl(seeds)
    assert run.stderr == ""
    assert "\x1b" not in run.stdout
    assert "bad\\x1b[2J.md: its front matter is not closed" in run.stdout
    lines = [" ".join(line.split()) for line in run.stdout.splitlines()]
    assert len([line for line in lines if line.startswith("missed ") and "a.example" in line]) == 19
    assert lines[-7:-1] == [
        "missed … and 6 more; -O results.jsonl lists all of them",
        "written 3",
        "unchanged 1",
        "missed: error 1",
        "missed: not_saved 25",
        "seeds read 30",
    ]
    assert lines[-1].startswith("rules of bangkokpost.com until 2024-12-31 that matched none of 1 article: ")
    assert len(run.results) == 30


def test_a_terminal_gets_a_progress_bar_that_ends_full_and_diffs_in_colour(seeds: Path, tmp_path: Path) -> None:
    collection(seeds)
    folders = {"SEEDS_DIR": seeds, "REPLAY": FIXTURES, "ARCHIVE_DIR": tmp_path / "archive"}
    options = ["-s", "SHOW_DIFF=1", *(part for name in folders for part in ("-s", f"{name}={folders[name]}"))]
    screen = {"TERM": "xterm-256color", "COLUMNS": "120"}
    with scrapy_in_terminal("crawl", "seeds", *options, env=screen) as terminal:
        text = terminal.read_all()
        assert terminal.end() == 2
    counts = re.findall(r"(\d+)/(\d+|\?)", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text))
    assert counts[-1] == ("30", "30")
    assert {total for _, total in counts} <= {"30", "?"}
    assert text.count("\x1b[32m+title:") == 3
    # Each diff starts on a line from which the bar was wiped.
    assert text.count("\x1b[2K\x1b[1mdiff --git a/") == 3
    assert "\x1b[?25h" in text.rpartition("\x1b[?25l")[2], "the cursor is given back"
    assert "\x1b[2J" not in text


@pytest.mark.parametrize("target", ["-:jsonlines", "stdout::jsonlines"])
def test_a_feed_on_standard_output_sends_the_report_to_the_other(seeds: Path, target: str) -> None:
    (seeds / "a.md").write_text("---\norigin_url: https://a.example/1\n---\nText.\n")
    run = scrapy("crawl", "seeds", "-s", f"SEEDS_DIR={seeds}", "-s", f"REPLAY={FIXTURES}", "-o", target)
    (line,) = run.stdout.splitlines()
    assert json.loads(line)["verdict"] == "not_saved"
    assert "seeds read" in run.stderr
