"""The table of seeds: what the last scan of the seeds folder found, and what the next one finds to be different."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

from archiver.ledger.entries import Followed, KnownSeed, plain_address, seconds
from archiver.ledger.schedule import Urgency
from archiver.ledger.transactions import LedgerTransactions
from archiver.urls import host_of

_SCRATCH = """
CREATE TEMP TABLE IF NOT EXISTS fresh (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS gone (path TEXT PRIMARY KEY, address INTEGER, missing TEXT, todo INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE IF NOT EXISTS touched (address INTEGER PRIMARY KEY);
DELETE FROM fresh; DELETE FROM gone; DELETE FROM touched;
"""
"""Seeds whose page is to be read, seeds that lie there no more, and the addresses of all that is different."""


class KnownFiles:
    """The files that the last scan met, while the next one goes from folder to folder. Only within `follow`."""

    def __init__(
        self,
        stamps_in: Callable[[str], Iterable[tuple[str, bytes | None]]],
        meaning: bytes = b"",
        attention: Collection[str] | None = (),
    ) -> None:
        """`meaning` is what stamps of this scan hold for; files in `attention` are read, all where it is None."""
        self.meaning = meaning
        self._stamps_in = stamps_in
        self._attention = attention
        self._unmet: dict[str, bytes | None] = {}
        self._entered: set[str] = set()

    def skip(self, path: str, stamp: bytes | None) -> bool:
        """Whether a file is as it was when it was read last, so that what is known of it holds."""
        self._enter(path)
        if self._attention is None or stamp is None or path in self._attention or self._unmet.get(path) != stamp:
            return False
        del self._unmet[path]
        return True

    def meet(self, path: str) -> None:
        """Note that a file that was read lies there."""
        self._enter(path)
        self._unmet.pop(path, None)

    def _enter(self, path: str) -> None:
        folder = path.rpartition("/")[0]
        if folder not in self._entered:
            self._entered.add(folder)
            self._unmet.update(self._stamps_in(folder))

    def gone(self, paths: Iterable[str]) -> Iterator[str]:
        """Those of all known paths where no file was met."""
        return (path for path in paths if path in self._unmet or path.rpartition("/")[0] not in self._entered)


class SeedTable(LedgerTransactions):
    """The part of the ledger that follows the seeds folder."""

    def known_files(self, meaning: bytes, attention: Collection[str] | None) -> KnownFiles:
        """What the next `follow` need not read; nothing where the last scan took the seeds to mean something else."""
        known = self._one("SELECT meaning FROM scan")
        return KnownFiles(self._stamps_in, meaning, attention if known == (meaning,) else None)

    def _stamps_in(self, folder: str) -> list[tuple[str, bytes | None]]:
        """The stamps of the files that lie in a folder itself, by path."""
        if not _is_text(folder):
            return []
        if not folder:
            return self._all("SELECT path, stamp FROM seed WHERE instr(path, '/') = 0")
        # `0` is the character after `/`.
        return self._all(
            "SELECT path, stamp FROM seed WHERE path > ? AND path < ? AND instr(substr(path, ?), '/') = 0",
            f"{folder}/", f"{folder}0", len(folder) + 2,
        )  # fmt: skip

    def note_without_address(self, path: str, stamp: bytes | None, files: KnownFiles) -> None:
        """Note a file that names no address that could be asked; only while `follow` asks for the next seed."""
        if stamp is None:
            return  # as if it were not there: it is read again, and what was known of it is gone
        files.meet(path)
        known = self._one("SELECT address, stamp FROM seed WHERE path = ?", path)
        if known is not None and known[0] is not None:
            self._note_gone(path)
        if known != (None, stamp):
            self._run("INSERT OR REPLACE INTO seed VALUES (?, NULL, '', NULL, 0, ?)", path, stamp)

    def follow(self, seeds: Iterable[KnownSeed], now: datetime, files: KnownFiles | None = None) -> Followed:
        """Take over what a scan of the whole seeds folder found. A seed is known by its address, whatever its path.

        Addresses that a new seed has, or whose seed lacks more than before, are due at once, and so are those of a seed
        of which a person has spoken since. Those that no seed has any
        more keep their visits and are not due. Seeds that `files` let the scan skip are as they were.
        """
        files = files or KnownFiles(self._stamps_in)
        with self._transaction():
            for statement in _SCRATCH.strip().split(";\n"):
                for one in statement.split("; "):
                    self._run(one)
            for seed in seeds:
                files.meet(seed.path)
                self._meet(seed, now)
            return self._sweep(files, now)

    def _meet(self, seed: KnownSeed, now: datetime) -> None:
        number, missing = self._number(plain_address(seed.url), now), ",".join(seed.missing)
        published = None if seed.published is None else seconds(seed.published)
        known = self._one("SELECT address, missing, published, todo, stamp FROM seed WHERE path = ?", seed.path)
        fresh = known is None or known[0] != number
        later = "SELECT 1 FROM visit WHERE address = ? AND at > ? LIMIT 1"
        is_decided = seed.decided is not None and self._one(later, number, seconds(seed.decided)) is None
        lacks_more = known is not None and not known[3] and bool(set(seed.missing) - set(known[1].split(",")))
        todo = 2 if fresh or lacks_more or is_decided else known[3] if known else 0
        row = (number, missing, published, todo, seed.stamp)
        if row == known:
            return
        self._run(
            "INSERT INTO seed (path, address, missing, published, todo, stamp) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (path) DO UPDATE SET address = excluded.address, missing = excluded.missing, "
            "published = excluded.published, todo = excluded.todo, stamp = excluded.stamp",
            seed.path, *row,
        )  # fmt: skip
        if todo == 2:
            self._run("INSERT OR IGNORE INTO fresh VALUES (?)", seed.path)
        if known is None or row[:3] != known[:3]:
            self._touch(number)
        if known is not None and known[0] not in {None, number}:
            self._touch(known[0])

    def _touch(self, number: int) -> None:
        self._run("INSERT OR IGNORE INTO touched VALUES (?)", number)

    def _note_gone(self, path: str) -> None:
        self._run("INSERT OR IGNORE INTO gone SELECT path, address, missing, todo FROM seed WHERE path = ?", path)
        self._run("INSERT OR IGNORE INTO touched SELECT address FROM seed WHERE path = ? AND address IS NOT NULL", path)

    def _sweep(self, files: KnownFiles, now: datetime) -> Followed:
        """After a scan: seeds that were not met are gone, or have another path. `todo` is 2 where it is new."""
        for path in list(files.gone(path for (path,) in self._database.execute("SELECT path FROM seed"))):
            self._note_gone(path)
            self._run("DELETE FROM seed WHERE path = ?", path)
        self._run("DELETE FROM gone WHERE address IS NULL")
        moved = self._all(
            "SELECT new.path, gone.todo, gone.missing = new.missing FROM gone JOIN seed AS new USING (address) "
            "WHERE new.todo = 2 GROUP BY gone.path"
        )
        for path, todo, same in moved:
            if same:
                self._run("UPDATE seed SET todo = ? WHERE path = ?", todo, path)
        (gone,) = self._all("SELECT count(*) FROM gone")[0]
        fresh = "FROM fresh JOIN seed USING (path)"
        (added,) = self._all(
            f"SELECT count(*) {fresh} JOIN address ON address = number WHERE todo = 2 AND NOT wanted AND visits = 0"
        )[0]
        self._run(
            f"UPDATE address SET due = ? WHERE number IN (SELECT seed.address {fresh} WHERE todo = 2)",  # noqa: S608  (constants)
            seconds(now),
        )
        self._run("UPDATE seed SET todo = 1 WHERE todo = 2 AND path IN (SELECT path FROM fresh)")
        self._run("""
            UPDATE address SET wanted = s.path IS NOT NULL, incomplete = coalesce(s.incomplete, 0),
                published = coalesce(s.published, address.published),
                urgency = CASE WHEN coalesce(s.incomplete, 0) THEN 0 WHEN visits THEN 2 ELSE 1 END
            FROM (SELECT touched.address AS n, min(path) AS path, max(missing <> '') AS incomplete,
                    min(seed.published) AS published
                FROM touched LEFT JOIN seed ON seed.address = touched.address GROUP BY touched.address) AS s
            WHERE number = s.n
        """)
        if self._one("SELECT meaning FROM scan") != (files.meaning,):
            self._run("DELETE FROM scan")
            self._run("INSERT INTO scan VALUES (?)", files.meaning)
        (count,) = self._all("SELECT count(*) FROM seed WHERE address IS NOT NULL")[0]
        return Followed(count, added, len(moved), max(0, gone - len(moved)))

    def _number(self, url: str, now: datetime) -> int:
        found = self._one("SELECT number FROM address WHERE url = ?", url)
        if found is None:
            self._run(
                "INSERT INTO address (url, host, urgency, due) VALUES (?, ?, ?, ?)",
                url, host_of(url), int(Urgency.NEVER_VISITED), seconds(now),
            )  # fmt: skip
            (found,) = self._all("SELECT number FROM address WHERE url = ?", url)
        return int(found[0])


def _is_text(path: str) -> bool:
    """Whether SQLite can be asked for a path; a name that is not UTF-8 is no seed's."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
