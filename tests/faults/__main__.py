"""`make faults`: every fault, as often as its row says; ends with exit code 1 where one does harm.

It can be stopped at any time, and goes on where it was stopped. The table goes to docs/security.md.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from pathlib import Path

from tests.faults.fault import Fault, Figures, all_faults
from tests.faults.state import State

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".faults" / "state.json"
DOCUMENT = ROOT / "docs" / "security.md"
_TABLE = re.compile(r"(?<=<!-- make faults: -->\n).*?(?=<!-- end -->)", re.DOTALL)


def main(words: list[str]) -> int:
    """Make the tries that are still to be made, print the table, and write it into docs/security.md."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="only faults whose names begin so; all without")
    parser.add_argument("--tries", type=int, help="so many tries of each, in place of those of `make faults`")
    parser.add_argument("--again", action="store_true", help="begin at the first try again")
    parser.add_argument("--no-document", action="store_true", help="leave docs/security.md as it is")
    given = parser.parse_args(words)
    chosen = [fault for fault in all_faults() if not given.rows or fault.name.startswith(tuple(given.rows))]
    state = State(STATE)
    complaints = []
    for fault in chosen:
        if given.again:
            state.forget(fault.name)
        complaints += fault.complaints(_try(fault, state, given.tries or fault.full))
    text = table([(fault, state.figures(fault.name)) for fault in all_faults()])
    print(text)
    if not given.no_document:
        DOCUMENT.write_text(_TABLE.sub(lambda _: text, DOCUMENT.read_text()))
    for complaint in complaints:
        print(f"missed: {complaint}", file=sys.stderr)
    return int(bool(complaints))


def _try(fault: Fault, state: State, tries: int) -> Figures:
    while (done := state.figures(fault.name).tries) < tries:
        with tempfile.TemporaryDirectory(prefix="faults-") as folder:
            state.add(fault.name, fault.run(range(done, min(done + fault.batch, tries)), Path(folder)))
        print(f"{fault.name}: {state.figures(fault.name).tries} of {tries}", file=sys.stderr, flush=True)
    return state.figures(fault.name)


def table(rows: list[tuple[Fault, Figures]]) -> str:
    """Lay the figures out as a table of Markdown."""
    lines = ["| fault | tries | lost | leaked | worst memory | worst time |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {fault.name}: {fault.counts} | {said.tries:,} of {fault.full:,} | {said.lost} | {said.leaked} "
        f"| {_memory(said)} | {f'{said.seconds:.1f} s' if said.seconds else '-'} |"
        for fault, said in rows
    ]
    return "\n".join(lines) + "\n"


def _memory(said: Figures) -> str:
    parts = [f"{said.megabytes:.0f} MB"] if said.megabytes else []
    parts += [f"{said.worker_megabytes:.0f} MB in a worker"] if said.worker_megabytes else []
    return ", ".join(parts) or "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
