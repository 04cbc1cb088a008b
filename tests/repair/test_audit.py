"""`scrapy audit`: what is missing or broken, seen from the seeds alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver.models import Field
from archiver.repair.audit import AuditProblem, Problem, find_problems, missing
from archiver.repair.policy import Action, Policy
from archiver.seeds import read
from tests.conftest import GIVEN_SEED, scrapy, tree

KEYS = {
    "source": ("origin_url", "source_url"),
    **{field.value: (field.value,) for field in Field},
    "date": ("date", "day"),
}
FILL = Policy({})
SOUND = '---\norigin_url: "https://a.example/1"\ntitle: "One"\n---\n\nText.\n'


def found(front: str, body: str = "Text.\n") -> list[AuditProblem]:
    return list(find_problems(read("a.md", f"---\n{front}\n---\n{body}".encode()), KEYS, FILL))


@pytest.mark.parametrize(
    ("front", "body", "expected"),
    [
        ("origin_url: https://a.example/1\ntitle: One", "Text.", []),
        ("source_url: https://a.example/1\ntitle: One", "# A heading\n\nText.", []),
        ("title: One", "Text.", [(Problem.NO_SOURCE, None)]),
        ("title: One\norigin_url:", "Text.", [(Problem.NO_SOURCE, None)]),
        ("title: One\norigin_url: /relative", "Text.", [(Problem.NO_SOURCE, None)]),
        ("title: ''\norigin_url: a word", "# \n", [(Problem.NO_SOURCE, None)]),
        ("title: One\norigin_url: 'http://'", "Text.", [(Problem.BAD_SOURCE, None)]),
        ("title: One\norigin_url: ftp://a.example/1", "Text.", [(Problem.BAD_SOURCE, None)]),
        ("title: One\norigin_url: [https://a.example/1]", "Text.", [(Problem.BAD_SOURCE, None)]),
        ("origin_url: https://a.example/1", "Text.", [(Problem.BLANK, "title")]),
        ("origin_url: https://a.example/1\ntitle: ''", "Text.", [(Problem.BLANK, "title")]),
        (
            "origin_url: https://a.example/1\ntitle: One\ndescription: ''\nday: ~\ncategory: '  '\ncode: ''",
            "Text.",
            [(Problem.BLANK, "description"), (Problem.BLANK, "day"), (Problem.BLANK, "category")],
        ),
        (
            "origin_url: https://a.example/1\ntitle: One\nauthor: []\ncategory: [' ', ~]\nimage: [i.jpg]\ndate: {}",
            "Text.",
            [(Problem.BLANK, "author"), (Problem.BLANK, "category")],
        ),
        ("origin_url: https://a.example/1\ntitle: One", "# \n\nText.", [(Problem.EMPTY_HEADING, None)]),
        ("origin_url: https://a.example/1\ntitle: One", "", [(Problem.EMPTY_BODY, None)]),
        ("origin_url: https://a.example/1\ntitle: One", "# One\n\n \n", [(Problem.EMPTY_BODY, None)]),
        (
            "origin_url: https://a.example/1\ntitle: One",
            "# \n",
            [(Problem.EMPTY_HEADING, None), (Problem.EMPTY_BODY, None)],
        ),
    ],
)
def test_each_kind_of_finding(front: str, body: str, expected: list[tuple[Problem, str | None]]) -> None:
    result = found(front, body)
    assert sorted((finding.problem, finding.field) for finding in result) == sorted(expected)
    assert all(finding.path == "a.md" and finding.detail.count("\n") == 0 for finding in result)


def test_a_key_in_a_mapping_is_looked_into() -> None:
    keys = {**KEYS, "source": ("params.url",), "image": ("cover", "cover.image")}
    seed = read("a.md", b"---\ntitle: T\nparams: {url: https://a.example/1}\ncover:\n  image: ''\n---\nText.\n")
    assert [(found.problem, found.field) for found in find_problems(seed, keys, FILL)] == [
        (Problem.BLANK, "cover.image")
    ]
    assert missing(seed, keys, FILL) == ("cover.image",)


def test_a_key_that_the_policy_puts_in_is_missing_where_it_is_absent() -> None:
    seed = read("a.md", b"---\ntitle: T\norigin_url: https://a.example/1\n---\nText.\n")
    policy = Policy({Field.AUTHOR: Action.INSERT, Field.IMAGE: Action.REFRESH})
    assert [(found.field, found.detail) for found in find_problems(seed, KEYS, policy)] == [
        ("author", "It has no author.")
    ]
    assert missing(seed, KEYS, policy) == ("author",)


def test_an_empty_heading_is_none_where_bodies_have_no_heading() -> None:
    seed = read("a.md", b"---\ntitle: T\norigin_url: https://a.example/1\n---\n# \n\nText.\n")
    assert missing(seed, KEYS, FILL) == ("heading",)
    assert missing(seed, KEYS, Policy({}, body_heading=False)) == ()


def test_what_bars_the_way_to_a_key_is_named() -> None:
    keys = {**KEYS, "source": ("params.url",), "image": ("cover.image",), "author": ("author", "meta.author")}
    seed = read("a.md", b"---\ntitle: T\nparams: [x]\ncover: i.jpg\nmeta: x\n---\nText.\n")
    assert [(found.problem, found.field, found.detail) for found in find_problems(seed, keys, FILL)] == [
        (
            Problem.BAD_SOURCE,
            None,
            "a.md: params is no mapping, so it cannot hold params.url; make it one, or name another key",
        ),
        (
            Problem.WRONG_SHAPE,
            "cover.image",
            "cover is no mapping, so it cannot hold cover.image; make it one, or name another key.",
        ),
    ]
    assert missing(seed, keys, FILL) == ()


def test_a_sound_collection_has_nothing_to_say(seeds: Path) -> None:
    (seeds / "a.md").write_text(SOUND)
    run = scrapy("audit", "-s", f"SEEDS_DIR={seeds}")
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout == "1 seeds read, 0 with something missing or broken\n"
    assert scrapy("audit", "--json", seeds).stdout == ""


@pytest.mark.parametrize(
    ("args", "sentence"),
    [(["missing"], "missing does not exist"), (["Makefile"], "Makefile is not named like a seed")],
)
def test_what_cannot_be_audited_is_one_sentence(args: list[str], sentence: str) -> None:
    run = scrapy("audit", *args)
    assert (run.code, run.stdout) == (1, "")
    assert sentence in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_link_to_itself_is_one_seed_that_cannot_be_read(seeds: Path) -> None:
    (seeds / "a.md").write_text(SOUND)
    (seeds / "round.md").symlink_to("round.md")
    run = scrapy("audit", "--json", "-s", f"SEEDS_DIR={seeds}")
    assert (run.code, run.stderr) == (2, "")
    (problem,) = map(json.loads, run.stdout.splitlines())
    assert problem["path"] == str(seeds / "round.md")
    assert "too many levels of symbolic links" in problem["detail"]


def test_what_was_copied_from_no_page_is_counted_and_no_fault(seeds: Path) -> None:
    (seeds / "a.md").write_text(SOUND)
    (seeds / "own.md").write_text(SOUND.replace("a.example", "blog.example"))
    (seeds / "mine.md").write_text("---\ntitle:\n---\n")
    (seeds / "README.md").write_text("# Read me\n")
    options = ["-s", f"SEEDS_DIR={seeds}", "-s", "SITE_HOSTS=blog.example"]
    run = scrapy("audit", *options)
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout == (
        "4 seeds read, 0 with something missing or broken, 3 skipped: no source (--json names them)\n"
    )
    listed = scrapy("audit", *options, "--json")
    found = {Path(line["path"]).name: line["problem"] for line in map(json.loads, listed.stdout.splitlines())}
    assert (listed.code, found) == (0, {"README.md": "no front matter", "mine.md": "no source", "own.md": "no source"})
    where = ["-s", f"ARCHIVE_DIR={seeds.parent / 'archive'}"]
    status = scrapy("status", *options, *where, "--json")
    report = json.loads(status.stdout)
    assert status.code == 0
    assert [report[name] for name in ("seeds", "complete", "incomplete", "unusable", "skipped")] == [4, 1, 0, 0, 3]
    assert "skipped: no source" in scrapy("status", *options, *where).stdout


def test_the_given_seed_as_a_file() -> None:
    before = tree(GIVEN_SEED.parent)
    run = scrapy("audit", "--json", GIVEN_SEED)
    assert run.code == 2
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(line["problem"], line["field"]) for line in lines] == [("blank", "title"), ("empty heading", None)]
    assert {line["path"] for line in lines} == {str(GIVEN_SEED)}
    assert tree(GIVEN_SEED.parent) == before


def test_addresses_are_compared_across_arguments_and_no_seed_is_read_twice(seeds: Path) -> None:
    one, two = seeds / "one", seeds / "two"
    one.mkdir()
    two.mkdir()
    (one / "a.md").write_text(SOUND)
    (two / "b.md").write_text(SOUND.replace("/1", "/1#part"))
    (two / "c.md").write_text(SOUND.replace("/1", "/2"))
    run = scrapy("audit", "--json", one / "a.md", two, one, two / "c.md")
    assert run.code == 2
    (line,) = (json.loads(line) for line in run.stdout.splitlines())
    assert (line["path"], line["problem"]) == (str(two / "b.md"), "same source")
    assert str(one / "a.md") in line["detail"]
    assert scrapy("audit", one, two / "c.md").stdout == "2 seeds read, 0 with something missing or broken\n"


def test_a_table_names_every_seed_and_shows_control_characters_without_obeying_them(seeds: Path) -> None:
    hostile = "\x1b[31mred\x1b[0m\x07\r"
    (seeds / f"a{hostile}[bold].md").write_text("---\nnever: closed\n")
    (seeds / "b.md").write_text('---\norigin_url: "//\\e]0;owned\\a\\u202Ecode"\ntitle:\n---\n# \n\n[link=x]Text\n')
    (seeds / "c.md").write_bytes(b"---\ntitle: \xff\n---\n")
    (seeds / "d.md").mkdir()
    for name in "ef":
        (seeds / f"{name}.md").write_text(SOUND)
    run = scrapy("audit", seeds, env={"COLUMNS": "300"})
    assert run.code == 2
    assert run.stderr == ""
    assert "Traceback" not in run.stdout
    assert not {character for character in run.stdout if not character.isprintable()} - {"\n"}
    for words in (
        "[bold].md",
        "\\x1b[31mred",
        "its front matter is not closed",
        "\\x1b]0;owned\\x07\\u202ecode",
        "Blank: title.",
        "heading has no text",
        "line 2 is not UTF-8",
        "is a folder",
        "It has the same address as",
        "6 seeds read, 5 with something missing or broken",
    ):
        assert words in run.stdout, words
    lines = scrapy("audit", seeds, "--json").stdout.splitlines()
    assert {Path(json.loads(line)["path"]).name for line in lines} == {
        f"a{hostile}[bold].md", "b.md", "c.md", "d.md", "f.md"
    }  # fmt: skip
