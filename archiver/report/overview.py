"""What the page says of a run as a whole, counted while its seeds go by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from archiver.report.rows import host_of_seed
from archiver.runs import RunFolder, RunHead, SeedRecord, State

MAX_TABLE_SEEDS = 300
"""Seeds in the table of the page without scripts; it says how many are left out. Chosen, not measured."""
_MAX_HOSTS = 40
"""Hosts with trouble that the page lists, the worst first. Chosen, not measured."""
_MAX_HISTORY_RUNS = 30
"""Past runs in the chart: a month of daily ones."""
_MAX_PROBLEMS = 20
"""Sentences on what could not be read; further ones are counted. Chosen, not measured."""


class Overview:
    """Counts seeds, fields and hosts; memory grows with the hosts, not with the seeds."""

    def __init__(self, head: RunHead) -> None:
        self.head = head
        self.states: Counter[State] = Counter()
        self._fields: Counter[str] = Counter()
        self._hosts: dict[str, Counter[State]] = {}
        self._problems: list[str] = []
        self._more_problems = 0
        self._table: dict[State, list[SeedRecord]] = {state: [] for state in State}

    def add(self, record: SeedRecord) -> None:
        """Count a seed."""
        state, result = record.state, record.result
        self.states[state] += 1
        self._fields.update({change.field for change in (*result.proposed, *result.changes)})
        self._hosts.setdefault(host_of_seed(record), Counter())[state] += 1
        if len(self._table[state]) < MAX_TABLE_SEEDS:
            self._table[state].append(record)

    def add_problem(self, sentence: str) -> None:
        """Note what could not be read."""
        if len(self._problems) < _MAX_PROBLEMS:
            self._problems.append(sentence)
        else:
            self._more_problems += 1

    @property
    def seeds(self) -> int:
        """How many there are."""
        return self.states.total()

    @property
    def problems(self) -> list[str]:
        """What could not be read, a sentence each."""
        more = [f"… and {self._more_problems:,} more"] if self._more_problems else []
        return self._problems + more

    def first_of_all(self) -> list[SeedRecord]:
        """Return the seeds of the table without scripts, those that need a person first."""
        return [record for state in State for record in self._table[state]][:MAX_TABLE_SEEDS]

    def to_json(self, history: Iterable[RunFolder]) -> dict[str, Any]:
        """Return what the page's script has of the run."""
        told = self.head.as_json()
        paused = {paused.host: paused.until for paused in self.head.hosts_paused}
        return {
            **told,
            "problems": self.problems,
            "seeds": self.seeds,
            "states": {state.value: self.states[state] for state in State},
            "fields": self._fields.most_common(),
            "hosts": [
                {"host": host, "missed": found[State.MISSED], "ask": found[State.ASK], "seeds": found.total(),
                 "paused": paused.get(host)}
                for host, found in self._worst_hosts(paused)
            ],
            "history": [_past(folder) for folder in history],
        }  # fmt: skip

    def _worst_hosts(self, paused: dict[str, str]) -> list[tuple[str, Counter[State]]]:
        for host in paused:
            self._hosts.setdefault(host, Counter())
        trouble = [(host, found) for host, found in self._hosts.items() if found[State.MISSED] or host in paused]
        return sorted(trouble, key=lambda it: (it[0] not in paused, -it[1][State.MISSED], it[0]))[:_MAX_HOSTS]


def past_runs(folder: RunFolder, runs: Iterable[RunFolder]) -> list[RunFolder]:
    """Return a run and those before it in the same place, the oldest first."""
    before = (run for run in runs if run.name <= folder.name)
    return [run for run, _ in zip(before, range(_MAX_HISTORY_RUNS), strict=False)][::-1]


def _past(folder: RunFolder) -> list[Any]:
    head = folder.head()
    counts = head.counts
    ask = max(counts.get("waiting", 0), counts.get("doubtful", 0))
    return [folder.name, head.started, counts.get("written", 0), counts.get("missed", 0), ask]
