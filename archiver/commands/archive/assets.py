"""`scrapy archive export --assets`: the archived pictures of the collection's seeds."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.transfer.assets import export_assets
from archiver.commands.archive.actions import EXIT_DAMAGED, EXIT_DONE, checked_address
from archiver.commands.archive.tables import print_table
from archiver.config.run_settings import RunSettings
from archiver.errors import SeedError, SettingsError
from archiver.models import Field
from archiver.seeds import read
from archiver.seeds.picture_links import find_links
from archiver.seeds.store import SeedStore
from archiver.urls import address_key


def export_pictures(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    """Write the pictures, say which were left out, and return the exit code. Raises SettingsError and OSError."""
    folder: Path = opts.assets
    if opts.since or opts.until:
        raise SettingsError("--since and --until choose captures for a WACZ; pictures are taken as they were last kept")
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder} is not a folder; name another")
    if not folder.parent.is_dir():
        raise SettingsError(f"{folder.parent} is no folder; make it, or name another")
    options = RunSettings.read(settings, with_places=False)
    store = SeedStore.open(options.seeds, files=options.seed_files)
    store.check_not_empty()
    prefix = checked_address(opts.only) if opts.only else None
    archive.refresh()
    done = export_assets(archive, folder, _pictures(store, options, prefix))
    if done.left_out:
        rows = [[store.display_path(one.seed), one.address, one.reason] for one in done.left_out]
        print_table(["seed", "left out", "why"], rows)
    print(f"{folder}: {done.files} pictures, {done.new} of them new, {len(done.left_out)} left out")
    return EXIT_DAMAGED if done.left_out else EXIT_DONE


def _pictures(store: SeedStore, options: RunSettings, prefix: str | None) -> Iterator[tuple[str, str]]:
    """Yield each seed with the address of each picture on a host that it names, once; unreadable seeds have none."""
    for path in store.paths():
        try:
            found = find_links(read(store.display_path(path), store.read(path)), options.keys[Field.IMAGE])
        except SeedError:
            continue
        for url in dict.fromkeys(found.urls):
            if prefix is None or _is_below(url, prefix):
                yield path, url


def _is_below(url: str, prefix: str) -> bool:
    try:
        return address_key(url).startswith(address_key(prefix))
    except ValueError:
        return False
