"""The feed of what runs changed: Atom (RFC 4287), for readers that look at a file or at where it is published."""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from archiver import __version__
from archiver.files.atomic import open_replacement
from archiver.models import Change, Outcome
from archiver.runs.folder import REPORT, UNFINISHED_FEED, RunFolder, runs_of
from archiver.runs.records import SeedRecord
from archiver.text.control_characters import escape_control

FEED_NAME = "feed.xml"
"""In the folder of runs."""
_MAX_ENTRIES = 100
"""Seeds in the feed, the newest; with fewer a reader that looks once a day misses some of a large run, more make a file
that is fetched again and again. Chosen, not measured."""
_MAX_VALUE_LETTERS = 300
"""Characters of a value that are shown; the report has all. With fewer a description is cut. Chosen, not measured."""
_ATOM = "http://www.w3.org/2005/Atom"
_RESERVED = "%/?#[]@!$&'()*+,;=:~"
"""What has a meaning in an address (RFC 3986); all else but letters and digits is written as %xx."""
_OWN_ID = re.compile(rb"urn:uuid:[0-9a-f-]{36}")
_MAX_HEAD_BYTES = 4_096
"""Bytes of a feed in which its own id stands; with fewer it is not found, and readers take the feed for a new one."""


def update_feed(runs_dir: Path, ended: Iterable[RunFolder]) -> None:
    """Put the seeds that these runs changed in front of those that the feed has. Raises OSError.

    A feed that is not there, or cannot be read, is made anew of the runs that were kept.
    """
    file = runs_dir / FEED_NAME
    known = _read(file)
    newest_first = (
        sorted(ended, key=lambda folder: folder.name, reverse=True) if known is not None else runs_of(runs_dir)
    )
    made = chain.from_iterable(map(_entries, newest_first))
    older = known.iterfind("entry") if known is not None else ()
    entries: dict[str, ElementTree.Element] = {}
    for entry in islice(chain(made, older), 2 * _MAX_ENTRIES):
        entries.setdefault(entry.findtext("id", ""), entry)
    _write(file, _feed(file, list(entries.values())[:_MAX_ENTRIES]))


def drop_entries(runs_dir: Path, concerns: Callable[[str], bool]) -> None:
    """Take the entries of some pages out of the feed, if it has any. Raises OSError."""
    file = runs_dir / FEED_NAME
    known = _read(file)
    if known is None:
        return
    entries = known.findall("entry")
    links = [[link.get("href", "") for link in entry.iterfind("link")] for entry in entries]
    stay = [entry for entry, urls in zip(entries, links, strict=True) if not any(map(concerns, urls))]
    if len(stay) < len(entries):
        _write(file, _feed(file, stay))


def _entries(folder: RunFolder) -> Iterator[ElementTree.Element]:
    """Return an entry per seed that a run changed, or proposed to change, the last one first."""
    head = folder.head()
    if head.dry_run:
        return
    changed = deque(
        (record for record in folder.records() if record.result.outcome is Outcome.WRITTEN or record.result.proposed),
        maxlen=_MAX_ENTRIES,
    )
    for record in reversed(changed):
        yield _entry(folder, head.ended or head.started, record)


def _entry(folder: RunFolder, at: str, record: SeedRecord) -> ElementTree.Element:
    result = record.result
    entry = ElementTree.Element("entry")
    _add(entry, "id", _entry_id(folder, record).urn)
    fields = ", ".join(dict.fromkeys(change.field for change in (*result.changes, *result.proposed)))
    _add(entry, "title", f"{record.seed}: {fields}")
    _add(entry, "updated", at)
    if result.origin_url is not None and result.origin_url.startswith(("http://", "https://")):
        _add(entry, "link", rel="alternate", href=quote(result.origin_url, safe=_RESERVED, errors="replace"))
    _add(entry, "link", rel="related", type="text/html", href=f"{folder.name}/{REPORT}")
    lines = [_describe(change) for change in result.changes]
    lines += [f"waits for you: {_describe(change)}" for change in result.proposed]
    _add(entry, "content", "\n".join(lines), type="text")
    return entry


def _entry_id(folder: RunFolder, record: SeedRecord) -> uuid.UUID:
    """Return the id of an entry: the same whenever the feed is made, and for what is proposed again in the next run."""
    result = record.result
    of_run = folder.name if result.changes else [(change.field, change.new) for change in result.proposed]
    return uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([result.origin_url, record.seed, of_run]))


def _describe(change: Change) -> str:
    was = "" if not change.old else f" (was “{_short(change.old)}”)"
    return escape_control(f"{change.field}: “{_short(change.new)}”{was}, from {change.source}")


def _short(value: str) -> str:
    return value if len(value) <= _MAX_VALUE_LETTERS else f"{value[:_MAX_VALUE_LETTERS]}…"


def _feed(file: Path, entries: list[ElementTree.Element]) -> ElementTree.Element:
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    _add(feed, "id", _own_id(file))
    _add(feed, "title", "What seed-archiver changed")
    _add(feed, "updated", max((entry.findtext("updated", "") for entry in entries), default=_NEVER))
    _add(_add(feed, "author"), "name", "seed-archiver")
    _add(feed, "generator", "seed-archiver", version=__version__)
    _add(feed, "link", rel="self", type="application/atom+xml", href=FEED_NAME)
    feed.extend(entries)
    return feed


_NEVER = "1970-01-01T00:00:00Z"
"""When a feed without an entry was changed: the element must be there."""


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    if text is not None:
        # XML has no escapes for control characters; a line end in a text is one that we made.
        element.text = "\n".join(map(escape_control, text.split("\n")))
    return element


def _own_id(file: Path) -> str:
    """Return the id that the feed has, or a new one: it is never to change."""
    with contextlib.suppress(OSError), file.open("rb") as stream:
        if found := _OWN_ID.search(stream.read(_MAX_HEAD_BYTES)):
            return found[0].decode()
    return uuid.uuid4().urn


def _read(file: Path) -> ElementTree.Element | None:
    try:
        feed = ElementTree.parse(file).getroot()  # noqa: S314  (our own file, beside the seeds' archive)
    except (OSError, ElementTree.ParseError):
        return None
    for element in feed.iter():
        element.tag = element.tag.rpartition("}")[2]  # as they are made: the feed states the namespace of all
    return feed


def _write(file: Path, feed: ElementTree.Element) -> None:
    with open_replacement(file, UNFINISHED_FEED) as stream:
        ElementTree.ElementTree(feed).write(stream, encoding="utf-8", xml_declaration=True)
