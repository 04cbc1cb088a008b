"""Kills of runs that begin with something: a refresh of a ledger, `--commit` in a repository, pictures beside seeds."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.faults.kills.crawls import SEEDS, TEXT, CrawlWorld, results, title
from tests.faults.kills.victim import Plan
from tests.support.pictures import png
from tests.support.servers import Answer, html

VISITED = ("0.md", "1.md", "shared.md", "2.md")


class RefreshWorld(CrawlWorld):
    """An earlier run has visited three pages, which are due again and as they were; the others are new."""

    codes = frozenset({0, 2})

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, number)
        self.site.answer_to = self._unchanged  # type: ignore[method-assign]
        only = ",".join(VISITED)
        assert self.run("crawl", "seeds", *self.options(**self.settings()), "-a", f"only={only}").code == 0
        with contextlib.closing(sqlite3.connect(self.archive / "ledger.sqlite")) as database:
            database.execute("UPDATE address SET due = 0")
            database.commit()
        self.visited = self.site.paths()

    @staticmethod
    def _unchanged(path: str, headers: Mapping[str, str]) -> Answer | None:
        if not path.startswith("/news/") or path == "/news/gone":
            return None
        stamp = {"ETag": f'"{path}"'}
        if headers.get("if-none-match") == stamp["ETag"]:
            return Answer(status=304, headers=stamp)
        return Answer(html(title(int(path.rpartition("/")[2])), *TEXT), headers=stamp)

    def words(self) -> list[str | Path]:
        return ["refresh", *self.options(**self.settings()), "-o", self.feed]


class CommitWorld(CrawlWorld):
    """The seeds are in a repository, with a hook that takes its time; sometimes the kill comes in the hook."""

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, number)
        self.git("init", "--quiet")
        self.git("config", "user.name", "Ann Other")
        self.git("config", "user.email", "ann@example.org")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=Begin")
        self.hook = self.seeds / ".git" / "hooks" / "pre-commit"
        self.kills_in_hook = number % 4 == 1
        if self.kills_in_hook:
            # git and the run die together, as when the machine ends a whole group.
            pid = Plan(str(folder)).pid
            self.hook.write_text(f"#!/bin/sh\nkill -9 $(cat {pid}) $PPID\n")
            self.hook.chmod(0o755)

    def moment(self, at: int) -> int:
        return sys.maxsize if self.kills_in_hook else at

    def git(self, *words: str) -> str:
        command = ["git", "-C", str(self.seeds), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def settings(self) -> dict[str, object]:
        return {**super().settings(), "COMMIT": 1}

    def may_stay(self, name: str) -> bool:
        return super().may_stay(name) or (
            # git leaves the list of a commit whose process was killed, by its number, and never looks at it again.
            name.startswith("seeds/.git/") and (not name.endswith(".lock") or "/next-index-" in name)
        )

    def recover(self) -> list[str]:
        self.hook.unlink(missing_ok=True)
        wrong = []
        lock = self.seeds / ".git" / "index.lock"
        if lock.exists():
            again = self.run(*self.words())
            if again.code != 1 or "index.lock" not in again.stderr:
                wrong.append(f"the lock of git is not named: {again.code}, {again.stderr[-200:]}")
            lock.unlink()
            self.told = results(self.feed)
        wrong += super().recover()
        if status := self.git("status", "--porcelain"):
            wrong.append(f"uncommitted: {' '.join(status.split())}")
        return wrong


class PicturesWorld(CrawlWorld):
    """Each seed names two pictures, of which one is gone; all are looked at, and the dead one is replaced."""

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, number)
        for page in range(SEEDS):
            image = self.site.url(f"/img/{page}.png")
            head = f'<meta property="og:image" content="{image}">'
            self.site.pages[f"/news/{page}"] = Answer(html(title(page), *TEXT, head=head))
            self.site.pages[f"/img/{page}.png"] = Answer(png(page), headers={"Content-Type": "image/png"})
        for name, (old, new) in self.states.items():
            if name != "gone.md":
                self.states[name] = (self._with_image(old, "/img/gone.png"), self._with_image(new, self._image(name)))
                (self.seeds / name).write_bytes(self.states[name][0])

    @staticmethod
    def _image(name: str) -> str:
        return f"/img/{1 if name == 'shared.md' else name[0]}.png"

    def _with_image(self, seed: bytes, path: str) -> bytes:
        return seed.replace(b"\ntitle:", f'\nimage: "{self.site.url(path)}"\ntitle:'.encode(), 1)

    def settings(self) -> dict[str, object]:
        return {**super().settings(), "IMAGES": "lead", "REVIEW_BELOW": 0}
