"""Leave out of a WARC that is to be imported what was taken down from the archive before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from functools import partial
from pathlib import Path

from archiver.archive.upkeep.promotion import as_response, read_stored
from archiver.archive.upkeep.rewriting import copy_without, with_companions
from archiver.archive.upkeep.tombstones import Tombstones
from archiver.archive.upkeep.verify import watch_records
from archiver.archive.warc.scan import scan
from archiver.archive.warc.segments import walk
from archiver.files.atomic import open_replacement
from archiver.models import CdxEntry


def leave_out_removed(tombstones: Tombstones, copy: Path, prefix: str) -> int:
    """Write a WARC again in its place without what the tombstones concern; how many captures that leaves out.

    `prefix` is that of files that an import left unfinished. Raises OSError.
    """
    if not any(tombstones):
        return 0
    concerned = [one for one in walk(copy) if one.url and tombstones.of(one.url) is not None]
    if not concerned:
        return 0
    gone = with_companions(copy, {one.offset for one in concerned})
    with watch_records([]):
        entries = list(scan(copy, copy.name))
    with open_replacement(copy, prefix) as out:
        copy_without(copy, out, gone, _heirs(copy, entries, gone))
    return sum(one.offset in gone for one in entries)


def _heirs(copy: Path, entries: list[CdxEntry], gone: Set[int]) -> Mapping[int, Callable[[], bytes]]:
    """The first revisit that stays of each payload that goes, with that payload."""
    edits = dict[int, Callable[[], bytes]]()
    stay = {one.digest for one in entries if one.kind == "response" and one.offset not in gone}
    for original in (one for one in entries if one.kind == "response" and one.offset in gone):
        same = (one for one in entries if one.kind == "revisit" and one.digest == original.digest)
        heir = next((one for one in same if one.offset not in gone), None)
        if heir is not None and original.digest not in stay:
            stay.add(original.digest)
            edits[heir.offset] = partial(_as_response, copy, heir, original)
    return edits


def _as_response(copy: Path, revisit: CdxEntry, original: CdxEntry) -> bytes:
    return as_response(read_stored(copy, revisit), read_stored(copy, original))
