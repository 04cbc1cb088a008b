"""What a run may be asked to do, in all the ways in which settings are given."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from archiver import settings as ours
from archiver.config.names import OUR_DEFAULTS, RENAMED
from archiver.config.run_settings import RunSettings, RunSettingsAddon
from archiver.errors import SettingsError
from archiver.models import Field
from archiver.repair.policy import Action
from archiver.repair.shapes import Shape
from tests.conftest import FIXTURES


def options(only: str | None = None, refresh: str | None = None, **given: Any) -> RunSettings:
    settings = Settings()
    settings.setmodule(ours)
    settings.setdict(given, priority="cmdline")
    return RunSettings.read(settings, {"only": only, "refresh": refresh})


def test_without_wishes_blanks_are_filled_in_place() -> None:
    read = options()
    assert (read.seeds, read.output, read.dry_run) == (Path("seeds"), None, False)
    assert read.selection.is_everything
    assert {read.policy.action(field) for field in Field} == {Action.FILL}
    assert read.keys["source"][0] == "origin_url"
    assert all(read.keys[field] for field in Field)


@pytest.mark.parametrize("on", ["1", "true", "True", 1, True])
@pytest.mark.parametrize("off", ["0", "false", "False", 0, False])
def test_a_switch(on: Any, off: Any) -> None:
    assert options(DRY_RUN=on).dry_run
    assert not options(DRY_RUN=off).dry_run


@pytest.mark.parametrize("named", ['{"title": "report"}', {"title": "report"}, {"title": Action.REPORT}])
def test_a_policy_from_the_command_line_or_from_a_settings_file(named: Any) -> None:
    policy = options(FIELD_POLICY=named).policy
    assert (policy.action(Field.TITLE), policy.action(Field.BODY)) == (Action.REPORT, Action.FILL)


@pytest.mark.parametrize(
    ("given", "title", "author"),
    [
        (None, 0.9, 0.85), (0, 0.0, 0.0), ("0", 0.0, 0.0), ("0.7", 0.7, 0.7), (0.7, 0.7, 0.7),
        ('{"author": 0.6}', 0.9, 0.6), ({"title": 1}, 1.0, 0.85), ("{}", 0.9, 0.85),
    ],
)  # fmt: skip
def test_below_what_a_value_waits(given: Any, title: float, author: float) -> None:
    bounds = options(**({} if given is None else {"REVIEW_BELOW": given})).policy.review_below
    assert set(bounds) == {*Field}
    assert (bounds[Field.TITLE], bounds[Field.AUTHOR]) == (title, author)


def test_refresh_outranks_the_policy_for_the_named_fields() -> None:
    policy = options(refresh=" title , body,", FIELD_POLICY={"title": "keep", "date": "keep"}).policy
    assert (policy.action(Field.TITLE), policy.action(Field.BODY)) == (Action.REFRESH, Action.REFRESH)
    assert policy.action(Field.DATE) is Action.KEEP


def test_a_cache_past_the_archive_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^HTTPCACHE_ENABLED=1 would answer past the archive"):
        options(HTTPCACHE_ENABLED=1)


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_argument_is_none(empty: str | None) -> None:
    read = options(only=empty, refresh=empty, OUTPUT_DIR=empty, REPLAY=empty)
    assert (read.selection.is_everything, read.output) == (True, None)


@pytest.mark.parametrize("named", ['{"source": "url"}', {"source": ["url"]}, {"source": ("url",)}])
def test_keys_that_are_not_named_keep_their_names(named: Any) -> None:
    keys = options(SEED_KEYS=named).keys
    assert keys["source"] == ("url",)
    assert keys[Field.TITLE] == ("title",)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"SEED_SHAPES": "list"}, "SEED_SHAPES=list is not a JSON object"),
        (
            {"SEED_SHAPES": {"authors": "list"}},
            "SEED_SHAPES names the field 'authors', which does not exist; did you mean author? The fields are title",
        ),
        (
            {"SEED_SHAPES": '{"author": "wikilink"}'},
            "the shape 'wikilink', which does not exist; did you mean wikilinks? The shapes of author are text, list",
        ),
        (
            {"SEED_SHAPES": {"date": 1}},
            "SEED_SHAPES gives date the shape 1, which does not exist; the shapes of date are day, instant",
        ),
        ({"SEED_SHAPES": {"date": "list"}}, "SEED_SHAPES gives date the shape 'list'; the shapes of date are day"),
        ({"SEED_SHAPES": {"title": "day"}}, "SEED_SHAPES gives title the shape 'day'; the shapes of title are text"),
        ({"SEED_SHAPES": {"body": "list"}}, "SEED_SHAPES gives the body a shape, which only a key can have"),
        ({"FIELD_POLICY": '["title"]'}, "FIELD_POLICY"),
        ({"REVIEW_BELOW": "1.5"}, "REVIEW_BELOW is no number from 0 to 1"),
        ({"REVIEW_BELOW": "often"}, "REVIEW_BELOW is no number from 0 to 1"),
        ({"REVIEW_BELOW": "NaN"}, "REVIEW_BELOW is no number from 0 to 1"),
        ({"REVIEW_BELOW": '{"author": "low"}'}, "REVIEW_BELOW for author is no number from 0 to 1"),
        ({"REVIEW_BELOW": '{"headline": 0.5}'}, "REVIEW_BELOW names the field 'headline'"),
        ({"FIELD_POLICY": '{"headline": "fill"}'}, "FIELD_POLICY names the field 'headline'"),
        ({"FIELD_POLICY": '{"title": 1}'}, "FIELD_POLICY gives title the action 1"),
        ({"FIELD_POLICY": '{"title": ["fill"]}'}, "FIELD_POLICY gives title the action"),
        ({"SEED_KEYS": "origin_url"}, "SEED_KEYS=origin_url is not a JSON object"),
        ({"SEED_KEYS": {"image": "cover."}}, "SEED_KEYS gives image the key 'cover.', a path that lacks a name"),
        ({"SEED_KEYS": '{"source": []}'}, "SEED_KEYS gives source no key"),
        ({"SEED_KEYS": '{"source": ""}'}, "SEED_KEYS gives source no key"),
        ({"SEED_KEYS": '{"source": ["url", ""]}'}, "SEED_KEYS gives source no key"),
        ({"SEED_KEYS": '{"source": 5}'}, "SEED_KEYS gives source no key"),
        ({"SEED_KEYS": '{"source": {"url": 1}}'}, "SEED_KEYS gives source no key"),
        ({"DRY_RUN": "perhaps"}, "DRY_RUN=perhaps is neither on nor off"),
        ({"SHOW_DIFF": "perhaps"}, "SHOW_DIFF=perhaps is neither on nor off"),
        ({"EXTRACT_TIMEOUT": "soon"}, "EXTRACT_TIMEOUT=soon is not a number from 0 up"),
        ({"EXTRACT_MEMORY_MB": "-1"}, "EXTRACT_MEMORY_MB=-1 is not a whole number from 0 up"),
        ({"EXTRACT_WORKERS": "1.5"}, "EXTRACT_WORKERS=1.5 is not a whole number from 0 up"),
        ({"EXTRACT_TIMEOUT": "nan"}, "EXTRACT_TIMEOUT=nan is not a number from 0 up"),
        ({"SEEDS_DIR": ""}, "SEEDS_DIR"),
        ({"SEED_SUFFIXES": ""}, "SEED_SUFFIXES is empty; name the endings of seeds, like .md"),
        ({"SEED_SUFFIXES": ["md"]}, "SEED_SUFFIXES names 'md', which is no ending of a name"),
        ({"SEED_INCLUDE": "posts/,../x"}, "SEED_INCLUDE names nothing below the folder of the seeds: '../x'"),
        ({"SEED_EXCLUDE": ["!x.md"]}, "SEED_EXCLUDE has no exceptions with `!`: '!x.md'"),
        ({"REPLAY": "nowhere"}, "REPLAY=nowhere does not exist"),
        ({"WAYBACK": "perhaps"}, "WAYBACK=perhaps is neither on nor off"),
        ({"WAYBACK_CDX": "https://a.example/"}, "WAYBACK_CDX=https://a.example/ must have {url} once"),
        ({"WAYBACK_RAW": "{url}{timestamp}"}, "WAYBACK_RAW={url}{timestamp} is not an http or https address"),
        ({"WAYBACK_TRIES": "-1"}, "WAYBACK_TRIES=-1 is not a whole number from 0 up"),
        ({"WAYBACK_PAUSE": "long"}, "WAYBACK_PAUSE=long is not a number from 0 up"),
        ({"RETRY_BACKOFF_BASE": "-1"}, "RETRY_BACKOFF_BASE=-1 is not a number from 0 up"),
        ({"RETRY_BACKOFF_MAX": "inf"}, "RETRY_BACKOFF_MAX=inf is not a number from 0 up"),
        ({"HOST_BREAKER_FAILURES": "few"}, "HOST_BREAKER_FAILURES=few is not a whole number from 0 up"),
        ({"HOST_BREAKER_PAUSE": "long"}, "HOST_BREAKER_PAUSE=long is not a number from 0 up"),
        ({"CRAWL_DELAY_MAX": "none"}, "CRAWL_DELAY_MAX=none is not a number from 0 up"),
        ({"WAYBACK_CDX_PER_MINUTE": "0"}, "WAYBACK_CDX_PER_MINUTE=0 would wait for ever"),
        ({"WAYBACK_COPIES_PER_SECOND": "x"}, "WAYBACK_COPIES_PER_SECOND=x is not a number from 0 up"),
        ({"SAVE_PAGE_NOW_PER_MINUTE": 0}, "SAVE_PAGE_NOW_PER_MINUTE=0 would wait for ever"),
        ({"SAVE_PAGE_NOW": 1}, "SAVE_PAGE_NOW=1 needs the environment variable SAVE_PAGE_NOW_ACCESS_KEY"),
        (
            {"ADDONS": {**ours.ADDONS, "archiver.downloader.pauses.HostPausesAddon": None}},
            "ADDONS turns archiver.downloader.pauses.HostPausesAddon off, which no run can do without; give it 700",
        ),
        ({"ADDONS": {"mine.Addon": 1}}, "ADDONS leaves archiver.config.run_settings.RunSettingsAddon out; write"),
        ({"ARCHIVE_URL_KEY": "a: b"}, "ARCHIVE_URL_KEY=a: b is no plain key"),
        ({"ARCHIVE_URL_KEY": "a..b"}, "ARCHIVE_URL_KEY=a..b is no plain key"),
        ({"ARCHIVE_URL_KEY": "origin_url"}, "ARCHIVE_URL_KEY=origin_url is a key of source already"),
        ({"ARCHIVE_URL_KEY": "lang"}, "ARCHIVE_URL_KEY=lang is a key of language already"),
    ],
)
def test_each_mistake_is_named(given: dict[str, Any], sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAVE_PAGE_NOW_ACCESS_KEY", raising=False)
    with pytest.raises(SettingsError, match=re.escape(sentence)) as caught:
        options(**given)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=30).filter(lambda text: not set(text.replace(",", " ").split()) & set(Field)))
def test_refresh_takes_fields_only(text: str) -> None:
    if not text.replace(",", " ").strip():
        assert options(refresh=text).policy.action(Field.TITLE) is Action.FILL
        return
    with pytest.raises(SettingsError, match="refresh names the field"):
        options(refresh=text)


def test_saved_pages_may_be_anything_that_can_be_opened() -> None:
    assert options(REPLAY=str(FIXTURES)).seeds == Path("seeds")
    assert options(REPLAY=FIXTURES).seeds == Path("seeds")


def test_web_archives_are_asked_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    read = options()
    assert [archive.name for archive in read.web_archives.in_turn] == ["wayback"]
    assert "web.archive.org" in read.service_addresses[0]
    assert (read.tries, read.save_page_now, read.archive_url_key) == (3, None, None)
    assert options(WAYBACK=0, WAYBACK_CDX="").web_archives.in_turn == ()
    monkeypatch.setenv("SAVE_PAGE_NOW_ACCESS_KEY", "a")
    monkeypatch.setenv("SAVE_PAGE_NOW_SECRET_KEY", "b")
    assert options(ARCHIVE_URL_KEY="params.archive_url").archive_url_key == "params.archive_url"
    service = options(SAVE_PAGE_NOW=1, ARCHIVE_URL_KEY="archive_url").save_page_now
    assert service is not None
    assert service.within == "30d"


def test_shapes_are_those_of_fields() -> None:
    shapes = options(SEED_SHAPES='{"author": "wikilinks", "date": "day"}').policy.shapes
    assert shapes == {Field.AUTHOR: Shape.WIKILINKS, Field.DATE: Shape.DAY}
    assert options().policy.shapes == {}


def test_fields_have_the_order_of_their_keys() -> None:
    assert list(options(SEED_KEYS={"date": "day", "source": "url"}).keys)[:4] == [
        "date",
        "source",
        "title",
        "description",
    ]


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_name_is_understood_and_the_new_one_said(old: str, new: str, caplog: pytest.LogCaptureFixture) -> None:
    value: Any = 7 if isinstance(OUR_DEFAULTS[new], (int, float)) and OUR_DEFAULTS[new] is not False else "1"
    field = {"ARCHIVE_OPERATOR": "operator"}.get(new, new.lower())
    assert (
        getattr(options(**{old: value}), field) == getattr(options(**{new: value}), field) != getattr(options(), field)
    )
    (record,) = caplog.records
    assert record.getMessage().startswith(f"The setting {old} is now called {new};")


def test_a_new_name_outranks_the_old_one() -> None:
    assert options(RETRY_WAIT=7, RETRY_BACKOFF_BASE=9).retry_backoff_base == 9


def test_add_ons_may_be_given_as_classes_and_turned_off() -> None:
    off = {**ours.ADDONS, "archiver.downloader.slots.ServiceSlotsAddon": None, "mine.Addon": 1}
    del off["archiver.config.run_settings.RunSettingsAddon"]
    assert options(ADDONS={RunSettingsAddon: 0, **off}).seeds == Path("seeds")


def test_a_project_that_does_not_import_our_settings_has_our_defaults() -> None:
    read = RunSettings.read(Settings({"ARCHIVE": False}))
    assert (read.archive, read.extract_timeout, read.archive_dir) == (False, 5.0, Path("archive"))


def test_what_was_read_is_what_every_part_of_a_run_gets() -> None:
    settings = Settings({"DRY_RUN": True, "ARCHIVE": False})
    read = RunSettings.read(settings, {"at": None})
    assert RunSettings.of(settings) == read
    replace(read, dry_run=False).store(settings)
    assert not RunSettings.of(settings.copy()).dry_run


def test_a_console_that_is_off_is_not_even_imported() -> None:
    settings = get_project_settings()
    settings.set("REMOTE_CONTROL_ENABLED", True)
    RunSettingsAddon().update_settings(settings)
    extensions = settings.getwithbase("EXTENSIONS")
    assert extensions["scrapy.extensions.telnet.TelnetConsole"] is None
    assert extensions["scrapy.extensions.remote_control.RemoteControl"] == 0
