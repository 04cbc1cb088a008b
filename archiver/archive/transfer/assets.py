"""The archived pictures of seeds, as files in a folder beside a list of them."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse
from archiver.archive.pictures import find_picture
from archiver.archive.transfer.picture_folder import UNFINISHED, PictureFolder
from archiver.errors import PictureUnwritable, SettingsError
from archiver.files.atomic import open_replacement
from archiver.images.drawings import judge_drawing
from archiver.images.polyglots import second_meaning
from archiver.images.types import SVG, picture_type
from archiver.models import PictureVerdict
from archiver.text.dates import format_date

MANIFEST = "manifest.jsonl"
"""The list: a JSON object per line, by seed, then in the order in which the seed names its pictures."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One picture of one seed, as the list has it."""

    address: str
    """As the seed names it."""
    file: str
    """Its name in the folder."""
    sha256: str
    """Of its bytes, hexadecimal."""
    type: str
    """The media type by its first bytes."""
    captured_at: str
    """ISO 8601, UTC."""
    seed: str
    """The seed's path, relative to SEEDS_DIR."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A picture that was not written."""

    seed: str
    address: str
    reason: str
    """A clause."""


@dataclass(frozen=True, slots=True)
class AssetsReport:
    """What an export of pictures did."""

    files: int
    """Pictures that lie in the folder now, of those that were asked for."""
    new: int
    """Those of them that were not there before."""
    left_out: tuple[LeftOut, ...]


def export_assets(archive: Archive, folder: Path, wanted: Iterable[tuple[str, str]]) -> AssetsReport:
    """Write the archived pictures of (seed, address) pairs to a folder, each once, and list them there.

    What an earlier export listed stays listed while its file is there. Raises SettingsError where a file that is no
    such list has its name, OSError.
    """
    known = _read_manifest(folder)
    pictures = PictureFolder(folder)
    assets = dict[tuple[str, str], Asset]()
    left = list[LeftOut]()
    new = set[str]()
    for seed, address in wanted:
        try:
            picture = archived_picture(archive, address)
            placed = pictures.place(address, picture.body)
        except (NoPicture, PictureUnwritable) as error:
            left.append(LeftOut(seed, address, str(error)))
            continue
        new |= {placed.name} if placed.is_new else set()
        assets[seed, address] = _asset(seed, address, placed.name, picture)
    files = {asset.file for asset in assets.values()}
    whole = {key: asset for key, asset in known.items() if (folder / asset.file).is_file()} | assets
    if whole:
        _write_manifest(folder, sorted(whole.values(), key=lambda asset: asset.seed))
    return AssetsReport(len(files), len(new), tuple(left))


class NoPicture(Exception):
    """Why there is no picture for an address: a clause."""


def archived_picture(archive: Archive, address: str, at: datetime | None = None) -> RecordedResponse:
    """Return the capture of a picture that may lie beside posts: the nearest in time, the newest without a time.

    Raises NoPicture.
    """
    try:
        found = find_picture(archive, address, at)
    except ValueError:
        raise NoPicture("its address cannot be read") from None
    if found is None:
        there = archive.ask(lambda index: index.resources(address))
        raise NoPicture("what was kept of it is no whole picture" if there else "it is not in the archive")
    if (why := _reason_against(found.body)) is not None:
        raise NoPicture(why)
    return found


def _reason_against(body: bytes) -> str | None:
    """Why a picture may not lie beside posts: whoever opens the file would run what it holds. None for no reason."""
    if picture_type(body) is not SVG:
        return second_meaning(body)
    judgement = judge_drawing(body)
    return None if judgement.verdict is PictureVerdict.ALIVE else judgement.detail


def _asset(seed: str, address: str, name: str, picture: RecordedResponse) -> Asset:
    kind = picture_type(picture.body)
    assert kind is not None
    digest = hashlib.sha256(picture.body).hexdigest()
    return Asset(address, name, digest, kind.mime, format_date(picture.captured_at), seed)


def _read_manifest(folder: Path) -> dict[tuple[str, str], Asset]:
    file = folder / MANIFEST
    if not os.path.lexists(file):
        return {}
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        assets = [Asset(**json.loads(line)) for line in lines]
    except (ValueError, TypeError):
        raise SettingsError(f"{file} is no list of exported pictures; move it away, or name another folder") from None
    return {(asset.seed, asset.address): asset for asset in assets if Path(asset.file).name == asset.file}


def _write_manifest(folder: Path, assets: Iterable[Asset]) -> None:
    """Replace the list in one step, unless it says the same already."""
    content = "".join(f"{json.dumps(asdict(asset), ensure_ascii=False)}\n" for asset in assets).encode()
    file = folder / MANIFEST
    if file.is_file() and file.read_bytes() == content:
        return
    with open_replacement(file, UNFINISHED) as out:
        out.write(content)
