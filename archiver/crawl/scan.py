"""Reading the seeds folder before anything is asked: what there is, what lacks what, what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from archiver.config.run_settings import RunSettings
from archiver.errors import SeedError, SeedSkipped
from archiver.ledger import KnownSeed
from archiver.models import Field, Outcome, Result, Verdict
from archiver.repair.audit import missing
from archiver.seeds import read
from archiver.seeds.source import origin_url, published_at
from archiver.seeds.store import SeedStore


def scan(store: SeedStore, options: RunSettings, refused: Callable[[Result], None]) -> Iterator[KnownSeed]:
    """Every seed that names an address, one at a time; the result of any other goes to `refused`."""
    for path in store.paths(options.only):
        shown = store.display_path(path)
        try:
            seed = read(shown, store.read(path))
            url = origin_url(seed, options.keys["source"], options.site_hosts)
        except SeedSkipped as error:
            refused(Result(shown, None, Outcome.SKIPPED, Verdict.NO_SOURCE, str(error)))
            continue
        except SeedError as error:
            refused(Result(shown, None, Outcome.MISSED, Verdict.ERROR, str(error)))
            continue
        at = published_at(seed, options.keys[Field.DATE], url)
        yield KnownSeed(path, url, missing(seed, options.keys), at)
