"""Every data class that travels from one stage to the next.

The way of the data, one line per arrow:

    seed file ──scan──▶ Frontier ──request──▶ Response ──capture_of──▶ Capture
    Capture ──extract──▶ Extraction(Verdict, Article) ──▶ PageOutcome
    PageOutcome ──▶ SeedItem, one per seed that names the address
    seed file ──read──▶ Seed
    Seed + Article ──compare──▶ Comparison ──decide──▶ Decision ──splice──▶ seed file
    all of it ──▶ Result, one per seed

What lies between a seed and its changes is in `archiver.seeds` and `archiver.repair`. All classes are frozen and
picklable: they cross process borders.
"""

from __future__ import annotations

from archiver.models.articles import Alternative, Article, Candidate, Choice, Extraction, PageWords, SelectorUse
from archiver.models.captures import Capture, CaptureKind, CaptureReference, CdxEntry, Origin
from archiver.models.fields import Field
from archiver.models.outcomes import DriftKind, Outcome, Verdict
from archiver.models.pictures import ImageCheck, PictureJudgement, PicturePlace, PictureVerdict
from archiver.models.results import Change, PageOutcome, Result, SeedItem
from archiver.models.text_diffs import ChangedFact, ParagraphPair, Span, TextDiff

__all__ = [
    "Alternative",
    "Article",
    "Candidate",
    "Capture",
    "CaptureKind",
    "CaptureReference",
    "CdxEntry",
    "Change",
    "ChangedFact",
    "Choice",
    "DriftKind",
    "Extraction",
    "Field",
    "ImageCheck",
    "Origin",
    "Outcome",
    "PageOutcome",
    "PageWords",
    "ParagraphPair",
    "PictureJudgement",
    "PicturePlace",
    "PictureVerdict",
    "Result",
    "SeedItem",
    "SelectorUse",
    "Span",
    "TextDiff",
    "Verdict",
]
