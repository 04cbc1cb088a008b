"""Runs made by hand: of every state, with what scraped text may hold, and of any size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archiver.decisions import digest_of
from archiver.models import (
    Alternative,
    CaptureReference,
    Change,
    ChangedFact,
    DriftKind,
    Outcome,
    ParagraphPair,
    Result,
    TextDiff,
    Verdict,
)
from archiver.runs import ChainStep, PageWords, RunFolder, RunHead, SeedRecord
from archiver.runs.head import PausedHost
from archiver.runs.writer import RunWriter, iso

NOW = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
HEAD = RunHead(
    version="0.1.0", command="scrapy crawl seeds", started="2026-11-26T08:30:00Z",
    settings={"SEEDS_DIR": "posts", "SEED_KEYS": {"author": ["by"]}}, seeds_dir="posts",
)  # fmt: skip
EVIL = '</script><img src=x onerror="alert(1)"><!--\u2028&amp;'
WORDS = "The harbour of the old town was opened again on Sunday after two years of works, and many people came."


def record(
    seed: str, outcome: Outcome, *, title: str | None = None, host: str = "nordblatt.example", **more: object
) -> SeedRecord:
    """A seed of a host; `more` are keys of its result."""
    stem = seed.rpartition("/")[2].partition(".")[0]
    url = f"https://www.{host}/{stem}"
    capture = CaptureReference(url, 200, "2026-11-25T21:02:00Z", "5" * 64, "live")
    result = Result(f"posts/{seed}", url, outcome, Verdict.ARTICLE, capture=capture)
    result = replace(result, **more)  # type: ignore[arg-type]
    offered = {change.field: digest_of(change.field, change.new) for change in (*result.changes, *result.proposed)}
    chain = (ChainStep("asked", url, 200, result.verdict.value, "", "2026-11-25T21:02:00Z", "live"),)
    return SeedRecord(seed, result, title, "en", chain=chain, offered=offered)


def put_back(seed: str, number: int = 0) -> SeedRecord:
    """A seed that got its title and its text."""
    title = f"Harbour opens again, part {number}"
    body = "\n\n".join(f"{WORDS} This is paragraph {part} of seed {number}." for part in range(30))
    changes = (
        Change("title", "", title, "h1", ("meta:og:title", "json-ld:headline"), 0.99),
        Change("body", "", f"# {title}\n\n{body}", "page"),
    )
    patch = f'--- a/{seed}\n+++ b/{seed}\n@@ -1,4 +1,64 @@\n ---\n-title: ""\n+title: "{title}"\n ---\n'
    added = "".join(f"+{line}\n" for line in body.split("\n"))
    return replace(
        record(seed, Outcome.WRITTEN, title=title, host=f"paper{number % 40}.example", changes=changes),
        patch=(patch + added).rstrip("\n"),
    )


def contested(seed: str = "2025/kway-teow.md", **more: object) -> SeedRecord:
    """A seed whose author and title a person has to choose."""
    proposed = (
        Change("image", None, "https://eat.example/wok.jpg", "figure", (), 0.62),
        Change(
            "title", "", "Char Kway Teow", "json-ld:headline", ("title",), 0.71,
            (Alternative("Stir Fry Flat Rice Noodles", "h1"), Alternative(f"Noodles {EVIL}", "meta:og:title")),
        ),
    )  # fmt: skip
    changes = (Change("language", "", "en", "html:lang", ("json-ld:inLanguage",), 0.99),)
    return replace(
        record(
            seed, Outcome.WRITTEN, title="Char Kway Teow", host="eat.example",
            proposed=proposed, changes=changes, doubts=("The page has two headlines: h1 and json-ld.",), **more,
        ),
        patch=f'--- a/{seed}\n+++ b/{seed}\n@@ -1,3 +1,3 @@\n ---\n-language: ""\n+language: "en"\n ---',
    )  # fmt: skip


def edited(seed: str = "2024/child-care.md") -> SeedRecord:
    """A seed whose page was edited after it was copied."""
    text = TextDiff(
        DriftKind.UPDATED,
        (
            ParagraphPair(None, "Adriane Burnett reads to her son in Birmingham, April 14, 2024."),
            ParagraphPair(WORDS, WORDS),
            ParagraphPair(WORDS * 2, WORDS * 2),
            ParagraphPair("She 𝒦 paid 300 dollars a week.", "She 𝒦 paid 350 dollars a week.", ((11, 14),), ((11, 14),)),
            ParagraphPair("(hand-edited)", None),
            ParagraphPair(None, "Photo: Ada Quell", cosmetic=True),
        ),
        (ChangedFact("number", "300", "350"),),
    )
    return replace(
        record(
            seed, Outcome.UNCHANGED, title="America's child care crisis", host="voa.example", drift=DriftKind.UPDATED,
            doubts=("The page was edited after the seed was copied.",),
        ),
        text=text,
    )  # fmt: skip


def missed(seed: str = "2022/port-strike-ends.md", host: str = "gone.example") -> SeedRecord:
    """A seed whose page is lost."""
    told = record(
        seed, Outcome.MISSED, host=host, verdict=Verdict.GONE, detail=f"{host} answered 404: the page is not there."
    )
    return replace(told, language=None, page=PageWords("Not found", f"Nothing here {EVIL}"))


def quiet(seed: str = "2021/quiet.md") -> SeedRecord:
    """A seed with nothing to change."""
    return record(seed, Outcome.UNCHANGED, title=f"Quiet {EVIL}", detail="The page is as it was.")


def mixed() -> list[SeedRecord]:
    """A seed of each kind, in the order in which a run may do them."""
    return [
        put_back("2024/harbour.md"), quiet(), missed(), contested(), edited(),
        missed("2022/flood.md", "paused.example"), missed("2022/flood-2.md", "paused.example"),
        put_back("2024/harbour-1.md", 1),
    ]  # fmt: skip


def write_run(
    runs_dir: Path, records: Iterable[SeedRecord], now: datetime = NOW, ended: str | None = "2026-11-26T08:30:18Z"
) -> RunFolder:
    """The folder of a run that did these; without an end it was killed."""
    head = replace(HEAD, started=iso(now))
    writer = RunWriter(RunFolder.create(runs_dir, now), head)
    for one in records:
        writer.add(one)
    paused = (PausedHost("paused.example", "2026-11-26T20:30:00Z", stated=True),)
    if ended is not None:
        writer.finish(replace(head, ended=ended, reason="finished", seconds=18.4, hosts_paused=paused))
    writer.close()
    return writer.folder
