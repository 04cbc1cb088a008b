"""What was taken down is not fetched again: neither the address, nor its copy in a web archive."""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archiver.archive.upkeep.tombstones import Tombstones
from archiver.config.run_settings import RunSettings
from archiver.errors import AddressRemoved
from archiver.program import program_name


class RemovedAddressesMiddleware:
    """Raises AddressRemoved before anything is asked that concerns an address with a tombstone in ARCHIVE_DIR."""

    def __init__(self, tombstones: Tombstones) -> None:
        self._tombstones = tombstones

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RemovedAddressesMiddleware:
        """Called by Scrapy."""
        run = RunSettings.of(crawler.settings)
        tombstones = Tombstones.read(run.archive_dir)
        if run.replay or not any(tombstones):
            raise NotConfigured
        return cls(tombstones)

    def process_request(self, request: Request) -> None:
        """Called by Scrapy."""
        found = self._tombstones.of(request.url)
        if found is not None:
            raise AddressRemoved(
                f"it was taken down on {found.at:%Y-%m-%d} ({found.reason.rstrip('.')}); "
                f"`{program_name()} archive remove --lift {found.address}` lets it be asked again"
            )
