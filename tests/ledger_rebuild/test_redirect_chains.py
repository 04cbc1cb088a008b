"""Which captures are the answers to which requests."""

from __future__ import annotations

from pathlib import Path

import pytest
from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from archiver.ledger.soft404 import probe_address
from archiver.ledger_rebuild.redirect_chains import RedirectChains
from tests.crawl.test_frontier import growth
from tests.support.pages import add_page

HOST = "https://a.example"
RUN, NEXT = ("archiver-20250101T000000Z-00000-0a1b2c3d", "archiver-20250102T000000Z-00000-4e5f6a7b")
FOREIGN = "imported-0123456789abcdef"

Captures = dict[str, list[tuple[str, str, str]]]
"""By file: (path, status or where a redirect leads, time of day)."""


def journeys(folder: Path, files: Captures, *addresses: str) -> list[tuple[str, str, int, str]]:
    """(asked, answered, status, time) of what is found in an archive of such files, paths only."""
    (folder / "warc").mkdir()
    for name, captures in files.items():
        with (folder / "warc" / f"{name}.warc.gz").open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            for path, what, time in captures:
                leads = not what.isdecimal()
                headers = (("Location", what),) if leads else (("Content-Type", "text/html"),)
                status = "302 Found" if leads else f"{what} Said"
                add_page(writer, HOST + path, path, status=status, headers=headers, date=f"2025-01-01T{time}Z")
    archive = Archive(folder)
    archive.refresh()
    with RedirectChains(archive, repeated=(429, 503), redirects=3) as found:
        found.collect(HOST + path for path in addresses)
        result = [
            (one.url.removeprefix(HOST), one.answered.removeprefix(HOST), one.capture.status, f"{one.at:%H:%M:%S}")
            for one in found.in_time()
        ]
    archive.close()
    return result


def test_what_others_recorded_is_no_visit(tmp_path: Path) -> None:
    files: Captures = {
        RUN: [("/a", "404", "10:00:00")],
        "copied-20250101T100000Z-00000-0123abcd": [("/a", "200", "09:00:00"), ("/b", "200", "09:00:00")],
    }
    assert journeys(tmp_path, files, "/a", "/b") == [("/a", "/a", 404, "10:00:00")]


@pytest.mark.parametrize("name", [RUN, FOREIGN])
@pytest.mark.parametrize(
    ("captures", "found"),
    [
        pytest.param(
            [("/a", "503", "10:00:00"), ("/a", "429", "10:00:05"), ("/a", "200", "10:01:00")],
            [("/a", "/a", 200, "10:01:00")], id="asked again until there is an answer",
        ),
        pytest.param(
            [("/a", "503", "10:00:00"), ("/a", "503", "10:00:05")],
            [("/a", "/a", 503, "10:00:05")], id="asked again in vain",
        ),
        pytest.param(
            [("/a", "/c", "10:00:00"), ("/c", "503", "10:00:01"), ("/c", f"{HOST}/d?e=1", "10:00:03"),
             ("/d?e=1", "200", "10:00:04")],
            [("/a", "/d?e=1", 200, "10:00:04")], id="step by step",
        ),
        pytest.param(
            [("/d", "200", "09:59:59"), ("/a", "/d", "10:00:00"), ("/d", "404", "11:00:01")],
            [], id="what came before, or too late, is no step",
        ),
        pytest.param(
            [("/a", "/a", "10:00:00"), ("/a", "/a", "10:00:01"), ("/a", "/a", "10:00:02"), ("/a", "/a", "10:00:03")],
            [], id="without end",
        ),
        pytest.param(
            [("/a", "/1", "10:00:00"), ("/1", "/2", "10:00:01"), ("/2", "/3", "10:00:02"), ("/3", "/4", "10:00:03"),
             ("/4", "200", "10:00:04")],
            [], id="more redirects than are followed",
        ),
        pytest.param(
            [("/a", "mailto:me@a.example", "10:00:00")],
            [("/a", "/a", 302, "10:00:00")], id="to no page",
        ),
        pytest.param(
            [("/a", "/b", "10:00:00"), ("/b", "200", "10:00:01")],
            [("/a", "/b", 200, "10:00:01")], id="the page that another address leads to was not asked for by itself",
        ),
        pytest.param(
            [("/a", "/b", "10:00:00"), ("/b", "200", "10:00:01"), ("/b", "200", "10:00:02")],
            [("/a", "/b", 200, "10:00:01"), ("/b", "/b", 200, "10:00:02")], id="and here it was",
        ),
        pytest.param([("/robots.txt", "200", "10:00:00"), ("/other", "200", "10:00:00")], [], id="other addresses"),
    ],
)  # fmt: skip
def test_one_request_is_one_journey(
    name: str, captures: list[tuple[str, str, str]], found: list[tuple[str, str, int, str]], tmp_path: Path
) -> None:
    assert journeys(tmp_path, {name: captures}, "/a", "/b") == found


