"""NOTIFY: a run's summary reaches services of Apprise, and their addresses reach nobody."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from archiver.extensions.summary import RunSummary
from archiver.ledger.yields.alarms import Alarm
from archiver.ledger.yields.collapse import Collapse
from archiver.ledger.yields.watch import Watched
from archiver.models import ImageCheck, Outcome, PictureVerdict, Result, Verdict
from tests.conftest import FIXTURES, Crawl, scrapy, tree
from tests.support.servers import Answer, Site

SECRET = "t0ps3cret"  # noqa: S105  (nobody's)
GIVEN = FIXTURES / "bangkokpost" / "2024-given-seed" / "before.md"


def service(site: Site, path: str) -> str:
    return site.url(path).replace("http://", f"json://{SECRET}user:{SECRET}pass@")


def collection(seeds: Path) -> None:
    shutil.copyfile(GIVEN, seeds / "given.md")
    for number in range(2):
        (seeds / f"{number}\u202e.md").write_text(f"---\norigin_url: https://unsaved.example/{number}\n---\nText.\n")


def test_an_alarm_is_news_in_our_own_words() -> None:
    summary = RunSummary(lambda result: True, dry_run=False)
    assert not summary.has_news
    alarm = Alarm("paper.example", "rule author <b>", datetime(2026, 6, 1, tzinfo=UTC), "", Collapse(0, 5, 20, 20))
    summary.add_alarms("paper.example", Watched(None, None, (alarm,), (alarm,), ()))
    assert summary.has_news
    assert summary.lines(with_reasons=False)[1:] == [
        "alarm  paper.example: its pages yield less than they did (author)"
    ]
    before = RunSummary(lambda result: True, dry_run=False)
    before.add_alarms("paper.example", Watched(None, None, (alarm,), (), ()))
    assert not before.has_news


def test_dead_images_are_counted_and_those_with_another_address_are_not() -> None:
    summary = RunSummary(lambda result: True, dry_run=False)
    checks = (
        ImageCheck("a", "lead", PictureVerdict.GONE, replaced_by="b"),
        ImageCheck("b", "lead", PictureVerdict.ALIVE),
        ImageCheck("c", "body", PictureVerdict.GONE),
        ImageCheck("d", "body", PictureVerdict.PLACEHOLDER),
    )
    summary.add(Result("a.md", None, Outcome.WRITTEN, Verdict.ARTICLE, images=checks))
    assert summary.lines(with_reasons=False)[1:] == ["2 images dead (1 gone, 1 placeholder)"]


def test_a_run_with_something_to_tell_is_told_once_and_no_address_leaks(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    collection(seeds)
    log = tmp_path / "log.txt"
    settings = {"LOG_LEVEL": "DEBUG", "LOG_FILE": log}
    with Site({f"/{SECRET}": Answer(b"ok"), f"/{SECRET}/down": Answer(b"", 500)}) as site:
        addresses = f"{service(site, f'/{SECRET}')}, {service(site, f'/{SECRET}/down')} nowhere://{SECRET}"
        run = crawl(seeds, settings=settings, env={"NOTIFY": addresses})
        assert run.code == 2
        assert site.paths() == [f"/{SECRET}", f"/{SECRET}/down"] or site.paths() == [f"/{SECRET}/down", f"/{SECRET}"]
        message = json.loads(site.posted[0])
        said = [line for line in run.stdout.splitlines() if "NOTIFY" in line]
        variable, remedy = "the environment variable NOTIFY", "try each address with `apprise --body test ADDRESS`"
        assert said == [
            f"{variable} holds an address that Apprise cannot use, besides 2 services that it can; {remedy}",
            f"{variable} names 2 services, of which 1 did not take the summary; {remedy}",
        ]
        counts = "1 written, 0 unchanged, 2 missed (2 not_saved)"
        assert message["title"] == f"seed-archiver: {counts}"
        assert message["message"].splitlines() == [
            counts,
            "2 newly missed, 0 missed as before",
            *(f"newly missed  {seeds}/{number}\\u202e.md (not_saved)" for number in range(2)),
        ]
        # Everything else that the run leaves: its log, what it printed, and every file.
        log_text = log.read_text("utf-8")
        assert "Spider closed" in log_text
        assert SECRET not in run.stdout + run.stderr + log_text
        assert SECRET.encode() not in b"".join(tree(tmp_path).values())

        # Nothing to tell: nobody is told.
        site.posted.clear()
        again = crawl(seeds, args={"only": "given.md"}, env={"NOTIFY": service(site, f"/{SECRET}")})
        assert (again.code, site.posted) == (0, [])
        assert "NOTIFY" not in again.stdout + again.stderr


def test_without_the_extra_the_run_says_what_to_install(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    collection(seeds)
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "apprise.py").write_text("raise ModuleNotFoundError(name='apprise')\n")
    run = crawl(seeds, env={"NOTIFY": f"json://{SECRET}.example", "PYTHONPATH": str(tmp_path / "without")})
    assert run.code == 2
    (said,) = (line for line in run.stdout.splitlines() if "NOTIFY" in line)
    assert said == (
        "the environment variable NOTIFY is set, and Apprise is not installed; "
        "install seed-archiver[notify], or leave NOTIFY unset"
    )
    assert SECRET not in run.stdout + run.stderr


def test_addresses_are_taken_from_the_environment_only() -> None:
    run = scrapy("crawl", "seeds", "-s", f"NOTIFY=json://{SECRET}.example", "-s", "REPLAY=fixtures")
    assert (run.code, run.stdout) == (1, "")
    assert run.stderr == (
        "scrapy crawl: NOTIFY is no setting, for its addresses are passwords; "
        "set it in the environment, and take it out here.\n"
    )
