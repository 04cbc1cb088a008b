"""What waits for a person: the values that runs proposed, in the light of what seeds and decisions say now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from archiver.config.run_settings import RunSettings
from archiver.decisions import Decisions, digest_of
from archiver.errors import SeedError
from archiver.models import Change, Field
from archiver.repair.reviews.acceptance import HEADING, stated
from archiver.repair.selection import Selection
from archiver.review.names import check_name
from archiver.runs import RunFolder, SeedRecord
from archiver.seeds import Seed, read
from archiver.seeds.source import origin_url
from archiver.seeds.store import SeedStore
from archiver.urls import hostname, without_www


@dataclass(frozen=True, slots=True)
class OpenOffer:
    """One value that waits for a person."""

    run: str
    """The name of the run that proposed it."""
    seed: str
    """The seed's path relative to SEEDS_DIR."""
    url: str
    """The seed's source address, by which decisions know it."""
    change: Change
    """What was proposed; its `old` is what the seed says now."""
    doubts: tuple[str, ...] = ()
    """Why a person should look at the seed, a sentence each."""

    @property
    def field(self) -> str:
        """The field's name."""
        return self.change.field

    @property
    def digest(self) -> str:
        """What a decision names the offered value by."""
        return digest_of(self.change.field, self.change.new)

    @property
    def host(self) -> str:
        """Where the seed was copied from, without `www.`."""
        return without_www(hostname(self.url))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which offers a person wants to see; all that is given must match."""

    selection: Selection = field(default_factory=Selection)
    """By the seed's path and the host of its source."""
    fields: frozenset[str] = frozenset()
    """None is all."""
    headings: bool = False
    """Whether a heading is one of them though its title waits too, with which it is filled or left."""

    def changes(self, record: SeedRecord) -> list[Change]:
        """Return what they are of all that was proposed for a seed."""
        result = record.result
        if not (self.selection.has_path(record.seed) and self.selection.has_host(result.origin_url)):
            return []
        is_titled = any(change.field == Field.TITLE for change in result.proposed)
        left_out = HEADING if is_titled and not self.headings and HEADING not in self.fields else None
        return [
            change
            for change in result.proposed
            if change.field != left_out and (not self.fields or change.field in self.fields)
        ]


EVERYTHING = Wanted(headings=True)


class SeedReader:
    """Reads seeds as they are now, to hold offers against them."""

    def __init__(self, store: SeedStore, options: RunSettings) -> None:
        self.store = store
        self.options = options

    def read(self, path: str) -> tuple[bytes, Seed]:
        """Return a seed's bytes and what they say. Raises SeedError."""
        check_name(self.store, path)
        content = self.store.read(path)
        return content, read(self.store.display_path(path), content)

    def say(self, seed: Seed, field: str) -> str | None:
        """Return what a seed says in a field."""
        return stated(seed, field, self.options.keys)

    def url(self, seed: Seed) -> str:
        """Return the address that a seed was copied from. Raises SeedError."""
        return origin_url(seed, self.options.keys["source"], self.options.site_hosts)


def offers_of(
    folders: Iterable[RunFolder],
    seeds: SeedReader,
    decisions: Decisions,
    problems: list[str],
    wanted: Wanted = EVERYTHING,
) -> Iterator[OpenOffer]:
    """Return what waits in these runs, the newest first; what cannot be read of them goes to `problems`.

    Of a seed the newest run that read its page speaks. A value does not wait where the seed says it already, where
    what was blank has been filled since, or where a person has decided on it.
    """
    for folder, record in _newest_records(folders, problems):
        changes = wanted.changes(record)
        if changes and record.result.origin_url:
            yield from _open_offers(folder, record, changes, seeds, decisions)


def _newest_records(folders: Iterable[RunFolder], problems: list[str]) -> Iterator[tuple[RunFolder, SeedRecord]]:
    known: set[str] = set()
    for folder in _with_waiting(folders):
        found = []
        for record in folder.records(lambda problem, name=folder.name: problems.append(f"{name}: {problem}")):  # type: ignore[misc]
            if record.seed not in known and _has_read_page(record):
                found.append(record.seed)
                yield folder, record
        known.update(found)


def _with_waiting(folders: Iterable[RunFolder]) -> list[RunFolder]:
    """The runs down to the last in which something waits: what lies behind it need not be read."""
    listed = list(folders)
    heads = [folder.head() for folder in listed]
    # A run that was killed, or that goes on, has not counted yet.
    last = max((i for i, head in enumerate(heads) if head.ended is None or head.counts.get("waiting")), default=-1)
    return listed[: last + 1]


def _has_read_page(record: SeedRecord) -> bool:
    """Whether a run held the seed against its page; a page that was found unchanged, or missed, says nothing new."""
    return bool(record.title is not None or record.offered or record.result.proposed or record.result.changes)


def _open_offers(
    folder: RunFolder, record: SeedRecord, changes: Iterable[Change], seeds: SeedReader, decisions: Decisions
) -> Iterator[OpenOffer]:
    result = record.result
    try:
        _, seed = seeds.read(record.seed)
        url = seeds.url(seed)
    except SeedError:
        return  # the next run says what is wrong with it
    if url != result.origin_url and url not in {change.new for change in result.changes}:
        return  # it is another page's seed now
    for change in changes:
        offer = open_offer(OpenOffer(folder.name, record.seed, url, change, result.doubts), seed, seeds, decisions)
        if offer is not None:
            yield offer


def open_offer(offer: OpenOffer, seed: Seed, seeds: SeedReader, decisions: Decisions) -> OpenOffer | None:
    """Return an offer against what the seed says now; None where it does not wait any more."""
    change = offer.change
    now = seeds.say(seed, change.field)
    decision = decisions.find(offer.seed, offer.url, change.field)
    if decision is not None and decision.offered == offer.digest:
        return None
    was_blank, is_blank = not (change.old or "").strip(), not (now or "").strip()
    if now == change.new or (was_blank and not is_blank):
        return None
    return offer if now == change.old else _against(offer, now)


def _against(offer: OpenOffer, now: str | None) -> OpenOffer:
    return replace(offer, change=replace(offer.change, old=now))
