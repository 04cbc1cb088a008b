"""Kills of what rewrites an archive, takes in and hands out, and draws index and ledger anew."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.upkeep.verify import verify
from archiver.archive.warc.records import Exchange
from archiver.archive.writer import ArchiveWriter
from tests.conftest import scrapy
from tests.faults.kills.crawls import ARCHIVE, TEXT, before, ledger_problems, title
from tests.faults.kills.tries import World
from tests.support.servers import html

RUNS, PAGES = 5, 4
HOST = "https://paper.example"
VICTIM = f"{HOST}/news/2"
Found = dict[tuple[str, datetime], bytes | None]
_MAKING = threading.Lock()


def made(folder: Path, name: str, make: Callable[[Path], None]) -> Path:
    """Return what several tries begin with; made once for those of a folder."""
    target = folder / f"made-{name}"
    with _MAKING:
        if not target.exists():
            target.mkdir()
            make(target)
    return target


def fill(folder: Path) -> None:
    """Write the seeds, and the files of many runs: pages that change now and then, two with the same payload."""
    (folder / "archive").mkdir()
    (folder / "seeds").mkdir()
    archive = Archive(folder / "archive")
    noise = random.Random(3)  # noqa: S311  (not secret)
    comments = [[noise.randbytes(1_500).hex() for _ in range(RUNS)] for _ in range(PAGES)]
    for run in range(RUNS):
        writer = ArchiveWriter(archive, {"software": "test"}, 10**9)
        for page in range(PAGES):
            text = html(title(page), *TEXT, head=f"<!-- {comments[page][run // 2]} -->")
            at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=run, seconds=page)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            writer.keep(Exchange(f"{HOST}/news/{page}", at, 200, "text/html", b"GET / HTTP/1.1\r\n\r\n", head, text))
        writer.close()
    archive.refresh()
    archive.close()
    for page in range(PAGES):
        (folder / "seeds" / f"{page}.md").write_bytes(before(f"{HOST}/news/{page}"))


class ArchiveWorld(World):
    """A copy of an archive, and the command that `action` names."""

    action: tuple[str, ...] = ()

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, number)
        self.archive, self.seeds = folder / "archive", folder / "seeds"
        shutil.copytree(made(folder.parent, self.form, self.make), folder, dirs_exist_ok=True)
        self.was: Found = found_in(self.archive) if self.archive.exists() else {}

    form = "archive"

    @staticmethod
    def make(folder: Path) -> None:
        """Make what each try has a copy of."""
        fill(folder)

    def words(self) -> list[str | Path]:
        return ["archive", *self.action, *self.options(ARCHIVE_DIR=self.archive, SEEDS_DIR=self.seeds)]

    def recover(self) -> list[str]:
        return self.command("archive", "list") + self.changed(self.was)

    def command(self, *words: str | Path, code: int = 0) -> list[str]:
        """Run one to its end; what is wrong when its exit code is another."""
        done = self.run(*words, *self.options(ARCHIVE_DIR=self.archive, SEEDS_DIR=self.seeds))
        return [] if done.code == code else [f"{words[1]} ended with {done.code}: {done.stderr[-200:]}"]

    def changed(self, *allowed: Found) -> list[str]:
        """What is wrong with an archive that has to hold one of these."""
        archive = Archive(self.archive)
        archive.refresh()
        captures = archive.ask(lambda index: list(index.under("http")))
        damages = verify(archive).damages
        archive.close()
        wrong = [f"{damage.file}: {damage.reason}" for damage in damages]
        places = Counter((one.url, one.captured_at) for one in captures)
        wrong += [f"{url} of {at} is there {count} times" for (url, at), count in places.items() if count > 1]
        if (found := found_in(self.archive)) not in allowed:
            wrong.append(f"{len(found)} captures, and there were {[len(one) for one in allowed]}, or others")
        return wrong

    def may_stay(self, name: str) -> bool:
        return ARCHIVE.fullmatch(name) is not None or name.startswith("seeds/")


class CompactWorld(ArchiveWorld):
    action = ("compact",)


class RemoveWorld(ArchiveWorld):
    action = ("remove", VICTIM, "--reason", "a test", "--yes")

    def recover(self) -> list[str]:
        rest = {place: body for place, body in self.was.items() if place[0] != VICTIM}
        return self.command("archive", "list") + self.changed(self.was, rest)

    def may_stay(self, name: str) -> bool:
        return super().may_stay(name) or name == "archive/removed.jsonl"


class PruneWorld(ArchiveWorld):
    action = ("prune", "--keep", "first,last")

    def recover(self) -> list[str]:
        times = sorted({at for _, at in self.was})
        first, last = times[:PAGES], times[-PAGES:]
        rest = {place: body for place, body in self.was.items() if place[1] in (*first, *last)}
        return self.command("archive", "list") + self.changed(self.was, rest)


class IndexWorld(ArchiveWorld):
    action = ("index",)


class LedgerWorld(ArchiveWorld):
    """The same with a ledger, in the place of which another is drawn."""

    action, form = ("ledger",), "ledger"

    @staticmethod
    def make(folder: Path) -> None:
        fill(folder)
        places = ("-s", f"ARCHIVE_DIR={folder / 'archive'}", "-s", f"SEEDS_DIR={folder / 'seeds'}")
        assert scrapy("archive", "ledger", *places).code == 0

    def killed(self) -> list[str]:
        return [] if (self.archive / "ledger.sqlite").exists() else ["the ledger is gone"]

    def recover(self) -> list[str]:
        # Whoever looks first finds a ledger that is whole; a crawl is not needed for that.
        status = self.run("status", *self.options(ARCHIVE_DIR=self.archive, SEEDS_DIR=self.seeds))
        wrong = [] if f"{RUNS * PAGES} visits" in status.stdout or status.code == 0 else [f"status: {status.stderr}"]
        wrong += ledger_problems(self.archive / "ledger.sqlite")
        wrong += self.command("archive", "ledger") + ledger_problems(self.archive / "ledger.sqlite")
        return wrong + self.changed(self.was)

    def may_stay(self, name: str) -> bool:
        return super().may_stay(name) or name.startswith("archive/ledger.sqlite.before-")


class ImportWorld(ArchiveWorld):
    """An empty archive that takes in a WARC, one that is packed as one, and a WACZ."""

    form = "import"

    @staticmethod
    def make(folder: Path) -> None:
        fill(folder)
        (folder / "archive").rename(folder / "from")
        files = sorted((folder / "from" / "warc").iterdir(), key=lambda file: file.stat().st_mtime_ns)
        place = ("-s", f"ARCHIVE_DIR={folder / 'from'}")
        assert scrapy("archive", "export", f"{folder / 'given.wacz'}", "--since", "2020-01-03", *place).code == 0
        shutil.copy(files[0], folder / "given.warc.gz")
        (folder / "packed.warc.gz").write_bytes(gzip.compress(gzip.decompress(files[1].read_bytes())))

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, number)
        self.was = found_in(self.folder / "from")
        shutil.rmtree(self.folder / "from")
        shutil.rmtree(self.archive, ignore_errors=True)

    def words(self) -> list[str | Path]:
        given = [self.folder / name for name in ("given.warc.gz", "packed.warc.gz", "given.wacz")]
        return ["archive", "import", *given, *self.options(ARCHIVE_DIR=self.archive)]

    def killed(self) -> list[str]:
        if not (self.archive / "warc").exists():
            return []
        there = [file for file in (self.archive / "warc").iterdir() if not file.name.startswith(".")]
        return [f"{file.name} is there and not whole" for file in there if not file.name.startswith("imported-")]

    def recover(self) -> list[str]:
        wrong = []
        if (self.archive / "warc").exists():
            wrong += self.command("archive", "check")
        return wrong + self.command(*self.words()) + self.changed(self.was)

    def may_stay(self, name: str) -> bool:
        return super().may_stay(name) or name.startswith(("given.", "packed."))


class ExportWorld(ArchiveWorld):
    """An export as one file."""

    names: tuple[str, ...] = ("all.wacz",)

    def words(self) -> list[str | Path]:
        return ["archive", "export", self.folder / "all.wacz", *self.options(ARCHIVE_DIR=self.archive)]

    def recover(self) -> list[str]:
        wrong = self.command("archive", "list") + self.changed(self.was)
        names = tuple(sorted(file.name for file in self.folder.glob("*.wacz")))
        if names not in ((), self.names):
            wrong.append(f"of the export there is only {', '.join(names)}")
        if not names:
            wrong += self.command("archive", "export", self.folder / "all.wacz")
        return wrong + self.unsound()

    def unsound(self) -> list[str]:
        """The files of an export that are torn, and what they lack."""
        pages = set()
        for file in self.folder.glob("*.wacz"):
            with zipfile.ZipFile(file) as package:
                if package.testzip() is not None:
                    return [f"{file.name} is torn"]
                lines = package.read("pages/pages.jsonl").splitlines()[1:]
                pages |= {json.loads(line)["url"] for line in lines}
        return [] if pages == {url for url, _ in self.was} else [f"the export has {len(pages)} pages"]

    def may_stay(self, name: str) -> bool:
        return super().may_stay(name) or name.endswith(".wacz")


class PartsWorld(ExportWorld):
    """An export as several files."""

    names = tuple(f"all-{number:03}.wacz" for number in range(1, RUNS + 1))
    setup = "import archiver.archive.transfer.parts as parts; parts._MAX_PART_BYTES = 15_000"


def found_in(folder: Path) -> Found:
    """Every page of an archive by address and time, as it is read."""
    archive = Archive(folder)
    archive.refresh()
    found: Found = {}
    for capture in archive.ask(lambda index: list(index.under("http"))):
        answer = archive.read(capture)
        found[capture.url, capture.captured_at] = answer.body if answer is not None else None
    archive.close()
    return found
