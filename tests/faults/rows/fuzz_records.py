"""Broken archive files, indexed, listed, checked, replayed and imported."""

from __future__ import annotations

import contextlib
import gzip
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.replay import open_saved
from archiver.archive.transfer.importing import import_warcs
from archiver.archive.upkeep.verify import verify
from archiver.archive.warc_pages import WarcPages
from archiver.errors import SettingsError
from tests.faults.fault import Fault, Figures
from tests.faults.fuzz.records import ArchiveFile, archive_file
from tests.faults.fuzz.tries import run_tries

_IN_MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of its own is made in it)
_MARK = re.compile(rb"\[\[([^\]]*)\]\]")


def make_try(folder: Path, number: int) -> str:
    """Put the file of a number into an archive, and into another by import; returns what is wrong."""
    place = folder / str(number)
    (place / "warc").mkdir(parents=True)
    try:
        return fault_of(archive_file(number), place)
    finally:
        shutil.rmtree(place)


def fault_of(file: ArchiveFile, place: Path) -> str:
    """What is wrong with how a file is read; empty when nothing is."""
    source = place / "warc" / file.name
    source.write_bytes(file.content)
    with _quiet():
        return _in_place(file, place) or _imported(file, source, place / "other")


def _in_place(file: ArchiveFile, place: Path) -> str:
    with contextlib.closing(Archive(place)) as archive:
        report = verify(archive)
        fault, found = _wrong_bytes(file, archive)
        missing = [answer.url for answer in file.answers if answer.is_whole and answer.url not in found]
        if fault:
            return fault
        if file.is_read_alone and missing:
            return f"a whole record is not found: {missing[0]}"
        gone = [answer.url for answer in file.answers if answer.url not in found and file.has_head_of(answer)]
        if gone and not report.damages:
            return f"an answer is missing, and no damage was named: {gone[0]}"
    if not file.name.endswith((".warc", ".warc.gz")):
        return ""
    try:
        saved = open_saved(place / "warc")
    except SettingsError:
        return ""
    assert isinstance(saved, WarcPages)
    return _wrong_bytes(file, saved)[0]


def _imported(file: ArchiveFile, source: Path, folder: Path) -> str:
    with contextlib.closing(Archive(folder)) as archive:
        reports = list(import_warcs(archive, source))
        if not reports or not all(report.detail for report in reports):
            return f"the import says nothing: {reports}"
        archive.refresh()
        fault, found = _wrong_bytes(file, archive)
        missing = [answer.url for answer in file.answers if answer.is_whole and answer.url not in found]
        if fault:
            return f"{fault} after an import"
        if missing and any(report.outcome == "refused" for report in reports):
            return ""  # all of it, by a sentence with its reason
        if missing and not any(report.damages for report in reports):
            return f"a whole record is not taken in, and nothing is said: {missing[0]}"
        return "" if not missing or not file.is_read_alone else f"a whole record is not taken in: {missing[0]}"


def _wrong_bytes(file: ArchiveFile, pages: WarcPages) -> tuple[str, set[str]]:
    """Which address gives what is another's, or is not what was recorded; and which are found."""
    found = set[str]()
    for answer in file.answers:
        recorded = pages.find(answer.url)
        if recorded is None:
            continue
        is_packed = answer.is_whole and recorded.body.startswith(b"\x1f\x8b")
        body = gzip.decompress(recorded.body) if is_packed else recorded.body
        if others := ({mark.decode("latin-1") for mark in _MARK.findall(body)} & file.urls) - {answer.url}:
            return f"leaked: {answer.url} gives the bytes of {others}", found
        if answer.is_whole and recorded.body != answer.body:
            return f"leaked: {answer.url} gives other bytes than were recorded", found
        found.add(answer.url)
    return "", found


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Thousands of damaged records are not told one by one."""
    logger = logging.getLogger("archiver")
    before = logger.level
    logger.setLevel(logging.WARNING)
    handler, aloud = logging.NullHandler(), logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = aloud
        logger.setLevel(before)


def run(tries: range, folder: Path) -> Figures:
    """Make the tries, in memory where the system has a folder for that: on a disk most of their time is waiting."""
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else folder) as place:
        return run_tries(partial(make_try, Path(place)), tries)


FAULTS = (
    Fault(
        name="broken archive files",
        counts="one file of WARC or ARC with 3 to 6 records, some broken in bytes, head, packing or end; indexed,"
        " checked, replayed and imported; lost: a crash, a whole record that is not found, damage that nobody names;"
        " leaked: bytes under another's address",
        full=20_000,
        short=15,
        run=run,
        batch=1_000,
        max_seconds=5,
    ),
)
