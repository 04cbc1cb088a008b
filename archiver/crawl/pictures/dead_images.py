"""The dead pictures of a seed, by what the ledger knows and what lies on disk; nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archiver.crawl.pictures.files import find_file, is_rooted
from archiver.images.addresses import is_site_path, picture_url
from archiver.ledger import LedgerReader
from archiver.models import Field
from archiver.repair.audit import AuditProblem, Problem
from archiver.repair.diff import Keys, find_key
from archiver.seeds import Seed
from archiver.seeds.picture_links import find_links


def find_dead_images(seed: Seed, keys: Keys, seeds: Path, ledger: LedgerReader) -> Iterator[AuditProblem]:
    """The pictures of a seed that were dead when they were looked at last, and its own files that are not there.

    `seeds` is SEEDS_DIR. A picture that nobody has looked at has no problem.
    """
    links = find_links(seed, keys[Field.IMAGE]).links
    key = find_key(seed, keys[Field.IMAGE])
    for address, place in {link.address: link.place for link in reversed(links)}.items():
        detail = _why_dead(address, Path(seed.path), seeds, ledger)
        if detail is not None:
            yield AuditProblem(seed.path, Problem.DEAD_IMAGE, key if place == "front matter" else None, detail)


def _why_dead(address: str, seed: Path, seeds: Path, ledger: LedgerReader) -> str | None:
    url = picture_url(address)
    if url is not None:
        known = ledger.picture(url)
        return known.detail if known is not None and known.verdict.is_dead else None
    if is_rooted(address) or not is_site_path(address):
        return None
    return None if find_file(address, seed, seeds) else f"{address}: there is no such file in the site's folders."
