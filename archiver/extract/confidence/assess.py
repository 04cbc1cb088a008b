"""Chosen values → the same, each with its probability and its doubts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from archiver.extract.confidence.doubts import doubts_of
from archiver.extract.confidence.evidence import Evidence
from archiver.extract.confidence.model import confidence_of
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import text_of
from archiver.models import Choice, Field

_MAX_HEADLINE_LETTERS = 300
"""Characters of the headline; a longer one is cut. Chosen, not measured."""


def assess(page: Page, chosen: Mapping[Field, Choice]) -> dict[Field, Choice]:
    """Return the choices, how sure each is and why it may be wrong."""
    return {field: assess_choice(evidence) for field, evidence in gather_evidence(page, chosen).items()}


def gather_evidence(page: Page, chosen: Mapping[Field, Choice]) -> dict[Field, Evidence]:
    """Return what speaks for and against each choice."""
    headline = "" if page.headline is None else text_of(page.headline, _MAX_HEADLINE_LETTERS)
    return {field: Evidence(field, choice, headline) for field, choice in chosen.items()}


def assess_choice(evidence: Evidence) -> Choice:
    """Return a choice, how sure it is and why it may be wrong."""
    confidence = confidence_of(evidence)
    return replace(evidence.choice, confidence=confidence, doubts=doubts_of(evidence, confidence))
