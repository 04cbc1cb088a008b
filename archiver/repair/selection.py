"""Which seeds a command takes: by path, by what they lack, by the host of their source, by their date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from fnmatch import fnmatchcase

from archiver.errors import SettingsError
from archiver.models import Field
from archiver.program import program_name
from archiver.repair.audit import missing_fields
from archiver.repair.diff import Keys
from archiver.repair.policy import Policy
from archiver.seeds import Seed
from archiver.seeds.source import published_at
from archiver.seeds.store import SeedStore
from archiver.urls import hostname, without_www


@dataclass(frozen=True, slots=True)
class Selection:
    """What `-a only=`, `missing=`, `host=` and `since=` ask for; a seed must meet all that are given."""

    only: tuple[str, ...] = ()
    """Shell patterns for the path or the file's name, of which one must match."""
    missing: tuple[str, ...] = ()
    """Fields, and `heading`, of which one must be blank."""
    hosts: tuple[str, ...] = ()
    """Without `www.`; the source must be on one of them, or on a host below one."""
    since: date | None = None
    """The first day that a post may be of."""
    policy: Policy = field(default_factory=lambda: Policy({}))
    """What says whether an absent key is missing."""

    def __str__(self) -> str:
        """As a user writes it; empty when nothing is asked for."""
        return " ".join(f"-a {name}={value}" for name, value in self._given())

    def _given(self) -> Iterator[tuple[str, str]]:
        for name, values in (("only", self.only), ("missing", self.missing), ("host", self.hosts)):
            if values:
                yield name, ",".join(values)
        if self.since is not None:
            yield "since", self.since.isoformat()

    @property
    def is_everything(self) -> bool:
        """Whether every seed is taken."""
        return not (self.only or self.needs_seed)

    @property
    def needs_seed(self) -> bool:
        """Whether more than the path counts."""
        return bool(self.missing or self.hosts or self.since)

    def has_path(self, path: str) -> bool:
        """Whether a path is among those that are asked for."""
        name = path.rpartition("/")[2]
        return not self.only or any(fnmatchcase(path, glob) or fnmatchcase(name, glob) for glob in self.only)

    def has_host(self, url: str | None) -> bool:
        """Whether a source is on a host that is asked for, or below one."""
        return not self.hosts or _is_below(without_www(hostname(url or "")), self.hosts)

    def takes(self, seed: Seed | None, url: str | None, keys: Keys) -> bool:
        """Whether a seed with such a path meets the rest; None is a seed that cannot be read, or no address to ask.

        Of what cannot be read nobody knows the need; of a post that names no page there is none that a page could meet.
        """
        if not self.needs_seed:
            return True
        if seed is None or (url is None and (self.missing or self.hosts)):
            return False
        if self.missing and missing_fields(seed, keys, self.policy).isdisjoint(self.missing):
            return False
        if not self.has_host(url):
            return False
        return self.since is None or _is_since(published_at(seed, keys[Field.DATE], url or ""), self.since)

    def check_paths(self, store: SeedStore) -> None:
        """Raise SettingsError when no path is among those that are asked for."""
        if self.only and not any(map(self.has_path, store.paths())):
            raise Selection(self.only).no_match(str(store.root))

    def no_match(self, where: str) -> SettingsError:
        """The error that says that no seed is taken."""
        several = len(list(self._given())) > 1
        return SettingsError(
            f"{self} {'together match' if several else 'matches'} no seed in {where}; "
            f"correct it, or leave it out; `{program_name()} audit` shows what there is"
        )


def _is_below(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == wanted or host.endswith(f".{wanted}") for wanted in hosts)


def _is_since(at: datetime | None, day: date) -> bool:
    return at is not None and at >= datetime.combine(day, time.min, UTC)
