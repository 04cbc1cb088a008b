"""What a result says of a repair, for a person."""

from __future__ import annotations

from collections.abc import Collection

from archiver.models import Change, Field
from archiver.repair.pictures.local_pictures import PICTURES
from archiver.repair.repair import Repair

_MAX_NAMED_PICTURES = 5
"""Pictures that a result names of those that stay where they are; with more a gallery hides what else it says. Chosen,
not measured."""


def concerns_image_only(done: Repair) -> bool:
    """True where nothing but the lead image is proposed or reported."""
    offered = {one.field for one in (*done.proposed, *done.reported)}
    return offered == {Field.IMAGE.value}


def remarks_without_page(done: Repair) -> str:
    """What a person should know about a seed that was changed though its page is not to be had."""
    changed = {one.field for one in done.changes}
    remarks = []
    if changed - {Field.IMAGE.value, PICTURES}:
        remarks.append("The title is the seed's own, which its address confirms.")
    if Field.IMAGE.value in changed:
        remarks.append("Its picture was dead, and has another address.")
    return " ".join(remarks)


def remarks_on(done: Repair, blank: Collection[str]) -> str:
    """What a person should know about a seed that was not missed; the page has nothing for the keys in `blank`."""
    remarks = []
    if blank:
        remarks.append(f"Still blank, the page does not say: {', '.join(blank)}.")
    if done.proposed:
        remarks.append(f"Waits for a person: {', '.join(map(_describe_change, done.proposed))}.")
    if done.refused:
        remarks.append(f"Left alone, as was decided: {', '.join(done.refused)}.")
    if done.remote_pictures:
        remarks.append(_describe_remote(done.remote_pictures))
    if done.reported:
        remarks.append(f"Only reported, as the policy has it: {', '.join(map(_describe_change, done.reported))}.")
    return " ".join(remarks)


def _describe_remote(pictures: tuple[str, ...]) -> str:
    more = len(pictures) - _MAX_NAMED_PICTURES
    named = "; ".join(pictures[:_MAX_NAMED_PICTURES]) + (f"; and {more} more" if more > 0 else "")
    return f"Pictures that stay where they are: {named}."


def _describe_change(change: Change) -> str:
    return f"{change.field} would be {change.new!r}"
