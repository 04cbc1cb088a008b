"""What may stand in the place of a dead lead image: the page's own, another size of it, a copy of it.

PictureRecord(dead) ─page, sizes, archive, web archive→ LeadImage

Each is looked at before it is offered. In this order, and why: docs/design.md D97.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from archiver.crawl.pictures.copies import KeptPicture, PictureCopies
from archiver.crawl.pictures.looks import PictureLooks
from archiver.extract.fields.images import same_picture, unfit
from archiver.extract.fields.picture_sizes import other_sizes
from archiver.images.fingerprint import look_alike
from archiver.images.types import SVG
from archiver.ledger.pictures.records import PictureRecord
from archiver.models import Article, Choice, Field, PictureVerdict
from archiver.repair.lead_image import LeadImage
from archiver.urls import is_web

_MAX_SIZES_TRIED = 4
"""Addresses that are asked for another size of one picture; with fewer the one that is there is missed, with more a
host that lost a picture is asked for it again and again. Chosen, not measured."""
_MIN_LEAD_WIDTH_PIXELS = 200
"""Pixels of a picture that takes the place of another; with fewer thumbnails of lists do, with more small sites have
none. Chosen, not measured."""
_SAME_CONFIDENCE_SHARE = 0.98
"""The probability, from 0 to 1, that a picture is meant which looks like the dead one; at 0.9 REVIEW_BELOW lets a
person decide. Chosen, not measured: in 1,770 pairs of other pictures none looked alike."""
_SIZE_CONFIDENCE_SHARE = 0.93
"""The same for one that only its address names as another size. Chosen, not measured."""
_COPY_CONFIDENCE_SHARE = 0.95
"""The same for a web archive's copy of the very address. Chosen, not measured."""


class Substitutes:
    """Looks for pictures that may stand in the places of dead ones."""

    def __init__(self, looks: PictureLooks, copies: PictureCopies, *, links_are_local: bool) -> None:
        """`links_are_local`: what this archive has is a file of the site's own, and needs no other address."""
        self._looks = looks
        self._links_are_local = links_are_local
        self._copies = copies

    async def verify(self, article: Article | None) -> LeadImage:
        """The lead image for a seed that has none: the page's, where it is alive."""
        choice = _choice(article)
        if choice is None:
            return LeadImage(None)
        found = await self._looks.look(choice.value)
        if _may_lead(found):
            return LeadImage(None, choice=replace(choice, witnesses=(*choice.witnesses, "image:alive")))
        why = found.detail or f"{choice.value} is too small, or a drawing."
        return LeadImage(None, remark=f"The page's picture is left out: {why}")

    async def find(self, dead: PictureRecord, article: Article | None, wanted: datetime | None) -> LeadImage:
        """What may stand in the place of a dead lead image; `wanted` is when the article was published."""
        lost = LeadImage(dead.verdict, detail=dead.detail)
        kept = await self._copies.kept(dead)
        if kept is not None:
            dead = self._remember(dead, kept)
        seen = dead.fingerprint or (kept.judgement.fingerprint if kept is not None else "")
        found = await self._of_page(dead, article, seen) or await self._of_size(dead, article, seen)
        if found is not None:
            return found
        if kept is not None and self._links_are_local:
            return lost
        if (copy := await self._copies.in_web_archives(dead, wanted)) is not None:
            is_same = look_alike(seen, copy.fingerprint)
            choice = Choice(copy.url, "image:wayback", _witnesses(is_same), confidence=_COPY_CONFIDENCE_SHARE)
            return _offer(lost, choice, is_same)
        had = f", but the archive has it as it was on {kept.captured_at:%Y-%m-%d}" if kept is not None else ""
        return replace(lost, remark=f"The lead image is dead, and nothing may stand in its place{had}: {dead.detail}")

    def _remember(self, dead: PictureRecord, kept: KeptPicture) -> PictureRecord:
        """Keep in the ledger what this archive shows of a dead picture that runs have never seen alive."""
        if dead.alive_at is not None:
            return dead
        was = kept.judgement
        known = replace(
            dead, alive_at=kept.captured_at, mime=was.mime, width=was.width, height=was.height,
            fingerprint=was.fingerprint,
        )  # fmt: skip
        self._looks.keep(known)
        return known

    async def _of_page(self, dead: PictureRecord, article: Article | None, seen: str) -> LeadImage | None:
        choice = _choice(article)
        if choice is None or choice.value == dead.url:
            return None
        found = await self._looks.look(choice.value)
        if not _may_lead(found):
            return None
        is_same = look_alike(seen, found.fingerprint)
        confidence = max(choice.confidence or 0, _SAME_CONFIDENCE_SHARE) if is_same else choice.confidence
        witnesses = (choice.source, *choice.witnesses, *_witnesses(is_same))
        named = replace(choice, source="image:page", witnesses=witnesses, confidence=confidence)
        return _offer(LeadImage(dead.verdict, detail=dead.detail), named, is_same)

    async def _of_size(self, dead: PictureRecord, article: Article | None, seen: str) -> LeadImage | None:
        for address in itertools.islice(_sizes(dead.url, article), _MAX_SIZES_TRIED):
            found = await self._looks.look(address)
            is_same = look_alike(seen, found.fingerprint)
            if _may_lead(found) and is_same is not False:
                sure = _SAME_CONFIDENCE_SHARE if is_same else _SIZE_CONFIDENCE_SHARE
                choice = Choice(address, "image:size", _witnesses(is_same), confidence=sure)
                return _offer(LeadImage(dead.verdict, detail=dead.detail), choice, is_same)
        return None


def _sizes(url: str, article: Article | None) -> Iterator[str]:
    """The addresses under which a picture may be in another size: those that the page names, then those that are made.

    The page's own choice was looked at before.
    """
    choice = _choice(article)
    met = {url, choice.value if choice is not None else ""}
    offered = [one.value for one in article.candidates if one.field is Field.IMAGE] if article is not None else []
    named = (address for address in offered if same_picture(url, address))
    for address in itertools.chain(named, other_sizes(url)):
        if address not in met and is_web(address) and not unfit(address):
            met.add(address)
            yield address


def _choice(article: Article | None) -> Choice | None:
    """The lead image that a page names, where it can be asked for."""
    choice = article.choices.get(Field.IMAGE) if article is not None else None
    return choice if choice is not None and is_web(choice.value) else None


def _may_lead(found: PictureRecord) -> bool:
    return found.verdict is PictureVerdict.ALIVE and found.mime != SVG.mime and found.width >= _MIN_LEAD_WIDTH_PIXELS


def _witnesses(is_same: bool | None) -> tuple[str, ...]:
    return ("image:alive", "image:hash") if is_same else ("image:alive",)


def _offer(lost: LeadImage, choice: Choice, is_same: bool | None) -> LeadImage:
    """A picture in the place of a dead one; what looks like another waits for a person."""
    if is_same is not False:
        return replace(lost, choice=choice)
    doubt = "The picture is another one than the dead one was."
    return replace(lost, choice=replace(choice, doubts=(*choice.doubts, doubt)), is_sure=False)
