"""Jobs of Save Page Now that are not finished: kept from the moment they are known, for the next run."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.crawl.searches.jobs import JOBS_FILE, OpenJobs

SERVICE = "https://web.archive.example/save"


def test_a_job_outlives_a_run_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "archive" / JOBS_FILE
    killed = OpenJobs(file)
    killed.add("spn2-1", "https://a.example/1", SERVICE)
    killed.add("spn2-2", "https://a.example/ü", SERVICE)
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"name": "spn2-3", "url": "https://a.exa')
    following = OpenJobs(file)
    first, second = following
    assert (first.name, first.url, first.service) == ("spn2-1", "https://a.example/1", SERVICE)
    assert (second.url, first.is_forgotten) == ("https://a.example/ü", False)
    following.postpone(first)
    following.add("spn2-4", "https://a.example/4", SERVICE)
    assert [job.name for job in following] == ["spn2-2", "spn2-1", "spn2-4"]
    assert [job.name for job in OpenJobs(file)] == ["spn2-1", "spn2-2", "spn2-4"]
    following.finish(second)
    following.close()
    assert [job.name for job in OpenJobs(file)] == ["spn2-1", "spn2-4"]
    assert [path.name for path in file.parent.iterdir()] == [JOBS_FILE]


def test_a_run_without_an_archive_keeps_none(tmp_path: Path) -> None:
    jobs = OpenJobs(None)
    jobs.add("spn2-1", "https://a.example/1", SERVICE)
    assert len(jobs) == 1
    jobs.close()
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_used_costs_a_sentence(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / JOBS_FILE
    file.mkdir()
    jobs = OpenJobs(file)
    jobs.add("spn2-1", "https://a.example/1", SERVICE)
    assert len(jobs) == 1
    assert f"{file} cannot be used (Is a directory)" in caplog.text
