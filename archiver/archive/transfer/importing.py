"""Taking in what others have archived: WARC files, WACZ files, folders of them."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from archiver.archive.archive import Archive
from archiver.archive.transfer.wacz import SUFFIX
from archiver.archive.upkeep.merged import merged_files
from archiver.archive.upkeep.tombstones import Tombstones
from archiver.archive.upkeep.verify import Damage, watch_records
from archiver.archive.upkeep.withholding import leave_out_removed
from archiver.archive.warc.reader import WARC_SUFFIXES, scan
from archiver.errors import SettingsError
from archiver.files.atomic import begin, sweep

_PART_BYTES = 1 << 20
"""Bytes that are copied at once; fewer cost more calls, more cost memory. Nothing but speed depends on it. No
measurement is on record."""
_UNFINISHED = "import"
_MAX_PACKED_FACTOR = 200
"""A WARC inside a WACZ that is so many times smaller packed than unpacked is a trap; WARCs are stored as they are, or
packed once more. With less an unpacked WARC of repetitive pages that somebody packed is refused, with more a trap fills
more of the disk. No measurement is on record."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one WARC."""

    source: str
    """The file, and the file inside it for a WACZ."""
    outcome: Literal["taken", "already there", "refused"]
    detail: str = ""
    """Why it was refused, or under which name it is in the archive."""
    captures: int = 0
    damages: tuple[Damage, ...] = ()


def import_warcs(archive: Archive, source: Path) -> Iterator[ImportReport]:
    """Copy every WARC of a file or folder into the archive, in whole, under a name made of its SHA-256.

    What holds no whole answer is refused, and what is there already is not copied again. Raises SettingsError for a
    source that cannot hold any WARC, OSError when the archive cannot be written.
    """
    for file in _files(source):
        if file.name.endswith(SUFFIX):
            yield from _from_wacz(archive, file)
        else:
            try:
                stream = file.open("rb")
            except OSError as error:
                yield ImportReport(str(file), "refused", f"it cannot be read ({error.strerror})")
                continue
            with stream:
                yield _take(archive, str(file), stream, None)


def _files(source: Path) -> list[Path]:
    endings = (*WARC_SUFFIXES, SUFFIX)
    if not source.exists():
        raise SettingsError(f"{source} does not exist; name a WARC, a WACZ or a folder of them")
    if source.is_file() and not source.name.endswith(endings):
        raise SettingsError(f"{source} is not named like a WARC or WACZ ({', '.join(endings)}); name one that is")
    files = [source] if source.is_file() else sorted(f for f in source.rglob("*") if f.name.endswith(endings))
    if not files:
        raise SettingsError(f"{source} holds no WARC or WACZ ({', '.join(endings)}); name a folder that does")
    return [file for file in files if file.is_file()]


def _from_wacz(archive: Archive, file: Path) -> Iterator[ImportReport]:
    try:
        with zipfile.ZipFile(file) as package:
            stated = _stated_digests(package)
            entries = [entry for entry in package.infolist() if entry.filename.endswith(WARC_SUFFIXES)]
            if not entries:
                yield ImportReport(str(file), "refused", "there is no WARC in it")
            for entry in entries:
                shown = f"{file}: {entry.filename}"
                if entry.file_size > _MAX_PACKED_FACTOR * max(1, entry.compress_size):
                    yield ImportReport(shown, "refused", "it unpacks to a multiple of its size that no WARC reaches")
                    continue
                with package.open(entry) as stream:
                    yield _take(archive, shown, stream, stated.get(entry.filename))
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        yield ImportReport(str(file), "refused", f"it is a damaged zip file ({error})")


def _stated_digests(package: zipfile.ZipFile) -> dict[str, str]:
    """The SHA-256 that the package states for its files, by path."""
    try:
        resources = json.loads(package.read("datapackage.json"))["resources"]
        return {str(one["path"]): str(one["hash"]).removeprefix("sha256:") for one in resources}
    except (KeyError, ValueError, TypeError):
        return {}


def _take(archive: Archive, shown: str, stream: IO[bytes], stated: str | None) -> ImportReport:
    with _copy_beside(archive, stream) as (copy, digest):
        if stated is not None and len(stated) == len(digest) and stated != digest:
            return ImportReport(shown, "refused", "its SHA-256 is not the one that the WACZ states for it")
        if twin := _twin(archive, copy, digest):
            return ImportReport(shown, "already there", twin.relative_to(archive.warcs).as_posix())
        damages = list[Damage]()
        with watch_records(damages):
            captures = sum(1 for _ in scan(copy, copy.name))
        damages = [Damage(shown, damage.offset, damage.reason) for damage in damages]
        if not captures:
            return ImportReport(shown, "refused", "there is no whole answer in it", 0, tuple(damages))
        removed = leave_out_removed(Tombstones.read(archive.folder), copy, _UNFINISHED)
        captures -= removed
        if not captures:
            return ImportReport(shown, "refused", "all it holds was taken down (`archive remove` lists what was)")
        with copy.open("rb") as content:
            packed = content.read(2) == b"\x1f\x8b"
        name = f"{_name(digest)}.warc{'.gz' if packed else ''}"
        copy.replace(archive.warcs / name)
        left_out = f"; {removed} captures of addresses that were taken down are left out" if removed else ""
        return ImportReport(shown, "taken", name + left_out, captures, tuple(damages))


@contextmanager
def _copy_beside(archive: Archive, stream: IO[bytes]) -> Iterator[tuple[Path, str]]:
    """A copy beside the archive's files that no reader takes for one of them, and its SHA-256."""
    archive.warcs.mkdir(parents=True, exist_ok=True)
    sweep(archive.warcs, _UNFINISHED)
    out, copy = begin(archive.warcs, _UNFINISHED)
    digest = hashlib.sha256()
    with out:
        try:
            while part := stream.read(_PART_BYTES):
                out.write(part)
                digest.update(part)
            out.flush()
            os.fsync(out.fileno())
            yield copy, digest.hexdigest()
        finally:
            copy.unlink(missing_ok=True)


def _name(digest: str) -> str:
    """What the name of a file begins with that was imported, by its SHA-256."""
    return f"imported-{digest[:32]}"


def _twin(archive: Archive, copy: Path, digest: str) -> Path | None:
    """The file of the archive that is the same, byte for byte, or that this one was brought into by `compact`.

    Of one that was imported without what had been taken down, its name tells.
    """
    size = copy.stat().st_size
    for file in archive.files():
        is_merged = any((size, digest) == (one.bytes, one.sha256) for one in merged_files(file))
        if is_merged or file.name.startswith(_name(digest)):
            return file
    for file in archive.files():
        if file.stat().st_size == size:
            with file.open("rb") as content:
                if hashlib.file_digest(content, "sha256").hexdigest() == digest:
                    return file
    return None
