"""`scrapy archive stats`, and tables that are printed while their rows are read."""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.settings import Settings
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from archiver.commands.archive import Command
from archiver.commands.archive.tables import print_table
from archiver.files.atomic import try_lock
from tests.conftest import scrapy
from tests.support.pages import add_page

PAGE = b"<p>" + bytes(range(32, 127)) * 9


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Three hosts of two publishers, four captures and a revisit in two years; one damaged record, one file open."""
    warcs = tmp_path / "archive" / "warc"
    warcs.mkdir(parents=True)
    with (warcs / "a.warc").open("wb") as out:
        writer = WARCWriter(out, gzip=False)
        add_page(writer, "https://www.a.example/1", PAGE, date="2023-12-31T23:59:59Z")
        add_page(writer, "https://news.a.example/2", PAGE * 2, date="2024-01-01T00:00:00Z")
        digest = "sha1:" + base64.b32encode(hashlib.sha1(PAGE, usedforsecurity=False).digest()).decode()
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        fields = {"WARC-Date": "2024-06-01T00:00:00Z"}
        again = ("https://www.a.example/1", digest, "https://www.a.example/1", "2023-12-31T23:59:59Z")
        writer.write_record(writer.create_revisit_record(*again, http_headers=head, warc_headers_dict=fields))
    with (warcs / "b.warc").open("wb") as out:
        writer = WARCWriter(out, gzip=False)
        plain = (("Content-Type", "text/plain; charset=utf-8"),)
        add_page(writer, "https://b.example/robots.txt", b"", headers=plain, date="2024-02-01T00:00:00Z")
        add_page(writer, "https://b.example/gone", b"gone", status="404 Not Found", date="2024-03-01T00:00:00Z")
        add_page(writer, "https://b.example/damaged", b"whole", date="2024-03-01T00:00:00Z")
    (warcs / "b.warc").write_bytes((warcs / "b.warc").read_bytes().replace(b"whole", b"broke"))
    services = tmp_path / "archive" / "services"
    services.mkdir()
    with (services / "a.warc").open("wb") as out:
        add_page(WARCWriter(out, gzip=False), "https://cdx.example/search?url=x", b"[]")
    with (warcs / "c.warc.gz.open").open("wb") as writing:
        assert try_lock(writing.fileno())
        yield tmp_path / "archive"


def test_an_archive_in_figures(folder: Path) -> None:
    found = json.loads(_archive(folder, "stats", "--json"))
    with contextlib.closing(Archive(folder)) as archive:
        by_hand = [one for name in ("a.warc", "b.warc") for one in archive.index.in_file(name)]
    assert [(one.url, one.kind) for one in by_hand] == [
        ("https://www.a.example/1", "response"),
        ("https://news.a.example/2", "response"),
        ("https://www.a.example/1", "revisit"),
        ("https://b.example/robots.txt", "response"),
        ("https://b.example/gone", "response"),
    ]
    lengths = [one.length for one in by_hand]
    first, second, again, robots, gone = lengths
    assert {name: value for name, value in found.items() if not name.startswith("by_")} == {
        "files": 2,
        "file_bytes": sum((folder / "warc" / name).stat().st_size for name in ("a.warc", "b.warc")),
        "unfinished": 1,
        "damaged_files": 1,
        "damaged_records": 1,
        "addresses": 4,
        "captures": 5,
        "bytes": sum(lengths),
        "oldest": "2023-12-31T23:59:59Z",
        "newest": "2024-06-01T00:00:00Z",
        "revisits": 1,
        "revisit_bytes": again,
        "saved_bytes": first - again,
        "service_files": 1,
        "service_file_bytes": (folder / "services" / "a.warc").stat().st_size,
        "service_answers": 1,
    }
    shares = {
        by: [(share["name"], share["captures"], share["bytes"]) for share in found[f"by_{by}"]]
        for by in ("domain", "year", "kind", "status", "mime")
    }
    assert shares == {
        "domain": [("a.example", 3, first + again + second), ("b.example", 2, robots + gone)],
        "year": [("2023", 1, first), ("2024", 4, sum(lengths) - first)],
        "kind": [("response", 4, sum(lengths) - again), ("revisit", 1, again)],
        "status": [("200", 4, sum(lengths) - gone), ("404", 1, gone)],
        "mime": [("text/html", 4, sum(lengths) - robots), ("text/plain", 1, robots)],
    }
    shown = _archive(folder, "stats")
    assert "1 damaged records in 1 files" in shown
    assert "1 answers of services beside it in 1 files" in shown
    assert f"a.example  3         0.0  {(first + again + second) / sum(lengths):.1%}\n" in shown


def _archive(folder: Path, *args: str) -> str:
    run = scrapy("archive", *args, "-s", f"ARCHIVE_DIR={folder}")
    assert run.code == 0
    return run.stdout


# ---- Tables ---------------------------------------------------------------------------------------------------------


def test_a_table_is_printed_while_its_rows_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    def rows() -> Iterator[list[str]]:
        for number in range(2_500):
            seen.append(capsys.readouterr().out.count("\n"))
            yield [f"https://a.example/{number}", "x" * (30 if number == 2_000 else 1), "\x1b[2J"]

    seen: list[int] = []
    print_table(["url", "x", "last"], rows())
    rest = capsys.readouterr().out
    # The header and all but the row that is being printed are out, once the columns are measured.
    assert sum(seen) + rest.count("\n") == 2_501
    assert seen[:1_000] == [0] * 1_000
    assert max(seen[1_002:]) == 1
    assert rest == "https://a.example/2499  x  \\x1b[2J\n"


def test_columns_stay_where_they_are_and_a_wide_cell_moves_only_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    wide = "港" * 20
    print_table(["url", "status"], [["a", "200"]] * 1_000 + [["b", "404"], [wide, "200"], ["c", "404"]])
    assert capsys.readouterr().out.splitlines()[1000:] == [
        "a    200   ", "b    404   ", f"{wide}  200   ", "c    404   ",
    ]  # fmt: skip


@pytest.mark.parametrize("columns", [20, 60])
def test_on_a_terminal_what_is_wider_is_folded_in_its_column(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    print_table(["url", "status"], [["https://a.example/news/1", "200"], ["https://a.example/news/2", "404"]])
    lines = capsys.readouterr().out.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines()
    assert {len(line) for line in lines} == {min(columns, 32)}
    assert lines[1].split() == (["https://a.ex", "200"] if columns == 20 else ["https://a.example/news/1", "200"])
    assert "".join(line[:-8].strip() for line in lines[1:]) == "https://a.example/news/1https://a.example/news/2"


def test_a_list_ends_when_nobody_reads_it_any_more(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings()
    settings.setmodule("archiver.settings")
    settings.set("ARCHIVE_DIR", str(folder), priority="cmdline")
    command = Command()
    command.settings = settings
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    still_read = iter([True, False])
    monkeypatch.setattr("archiver.commands.archive.looking.is_output_read", lambda: next(still_read))
    command.run([], parser.parse_args(["list", "--json"]))
    said = capsys.readouterr()
    assert (command.exitcode, said.out.count("\n"), said.err) == (0, 1, "")
