"""Archives of which bits turn, parts are missing or stand where they should not.

A record that was damaged is either read as it was kept, or named and not read; every other one is read. Records that
are packed are damaged anywhere. Of plain ones no head has a digest, by the format, so theirs are damaged in their
blocks only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from archiver.archive.upkeep.verify import Damage, watch_records
from archiver.archive.warc_pages import WarcSet
from tests.archive.test_replay import A, record
from tests.faults.fault import Fault, Figures
from tests.faults.trying import Harm, try_each


@dataclass(slots=True)
class _Record:
    url: str
    body: bytes
    whole: bytes
    """As it was kept."""
    stored: bytes
    """As it lies there."""


def _records(random: Random, packed: bool) -> list[_Record]:
    made = []
    for number in range(random.randint(2, 8)):
        words = " ".join(str(random.random()) for _ in range(random.randint(1, 400)))
        body = f"<html><h1>Page {number}</h1><p>{words}</p></html>".encode()
        whole = record(f"{A}{number}", body, packed=packed)
        made.append(_Record(f"{A}{number}", body, whole, whole))
    return made


def _damage(random: Random, content: bytes, first: int) -> bytes:
    """One record's bytes, damaged behind its first so many."""
    at, length = random.randint(first, len(content) - 1), random.randint(1, 200)
    noise = random.randbytes(length)
    return {
        "bit": content[:at] + bytes([content[at] ^ 1 << random.randrange(8)]) + content[at + 1 :],
        "zeros": content[:at] + bytes(min(length, len(content) - at)) + content[at + length :],
        "missing": content[:at] + content[at + length :],
        "too much": content[:at] + noise + content[at:],
        "replaced": content[:at] + noise[: len(content) - at] + content[at + length :],
        "rest missing": content[:at],
    }[random.choice(("bit", "bit", "bit", "zeros", "missing", "too much", "replaced", "rest missing"))]


def _one(number: int, folder: Path) -> Harm:
    random = Random(number)  # noqa: S311  (a try is to be made again)
    packed = random.random() < 0.75
    records = _records(random, packed)
    for one in random.sample(records, random.randint(1, min(3, len(records)))):
        first = 0 if packed else one.whole.index(b"<html>")
        one.stored = _damage(random, one.stored, first)
    if random.random() < 0.2:
        # A copy that broke off: what lay behind is not there to be read.
        records = records[: random.randint(1, len(records))]
        first = 1 if packed else records[-1].whole.index(b"<html>")
        records[-1].stored = records[-1].stored[: random.randint(first, len(records[-1].whole))]
    file = folder / f"{number}.warc{'.gz' if packed else ''}"
    file.write_bytes(b"".join(one.stored for one in records))
    damages: list[Damage] = []
    with watch_records(damages):
        saved = WarcSet([file])
        answers = [saved.find(one.url) for one in records]
    lost, leaked, start = [], [], 0
    for one, answer in zip(records, answers, strict=True):
        end = start + len(one.stored)
        if answer is not None and (answer.body, answer.status, answer.url) != (one.body, 200, one.url):
            leaked.append(f"{one.url} is read and is not what was kept")
        if answer is None and one.stored == one.whole:
            lost.append(f"{one.url} was not damaged and is not read")
        if answer is None and one.stored and not any(damage.offset < end for damage in damages):
            lost.append(f"{one.url} is damaged, and nobody says so")
        start = end
    file.unlink()
    return Harm(tuple(lost), tuple(leaked))


def _run(tries: range, folder: Path) -> Figures:
    return try_each(tries, lambda number: _one(number, folder))


FAULTS = (
    Fault(
        "damaged archive",
        "a file of 2 to 8 records of which some have turned bits, gaps or noise, or that breaks off; lost: what was "
        "not damaged and is not read, or damage that is not named; leaked: what is read and is not what was kept",
        full=20_000,
        short=20,
        run=_run,
        batch=500,
        max_seconds=5,
    ),
)
