"""The feed of changes is Atom as RFC 4287 has it, whatever pages say, and entries keep their ids."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

from archiver.models import Change, Outcome
from archiver.runs import RunFolder, SeedRecord
from archiver.runs.feed import FEED_NAME, update_feed
from tests.conftest import GIVEN_SEED, Crawl
from tests.runs.test_folder import NOW, a_record, a_run

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script> & ]]> \x00\x1b[2J \ud800 \uffff \u202e \"'"


def entries(runs_dir: Path) -> list[ElementTree.Element]:
    """The entries of the feed, which has all that RFC 4287 asks for, and nothing but that."""
    feed = ElementTree.parse(runs_dir / FEED_NAME).getroot()  # noqa: S314  (made by us)
    assert feed.tag == f"{ATOM}feed"
    found = feed.findall(f"{ATOM}entry")
    for element in (feed, *found):
        # 4.1.1, 4.1.2: exactly one of each; 4.2.6: an IRI; 3.3: a date of RFC 3339.
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert uuid.UUID(element.findtext(f"{ATOM}id", "").removeprefix("urn:uuid:"))
        at = datetime.fromisoformat(element.findtext(f"{ATOM}updated", ""))
        assert at.tzinfo is not None
        for link in element.findall(f"{ATOM}link"):
            assert not re.search(r'[\s<>"\\^`{|}\x00-\x1f]', link.attrib["href"])
    # 4.1.1: an author, of the feed or of each entry; 4.1.2: no two alternates of one type and language.
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "seed-archiver"
    assert {link.attrib["rel"] for link in feed.findall(f"{ATOM}link")} == {"self"}
    for entry in found:
        relations = [link.attrib["rel"] for link in entry.findall(f"{ATOM}link")]
        assert relations in (["alternate", "related"], ["related"])
        assert [content.attrib["type"] for content in entry.findall(f"{ATOM}content")] == ["text"]
    ids = [entry.findtext(f"{ATOM}id", "") for entry in found]
    assert len(set(ids)) == len(ids)
    updated = [entry.findtext(f"{ATOM}updated", "") for entry in found]
    assert updated == sorted(updated, reverse=True)
    if updated:
        assert feed.findtext(f"{ATOM}updated") == updated[0]
    return found


CHANGES = (Change("title", "", "Harbour opens", "h1"),)


def written(seed: str) -> SeedRecord:
    return a_record(seed, changes=CHANGES)


def run(runs_dir: Path, number: int, *records: SeedRecord) -> RunFolder:
    at = NOW + timedelta(hours=number)
    return a_run(runs_dir, *records, now=at, ended=(at + timedelta(minutes=1)).isoformat())


def ids(runs_dir: Path) -> list[str]:
    return [entry.findtext(f"{ATOM}id", "") for entry in entries(runs_dir)]


def test_whatever_a_page_says_the_feed_can_be_read(tmp_path: Path) -> None:
    record = a_record(HOSTILE.replace("\ud800", ""), changes=(Change("title", HOSTILE, HOSTILE * 50, HOSTILE),))
    odd = replace(record, result=replace(record.result, origin_url=f"https://a.example/ {HOSTILE}"))
    none = replace(record, seed="none.md", result=replace(record.result, origin_url="javascript:alert(1)"))
    update_feed(tmp_path, [run(tmp_path, 0, odd, none)])
    _, first = entries(tmp_path)
    text = first.findtext(f"{ATOM}content", "")
    assert text.startswith("title: “<script>alert(1)</script> & ]]> \\x00\\x1b[2J ")
    assert "\\u202e" in text
    assert "…” (was “" in text
    (alternate,) = (link.attrib["href"] for link in first.findall(f"{ATOM}link") if link.attrib["rel"] == "alternate")
    assert urlsplit(alternate).netloc == "a.example"


def test_entries_keep_their_ids_and_the_newest_stay(tmp_path: Path) -> None:
    first = run(tmp_path, 0, *(written(f"{number}.md") for number in range(3)), a_record("lost.md", Outcome.MISSED))
    update_feed(tmp_path, [first])
    before, own_id = ids(tmp_path), (tmp_path / FEED_NAME).read_text("utf-8").split("<id>")[1][:45]
    assert len(before) == 3
    waits = a_record("waits.md", Outcome.UNCHANGED, proposed=CHANGES)
    second = run(tmp_path, 1, written("0.md"), waits)
    update_feed(tmp_path, [second])
    after = ids(tmp_path)
    assert after[2:] == before
    # What was proposed again is the same entry, and a feed that is made anew has the same ids.
    update_feed(tmp_path, [run(tmp_path, 2, waits)])
    assert set(ids(tmp_path)) == set(after)
    assert own_id in (tmp_path / FEED_NAME).read_text("utf-8")
    (tmp_path / FEED_NAME).write_bytes(b"<feed>")
    update_feed(tmp_path, [second])
    assert set(ids(tmp_path)) == set(after)

    update_feed(tmp_path, [run(tmp_path, 3, *(written(f"more{number}.md") for number in range(150)))])
    last = entries(tmp_path)
    assert len(last) == 100
    assert last[0].findtext(f"{ATOM}title") == "more149.md: title"


def test_a_run_adds_to_the_feed_and_a_dry_run_does_not(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    (seeds / "given.md").write_bytes(GIVEN_SEED.read_bytes())
    runs = tmp_path / "runs"
    assert crawl(seeds, settings={"RUN_DIR": runs, "DRY_RUN": 1}).code == 0
    assert entries(runs) == []
    assert crawl(seeds, settings={"RUN_DIR": runs}).code == 0
    (entry,) = entries(runs)
    assert entry.findtext(f"{ATOM}title", "").startswith("given.md: title")
    related = [link.attrib["href"] for link in entry.findall(f"{ATOM}link") if link.attrib["rel"] == "related"]
    assert (runs / related[0]).parent.is_dir()
