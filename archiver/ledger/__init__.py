"""What runs remember: every visit of every address, and when to look again. `ARCHIVE_DIR/ledger.sqlite`.

    Ledger.open(file)        the crawl, the only writer
    LedgerReader.open(file)  everybody else; None while there is no ledger
    renew_ledger(file, now)  a new one in the place of one that is lost or damaged

Times go in and come out as aware UTC datetimes, and are kept to the second. Every method raises LedgerError, whose one
sentence says what is wrong with the file and what to do.
"""

from archiver.ledger.entries import (
    AddressRecord,
    DueAddress,
    Followed,
    KnownSeed,
    RunRecord,
    SeedDone,
    Summary,
    Validators,
    VisitWrite,
)
from archiver.ledger.reader import LedgerReader
from archiver.ledger.renewal import Renewal, end_renewal, renew_ledger
from archiver.ledger.seed_table import KnownFiles
from archiver.ledger.writer import Ledger

LEDGER = "ledger.sqlite"
"""Its file in ARCHIVE_DIR."""

__all__ = [
    "LEDGER",
    "AddressRecord",
    "DueAddress",
    "Followed",
    "KnownFiles",
    "KnownSeed",
    "Ledger",
    "LedgerReader",
    "Renewal",
    "RunRecord",
    "SeedDone",
    "Summary",
    "Validators",
    "VisitWrite",
    "end_renewal",
    "renew_ledger",
]
