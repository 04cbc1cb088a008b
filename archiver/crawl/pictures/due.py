"""Whether the pictures of seeds are a reason to read their page, though it may be as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archiver.crawl.pictures.local_links import SeedLinks
from archiver.crawl.pictures.seed_pictures import SeedPictures


@dataclass(frozen=True, slots=True)
class DuePictures:
    """The pictures of a run's seeds that are to be looked at, and the links to pictures that are to be rewritten."""

    pictures: SeedPictures | None
    """None where none is looked at."""
    links: SeedLinks | None
    """None where they stay as they are."""

    def need_page(self, paths: Sequence[str], url: str) -> bool:
        """Whether the page of an address has to be read for its seeds."""
        # Only a page that is read can offer another picture, and only a seed that is repaired gets other links.
        if self.pictures is not None and self.pictures.are_due(paths):
            return True
        return self.links is not None and self.links.are_due(paths, url)
