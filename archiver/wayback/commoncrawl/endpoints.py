"""The addresses of Common Crawl: the list of its crawls, the index of each, and the files that hold the records.

    CommonCrawl.crawls()                  ─▶ address of the list of crawls
    CommonCrawl.captures_of(crawl, url)   ─▶ address of one crawl's list of a page's captures
    CommonCrawl.captures_under(crawl, …)  ─▶ address of its list for all pages whose address begins so
    CommonCrawl.record(entry)             ─▶ address of the file, with the range of the record in it

The index is a pywb server (https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html), the files are on a host of
their own (https://commoncrawl.org/get-started). Why few indexes, and one question for many seeds: docs/design.md D92.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from archiver.errors import SettingsError
from archiver.wayback.endpoints import is_address

MAX_LINES_PAGE = 100
"""Lines of one page's list in one crawl; a page is crawled a few times a month, once as http and once as https. With
ten the copy of an article with many spellings is not seen, more cost the index time. No measurement is on record."""
MAX_LINES_PREFIX = 10_000
"""Lines of one publisher's list in one crawl, some 500 bytes each. With a tenth the list of a daily newspaper is not
whole, and its seeds are asked for one by one; the index server hands out 15,000 in one piece."""


@dataclass(frozen=True, slots=True)
class CrawlEntry:
    """One line of a crawl's index: a capture, and the place of its record."""

    crawl: str
    """The crawl's name, `CC-MAIN-2024-46`."""
    url: str
    """The address of the page, as it was crawled."""
    captured_at: datetime
    """Aware, UTC."""
    status: int
    """0 where the index names none, as for a revisit."""
    mime: str
    digest: str
    """Of the payload, SHA-1 in Base32 without a prefix; empty where the index gives none."""
    file: str
    """The path of the file on the host of the data."""
    offset: int
    length: int
    """Bytes of the record as stored: one gzip member."""
    is_cut: bool
    """Whether the index says that the page was cut."""
    redirect: str = ""
    """Where a redirect leads; empty where the index does not say."""


@dataclass(frozen=True, slots=True)
class RecordRange:
    """Where a record is fetched from."""

    address: str
    header: str
    """The value of the Range header (https://www.rfc-editor.org/rfc/rfc9110#field.range)."""


@dataclass(frozen=True, slots=True)
class CommonCrawl:
    """Where Common Crawl is asked."""

    index: str
    data: str

    @classmethod
    def of(cls, index: object, data: object, name: str = "WEB_ARCHIVES") -> CommonCrawl:
        """From two addresses that the entry `name` gives. Raises SettingsError, which names the one to mend."""
        for key, address in (("index", index), ("data", data)):
            if not is_address(str(address)) or any(mark in str(address) for mark in "{}?#"):
                raise SettingsError(
                    f"{name}: {key}={address} is not an http or https address; write it like https://host"
                )
        return cls(str(index).rstrip("/"), str(data).rstrip("/"))

    def crawls(self) -> str:
        """The address of the list of all crawls."""
        return f"{self.index}/collinfo.json"

    def captures_of(self, crawl: str, url: str) -> str:
        """The address that lists the captures of one page in one crawl."""
        return self._list(crawl, url, f"limit={MAX_LINES_PAGE}")

    def captures_under(self, crawl: str, start: str) -> str:
        """The address that lists the captures, in one crawl, of all pages whose address begins so."""
        return self._list(crawl, start, f"matchType=prefix&limit={MAX_LINES_PREFIX}")

    def viewing_address(self, entry: CrawlEntry) -> str:
        """The address at which a person finds the capture: its line in the index, with file, offset and length.

        Common Crawl shows no pages, and the file itself has a gigabyte.
        """
        at = f"{entry.captured_at.year:04}{entry.captured_at:%m%d%H%M%S}"
        return self._list(entry.crawl, entry.url, f"from={at}&to={at}")

    def record(self, entry: CrawlEntry) -> RecordRange:
        """Where the record of a capture is fetched from."""
        last = entry.offset + entry.length - 1
        return RecordRange(f"{self.data}/{entry.file}", f"bytes={entry.offset}-{last}")

    def _list(self, crawl: str, url: str, options: str) -> str:
        address = quote(url.partition("#")[0], safe="")
        return f"{self.index}/{crawl}-index?url={address}&output=json&{options}"
