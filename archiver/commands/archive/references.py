"""Which captures something refers to, so that no pruning takes them: the ledger, what runs wrote, seeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime

from archiver.archive.base import parse_when, utc
from archiver.config.run_settings import RunSettings
from archiver.errors import SeedError, SettingsError
from archiver.ledger import LEDGER
from archiver.ledger.evidence import captures_relied_on
from archiver.models import CdxEntry, Outcome
from archiver.runs import runs_of
from archiver.seeds import read
from archiver.seeds.store import SeedStore
from archiver.urls import address_key, page_key

_SNAPSHOT = re.compile(r"/(\d{14})[a-z_]*/(https?:.+)$")
"""The time and the address in the address of a copy in a web archive."""


def find_referenced(run: RunSettings) -> Callable[[CdxEntry], bool]:
    """Return what says whether something refers to a capture. Raises LedgerError."""
    referenced = {(_key(url), at) for url, at in _references(run)}

    def is_referenced(capture: CdxEntry) -> bool:
        return (_key(capture.url), capture.captured_at) in referenced

    return is_referenced


def _references(run: RunSettings) -> Iterator[tuple[str, datetime]]:
    for url, at in captures_relied_on(run.archive_dir / LEDGER):
        yield from _with_copy(url, at)
    for folder in runs_of(run.runs_dir):
        for record in folder.records():
            result = record.result
            if result.capture is not None and result.outcome is Outcome.WRITTEN:
                yield from _with_copy(result.capture.url, utc(result.capture.captured_at))
    if run.archive_url_key:
        yield from _of_seeds(run, run.archive_url_key)


def _of_seeds(run: RunSettings, key: str) -> Iterator[tuple[str, datetime]]:
    try:
        store = SeedStore.open(run.seeds, None, run.seed_files)
    except SettingsError:
        return  # an archive may be kept without its seeds
    for path in store.paths():
        try:
            value = read(path, store.read(path)).value(key)
        except SeedError:
            continue
        if isinstance(value, str) and (snapshot := _SNAPSHOT.search(value)):
            yield from _with_copy(value, parse_when(snapshot[1]))


def _with_copy(url: str, at: datetime) -> Iterator[tuple[str, datetime]]:
    """A capture, and the address and time of the page that it is a copy of, if it is one."""
    yield url, at
    if snapshot := _SNAPSHOT.search(url):
        yield snapshot[2], parse_when(snapshot[1])


def _key(url: str) -> str:
    try:
        return page_key(address_key(url))
    except ValueError:
        return url
