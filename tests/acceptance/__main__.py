"""Run the archiver on real pages and hold the figures against the pinned floors.

usage: python -m tests.acceptance [--wrong] [FOLDER]     FOLDER is shared/acceptance; see its README

Exit code 0 when every floor is met or FOLDER is not there, 1 otherwise. Floors only rise.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.acceptance import calibrate, structure
from tests.acceptance.choices import judge_choices

ROOT = Path(__file__).resolve().parents[2]
FLOORS = Path(__file__).with_name("floors.json")
UNATTENDED = "unattended"
"""What stands among the sets for all of them: what is written without a person, by weights of other publishers."""


def main(folder: Path, *, wrong: bool) -> int:
    """Measure every set that has floors; prints a line per figure."""
    if not folder.is_dir():
        print(f"{folder} is not there: no figure was measured")
        return 0
    failed = 0
    for name, floors in json.loads(FLOORS.read_text(encoding="utf-8")).items():
        if name == UNATTENDED:
            figures: dict[str, Any] = calibrate.figures(calibrate.predict_across_publishers(judge_choices(folder)))
        else:
            with tempfile.TemporaryDirectory(prefix=f"acceptance-{name}-") as work:
                figures = measure(folder, folder / "pages" / name, Path(work), wrong=wrong)
        for figure, bounds in floors.items():
            value = figures.get(figure)
            met = value is not None and bounds.get("min", value) <= value <= bounds.get("max", value)
            failed += not met
            bound = ", ".join(f"{side} {limit}" for side, limit in bounds.items())
            print(f"{'ok  ' if met else 'FAIL'}  {name:12} {figure:18} {value!s:8} ({bound})")
        if wrong and name != UNATTENDED:
            print(json.dumps(figures["wrong"], ensure_ascii=False, indent=1))
    print(f"{failed} floors missed" if failed else "every floor is met")
    return 1 if failed else 0


def measure(tools: Path, pages: Path, work: Path, *, wrong: bool) -> dict[str, Any]:
    """The figures of one set: seeds are built, repaired twice from the saved pages, and scored."""
    built, after, again = work / "built", work / "after", work / "again"
    run(sys.executable, tools / "build.py", pages, built)
    shutil.copytree(built / "seeds", after)
    crawl(after, built)
    shutil.copytree(after, again)
    crawl(again, built)
    scored = run(sys.executable, tools / "score.py", built, after, again, *(["--wrong"] if wrong else []))
    return {**json.loads(scored), **structure.figures(built, after)}


def crawl(seeds: Path, built: Path) -> None:
    """One run over the seeds of a set; seeds that are missed are a figure, not an error."""
    # What the extraction finds is measured here, and not what is sure enough to be written unattended.
    settings = (
        "REVIEW_BELOW=0",
        f"SEEDS_DIR={seeds}",
        f"REPLAY={built / 'pages.warc.gz'}",
        f"ARCHIVE_DIR={built / 'archive'}",
    )
    options = [part for setting in settings for part in ("-s", setting)]
    run(sys.executable, "-m", "scrapy", "crawl", "seeds", *options, "-O", built / "results.jsonl", codes=(0, 2))


def run(*command: str | Path, codes: tuple[int, ...] = (0,)) -> str:
    """What a command printed; SystemExit with its errors when it failed."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in codes:
        sys.exit(f"{' '.join(map(str, command))}\nexit code {done.returncode}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--wrong"]
    shared = Path(arguments[0]) if arguments else ROOT.parent / "shared" / "acceptance"
    sys.exit(main(shared, wrong="--wrong" in sys.argv))
