"""A folder that pictures are put into: each under a name that lasts, each once, and nothing there is replaced."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from archiver.errors import PictureUnwritable
from archiver.files.atomic import begin, place_new, sweep, sync_folder
from archiver.images.types import picture_type
from archiver.text.file_names import name_of

UNFINISHED = "seed-archiver"
"""What the names of files begin with that are not written to their end yet."""

_MAX_WORDS_LETTERS = 60
"""Characters that a name takes from its address; with fewer names of one gallery look alike, with more they break
tables and listings. Chosen, not measured."""
_DIGEST_LETTERS = 12
"""Characters of the SHA-256 in a name: with 12 two of a million pictures share a name in one of 560 collections, and
what would share one is said. Chosen, not measured."""
_OURS = re.compile(rf"(?:[a-z0-9-]+-)?(?P<digest>[0-9a-f]{{{_DIGEST_LETTERS}}})(?P<extension>\.[a-z]{{2,4}})")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture in its folder."""

    name: str
    is_new: bool
    """Whether the file was not there before."""


class PictureFolder:
    """One folder. May be used by several threads; the folder is made when the first picture comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._names: dict[str, str] | None = None
        """By digest and ending."""

    def name_for(self, address: str, body: bytes) -> str:
        """Return the name under which a picture lies there, or would.

        Raises PictureUnwritable where the folder cannot be read; ValueError for what is no picture.
        """
        with self._lock, _reported(self.folder, "read"):
            return self._name(address, body)

    def place(self, address: str, body: bytes) -> PlacedPicture:
        """Put a picture there, unless its bytes are. Raises PictureUnwritable; ValueError for what is no picture."""
        name = self.name_for(address, body)
        file = self.folder / name
        with self._lock, _reported(file, "written"):
            if self._is_there(file, body):
                return PlacedPicture(name, is_new=False)
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                self._write(file, body)
            except FileExistsError:
                # Somebody else has put something there meanwhile, perhaps the same.
                if not self._is_there(file, body):
                    raise
                return PlacedPicture(name, is_new=False)
            return PlacedPicture(name, is_new=True)

    def _name(self, address: str, body: bytes) -> str:
        kind = picture_type(body)
        if kind is None:
            raise ValueError(f"{address} is no picture")
        if self._names is None:
            self._names = self._read_names()
        digest = hashlib.sha256(body).hexdigest()[:_DIGEST_LETTERS]
        words = readable_part(address)
        # Kept from now on: the same bytes under another address have the same name before they are written.
        return self._names.setdefault(digest + kind.extension, f"{words}{'-' if words else ''}{digest}{kind.extension}")

    def _read_names(self) -> dict[str, str]:
        """The pictures that lie there already; what killed runs left half-written is removed."""
        if not self.folder.is_dir():
            return {}
        sweep(self.folder, UNFINISHED)
        with os.scandir(self.folder) as found:
            ours = (_OURS.fullmatch(entry.name) for entry in found if entry.is_file(follow_symlinks=False))
            return {match["digest"] + match["extension"]: match[0] for match in ours if match is not None}

    @staticmethod
    def _is_there(file: Path, body: bytes) -> bool:
        """Whether the picture lies there. Raises PictureUnwritable where something else has its name."""
        if not os.path.lexists(file):
            return False
        if not file.is_symlink() and file.is_file() and file.read_bytes() == body:
            return True
        raise PictureUnwritable(f"{file} is there and holds something else; move it away and run again")

    @staticmethod
    def _write(file: Path, body: bytes) -> None:
        out, temporary = begin(file.parent, UNFINISHED)
        with out:
            try:
                out.write(body)
                out.flush()
                os.fsync(out.fileno())
                place_new(temporary, file)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
        sync_folder(file.parent)


@contextlib.contextmanager
def _reported(place: Path, done: str) -> Iterator[None]:
    """Raise PictureUnwritable for what the system refuses."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise PictureUnwritable(f"{place} cannot be {done} ({reason}); mend that and run again") from None


def readable_part(address: str) -> str:
    """Return what a name takes from an address: ASCII letters and digits of the last part of its path that has any.

    >>> readable_part("https://a.example/2024/Élan%20vital.JPG?w=640"), readable_part("https://a.example/../%2e%2e/")
    ('elan-vital', '')
    """
    try:
        parts = unquote(urlsplit(address).path).replace("\\", "/").split("/")
    except ValueError:
        return ""
    for part in reversed(parts):
        stem = part.rpartition(".")[0] or part
        if words := _NOT_IN_NAMES.sub("-", name_of(stem)).strip("-"):
            return words[:_MAX_WORDS_LETTERS].strip("-")
    return ""
