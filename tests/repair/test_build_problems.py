"""`scrapy audit` on what stops the builder of a site, or is read otherwise than it was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver.models import Field
from archiver.repair.audit import Problem
from archiver.repair.build_problems import Builder, find_build_problems
from archiver.seeds import read
from tests.conftest import scrapy

KEYS = {
    "source": ("origin_url",),
    **{field.value: (field.value,) for field in Field},
    "title": ("title", "params.title"),
    "date": ("date", "day", "params.day"),
}
STOPS, SHAPE = Problem.BREAKS_BUILD, Problem.WRONG_SHAPE


@pytest.mark.parametrize(
    ("path", "builder", "front", "expected"),
    [
        ("_posts/2024-01-01-a.md", None, "date:", [(STOPS, "date")]),
        ("blog/_posts/a.md", None, "date: ''", [(STOPS, "date")]),
        ("_drafts/a.md", None, "date: soon", [(STOPS, "date")]),
        ("_posts/a.md", None, "title: x", []),
        ("_posts/a.md", None, "day:", []),
        ("_posts/a.md", None, "date: 2024-01-01 10:00:00 +0200", []),
        ("posts/a.md", None, "date:", []),
        ("posts/a.md", Builder.JEKYLL, "date:", [(STOPS, "date")]),
        ("_posts/a.md", Builder.HUGO, "date:", []),
        ("a.md", None, "date: soon", [(SHAPE, "date")]),
        ("a.md", Builder.HUGO, "date: 2024-02-30T00:00", [(STOPS, "date")]),
        ("a.md", Builder.HUGO, "day: soon", [(SHAPE, "day")]),
        ("a.md", None, "date: 1975-05-05", []),
        ("a.md", None, "date: '1975-05-05'", []),
        ("a.md", None, "date: [2024-01-01]", [(SHAPE, "date")]),
        ("a.md", None, "title: [One, Two]\ndescription: {a: b}", [(SHAPE, "title"), (SHAPE, "description")]),
        ("a.md", None, "params:\n  day: soon\n  title: [One]", [(SHAPE, "params.day"), (SHAPE, "params.title")]),
        ("a.md", None, "params:\n  day: 2024-01-01\n  title: []", []),
        ("a.md", None, "title: 2024\ndescription: []\nimage: {src: x}\nauthor: [Ann]", []),
        ("a.md", Builder.HUGO, "url: https://a.example/1", [(STOPS, "url")]),
        ("a.md", Builder.HUGO, "url: /2024/a/", []),
        ("a.md", None, "url: https://a.example/1", []),
    ],
)
def test_each_fault_of_front_matter(
    path: str, builder: Builder | None, front: str, expected: list[tuple[Problem, str]]
) -> None:
    found = list(find_build_problems(read(path, f"---\n{front}\n---\nText.\n".encode()), KEYS, builder))
    assert [(problem.problem, problem.field) for problem in found] == expected
    assert all(problem.detail.count("\n") == 0 and problem.detail.endswith(".") for problem in found)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("![](https://:0)", 1),
        ("![A](http:///x.jpg) ![B](<https://>)\n![](https://:0)", 3),
        ("![](https://a.example/x.jpg) ![](/x.jpg) [text](https://:0)", 0),
    ],
)
def test_an_image_without_a_host(body: str, found: int) -> None:
    problems = list(find_build_problems(read("a.md", f"---\ntitle: x\n---\n{body}\n".encode()), KEYS))
    assert [problem.problem for problem in problems] == [STOPS] * found


def test_the_audit_names_what_stops_a_build_and_what_differs_from_the_other_posts(seeds: Path) -> None:
    posts = seeds / "_posts"
    posts.mkdir()
    for number in range(8):
        tags, author, title = ("[a, b]", "Ann", "One") if number else ("a b", "[Ann, Bob]", "[One]")
        mixed = "[x]" if number % 2 else "x"
        text = f"---\ntitle: {title}\ntags: {tags}\nauthor: {author}\nmixed: {mixed}\nempty: []\n---\nText.\n"
        (posts / f"{number}.md").write_text(text)
    (posts / "blank.md").write_text("---\norigin_url: http://a.example/1\ntitle: One\ndate: ''\n---\nText.\n")
    (posts / "same.md").write_text("---\norigin_url: https://www.a.example/1/#top\ntitle: One\n---\nText.\n")
    run = scrapy("audit", seeds, "--json")
    assert run.code == 2
    found = [
        (Path(line["path"]).name, line["problem"], line["field"]) for line in map(json.loads, run.stdout.splitlines())
    ]
    # A list in the title is said once, though the other posts have a text there.
    assert [problem for problem in found if problem[1] != "no source"] == [
        ("0.md", "wrong shape", "title"),
        ("0.md", "wrong shape", "tags"),
        ("0.md", "wrong shape", "author"),
        ("blank.md", "blank", "date"),
        ("blank.md", "breaks build", "date"),
        ("same.md", "same source", None),
    ]
    shown = scrapy("audit", seeds)
    lines = shown.stdout.splitlines()
    assert "title is a list, and one text belongs there" in lines[1]
    assert "tags is a text, and a list in 7 of 8 posts; write it as a list. author is a list" in lines[1]
    assert "Blank: date. date is blank, at which Jekyll stops" in lines[2]
    assert lines[-1] == ("10 seeds read, 3 with something missing or broken, 8 skipped: no source (--json names them)")
    few = scrapy("audit", seeds, "-a", "only=[1-4].md", "-s", "SITE_BUILDER=hugo")
    assert (few.code, few.stdout.count("\n")) == (0, 1)
    wrong = scrapy("audit", seeds, "-s", "SITE_BUILDER=hogo")
    assert (wrong.code, wrong.stdout) == (1, "")
    assert "SITE_BUILDER=hogo is no builder whose ways are known; those are jekyll and hugo" in wrong.stderr
