"""Disks with little room left, under runs and under the other commands."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from random import Random

from tests.faults.disk.lab import Lab, Tries, bad_end, filled, pages, run, small_disk
from tests.faults.fault import Figures
from tests.support.servers import Answer, Site, html

_SEEDS = 6
_DISK_BYTES = 8 << 20
_MAX_ROOM_BYTES = 160_000
"""About what a run needs that keeps everything on one disk."""
_PLACES = ("archive", "seeds", "feed", "runs", "output", "patch", "all")


def runs(numbers: range, folder: Path) -> Figures:
    """Crawl while some place has little room, and again when it has enough."""
    said = Tries()
    for number in numbers:
        chance = Random(number)  # noqa: S311  (a try can be made again)
        place = _PLACES[number % len(_PLACES)]
        own = folder / str(number)
        own.mkdir()
        with said.one(number) as this, small_disk(own / "disk", _DISK_BYTES) as disk, Site(pages(_SEEDS)) as site:
            inside = {place: disk} if place != "all" else dict.fromkeys(_PLACES, disk)
            lab = Lab(
                site, own, seeds=inside.get("seeds", own) / "seeds", archive=inside.get("archive", own) / "archive"
            )
            feed = inside.get("feed", own) / "feed.jsonl"
            settings: dict[str, object] = {"RUN_DIR": inside.get("runs", own) / "runs"}
            if place == "output":
                settings["OUTPUT_DIR"] = disk / "copies"
            if place == "patch":
                settings["DRY_RUN"] = 1
            words = ["crawl", "seeds", *lab.options(**settings), "-O", str(feed)]
            with filled(disk, chance.randrange(_MAX_ROOM_BYTES) if number % 3 else chance.randrange(8192)):
                done = run(words, stdout=disk / "patch" if place == "patch" else None)
                found = [*bad_end(done, {0, 1, 2}), *lab.torn()]
                if done.code == 0 and _results(feed) != _SEEDS:
                    found.append("exit code 0 and a feed that is not whole")
            if place == "output":
                found += bad_end(run(words), {0})
                found += [f"the copy of {name} is not whole" for name in lab.before
                          if (disk / "copies" / name).read_bytes() != lab.repaired(name)]  # fmt: skip
                found += [f"{name} was touched" for name, old in lab.before.items()
                          if (lab.seeds / name).read_bytes() != old]  # fmt: skip
            this.lost += [f"{place}: {sentence}" for sentence in (*found, *lab.complaints())]
    return said.figures


def _results(feed: Path) -> int:
    count = 0
    for line in feed.read_bytes().splitlines() if feed.exists() else ():
        try:
            json.loads(line)
        except ValueError:
            continue
        count += 1
    return count


def commands(numbers: range, folder: Path) -> Figures:
    """Call a command that writes while its disk is full, and again when it is not."""
    said = Tries()
    for number in numbers:
        chance = Random(number)  # noqa: S311  (a try can be made again)
        own = folder / str(number)
        own.mkdir()
        with said.one(number) as this, small_disk(own / "disk", _DISK_BYTES) as disk, Site(pages(_SEEDS)) as site:
            lab = Lab(site, own, seeds=disk / "seeds", archive=disk / "archive")
            this.lost += bad_end(lab.run("crawl", "seeds"), {0})
            words = _command(number, lab, own, disk)
            before = {file.name: file.read_bytes() for file in lab.seeds.iterdir()}
            with filled(disk, chance.choice([0, 4096, chance.randrange(100_000)])):
                done = lab.run(*words)
            # An undo names each seed that it leaves.
            found = bad_end(done, {0, 1, 2}, speaks=False) if words[0] != "undo" or "Traceback" in done.stderr else []
            found += bad_end(lab.run(*words), {0, 2} if words[0] == "init" else {0})
            found += [f"{name} was touched" for name, old in before.items()
                      if words[0] != "undo" and (lab.seeds / name).read_bytes() != old]  # fmt: skip
            found += [f"{file.name} was left over" for file in disk.rglob("*.part")]
            if words[0] != "undo":
                found += lab.complaints()
            this.lost += [f"{' '.join(map(str, words[:2]))}: {sentence}" for sentence in found]
    return said.figures


def _command(number: int, lab: Lab, own: Path, disk: Path) -> list[str | Path]:
    listed = own / "list.txt"
    listed.write_text(lab.site.url("/other") + "\n")
    lab.site.pages["/other"] = Answer(html("Another ferry", "It sails in the evening, when the others are in. " * 9))
    other = own / "other.warc.gz"
    shutil.copyfile(next((lab.archive / "warc").rglob("*.warc.gz")), other)
    (name,) = [file.name for file in (lab.archive / "runs").iterdir() if file.is_dir()]
    found: tuple[list[str | Path], ...] = (
        ["add", listed],
        ["archive", "export", disk / "all.wacz"],
        ["archive", "import", other],
        ["archive", "compact"],
        ["archive", "ledger"],
        ["archive", "index"],
        ["archive", "remove", lab.site.url("/nothing"), "--reason", "a test", "--yes"],
        ["report", name],
        ["undo", name],
        ["archive", "prune", "--keep", "first"],
    )
    return found[number % len(found)]
