"""Questions to the ledger about what pages yielded, and the alarms that stand."""

from __future__ import annotations

from datetime import datetime

from archiver.ledger.entries import instant, plain_address
from archiver.ledger.queries import LedgerQueries
from archiver.ledger.yields.alarms import Alarm
from archiver.ledger.yields.collapse import Collapse
from archiver.ledger.yields.readings import PageReading
from archiver.ledger.yields.rows import marks_from, reading_from, usual_from
from archiver.ledger.yields.watch import WindowPage
from archiver.urls import host_of


class YieldQueries(LedgerQueries):
    """What `YieldWatch` asks."""

    def window(self, host: str, pages: int) -> list[WindowPage]:
        """The last readings of a host, oldest first."""
        rows = self._all(
            "SELECT address.url, reading.run, visit.at, fields, selectors FROM reading "
            "JOIN visit ON visit.number = reading.visit JOIN address ON address.number = visit.address "
            "WHERE reading.host = ? ORDER BY reading.visit DESC LIMIT ?",
            host, pages,
        )  # fmt: skip
        names = self._selector_names() if any(row[4] for row in rows) else {}
        return [self._page(row, names) for row in reversed(rows)]

    @staticmethod
    def _page(row: tuple[str, int, int, str, str], names: dict[int, str]) -> WindowPage:
        url, run, at, fields, selectors = row
        reading = reading_from(fields, "", names)
        marks = marks_from(fields, selectors, names)
        return WindowPage(url, run, instant(at), marks, reading.places or {}, reading.body)

    def last_reading(self, url: str) -> tuple[datetime, PageReading] | None:
        """The last reading of an address, with its time; None where no visit has read it."""
        row = self._one(
            "SELECT visit.at, fields, selectors FROM visit JOIN reading ON host = ? AND visit = visit.number "
            "WHERE address = (SELECT number FROM address WHERE url = ?) ORDER BY visit.number DESC LIMIT 1",
            host_of(url), plain_address(url),
        )  # fmt: skip
        if row is None:
            return None
        return instant(row[0]), reading_from(row[1], row[2], self._selector_names() if row[2] else {})

    def alarms(self, host: str | None = None) -> list[Alarm]:
        """The alarms that stand, of one host or of all, by host and time."""
        rows = self._all(
            "SELECT host, aspect, since, url, usual, hits, pages, before_hits, before_pages, paired FROM alarm "
            "WHERE ? IS NULL OR host = ? ORDER BY host, since, aspect",
            host, host,
        )  # fmt: skip
        return [
            Alarm(
                of, aspect, instant(since), url, Collapse(hits, pages, had, of_pages, bool(paired)), usual_from(usual)
            )
            for of, aspect, since, url, usual, hits, pages, had, of_pages, paired in rows
        ]  # fmt: skip

    def alarms_cleared(self, host: str) -> datetime | None:
        """When a person said last that the pages of a host are well as they are; None when nobody did."""
        row = self._one("SELECT alarms_cleared FROM host WHERE name = ?", host)
        return None if row is None or row[0] is None else instant(row[0])

    def _selector_names(self) -> dict[int, str]:
        return dict(self._all("SELECT number, name FROM selector"))
