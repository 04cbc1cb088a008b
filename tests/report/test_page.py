"""The report as a file: what is in it, that nothing in it acts, and that it is made as a stream."""

from __future__ import annotations

import base64
import gc
import gzip
import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from archiver.models import Outcome
from archiver.report import render, write_report
from archiver.report.limits import cut_patch
from archiver.report.rows import detail
from archiver.runs import RunFolder, SeedRecord
from tests.report.samples import EVIL, NOW, contested, edited, missed, mixed, put_back, record, write_run


def _page(folder: RunFolder) -> html.HtmlElement:
    return html.document_fromstring(write_report(folder).read_text("utf-8"))


def _unpacked(page: html.HtmlElement, name: str) -> list[Any]:
    blocks = page.xpath(f'//script[@class="{name}"]/text()')
    return [value for block in blocks for value in json.loads(gzip.decompress(base64.b64decode(block)))]


def _head(page: html.HtmlElement) -> dict[str, Any]:
    (island,) = page.xpath('//script[@id="head"]/text()')
    found: dict[str, Any] = json.loads(island)
    return found


def test_what_was_scraped_is_data_and_never_markup(tmp_path: Path) -> None:
    doubtful = replace(edited(), seed=EVIL, result=replace(edited().result, doubts=(EVIL,)))
    turned = replace(edited(), seed="left\u202eright\u2066\x9b31m.md")
    folder = write_run(tmp_path, [*mixed(), doubtful, turned])
    (folder.path / "run.json").write_text(
        (folder.path / "run.json").read_text().replace("scrapy crawl seeds", json.dumps(EVIL)[1:-1])
    )
    text = write_report(folder).read_text("utf-8")
    page = html.document_fromstring(text)
    assert _head(page)["command"] == EVIL
    assert _unpacked(page, "details")[3]["proposed"][0]["rivals"][1] == [f"Noodles {EVIL}", "meta:og:title"]
    assert page.xpath("//img | //iframe | //object | //form | //base | //*[@onerror]") == []
    # Ours alone, and what is written down in the file runs by its digest alone.
    assert [page.xpath("count(//script[not(@type)])"), page.xpath("count(//style)")] == [1, 1]
    island = re.search(r'<script type="application/json" id="head">(.*)</script>\n', text)
    assert island is not None
    assert not re.search("[<>&\u2028\u2029]", island[1])
    # A viewer or a terminal that shows a file acts on nothing in it.
    for shown in (text, (folder.path / "results.jsonl").read_text("utf-8")):
        assert not re.search("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown)
        assert "left\\u202eright" in shown
    assert (
        EVIL.replace("\u2028", "\\u2028")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        in text
    )


def test_the_policy_names_the_style_and_the_script_by_their_digests(tmp_path: Path) -> None:
    folder = write_run(tmp_path, mixed())
    page = _page(folder)
    (policy,) = page.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    said = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    for name, element in (("style-src", "//style"), ("script-src", "//script[not(@type)]")):
        digest = hashlib.sha256(page.xpath(element)[0].text.encode()).digest()
        assert said[name] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert (said["default-src"], said["connect-src"]) == ("'none'", "'none'")
    assert not page.xpath("//@src | //@style")
    assert page.xpath("//meta[@name='review-post']") == []
    served = "".join(render(folder, "/decide?token=a&b"))
    assert '<meta name="review-post" content="/decide?token=a&amp;b">' in served
    assert "connect-src 'self';" in served


def test_rows_say_why_a_seed_is_there_and_details_have_the_rest(tmp_path: Path) -> None:
    page = _page(write_run(tmp_path, mixed()))
    rows, details = _unpacked(page, "rows"), _unpacked(page, "details")
    assert len(rows) == len(details) == 8
    assert [row[1] for row in rows] == ["written", "quiet", "missed", "ask", "ask", "missed", "missed", "written"]
    assert rows[2][2:5] == ["port strike ends", "gone.example", "gone"]
    assert rows[3][4:6] == ["The page has two headlines: h1 and json-ld.", ["image", "title", "language"]]
    # The contested field first; its digest is what a decision names.
    assert [change["field"] for change in details[3]["proposed"]] == ["title", "image"]
    assert details[3]["proposed"][0]["offered"] == contested().offered["title"]
    assert details[0]["changes"][1]["new"] == "816 words of Markdown"
    assert (details[0]["plus"], details[0]["minus"]) == (60, 1)
    assert details[4]["text"]["pairs"][1:4:2] == [
        [edited().text.pairs[1].old],  # type: ignore[union-attr]
        ["She 𝒦 paid 300 dollars a week.", "She 𝒦 paid 350 dollars a week.", [[11, 14]], [[11, 14]], True],
    ]
    assert details[2]["page"] == ["Not found", f"Nothing here {EVIL}"]


def test_both_texts_are_there_for_seeds_that_need_a_person_only(tmp_path: Path) -> None:
    sure = replace(edited(), result=replace(edited().result, doubts=()))
    details = _unpacked(_page(write_run(tmp_path, [sure, edited()])), "details")
    assert ["text" in detail for detail in details] == [False, True]


def test_a_long_patch_is_cut_where_it_only_repeats_a_body_and_says_so() -> None:
    short = "+one\n" * 3 + " \n" + "-line\n" * 50
    lines = cut_patch("--- a/a.md\n+++ b/a.md\n@@ -1 +1 @@\n" + short.rstrip("\n"))
    assert lines[3:7] == ["+one", "+one", "+one", " "]
    assert lines[7:] == ["-line"] * 40 + ["@ … 10 more lines of this kind; results.jsonl has them"]
    long = cut_patch(put_back("a.md").patch)
    body = [line for line in long if line.startswith("+")][2:]
    assert 2_000 < sum(map(len, body)) <= 2_400
    assert long[-1] == f"@ … {59 - len(body)} more lines of this kind; results.jsonl has them"
    whole = contested().patch
    assert cut_patch(whole) == whole.split("\n")
    assert cut_patch("") == []


def test_the_run_as_a_whole_stands_at_the_head(tmp_path: Path) -> None:
    for day in range(40, 0, -1):
        write_run(tmp_path, [put_back("a.md")], now=NOW - timedelta(days=day))
    folder = write_run(tmp_path, mixed())
    write_run(tmp_path, [put_back("a.md")], now=NOW + timedelta(days=1))
    head = _head(_page(folder))
    assert head["states"] == {"ask": 2, "missed": 3, "written": 2, "quiet": 1}
    assert [(host["host"], host["missed"], host["paused"]) for host in head["hosts"]] == [
        ("paused.example", 2, "2026-11-26T20:30:00Z"), ("gone.example", 1, None),
    ]  # fmt: skip
    assert len(head["history"]) == 30
    assert head["history"][-1] == [folder.name, "2026-11-26T08:30:00Z", 3, 3, 2]


def test_without_scripts_there_is_a_table_that_says_what_it_leaves_out(tmp_path: Path) -> None:
    records = [put_back(f"{number}.md") for number in range(400)]
    page = _page(write_run(tmp_path, [*records, missed(), contested()]))
    (table,) = page.xpath("//noscript//table")
    rows = [[cell.text_content().strip() for cell in row.xpath("td")] for row in table.xpath(".//tr")[1:]]
    assert len(rows) == 300
    assert [row[0] for row in rows[:3]] == ["2025/kway-teow.md", "2022/port-strike-ends.md", "0.md"]
    assert "title would be Char Kway Teow" in rows[0][3]
    assert rows[1][2:] == ["missed", "gone.example answered 404: the page is not there."]
    assert "102 more seeds in results.jsonl." in page.xpath("//noscript")[0].text_content()


def test_what_another_version_wrote_is_shown_with_a_note(tmp_path: Path) -> None:
    folder = write_run(tmp_path, mixed())
    old = {"path": "posts/old.md", "origin_url": None, "outcome": "missed", "verdict": "gone", "detail": "It is gone."}
    with (folder.path / "results.jsonl").open("a") as results:
        results.write(json.dumps(old) + '\n{"seed": "new.md", "outcome": "sold"}\n{"seed": "torn')
    page = _page(folder)
    assert _unpacked(page, "rows")[8] == ["posts/old.md", "missed", "old", "", "gone", [], []]
    assert len(_head(page)["problems"]) == 2
    assert "results.jsonl, line 11, which was cut off: it is no JSON" in page.xpath("//noscript")[0].text_content()


def test_a_report_is_made_as_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_run(tmp_path, (put_back(f"{number}.md", number) for number in range(900)))
    held: list[int] = []

    def counted(one: SeedRecord) -> dict[str, Any]:
        if one.seed == "899.md":
            held.append(sum(isinstance(value, SeedRecord) for value in gc.get_objects()))
        return detail(one)

    monkeypatch.setattr("archiver.report.page.detail", counted)
    assert len(_unpacked(_page(folder), "details")) == 900
    # Those of the table, and the one at hand.
    assert held == [301]


def test_a_seed_with_nothing_to_say_is_shown(tmp_path: Path) -> None:
    bare = record("deep/2024-05-06-the-harbour.md", Outcome.SKIPPED)
    empty = replace(bare, result=replace(bare.result, origin_url=None, capture=None), chain=(), language=None)
    page = _page(write_run(tmp_path, [empty]))
    assert _unpacked(page, "rows") == [
        ["deep/2024-05-06-the-harbour.md", "quiet", "the harbour", "", "skipped", [], []]
    ]
