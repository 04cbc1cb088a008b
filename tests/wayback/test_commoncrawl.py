"""Common Crawl: which crawls are asked, what their indexes and records say, and what is refused."""

from __future__ import annotations

import dataclasses
import gzip
import json
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest

from archiver.errors import CdxError, HostPaused, MementoError, SettingsError
from archiver.models import Capture, Verdict
from archiver.wayback.commoncrawl import crawls as crawls_module
from archiver.wayback.commoncrawl.crawls import nearest_crawls, parse_crawls
from archiver.wayback.commoncrawl.endpoints import MAX_LINES_PREFIX, CommonCrawl, CrawlEntry
from archiver.wayback.commoncrawl.index import MAX_INDEX_BYTES, parse_index
from archiver.wayback.commoncrawl.record import MAX_UNPACKED_BYTES, MIN_CUT_BYTES, read_record
from archiver.wayback.commoncrawl.search import CommonCrawlArchive, CommonCrawlSearch
from archiver.wayback.commoncrawl.shared import PARTIAL, SharedLists
from archiver.wayback.endpoints import Answer
from archiver.wayback.web_archive import ArchiveRequest, Conclusion, LostPage
from tests.support.commoncrawl import CRAWLS, CommonCrawlFiles, record
from tests.support.servers import html

URL = "https://www.nordblatt.example/world/harbour"
PAGE = html("Ferry pilots ask for a second lighthouse", "The strait is dark.")
WANTED = datetime(2024, 11, 12, tzinfo=UTC)
SERVICE = CommonCrawl("https://index.example", "https://data.example")
ARCHIVE = CommonCrawlArchive(SERVICE, 3)


def collinfo(*rows: object) -> Answer:
    return Answer(200, (), json.dumps(rows).encode())


def entry_of(files: CommonCrawlFiles, crawl: str = "CC-MAIN-2024-46") -> CrawlEntry:
    body = files.list(crawl, URL, "exact").body
    return parse_index("https://index.example/x", crawl, Answer(200, (), body))[0]


class Fake:
    """Answers the questions of searches, as Common Crawl would, and notes them."""

    def __init__(self, files: CommonCrawlFiles) -> None:
        self.files = files
        self.asked: list[ArchiveRequest] = []
        self.instead: dict[str, Answer] = {}
        """By a part of the address, what is answered in the place of the truth."""

    def answer(self, request: ArchiveRequest) -> Answer:
        self.asked.append(request)
        for part, answer in self.instead.items():
            if part in request.address:
                return answer
        if request.address.endswith("/collinfo.json"):
            return collinfo(*({"id": name} for name in CRAWLS))
        if request.kind == "copy":
            given = self.files.part(dict(request.headers)["Range"])
        else:
            crawl, _, query = request.address.removeprefix("https://index.example/").partition("-index?url=")
            match = "prefix" if "matchType=prefix" in query else "exact"
            given = self.files.list(crawl, URL if match == "exact" else "https://www.nordblatt.example/world", match)
        return Answer(given.status, tuple(given.headers.items()), given.body)

    def run(self, search: CommonCrawlSearch) -> CommonCrawlSearch:
        """The search when it has found something, or has nothing more to ask."""
        while search.request is not None:
            search = search.after_response(self.answer(search.request))
        return search

    def questions(self) -> list[str]:
        return [request.address.partition("?")[0].rpartition("/")[2] for request in self.asked]


def search(url: str = URL, wanted: datetime | None = WANTED) -> CommonCrawlSearch:
    return ARCHIVE.search(LostPage.of(url, wanted, ()))


def found(search: CommonCrawlSearch) -> Capture:
    assert search.capture is not None, search.reasons
    return search.capture


# ---- Crawls ---------------------------------------------------------------------------------------------------------


