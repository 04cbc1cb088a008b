"""Checkers find nothing wrong with our files: warcio, FastWARC, wacz; and our export comes back as it went."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.interop.sample import Sample, make_sample, on_archive
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
    exported = tmp_path / "sample.wacz"
    assert on_archive(sample.archive, "export", exported).code == 0
    checked("wacz", "validate", "-f", exported)
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
