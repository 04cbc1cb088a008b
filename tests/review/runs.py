"""Folders of runs, as a run leaves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from archiver.models import Alternative, Change, Outcome, Result, Verdict
from archiver.runs import RunFolder, RunHead, SeedRecord, WrittenSeed
from archiver.runs.writer import RunWriter

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def seed_text(name: str, **fields: str) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f'---\norigin_url: "https://www.a.example/{name}"\n{lines}---\n\n# \n\nText of {name}.\n'


def record(
    name: str,
    proposed: Sequence[Change] = (),
    changes: Sequence[Change] = (),
    doubts: Sequence[str] = (),
    host: str = "www.a.example",
) -> SeedRecord:
    outcome = Outcome.WRITTEN if changes else Outcome.UNCHANGED
    url = f"https://{host}/{name}"
    result = Result(
        f"seeds/{name}.md", url, outcome, Verdict.ARTICLE,
        changes=tuple(changes), proposed=tuple(proposed), doubts=tuple(doubts),
    )  # fmt: skip
    return SeedRecord(f"{name}.md", result, title=f"Title of {name}")


def change(field: str, new: str, *rivals: str, old: str | None = "", confidence: float = 0.6) -> Change:
    candidates = tuple(Alternative(rival, f"place:{number}") for number, rival in enumerate(rivals, 1))
    return Change(field, old, new, "h1", (), confidence, candidates)


def run_folder(
    runs_dir: Path, records: Sequence[SeedRecord], written: Mapping[str, tuple[bytes, bytes]] | None = None,
    at: datetime = NOW,
) -> RunFolder:  # fmt: skip
    writer = RunWriter(RunFolder.create(runs_dir, at), RunHead("1", "crawl seeds", at.isoformat()))
    for one in records:
        writer.add(one)
    for path, (before, after) in (written or {}).items():
        writer.add_written(WrittenSeed.of(path, before, after))
    writer.finish(writer.head)
    writer.close()
    return writer.folder
