"""What is damaged in an archive: every record read, every digest compared."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.warc.names import is_archive_name, is_unfinished_name
from archiver.archive.warc.places import StoredEntry
from archiver.archive.warc.reader import is_named_like_warc
from archiver.archive.warc.scan import scan

_NOT_READ = "it is not read in place; move it elsewhere, and take it in with `archive import`"


@dataclass(frozen=True, slots=True)
class Damage:
    """One record that cannot be used."""

    file: str
    offset: int
    """In bytes as stored."""
    reason: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What became of reading all of an archive."""

    files: int
    captures: int
    """Answers that are whole."""
    damages: tuple[Damage, ...]


def verify(archive: Archive) -> VerifyReport:
    """Read every record of every finished file, and every payload that a revisit refers to.

    What lies among the files and no reader takes for a WARC is named too.
    """
    captures, damages = 0, list[Damage]()
    files = archive.files()
    with watch_records(damages):
        # A file that has changed but not in length is not noticed otherwise.
        archive.refresh(again=True)
        damages.clear()
        for file in files:
            for capture in scan(file, file.relative_to(archive.warcs).as_posix()):
                captures += 1
                if capture.kind == "revisit":
                    archive.read(capture)
    damages += (Damage(str(file), 0, _NOT_READ) for file in sorted(archive.warcs.rglob("*")) if _is_passed_over(file))
    return VerifyReport(len(files), captures, tuple(damages))


def _is_passed_over(file: Path) -> bool:
    name = file.name
    return is_archive_name(name) and not is_named_like_warc(name) and not is_unfinished_name(name)


@contextmanager
def watch_records(damages: list[Damage]) -> Iterator[None]:
    """Collect the damages that reading reports, in the place of their warnings."""
    logger = logging.getLogger("archiver.archive")
    collector, aloud = _Collector(damages), logger.propagate
    logger.addHandler(collector)
    logger.propagate = False
    try:
        yield
    finally:
        logger.propagate = aloud
        logger.removeHandler(collector)


class _Collector(logging.Handler):
    def __init__(self, damages: list[Damage]) -> None:
        super().__init__(logging.WARNING)
        self._damages = damages

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging. Readers report file, offset and, where it is not in the sentence, the reason."""
        match record.args:
            case ((Path() | StoredEntry()) as file, int(offset), reason):
                self._damages.append(Damage(str(file), offset, str(reason)))
            case ((Path() | StoredEntry()) as file, int(offset)):
                self._damages.append(Damage(str(file), offset, "it repeats a page that is in none of the WARCs"))
            case (Path() as file, *_):
                self._damages.append(Damage(str(file), 0, record.getMessage().removeprefix(f"{file} ")))
