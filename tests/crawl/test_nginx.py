"""The nginx of the tests is a site as others are."""

from __future__ import annotations

import gzip
import http.client
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.nginx import FIRST_MODIFIED, Nginx
from tests.support.servers import html

PAGE = html("Ferry pilots ask for a second lighthouse", "They wrote to the harbour office. " * 20)


def got(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", parts.path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_unchanged_page_is_304_and_a_changed_one_is_not(tmp_path: Path, encoding: str) -> None:
    with Nginx({"/news/1": PAGE, "/robots.txt": b"User-agent: *\n"}, tmp_path / "site") as site:
        url = site.url("/news/1")
        status, headers, body = got(url, Accept_Encoding=encoding)
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert (gzip.decompress(body) if encoding == "gzip" else body) == PAGE
        # What is compressed on the way is the same page, and not the same bytes.
        assert headers["etag"].startswith("W/") == (encoding == "gzip")
        assert headers["last-modified"] == "Thu, 01 Jan 2026 00:00:00 GMT"
        tag, date = {"If_None_Match": headers["etag"]}, {"If_Modified_Since": headers["last-modified"]}
        for validators in (tag, date, {**tag, **date}):
            assert got(url, Accept_Encoding=encoding, **validators)[::2] == (304, b"")
        site.put("/news/1", PAGE, FIRST_MODIFIED + timedelta(hours=1))
        assert got(url, Accept_Encoding=encoding, **tag, **date)[0] == 200
        assert got(site.url("/robots.txt"))[1]["content-type"].startswith("text/plain")
        assert got(site.url("/news/2"))[0] == 404
        log = site.log()
        assert [one.status for one in log] == [200, 304, 304, 304, 200, 200, 404]
        assert [bool(one.if_none_match) for one in log] == [False, True, False, True, True, False, False]
        assert log[0].etag == log[1].if_none_match == headers["etag"]
        assert log[2].if_modified_since == headers["last-modified"]
        assert [one.path for one in log[-2:]] == ["/robots.txt", "/news/2"]
        assert max(one.sent for one in log[1:4]) < min(log[0].sent, 400)


def test_it_ends_with_its_test_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with Nginx({"/a": b"a"}, tmp_path / "one") as one, Nginx({"/a": b"b"}, tmp_path / "two") as two:
        assert (got(one.url("/a"))[2], got(two.url("/a"))[2]) == (b"a", b"b")
        assert (len(one.log()), len(two.log())) == (1, 1)
        urls = one.url("/a"), two.url("/a")
    for url in urls:
        with pytest.raises(ConnectionRefusedError):
            got(url)
