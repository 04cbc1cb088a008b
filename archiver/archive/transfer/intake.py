"""One archive file on its way into the archive: copied beside its WARCs, read, converted where need be, and named."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, BinaryIO, Literal

from archiver.archive.archive import Archive
from archiver.archive.recovery import UNFINISHED_IMPORT
from archiver.archive.transfer.conversion import convert
from archiver.archive.transfer.forms import Form, look, refusal
from archiver.archive.upkeep.merged import merged_files
from archiver.archive.upkeep.tombstones import Tombstones
from archiver.archive.upkeep.verify import Damage, watch_records
from archiver.archive.upkeep.withholding import leave_out_removed
from archiver.archive.warc.scan import PACKED_TOGETHER, scan
from archiver.files.atomic import begin, sweep, sync_folder

_PART_BYTES = 1 << 20
"""Bytes that are copied at once; fewer cost more calls, more cost memory. Nothing but speed depends on it. No
measurement is on record."""
OTHER_DIGEST = "its SHA-256 is not the one that the WACZ states for it; fetch the WACZ again"
_SOUND = "it is sound, but of notes, screenshots or other records that are no pages"
_ALL_REMOVED = "all it holds was taken down; `archive remove` lists what was, and lifts it"
_DIGEST_LETTERS = 32
"""Letters of a SHA-256 in the name of a file: 128 bits, by which no two files are taken for one. With fewer they may
be; with more what was taken in before is not known again."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one WARC."""

    source: str
    """The file, and the file inside it for a WACZ."""
    outcome: Literal["taken", "already there", "refused"]
    detail: str = ""
    """Why it was refused, or under which name it is in the archive, and what was changed for that."""
    captures: int = 0
    damages: tuple[Damage, ...] = ()


def take(archive: Archive, shown: str, stream: IO[bytes], stated: str | None) -> ImportReport:
    """Take one file in, whose SHA-256 is `stated` where it is known. Raises OSError."""
    with copy_beside(archive, stream) as (copy, digest):
        if stated and len(stated) == len(digest) and stated != digest:
            return ImportReport(shown, "refused", OTHER_DIGEST)
        if twin := _twin(archive, copy, digest):
            return ImportReport(shown, "already there", twin.relative_to(archive.warcs).as_posix())
        with copy.open("rb") as content:
            form = look(content)
        if reason := refusal(shown, form):
            return ImportReport(shown, "refused", reason)
        if form.records == "ARC" or (form.packing is not None and form.packing.name != "gzip"):
            return _take_converted(archive, shown, copy, form, digest)
        captures, damages = _read(copy, shown)
        if any(damage.reason == PACKED_TOGETHER for damage in damages):
            return _take_converted(archive, shown, copy, form, digest)
        name = f"{_name(digest)}{'.gz' if form.packing else ''}"
        return _publish(archive, copy, ImportReport(shown, "taken", name, captures, damages))


def _take_converted(archive: Archive, shown: str, copy: Path, form: Form, digest: str) -> ImportReport:
    out, converted = begin(archive.warcs, UNFINISHED_IMPORT)
    with out, copy.open("rb") as source:
        try:
            lost = convert(source, form, out, shown, digest)
            out.flush()
            os.fsync(out.fileno())
            name = f"{_name(digest)}.gz"
            captures, damages = _read(converted, name)
            report = ImportReport(shown, "taken", name, captures, (*lost, *damages))
            report = _publish(archive, converted, report)
        finally:
            converted.unlink(missing_ok=True)
    return replace(report, detail=f"{report.detail}, {_change(form)}") if report.outcome == "taken" else report


def _change(form: Form) -> str:
    if form.records == "ARC":
        return "converted from ARC"
    packed = form.packing.name if form.packing else ""
    return "each record packed alone, which were packed as one" if packed == "gzip" else f"packed anew, from {packed}"


def _read(file: Path, shown: str) -> tuple[int, tuple[Damage, ...]]:
    """How many captures a file has, and what is damaged in it."""
    damages = list[Damage]()
    with watch_records(damages):
        captures = sum(1 for _ in scan(file, file.name))
    return captures, tuple(replace(damage, file=shown) for damage in damages)


def _publish(archive: Archive, file: Path, report: ImportReport) -> ImportReport:
    """Give a file that is on the disk the name in its report; refused where no capture is in it."""
    if not report.captures:
        why = "" if report.damages else f"; {_SOUND}"
        return replace(report, outcome="refused", detail=f"there is no whole answer in it{why}")
    removed = leave_out_removed(Tombstones.read(archive.folder), file, UNFINISHED_IMPORT)
    if removed == report.captures:
        return replace(report, outcome="refused", detail=_ALL_REMOVED, captures=0)
    file.replace(archive.warcs / report.detail)
    sync_folder(archive.warcs)
    left_out = f", without {removed} captures of addresses that were taken down" if removed else ""
    return replace(report, detail=report.detail + left_out, captures=report.captures - removed)


def _name(digest: str) -> str:
    return f"imported-{digest[:_DIGEST_LETTERS]}.warc"


@contextmanager
def copy_beside(archive: Archive, stream: IO[bytes]) -> Iterator[tuple[Path, str]]:
    """A copy beside the archive's files that no reader takes for one of them, and its SHA-256. Raises OSError."""
    archive.warcs.mkdir(parents=True, exist_ok=True)
    sweep(archive.warcs, UNFINISHED_IMPORT)
    out, copy = begin(archive.warcs, UNFINISHED_IMPORT)
    with out:
        try:
            yield copy, _copy(stream, out)
        finally:
            copy.unlink(missing_ok=True)


def _copy(stream: IO[bytes], out: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := stream.read(_PART_BYTES):
        out.write(part)
        digest.update(part)
    out.flush()
    os.fsync(out.fileno())
    return digest.hexdigest()


def _twin(archive: Archive, copy: Path, digest: str) -> Path | None:
    """The file of the archive that is the same, byte for byte, or was made of it, alone or with others."""
    size = copy.stat().st_size
    for file in archive.files():
        if file.parent == archive.warcs and file.name.startswith(_name(digest).removesuffix(".warc")):
            return file
        if any((size, digest) == (one.bytes, one.sha256) for one in merged_files(file)):
            return file
        if file.stat().st_size == size:
            with file.open("rb") as content:
                if hashlib.file_digest(content, "sha256").hexdigest() == digest:
                    return file
    return None
