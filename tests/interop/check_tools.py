"""Checkers find nothing wrong with our files: warcio, FastWARC, wacz; and our export comes back as it went."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from warcio.warcwriter import WARCWriter

from archiver.urls import surt
from tests.conftest import ROOT
from tests.interop.sample import Sample, make_sample, on_archive
from tests.support.pages import add_page
from tests.support.pywb import checked

TOOLS = ROOT / ".venv-interop" / "bin"


DIGESTS = """
import sys
from fastwarc.warc import ArchiveIterator, WarcRecordType
for record in ArchiveIterator(open(sys.argv[1], "rb"), parse_http=False):
    if not record.verify_block_digest():
        print("block", record.record_id)
    # The payload digest of a revisit is that of the record it refers to.
    if record.record_type != WarcRecordType.revisit and "WARC-Payload-Digest" in record.headers:
        record.parse_http()
        if not record.verify_payload_digest():
            print("payload", record.record_id)
"""
"""A program for FastWARC: names the records whose digests are not those of their bytes."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The archive of two runs."""
    return make_sample(tmp_path_factory.mktemp("sample"))


def test_warcio_and_fastwarc_find_every_digest_right(sample: Sample) -> None:
    assert sample.warcs()
    for file in sample.warcs():
        checked("warcio", "check", file)
        done = subprocess.run([TOOLS / "python", "-c", DIGESTS, file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_wacz_validates_an_export_and_it_comes_back_with_the_same_captures(sample: Sample, tmp_path: Path) -> None:
    part = tmp_path / "part.wacz"
    assert on_archive(sample.archive, "export", part, "--only", sample.url("/news/")).code == 0
    assert "succeeded" in checked("wacz", "validate", "-f", part)
    exported = tmp_path / "sample.wacz"
    assert on_archive(sample.archive, "export", exported).code == 0
    assert "succeeded" in checked("wacz", "validate", "-f", exported)
    again = tmp_path / "again"
    assert on_archive(again, "import", exported).code == 0
    assert listing(again) == listing(sample.archive)


def listing(archive: Path) -> dict[str, list[tuple[object, ...]]]:
    """The captures of an archive by address: time, status, kind, digest."""
    addresses = [json.loads(line)["url"] for line in on_archive(archive, "list", "--json").stdout.splitlines()]
    found: dict[str, list[tuple[object, ...]]] = {}
    for address in addresses:
        lines = on_archive(archive, "list", address, "--json").stdout.splitlines()
        rows = map(json.loads, lines)
        found[address] = [(row["captured_at"], row["status"], row["kind"], row["digest"]) for row in rows]
    assert found
    return found


@pytest.mark.parametrize(
    "url",
    [
        "https://www.Example.com/News/?b=2&a=1",
        "http://example.com",
        "http://www2.example.co.uk:8080/a/",
        "https://example.com:443/%C3%A4",
    ],
)
def test_our_keys_are_those_of_cdxj_indexer(url: str, tmp_path: Path) -> None:
    with (tmp_path / "a.warc").open("wb") as out:
        add_page(WARCWriter(out, gzip=False), url, b"x")
    assert checked("cdxj-indexer", tmp_path / "a.warc").split(" ")[0] == surt(url)
