"""People and programs that change seeds while a run repairs them."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.faults.disk.lab import Lab, Tries, bad_end, pages
from tests.faults.fault import Figures
from tests.support.servers import Site

_SEEDS = 12
_EDIT = b"\nA line of a person.\n"
_MAX_SECONDS = 1.5
"""In which edits happen, from the first request on: about as long as such a run takes."""


def tries(numbers: range, folder: Path) -> Figures:
    """Crawl while seeds are edited, and again."""
    said = Tries()
    for number in numbers:
        chance = Random(number)  # noqa: S311  (a try can be made again)
        with said.one(number) as this, Site(pages(_SEEDS)) as site:
            lab = Lab(site, folder / str(number))
            if number % 5 == 4:
                this.lost += _checkout(lab, chance)
                continue
            chosen = chance.sample(sorted(lab.before), 8)
            edits = [(chance.random() * _MAX_SECONDS, name, chance.choice(_KINDS)) for name in chosen]
            editor = threading.Thread(target=_edit, args=(lab, sorted(edits, key=lambda one: one[0])))
            editor.start()
            done = lab.run("crawl", "seeds")
            editor.join()
            this.lost += bad_end(done, {0, 2})
            gone = {name for _, name, kind in edits if kind in {_delete, _move}}
            this.lost += [f"{kind.__name__} of {name} was undone" for _, name, kind in edits
                     if (name in gone) == (lab.seeds / name).exists()]  # fmt: skip
            this.lost += [f"{kind.__name__} of {name} was overwritten" for _, name, kind in edits
                     if name not in gone and not (lab.seeds / name).read_bytes().endswith(_EDIT)]  # fmt: skip
            for _, name, _ in edits:
                lab.before[name] += _EDIT
            for name in gone:
                del lab.before[name]
            for file in lab.seeds.glob("moved/*"):
                file.unlink()
            this.lost += lab.complaints()
    return said.figures


def _edit(lab: Lab, edits: list[tuple[float, str, Callable[[Path, bytes], object]]]) -> None:
    lab.site.was_asked.wait(60)
    began = time.monotonic()
    for seconds, name, kind in edits:
        time.sleep(max(0.0, began + seconds - time.monotonic()))
        kind(lab.seeds / name, lab.before[name] + _EDIT)


def _in_place(file: Path, content: bytes) -> None:
    file.write_bytes(content)


def _rename_over(file: Path, content: bytes) -> None:
    beside = file.with_suffix(".swp")
    beside.write_bytes(content)
    beside.replace(file)


def _delete(file: Path, _: bytes) -> None:
    file.unlink()


def _move(file: Path, _: bytes) -> None:
    folder = file.parent / "moved"
    folder.mkdir(exist_ok=True)
    file.rename(folder / file.name)


_KINDS: tuple[Callable[[Path, bytes], object], ...] = (_in_place, _in_place, _rename_over, _rename_over, _delete, _move)


def _checkout(lab: Lab, chance: Random) -> list[str]:
    """Another branch, whose seeds have a line more, is checked out in the middle."""
    git = ["git", "-C", str(lab.seeds), "-c", "user.name=A", "-c", "user.email=a@example.org"]

    def call(*words: str) -> None:
        subprocess.run([*git, *words], check=True, capture_output=True)

    call("init", "--quiet", "--initial-branch=main")
    call("add", ".")
    call("commit", "--quiet", "--message=one")
    call("checkout", "--quiet", "-b", "other")
    for name, old in lab.before.items():
        (lab.seeds / name).write_bytes(old + _EDIT)
    call("commit", "--quiet", "--all", "--message=two")
    call("checkout", "--quiet", "main")
    moment = chance.random() * _MAX_SECONDS

    def switch() -> None:
        lab.site.was_asked.wait(60)
        time.sleep(moment)
        call("checkout", "--quiet", "--force", "other")

    editor = threading.Thread(target=switch)
    editor.start()
    lost = bad_end(lab.run("crawl", "seeds"), {0, 2})
    editor.join()
    for name in lab.before:
        lab.before[name] += _EDIT
    return lost + lab.torn() + lab.complaints()
