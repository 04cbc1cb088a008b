"""Histories of answers, written and generated → the state that each must end in, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.ledger.schedule import MAX_WAIT_WITH_JITTER, Subject, next_due
from archiver.ledger.soft404 import Probe, apply_probe, is_probe_due, needs_probe, probe_address, shared_targets
from archiver.ledger.state import FAILURES, SUCCESSES, HostFacts, Outage, State, VisitRecord, url_state
from archiver.models import Verdict

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://a.example/news/1234567/a-title-of-words"
V = Verdict


def history(*told: tuple[float, Verdict]) -> list[VisitRecord]:
    """Visits by (days before now, verdict)."""
    return [VisitRecord(NOW - days * DAY, verdict, text="t") for days, verdict in told]


@pytest.mark.parametrize(
    ("told", "state", "failures"),
    [
        ([], State.UNKNOWN, 0),
        ([(1, V.TIMEOUT), (0, V.ERROR)], State.UNKNOWN, 0),
        ([(0, V.ARTICLE)], State.ALIVE, 0),
        ([(0, V.WALLED)], State.WALLED, 0),
        ([(0, V.GONE)], State.FAILING, 1),
        ([(9, V.GONE), (8, V.GONE), (7, V.GONE)], State.FAILING, 1),
        ([(6, V.GONE), (3, V.SOFT_404), (0, V.REDIRECTED_HOME)], State.DEAD, 3),
        ([(6, V.NOT_ARTICLE), (3, V.NOT_ARTICLE), (0, V.NOT_ARTICLE)], State.DEAD, 3),
        ([(6, V.UNREACHABLE), (3, V.UNREACHABLE), (0, V.UNREACHABLE)], State.DEAD, 3),
        ([(6, V.GONE), (3, V.GONE), (0.001, V.GONE)], State.FAILING, 2),
        ([(9, V.GONE), (6, V.GONE), (3, V.ARTICLE), (0, V.GONE)], State.FAILING, 1),
        ([(9, V.GONE), (6, V.GONE), (3, V.GONE), (0, V.ARTICLE)], State.ALIVE, 0),
        ([(9, V.GONE), (6, V.GONE), (3, V.GONE), (0, V.BLOCKED)], State.DEAD, 3),
        ([(9, V.GONE), (6, V.BLOCKED), (3, V.GONE), (0, V.ROBOTS)], State.BLOCKED, 2),
        ([(3, V.ARTICLE), (0, V.TIMEOUT)], State.ALIVE, 0),
        ([(9, V.BLOCKED), (6, V.BLOCKED), (3, V.BLOCKED), (0, V.BLOCKED)], State.BLOCKED, 0),
    ],
)
def test_written_histories(told: list[tuple[float, Verdict]], state: State, failures: int) -> None:
    found = url_state(URL, history(*told), NOW)
    assert (found.state, found.failures) == (state, failures)


def test_an_article_at_another_address_has_moved_and_one_with_another_scheme_has_not() -> None:
    elsewhere = replace(history((0, V.ARTICLE))[0], target="https://b.example/1234567")
    assert url_state(URL, [elsewhere], NOW).moved_to == "https://b.example/1234567"
    assert url_state(URL, [elsewhere], NOW).state is State.MOVED
    here = replace(elsewhere, target="http://www.a.example/news/1234567/a-title-of-words/")
    assert url_state(URL, [here], NOW).state is State.ALIVE


def test_a_public_archive_says_nothing_about_the_address_today() -> None:
    visits = [*history((6, V.GONE), (3, V.GONE)), replace(history((1, V.ARTICLE))[0], origin="wayback")]
    assert url_state(URL, [*visits, *history((0, V.GONE))], NOW).state is State.DEAD


def test_one_outage_of_a_host_counts_once_until_it_is_no_outage_any_more() -> None:
    told = history((20, V.UNREACHABLE), (15, V.UNREACHABLE), (5, V.UNREACHABLE), (0, V.UNREACHABLE))
    short = HostFacts(outages=(Outage(NOW - 20 * DAY, NOW),))
    assert url_state(URL, told, NOW, short).failures == 1
    long = HostFacts(outages=(Outage(NOW - 30 * DAY, NOW),))
    assert url_state(URL, told, NOW, long).state is State.DEAD


def test_a_stamp_from_the_future_delays_neither_a_failure_nor_the_next_look() -> None:
    future = VisitRecord(NOW + 20_000 * DAY, V.GONE)
    visits = [future, *history((7, V.GONE), (4, V.GONE), (1, V.GONE))]
    assert url_state(URL, visits, NOW).state is State.DEAD
    assert next_due(Subject(URL), [future], NOW) <= NOW + 4 * DAY


VERDICTS = st.sampled_from(list(Verdict))
HISTORIES = st.lists(
    st.builds(
        VisitRecord,
        st.floats(-400, 800).map(lambda days: NOW - days * DAY),
        VERDICTS,
        text=st.sampled_from(["a", "b", None]),
        payload=st.sampled_from(["x", "y"]),
        target=st.sampled_from([None, "https://a.example/other"]),
    ),
    max_size=12,
)


@given(HISTORIES)
def test_dead_takes_three_failures_three_days_apart_since_the_last_success(visits: list[VisitRecord]) -> None:
    found = url_state(URL, visits, NOW)
    since = max((n for n, visit in enumerate(visits) if visit.verdict in SUCCESSES), default=-1)
    after = [visit for visit in visits[since + 1 :] if visit.verdict in FAILURES]
    assert found.failures <= len(after)
    assert (found.state is State.DEAD) == (found.failures >= 3)
    if visits and visits[-1].verdict in SUCCESSES:
        assert (found.state is State.DEAD, found.failures) == (False, 0)
    if not {visit.verdict for visit in visits} & FAILURES:
        assert found.state not in {State.FAILING, State.DEAD}
    if all(visit.at <= NOW for visit in visits) and found.state is State.DEAD:
        stamps = [visit.at for visit in after]
        assert max(stamps) - min(stamps) >= 6 * DAY


@given(HISTORIES, VERDICTS.filter(lambda verdict: verdict not in FAILURES | SUCCESSES))
def test_what_says_nothing_about_the_article_changes_no_count(visits: list[VisitRecord], verdict: Verdict) -> None:
    before, after = (url_state(URL, some, NOW) for some in (visits, [*visits, VisitRecord(NOW, verdict)]))
    assert (before.failures, before.moved_to) == (after.failures, after.moved_to) or any(v.at > NOW for v in visits)
    assert (before.state is State.DEAD) == (after.state is State.DEAD) or any(v.at > NOW for v in visits)


@given(HISTORIES, st.none() | st.floats(-4_000, 4_000), st.booleans())
def test_the_next_look_is_ahead_and_never_far(visits: list[VisitRecord], age: float | None, incomplete: bool) -> None:
    published = None if age is None else NOW - age * DAY
    due = next_due(Subject(URL, published, incomplete), visits, NOW)
    assert NOW < due <= NOW + MAX_WAIT_WITH_JITTER
    assert due == next_due(Subject(URL, published, incomplete), visits, NOW)
    if incomplete:
        assert due <= next_due(Subject(URL, published), visits, NOW)


@given(HISTORIES)
def test_a_change_is_followed_sooner_than_none(visits: Sequence[VisitRecord]) -> None:
    before = [*(visit for visit in visits if visit.at <= NOW - DAY), VisitRecord(NOW - DAY, V.ARTICLE, text="a")]
    same, other = (next_due(Subject(URL), [*before, VisitRecord(NOW, V.ARTICLE, text=text)], NOW) for text in "ab")
    assert other <= same


@given(VERDICTS.filter(lambda verdict: verdict not in SUCCESSES), st.integers(1, 12))
def test_the_wait_grows_with_failures(verdict: Verdict, count: int) -> None:
    visits: list[VisitRecord] = []
    at, waits = NOW, []
    for _ in range(count):
        visits.append(VisitRecord(at, verdict))
        due = next_due(Subject(URL), visits, at)
        waits.append(due - at)
        at = due
    assert all(later * 1.1 >= earlier for earlier, later in pairwise(waits))
    if verdict is V.GONE:
        assert waits[0] >= 3 * DAY


def test_where_unrelated_addresses_lead_is_the_article_of_none() -> None:
    moves = [(f"https://a.example/news/{n}000/{slug}", "https://a.example/offers") for n, slug in
             enumerate(("first-of-all", "second-of-them", "third-in-row"), 1)]  # fmt: skip
    assert set(shared_targets(moves)["https://a.example/offers"]) == {address for address, _ in moves}
    assert shared_targets(moves[:2]) == {}
    same = [(f"https://a.example/{folder}/one-same-title", "https://a.example/offers") for folder in "abcd"]
    assert shared_targets(same) == {}
    own = [(address, f"https://a.example/story/{n}000") for n, (address, _) in enumerate(moves, 1)]
    assert shared_targets([*own, *moves[:2]]) == {}
    facts = HostFacts(shared_targets=frozenset({"https://a.example/offers"}))
    visits = [replace(visit, target="https://a.example/offers") for visit in history((6, V.ARTICLE), (3, V.ARTICLE))]
    assert url_state(URL, visits, NOW, facts).failures == 2


def test_a_probe_is_kept_a_week_and_a_day_when_it_settles_nothing() -> None:
    assert is_probe_due(None, NOW)
    for verdict, kept in ((V.GONE, 7), (V.ARTICLE, 7), (V.BLOCKED, 1), (V.UNREACHABLE, 1)):
        assert not is_probe_due(Probe(NOW - (kept - 0.1) * DAY, verdict), NOW)
        assert is_probe_due(Probe(NOW - kept * DAY, verdict), NOW)
    assert is_probe_due(Probe(NOW + DAY, V.GONE), NOW)
    address = probe_address("https://a.example/news/title.html?x=1", NOW)
    assert address.startswith("https://a.example/news/")
    assert address.endswith(".html")
    assert address != probe_address("https://a.example/news/title.html?x=1", NOW + DAY)


def test_a_host_that_answers_everything_alike_has_not_answered() -> None:
    visit = VisitRecord(NOW, V.ARTICLE, text="same", target="https://a.example/offers")
    assert needs_probe(URL, visit)
    assert not needs_probe(URL, replace(visit, target=None))
    assert apply_probe(visit, Probe(NOW, V.ARTICLE, text="same")).verdict is V.SOFT_404
    assert apply_probe(visit, Probe(NOW, V.EMPTY, target="https://a.example/offers")).verdict is V.SOFT_404
    for probe in (None, Probe(NOW, V.GONE), Probe(NOW, V.ARTICLE, text="other"), Probe(NOW, V.BLOCKED, text="same")):
        assert apply_probe(visit, probe) == visit
