"""Seeds whose names, links and values try to lead a run out of the folder of seeds."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from random import Random

from warcio.warcwriter import WARCWriter

from tests.conftest import ROOT
from tests.faults.crawling import crawl, snapshot
from tests.faults.fault import Fault, Figures
from tests.faults.trying import Harm, try_each
from tests.support.pages import add_page
from tests.support.servers import html

TITLE = "The old bridge is open again"
PAGE = html(TITLE, "The council opened the bridge on Monday, before the winter comes to the valley.", "It holds.")
NAMES = (
    b"plain", b"-rf", b"--help", b"..", b"...", b"a\nb", b"a\rb", b"a\tb", b"$(touch owned)", b"`touch owned`", b"a;b",
    b"a|b", b"*", b"?", b"[a]", b"{a,b}", b"a'b", b'a"b', b"a\\b", b"\\..\\..\\x", b"%2e%2e%2f", b"\x1b[2J", b" ",
    b"\xe2\x80\xaegnp", b"caf\xe9", b"\xff\xfe", b"CON", b"nul", b"a ", b" a", b".git", b".hidden", b"~", b"~root",
    b"@x", b":(top)", b":!x", b"#x", b"x" * 240, "é".encode() * 110, b"http:", b"file:", b"\xef\xbb\xbf", b"a\x7fb",
    b"\xc2\x9b31m", b"=cmd", b"index", b"{{x}}",
)  # fmt: skip
"""Bytes, for a name need not be text."""
VALUES = (
    "../../outside/owned", "/etc/passwd", "..", "$(touch owned)", "`touch owned`", "; touch owned", "{{ x }}",
    "%2e%2e/x", "\\\\host\\share", "file:///etc/passwd", "a\0b", "--output=owned", "|touch owned", "../seeds.lnk",
)  # fmt: skip
KEYS = ("code", "slug", "permalink", "path", "file", "url", "aliases", "layout", "output", "folder")


def _seed(random: Random, number: int) -> bytes:
    keys = random.sample(KEYS, random.randint(0, 4))
    values = "".join(f"{key}: {_quoted(random.choice(VALUES))}\n" for key in keys)
    return f'---\norigin_url: "https://nordblatt.example/news/{number}"\ntitle: ""\n{values}---\n\nText.\n'.encode()


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace("\0", "\\0") + '"'


def _plant(random: Random, work: Path) -> None:
    """Fill `seeds` and what lies around it."""
    outside, seeds = work / "outside", work / "seeds"
    for folder in (outside / "deep", seeds, work / "out"):
        folder.mkdir(parents=True)
    for victim in ("victim.md", "deep/victim.md", "notes.txt"):
        (outside / victim).write_bytes(_seed(random, 0))
    with (work / "pages.warc.gz").open("wb") as out:
        for number in range(20):
            add_page(WARCWriter(out, gzip=True), f"https://nordblatt.example/news/{number}", PAGE)
    for number in range(random.randint(3, 19)):
        folders = [random.choice(NAMES) for _ in range(random.choice((0, 0, 0, 1, 2)))]
        name = random.choice(NAMES)[:240] + random.choice((b".md", b".txt", b".markdown", b".MD"))
        place = seeds.joinpath(*(os.fsdecode(folder) for folder in folders if folder != b".."))
        with contextlib.suppress(OSError):  # the names are taken, or lie below a file
            place.mkdir(parents=True, exist_ok=True)
            _put(random, place / os.fsdecode(name), work, number)


def _put(random: Random, path: Path, work: Path, number: int) -> None:
    targets = (
        work / "outside/victim.md", "../outside/victim.md", work / "outside", "../outside/deep", "/etc/hostname", "/",
        ".", "..", "missing.md", path, work / "seeds", "/proc/self/environ", "/dev/zero", "/dev/stdin",
    )  # fmt: skip
    how = random.random()
    if how < 0.65:
        with path.open("xb") as file:
            file.write(_seed(random, number))
    elif how < 0.95:
        path.symlink_to(random.choice(targets))
    elif how < 0.98:
        os.mkfifo(path)
    else:
        path.mkdir()


def _one(number: int, folder: Path) -> Harm:
    random = Random(number)  # noqa: S311  (a try is to be made again)
    work = folder / str(number)
    _plant(random, work)
    settings: dict[str, object] = {}
    if random.random() < 0.4:
        settings["OUTPUT_DIR"] = work / "out"
        for name in random.sample(("plain.md", "-rf.md", "a\nb.md", ".git", "plain", "*"), 3):
            (work / "out" / name).symlink_to(work / "outside" / random.choice(("victim.md", "deep", "new.md")))
    made = (work / "seeds", work / "out", work / "archive", work / "results.jsonl")
    before, seeds = snapshot(work, *made), snapshot(work / "seeds")
    run = crawl(work, **settings)
    after = snapshot(work, *made)
    changed = (path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    leaked = [f"{path!r} outside was changed" for path in changed]
    leaked += ["a value or a name was run as a command"] if (ROOT / "owned").exists() else []
    lost = []
    if run.code not in (0, 1, 2) or "Traceback" in run.stderr or (run.code == 1 and run.results):
        lost.append(f"the run ended with {run.code}: {run.stderr[-200:]}")
    left = snapshot(work / "seeds")
    lost += [f"{path!r} is gone" for path in seeds.keys() - left.keys()]
    lost += [f"{path!r} was left over" for path in left.keys() - seeds.keys()]
    for path in seeds.keys() & left.keys():
        was, is_now = seeds[path], left[path]
        if was != is_now and (was[0] != "file" or is_now[:2] != was[:2] or TITLE.encode() not in is_now[-1]):  # type: ignore[operator]  # bytes
            lost.append(f"{path!r} is neither as it was nor repaired")
        elif was != is_now and "OUTPUT_DIR" in settings:
            leaked.append(f"{path!r} was changed although copies were asked for")
    return Harm(tuple(lost), tuple(leaked))


def _run(tries: range, folder: Path) -> Figures:
    return try_each(tries, lambda number: _one(number, folder))


FAULTS = (
    Fault(
        "hostile names",
        "a crawl over seeds with hostile names, links out, pipes and values that look like paths and orders, in place "
        "or into OUTPUT_DIR; lost: a seed that is gone, torn or left over, another end than a summary; leaked: "
        "anything that changed outside",
        full=400,
        short=0,
        run=_run,
        batch=10,
        tests=(
            "tests/seeds/test_store.py::test_a_link_that_leads_outside_is_neither_read_nor_written",
            "tests/seeds/test_store.py::test_a_copy_does_not_leave_the_output_folder",
            "tests/collection/test_additions.py::test_new_seeds_stay_inside",
        ),
    ),
)
