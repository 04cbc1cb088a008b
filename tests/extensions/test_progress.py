"""How far a run is: honest figures, of which the slowest host has the last word."""

from __future__ import annotations

import pytest

from archiver.extensions.progress import SeedCounts
from archiver.models import Outcome, Result, Verdict

NOBODY: frozenset[str] = frozenset()


def result(host: str, outcome: Outcome = Outcome.WRITTEN) -> Result:
    return Result("a.md", f"https://{host}/news", outcome, Verdict.ARTICLE, "")


def counted(*hosts: str, total: int = 110, **by_host: int) -> SeedCounts:
    counts = SeedCounts(0)
    counts.begin(total, {f"{name}.example": seeds for name, seeds in by_host.items()}, 0)
    for host in hosts:
        counts.add(result(f"{host}.example"))
    return counts


def test_the_slowest_host_says_how_long_it_takes() -> None:
    # In 60 seconds ten of each: 90 are left of one, and none of the other, at ten a minute.
    counts = counted(*["large"] * 10, *["small"] * 10, large=100, small=10)
    assert list(counts.lines(60, NOBODY)) == [
        "20 written", "1 host under way", "20 seeds a minute", "about 9 min left",
    ]  # fmt: skip
    assert counts.line(60, NOBODY).startswith("after 60 s: 20 of 110 seeds; 20 written; 1 host under way; ")


def test_what_waits_for_a_paused_host_is_not_waited_for() -> None:
    counts = counted(*["large"] * 10, *["small"] * 10, large=100, small=20, total=120)
    assert list(counts.lines(60, frozenset({"large.example", "other.example"})))[1:] == [
        "1 host under way, 1 paused", "20 seeds a minute", "about 5 min left",
    ]  # fmt: skip


def test_many_hosts_wait_for_the_machine() -> None:
    counts = counted("a", "b", a=2, b=2, total=1000)
    assert list(counts.lines(100, NOBODY))[-1] == "about 13 h 52 min left"


def test_what_nobody_knows_yet_is_not_said() -> None:
    unread = SeedCounts(0)
    assert unread.line(4, NOBODY) == "after 4 s: 0 seeds; no result; 0 seeds a minute"
    assert list(counted("a", a=9).lines(9, NOBODY))[-1] == "7 seeds a minute"


def test_the_rate_is_that_of_the_last_minute() -> None:
    counts = counted(*["a"] * 600, a=900, total=900)
    said = [list(counts.lines(now, NOBODY))[2] for now in (60, 70, 125, 190)]
    assert said == ["10.0 seeds a second", "8.6 seeds a second", "0 seeds a minute", "0 seeds a minute"]


@pytest.mark.parametrize(("dry_run", "said"), [(False, "1 written, 1 missed"), (True, "1 would be written, 1 missed")])
def test_a_dry_run_has_written_nothing(dry_run: bool, said: str) -> None:
    counts = SeedCounts(0, dry_run=dry_run)
    counts.add(result("a.example"))
    counts.add(result("a.example", Outcome.MISSED))
    assert next(counts.lines(1, NOBODY)) == said
