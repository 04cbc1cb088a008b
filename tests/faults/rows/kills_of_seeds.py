"""SIGKILL at every step of what people do with seeds, and the same command again."""

from __future__ import annotations

from tests.faults.fault import Fault
from tests.faults.kills.people import AddWorld, ReviewWorld, UndoWorld
from tests.faults.kills.tries import Kills

FAULTS = (
    Fault("SIGKILL in a review", "a kill, and the rest accepted; seeds torn, decisions lost or twice, files left over",
          full=60, short=1, run=Kills(ReviewWorld, 38), batch=30),
    Fault("SIGKILL in an undo", "a kill, and the same again; seeds torn or not put back, decisions twice, files left",
          full=60, short=1, run=Kills(UndoWorld, 27), batch=30),
    Fault("SIGKILL in add", "a kill, and the same again; seeds torn, missing or twice, files left over",
          full=40, short=2, run=Kills(AddWorld, 34), batch=40),
)  # fmt: skip
