"""What people said to values that a page offers: `SEEDS_DIR/.decisions.jsonl`.

    DecisionFile(seeds_dir).read()             → Decisions, what holds and what cannot be used
    Decisions.find(path, url, field)           → the last ReviewDecision, or None
    DecisionFile(seeds_dir).append(decisions)  one line each

The file lies beside the seeds, so that git keeps it and merges it line by line.
"""

from archiver.decisions.decision_file import DECISIONS, DecisionFile
from archiver.decisions.decisions import Decisions, LineProblem
from archiver.decisions.review_decision import Answer, ReviewDecision, digest_of

__all__ = [
    "DECISIONS",
    "Answer",
    "DecisionFile",
    "Decisions",
    "LineProblem",
    "ReviewDecision",
    "digest_of",
]
