"""`scrapy add`: the addresses of a list as new seeds, which a crawl fills."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from archiver.collection.additions import Addition, Additions, Fate, KnownPages, check_folder, count_of
from archiver.collection.lists.decoding import MAX_LIST_BYTES
from archiver.collection.lists.recognition import read_list
from archiver.collection.lists.row import Entry, Row
from archiver.collection.names import DEFAULT_PATTERN, IS_UNDATED, NamePattern, Names
from archiver.collection.renaming import rename_dated
from archiver.collection.stubs import StubForm, check_form
from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.names import nearest
from archiver.config.run_settings import RunSettings
from archiver.errors import ArchiveBusy, ArchiverError, SeedError, SettingsError
from archiver.files.lock import run_lock
from archiver.models import Field
from archiver.program import program_name
from archiver.seeds import Seed, read
from archiver.seeds.creation import sync
from archiver.seeds.store import SeedStore
from archiver.text.control_characters import escape_control

EXIT_DONE, EXIT_NOTHING_RAN, EXIT_REFUSED, EXIT_BUSY = 0, 1, 2, 75


class Command(SettingsCheck, ScrapyCommand):
    """Reads a list, writes new seeds, asks nobody."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options] LIST"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Make seeds of the addresses in a list, for a crawl to fill"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "LIST is a file, or - for standard input: text or Markdown with an address a line, CSV, TSV, JSON, JSON "
            "lines, OPML, RSS, Atom, a sitemap, or the bookmarks of a browser (HTML or JSON). Its format is told by "
            "its content. An address that a seed has already is passed over. --rename, without LIST, gives seeds "
            "that were added without a day the names that their dates make. "
            "Exit code: 0 done, 2 at least one row was refused, 1 nothing could be read, 75 another run works on the "
            "archive (--rename)."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--into", metavar="FOLDER", default="", help="folder for the seeds, inside SEEDS_DIR")
        parser.add_argument(
            "--pattern",
            default=DEFAULT_PATTERN,
            help="names of the files, of {slug}, {date}, {host} (default: %(default)s)",
        )
        parser.add_argument(
            "--template", metavar="FILE", help="a seed with blank keys, of which each new one is a copy"
        )
        parser.add_argument(
            "--map", metavar="COLUMN=KEY", action="append", default=[],
            help="write what a column of the list says under a key; without KEY the column is left out",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="say what would be added or renamed, write nothing")
        parser.add_argument("--rename", action="store_true", help="put the dates that crawls have found into names")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if len(args) != (0 if opts.rename else 1):
            raise UsageError("--rename takes no list" if opts.rename else "name one list, or - for standard input")
        assert self.settings is not None
        try:
            options = RunSettings.read(self.settings, with_places=False)
            writes = not (opts.dry_run or options.dry_run)
            if writes and not opts.rename:
                _make_folder(options.seeds)
            store = SeedStore.open(options.seeds, files=options.seed_files)
            if writes:
                store.sweep()  # what a killed one was writing
            self.exitcode = (
                _rename(store, options, writes=writes) if opts.rename else _add(store, options, args[0], opts)
            )
        except ArchiveBusy as error:
            _say(str(error))
            self.exitcode = EXIT_BUSY
        except ArchiverError as error:
            _say(str(error))
            self.exitcode = EXIT_NOTHING_RAN


def _make_folder(seeds: Path) -> None:
    """Make the folder of the seeds in one that is there: who begins with a list has none yet."""
    try:
        if seeds.parent.is_dir() and not seeds.exists():
            seeds.mkdir()
    except OSError as error:
        raise SettingsError(
            f"SEEDS_DIR={seeds} cannot be made ({(error.strerror or '').lower()}); name a folder that can be"
        ) from None


def _add(store: SeedStore, options: RunSettings, source: str, opts: argparse.Namespace) -> int:
    writes = not (opts.dry_run or options.dry_run)
    template = _template(opts.template) if opts.template else None
    form = StubForm(options.keys, options.policy, _mapping(opts.map), template)
    check_form(form)
    into, pattern = check_folder(store, opts.into), NamePattern.parse(opts.pattern, options.seed_files.suffixes)
    name, raw = _read(source)
    entries = list(read_list(name, raw, options.keys["source"]))
    _check_columns(name, form.mapped, entries)
    entries = [_with_source(entry, form.source_columns) for entry in entries]
    known = KnownPages.of(store, options.keys["source"])
    additions = Additions(store, into, form, Names(store.root / into, pattern), known, writes, options.site_hosts)
    done = []
    for entry in entries:
        addition = additions.take(entry)
        if addition.fate is Fate.REFUSED:
            _say(f"{name}, {addition.place}: {addition.clause}")
        elif addition.fate is Fate.ADDED and not writes:
            print(escape_control(f"would add {store.display_path(addition.path or '')}  {addition.address}"))
        done.append(addition)
    sync(store, (addition.path for addition in done if addition.path and writes))
    return _sum_up(name, done, known, writes=writes)


