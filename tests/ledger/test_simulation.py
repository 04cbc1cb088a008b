"""Two simulated years of looking again, against looking once a week.

The collection: half of the articles are old when the archiver meets them (up to five years), the others are published
in the course of the two years and met within a day. Articles are edited mostly in their first days, with a rate that
falls with their age, and hardly ever later; some are taken down or lose their address. A refresh runs every six hours.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from archiver.ledger.schedule import Pace, Subject, due_after
from archiver.ledger.state import NOTHING_KNOWN, VisitRecord
from archiver.models import Verdict

START = datetime(2025, 1, 1, tzinfo=UTC)
END = START + timedelta(days=730)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RUN_EVERY = 6 * HOUR
WEEK = 7 * DAY


@dataclass(frozen=True)
class Life:
    """What happens to an article, as hazards per day.

    Assumed: three edits of an article, half of them on its first day, and 5 % of the links lost in a year.
    """

    edits: float = 1.5
    """Edits per day at the age of nothing; falls as (1 + age in days) to the power of -1.5, three edits in all."""
    late_edits: float = 0.03 / 365
    """Edits per day at any age."""
    rot: float = 0.05 / 365
    """Share of the addresses that stop working, per day."""


@dataclass
class Article:
    address: str
    published: datetime
    met: datetime
    events: list[datetime] = field(default_factory=list)
    gone: datetime | None = None

    def answer(self, at: datetime) -> VisitRecord:
        if self.gone is not None and at >= self.gone:
            return VisitRecord(at, Verdict.GONE, 404)
        version = sum(event <= at for event in self.events)
        return VisitRecord(at, Verdict.ARTICLE, 200, payload=f"{version}", text=f"{version}")


def collection(life: Life, share_of_new: float, count: int, seed: int) -> Iterator[Article]:
    chance = random.Random(seed)  # noqa: S311  (a simulation, no secret)
    for number in range(count):
        if chance.random() < share_of_new:
            published = START + chance.random() * (END - START - DAY)
            met = published + chance.random() * DAY
        else:
            published = START - chance.random() * 5 * 365 * DAY
            met = START + chance.random() * DAY
        article = Article(f"https://a.example/{number}/an-article", published, met)
        at = published
        while at < END:
            age = (at - published) / DAY
            step = HOUR if age < 3 else 6 * HOUR if age < 30 else 3 * DAY
            rate = life.edits / (1 + age) ** 1.5 + life.late_edits
            if chance.random() < rate * (step / DAY):
                article.events.append(at + chance.random() * step)
            if article.gone is None and chance.random() < life.rot * (step / DAY):
                article.gone = at + step
                if article.gone < START:  # nobody copies a seed from an address that does not work
                    article.gone = None
            at += step
        if article.gone is not None:
            article.events = [event for event in article.events if event < article.gone]
        yield article


@dataclass(frozen=True)
class Figures:
    requests: float
    """Per seed."""
    delay: float
    """Days from a change or disappearance to the first visit that sees it, in the mean; what is never seen counts until
    the end of the two years."""
    changes: int


NextDue = Callable[[VisitRecord, int, datetime], datetime]
"""When to look again after one more visit, which is the so manieth of its address."""


def ours(article: Article) -> NextDue:
    subject = Subject(article.address, article.published)
    pace: Pace | None = None

    def next_due(visit: VisitRecord, count: int, now: datetime) -> datetime:
        nonlocal pace
        pace = (pace or Pace.begin(now, article.published)).after(visit, now, NOTHING_KNOWN)
        return due_after(subject, pace, count, now)

    return next_due


def weekly(article: Article) -> NextDue:
    return lambda visit, count, now: now + WEEK


def simulate(articles: list[Article], schedule: Callable[[Article], NextDue]) -> Figures:
    requests, delays = 0, []
    for article in articles:
        due, visits, seen, next_due = article.met, 0, article.met, schedule(article)
        waiting = sorted([*article.events, *([article.gone] if article.gone else [])])
        waiting = [event for event in waiting if event > article.met]
        while True:
            # A run comes every six hours and takes what is due.
            at = START + -(-(due - START) // RUN_EVERY) * RUN_EVERY
            if at >= END:
                break
            visits += 1
            requests += 1
            delays += [(at - event) / DAY for event in waiting if seen < event <= at]
            seen = at
            due = next_due(article.answer(at), visits, at)
            assert due > at
        delays += [(END - event) / DAY for event in waiting if seen < event < END]
    return Figures(requests / len(articles), sum(delays) / max(1, len(delays)), len(delays))


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return list(collection(Life(), share_of_new=0.5, count=800, seed=5))


def test_two_years_cost_two_fifths_of_a_weekly_schedule_and_changes_are_seen_no_later(articles: list[Article]) -> None:
    week, adaptive = simulate(articles, weekly), simulate(articles, ours)
    requests, delay = adaptive.requests / week.requests, adaptive.delay / week.delay
    lines = (
        f"{'':10}{'requests per seed':>20}{'mean delay (days)':>20}{'changes':>10}",
        f"{'weekly':10}{week.requests:20.1f}{week.delay:20.2f}{week.changes:10}",
        f"{'refresh':10}{adaptive.requests:20.1f}{adaptive.delay:20.2f}{adaptive.changes:10}",
        f"{'ratio':10}{requests:20.1%}{delay:20.1%}",
    )
    print("", *lines, sep="\n")  # noqa: T201  (`pytest -s` shows the figures)
    assert week.changes == adaptive.changes > 500
    assert requests <= 0.40
    assert delay <= 1.0


def test_the_simulation_can_be_repeated() -> None:
    one, two = (simulate(list(collection(Life(), share_of_new=0.5, count=20, seed=9)), ours) for _ in range(2))
    assert one == two


def test_old_quiet_articles_are_asked_a_quarter_as_often_as_weekly() -> None:
    old = list(collection(Life(edits=0, late_edits=0, rot=0), share_of_new=0.0, count=100, seed=3))
    assert simulate(old, ours).requests <= 0.25 * simulate(old, weekly).requests