def test_a_run_asks_each_address_once_and_other_programs_as_often_as_they_like(tmp_path: Path) -> None:
    times = ("10:00:00", "12:00:00", "14:00:00")
    files = {
        # Here two other addresses, of seeds that are gone, led to it.
        RUN: [("/a", "200", time) for time in times],
        FOREIGN: [("/a", "200", f"{time[:-1]}1") for time in times],
    }
    found = journeys(tmp_path, files, "/a")
    assert [time for _, _, _, time in found] == ["10:00:01", "12:00:01", "14:00:00", "14:00:01"]


def test_a_redirect_is_followed_in_its_own_run(tmp_path: Path) -> None:
    files: Captures = {
        RUN: [("/a", "/d", "10:00:00")],
        RUN.replace("00000-", "00001-"): [("/d", "200", "10:00:09")],
        NEXT: [("/d", "404", "10:00:05")],
    }
    assert journeys(tmp_path, files, "/a") == [("/a", "/d", 200, "10:00:09")]


def test_a_redirect_that_cannot_be_read_is_counted(tmp_path: Path) -> None:
    journeys(tmp_path, {RUN: [("/a", "/b", "10:00:00"), ("/b", "200", "10:00:01")]})
    archive = Archive(tmp_path)
    (redirect,) = archive.captures(f"{HOST}/a")
    file = tmp_path / "warc" / redirect.file
    content = bytearray(file.read_bytes())
    content[redirect.offset + redirect.length // 2] ^= 0xFF
    file.write_bytes(content)
    with RedirectChains(archive, repeated=(), redirects=9) as found:
        found.collect([f"{HOST}/a"])
        assert (list(found.in_time()), found.unreadable) == ([], 1)
    archive.close()


def test_the_probe_of_a_run_is_found_by_its_address(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    url, offers = f"{HOST}/news/old-bridge-closes", f"{HOST}/offers"
    (tmp_path / "warc").mkdir()
    with (tmp_path / "warc" / f"{RUN}.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        add_page(writer, url, "", status="302 Found", headers=(("Location", offers),), date="2025-01-01T23:59:58Z")
        add_page(writer, offers, "Buy!", date="2025-01-01T23:59:59Z")
        archive.refresh()
        with RedirectChains(archive, repeated=(), redirects=9) as found:
            found.collect([url])
            (journey,) = found.in_time()
        midnight = journey.at.replace(day=2, hour=0, minute=0, second=0)
        add_page(writer, probe_address(url, midnight), "Nothing here", status="404 Gone", date="2025-01-02T00:00:01Z")
    archive.refresh(again=True)
    with RedirectChains(archive, repeated=(), redirects=9) as found:
        found.collect([url])
        probe = found.probe(journey.run, "a.example")
        assert probe is not None
        assert (probe.capture.status, probe.url) == (404, probe_address(url, midnight))
        assert found.probe("another", "a.example") is None
    archive.close()


def test_a_large_archive_costs_no_memory(tmp_path: Path) -> None:
    (tmp_path / "warc").mkdir()
    grown, count = growth(
        "from datetime import UTC, datetime, timedelta\n"
        "from archiver.archive.archive import Archive\n"
        "from archiver.models import CdxEntry\n"
        "from archiver.ledger_rebuild.redirect_chains import RedirectChains",
        f"""
archive, start = Archive(Path(sys.argv[1])), datetime(2025, 1, 1, tzinfo=UTC)
url = "https://www.host{{}}.example/section/{{}}/a-slug-of-words"
archive.index.add(
    CdxEntry(url.format(n % 50, n), start + timedelta(days=visit), 200, "text/html", "sha1:X", "response",
        "{RUN[:-1]}%d.warc.gz" % visit, n, 1)
    for n in range(5_000) for visit in range(4)
)
with RedirectChains(archive, repeated=(), redirects=9) as chains:
    chains.collect(url.format(n % 50, n) for n in range(5_000))
    found = [sum(1 for _ in chains.in_time())]
""",
        str(tmp_path),
    )
    assert count == 20_000
    assert grown < 15
