"""Choose which captures of each address stay, and take the others out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, get_args

from archiver.archive.archive import Archive
from archiver.archive.index import NOT_MODIFIED
from archiver.archive.upkeep.promotion import Place, edits_without
from archiver.archive.upkeep.rewriting import Freed, rewrite
from archiver.errors import SettingsError
from archiver.models import CdxEntry
from archiver.urls import address_key

Keep = Literal["first", "last", "yearly", "changed"]
"""first, last: in time; yearly: the last of each year; changed: another payload than the one before."""

Protected = Callable[[CdxEntry], bool]
"""Whether something refers to a capture, so that it stays."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a pruning takes out."""

    captures: int
    """Answers that there are."""
    dropped: frozenset[Place]


def parse_keep(text: str) -> frozenset[Keep]:
    """Return which captures are to stay. Raises SettingsError.

    >>> sorted(parse_keep("first, last"))
    ['first', 'last']
    """
    known: tuple[Keep, ...] = get_args(Keep)
    names = {name.strip() for name in text.split(",")} - {""}
    if not names or not names <= set(known):
        raise SettingsError(f"--keep {text} names none or others than {', '.join(known)}; name some of these")
    return frozenset(name for name in known if name in names)


def choose(archive: Archive, keep: Set[Keep], protected: Protected) -> Choice:
    """Return what goes, so that of each address those captures stay that `keep` names, and those that are protected."""
    archive.refresh()
    count, dropped = 0, set[Place]()
    # All of one address are together, by its key.
    for _, group in groupby(archive.index.under("http"), key=lambda capture: address_key(capture.url)):
        captures = [one for one in group if one.kind in {"response", "revisit"}]
        count += len(captures)
        stay = {_place(one) for one in kept_captures(captures, keep, protected)}
        dropped |= {_place(one) for one in captures} - stay
    return Choice(count, frozenset(dropped))


def prune(archive: Archive, choice: Choice) -> Freed:
    """Take the chosen captures out. For one process, under the run's lock. Raises as `rewrite` does."""
    return rewrite(archive, choice.dropped, edits_without(archive, choice.dropped))


def kept_captures(captures: Sequence[CdxEntry], keep: Set[Keep], protected: Protected) -> Iterator[CdxEntry]:
    """Return those captures of one address that stay; `captures` are all of them, in time.

    A good one (200) never goes in favour of another. An answer that the page is as it was stays with the page.
    """
    pages = [one for one in captures if one.status != NOT_MODIFIED]
    chosen = {_place(one) for one in captures if protected(one)}
    chosen |= {_place(one) for part in (pages, [one for one in pages if _is_good(one)]) for one in _named(part, keep)}
    confirmed: CdxEntry | None = None
    for one in captures:
        if one.status != NOT_MODIFIED:
            confirmed = one
        elif confirmed is not None and _place(one) in chosen:
            chosen.add(_place(confirmed))
    page_stays = not pages
    for one in captures:
        if one.status == NOT_MODIFIED:
            if page_stays or _place(one) in chosen:
                yield one
            continue
        page_stays = _place(one) in chosen
        if page_stays:
            yield one


def _named(pages: Sequence[CdxEntry], keep: Set[Keep]) -> Iterator[CdxEntry]:
    if not pages:
        return
    if "first" in keep:
        # Of one instant the later counts, as it does when a page is looked for.
        yield next(one for one in reversed(pages) if one.captured_at == pages[0].captured_at)
    if "last" in keep:
        yield pages[-1]
    if "yearly" in keep:
        yield from {one.captured_at.year: one for one in pages}.values()
    if "changed" in keep:
        before: CdxEntry | None = None
        for one in pages:
            if before is None or (one.digest, one.status) != (before.digest, before.status):
                yield one
            before = one


def _is_good(capture: CdxEntry) -> bool:
    # A revisit without a head has no status of its own: it repeats a page.
    return capture.status in {200, 0}


def _place(capture: CdxEntry) -> Place:
    return capture.file, capture.offset
