"""One commit per run: what was recovered, and from where.

How it is told what is the run's own: docs/design.md D53.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archiver.downloader.recording.recorder import add_failure
from archiver.errors import NotCommitted
from archiver.extensions.report import console_of
from archiver.extensions.written import WrittenSeeds
from archiver.files.history import WRITTEN_BY
from archiver.models import Outcome, Result
from archiver.runs import RunFolder, runs_of
from archiver.signals import pictures_placed, seed_repaired, seed_result
from archiver.text.control_characters import escape_control

if TYPE_CHECKING:
    from archiver.crawl.spider import SeedSpider

Outcomes = Mapping[tuple[Outcome, str], int]
"""How many seeds came to what; of missed ones by verdict, "" otherwise."""

_MAX_LISTED_SEEDS = 100
"""Seeds that a message lists; the difference has all of them. Chosen, not measured."""
_MAX_NAMED_SEEDS = 5
"""Seeds that the sentence about left-out ones names. Chosen, not measured."""
_MAX_SUBJECT_LETTERS = 72
"""Characters, as git's own tools show a subject; a longer one is cut off by them."""
_MAX_LINE_LETTERS = 1_000
"""Characters of a value in a message; longer ones are cut. Chosen, not measured."""


class RunCommit:
    """Collects what a run writes and commits it in the end (COMMIT=1); a dry run has nothing to commit."""

    def __init__(self, crawler: Crawler, spider: SeedSpider) -> None:
        assert spider.options.repository is not None
        self._crawler = crawler
        self._spider = spider
        self._repository = spider.options.repository
        self._written = WrittenSeeds(self._repository)
        self._outcomes: Counter[tuple[Outcome, str]] = Counter()
        self._ended = spider.notes.commit_ended = asyncio.Event()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunCommit:
        """Called by Scrapy."""
        spider: SeedSpider = crawler.spider  # type: ignore[assignment]  # the crawl's own spiders are the only ones
        if spider.options.repository is None or spider.options.dry_run:
            raise NotConfigured
        commit = cls(crawler, spider)
        crawler.signals.connect(commit.seed_repaired, seed_repaired)
        crawler.signals.connect(commit.pictures_placed, pictures_placed)
        crawler.signals.connect(commit.seed_result, seed_result)
        crawler.signals.connect(commit.spider_closed, signals.spider_closed)
        return commit

    def seed_repaired(self, path: str, before: bytes, after: bytes) -> None:
        """Note what was written."""
        self._written.record_write(Path(path), before, after)

    def pictures_placed(self, path: str, files: tuple[Path, ...]) -> None:
        """Note which pictures a seed names."""
        self._written.record_pictures(Path(path), files)

    def seed_result(self, result: Result) -> None:
        """Note where it came from."""
        if not result.was_reached:
            return
        self._outcomes[result.outcome, result.verdict.value if result.outcome is Outcome.MISSED else ""] += 1
        if result.outcome is Outcome.WRITTEN:
            self._written.record_result(Path(result.path), result)

    async def spider_closed(self) -> None:
        """Commit, and say so. What is not committed is said, and ends the run with exit code 1."""
        console = console_of(self._crawler.settings)
        try:
            for line in await asyncio.to_thread(self._commit):
                console.print(Text(escape_control(line)))
        except (NotCommitted, OSError, sqlite3.Error) as error:
            sentence = (
                f"the seeds are written but not committed ({escape_control(str(error))}); mend that: the next run that "
                "commits takes them up"
            )
            add_failure(self._crawler, sentence)
        finally:
            self._written.close()
            self._ended.set()

    def _commit(self) -> list[str]:
        """What to tell; in a thread. Raises NotCommitted."""
        taken_up = self._take_up()
        self._written.sort()
        lines = []
        if any(True for _ in islice(self._written.own(), 1)):
            earlier = self._written.earlier()
            text = message(self._written.results(), self._outcomes, earlier)
            name = self._repository.commit(self._written.own(), text, self._written.new_pictures())
            with_earlier = f", with {_count_of(len(earlier), 'seed')} of an earlier run" if earlier else ""
            lines.append(f"committed as {name}{with_earlier}")
        if left_out := _describe_rest(self._written.others(), self._repository.root):
            lines.append(left_out)
        for folder in taken_up:
            with contextlib.suppress(OSError):
                folder.write_head(replace(folder.head(), is_committed=True))
        self._spider.notes.is_committed = True
        return lines

    def _take_up(self) -> list[RunFolder]:
        """Note what earlier runs wrote that were to commit it, and were killed before or could not; these runs."""
        options = self._spider.options
        taken_up = []
        for folder in runs_of(options.runs_dir):
            if not folder.head().is_uncommitted or folder.is_running():
                continue
            taken_up.append(folder)
            for note in folder.written():
                file = options.seeds / note.seed
                with contextlib.suppress(OSError):
                    content = file.read_bytes()
                    if hashlib.sha256(content).hexdigest() == note.after_sha256:
                        self._written.record_earlier(file, note.before, content)
        return taken_up


