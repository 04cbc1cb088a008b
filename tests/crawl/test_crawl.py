"""The crawl as a user meets it."""

from __future__ import annotations

import difflib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FIXTURES, GIVEN_SEED, Crawl, collection, scrapy, tree

TITLE = "North Korea ratifies defence treaty with Russia amid Ukraine war"
ADDRESS = "https://www.bangkokpost.com/world/2900753/north-korea-ratifies-defence-treaty-with-russia-amid-ukraine-war"


@pytest.fixture
def given(seeds: Path) -> Path:
    shutil.copyfile(FIXTURES / "bangkokpost/2024-given-seed/before.md", seeds / "given.txt")
    return seeds / "given.txt"


def seed(folder: Path, name: str, url: str | None = ADDRESS, **fields: str) -> Path:
    """Write a seed with a blank title."""
    lines = ["---", "layout: post", *([f'origin_url: "{url}"'] if url is not None else []), 'title: ""']
    lines += [f"{key}: {value}" for key, value in fields.items()]
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*lines, "---", "", "A text of its own.", ""]), encoding="utf-8")
    return file


def test_the_given_seed_is_repaired_by_three_lines(crawl: Crawl, given: Path) -> None:
    before = given.read_bytes()
    run = crawl(given.parent, "bangkokpost")
    diff = list(difflib.unified_diff(before.decode().splitlines(), given.read_text().splitlines(), lineterm="", n=0))
    assert [line for line in diff[2:] if not line.startswith("@@")] == [
        '-title: ""',
        f'+title: "{TITLE}"',
        "-# ",
        "-",
        f"-{TITLE}",
        f"+# {TITLE}",
    ]
    assert run.code == 0
    assert run.stderr == ""
    (result,) = run.results
    assert result["path"] == given.as_posix()
    assert (result["origin_url"], result["outcome"], result["verdict"]) == (ADDRESS, "written", "article")
    assert result["drift"] == "same"
    title, heading = result["changes"]
    assert (title["field"], title["old"], title["new"]) == ("title", "", TITLE)
    assert {"slug", "seed"} <= set(title["witnesses"])
    assert (heading["field"], heading["old"], heading["new"], heading["source"]) == ("heading", "", TITLE, "seed")
    capture = result["capture"]
    assert capture["url"] == ADDRESS
    assert (capture["status"], capture["origin"]) == (200, "archive")
    assert len(capture["sha256"]) == 64
    assert capture["captured_at"].endswith("Z")


def test_the_collection_in_the_repository_is_the_given_seed_and_others(crawl: Crawl, tmp_path: Path) -> None:
    copy = collection(tmp_path / "collection")
    given = copy / "000_d7c785511c5d5a21.txt"
    assert given.read_bytes() == GIVEN_SEED.read_bytes()
    first = crawl(copy, "bangkokpost")
    after = tree(copy)
    again = crawl(copy, "bangkokpost")
    assert (first.code, again.code) == (0, 0)
    assert {result["outcome"] for result in first.results} == {"written"}
    assert {result["outcome"] for result in again.results} == {"unchanged"}
    assert tree(copy) == after


