"""An extension that does with pauses what a run with a ledger does: notes new ones, and knows old ones."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler

from archiver.downloader.pauses import HostPauses
from archiver.signals import host_paused


class PauseNotes:
    """Appends each pause to the file PAUSE_NOTES; remembers those of KNOWN_PAUSES, times by host."""

    def __init__(self, crawler: Crawler) -> None:
        self._file = crawler.settings["PAUSE_NOTES"]
        self._known = crawler.settings.getdict("KNOWN_PAUSES")
        self._crawler = crawler
        crawler.signals.connect(self._note, host_paused)
        crawler.signals.connect(self._remember, signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PauseNotes:
        return cls(crawler)

    def _note(self, host: str, until: datetime) -> None:
        with Path(self._file).open("a", encoding="utf-8") as file:
            file.write(json.dumps([host, until.isoformat()]) + "\n")

    def _remember(self) -> None:
        for host, until in self._known.items():
            HostPauses.of(self._crawler).restore(host, datetime.fromisoformat(until))


NOTING = json.dumps({"archiver.extensions.report.RunReport": 0, "tests.support.pausing.PauseNotes": 1})
"""For the setting EXTENSIONS."""


def noted(file: Path) -> list[tuple[str, datetime]]:
    """(host, until) of the pauses in a file, which need not exist."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [(host, datetime.fromisoformat(until)) for host, until in map(json.loads, lines)]
