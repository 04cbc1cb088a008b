"""Disks that are read-only, and what files have besides their bytes."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from random import Random

from tests.faults.disk.lab import Lab, Tries, bad_end, pages, remount, small_disk
from tests.faults.fault import Figures
from tests.support.servers import Site

_SEEDS = 6
_READING: tuple[tuple[str, ...], ...] = (
    ("status",), ("audit",), ("archive", "list"), ("archive", "stats"), ("archive", "check"), ("config",),
)  # fmt: skip


def read_only(numbers: range, folder: Path) -> Figures:
    """Run commands where seeds or archive can only be read."""
    said = Tries()
    for number in numbers:
        own = folder / str(number)
        own.mkdir()
        with said.one(number) as this, small_disk(own / "disk", 8 << 20) as disk, Site(pages(_SEEDS)) as site:
            if number % 2:
                lab = Lab(site, own, seeds=disk / "seeds")
                remount(disk, "ro")
                done = lab.run("crawl", "seeds")
                found = bad_end(done, {2})
                found += [f"{name} is not named" for name in lab.before if name not in done.stdout]
            else:
                lab = Lab(site, own, archive=disk / "archive")
                found = bad_end(lab.run("crawl", "seeds", "-a", "only=0.md"), {0})
                remount(disk, "ro")
                found += bad_end(lab.run("crawl", "seeds"), {1})
                found += bad_end(lab.run("refresh"), {1})
                for words in (*_READING, ("history", "0.md")):
                    found += [f"{words}: {what}" for what in bad_end(lab.run(*words), {0, 2}, speaks=False)]
                found += bad_end(lab.run("crawl", "seeds", REPLAY="archive", RUN_DIR=own / "runs"), {0, 2})
            remount(disk, "rw")
            this.lost += [*found, *lab.torn(), *lab.complaints()]
    return said.figures


def owners_and_links(numbers: range, folder: Path) -> Figures:
    """Crawl as root what belongs to others and has several names."""
    if os.geteuid() != 0:
        sys.exit("files of other owners need root: run `make faults` as root")
    said = Tries()
    for number in numbers:
        chance = Random(number)  # noqa: S311  (a try can be made again)
        own = folder / str(number)
        with said.one(number) as this, Site(pages(_SEEDS)) as site:
            lab = Lab(site, own)
            linked = chance.sample(sorted(lab.before), chance.randrange(3))
            for name in lab.before:
                _mark(lab.seeds / name, chance)
            for name in linked:
                (own / name).hardlink_to(lab.seeds / name)
            before = {name: _attributes(lab.seeds / name) for name in lab.before}
            done = lab.run("crawl", "seeds")
            this.lost += bad_end(done, {2 if linked else 0})
            this.lost += [f"{name} has other attributes" for name in lab.before
                     if _attributes(lab.seeds / name) != before[name]]  # fmt: skip
            this.lost += [f"{name} is parted" for name in linked if not (own / name).samefile(lab.seeds / name)]
            this.lost += [f"{name} is not named" for name in linked if f"{name} has 2 names" not in done.stdout]
            for name in linked:
                (own / name).unlink()
            this.lost += lab.complaints()
    return said.figures


def _mark(file: Path, chance: Random) -> None:
    try:
        os.chown(file, chance.choice([0, 1234]), chance.choice([0, 2345]))
    except OSError as error:  # in a namespace of one's own there are no other owners
        sys.exit(f"files of other owners need root: run `make faults` as root ({error.strerror})")
    file.chmod(chance.choice([0o644, 0o600, 0o664, 0o2640, 0o444]))
    with contextlib.suppress(OSError):  # some file systems have none
        os.setxattr(file, "user.note", chance.randbytes(9))


def _attributes(file: Path) -> tuple[object, ...]:
    status = file.stat()
    return (
        status.st_uid, status.st_gid, status.st_mode, status.st_nlink,
        {name: os.getxattr(file, name) for name in os.listxattr(file)},
    )  # fmt: skip
