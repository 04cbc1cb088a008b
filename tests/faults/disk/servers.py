"""A server that calls its pages unchanged, whatever they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from archiver.ledger.reader import MAX_CONFIRMATIONS
from tests.faults.disk.lab import Lab, Tries, bad_end, pages
from tests.faults.fault import Figures
from tests.support.servers import Answer, Site

_STATED = ({"ETag": '"constant"'}, {"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"})


class _Unchanging(Site):
    """Answers every conditional request with 304."""

    def answer_to(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        """None for what `pages` say."""
        asked = {"if-none-match", "if-modified-since"} & headers.keys()
        return Answer(status=304) if asked and path.startswith("/news/") else None


def tries(numbers: range, folder: Path) -> Figures:
    """Refresh pages that change once, as long as their changes are to be met at the latest."""
    said = Tries()
    for number in numbers:
        stated = _STATED[number % 2]
        made = {path: replace(answer, headers=stated) for path, answer in pages(3).items()}
        with said.one(number) as this, _Unchanging(made) as site:
            lab = Lab(site, folder / str(number))
            this.lost += bad_end(lab.run("crawl", "seeds"), {0})
            for path, answer in made.items():
                site.pages[path] = replace(answer, body=answer.body.replace(b"Work begins in March", b"Work is done"))
            for visit in range(MAX_CONFIRMATIONS + 1):
                # A year ahead all is due.
                this.lost += bad_end(lab.run("refresh", "--due", f"{2100 + visit}-01-01"), {0})
            for path in made:
                said_of = lab.run("history", site.url(path)).stdout
                if "changed" not in said_of:
                    this.lost.append(f"the change of {path} was not met: {said_of[-300:]}")
    return said.figures
