"""What fuzzing once broke something with, kept."""

from __future__ import annotations

import bz2
import contextlib
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from archiver.archive.archive import Archive
from archiver.archive.transfer.importing import import_warcs
from archiver.models import Capture
from tests.faults.rows.fuzz_front_matters import fault_in
from tests.faults.rows.fuzz_pages import fault_of

CASES = Path(__file__).with_name("cases")


@pytest.mark.parametrize("file", sorted(CASES.glob("pages/*")), ids=lambda file: file.name)
def test_a_page_that_once_broke_extraction_does_no_harm(file: Path) -> None:
    url, kind = "https://a.example/news/a-wall", (("Content-Type", "text/html"),)
    capture = Capture(url, url, 200, kind, file.read_bytes(), datetime(2025, 1, 1, tzinfo=UTC), "live")
    assert not fault_of(capture, ())


@pytest.mark.parametrize("file", sorted(CASES.glob("seeds/*")), ids=lambda file: file.name)
def test_front_matter_that_once_broke_an_edit_does_no_harm(file: Path) -> None:
    for number in range(5):
        assert not fault_in(file.read_bytes(), Random(number))  # noqa: S311  a reproducible choice, nothing secret


@pytest.mark.parametrize("file", sorted(CASES.glob("records/*")), ids=lambda file: file.name)
def test_a_record_that_once_was_taken_for_another_is_named_and_hides_none(file: Path, tmp_path: Path) -> None:
    """The first of three records is broken, in place and packed with the others."""
    packed = tmp_path / f"packed{file.suffix}.bz2"
    packed.write_bytes(bz2.compress(file.read_bytes()))
    for source in (file, packed):
        with contextlib.closing(Archive(tmp_path / f"of {source.name}")) as archive:
            (report,) = import_warcs(archive, source)
            assert len(report.damages) == 1
            archive.refresh()
            bodies = [found.body if (found := archive.find(url)) else b"" for url in _ADDRESSES]
        assert bodies == [b"", b"<html>The page of two</html>", b"<html>The page of three</html>"]


_ADDRESSES = [f"https://{name}.example/page" for name in ("one", "two", "three")]
