"""What is kept of the visits of an address leads to the same as the visits themselves."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.ledger import KnownSeed, Ledger, VisitWrite
from archiver.ledger.entries import instant, seconds
from archiver.ledger.schedule import Subject, next_due
from archiver.ledger.state import State, VisitRecord, url_state
from archiver.models import Verdict

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
URLS = [f"https://a.example/news/{number}/words-of-report-{number}" for number in range(6)]
TARGETS = [None, None, "https://a.example/offers", "https://a.example/elsewhere", f"{URLS[0]}-again"]
VERDICTS = [Verdict.ARTICLE, Verdict.GONE, Verdict.UNREACHABLE, Verdict.UNREACHABLE, Verdict.BLOCKED, Verdict.TIMEOUT]


def test_an_address_is_judged_by_what_was_kept_as_by_all_its_visits(tmp_path: Path) -> None:
    draw = random.Random(1)  # noqa: S311
    ledger, now = Ledger.open(tmp_path / "ledger.sqlite"), NOW
    for step in range(400):
        # Clocks are set back now and then, hosts are silent for weeks, dates of seeds change.
        now += timedelta(hours=draw.choice([1, 30, 80, 200]) if step % 40 else -300)
        url = draw.choice(URLS)
        verdict = Verdict.UNREACHABLE if step % 100 > 70 else draw.choice(VERDICTS)
        target = draw.choice(TARGETS) if verdict is Verdict.ARTICLE else None
        origin = draw.choice(["live", "live", "live", "wayback"])
        visit = VisitRecord(now, verdict, 200, origin, text=f"{draw.randint(0, 3):064x}", target=target)
        if step % 50 == 10:
            dated = NOW - timedelta(days=draw.randint(1, 900))
            ledger.follow((KnownSeed(f"{one[-1]}.md", one, ("title",), dated) for one in URLS), now)
        ledger.record([VisitWrite(url, visit)], now)
        visits, facts = ledger.visits(url), ledger.facts(url, "a.example")
        state, kept = url_state(url, visits, now, facts), ledger.address(url)
        (published,) = ledger._all("SELECT published FROM address WHERE url = ?", url)[0]
        (lacks,) = ledger._all("SELECT count(*) FROM seed JOIN address ON address = number WHERE url = ?", url)[0]
        subject = Subject(url, None if published is None else instant(published), bool(lacks))
        due = instant(seconds(next_due(subject, visits, now, facts)) + 1)
        assert kept is not None
        assert (kept.state, kept.failures, kept.visits, kept.due) == (state.state, state.failures, len(visits), due)
        assert kept.since == (None if state.since is None else instant(seconds(state.since)))
    assert {State(state) for (state,) in ledger._all("SELECT state FROM address")} >= {State.DEAD}
    ledger.close()


def test_a_visit_costs_the_same_however_many_came_before(tmp_path: Path) -> None:
    ledger, steps = Ledger.open(tmp_path / "ledger.sqlite"), [0]

    def count() -> None:
        steps[0] += 1

    ledger._database.set_progress_handler(count, 1)
    costs: dict[Verdict, list[int]] = {}
    for number, verdict in enumerate((Verdict.ARTICLE, Verdict.GONE, Verdict.UNREACHABLE)):
        url = f"https://host-{number}.example/news/words-of-a-report"
        for day in range(60):
            now, before = NOW + timedelta(days=day), steps[0]
            ledger.record([VisitWrite(url, VisitRecord(now, verdict, 200, text=f"{day:064x}"))], now)
            costs.setdefault(verdict, []).append(steps[0] - before)
    for verdict, cost in costs.items():
        assert max(cost[50:]) < 1.2 * min(cost[1:5]), verdict
    ledger.close()