def test_a_theme_with_a_title_and_without_liquid_gets_neither_heading_nor_fences(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    case = shutil.copytree(FIXTURES / "generic/norwegian-plain", tmp_path / "saved" / "case")
    page = case / "response.html"
    page.write_text(page.read_text("utf-8").replace("<p>Fra første", "<pre>{{ x }}</pre><p>Fra første"), "utf-8")
    url = json.loads((case / "capture.json").read_bytes())["url"]
    bodies = []
    for on in (0, 1):
        (seeds / "a.md").write_text(f"---\norigin_url: {url}\ntitle:\n---\n")
        run = crawl(seeds, replay=case.parent, settings={"BODY_HEADING": on, "LIQUID_FENCES": on})
        assert run.code == 0
        bodies.append((seeds / "a.md").read_text("utf-8").partition("\n---\n")[2])
    assert bodies[0].startswith("\n```\n{{ x }}\n```\n\nFra første")
    assert bodies[1].startswith("\n# Fergen over")
    assert "\n{% raw %}\n```\n{{ x }}\n```\n{% endraw %}\n\nFra første" in bodies[1]


def test_a_dry_run_shows_diffs_and_writes_nothing(crawl: Crawl, given: Path) -> None:
    before = tree(given.parent)
    run = crawl(given.parent, settings={"DRY_RUN": 1})
    assert run.code == 0
    assert f'+title: "{TITLE}"' in run.stdout
    assert "would be written" in run.stderr
    assert tree(given.parent) == before
    assert run.results[0]["changes"]


def test_copies_go_to_the_output_folder(crawl: Crawl, given: Path, tmp_path: Path) -> None:
    before = tree(given.parent)
    for outcome in ("written", "unchanged"):
        run = crawl(given.parent, settings={"OUTPUT_DIR": tmp_path / "out"})
        assert (run.code, run.results[0]["outcome"]) == (0, outcome)
        assert TITLE.encode() in (tmp_path / "out" / "given.txt").read_bytes()
        assert tree(given.parent) == before


def test_seeds_that_share_an_address_share_one_request(crawl: Crawl, seeds: Path) -> None:
    for name in ("a.md", "b/c.md", "d.markdown"):
        seed(seeds, name)
    seed(seeds, "e.md", ADDRESS + "#fragment")
    run = crawl(seeds, settings={"STATS_DUMP": 1, "LOG_LEVEL": "INFO"})
    assert [result["outcome"] for result in run.results] == ["written"] * 4
    assert all(TITLE in content.decode() for content in tree(seeds).values())
    assert "'downloader/request_count': 2" in run.stderr  # robots.txt and the page


def test_only_takes_some_seeds(crawl: Crawl, seeds: Path) -> None:
    seed(seeds, "a.md")
    seed(seeds, "sub/b.md")
    assert [Path(r["path"]).name for r in crawl(seeds, args={"only": "sub/*"}).results] == ["b.md"]
    assert [Path(r["path"]).name for r in crawl(seeds, args={"only": "a.*"}).results] == ["a.md"]


def test_refresh_renews_what_is_not_blank(crawl: Crawl, seeds: Path) -> None:
    file = seed(seeds, "a.md", category='"OLD"', description='"Mine"')
    file.write_text(file.read_text().replace('title: ""', 'title: "Mine"'))
    assert crawl(seeds).results[0]["outcome"] == "unchanged"
    run = crawl(seeds, args={"refresh": "title"})
    assert [(c["field"], c["old"], c["new"]) for c in run.results[0]["changes"]] == [("title", "Mine", TITLE)]
    assert file.read_text().count("Mine") == 1


def test_a_policy_reports_or_keeps(crawl: Crawl, given: Path) -> None:
    before = given.read_bytes()
    run = crawl(given.parent, settings={"FIELD_POLICY": '{"title": "report", "body": "keep"}'})
    assert (run.code, run.results[0]["outcome"]) == (0, "unchanged")
    assert TITLE in run.results[0]["detail"]
    assert given.read_bytes() == before


def test_other_names_of_keys(crawl: Crawl, seeds: Path) -> None:
    (seeds / "a.md").write_text(f"---\nurl: {ADDRESS}\nheadline:\n---\nText.\n")
    run = crawl(seeds, settings={"SEED_KEYS": '{"source": "url", "title": ["headline"]}'})
    assert run.code == 0
    assert (seeds / "a.md").read_text() == f"---\nurl: {ADDRESS}\nheadline: {TITLE}\n---\nText.\n"


BAD = {
    "empty.md": (b"", "is empty"),
    "unclosed.md": (b"---\ntitle: x\n", "not closed"),
    "toml.md": (b'+++\ntitle = "x\n+++\n', "TOML"),
    "latin.md": (b"---\ntitle: caf\xe9\n---\n", "UTF-8"),
    "twice.md": (b"---\ntitle: a\ntitle: b\n---\n", "title"),
    "tabs.md": (b"---\na:\n\tb: c\n---\n", "tab"),
    "ftp.md": (b'---\norigin_url: "ftp://a.example/1"\n---\n', "ftp"),
    "hostless.md": (b'---\norigin_url: "https:///1"\n---\n', "not an address"),
    "bare.md": (b"---\norigin_url: www.a.example/1\n---\n", "lacks http"),
    "spaces.md": (b"---\norigin_url: https://a.example/a b\n---\n", "not an address"),
    "several.md": (b"---\norigin_url: [https://a.example/1]\n---\n", "no single text"),
    "second.md": (b"---\norigin_url: words\nsource_url: https://\n---\n", "source_url 'https://' is not an address"),
    "bracket.md": (b'---\norigin_url: "https://[::1/1"\n---\n', "not an address"),
    "unsaved.md": (b'---\norigin_url: "https://unsaved.example/1"\n---\n', "not among the saved pages"),
}


SKIPPED = {
    "README.md": (b"# No front matter\n", "no front matter"),
    "nowhere.md": (b'---\ntitle: ""\n---\n', "has no origin_url"),
    "blank.md": (b"---\norigin_url: ''\nsource_url:\n---\n", "has no origin_url"),
    "relative.md": (b'---\norigin_url: "/world/1/"\n---\n', "relative"),
    "word.md": (b"---\norigin_url: github_trending\n---\n", "origin_url 'github_trending' is no address"),
    "doi.md": (b"---\norigin_url: doi:10.1000\n---\n", "origin_url 'doi:10.1000' is no address"),
    "list.md": (b"---\norigin_url: [one, 2]\n---\n", "no single text"),
    "own.md": (b"---\norigin_url: https://www.Blog.example:8080/a\n---\n", "SITE_HOSTS"),
}


def test_what_was_copied_from_no_page_is_skipped_and_no_miss(crawl: Crawl, seeds: Path) -> None:
    for name, (content, _) in SKIPPED.items():
        (seeds / name).write_bytes(content)
    before = tree(seeds)
    # The first key that can be asked counts, and only what cannot be a source stands before it.
    seed(seeds, "later.md", "/2024/a-permalink/", source_url=ADDRESS)
    seed(seeds, "elsewhere.md", "https://blog.example/a", source_url="broken", original_url=ADDRESS)
    options = {"SITE_HOSTS": "news.example,blog.example", "STATS_DUMP": 1, "LOG_LEVEL": "INFO"}
    run = crawl(seeds, "bangkokpost", settings=options)
    assert run.code == 0
    assert len(run.results) == len(SKIPPED) + 2
    for name, (_, sentence) in SKIPPED.items():
        result = run.result(name)
        assert (result["outcome"], result["verdict"], result["origin_url"]) == ("skipped", "no_source", None), name
        assert sentence in result["detail"], name
        assert name in result["detail"]
    assert {run.result(name)["outcome"] for name in ("later.md", "elsewhere.md")} == {"written"}
    assert {name: content for name, content in tree(seeds).items() if name in SKIPPED} == before
    lines = [" ".join(line.split()) for line in run.stdout.splitlines()]
    assert lines[:5] == ["written 2", "unchanged 0", "missed 0", f"skipped: no source {len(SKIPPED)}", "seeds read 10"]
    assert f"'archiver/skipped': {len(SKIPPED)}" in run.stderr
    assert "'archiver/seeds': 10" in run.stderr

    none = crawl(seeds, args={"only": "[Rw]*"})
    assert none.code == 0
    assert none.stdout.splitlines()[-1] == (
        "no seed names the page that it was copied from under origin_url, source_url, original_url; "
        "name the key that does in SEED_KEYS"
    )
    assert "SEED_KEYS" not in run.stdout

    (seeds / "unsaved.md").write_text("---\norigin_url: https://unsaved.example/1\n---\n")
    brief = crawl(seeds, settings={"SITE_HOSTS": "blog.example", "REPORT_BRIEF": 1})
    assert brief.code == 2
    # Without a ledger nobody knows of earlier misses.
    counts, missed, reason = brief.stdout.splitlines()
    assert counts == "0 written, 2 unchanged, 1 missed (1 not_saved), 8 skipped"
    assert missed == "1 newly missed, 0 missed as before"
    assert reason.startswith(f"newly missed  {seeds}/unsaved.md: ")


def test_bad_seeds_are_missed_each_with_its_reason_and_the_others_go_on(crawl: Crawl, seeds: Path, given: Path) -> None:
    for name, (content, _) in BAD.items():
        (seeds / name).write_bytes(content)
    (seeds / "folder.md").mkdir()
    outside = seeds.parent / "outside.md"
    outside.write_text("---\ntitle:\n---\n")
    (seeds / "link.md").symlink_to(outside)
    before = tree(seeds)
    run = crawl(seeds)
    assert run.code == 2
    assert "Traceback" not in run.stderr
    assert len(run.results) == len(BAD) + 3
    for name, sentence in [*((n, s) for n, (_, s) in BAD.items()), ("folder.md", "folder"), ("link.md", "outside")]:
        result = run.result(name)
        assert result["outcome"] == "missed", name
        assert sentence in result["detail"], name
        assert name in result["detail"] or "unsaved.example" in result["detail"]
        assert result["detail"].count("\n") == 0
        assert result["detail"] in " ".join(run.stdout.split()), name
    after = tree(seeds)
    assert TITLE in after.pop("given.txt").decode()
    before.pop("given.txt")
    assert after == before
    assert run.result("unsaved.md")["verdict"] == "not_saved"


@pytest.mark.parametrize(
    ("settings", "args", "sentence"),
    [
        ({"SEEDS_DIR": "missing"}, {}, "SEEDS_DIR=missing does not exist"),
        ({"SEEDS_DIR": "Makefile"}, {}, "SEEDS_DIR=Makefile is not a folder"),
        ({"REPLAY": "missing"}, {}, "REPLAY=missing does not exist"),
        ({"REPLAY": "docs"}, {}, "REPLAY=docs holds neither"),
        ({"OUTPUT_DIR": "seeds/out"}, {}, "OUTPUT_DIR=seeds/out lies inside"),
        ({"FIELD_POLICY": '{"title": "guess"}'}, {}, "'guess'"),
        ({"FIELD_POLICY": "{"}, {}, "FIELD_POLICY"),
        ({"DRY_RUN": "maybe"}, {}, "DRY_RUN=maybe"),
        ({"SEED_KEYS": '{"headline": "x"}'}, {}, "'headline'"),
        ({"SITE_HOSTS": "a.example,https://blog.example/"}, {}, "which is no host; write it like blog.example"),
        ({}, {"refresh": "title,headline"}, "'headline'"),
        ({}, {"onyl": "x"}, "-a onyl="),
    ],
)
def test_a_run_that_cannot_start_says_why_in_one_sentence(
    settings: dict[str, Any], args: dict[str, str], sentence: str
) -> None:
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    options += [part for name, value in args.items() for part in ("-a", f"{name}={value}")]
    run = scrapy("crawl", "seeds", "-s", "DRY_RUN=1", "-s", "REPLAY=fixtures", *options)
    assert run.code == 1
    assert sentence in run.stderr
    assert run.stderr.count("\n") == 1
    assert run.stdout == ""


def test_an_unknown_spider_is_named_with_those_that_exist() -> None:
    run = scrapy("crawl", "bankokpost")
    assert (run.code, run.stdout) == (1, "")
    meant = "did you mean bangkokpost? The spiders are bangkokpost, seeds."
    assert run.stderr == f"scrapy crawl: there is no spider 'bankokpost'; {meant}\n"


def test_a_feed_on_standard_output_has_it_for_itself(given: Path) -> None:
    run = scrapy("crawl", "seeds", "-s", f"SEEDS_DIR={given.parent}", "-s", "REPLAY=fixtures", "-O", "-:jsonlines")
    (line,) = run.stdout.splitlines()
    assert json.loads(line)["outcome"] == "written"
    assert "seeds read" in run.stderr


def test_a_replay_opens_no_socket(crawl: Crawl, given: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    log = tmp_path / "sockets.log"
    (site / "sitecustomize.py").write_text(
        "import sys, socket\n"
        "def hook(event, args):\n"
        "    if event in {'socket.connect', 'socket.sendto'} and args[0].family != socket.AF_UNIX \\\n"
        "            or event in {'socket.getaddrinfo', 'socket.gethostbyname'}:\n"
        f"        open({str(log)!r}, 'a').write(f'{{event}} {{args}}\\n')\n"
        "sys.addaudithook(hook)\n"
    )
    ask = "import socket; socket.socket().connect_ex(('127.0.0.1', 9)); socket.getaddrinfo('127.0.0.1', 9)"
    subprocess.run([sys.executable, "-c", ask], env={"PYTHONPATH": str(site)}, check=True)
    assert [line.partition(" ")[0] for line in log.read_text().splitlines()] == ["socket.connect", "socket.getaddrinfo"]
    log.unlink()
    assert crawl(given.parent, env={"PYTHONPATH": str(site)}).code == 0
    assert not log.exists()


def test_a_publisher_whose_domains_no_seed_is_of_is_told_which_there_are(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    (tmp_path / "gazeta.py").write_text(
        "from archiver.crawl.spider import SeedSpider\n"
        "from archiver.rules import SiteRules\n"
        "class Gazeta(SeedSpider):\n"
        "    name = 'gazeta'\n"
        "    rules = (SiteRules(domains=('gazetafoz.example',)),)\n",
        encoding="utf-8",
    )
    (seeds / "a.md").write_text('---\norigin_url: "https://www.gazetadafoz.example/a"\n---\n', encoding="utf-8")
    run = crawl(seeds, "gazeta", settings={"SPIDER_MODULES": "gazeta"}, env={"PYTHONPATH": str(tmp_path)})
    assert (run.code, run.results) == (1, [])
    assert "none of the 1 seeds in" in run.stderr
    assert "is of gazetafoz.example; there are gazetadafoz.example; correct the domains" in run.stderr
