"""What a run leaves for people: a folder with its head, a line per seed, and what undo needs.

    <runs folder>/<UTC time>/run.json       the head: RunHead
                            /results.jsonl  one SeedRecord a line, in the order in which seeds were done
                            /written.jsonl  one WrittenSeed a line, for seeds that were written in place
                            /index.html     the report
    <runs folder>/idle.log                  a line per run that had nothing to tell

Written by an extension of the crawl while the run goes on, so that a killed run leaves what was done until then.
"""

from __future__ import annotations

from archiver.models import PageWords
from archiver.runs.chain import ChainStep
from archiver.runs.folder import RunFolder, runs_of
from archiver.runs.head import KILLED, RunHead
from archiver.runs.records import SeedRecord, State
from archiver.runs.written import WrittenSeed

__all__ = ["KILLED", "ChainStep", "PageWords", "RunFolder", "RunHead", "SeedRecord", "State", "WrittenSeed", "runs_of"]
