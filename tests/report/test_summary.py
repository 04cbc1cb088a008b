"""The Markdown of a pull request: short enough, and nothing that a page says is markup in it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from archiver.models import Alternative, Change, ImageCheck, Outcome, PictureVerdict
from archiver.report.summary import MAX_SUMMARY_LETTERS, code_span, markdown_summary
from archiver.runs import RunFolder, SeedRecord
from tests.runs.test_folder import NOW, a_record, a_run

HOSTILE = "<img src=x onerror=alert(1)> @somebody #1 `code` ``` | [x](javascript:1) </details> \x1b[2J"


def written(seed: str, *fields: str, value: str = "Harbour opens") -> SeedRecord:
    return a_record(seed, changes=tuple(Change(field, "", value, "h1", ("og",), 0.987) for field in fields))


def run(folder: Path, number: int, *records: SeedRecord) -> RunFolder:
    return a_run(folder, *records, now=NOW + timedelta(hours=number))


def rows(markdown: str) -> list[str]:
    return [line for line in markdown.splitlines() if line.startswith("| `")]


def test_a_table_comes_first_and_the_evidence_is_folded(tmp_path: Path) -> None:
    rival = Change("author", "Ann", "Bo", "byline", (), 0.4, (Alternative("Cy", "json-ld"),))
    markdown = markdown_summary(
        [
            run(
                tmp_path,
                0,
                written("a.md", "title"),
                a_record("gone.md", Outcome.MISSED, detail="The server answered 404."),
                a_record("same.md", Outcome.UNCHANGED),
                a_record("asks.md", Outcome.UNCHANGED, proposed=(rival,)),
            )
        ]
    )
    head, _, evidence = markdown.partition("<details>")
    assert head.splitlines() == [
        "# Repair 1 seed, 1 to decide, 1 missed",
        "",
        "| seed | what | fields |",
        "|---|---|---|",
        "| `asks.md` | to decide | `author` |",
        "| `a.md` | written | `title` |",
        "| `gone.md` | missed: article | `The server answered 404.` |",
        "",
    ]
    assert "- `title`: `Harbour opens`, from `h1`, and 1 place more, 99% sure\n" in evidence
    assert "- to decide: `author`: `Bo`, from `byline`, was `Ann`, 40% sure; others: `Cy`\n" in evidence
    assert evidence.endswith("\n</details>\n")


def test_several_runs_are_told_as_one(tmp_path: Path) -> None:
    first = run(tmp_path, 0, written("a.md", "title", "date"), a_record("b.md", Outcome.MISSED))
    second = run(
        tmp_path,
        1,
        written("a.md", "date", value="2024"),
        a_record("b.md", Outcome.UNCHANGED),
        written("c.md", "title"),
    )
    third = run(tmp_path, 2, a_record("c.md", Outcome.MISSED))
    markdown = markdown_summary([first, second, third])
    assert markdown.startswith("# Repair 2 seeds\n")
    assert rows(markdown) == ["| `a.md` | written | `title`, `date` |", "| `c.md` | written | `title` |"]
    assert "`date`: `2024`" in markdown
    assert "No seed was written" in markdown_summary([run(tmp_path, 3, a_record("same.md", Outcome.UNCHANGED))])


def test_a_large_run_stays_within_what_github_takes(tmp_path: Path) -> None:
    many = [
        written(f"{number:03} {'x' * 300}.md", *(f"key{n}" for n in range(20)), value="日" * 999)
        for number in range(80)
    ]
    markdown = markdown_summary([run(tmp_path, 0, *many)])
    assert len(markdown) <= MAX_SUMMARY_LETTERS
    assert len(rows(markdown)) == 50
    assert "… and 30 more; the report has all of them." in markdown
    assert re.search(r"… and of \d+ more seeds; the report has all of it.\n\n</details>\n$", markdown)


def test_nothing_that_a_page_says_is_markup(tmp_path: Path) -> None:
    record = a_record(
        "a|`b`.md", changes=(Change("title", HOSTILE, HOSTILE, HOSTILE, (), None, (Alternative(HOSTILE, "h1"),)),),
        doubts=(HOSTILE,), images=(ImageCheck(HOSTILE, "lead", PictureVerdict.GONE, HOSTILE),),
    )  # fmt: skip
    missed = a_record("b.md", Outcome.MISSED, detail=HOSTILE)
    markdown = markdown_summary([run(tmp_path, 0, record, missed)])
    assert "- image gone: `" in markdown
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(markdown)
    inline = [child for token in tokens if token.children for child in token.children]
    assert {child.type for child in inline} <= {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
    shown = "".join(child.content for child in inline if child.type == "text")
    assert not re.search(r"[<>@\x1b\[]|javascript|alert", shown)
    blocks = [token.content.strip() for token in tokens if token.type == "html_block"]
    assert blocks == ["<details><summary>Evidence</summary>", "</details>"]


@given(st.text() | st.text("`a |"))
def test_a_code_span_is_one_whatever_it_holds(text: str) -> None:
    line = " ".join(text.split())
    tokens = MarkdownIt().parseInline(f"x{code_span(text)}x")[0].children or []
    assert [token.type for token in tokens] == (["text", "code_inline", "text"] if line else ["text"])
