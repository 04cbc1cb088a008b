"""Pages that ask not to be archived: what is noted of them, and what is left out where that is honoured."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from scrapy.settings import Settings

from archiver.archive.robots_directives import directives_of
from archiver.config.noarchive import parse_noarchive
from archiver.errors import SettingsError
from tests.conftest import Crawl, scrapy
from tests.support.servers import Answer, Site, html

ASKS = (
    b"<html><head><style>" + b"a{}" * 9000 + b"</style><meta name='Robots' content='NoArchive, max-snippet:-1'></head>"
)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress), ("gzip", bytes)],
)
def test_the_head_of_a_page_is_read_however_it_is_packed(encoding: str, pack: Callable[[bytes], bytes]) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {encoding}\r\n".encode()
    expected = () if (encoding, pack) == ("gzip", bytes) else ("max-snippet", "noarchive")
    assert directives_of(head, pack(ASKS), "seed-archiver") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("noarchive", ("noarchive",)),
        ("Seed-Archiver: noarchive", ("noarchive",)),
        ("googlebot: noarchive, nosnippet", ()),
        ("googlebot: noarchive, *: nofollow", ("nofollow",)),
        ("unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive", ("noarchive", "unavailable_after")),
        (" ; ,,, \x00", ()),
    ],
)
def test_a_header_speaks_to_those_it_names(value: str, expected: tuple[str, ...]) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nX-Robots-Tag: {value}\r\n".encode("latin-1")
    assert directives_of(head, ASKS, "seed-archiver") == expected


def test_another_word_than_those_is_refused() -> None:
    with pytest.raises(SettingsError, match="NOARCHIVE=never is not known; write one of record, honour"):
        parse_noarchive(Settings({"NOARCHIVE": "never"}))


def test_a_payload_is_left_out_where_that_is_honoured(seeds: Path, tmp_path: Path, crawl: Crawl) -> None:
    title = "Ferry pilots ask for a second lighthouse"
    page = html(title, *["They have asked the harbour office for it before the winter, a clerk said."] * 4)
    folder = tmp_path / "archive"
    with Site({"/a": Answer(page, headers={"X-Robots-Tag": "noarchive"}), "/b": Answer(page)}) as site:
        for name in "ab":
            (seeds / f"{name}.md").write_text(f'---\norigin_url: "{site.url("/" + name)}"\ntitle: ""\n---\n\n# \n')
        run = crawl(seeds, replay=None, settings={"NOARCHIVE": "honour"})
        assert {result["outcome"] for result in run.results} == {"written"}
        assert all(title in (seeds / f"{name}.md").read_text() for name in "ab")
        shown = {}
        for name in "ab":
            words = ("archive", "list", site.url("/" + name), "--json", "-s", f"ARCHIVE_DIR={folder}")
            shown[name] = json.loads(scrapy(*words).stdout)
        assert (shown["a"]["robots"], shown["b"]["robots"]) == ("noarchive", "")
        assert shown["a"]["length"] < shown["b"]["length"]
    (file,) = (folder / "warc").glob("*.warc.gz")
    content = gzip.decompress(file.read_bytes())
    (withheld,) = (part for part in content.split(b"WARC/1.1\r\n") if b"WARC-Robots-Directives: noarchive" in part)
    assert b"WARC-Truncated: unspecified" in withheld
    assert b"X-Robots-Tag: noarchive" in withheld
    assert content.count(title.encode()) == page.count(title.encode())