def _sum_up(name: str, done: Sequence[Addition], known: KnownPages, *, writes: bool) -> int:
    counts = count_of(done)
    if not any(addition.address for addition in done):
        raise SettingsError(f"{name} holds no address that can be fetched; name another list")
    rows = {"added" if writes else "would be added": counts[Fate.ADDED]}
    rows |= {fate.value: counts[fate] for fate in (Fate.KNOWN, Fate.REPEATED, Fate.REFUSED)}
    rows["rows read"] = len(done)
    if undated := sum(1 for addition in done if addition.path and IS_UNDATED.search(addition.path)):
        rows["named without a day"] = undated
    if known.unreadable:
        rows["files not compared"] = known.unreadable
    _table(rows)
    return EXIT_REFUSED if counts[Fate.REFUSED] else EXIT_DONE


def _rename(store: SeedStore, options: RunSettings, *, writes: bool) -> int:
    if writes and options.archive_dir.is_dir():
        # A run that has read a name would look for it in vain.
        with run_lock(options.archive_dir, datetime.now(UTC)):
            return _rename_all(store, options, writes=True)
    return _rename_all(store, options, writes=writes)


def _rename_all(store: SeedStore, options: RunSettings, *, writes: bool) -> int:
    renamed = refused = undated = 0
    for renaming in rename_dated(store, options.keys[Field.DATE], writes=writes):
        if renaming.to is not None:
            renamed += 1
            print(escape_control(f"{store.display_path(renaming.path)} → {store.display_path(renaming.to)}"))
        elif renaming.clause:
            refused += 1
            _say(renaming.clause)
        else:
            undated += 1
    _table({"renamed" if writes else "would be renamed": renamed, "without a date yet": undated, "refused": refused})
    return EXIT_REFUSED if refused else EXIT_DONE


def _read(source: str) -> tuple[str, bytes]:
    """The name of a list and its bytes. Raises SettingsError."""
    if source == "-":
        return "standard input", sys.stdin.buffer.read(MAX_LIST_BYTES + 1)
    try:
        with Path(source).open("rb") as file:
            return source, file.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        hint = "pipe it: echo ADDRESS | scrapy add -" if "://" in source else "name a file, or - for standard input"
        raise SettingsError(f"{source} cannot be read ({(error.strerror or '').lower()}); {hint}") from None


def _template(file: str) -> Seed:
    try:
        return read(file, Path(file).read_bytes())
    except OSError as error:
        raise SettingsError(
            f"--template {file} cannot be read ({(error.strerror or '').lower()}); name a seed"
        ) from None
    except SeedError as error:
        raise SettingsError(f"--template {str(error).rstrip('.')}") from None


def _mapping(given: Sequence[str]) -> Mapping[str, str]:
    """Keys by column. Raises SettingsError."""
    mapped: dict[str, str] = {}
    for text in given:
        column, equals, key = text.rpartition("=")
        if not equals or not column.strip() or any(not part.strip() for part in key.split(".") if key):
            raise SettingsError(f"--map {text} is no COLUMN=KEY; write it like --map folder=category")
        mapped[column.strip().lower()] = key.strip()
    return mapped


def _check_columns(name: str, mapped: Mapping[str, str], entries: Sequence[Entry]) -> None:
    """Raise SettingsError for a column that no row has."""
    columns = {column for entry in entries if isinstance(entry, Row) for column in entry.columns}
    for column in mapped:
        if column not in columns:
            meant = nearest(column, columns)
            guess = f"did you mean {meant}? They" if meant else "the columns"
            raise SettingsError(f"{name} has no column {column}; {guess} are {', '.join(sorted(columns)) or 'none'}")


def _with_source(entry: Entry, columns: Sequence[str]) -> Entry:
    """A row with the address that the column has that is mapped to it."""
    if not columns or not isinstance(entry, Row):
        return entry
    return Row(entry.place, entry.first(columns), entry.columns)


def _say(sentence: str) -> None:
    print(f"{program_name()} add: {escape_control(sentence.rstrip('.'))}.", file=sys.stderr)


def _table(rows: Mapping[str, int]) -> None:
    width, numbers = max(map(len, rows)), max(len(f"{count:,}") for count in rows.values())
    for name, count in rows.items():
        print(f"{name:<{width}}  {count:>{numbers},}")
