"""Submitting pages to Save Page Now: what is sent, what is kept secret, what the answers mean."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import settings as ours
from archiver.errors import SettingsError
from archiver.wayback.endpoints import Answer
from archiver.wayback.savepagenow import Credentials, SavePageNow, parse_job, parse_receipt
from archiver.wayback.savepagenow import JobState as State
from archiver.wayback.savepagenow import SubmissionStatus as Status

KEYS = {"SAVE_PAGE_NOW_ACCESS_KEY": "acc3ss", "SAVE_PAGE_NOW_SECRET_KEY": "s3cret"}
URL = "https://www.nordblatt.example/world/29/harbour?a=1&b=2#top"


def test_a_submission_is_a_form_with_the_keys_in_its_header() -> None:
    service = SavePageNow.of(ours.SAVE_PAGE_NOW_URL, ours.SAVE_PAGE_NOW_WITHIN, KEYS)
    sent = service.submission(URL)
    assert sent.address == "https://web.archive.org/save"
    assert dict(sent.headers)["Authorization"] == "LOW acc3ss:s3cret"
    assert dict(sent.headers)["Accept"] == "application/json"
    form = parse_qs(sent.body.decode())
    assert (form["url"], form["if_not_archived_within"]) == ([URL.removesuffix("#top")], ["30d"])
    for shown in (repr(service), repr(sent), str(service.credentials)):
        assert "acc3ss" not in shown
        assert "s3cret" not in shown


def test_what_became_of_a_job_is_asked_with_the_keys_in_the_header_alone() -> None:
    service = SavePageNow.of(ours.SAVE_PAGE_NOW_URL, ours.SAVE_PAGE_NOW_WITHIN, KEYS)
    asked = service.status("spn2-../x?y")
    assert asked.address == "https://web.archive.org/save/status/spn2-..%2Fx%3Fy"
    assert dict(asked.headers)["Authorization"] == "LOW acc3ss:s3cret"
    assert "s3cret" not in repr(asked)


@pytest.mark.parametrize(
    ("status", "said", "state", "sentence"),
    [
        (200, {"status": "success", "timestamp": "20241112041056", "original_url": "https://a.example/x"}, State.SAVED,
         "was saved as https://web.archive.org/web/20241112041056/https://a.example/x."),
        (200, {"status": "success", "timestamp": "20241112041056", "original_url": "javascript:1"}, State.SAVED,
         f"was saved as https://web.archive.org/web/20241112041056/{URL}."),
        (200, {"status": "success", "timestamp": "soon"}, State.UNCLEAR, "answered 200"),
        (200, {"status": "pending"}, State.PENDING, "is being saved"),
        (200, {"status": "error", "status_ext": "error:not-found"}, State.FAILED, "cannot take it (error:not-found)"),
        (200, {"status": "error", "status_ext": "error:service-unavailable"}, State.FAILED, "too much to do"),
        (401, {"message": "You need to be logged in"}, State.BARRED, "check SAVE_PAGE_NOW_ACCESS_KEY"),
        (429, {}, State.UNCLEAR, "answered 429"), (200, [], State.UNCLEAR, "answered 200"),
    ],
)  # fmt: skip
def test_what_became_of_a_job_is_told(status: int, said: object, state: State, sentence: str) -> None:
    service = SavePageNow.of(ours.SAVE_PAGE_NOW_URL, ours.SAVE_PAGE_NOW_WITHIN, KEYS)
    report = parse_job(service, URL, Answer(status, (), json.dumps(said).encode()))
    assert report.state is state
    assert sentence in report.detail
    assert URL in report.detail
    assert (report.snapshot is not None) == (state is State.SAVED)


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("value", [None, "", "  ", "with blank", "two\nlines", "with:colon", "ümlaut"])
def test_a_missing_or_broken_key_is_named_and_not_shown(name: str, value: str | None) -> None:
    environment = {**KEYS, name: value} if value is not None else {key: KEYS[key] for key in KEYS if key != name}
    with pytest.raises(SettingsError, match=name) as caught:
        Credentials.of(environment)
    assert "\n" not in str(caught.value)
    assert not any(secret in str(caught.value) for secret in KEYS.values())
    assert not (value or "").strip() or str(value) not in str(caught.value)


@pytest.mark.parametrize(
    ("endpoint", "within", "sentence"),
    [
        ("ftp://a.example/save", "30d", "SAVE_PAGE_NOW_URL=ftp://a.example/save is not an http or https address"),
        ("", "30d", "SAVE_PAGE_NOW_URL= is not"),
        (None, "30d", "SAVE_PAGE_NOW_URL=None is not"),
        ("https://[a/save", "30d", "SAVE_PAGE_NOW_URL"),
        ("https://a.example/save", "a month", "SAVE_PAGE_NOW_WITHIN=a month is no span of time"),
        ("https://a.example/save", "", "SAVE_PAGE_NOW_WITHIN= is no span of time"),
    ],
)
def test_each_mistake_in_a_setting_is_named(endpoint: Any, within: Any, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        SavePageNow.of(endpoint, within, KEYS)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("within", ["30d", "3d 5h 20m", "120", 3600])
def test_spans_of_time(within: Any) -> None:
    assert SavePageNow.of("https://a.example/save", within, KEYS).within == str(within)


@pytest.mark.parametrize(
    ("status", "said", "submission", "job"),
    [
        (200, {"url": URL, "job_id": "spn2-1"}, Status.ACCEPTED, "spn2-1"),
        (200, {"job_id": "spn2-1", "message": "The same snapshot was made 4 minutes ago."}, Status.RECENT, "spn2-1"),
        (200, {"job_id": None, "message": "The same snapshot was made 4 minutes ago."}, Status.RECENT, None),
        (200, {"status": "error", "status_ext": "error:user-session-limit", "message": "12"}, Status.LIMITED, None),
        (200, {"status": "error", "status_ext": "error:too-many-daily-captures"}, Status.LIMITED, None),
        (429, {}, Status.LIMITED, None),
        (200, {"status": "error", "status_ext": "error:blocked-url", "message": "On a list"}, Status.REFUSED, None),
        (401, {"message": "You need to be logged in."}, Status.BARRED, None),
        (200, {"status": "error", "status_ext": "error:unauthorized"}, Status.BARRED, None),
        (200, {}, Status.UNCLEAR, None),
        (200, {"job_id": 5}, Status.UNCLEAR, None),
        (200, [1], Status.UNCLEAR, None),
        (500, {"job_id": "spn2-1"}, Status.UNCLEAR, None),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int, said: Any, submission: Status, job: str | None) -> None:
    found = parse_receipt(URL, Answer(status, (), json.dumps(said).encode()))
    assert (found.status, found.job) == (submission, job)
    assert found.detail.startswith(URL)
    assert found.detail.endswith(".")
    assert "\n" not in found.detail


@given(st.integers(100, 599), st.binary(max_size=200))
def test_any_answer_is_one_sentence(status: int, body: bytes) -> None:
    assert parse_receipt(URL, Answer(status, (), body)).detail.startswith(URL)


def test_a_web_page_says_nothing() -> None:
    assert parse_receipt(URL, Answer(200, (), b"<html>Save Page Now</html>")).status is Status.UNCLEAR
