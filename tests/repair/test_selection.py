"""Which seeds a command takes: `-a only=`, `missing=`, `host=` and `since=`, the same for all that read seeds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from archiver.config.selection import parse_selection
from archiver.errors import SettingsError
from archiver.models import Field
from archiver.repair.policy import Action, Policy
from archiver.repair.selection import Selection
from archiver.seeds import read
from archiver.seeds.source import origin_url
from tests.conftest import FIXTURES, Crawl, scrapy

KEYS = {"source": ("origin_url",), **{field.value: (field.value,) for field in Field}, "date": ("date", "day")}


def selection(**arguments: str) -> Selection:
    return parse_selection(arguments, Policy({Field.IMAGE: Action.INSERT}))


def takes(front: str, body: str = "Text.\n", name: str = "a.md", **arguments: str) -> bool:
    seed = read(name, f"---\n{front}\n---\n{body}".encode())
    return selection(**arguments).takes(seed, origin_url(seed, KEYS["source"]), KEYS)


@pytest.mark.parametrize(
    ("only", "found"),
    [
        ("1.md", ["a/1.md"]),
        ("a/*", ["a/1.md", "a/b/2.md"]),
        ("[ab].md", ["b.md"]),
        ("?.md", ["a/1.md", "a/b/2.md", "b.md"]),
        ("nothing", []),
        ("1.md, b.md,", ["a/1.md", "b.md"]),
        ("2.md,nothing", ["a/b/2.md"]),
        ("{a?b}.md", ["{a,b}.md"]),
        ("{a,b}.md", []),
    ],
)
def test_only_is_a_list_of_patterns_for_the_path_or_the_name(only: str, found: list[str]) -> None:
    paths = ["a/1.md", "a/b/2.md", "b.md", "{a,b}.md"]
    assert [path for path in paths if selection(only=only).has_path(path)] == found


ORIGIN = "origin_url: https://www.news.example/1"


@pytest.mark.parametrize(
    ("front", "body", "arguments", "expected"),
    [
        (ORIGIN, "Text.", {"missing": "title"}, True),
        (f"{ORIGIN}\ntitle: One", "Text.", {"missing": "title"}, False),
        (f"{ORIGIN}\ntitle: One\nauthor: ''", "Text.", {"missing": "title, author"}, True),
        # Nothing is put in where there is no key, so nothing is missing.
        (f"{ORIGIN}\ntitle: One", "Text.", {"missing": "author"}, False),
        # The policy of these cases puts an image in where there is none.
        (f"{ORIGIN}\ntitle: One", "Text.", {"missing": "image"}, True),
        (f"{ORIGIN}\ntitle: One\nimage: /a.jpg", "Text.", {"missing": "image"}, False),
        (f"{ORIGIN}\ntitle: One\nday:", "Text.", {"missing": "date"}, True),
        (f"{ORIGIN}\ntitle: One", "", {"missing": "body"}, True),
        (f"{ORIGIN}\ntitle: One", "# \n\nText.", {"missing": "heading"}, True),
        (f"{ORIGIN}\ntitle: One", "# \n\nText.", {"missing": "body"}, False),
        (ORIGIN, "", {"host": "news.example"}, True),
        (ORIGIN, "", {"host": "other.example,WWW.news.example"}, True),
        (ORIGIN, "", {"host": "example"}, True),
        (ORIGIN, "", {"host": "ws.example"}, False),
        (f"{ORIGIN}\ndate: 2024-11-12", "", {"since": "2024-11-12"}, True),
        (f"{ORIGIN}\ndate: 2024-11-11T23:59:59Z", "", {"since": "2024-11-12"}, False),
        (f"{ORIGIN}\nday: 2024-11-12 01:00:00 +0200", "", {"since": "2024-11-12"}, False),
        (ORIGIN, "", {"since": "2024-11-12"}, False),
        (f"{ORIGIN}/2024/11/13/x", "", {"since": "2024-11-12"}, True),
        (f"{ORIGIN}\ntitle:", "", {"missing": "title", "host": "a.example"}, False),
        (f"{ORIGIN}\ntitle:", "", {"missing": "title", "host": "news.example"}, True),
    ],
)
def test_each_need(front: str, body: str, arguments: dict[str, str], expected: bool) -> None:
    assert takes(front, body, **arguments) is expected


def test_a_day_in_a_file_name_is_a_date_of_its_post() -> None:
    assert takes(ORIGIN, name="_posts/2024-11-12-a.md", since="2024-11-12")
    assert not takes(f"{ORIGIN}\ndate: 2023-01-01", name="2024-11-12-a.md", since="2024-11-12")
    assert not takes(ORIGIN, name="2024-11-31-a.md", since="2024-11-12")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"missing": "titel"}, "missing names the field 'titel', which does not exist; did you mean title? The fields"),
        ({"missing": "title,x"}, "missing names the field 'x', which does not exist; the fields are title, "),
        ({"since": "soon"}, "-a since=soon is no day; write it like since=2024-11-12"),
        ({"host": "https://a.example/"}, "-a host= names 'https://a.example/', which is no host; write it like a.exam"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_selection(arguments, Policy({}))
    assert str(caught.value).startswith(sentence)


def collection(seeds: Path) -> None:
    """Four posts of two papers, one of nobody's, one broken; each lacks something else."""
    for number, case in enumerate(("2024-given-seed", "2023-markup"), start=1):
        shutil.copyfile(FIXTURES / "bangkokpost" / case / "before.md", seeds / f"bkk{number}.md")
        assert "bangkokpost" in (seeds / f"bkk{number}.md").read_text("utf-8")
    done = (FIXTURES / "bangkokpost/2024-given-seed/after.md").read_bytes()
    (seeds / "done.md").write_bytes(done)
    (seeds / "other.md").write_text(
        "---\norigin_url: https://other.example/1\ntitle: ''\ndate: 2020-05-05\n---\nText.\n"
    )
    (seeds / "mine.md").write_text("---\ntitle: ''\ndate: 2025-05-05\n---\n")
    (seeds / "broken.md").write_text("---\ntitle: x\n")


