"""SIGKILL at every step of what works on an archive, and the next command."""

from __future__ import annotations

from tests.faults.fault import Fault
from tests.faults.kills.archives import (
    CompactWorld,
    ExportWorld,
    ImportWorld,
    IndexWorld,
    LedgerWorld,
    PartsWorld,
    PruneWorld,
    RemoveWorld,
)
from tests.faults.kills.tries import Kills

_COUNTS = "a kill on a copy of one archive, and the next command; captures lost or twice, records damaged, files left"

FAULTS = (
    Fault("SIGKILL in archive compact", _COUNTS, full=50, short=2, run=Kills(CompactWorld, 99), batch=25),
    Fault("SIGKILL in archive remove", _COUNTS, full=50, short=2, run=Kills(RemoveWorld, 136), batch=25),
    Fault("SIGKILL in archive prune", _COUNTS, full=50, short=2, run=Kills(PruneWorld, 43), batch=25),
    Fault("SIGKILL in archive index", _COUNTS, full=30, short=2, run=Kills(IndexWorld, 110), batch=30),
    Fault("SIGKILL in archive ledger", f"{_COUNTS}; the ledger neither the old one nor a new one",
          full=50, short=1, run=Kills(LedgerWorld, 116), batch=25),
    Fault("SIGKILL in archive import", _COUNTS, full=60, short=2, run=Kills(ImportWorld, 91), batch=30),
    Fault("SIGKILL in archive export", f"{_COUNTS}; an export that is not whole",
          full=30, short=1, run=Kills(ExportWorld, 10), batch=30),
    Fault("SIGKILL in archive export of several files", f"{_COUNTS}; an export that is not whole",
          full=40, short=1, run=Kills(PartsWorld, 30), batch=20),
)  # fmt: skip
