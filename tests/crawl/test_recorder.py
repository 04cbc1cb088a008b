"""What a run notes of the pages that it met."""

from __future__ import annotations

import hashlib
import pickle
from typing import Any

import pytest

from archiver.crawl.visit_records import visit_record
from archiver.models import Article, CaptureReference, Choice, Extraction, Field, PageOutcome, Verdict

URL = "https://nordblatt.example/a"


def finding() -> PageOutcome:
    article = Article({Field.TITLE: Choice("Ferry", "h1"), Field.AUTHOR: Choice("Ada", "rel")}, body="It sailed.")
    seen = CaptureReference(URL, 200, "2026-01-01T00:00:00Z", "0" * 64, "live")
    return PageOutcome(URL, Extraction(Verdict.ARTICLE, article=article), seen)


def test_an_article_is_digested_once_however_often_its_page_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []
    original = hashlib.sha256

    def counted(content: bytes = b"", **options: Any) -> Any:
        made.append(content)
        return original(content, **options)

    monkeypatch.setattr(hashlib, "sha256", counted)
    found = finding()
    assert len({visit_record(found).text for _ in range(3)}) == 1
    assert len(made) == 1


def test_a_digest_says_the_same_in_every_process_and_release() -> None:
    one, other = finding().extraction.article, finding().extraction.article
    assert one is not None
    assert other is not None
    assert one.digest() == "b934649382378ded7b9dc7474cf46309fcde3af4e53e078ee6c8c29df18f0453"
    assert pickle.loads(pickle.dumps(one)).digest() == other.digest()  # noqa: S301  (our own bytes)
    assert one == other
