"""`scrapy review` without a terminal, as a user runs it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from archiver.decisions import digest_of
from archiver.decisions.offer_record import OfferRecord
from tests.conftest import Run, scrapy, tree
from tests.review.runs import NOW, change, record, run_folder, seed_text

BODY = "One line.\n\nAnother."


@pytest.fixture
def waiting(tmp_path: Path, seeds: Path) -> Path:
    """A run that proposed values for three seeds; the third is of another host."""
    for name in ("a", "b", "c"):
        text = seed_text(name, title='""  # mine', author="Somebody", date="")
        (seeds / f"{name}.md").write_bytes(text.replace("\n", "\r\n" if name == "b" else "\n").encode())
    other = (seeds / "c.md").read_text().replace("www.a.example", "b.example")
    (seeds / "c.md").write_text(other)
    title, author = change("title", "Said: so", "So", "It"), change("author", "Ada Quell", old="Somebody")
    run_folder(
        tmp_path / "archive" / "runs",
        [
            record("a", [title, author], doubts=["Two places differ."]),
            record("b", [title, change("date", "2024-11-12T10:00:00Z", old=None)]),
            record("c", [title], host="b.example"),
        ],
    )
    return seeds


def review(seeds: Path, *args: str) -> Run:
    return scrapy("review", "-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={seeds.parent / 'archive'}", *args)


def listed(seeds: Path, *args: str) -> list[tuple[str, str]]:
    run = review(seeds, "--json", *args)
    assert (run.code, run.stderr) == (0, "")
    return [(one["path"], one["field"]) for one in map(json.loads, run.stdout.splitlines())]


def noted(seeds: Path) -> list[tuple[str, str, str]]:
    lines = (seeds / ".decisions.jsonl").read_text().splitlines()
    return [(one["path"], one["field"], one["answer"]) for one in map(json.loads, lines)]


def test_what_waits_is_listed_and_accepted_by_seed_field_and_host(waiting: Path) -> None:
    everything = [("a.md", "title"), ("a.md", "author"), ("b.md", "title"), ("b.md", "date"), ("c.md", "title")]
    assert listed(waiting) == everything
    assert listed(waiting, "--host", "b.example") == everything[4:]
    assert listed(waiting, "--seed", "a.*", "--field", "title") == everything[:1]
    assert "60% sure, from h1; no other place agrees" in review(waiting, "--list").stdout
    run = review(waiting, "--fields", "title")
    assert run.code == 2
    run = review(waiting, "--list", "--field", "titel")
    assert (run.code, "did you mean title?" in run.stderr) == (1, True)

    before = tree(waiting)
    run = review(waiting, "--accept-all", "--field", "title", "--host", "a.example")
    assert (run.code, run.stdout, run.stderr) == (0, "2 accepted, 0 kept, 0 still wait\n", "")
    after = tree(waiting)
    for name in ("a.md", "b.md"):
        assert after[name] == before[name].replace(b'""', b'"Said: so"').replace(b"\n# ", b"\n# Said: so")
    assert after["c.md"] == before["c.md"]
    assert listed(waiting) == [everything[1], *everything[3:]]

    assert review(waiting, "--keep-all", "--field", "author").stdout == "0 accepted, 1 kept, 0 still wait\n"
    assert listed(waiting) == everything[3:]
    assert (waiting / "a.md").read_bytes() == after["a.md"]
    assert noted(waiting) == [("a.md", "title", "accept"), ("b.md", "title", "accept"), ("a.md", "author", "keep")]


def test_seeds_of_today_say_what_waits(waiting: Path) -> None:
    (waiting / "a.md").write_text((waiting / "a.md").read_text().replace('""', '"Mine"').replace("Somebody", "Else"))
    (waiting / "b.md").unlink()
    (waiting / "c.md").write_text((waiting / "c.md").read_text().replace("b.example", "c.example"))
    run = review(waiting, "--json")
    (offer,) = map(json.loads, run.stdout.splitlines())
    assert (offer["path"], offer["field"], offer["old"], offer["new"]) == ("a.md", "author", "Else", "Ada Quell")


def test_the_newest_run_that_read_a_page_speaks_for_it(waiting: Path) -> None:
    runs = waiting.parent / "archive" / "runs"
    again = change("title", "Said: more")
    run_folder(runs, [record("a", [again])], at=NOW + timedelta(hours=1))
    (first,) = [folder.name for folder in runs.iterdir() if folder.name.endswith("T120000Z")]
    run = review(waiting, "--json")
    offers = [(one["path"], one["field"], one["new"]) for one in map(json.loads, run.stdout.splitlines())]
    assert offers[0] == ("a.md", "title", "Said: more")
    assert [offer[0] for offer in offers] == ["a.md", "b.md", "b.md", "c.md"]
    assert len(listed(waiting, first)) == 5
    review(waiting, "--keep-all", first)
    # What is refused is the value, not the field.
    assert listed(waiting) == [("a.md", "title")]


def test_what_cannot_be_written_is_named_and_not_noted(waiting: Path) -> None:
    text = (waiting / "a.md").read_text().replace('title: ""  # mine', 'title: &t ""\nsummary: *t')
    (waiting / "a.md").write_text(text)
    run = review(waiting, "--accept-all", "--seed", "a.md")
    assert (run.code, run.stdout) == (1, "1 accepted, 0 kept, 1 still wait, 1 could not be carried out\n")
    assert run.stderr.count("\n") == 1
    assert "a.md: `title` cannot be changed without touching something else" in run.stderr
    assert noted(waiting) == [("a.md", "author", "accept")]
    assert (waiting / "a.md").read_text() == text.replace("Somebody", "Ada Quell")


def test_without_a_terminal_nothing_is_asked(waiting: Path) -> None:
    before = tree(waiting)
    run = review(waiting)
    assert (run.code, run.stderr.count("\n"), tree(waiting)) == (1, 1, before)
    assert "5 values wait" in run.stderr
    assert review(waiting, "--accept-all", "-s", "DRY_RUN=1").code == 0
    assert tree(waiting) == before
    run = review(waiting, "--accept-all", "-s", "OUTPUT_DIR=x")
    assert (run.code, "OUTPUT_DIR" in run.stderr) == (1, True)


def line(seeds: Path, path: str, field: str, /, **more: str) -> str:
    run = review(seeds, "--json", "--seed", path, "--field", field)
    (offer,) = map(json.loads, run.stdout.splitlines())
    known = {key: offer[key] for key in ("path", "address", "field", "offered")}
    return json.dumps({**known, "answer": "accept", "at": "2026-01-01T00:00:00Z", **more}) + "\n"


def test_saved_decisions_are_applied_and_what_does_not_fit_is_named(waiting: Path, tmp_path: Path) -> None:
    before = tree(waiting)
    saved = tmp_path / "saved.jsonl"
    good = [
        line(waiting, "a.md", "title", answer="keep"),
        line(waiting, "a.md", "title", answer="value", value="So"),
        line(waiting, "a.md", "author", answer="keep"),
    ]
    bad = [
        line(waiting, "b.md", "title", offered="0" * 64),
        line(waiting, "b.md", "date", path="../b.md"),
        line(waiting, "b.md", "date", field="language"),
        line(waiting, "c.md", "title"),
        "<<<<<<< ours\n",
        '{"path": 1}\n',
    ]
    (waiting / "c.md").unlink()
    saved.write_text("".join([*good, *bad]))
    run = review(waiting, "--apply", str(saved))
    assert (run.code, run.stdout) == (1, "1 accepted, 1 kept, 2 still wait, 6 could not be carried out\n")
    told = [one.removeprefix(f"scrapy review: {saved}: ") for one in run.stderr.splitlines()]
    assert told[:2] == ["line 8 is no JSON; correct or remove it.", "line 9 says no path; correct or remove it."]
    assert "another value is offered for title of b.md" in told[2]
    assert "'../b.md' is no path of a seed" in told[3]
    assert "nothing waits for language of b.md" in told[4]
    assert "c.md cannot be read" in told[5]
    after = tree(waiting)
    assert after["a.md"] == before["a.md"].replace(b'""', b'"So"').replace(b"\n# ", b"\n# So")
    assert after["b.md"] == before["b.md"]

    saved.write_text("".join(good))
    run = review(waiting, "--apply", str(saved))
    assert (run.code, run.stdout, run.stderr) == (0, "0 accepted, 0 kept, 2 still wait\n", "")
    assert len(noted(waiting)) == 2


def test_what_is_accepted_is_noted_as_written(waiting: Path) -> None:
    assert review(waiting, "--accept-all", "--seed", "a.md").code == 0
    record = OfferRecord.open(waiting.parent / "archive", writable=False)
    assert record is not None
    values = {"title": "Said: so", "heading": "Said: so", "author": "Ada Quell"}
    assert dict(record.unseen("a.md")) == {field: digest_of(field, value) for field, value in values.items()}
    record.close()


def test_a_heading_goes_with_its_title(waiting: Path, tmp_path: Path) -> None:
    both = [change("title", "One"), change("heading", "One")]
    later = NOW + timedelta(hours=1)
    run_folder(waiting.parent / "archive" / "runs", [record(name, both) for name in "ab"], at=later)
    assert listed(waiting, "--seed", "[ab].md") == [("a.md", "title"), ("b.md", "title")]
    assert listed(waiting, "--seed", "a.md", "--field", "heading") == [("a.md", "heading")]
    saved = tmp_path / "saved.jsonl"
    saved.write_text(line(waiting, "a.md", "title") + line(waiting, "a.md", "heading"))
    assert review(waiting, "--apply", str(saved)).code == 0
    assert "\n# One\n" in (waiting / "a.md").read_text()
    assert review(waiting, "--keep-all", "--seed", "b.md").stdout == "0 accepted, 1 kept, 0 still wait\n"


def test_a_run_that_cannot_be_read_in_part_is_named(waiting: Path) -> None:
    (folder,) = (waiting.parent / "archive" / "runs").iterdir()
    with (folder / "results.jsonl").open("a") as stream:
        stream.write('{"path": ')
    run = review(waiting, "--list")
    assert (run.code, run.stdout.count("\n"), run.stderr.count("\n")) == (0, 5, 1)
    assert "results.jsonl, line 4, which was cut off" in run.stderr
    assert review(waiting, "2020").code == 1
