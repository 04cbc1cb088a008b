"""Names, values and links that lead out of the folder of the seeds: what is written lies inside all the same."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from tests.conftest import FIXTURES, GIVEN_SEED, scrapy
from tests.faults.fault import Fault, Figures

_NAMES = (
    b"a\nb.md", b"...md", b" .md", b"-rf.md", b"--output=x.md", b"%2e%2e%2foutside%2fa.md", b"a:b.md",
    b"x" * 240 + b".md",
    "é.md".encode(), b"\xff\xfe.md", "\u202edm.a.md".encode(), b"$(touch outside).md", b"`id`.md", b"~.md", b"{{x}}.md",
    b"con.md", b"..\\..\\outside\\a.md", b"a;b.md", b"'.md", b"<script>.md", b"*.md", b"\x1b[2J.md", b"index.md",
)  # fmt: skip
_VALUES = (
    "../../outside/new", "/outside-of-a-run", "..\\\\..\\\\outside\\\\new", "%2e%2e/outside/new", "~/new",
    "a/../../b",
    "\\0", "-rf", "{{ code }}", "$(touch new)", "file:///etc/passwd", ".git/hooks/post-commit", "con", "x" * 300,
)  # fmt: skip


class _Dice:
    """Numbers that a try decides."""

    def __init__(self, number: int) -> None:
        self._number, self._thrown = number, 0

    def below(self, count: int) -> int:
        self._thrown += 1
        digest = hashlib.sha256(f"{self._number} {self._thrown}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % count


def _write_all(tries: range, folder: Path) -> Figures:
    return sum((_write(number, folder / str(number)) for number in tries), Figures())


def _write(number: int, folder: Path) -> Figures:
    """Crawl in place and into another folder, then add addresses, with everything that is hostile at once."""
    dice = _Dice(number)
    seeds, outside, output = folder / "seeds", folder / "outside", folder / "output"
    for made in (seeds / "sub", outside / "sub", output):
        made.mkdir(parents=True)
    for name in ("a.md", "b.md", "sub/c.md"):
        (outside / name).write_bytes(GIVEN_SEED.read_bytes())
    _plant(dice, seeds)
    _link(dice, seeds, outside)
    _link(dice, output, outside)
    before = _state(folder)
    shared = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={folder / 'archive'}", "-s", f"REPLAY={FIXTURES}"]
    into = ["-s", f"OUTPUT_DIR={output}"]
    listed = folder / "archive" / "list.jsonl"
    listed.parent.mkdir()
    rows = [{"url": f"https://a.example/{value}/{at}", "title": value, "date": value, "slug": value}
            for at, value in enumerate(_VALUES)]  # fmt: skip
    listed.write_text("".join(json.dumps(row) + "\n" for row in rows))
    runs = [scrapy("crawl", "seeds", *shared, *more, "-O", folder / "archive" / "out.jsonl") for more in (into, [])]
    runs += [scrapy("add", listed, "--into", where, *shared[:4]) for where in ("", "sub", "../outside", "link-0")]
    notes = [f"try {number}: {path} was changed" for path in sorted(before.items() ^ _state(folder).items())]
    bad = [run for run in runs if "Traceback" in run.stderr or run.code not in {0, 1, 2}]
    crashed = [f"try {number}: {run.stderr[-300:]}" for run in bad]
    outcomes = [json.loads(line)["outcome"] for line in (folder / "archive" / "out.jsonl").read_text().splitlines()]
    crashed += [] if "written" in outcomes else [f"try {number}: nothing was written at all"]
    return Figures(1, len(crashed), len(notes), notes=(*notes, *crashed))


def _plant(dice: _Dice, seeds: Path) -> None:
    given = GIVEN_SEED.read_text("utf-8")
    for at, name in enumerate(_NAMES):
        value = _VALUES[dice.below(len(_VALUES))]
        text = given.replace('code: "ART24111204064KYNCI"', f'code: "{value}"\npermalink: "{value}"\nslug: "{value}"')
        folder = (seeds, seeds / "sub")[dice.below(2) if at else 0]
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(text, encoding="utf-8")


def _link(dice: _Dice, folder: Path, outside: Path) -> None:
    """Links to files and folders outside, to what is not there yet, and to each other."""
    targets = (
        outside, outside / "a.md", outside / "new.md", outside / "sub", folder.parent, Path("../outside/b.md"),
        Path("/"), folder / "link-0", folder / "link-1", Path("link-2"),
    )  # fmt: skip
    for at in range(8):
        suffix = (".md", "")[dice.below(2)] if at else ""
        (folder / f"link-{at}{suffix}").symlink_to(targets[dice.below(len(targets)) if at else 0])
    for at, name in enumerate(("deep", "deeper")):
        inner = folder / "sub" if (folder / "sub").is_dir() else folder
        (inner / name).symlink_to((outside / "sub", outside)[at])


def _state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything that no command may touch: all but the folders that are named to it."""
    found = {}
    assert not Path("/outside-of-a-run").exists()
    for path, folders, names in os.walk(folder):
        if Path(path) == folder:
            folders[:] = [name for name in folders if name not in {"seeds", "output", "archive"}]
        for name in [*folders, *names]:
            file = Path(path, name)
            at = file.lstat()
            content = file.read_bytes() if file.is_file() else b""
            found[str(file)] = (at.st_ino, at.st_mtime_ns, content)
    return found


FAULTS = (
    Fault(
        "writes outside",
        "a folder of seeds with hostile names, values and links, crawled in place and into another folder, with a list "
        "added to it; a byte that is written elsewhere is leaked",
        full=40,
        short=0,
        run=_write_all,
        tests=(
            "tests/seeds/test_store.py::test_a_folder_that_is_linked_to_is_not_entered",
            "tests/seeds/test_store.py::test_a_link_that_leads_outside_is_neither_read_nor_written",
            "tests/seeds/test_store.py::test_a_copy_does_not_leave_the_output_folder",
            "tests/crawl/test_crawl.py::test_bad_seeds_are_missed_each_with_its_reason_and_the_others_go_on",
        ),
    ),
)
