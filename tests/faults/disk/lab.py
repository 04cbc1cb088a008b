"""A small collection, its site, and the program on both: what a try of a disk's fault is made and measured by."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.upkeep.verify import verify
from tests.faults.disk.install import preloads
from tests.faults.fault import Figures
from tests.support.preloaded import PreloadedScrapy
from tests.support.servers import Answer, Site, html

MAX_SECONDS = 120
"""Of one command."""
_TEXT = (
    "The harbour master said on Tuesday that ferries would go on sailing through the winter, whatever the weather.",
    "Pilots had asked for a new light on the northern mole for years, and the council has now agreed to pay for it.",
    "Work begins in March and is to end before the autumn storms, according to a plan that was shown last week.",
)
_QUICK = {
    "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "ROBOTSTXT_OBEY": 0,
    "PRIVATE_HOSTS": 1, "WAYBACK": 0, "EXTRACT_WORKERS": 1, "REVIEW_BELOW": 0,
}  # fmt: skip


@dataclass
class Try:
    """One try."""

    lost: list[str] = field(default_factory=list)
    """A sentence for each thing that was."""


@dataclass
class Tries:
    """What the tries so far have shown."""

    figures: Figures = field(default_factory=Figures)

    @contextlib.contextmanager
    def one(self, number: int) -> Iterator[Try]:
        """Make a try, and add what it shows."""
        began, this = time.monotonic(), Try()
        yield this
        seconds = time.monotonic() - began
        notes = tuple(f"try {number}: {sentence}" for sentence in this.lost)
        self.figures += Figures(tries=1, lost=len(this.lost), seconds=seconds, notes=notes)


@dataclass(frozen=True)
class Done:
    """What a command said, and how it ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def sentences(self) -> list[str]:
        """Those of the command itself, which say what is wrong."""
        return [line for line in self.stderr.splitlines() if line.startswith("scrapy ")]


def pages(count: int) -> dict[str, Answer]:
    """Articles, with noise that no compression makes small."""
    noise = random.Random(count)  # noqa: S311  (the same noise each time)
    return {
        f"/news/{number}": Answer(
            html(
                f"Ferry pilots ask for lighthouse number {number}", *_TEXT,
                head=f"<!-- {noise.randbytes(3000).hex()} -->",
            )
        )
        for number in range(count)
    }  # fmt: skip


class Lab:
    """Seeds, an archive and a site that has their pages."""

    def __init__(self, site: Site, folder: Path, *, seeds: Path | None = None, archive: Path | None = None) -> None:
        self.site, self.folder = site, folder
        self.seeds, self.archive = seeds or folder / "seeds", archive or folder / "archive"
        self.seeds.mkdir(parents=True, exist_ok=True)
        self.before = dict[str, bytes]()
        for address in sorted(path for path in site.pages if path.startswith("/news/")):
            name = f"{address.rpartition('/')[2]}.md"
            content = f'---\norigin_url: "{site.url(address)}"\ntitle: ""\n---\n\n{_TEXT[0]}\n'.encode()
            (self.seeds / name).write_bytes(content)
            self.before[name] = content

    def repaired(self, name: str) -> bytes:
        """What a seed is when it has its title."""
        number = name.removesuffix(".md")
        title = f"Ferry pilots ask for lighthouse number {number}"
        return self.before[name].replace(b'title: ""', f'title: "{title}"'.encode())

    def options(self, **settings: object) -> list[str]:
        """The settings of a command as words."""
        given = {**_QUICK, "SEEDS_DIR": self.seeds, "ARCHIVE_DIR": self.archive, **settings}
        return [word for name, value in given.items() for word in ("-s", f"{name}={value}")]

    def run(self, *words: str | Path, **settings: object) -> Done:
        """Run a command of the program."""
        return run([*map(str, words), *self.options(**settings)])

    def torn(self) -> list[str]:
        """The seeds that are neither as they were nor as they are to be."""
        return [f"{name} is torn" for name, old in self.before.items()
                if (self.seeds / name).read_bytes() not in {old, self.repaired(name)}]  # fmt: skip

    def complaints(self) -> list[str]:
        """Look whether the next run, whose disk is well, does all that is left, and the one after it nothing."""
        lost = []
        done = self.run("crawl", "seeds")
        lost += bad_end(done, codes={0})
        lost += [f"{name} is not repaired" for name in self.before
                 if (self.seeds / name).read_bytes() != self.repaired(name)]  # fmt: skip
        lost += [f"{file.name} was left over" for place in (self.seeds, self.archive) for file in place.rglob("*.part")]
        lost += [f"{file.name} was left open" for file in self.archive.rglob("*.open")]
        archive = Archive(self.archive)
        lost += [f"{damage.file}: {damage.reason}" for damage in verify(archive).damages]
        archive.close()
        asked = len(self.site.asked)
        lost += bad_end(self.run("refresh"), codes={0})
        lost += [f"{one.path} was asked for again" for one in self.site.asked[asked:]]
        return lost


