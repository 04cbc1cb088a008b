"""What a look at a lead image makes of a repair."""

from __future__ import annotations

import pytest

from archiver.models import Article, Choice, Field, PictureVerdict
from archiver.repair.lead_image import LeadImage
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import Repair, repair
from archiver.seeds import read

KEYS: dict[str, tuple[str, ...]] = {"source": ("origin_url",)}
KEYS.update({field.value: (field.value,) for field in Field})
OLD, OFFERED, OTHER = (f"https://img.example/{name}.jpg" for name in ("old", "offered", "other"))
PAGE = Article({Field.IMAGE: Choice(OFFERED, "meta:og:image", confidence=0.95)})


def repaired(lead: LeadImage | None, action: Action, image: str = OLD, below: float = 0.9) -> Repair:
    seed = read("a.md", f"---\ntitle: A\nimage: {image}\n---\n\nText.\n".encode())
    policy = Policy({Field.IMAGE: action}, review_below={Field.IMAGE: below})
    return repair(seed, PAGE, policy if lead is None else policy.after_look(lead), KEYS)


def dead(confidence: float = 0.95, *, is_sure: bool = True) -> LeadImage:
    choice = Choice(OTHER, "image:size", ("image:alive",), confidence=confidence)
    return LeadImage(PictureVerdict.GONE, choice=choice, is_sure=is_sure)


@pytest.mark.parametrize(
    ("lead", "action", "written", "proposed", "reported"),
    [
        (dead(), Action.FILL, OTHER, None, None),
        (dead(), Action.REFRESH, OTHER, None, None),
        (dead(), Action.REVIEW, None, OTHER, None),
        (dead(), Action.REPORT, None, None, OTHER),
        (dead(), Action.KEEP, None, None, None),
        (dead(0.5), Action.FILL, None, OTHER, None),
        (dead(is_sure=False), Action.FILL, None, OTHER, None),
        (LeadImage(PictureVerdict.GONE), Action.REFRESH, None, None, None),
        (LeadImage(PictureVerdict.ALIVE), Action.REFRESH, None, None, None),
        (LeadImage(PictureVerdict.GONE, is_own=True), Action.REFRESH, None, None, None),
        (LeadImage(PictureVerdict.UNKNOWN), Action.FILL, None, None, None),
        (LeadImage(PictureVerdict.UNKNOWN), Action.REFRESH, OFFERED, None, None),
        (None, Action.REFRESH, OFFERED, None, None),
    ],
)
def test_a_dead_one_is_as_good_as_blank_and_a_living_one_stays(
    lead: LeadImage | None, action: Action, written: str | None, proposed: str | None, reported: str | None
) -> None:
    done = repaired(lead, action)
    assert [one.new for one in done.changes] == ([written] if written else [])
    assert [one.new for one in done.proposed] == ([proposed] if proposed else [])
    assert [one.new for one in done.reported] == ([reported] if reported else [])
    assert done.content == f"---\ntitle: A\nimage: {written or OLD}\n---\n\nText.\n".encode()


def test_a_blank_one_gets_only_what_was_seen_alive() -> None:
    seen = LeadImage(None, choice=Choice(OFFERED, "meta:og:image", ("image:alive",), confidence=0.95))
    assert f"image: {OFFERED}".encode() in repaired(seen, Action.FILL, '""').content.replace(b'"', b"")
    assert repaired(LeadImage(None), Action.FILL, '""').changes == ()
