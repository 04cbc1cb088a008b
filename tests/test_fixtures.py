"""Every fixture folder with a `before.md`: replayed, it becomes its `after.md`; a second run changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import FIXTURES, Crawl, scrapy, tree

CASES = sorted(path.parent for path in FIXTURES.glob("*/*/before.md"))


def _name(case: Path) -> str:
    return f"{case.parent.name}-{case.name}.md"


def _repair(seeds: Path) -> int:
    """Write what the pages offer, however sure it is; the exit code."""
    settings = (f"SEEDS_DIR={seeds}", f"REPLAY={FIXTURES}", "REVIEW_BELOW=0")
    return scrapy("crawl", "seeds", *(part for setting in settings for part in ("-s", setting))).code


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[int]]:
    """All cases in one folder, run twice: the seeds after each run, and the exit codes."""
    # What a page offers is tried here, however sure it is.
    first = tmp_path_factory.mktemp("fixtures") / "seeds"
    first.mkdir()
    for case in CASES:
        shutil.copyfile(case / "before.md", first / _name(case))
    codes = [_repair(first)]
    second = first.with_name("again")
    shutil.copytree(first, second)
    codes.append(_repair(second))
    return first, second, codes


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_case_is_repaired_as_written(case: Path, replayed: tuple[Path, Path, list[int]]) -> None:
    first, _, _ = replayed
    assert (first / _name(case)).read_bytes().decode() == (case / "after.md").read_bytes().decode()


def test_no_case_is_missed_and_a_second_run_changes_nothing(replayed: tuple[Path, Path, list[int]]) -> None:
    first, second, codes = replayed
    assert codes == [0, 0]
    assert tree(first) == tree(second)
    assert len(CASES) >= 20


def test_a_publisher_takes_its_own_seeds_only(crawl: Crawl, seeds: Path) -> None:
    for case in CASES:
        shutil.copyfile(case / "before.md", seeds / _name(case))
    before = tree(seeds)
    run = crawl(seeds, "bangkokpost")
    assert run.code == 0
    assert {Path(result["path"]).name for result in run.results} == {n for n in before if n.startswith("bangkokpost-")}
    assert {name: content for name, content in tree(seeds).items() if name.startswith("generic-")} == {
        name: content for name, content in before.items() if name.startswith("generic-")
    }
