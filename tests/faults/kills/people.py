"""Kills of what people do with seeds: answer what waits, take a run back, add addresses, rename."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.conftest import scrapy
from tests.faults.kills.archives import HOST, PAGES, fill, made
from tests.faults.kills.crawls import ARCHIVE, after, before
from tests.faults.kills.tries import World

_SEEDS = tuple(f"{page}.md" for page in range(PAGES))


class SeedsWorld(World):
    """Seeds, and the folder of a run that read their pages in an archive."""

    form, crawls, review_below = "undo", True, "0"

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, number)
        self.seeds, self.runs = folder / "seeds", folder / "archive" / "runs"
        shutil.copytree(made(folder.parent, self.form, self.make), folder, dirs_exist_ok=True)
        self.states = {
            f"{page}.md": (before(f"{HOST}/news/{page}"), after(f"{HOST}/news/{page}", page)) for page in range(PAGES)
        }

    @classmethod
    def make(cls, folder: Path) -> None:
        """Make what each try has a copy of."""
        fill(folder)
        run = {"ARCHIVE_DIR": folder / "archive", "SEEDS_DIR": folder / "seeds", "REPLAY": "archive"}
        run |= {"RUN_DIR": folder / "archive" / "runs", "REVIEW_BELOW": cls.review_below}
        options = [part for name, value in run.items() for part in ("-s", f"{name}={value}")]
        assert scrapy("crawl", "seeds", *options).code == 0

    def places(self) -> list[str | Path]:
        """The settings of every command."""
        return self.options(ARCHIVE_DIR=self.folder / "archive", SEEDS_DIR=self.seeds)

    def killed(self) -> list[str]:
        found = {file.name: file.read_bytes() for file in self.seeds.iterdir() if not file.name.startswith(".")}
        wrong = [f"{name} is lost" for name in self.states if name not in found]
        return wrong + [f"{name} is torn" for name in found if not self.is_sound(name, found[name])]

    def is_sound(self, name: str, content: bytes) -> bool:
        """Whether a seed is as it was, or as it is to be."""
        return content in self.states[name]

    def again(self, which: int) -> list[str]:
        """Run the command again, and say what is not as it is to be then."""
        done = self.run(*self.words())
        wrong = [] if done.code == 0 else [f"it ended with {done.code}: {done.stderr[-200:]}"]
        return wrong + [f"{name} is not as it is to be" for name, both in self.states.items()
                        if (self.seeds / name).read_bytes() != both[which]]  # fmt: skip

    def decisions(self) -> list[str]:
        """What is wrong with the decisions: lines that cannot be read, or that are there twice."""
        file = self.seeds / ".decisions.jsonl"
        lines = file.read_bytes().splitlines() if file.exists() else []
        wrong, known = [], []
        for line in lines:
            try:
                said = json.loads(line)
            except ValueError:
                wrong.append("a decision is torn")
            else:
                known.append((said["seed"] if "seed" in said else said["path"], said["field"]))
        return wrong + ([f"of {len(known)} decisions some are there twice"] if len(known) > len(set(known)) else [])

    def may_stay(self, name: str) -> bool:
        # A replay leaves the log of the index that it read.
        is_known = ARCHIVE.fullmatch(name.removesuffix("-wal").removesuffix("-shm")) is not None
        return is_known or name.removeprefix("seeds/") in {*self.states, ".decisions.jsonl"}


class UndoWorld(SeedsWorld):
    """The run is taken back."""

    def words(self) -> list[str | Path]:
        return ["undo", "last", *self.places()]

    def recover(self) -> list[str]:
        return self.again(0) + self.decisions()


class ReviewWorld(SeedsWorld):
    """Everything that the run proposed is accepted."""

    form, review_below = "review", "1"

    def words(self) -> list[str | Path]:
        return ["review", "--accept-all", *self.places()]

    def is_sound(self, name: str, content: bytes) -> bool:
        # Each field is written for itself.
        lines, (old, new) = content.splitlines(), self.states[name]
        return all(line in (*old.splitlines(), *new.splitlines()) for line in lines)

    def recover(self) -> list[str]:
        return self.again(1) + self.decisions()


class AddWorld(SeedsWorld):
    """A list of addresses becomes seeds."""

    form = "add"

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, number)
        (folder / "list.txt").write_text("".join(f"{HOST}/2024/11/12/added-{page}\n" for page in range(6)))

    @classmethod
    def make(cls, folder: Path) -> None:
        fill(folder)

    def words(self) -> list[str | Path]:
        return ["add", self.folder / "list.txt", *self.places()]

    def is_sound(self, name: str, content: bytes) -> bool:
        is_whole = content.endswith(b"\n") and content.count(b"---") >= 2
        return content in self.states.get(name, ()) or (is_whole and b"/added-" in content)

    def recover(self) -> list[str]:
        wrong = self.again(0)
        names = [file.name for file in self.seeds.iterdir() if not file.name.startswith(".")]
        added = [(self.seeds / name).read_text() for name in names if name not in self.states]
        counts = [sum(f"/added-{page}" in content for content in added) for page in range(6)]
        return wrong + ([] if counts == [1] * 6 else [f"of the addresses there are {counts} seeds"])

    def may_stay(self, name: str) -> bool:
        is_seed = name.startswith("seeds/") and not name.endswith(".part")
        return super().may_stay(name) or is_seed or name == "list.txt"
