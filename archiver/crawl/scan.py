"""Reading the seeds folder before anything is asked: what there is, what lacks what, what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archiver.config.run_settings import RunSettings
from archiver.errors import SeedError, SeedSkipped
from archiver.ledger import KnownFiles, KnownSeed
from archiver.models import Field, Outcome, Result, Verdict
from archiver.repair.audit import missing
from archiver.seeds import Seed, read
from archiver.seeds.source import origin_url, published_at
from archiver.seeds.store import SeedStore


@dataclass(frozen=True, slots=True)
class ScanCallbacks:
    """What is told of the seeds while they are read."""

    refused: Callable[[Result], None]
    """The result of a seed that the run takes and that names no address."""
    selected: Callable[[KnownSeed], None] = lambda _: None
    """A seed that the run takes."""
    met: Callable[[str, str, Seed], datetime | None] = lambda *_: None
    """Path, address and content of every seed that was read; says when a person last spoke of a value that it lacks."""
    skipped: Callable[[], None] = lambda: None
    """A seed that the run takes and that is as it was; whether it names an address is not said."""
    without_address: Callable[[str, bytes | None], None] = lambda *_: None
    """Path and stamp of every seed that names no address."""


def scan(
    store: SeedStore,
    options: RunSettings,
    callbacks: ScanCallbacks,
    *,
    whole: bool = False,
    known: KnownFiles | None = None,
) -> Iterator[KnownSeed]:
    """Every seed that names an address, one at a time; with `whole` those are read, too, that the run does not take.

    Seeds that are as they were when they were `known` are left out, unread.
    """
    selection, keys = options.selection, options.keys
    for found in store.found():
        path = found.path
        is_asked_for = selection.has_path(path)
        if not (is_asked_for or whole):
            continue
        if known is not None and known.skip(path, found.stamp):
            if is_asked_for:
                callbacks.skipped()
            continue
        shown = store.display_path(path)
        seed: Seed | None = None
        stamp: bytes | None = None
        try:
            content, stamp = store.read_stamped(path)
            seed = read(shown, content)
            url = origin_url(seed, keys["source"], options.site_hosts)
        except SeedError as error:
            callbacks.without_address(path, stamp)
            if is_asked_for and selection.takes(seed, None, keys):
                callbacks.refused(_result_of(shown, error))
            continue
        lacks, at = missing(seed, keys, options.policy), published_at(seed, keys[Field.DATE], url)
        read_seed = KnownSeed(path, url, lacks, at, callbacks.met(path, url, seed), stamp)
        is_taken = is_asked_for and selection.takes(seed, url, keys)
        if is_taken:
            callbacks.selected(read_seed)
        if is_taken or whole:
            yield read_seed


def _result_of(shown: str, error: SeedError) -> Result:
    """The result of a seed that names no address."""
    if isinstance(error, SeedSkipped):
        return Result(shown, None, Outcome.SKIPPED, Verdict.NO_SOURCE, str(error))
    return Result(shown, None, Outcome.MISSED, Verdict.ERROR, str(error))
