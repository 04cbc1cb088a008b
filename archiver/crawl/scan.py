"""Reading the seeds folder before anything is asked: what there is, what lacks what, what cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver.config.run_settings import RunSettings
from archiver.errors import SeedError, SeedSkipped
from archiver.ledger import KnownSeed
from archiver.models import Field, Outcome, Result, Verdict
from archiver.repair.audit import missing
from archiver.rules import SiteRules
from archiver.seeds import Seed, read
from archiver.seeds.source import origin_url, published_at
from archiver.seeds.store import SeedStore

_MAX_HOSTS_SHOWN = 5
"""Hosts that are named where no seed is the publisher's, the most frequent first; with fewer the one that was meant may
be missing, more make the sentence long. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class ScanCallbacks:
    """What is told of the seeds while they are read."""

    refused: Callable[[Result], None]
    """The result of a seed that the run takes and that names no address."""
    selected: Callable[[KnownSeed], None] = lambda _: None
    """A seed that the run takes."""
    met: Callable[[str, str, Seed], datetime | None] = lambda *_: None
    """Path, address and content of every seed that was read; says when a person last spoke of a value that it lacks."""


def scan(
    store: SeedStore, options: RunSettings, callbacks: ScanCallbacks, *, whole: bool = False
) -> Iterator[KnownSeed]:
    """Every seed that names an address, one at a time; with `whole` those are read, too, that the run does not take."""
    selection, keys = options.selection, options.keys
    for path in store.paths():
        is_asked_for = selection.has_path(path)
        if not (is_asked_for or whole):
            continue
        shown = store.display_path(path)
        seed: Seed | None = None
        try:
            seed = read(shown, store.read(path))
            url = origin_url(seed, keys["source"], options.site_hosts)
        except SeedError as error:
            if is_asked_for and selection.takes(seed, None, keys):
                callbacks.refused(_result_of(shown, error))
            continue
        lacks, at = missing(seed, keys, options.policy), published_at(seed, keys[Field.DATE], url)
        known = KnownSeed(path, url, lacks, at, callbacks.met(path, url, seed))
        is_taken = is_asked_for and selection.takes(seed, url, keys)
        if is_taken:
            callbacks.selected(known)
        if is_taken or whole:
            yield known


def _result_of(shown: str, error: SeedError) -> Result:
    """The result of a seed that names no address."""
    if isinstance(error, SeedSkipped):
        return Result(shown, None, Outcome.SKIPPED, Verdict.NO_SOURCE, str(error))
    return Result(shown, None, Outcome.MISSED, Verdict.ERROR, str(error))


def no_seed_of(publisher: str, rules: Sequence[SiteRules], store: SeedStore, found: Counter[str]) -> str:
    """Say that no seed is of a publisher's domains, and of which hosts there are how many."""
    domains = ", ".join(dict.fromkeys(domain for rule in rules for domain in rule.domains))
    hosts = ", ".join(host for host, _ in found.most_common(_MAX_HOSTS_SHOWN))
    more = ", …" if len(found) > _MAX_HOSTS_SHOWN else ""
    return (
        f"none of the {found.total()} seeds in {store.root} is of {domains}; there are {hosts}{more}; "
        f"correct the domains in the rules of {publisher}, or run another spider"
    )
