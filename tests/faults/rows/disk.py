"""Disks that are full, fail or are read-only; owners and links; edits during a run; git within git; lying ETags."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.faults.disk import edits, full, metadata, repositories, servers
from tests.faults.disk.inject import PROGRAM
from tests.faults.disk.lab import Lab, Tries, bad_end, pages, run
from tests.faults.fault import Fault, Figures
from tests.support.servers import Site

_SEEDS = 6
"""Of one try: enough that a run is in the middle of something, few enough for hundreds of tries."""

_CALLS = {
    "posix/io/rw/read": 68, "posix/io/rw/write": 32, "posix/io/oc/open": 95, "posix/io/rw/pread": 97,
    "posix/io/rw/pwrite": 60, "posix/io/dir/rename": 11, "posix/io/dir/unlink": 23, "posix/io/rw/ftruncate": 8,
}  # fmt: skip
"""Points of libfiu, and about how many calls of each a run of these seeds makes."""
_SYNCS = {"posix/io/sync/fsync": 16, "posix/io/sync/fdatasync": 30}


def _failing(calls: dict[str, int]) -> Callable[[range, Path], Figures]:
    """A run whose disk fails at some call, once or from then on, and runs behind it whose disk is well."""

    def tries(numbers: range, folder: Path) -> Figures:
        said = Tries()
        for number in numbers:
            chance = Random(number)  # noqa: S311  (a try can be made again)
            point = chance.choice(sorted(calls))
            at, once = chance.randint(1, calls[point]), chance.random() < 0.5
            command = chance.choice([("crawl", "seeds"), ("refresh",)])
            own = folder / str(number)
            with said.one(number) as this, Site(pages(_SEEDS)) as site:
                lab = Lab(site, own)
                log = own / "log"
                words = [*command, *lab.options(), "-O", str(own / "feed.jsonl")]
                failing = ["-c", PROGRAM, point, str(errno.EIO), str(at), str(int(once)), str(log)]
                done = run([*failing, *words], injected=True)
                name = f"{point} {at} of {log.read_text()}{'' if once else ', and all after it'}: "
                this.lost += [name + what for what in (*bad_end(done, {0, 1, 2}), *lab.torn(), *lab.complaints())]
        return said.figures

    return tries


_KEPT_ONLY = "tests/archive/test_recording.py::test_a_full_disk_ends_the_run_and_no_seed_comes_from_what_was_not_kept"
_ONE_LINE = (
    "tests/extensions/test_run_folder.py::test_folder_and_feed_on_a_full_disk_are_one_line_and_the_seeds_are_repaired"
)
_NAME_NOT_SYNCED = (
    "tests/files/test_replacement.py::test_a_name_that_does_not_reach_the_disk_leaves_the_file_that_was_there"
)

FAULTS = (
    Fault(
        "full disk",
        "a run whose archive, seeds, feed, run folder, OUTPUT_DIR or patch is on a disk with some room left, and runs "
        "with room behind it; lost is a seed or a feed that is not whole then, a leftover, an end that is not one line",
        120, 0, full.runs, batch=4,
        tests=(_KEPT_ONLY, _ONE_LINE),
    ),
    Fault(
        "full disk, other commands",
        "add, init, import, export, compact, remove, report, undo and the ledger's renewal on such a disk, and again "
        "with room; lost is what was there, and an end that is not one line",
        60, 0, full.commands, batch=4,
        tests=("tests/archive/test_export.py::test_what_cannot_be_written_leaves_nothing_behind",),
    ),
    Fault(
        "I/O error",
        "a run in which a read, write, open or rename of the archiver or of SQLite fails (libfiu), and two runs "
        "behind it; lost is a seed that is torn or not repaired then, a damaged record, a leftover, a silent end",
        300, 0, _failing(_CALLS), batch=5,
        tests=("tests/seeds/test_store.py::test_a_disk_that_fails_leaves_the_old_bytes_and_nothing_else",),
    ),
    Fault(
        "failing fsync",
        "the same, where the disk does not confirm what it was given",
        200, 0, _failing(_SYNCS), batch=5,
        tests=(_NAME_NOT_SYNCED,),
    ),
    Fault(
        "read-only disk",
        "seeds or archive on a disk that becomes read-only, for crawls and for all commands that only read",
        20, 0, metadata.read_only, batch=2,
        tests=("tests/seeds/test_store.py::test_without_permission_seeds_are_missed_and_the_others_go_on",),
    ),
    Fault(
        "owners and links",
        "a crawl by root of seeds with other owners, modes, attributes and hard links; lost is any of these",
        40, 0, metadata.owners_and_links, batch=4,
        tests=("tests/files/test_replacement.py::test_owner_mode_and_attributes_stay",),
    ),
    Fault(
        "edits during a run",
        "a crawl while seeds are edited in place, renamed over, deleted, moved, checked out; lost is an edit",
        100, 0, edits.tries, batch=4,
        tests=("tests/files/test_replacement.py::test_what_somebody_does_meanwhile_is_not_lost",),
    ),
    Fault(
        "submodules and worktrees",
        "--commit of seeds in a submodule, a linked worktree, a nested repository, ignored, in a sparse checkout, "
        "behind git's locks; lost is what is neither in the right repository nor named",
        24, 0, repositories.tries, batch=2,
        tests=("tests/extensions/test_commit.py::test_seeds_of_another_repository_are_named",),
    ),
    Fault(
        "constant ETag",
        "refreshes of pages that change below an ETag or Last-Modified which does not; lost is a change that "
        "is never met",
        6, 0, servers.tries,
        tests=("tests/ledger/test_ledger.py::test_a_page_is_asked_for_in_full_after_some_confirmations",),
    ),
)  # fmt: skip
