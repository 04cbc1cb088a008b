"""What `scrapy status --new` told last, so that it tells nothing twice: `ARCHIVE_DIR/last-look.json`.

Not in the ledger, which only runs write and which can be drawn anew from the captures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver.decisions import Decisions
from archiver.errors import SettingsError
from archiver.files.atomic import open_replacement
from archiver.ledger.reader import LedgerReader
from archiver.ledger.state import State

LAST_LOOK = "last-look.json"
"""Its file in ARCHIVE_DIR."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a person may want to look at."""

    kind: str
    """`alarm`, `dead`, `missed`, `moved` or `refused`."""
    subject: str
    """The path of a seed, or a host."""
    address: str
    """The seed's address; of an alarm what it is about, of a refusal the field too."""
    since: datetime | None
    detail: str = ""

    @property
    def key(self) -> str:
        """What it is recognised by, whatever the seed is called now."""
        return f"{self.kind} {self.subject if self.kind == 'alarm' else ''} {self.address}"


@dataclass(frozen=True, slots=True)
class LastLook:
    """What was there to be told when somebody looked last."""

    at: datetime | None = None
    """None where nobody has looked."""
    known: frozenset[str] = frozenset()

    def is_new(self, news: News) -> bool:
        """Whether something was not there at the last look, or has come again since."""
        return news.key not in self.known or (None not in (news.since, self.at) and news.since > self.at)  # type: ignore[operator]


def news_of(ledger: LedgerReader) -> Iterator[News]:
    """All that there is to tell: alarms, then seeds that are dead, moved, or were missed at their last visit."""
    for alarm in ledger.alarms():
        yield News("alarm", alarm.host, alarm.aspect, alarm.since, alarm.url)
    for seed in ledger.troubled_seeds():
        if seed.state is State.DEAD:
            yield News("dead", seed.path, seed.url, seed.since)
        elif seed.state is State.MOVED:
            yield News("moved", seed.path, seed.url, seed.since, seed.moved_to or "")
        if seed.missed and seed.state is not State.DEAD:
            yield News("missed", seed.path, seed.url, None, seed.state.value)


def refusals_of(decisions: Decisions) -> Iterator[News]:
    """The values that people refused, by a word or by taking them out."""
    for said in decisions.refusals():
        yield News("refused", said.path, f"{said.url or said.path} {said.field}", said.at)


def read_last_look(file: Path) -> LastLook:
    """Return what was told last; where the file is none of ours any more nothing was. Raises SettingsError."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return LastLook(datetime.fromisoformat(stored["at"]), frozenset(map(str, stored["known"])))
    except FileNotFoundError:
        return LastLook()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read ({(error.strerror or '').lower()}); make it readable") from None
    except (ValueError, KeyError, TypeError):
        return LastLook()


def write_last_look(file: Path, look: LastLook) -> None:
    """Remember what was told. Raises SettingsError."""
    assert look.at is not None
    content = json.dumps({"at": look.at.isoformat(timespec="seconds"), "known": sorted(look.known)}, indent=0)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open_replacement(file, "last-look") as stream:
            stream.write(content.encode())
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be written ({(error.strerror or '').lower()}); make ARCHIVE_DIR writable"
        ) from None