def test_the_crawls_that_went_on_or_began_after_the_publication_are_asked() -> None:
    answer = collinfo(
        {"id": "CC-MAIN-2024-51", "from": "2024-12-01T01:00:00", "to": "2024-12-15T23:00:00"},
        {"id": "CC-MAIN-2024-46", "from": "2024-11-01T01:00:00", "to": "2024-11-15T23:00:00"},
        *({"id": f"CC-MAIN-{year}-05"} for year in range(2014, 2031)),
        {"id": "CC-MAIN-2012"}, {"id": "CC-MAIN-2024-99"}, {"id": "../etc"}, "no row",
    )  # fmt: skip
    crawls = parse_crawls("https://index.example/collinfo.json", answer)
    assert len(crawls) == 19
    names = [crawl.name for crawl in nearest_crawls(crawls, WANTED)]
    assert names == ["CC-MAIN-2024-46", "CC-MAIN-2024-51", "CC-MAIN-2025-05", "CC-MAIN-2026-05"]
    late = datetime(2024, 11, 17, tzinfo=UTC)
    assert nearest_crawls(crawls, late)[0].name == "CC-MAIN-2024-46", "a date may be off by a day or two"
    assert nearest_crawls(crawls, datetime(2024, 11, 20, tzinfo=UTC))[0].name == "CC-MAIN-2024-51"
    assert nearest_crawls(crawls, datetime(2031, 1, 1, tzinfo=UTC)) == ()


def test_without_a_date_a_few_crawls_of_all_years_are_asked() -> None:
    crawls = parse_crawls("x", collinfo(*({"id": f"CC-MAIN-{year}-05"} for year in range(2014, 2031))))
    names = [crawl.name[8:12] for crawl in nearest_crawls(crawls, None)]
    assert names == ["2030", "2025", "2020", "2015"]
    assert nearest_crawls(crawls[:1], None) == crawls[:1]
    assert len(nearest_crawls(crawls, datetime(2013, 1, 1, tzinfo=UTC))) == crawls_module.MAX_CRAWLS_ASKED


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(503, (), b"Please reduce your request rate."), "answered 503"), (Answer(200, (), b"<html>"), "no JSON"),
        (Answer(200, (), b"[]"), "names none"), (Answer(200, (), b'{"id": 1}'), "names none"),
        (Answer(200, (), b"[" * 100_000), "no JSON"),
    ],
)  # fmt: skip
def test_a_list_of_crawls_that_cannot_be_used_is_named(answer: Answer, said: str) -> None:
    with pytest.raises(CdxError, match=said):
        parse_crawls("https://index.example/collinfo.json", answer)


# ---- The index ------------------------------------------------------------------------------------------------------


def test_a_line_of_the_index_is_read() -> None:
    files = CommonCrawlFiles()
    line = files.add_page("CC-MAIN-2024-46", URL, PAGE, truncated="length")
    entry = entry_of(files)
    assert (entry.url, entry.status, entry.is_cut) == (URL, 200, True)
    assert (entry.file, str(entry.offset), str(entry.length)) == (line["filename"], line["offset"], line["length"])
    assert SERVICE.record(entry).address == f"https://data.example/{line['filename']}"
    assert SERVICE.record(entry).header == f"bytes={entry.offset}-{entry.offset + entry.length - 1}"
    assert SERVICE.viewing_address(entry) == (
        "https://index.example/CC-MAIN-2024-46-index?url=https%3A%2F%2Fwww.nordblatt.example%2Fworld%2Fharbour"
        "&output=json&from=20241112041056&to=20241112041056"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"filename": "../../etc/passwd.warc.gz"}, {"filename": "/crawl-data/x.warc.gz"}, {"filename": "a//b.warc.gz"},
        {"filename": "https://evil.example/x.warc.gz"}, {"filename": "crawl-data/x.arc.gz"}, {"filename": None},
        {"length": "0"}, {"length": "900000000"}, {"length": "-1"}, {"offset": "9" * 5000}, {"offset": "1 "},
        {"timestamp": "2024"}, {"url": "ftp://a.example/x"}, {"url": "http://[/x"}, {"url": "https:///x"},
    ],
)  # fmt: skip
def test_lines_whose_record_cannot_be_fetched_are_left_out(wrong: dict[str, Any]) -> None:
    line = CommonCrawlFiles().add_page("CC-MAIN-2024-46", URL, PAGE)
    body = json.dumps({**line, **wrong}).encode()
    assert parse_index("x", "CC-MAIN-2024-46", Answer(200, (), body)) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(404, (), b'{"message": "No Captures found for: x"}'), None), (Answer(200, (), b""), None),
        (Answer(404, (), b"no such page"), "answered 404"), (Answer(503, (), b""), "answered 503"),
        (Answer(200, (), b"<html>busy</html>"), "is a web page"), (Answer(200, (), b'{"url": "a"'), "read in line 1"),
        (Answer(200, (), b"[1]\n"), "read in line 1"), (Answer(200, (), b" " * MAX_INDEX_BYTES + b" x"), "longer than"),
    ],
)  # fmt: skip
def test_an_answer_of_the_index_is_none_or_unusable(answer: Answer, said: str | None) -> None:
    if said is None:
        assert parse_index("x", "CC-MAIN-2024-46", answer) == []
        return
    with pytest.raises(CdxError, match=said):
        parse_index("https://index.example/x", "CC-MAIN-2024-46", answer)


