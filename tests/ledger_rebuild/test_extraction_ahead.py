"""Pages that will be asked for are extracted while another one is dealt with."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from archiver.crawl.extraction.workers import Workers
from archiver.ledger_rebuild.extraction_ahead import ExtractionAhead
from archiver.models import Capture, Extraction, Verdict

AT = datetime(2026, 6, 1, tzinfo=UTC)


class _Workers:
    def __init__(self) -> None:
        self.started: list[str] = []

    async def extract(self, capture: Capture) -> Extraction:
        self.started.append(capture.url)
        await asyncio.sleep(0)
        return Extraction(Verdict.NOT_HTML, detail=capture.url)


def test_what_was_begun_is_extracted_once_and_from_then_on() -> None:
    first, second = (
        Capture(url, url, 200, (), b"", AT, "archive") for url in ("https://a.example/1", "https://a.example/2")
    )
    workers: Any = _Workers()
    with asyncio.Runner() as runner:
        extract = ExtractionAhead(runner, cast("Workers", workers), 2)
        extract.begin(first)
        extract.begin(second)
        assert workers.started == [first.url, second.url], "nobody has asked for either"
        assert [extract(page).detail for page in (second, first, first)] == [second.url, first.url, first.url]
        assert len(workers.started) == 2
        extract.forget(first)
        assert extract(first).detail == first.url
        assert len(workers.started) == 3