def message(results: Iterable[Result], outcomes: Outcomes, earlier: Sequence[str] = ()) -> str:
    """The message of a commit of some results, all of seeds that were written.

    `outcomes` counts the whole run; `earlier` are seeds that an earlier run has written, which was killed. The first
    hundred seeds are listed with their fields, and each field's source, then the address and time of the capture; the
    fields of all are counted.
    """
    listed: list[str] = []
    fields: Counter[str] = Counter()
    number = 0
    for number, result in enumerate(results, start=1):
        fields.update(change.field for change in result.changes)
        if number <= _MAX_LISTED_SEEDS:
            listed += _entry(result)
    if number > _MAX_LISTED_SEEDS:
        listed.append(f"… and {_count_of(number - _MAX_LISTED_SEEDS, 'more seed')}")
    order = sorted(fields, key=lambda field: (-fields[field], field))
    subject = f"Repair {_count_of(number, 'seed')}: {', '.join(order)}"
    if len(subject) > _MAX_SUBJECT_LETTERS:
        subject = f"Repair {_count_of(number, 'seed')}: {_count_of(len(order), 'field')}"
    if earlier:
        listed += ["", f"Of an earlier run, which did not commit it, {_count_of(len(earlier), 'seed')}:"]
        listed += [_line(f"- {path}") for path in earlier[:_MAX_LISTED_SEEDS]]
    if not number:
        subject = f"Repair {_count_of(len(earlier), 'seed')}, of an earlier run"
        return "\n".join([subject, *listed, "", WRITTEN_BY, ""])
    total = ", ".join(f"{field} {fields[field]:,}" for field in order)
    return "\n".join([subject, "", *listed, "", f"In all {total}.", f"{_summary(outcomes)}.", "", WRITTEN_BY, ""])


def _entry(result: Result) -> Iterator[str]:
    """What was recovered in one seed, and from where."""
    by_source: dict[str, list[str]] = {}
    for change in result.changes:
        by_source.setdefault(change.source, []).append(change.field)
    yield _line(f"- {result.path}")
    yield _line("  " + "; ".join(f"{', '.join(fields)} from {source}" for source, fields in by_source.items()))
    capture = result.capture
    if capture is None:
        yield _line(f"  without a page ({result.origin_url}: {result.verdict.value})")
    else:
        yield _line(f"  {capture.url} ({capture.origin}, {capture.captured_at})")


def _summary(outcomes: Outcomes) -> str:
    said = []
    for outcome in Outcome:
        verdicts = {verdict: count for (of, verdict), count in sorted(outcomes.items()) if of is outcome}
        if outcome is Outcome.SKIPPED and not verdicts:
            continue
        why = ", ".join(f"{verdict} {count:,}" for verdict, count in verdicts.items() if verdict)
        said.append(f"{sum(verdicts.values()):,} {outcome.value}" + (f" ({why})" if why else ""))
    return f"Of {_count_of(sum(outcomes.values()), 'seed')} read: {', '.join(said)}"


def _describe_rest(paths: Iterator[bytes], root: Path) -> str:
    named = [os.fsdecode(path) for path in islice(paths, _MAX_NAMED_SEEDS)]
    if not named:
        return ""
    more = sum(1 for _ in paths)
    names = ", ".join(path.encode("utf-8", "replace").decode() for path in named)
    said = f"written and not committed, since HEAD does not have them as the run found them: {names}"
    inner = dict.fromkeys(filter(None, (_inner_repository(root, Path(path)) for path in named)))
    return (
        said
        + (f" and {more:,} more" if more else "")
        + "".join(f"; {folder} is a repository of its own, run again with SEEDS_DIR there" for folder in inner)
    )


def _inner_repository(root: Path, path: Path) -> str:
    """The folder of the repository within this one that a file lies in, a submodule or not; empty where it is none."""
    inner = (str(folder) for folder in path.parents if folder.name and (root / folder / ".git").exists())
    return next(inner, "")


def _count_of(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _line(text: str) -> str:
    shown = escape_control(text)
    return shown if len(shown) <= _MAX_LINE_LETTERS else f"{shown[:_MAX_LINE_LETTERS]}…"