# ---- Records --------------------------------------------------------------------------------------------------------


def take(files: CommonCrawlFiles, **changed: Any) -> Capture:
    entry = entry_of(files)
    given = files.part(SERVICE.record(entry).header)
    answer = Answer(given.status, tuple(given.headers.items()), given.body)
    return read_record(SERVICE, entry, URL, dataclasses.replace(answer, **changed), "commoncrawl").capture


def test_a_record_has_the_sites_own_head_and_the_page_byte_for_byte() -> None:
    files = CommonCrawlFiles()
    head = b"Content-Type: text/html; charset=iso-8859-1\r\nX-Folded: one\r\n two\r\n"
    files.add("CC-MAIN-2024-46", URL, record(URL, PAGE, headers=head), "")
    capture = take(files)
    assert (capture.body, capture.status, capture.url) == (PAGE, 200, URL)
    assert capture.headers == (("Content-Type", "text/html; charset=iso-8859-1"), ("X-Folded", "one two"))
    assert capture.captured_at == datetime(2024, 11, 12, 4, 10, 56, tzinfo=UTC)
    assert (capture.origin, capture.is_cut) == ("commoncrawl", False)
    assert capture.snapshot == SERVICE.viewing_address(entry_of(files))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": 200}, "whole file"), ({"status": 503}, "503; run again later"), ({"status": 404}, "is not there"),
        ({"headers": ()}, "without a Content-Range"), ({"body": b"<html>busy</html>"}, "17 bytes came"),
        ({"headers": (("Content-Range", "bytes 0-9/99"),)}, "another range"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_the_range_is_named_and_not_taken(changed: dict[str, Any], said: str) -> None:
    files = CommonCrawlFiles()
    files.add_page("CC-MAIN-2024-46", URL, PAGE)
    with pytest.raises(MementoError, match=said) as caught:
        take(files, **changed)
    assert "https://data.example/crawl-data" in str(caught.value)


MEMBER = record(URL, PAGE)
PLAIN = gzip.decompress(MEMBER)


def packed(content: bytes) -> bytes:
    """One gzip member, whose bytes do not depend on the time: tests are called by them."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("member", "digest", "said"),
    [
        (MEMBER[:-20], "", "not one gzip member"), (MEMBER + MEMBER, "", "not one gzip member"),
        (packed(bytes(MAX_UNPACKED_BYTES + 1)), "", "unpacks to more"), (b"<html>" * 50, "", "be unpacked"),
        (packed(b"GIF89a"), "", "no WARC record"), (packed(PLAIN[:-9]), "", "not as long"),
        (packed(PLAIN.replace(b"lighthouse", b"greenhouse")), "", "not match its digest"),
        (MEMBER, "A" * 32, "not match the digest that is stated"),
        (packed(PLAIN.replace(b"Type: response", b"Type: revisit ")), "", "is a revisit"),
        (record("https://other.example/", PAGE), "", "another page, https://other.example/"),
        (packed(PLAIN.replace(b"HTTP/1.1 200", b"HTTP/1.1 abc").replace(b"Block-Digest", b"Other-Digest")), "",
         "no HTTP answer"),
        (packed(PLAIN.replace(b"WARC-Date: 2024", b"WARC-Date: then")), "", "has no date"),
    ],
)  # fmt: skip
def test_a_record_that_is_not_what_was_said_is_named_and_not_taken(member: bytes, digest: str, said: str) -> None:
    files = CommonCrawlFiles()
    files.add("CC-MAIN-2024-46", URL, member, digest)
    with pytest.raises(MementoError, match=said):
        take(files)


def test_a_page_that_is_marked_as_cut_or_as_long_as_the_limit_is_cut() -> None:
    long = PAGE + b" " * (MIN_CUT_BYTES - len(PAGE))
    short = record(URL, PAGE, headers=b"Content-Length: 99999\r\n")
    unmarked = record(URL, long)
    for member in (record(URL, PAGE, truncated="length"), unmarked, short):
        files = CommonCrawlFiles()
        files.add("CC-MAIN-2024-46", URL, member, "")
        assert take(files).is_cut
        fake, going_on = Fake(files), search()
        while going_on.request is not None and going_on.request.kind == "captures":
            going_on = going_on.after_response(fake.answer(going_on.request))
        after = going_on.after_response(fake.answer(going_on.request)) if going_on.request else going_on
        # Read again from our own archive, what is not marked would pass for whole.
        assert (after.fetched is None) == (member is unmarked)


def test_an_early_record_with_the_header_of_an_encoding_that_was_undone_is_read() -> None:
    for body in (PAGE, gzip.compress(PAGE)):
        files = CommonCrawlFiles()
        head = b"Content-Encoding: gzip\r\nContent-Length: 99999\r\n"
        files.add("CC-MAIN-2024-46", URL, record(URL, body, headers=head), "")
        capture = take(files)
        assert (capture.body, capture.header("Content-Encoding"), capture.is_cut) == (PAGE, None, False)
    bomb = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    packed = bomb.compress(bytes(MAX_UNPACKED_BYTES + 1)) + bomb.flush()
    files = CommonCrawlFiles()
    files.add("CC-MAIN-2024-46", URL, record(URL, packed, headers=b"Content-Encoding: gzip\r\n"), "")
    with pytest.raises(MementoError, match="Content-Encoding"):
        take(files)


# ---- Searches -------------------------------------------------------------------------------------------------------


def test_a_search_ends_at_the_first_crawl_with_the_page() -> None:
    files = CommonCrawlFiles()
    files.add_page("CC-MAIN-2024-51", URL, PAGE)
    fake = Fake(files)
    assert found(fake.run(search())).body == PAGE
    names = ["collinfo.json", "CC-MAIN-2024-46-index", "CC-MAIN-2024-51-index", "CC-MAIN-20241111-00001.warc.gz"]
    assert fake.questions() == names
    assert fake.asked[-1].max_bytes == 65_536
    assert [request.is_shared for request in fake.asked] == [True, False, False, False]


def test_a_search_without_a_copy_names_the_few_crawls_that_were_asked() -> None:
    fake = Fake(CommonCrawlFiles())
    over = fake.run(search())
    assert (over.capture, over.conclusion) == (None, Conclusion.NO_COPY)
    assert over.reasons == (f"Common Crawl has no copy of {URL} in CC-MAIN-2024-46, CC-MAIN-2024-51, CC-MAIN-2025-05.",)
    assert len(fake.asked) <= 1 + crawls_module.MAX_CRAWLS_ASKED
    over = fake.run(search(wanted=datetime(2031, 1, 1, tzinfo=UTC)))
    assert over.reasons == (f"Common Crawl has no crawl from after {URL} was published.",)


def test_a_cut_page_is_the_last_resort() -> None:
    files = CommonCrawlFiles()
    files.add_page("CC-MAIN-2024-46", URL, PAGE[:300], truncated="length")
    fake = Fake(files)
    assert found(fake.run(search())).is_cut
    files.add_page("CC-MAIN-2025-05", URL, PAGE)
    fake.asked.clear()
    assert found(fake.run(search())).body == PAGE
    assert len([request for request in fake.asked if request.kind == "copy"]) == 1
    # One that the index does not mark.
    files.lines["CC-MAIN-2024-46"][0].pop("truncated")
    assert found(fake.run(search())).body == PAGE
    files.lines.pop("CC-MAIN-2025-05")
    assert found(fake.run(search())).is_cut


def test_a_search_goes_on_after_refusals_and_wrong_records_within_its_tries() -> None:
    files = CommonCrawlFiles()
    for number in range(5):
        files.add_page("CC-MAIN-2024-46", URL, PAGE + b" " * number, timestamp=f"2024111204105{number}")
    fake = Fake(files)
    first = fake.run(search())
    files.data = files.data.replace(record(URL, PAGE + b" ")[10:40], b"x" * 30)
    current, seen = first, set()
    while current.capture is not None:
        seen.add(current.capture.body)
        current = fake.run(current.after_refusal(Verdict.WALLED, "A wall."))
    assert len([request for request in fake.asked if request.kind == "copy"]) == ARCHIVE.tries
    assert len(seen) == len([reason for reason in current.reasons if "is not the article (walled). A wall." in reason])
    assert current.conclusion is Conclusion.NO_COPY


def test_a_record_is_handed_out_to_be_kept_once() -> None:
    files = CommonCrawlFiles()
    files.add_page("CC-MAIN-2024-46", URL, PAGE)
    fake = Fake(files)
    page = LostPage.of(URL, WANTED, (), "https://www.nordblatt.example/world")
    current = fake.run(ARCHIVE.search(page))
    assert current.fetched is not None
    current = current.after_refusal(Verdict.WALLED)
    for answer in (Answer(PARTIAL, (), b""), Answer(404, (), b"No Captures found"), Answer(503, (), b"")):
        assert current.request is not None
        assert current.after_response(answer).fetched is None, answer.status


def test_a_redirect_in_the_index_leads_to_the_page() -> None:
    files = CommonCrawlFiles()
    target = "https://www.nordblatt.example/world/29/harbour-new"
    files.add("CC-MAIN-2024-46", URL, record(URL, b"", status=301), "", status="301", redirect=target)
    files.add_page("CC-MAIN-2024-46", target, PAGE)
    fake = Fake(files)
    fake.instead["harbour-new"] = Answer(200, (), files.list("CC-MAIN-2024-46", target, "exact").body)
    capture = found(fake.run(search()))
    assert (capture.url, capture.requested_url, capture.body) == (target, URL, PAGE)


def test_what_is_no_page_is_named() -> None:
    files = CommonCrawlFiles()
    files.add("CC-MAIN-2024-46", URL, record(URL, b"", status=404), "", status="404")
    files.add("CC-MAIN-2024-51", URL, MEMBER, "", status="-", mime="warc/revisit")
    over = Fake(files).run(search())
    assert over.capture is None
    assert "only answers 404 of it in CC-MAIN-2024-46" in over.reasons[0]
    assert "only revisits of it in CC-MAIN-2024-51" in over.reasons[1]


def test_weather_is_told_from_what_there_is_not() -> None:
    fake = Fake(CommonCrawlFiles())
    fake.instead["CC-MAIN-2024-46-index"] = Answer(503, (), b"Slow Down")
    over = fake.run(search())
    assert (over.conclusion, fake.questions()[-1]) == (Conclusion.UNANSWERED, "CC-MAIN-2025-05-index")
    assert "answered 503" in over.reasons[0]
    fake.instead["collinfo.json"] = Answer(503, (), b"Slow Down")
    fake.asked.clear()
    assert fake.run(search()).conclusion is Conclusion.UNANSWERED
    assert fake.questions() == ["collinfo.json"]
    files = CommonCrawlFiles()
    files.add_page("CC-MAIN-2024-46", URL, PAGE)
    for status, conclusion in ((503, Conclusion.UNANSWERED), (403, Conclusion.UNANSWERED), (404, Conclusion.NO_COPY)):
        fake = Fake(files)
        fake.instead["crawl-data"] = Answer(status, (), b"<Code>SlowDown</Code>")
        assert fake.run(search()).conclusion is conclusion
    paused = search().after_failure(HostPaused("index.example wants quiet."))
    assert (paused.request, paused.conclusion) == (None, Conclusion.UNANSWERED)


def test_only_addresses_of_hosts_are_settings() -> None:
    assert CommonCrawl.of("https://a.example/", "http://b.example:8080").index == "https://a.example"
    for index, data in (("ftp://a.example", "https://b.example"), ("https://a.example", "https://b.example/{x}")):
        with pytest.raises(SettingsError, match="WEB_ARCHIVES"):
            CommonCrawl.of(index, data)


# ---- Shared lists ---------------------------------------------------------------------------------------------------


@pytest.fixture
def shared() -> Any:
    lists = SharedLists()
    yield lists
    lists.close()


def test_one_list_answers_for_each_of_its_pages(shared: SharedLists) -> None:
    files = CommonCrawlFiles()
    urls = [f"https://www.nordblatt.example/world/{number}" for number in range(12)]
    for url in urls:
        files.add_page("CC-MAIN-2024-46", url, PAGE)
    answer = files.list("CC-MAIN-2024-46", "https://www.nordblatt.example/world", "prefix")
    assert shared.find("list", urls[1]) is None
    shared.add("list", Answer(200, (), answer.body))
    given = shared.find("list", urls[1])
    assert given is not None
    assert {entry.url for entry in parse_index("x", "CC-MAIN-2024-46", given)} == {urls[1], urls[10], urls[11]}
    assert shared.find("list", "https://www.nordblatt.example/sport/1") == Answer(200, (), b"")


def test_a_list_that_is_not_whole_says_so_and_its_page_is_asked_for_alone(shared: SharedLists) -> None:
    line = CommonCrawlFiles().add_page("CC-MAIN-2024-46", "https://www.nordblatt.example/a", PAGE)
    shared.add("list", Answer(200, (), (json.dumps(line) + "\n").encode() * MAX_LINES_PREFIX))
    given = shared.find("list", URL)
    assert given == Answer(PARTIAL, (), b"")
    page = LostPage.of(URL, WANTED, (), "https://www.nordblatt.example/")
    asked = ARCHIVE.search(page).after_response(collinfo({"id": "CC-MAIN-2024-46"}))
    assert asked.request is not None
    assert asked.request.is_shared
    assert "matchType=prefix" in asked.request.address
    alone = asked.after_response(given).request
    assert alone is not None
    assert (alone.is_shared, "matchType" in alone.address) == (False, False)


def test_an_answer_that_is_no_list_is_the_same_for_all(shared: SharedLists) -> None:
    for number, answer in enumerate((Answer(503, (), b"Slow Down"), collinfo({"id": "x"}), Answer(200, (), b"{oops"))):
        shared.add(str(number), answer)
        assert shared.find(str(number), URL) == answer
    none = Answer(404, (), b'{"message": "No Captures found for: x"}')
    shared.add("none", none)
    assert shared.find("none", URL) == none