def run(words: list[str], *, injected: bool = False, stdout: Path | None = None) -> Done:
    """Run `scrapy WORDS`, or as `tests.faults.disk.inject` says; what it prints may go to a file."""
    commands = _injected() if injected else _plain()
    with tempfile.TemporaryFile("w+", errors="replace") as out, tempfile.TemporaryFile("w+", errors="replace") as err:
        with contextlib.ExitStack() as stack:
            own = stack.enter_context(stdout.open("wb")) if stdout is not None else out
            code = commands.start(words, os.environ, own.fileno(), err.fileno()).wait(MAX_SECONDS)
        out.seek(0)
        err.seek(0)
        return Done(code, out.read(), err.read())


@cache
def _plain() -> PreloadedScrapy:
    return PreloadedScrapy()


@cache
def _injected() -> PreloadedScrapy:
    """Commands below which libfiu lies."""
    os.environ["LD_PRELOAD"] = preloads()
    try:
        commands = PreloadedScrapy()
        commands.start(["version"], os.environ, sys.stdout.fileno(), sys.stderr.fileno()).wait(MAX_SECONDS)
    finally:
        del os.environ["LD_PRELOAD"]
    return commands


def bad_end(done: Done, codes: set[int], *, speaks: bool = True) -> list[str]:
    """What is wrong with the end of a command: a code that is none of these, a traceback, no sentence or several.

    `speaks` asks a run with exit code 2 for the seeds that it missed.
    """
    lost = []
    if done.code not in codes:
        lost.append(f"exit code {done.code}: {done.stderr.strip()[-300:]}")
    if "Traceback" in done.stderr + done.stdout:
        lost.append(f"a traceback: {done.stderr.strip()[-300:]}")
    if done.code == 1 and len(done.sentences) != 1:
        lost.append(f"{len(done.sentences)} sentences: {done.stderr.strip()[-300:]}")
    if done.code == 2 and speaks and "missed" not in done.stdout + done.stderr:
        lost.append("exit code 2 and no word")
    return lost


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A disk of so many bytes, for whoever may mount one: root, also that of a namespace (`unshare -rm`)."""
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"a small disk needs root, or a namespace of one's own: run `unshare -rm make faults` ({done.stderr})")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def remount(folder: Path, how: str) -> None:
    """Let a small disk be read only (`ro`), or not (`rw`)."""
    subprocess.run(["mount", "-o", f"remount,{how}", folder], check=True)


@contextlib.contextmanager
def filled(folder: Path, room: int) -> Iterator[None]:
    """Leave so many bytes of a disk."""
    filler = folder / ".filler"
    with filler.open("wb", buffering=0) as stream:
        with contextlib.suppress(OSError):
            while True:
                stream.write(bytes(4096))
        stream.truncate(max(0, stream.tell() - room))
    yield
    filler.unlink()
