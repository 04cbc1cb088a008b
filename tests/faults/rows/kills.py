"""SIGKILL at every step of what the archiver does, and the next command."""

from __future__ import annotations

from tests.faults.fault import Fault
from tests.faults.kills.crawls import CrawlWorld, OutputWorld
from tests.faults.kills.runs import CommitWorld, PicturesWorld, RefreshWorld
from tests.faults.kills.tries import Kills

FAULTS = (
    Fault(
        "SIGKILL in a crawl",
        "a kill and the next run; seeds torn, captures or results lost, answers asked for again, files left over",
        full=200, short=3, run=Kills(CrawlWorld, 270), batch=20,
    ),
    Fault(
        "SIGKILL in a crawl with OUTPUT_DIR",
        "a kill and the next run; copies torn or missing, seeds touched, results lost, files left over",
        full=60, short=1, run=Kills(OutputWorld, 270), batch=20,
    ),
    Fault(
        "SIGKILL in a refresh",
        "a kill and the next refresh; as in a crawl, and what is not due asked for",
        full=120, short=1, run=Kills(RefreshWorld, 200), batch=20,
    ),
    Fault(
        "SIGKILL under --commit",
        "a kill, of the run alone or with git in a hook, and the next run; as in a crawl, and seeds uncommitted",
        full=200, short=2, run=Kills(CommitWorld, 300), batch=20,
    ),
    Fault(
        "SIGKILL while pictures are looked at",
        "a kill and the next run with IMAGES=lead; as in a crawl",
        full=60, short=1, run=Kills(PicturesWorld, 400), batch=20,
    ),
)  # fmt: skip
