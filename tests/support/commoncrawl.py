"""A Common Crawl on the loopback interface: list of crawls, an index per crawl, and a file that is read by ranges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

from archiver.archive.warc.records import Exchange, exchange_records, sha1
from archiver.urls import surt
from tests.support.servers import Answer, Site

FILE = "crawl-data/CC-MAIN-2024-46/segments/1730477027991.91/warc/CC-MAIN-20241111-00001.warc.gz"
CRAWLS = ("CC-MAIN-2025-05", "CC-MAIN-2024-51", "CC-MAIN-2024-46", "CC-MAIN-2024-42", "CC-MAIN-2024-38")


def record(
    url: str,
    body: bytes,
    at: str = "2024-11-12T04:10:56",
    *,
    status: int = 200,
    truncated: str | None = None,
    headers: bytes = b"Content-Type: text/html; charset=utf-8\r\n",
) -> bytes:
    """A response record as one gzip member, the site's own head in it."""
    exchange = Exchange(
        url=url, captured_at=datetime.fromisoformat(at).replace(tzinfo=UTC), status=status, mime="text/html",
        request=b"GET / HTTP/1.1\r\n\r\n", head=b"HTTP/1.1 %d Whatever\r\n%b\r\n" % (status, headers), body=body,
        address="203.0.113.7", truncated=truncated,
    )  # fmt: skip
    return exchange_records(exchange, sha1([body]), None, "")[0]


@dataclass
class CommonCrawlFiles:
    """What Common Crawl holds: records in one file, lines in the indexes of the crawls."""

    data: bytes = b"warcinfo, whose record nobody asks for"
    lines: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def add(
        self, crawl: str, url: str, member: bytes, digest: str, at: str = "20241112041056", **more: str
    ) -> dict[str, str]:
        """Add a record to the file, and its line to the index of a crawl."""
        line = {
            "urlkey": surt(url), "timestamp": at, "url": url, "mime": "text/html", "mime-detected": "text/html",
            "status": "200", "digest": digest.removeprefix("sha1:"), "length": str(len(member)),
            "offset": str(len(self.data)), "filename": FILE, "languages": "eng", "encoding": "UTF-8", **more,
        }  # fmt: skip
        self.data += member
        self.lines.setdefault(crawl, []).append(line)
        return line

    def add_page(self, crawl: str, url: str, body: bytes, truncated: str | None = None, **more: str) -> dict[str, str]:
        """Add a page that was crawled."""
        cut = {"truncated": truncated} if truncated else {}
        return self.add(crawl, url, record(url, body, truncated=truncated), sha1([body]), **{**cut, **more})

    def list(self, crawl: str, url: str, match: str) -> Answer:
        """The index's answer to a question."""
        wanted = surt(url)
        found = [
            line
            for line in self.lines.get(crawl, ())
            if line["urlkey"] == wanted or (match == "prefix" and line["urlkey"].startswith(wanted))
        ]
        if not found:
            return Answer(json.dumps({"message": f"No Captures found for: {url}"}).encode(), 404)
        found.sort(key=lambda line: (line["urlkey"], line["timestamp"]))
        return Answer(
            "".join(json.dumps(line) + "\n" for line in found).encode(), 200, {"Content-Type": "text/x-ndjson"}
        )

    def part(self, header: str) -> Answer:
        """The host of the data's answer to a question for a range."""
        first, _, last = header.removeprefix("bytes=").partition("-")
        content = self.data[int(first) : int(last) + 1]
        stated = f"bytes {first}-{last}/{len(self.data)}"
        return Answer(content, 206, {"Content-Type": "application/octet-stream", "Content-Range": stated})


class CommonCrawlSite(Site):
    """Both hosts of Common Crawl on one; `pages` go before what it holds."""

    def __init__(self, files: CommonCrawlFiles) -> None:
        super().__init__({})
        self.files = files

    def __enter__(self) -> CommonCrawlSite:
        super().__enter__()
        return self

    def answer_to(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        """What Common Crawl would say."""
        parts = urlsplit(path)
        if path in self.pages or parts.path in self.pages:
            return self.pages.get(path, self.pages.get(parts.path))
        if parts.path == "/collinfo.json":
            rows = [{"id": name, "name": name, "cdx-api": f"https://elsewhere.example/{name}-index"} for name in CRAWLS]
            return Answer(json.dumps(rows).encode(), 200, {"Content-Type": "application/json"})
        if parts.path.endswith("-index"):
            asked = parse_qs(parts.query)
            return self.files.list(parts.path[1 : -len("-index")], asked["url"][0], asked.get("matchType", [""])[0])
        if parts.path == f"/{FILE}" and "range" in headers:
            return self.files.part(headers["range"])
        return None

    def questions(self) -> list[str]:
        """What the index was asked, readably: collinfo.json, or crawl and address, with * behind a prefix."""
        asked = []
        for path in self.paths():
            parts = urlsplit(path)
            if parts.path == "/collinfo.json":
                asked.append("collinfo.json")
            elif parts.path.endswith("-index"):
                star = "*" if "matchType=prefix" in parts.query else ""
                asked.append(f"{parts.path[1 : -len('-index')]} {unquote(parse_qs(parts.query)['url'][0])}{star}")
        return asked
