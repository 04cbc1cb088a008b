"""Taking in what others have archived: WARC, ARC and WACZ files, however they are packed, and folders of them."""

from __future__ import annotations

import errno
import os
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

from archiver.archive.archive import Archive
from archiver.archive.transfer.forms import look, other_format, refusal
from archiver.archive.transfer.intake import OTHER_DIGEST, ImportReport, copy_beside, take
from archiver.archive.transfer.wacz_collections import (
    DESCRIPTION,
    MAX_DESCRIPTION_BYTES,
    Resources,
    local_path,
    read_collection,
)
from archiver.archive.warc.names import is_archive_name, is_wacz_name
from archiver.errors import SettingsError

_MAX_PACKED_FACTOR = 200
"""A WARC inside a WACZ that is so many times smaller packed than unpacked is a trap; WARCs are stored as they are, or
packed once more. With less an unpacked WARC of repetitive pages that somebody packed is refused, with more a trap fills
more of the disk. No measurement is on record."""
_MAX_DEPTH = 3
"""WACZ files within each other; a collection has two. With fewer it is refused, with more a trap unpacks longer."""
_TRAP = "it unpacks to a multiple of its size that no WARC reaches; unpack it if you trust it, and import that"
_UNREADABLE = "it cannot be read ({}); let this user read it, or name another"
_ELSEWHERE = "it is part of the collection, but lies elsewhere; download it, and import it"


def import_warcs(archive: Archive, source: Path) -> Iterator[ImportReport]:
    """Take every archive of a file or folder in, under a name made of its SHA-256.

    A WARC whose records can be read in place is copied in whole, anything else is converted to one. What holds no
    whole answer is refused, what is there already is not taken again; each file that looks like an archive is told of.
    Raises SettingsError for a source without any such file, OSError when the archive cannot be written.
    """
    if not source.exists():
        raise SettingsError(f"{source} does not exist; name a WARC, a WACZ or a folder of them")
    if not source.is_dir():
        yield from _from_file(archive, source)
        return
    closed = list[OSError]()
    files = [file for file in _files_in(source, closed) if _looks_like_archive(file)]
    if not files and not closed:
        raise SettingsError(f"{source} holds no WARC, ARC or WACZ; name a folder that does")
    for error in closed:
        yield ImportReport(str(error.filename), "refused", _UNREADABLE.format(error.strerror))
    known = {file.resolve() for file in files}
    for file in files:
        yield from _from_file(archive, file, known)


def _files_in(folder: Path, closed: list[OSError]) -> Iterator[Path]:
    """The files in a folder and those in it, sorted; links are followed. `closed` gets what cannot be looked into."""
    seen = set[str]()
    for path, folders, names in os.walk(folder, onerror=closed.append, followlinks=True):
        if (real := os.path.realpath(path)) in seen:
            folders.clear()
            continue
        seen.add(real)
        folders.sort()
        yield from (Path(path, name) for name in sorted(names))


def _looks_like_archive(file: Path) -> bool:
    """By its name, or by how it begins."""
    if is_archive_name(file.name) or other_format(file.name):
        return True
    if not file.is_file():
        return False
    try:
        if read_collection(file):
            return True
        with file.open("rb") as stream:
            form = look(stream)
            if form.records != "zip":
                return form.records != ""
            with zipfile.ZipFile(stream) as package:
                return any(map(is_archive_name, package.namelist()))
    except (OSError, zipfile.BadZipFile):
        return False


def _from_file(archive: Archive, file: Path, others: Collection[Path] = ()) -> Iterator[ImportReport]:
    """The reports of one file; `others` are taken in on their own."""
    try:
        if file.exists() and not file.is_file():
            raise OSError(errno.EINVAL, "it is no regular file")
        stream = file.open("rb")
    except OSError as error:
        yield ImportReport(str(file), "refused", _UNREADABLE.format(error.strerror))
        return
    with stream:
        if collection := read_collection(file):
            yield from _from_collection(archive, file, collection, others)
            return
        form = look(stream)
        stream.seek(0)
        if form.records == "zip" or (not form.records and is_wacz_name(file.name)):
            yield from _from_zip(archive, str(file), stream)
        elif reason := refusal(file.name, form):
            yield ImportReport(str(file), "refused", reason)
        else:
            yield take(archive, str(file), stream, None)


def _from_collection(archive: Archive, file: Path, said: Resources, others: Collection[Path]) -> Iterator[ImportReport]:
    for named in said.waczs:
        wacz = local_path(named, file.parent)
        if wacz is None:
            yield ImportReport(f"{file}: {named}", "refused", _ELSEWHERE)
        elif wacz.resolve() not in others:
            yield from _from_file(archive, wacz)


def _from_zip(archive: Archive, shown: str, stream: IO[bytes], depth: int = 1) -> Iterator[ImportReport]:
    """The reports of a WACZ, or of any zip file, and of what is in those within it."""
    try:
        with zipfile.ZipFile(stream) as package:
            said = _description(package)
            entries = [entry for entry in package.infolist() if is_archive_name(entry.filename)]
            elsewhere = [named for named in said.waczs if named not in package.namelist()]
            if not entries and not elsewhere:
                yield ImportReport(shown, "refused", "there is no WARC in it; export it anew where it was made")
            for entry in entries:
                inside = f"{shown}: {entry.filename}"
                if entry.file_size > _MAX_PACKED_FACTOR * max(1, entry.compress_size):
                    yield ImportReport(inside, "refused", _TRAP)
                    continue
                with package.open(entry) as content:
                    yield from _from_entry(archive, inside, content, said.digests.get(entry.filename), depth)
            for named in elsewhere:
                yield ImportReport(f"{shown}: {named}", "refused", _ELSEWHERE)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        yield ImportReport(shown, "refused", f"it is a damaged zip file ({error}); fetch it again")


def _from_entry(
    archive: Archive, shown: str, stream: IO[bytes], stated: str | None, depth: int
) -> Iterator[ImportReport]:
    if not (is_wacz_name(shown) or shown.lower().endswith(".zip")):
        yield take(archive, shown, stream, stated)
    elif depth >= _MAX_DEPTH:
        yield ImportReport(shown, "refused", "it lies too deep in others; unpack them, and import it alone")
    else:
        with copy_beside(archive, stream) as (copy, digest), copy.open("rb") as content:
            if stated and len(stated) == len(digest) and stated != digest:
                yield ImportReport(shown, "refused", OTHER_DIGEST)
            else:
                yield from _from_zip(archive, shown, content, depth + 1)


def _description(package: zipfile.ZipFile) -> Resources:
    try:
        entry = package.getinfo(DESCRIPTION)
    except KeyError:
        return Resources({}, ())
    if entry.file_size > MAX_DESCRIPTION_BYTES:
        return Resources({}, ())
    return Resources.parse(package.read(entry))
