"""Two runs on a source that has not changed: the second one has nothing to write."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from tests.conftest import FIXTURES
from tests.faults.crawling import crawl, snapshot
from tests.faults.fault import Fault, Figures
from tests.faults.trying import Harm, try_each

KEYS = ("title", "description", "image", "language", "author", "date", "category")
POLICIES = ("fill", "insert", "refresh", "review", "report", "keep")


def _spoil(random: Random, content: bytes) -> bytes:
    """A seed with some of its values taken away, or written in other ways."""
    text = content.decode()
    for key in random.sample(KEYS, random.randint(0, 4)):
        blank = random.choice(("", ' ""', " ''", " ~", " []"))
        text = re.sub(rf"(?m)^{key}:.*$", f"{key}:{blank}", text)
    if random.random() < 0.3:
        head, end, _ = text.partition("\n---\n")
        text = head + end
    if random.random() < 0.3:
        text = re.sub(r"(?m)^# .*$", "# ", text)
    if random.random() < 0.25:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if random.random() < 0.15 else b"") + text.encode()


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(file): (file.stat().st_mtime_ns, file.stat().st_ino) for file in folder.iterdir()}


def _one(number: int, folder: Path) -> Harm:
    random = Random(number)  # noqa: S311  (a try is to be made again)
    work = folder / str(number)
    (work / "seeds").mkdir(parents=True)
    for case, file in enumerate(sorted(FIXTURES.glob("*/*/before.md"))):
        for kind in ("before", "after"):
            spoiled = _spoil(random, file.with_name(f"{kind}.md").read_bytes())
            (work / "seeds" / f"{case:02}-{kind}.md").write_bytes(spoiled)
    policy = ",".join(f'"{key}":"{random.choice(POLICIES)}"' for key in (*KEYS, "body") if random.random() < 0.4)
    settings = {
        "REPLAY": FIXTURES, "FIELD_POLICY": f"{{{policy}}}", "REVIEW_BELOW": random.choice((0, 0.9)),
        "LIQUID_FENCES": random.choice((0, 1)), "BODY_HEADING": random.choice((0, 1)),
    }  # fmt: skip
    first = crawl(work, **settings)
    before, stamps = snapshot(work / "seeds"), _stamps(work / "seeds")
    second = crawl(work, **settings)
    after = snapshot(work / "seeds")
    leaked = [f"{path} was written again" for path in before if before[path] != after.get(path)]
    leaked += [f"{path} was replaced by the same bytes" for path, stamp in _stamps(work / "seeds").items()
               if stamps.get(path) != stamp]  # fmt: skip
    leaked += [f"{result['path']}: a second run says {result['outcome']}" for result in second.results
               if result["outcome"] == "written"]  # fmt: skip
    lost = [f"a run ended with {run.code}: {run.stderr[-200:]}" for run in (first, second)
            if run.code not in (0, 2) or "Traceback" in run.stderr or len(run.results) != len(before)]  # fmt: skip
    return Harm(tuple(lost), tuple(leaked))


def _run(tries: range, folder: Path) -> Figures:
    return try_each(tries, lambda number: _one(number, folder))


FAULTS = (
    Fault(
        "second run",
        "two crawls of the same seeds, spoiled at random, with the same settings and pages; lost: another end than a "
        "summary; leaked: a seed that the second one wrote",
        full=200,
        short=0,
        run=_run,
        batch=5,
        tests=("tests/test_fixtures.py::test_no_case_is_missed_and_a_second_run_changes_nothing",),
    ),
)
