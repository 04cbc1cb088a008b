"""A web archive's answer to the question for one copy (memento, RFC 7089), as the capture that it once was.

What the archive says of itself, such as "not archived" or "too many requests", is never taken for the page: RFC 7089
gives every copy a Memento-Datetime header, and without one it is refused here, before anything is judged.
Why first: docs/design.md D35.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from archiver.errors import MementoError
from archiver.models import Capture, Origin
from archiver.urls import is_web, same_page, without_default_port
from archiver.wayback.candidates import is_same_place
from archiver.wayback.endpoints import FIRST, Answer, Copies, Snapshot
from archiver.wayback.links import parse_links
from archiver.wayback.refusals import check_refusal, is_weather

_ORIGINAL = "x-archive-orig-"
# They describe the archive's own sending of the payload.
_TRANSFER = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})


def copy_in(
    copies: Copies, asked: Snapshot, requested_url: str, answer: Answer, origin: Origin = FIRST
) -> Capture | Snapshot:
    """The archived answer, or the other snapshot that the archive, or the archived redirect, leads to.

    `asked` is the snapshot that was asked for, `requested_url` the seed's source address, `origin` the archive's name.
    The capture has the page's own address, status and headers, and the time at which it was archived, so that it is
    judged and read like any other. Raises MementoError when the archive handed out no copy, and ArchiveRefusal when it
    hands out none of this address.
    """
    at = _archived_at(answer)
    address = copies.copy_of(asked)
    if 300 <= answer.status < 400 and (location := answer.header("Location")):
        return _next(copies, asked, address, location, archived=at is not None)
    if at is None:
        check_refusal(address, answer)
        raise MementoError(f"{address}: {_explain_status(answer.status)}.", is_temporary=is_weather(answer.status))
    if (original := original_of(answer)) is not None and not is_same_place(original, asked.url):
        raise MementoError(f"{address} is a copy of another page, {original[:200]}.", is_temporary=False)
    stated = tuple(
        (name[len(_ORIGINAL) :], value) for name, value in answer.headers if name.lower().startswith(_ORIGINAL)
    )
    kept = [(name, value) for name, value in answer.headers if not stated or name.lower() == "content-type"]
    known = {name.lower() for name, _ in kept} | _TRANSFER
    kept = [(name, value) for name, value in kept if name.lower() not in _TRANSFER]
    kept += [(name, value) for name, value in stated if name.lower() not in known]
    return Capture(
        url=_original_spelling(asked.url, requested_url),
        requested_url=requested_url,
        status=answer.status,
        headers=tuple(kept),
        body=answer.body,
        captured_at=at,
        origin=origin,
        snapshot=copies.viewing_address(Snapshot(at.strftime("%Y%m%d%H%M%S"), asked.url)),
        is_cut=_is_short({name.lower(): value for name, value in stated}, answer),
    )


def _is_short(stated: Mapping[str, str], answer: Answer) -> bool:
    """Whether a copy has fewer bytes than its own Content-Length; of a packed one nobody can say."""
    length = stated.get("content-length", "").strip()
    is_packed = "content-encoding" in stated or answer.header("Content-Encoding") is not None
    return length.isdecimal() and len(length) < 20 and not is_packed and len(answer.body) < int(length)


def original_of(answer: Answer) -> str | None:
    """Return the address of the page that a copy says it is of (RFC 7089, section 2.2.1); None where it does not."""
    stated = ", ".join(value for name, value in answer.headers if name.lower() == "link")
    return next((link.target for link in parse_links(stated) if "original" in link.relations), None)


def _archived_at(answer: Answer) -> datetime | None:
    try:
        at = parsedate_to_datetime(answer.header("Memento-Datetime") or "")
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _next(copies: Copies, asked: Snapshot, address: str, location: str, *, archived: bool) -> Snapshot:
    """Where a redirect leads: the archive names one of its snapshots, an archived answer also the page itself."""
    try:
        target = copies.snapshot(urljoin(address, location))
        if target is None and archived:
            target = Snapshot(asked.timestamp, urljoin(asked.url, location))
        if target is not None and is_web(target.url):
            return target
    except ValueError:
        pass
    raise MementoError(f"{address} redirects to {location[:200]!r}, where no copy is.", is_temporary=False)


def _explain_status(status: int) -> str:
    if status == 404:
        return "the archive does not hold this copy"
    if status in {429, 503}:
        return f"the archive answered {status}, it has too much to do; run again later"
    if status >= 400:
        return f"the archive answered {status}; run again later"
    return "the answer has no Memento-Datetime, so it is a page of the archive itself; check WAYBACK_RAW, or `raw`"


def _original_spelling(archived: str, requested: str) -> str:
    """The archived address, as the seed has it where only scheme, port or `www.` differ: links are resolved by it."""
    paths = {urlsplit(url).path or "/" for url in (archived, requested)}
    return requested if len(paths) == 1 and same_page(archived, requested) else without_default_port(archived)