def test_every_command_takes_the_same_seeds(crawl: Crawl, seeds: Path) -> None:
    collection(seeds)
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={seeds.parent / 'archive'}"]
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"only": "bkk*,mine.md,broken.md"}, {"bkk1.md", "bkk2.md", "mine.md", "broken.md"}),
        ({"missing": "title"}, {"bkk1.md", "bkk2.md", "other.md"}),
        ({"missing": "title,body", "host": "bangkokpost.com", "only": "*1.md,*.txt"}, {"bkk1.md"}),
        ({"since": "2020-05-05", "only": "[mo]*"}, {"mine.md", "other.md"}),
    ]
    for arguments, expected in cases:
        given = [part for name, value in arguments.items() for part in ("-a", f"{name}={value}")]
        audited = scrapy("audit", *where, *given, "--json").stdout.splitlines()
        assert {Path(json.loads(line)["path"]).name for line in audited} == expected, arguments
        report = json.loads(scrapy("status", *where, *given, "--json").stdout)
        assert (report["seeds"], report["due"]) == (len(expected), None), arguments
        run = crawl(seeds, settings={"DRY_RUN": 1}, args=arguments)
        assert {Path(result["path"]).name for result in run.results} == expected, arguments
    # A spider of one publisher keeps to its own.
    run = crawl(seeds, "bangkokpost", settings={"DRY_RUN": 1}, args={"missing": "title"})
    assert {Path(result["path"]).name for result in run.results} == {"bkk1.md", "bkk2.md"}


def test_a_selection_that_takes_nothing_is_one_sentence(seeds: Path, tmp_path: Path) -> None:
    collection(seeds)
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
    replay = ["-s", f"REPLAY={FIXTURES}"]
    cases = [
        (["audit"], ["-a", "only=x*"], "-a only=x* matches no seed in"),
        (["audit", str(seeds / "bkk1.md")], ["-a", "host=x.example"], "-a host=x.example matches no seed in"),
        (
            ["status"],
            ["-a", "missing=image", "-a", "host=x.example"],
            "missing=image -a host=x.example together match no",
        ),
        (["crawl", "seeds", *replay], ["-a", "only=x,y"], "-a only=x,y matches no seed in"),
        (["crawl", "seeds", *replay], ["-a", "since=2999-01-01"], "-a since=2999-01-01 matches no seed in"),
        (["crawl", "bangkokpost", *replay], ["-a", "host=other.example"], f"no seed in {seeds} for bangkokpost"),
        (["refresh"], ["-a", "missing=image", "-a", "only=other.md"], "together match no seed"),
    ]
    for command, given, sentence in cases:
        run = scrapy(*command, *where, *given)
        assert (run.code, run.stdout, run.stderr.count("\n")) == (1, "", 1), (command, run)
        assert sentence in run.stderr
    for name in ("audit", "status"):
        run = scrapy(name, *where, "-a", "mising=title")
        assert (run.code, run.stdout) == (1, "")
        assert "-a mising= is no argument of this command; did you mean missing=? The arguments are" in run.stderr
