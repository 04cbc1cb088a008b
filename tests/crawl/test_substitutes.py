"""What is offered in the place of a dead lead image, and what a person is asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.crawl.pictures.copies import KeptPicture
from archiver.crawl.pictures.seed_pictures import single_text
from archiver.crawl.pictures.substitutes import Substitutes
from archiver.ledger.pictures.records import PictureRecord
from archiver.models import Article, Candidate, Choice, Field, PictureJudgement, PictureVerdict
from archiver.repair.lead_image import LeadImage
from archiver.seeds import read

AT = datetime(2026, 1, 1, tzinfo=UTC)
ONE, NEAR, OTHER = "00ff00ff00ff00ff", "00ff00ff00ff00fe", "f0f0aaaa5555cccc"
LOST = "https://img.example/fishing-boat-300x200.jpg"
WHOLE, OWN, COPY = (
    "https://img.example/fishing-boat.jpg",
    "https://img.example/new.jpg",
    "https://archive.example/boat.jpg",
)


def known(
    url: str, verdict: PictureVerdict = PictureVerdict.ALIVE, fingerprint: str = "", width: int = 640
) -> PictureRecord:
    return PictureRecord(
        url=url, verdict=verdict, since=AT, checked=AT, due=AT, mime="image/jpeg", width=width, fingerprint=fingerprint
    )


class Web:
    """The pictures that there are; stands for those who look at them, and for the archives."""

    def __init__(self, *there: PictureRecord, kept: str | None = None, copy: PictureRecord | None = None) -> None:
        self.there = {one.url: one for one in there}
        self.kept_fingerprint = kept
        self.copy = copy
        self.looked: list[str] = []
        self.remembered: list[PictureRecord] = []

    async def look(self, url: str) -> PictureRecord:
        self.looked.append(url)
        return self.there.get(url) or known(url, PictureVerdict.GONE)

    def keep(self, record: PictureRecord) -> None:
        self.remembered.append(record)

    async def kept(self, lost: PictureRecord) -> KeptPicture | None:
        if self.kept_fingerprint is None:
            return None
        was = PictureJudgement(PictureVerdict.ALIVE, "", "image/jpeg", 300, 200, self.kept_fingerprint)
        return KeptPicture(datetime(2024, 5, 6, tzinfo=UTC), was)

    async def in_web_archives(self, lost: PictureRecord, wanted: datetime | None) -> PictureRecord | None:
        self.looked.append("archive")
        return self.copy


def offered(web: Web, choice: Choice | None, seen: str = "", *others: str, local: bool = False) -> LeadImage:
    candidates = tuple(Candidate(Field.IMAGE, url, "img") for url in others)
    article = None if choice is None else Article({Field.IMAGE: choice}, candidates)
    substitutes = Substitutes(web, web, links_are_local=local)  # type: ignore[arg-type]  # stands for both
    return asyncio.run(substitutes.find(known(LOST, PictureVerdict.GONE, seen), article, None))


PAGE = Choice(OWN, "meta:og:image", ("json-ld:image",), confidence=0.6)


@pytest.mark.parametrize(
    ("seen", "now", "confidence", "sure", "hashed"),
    [("", ONE, 0.6, True, False), (ONE, NEAR, 0.98, True, True), (ONE, OTHER, 0.6, False, False)],
)
def test_the_pages_own_goes_first_and_the_hash_is_evidence(
    seen: str, now: str, confidence: float, sure: bool, hashed: bool
) -> None:
    found = offered(Web(known(OWN, fingerprint=now), known(WHOLE, fingerprint=now)), PAGE, seen)
    assert found.choice is not None
    assert (found.choice.value, found.choice.source, found.choice.confidence) == (OWN, "image:page", confidence)
    assert {"meta:og:image", "json-ld:image", "image:alive"} <= set(found.choice.witnesses)
    assert ("image:hash" in found.choice.witnesses, found.is_sure) == (hashed, sure)
    assert bool(found.choice.doubts) is not sure


def test_another_size_is_known_by_its_address_or_by_the_hash() -> None:
    small = known(OWN, width=120)
    plain = offered(Web(small, known(WHOLE)), PAGE)
    assert plain.choice is not None
    assert (plain.choice.value, plain.choice.source, plain.choice.confidence) == (WHOLE, "image:size", 0.93)
    named = "https://img.example/w1200/fishing-boat-1200x800.jpg"
    of_page = offered(Web(known(named, fingerprint=NEAR), known(WHOLE)), PAGE, ONE, OTHER_PICTURE, named)
    assert of_page.choice is not None
    assert (of_page.choice.value, of_page.choice.confidence) == (named, 0.98)
    web = Web(known(WHOLE, fingerprint=OTHER))
    assert offered(web, None, ONE).choice is None, "it does not look alike"
    assert web.looked == [WHOLE, "archive"]


OTHER_PICTURE = "https://img.example/harbour.jpg"


def test_what_the_archive_has_tells_what_the_dead_one_was() -> None:
    web = Web(known(OWN, fingerprint=OTHER), kept=ONE)
    assert offered(web, PAGE).is_sure is False
    (remembered,) = web.remembered
    assert (remembered.verdict, remembered.fingerprint) == (PictureVerdict.GONE, ONE)
    assert remembered.alive_at == datetime(2024, 5, 6, tzinfo=UTC)
    found = offered(Web(kept=ONE), None)
    assert (found.choice, "as it was on 2024-05-06" in found.remark) == (None, True)
    web = Web(kept=ONE, copy=known(COPY))
    assert offered(web, None, local=True) == LeadImage(PictureVerdict.GONE)
    assert "archive" not in web.looked, "it will be a file of the site's own"


def test_a_web_archives_copy_comes_last() -> None:
    found = offered(Web(copy=known(COPY, fingerprint=ONE)), PAGE, NEAR)
    assert found.choice is not None
    assert (found.choice.value, found.choice.source, found.choice.confidence) == (COPY, "image:wayback", 0.95)
    assert found.choice.witnesses == ("image:alive", "image:hash")
    doubtful = offered(Web(copy=known(COPY, fingerprint=OTHER)), PAGE, NEAR)
    assert doubtful.is_sure is False


def test_no_drawing_and_nothing_small_or_unknown_is_offered() -> None:
    for found in (
        replace(known(OWN), mime="image/svg+xml"),
        known(OWN, width=199),
        known(OWN, PictureVerdict.UNKNOWN),
        known(OWN, PictureVerdict.PLACEHOLDER),
    ):
        web = Web(found)
        assert offered(web, PAGE).choice is None
        substitutes = Substitutes(web, web, links_are_local=False)  # type: ignore[arg-type]
        blank = asyncio.run(substitutes.verify(Article({Field.IMAGE: PAGE})))
        assert (blank.choice, "left out" in blank.remark) == (None, True)


@pytest.mark.parametrize(
    ("front", "text"),
    [
        ("image: https://a.example/a.jpg", "https://a.example/a.jpg"),
        ("image: [https://a.example/a.jpg]", "https://a.example/a.jpg"),
        ("image: [https://a.example/a.jpg, https://a.example/b.jpg]", None),
        ("image:\n  url: https://a.example/a.jpg\n  caption: A", None),
        ("image: >-\n  https://a.example/a.jpg", "https://a.example/a.jpg"),
    ],
)
def test_only_an_address_that_stands_alone_is_replaced(front: str, text: str | None) -> None:
    assert single_text(read("a.md", f"---\n{front}\n---\n".encode()), "image") == text
