"""What is missing or broken in a seed, seen from the seed alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from archiver.errors import SeedError, SeedSkipped
from archiver.models import Field
from archiver.repair.diff import Keys, find_key
from archiver.repair.policy import Policy
from archiver.seeds import Seed, first_heading
from archiver.seeds.source import origin_url


class Problem(StrEnum):
    """The kinds of problem."""

    UNREADABLE = "unreadable"
    NO_FRONT_MATTER = "no front matter"
    NO_SOURCE = "no source"
    BAD_SOURCE = "bad source"
    SAME_SOURCE = "same source"
    BLANK = "blank"
    EMPTY_HEADING = "empty heading"
    EMPTY_BODY = "empty body"
    WRONG_SHAPE = "wrong shape"
    BREAKS_BUILD = "breaks build"
    BAD_DECISION = "bad decision"
    DEAD_IMAGE = "dead image"


SKIPPED = frozenset({Problem.NO_FRONT_MATTER, Problem.NO_SOURCE})
"""What leaves a file out: it is no post that was copied from a page. No fault of it."""


@dataclass(frozen=True, slots=True)
class AuditProblem:
    """One thing that is wrong with one seed."""

    path: str
    problem: Problem
    field: str | None
    """The key that is at fault; None where it is not one."""
    detail: str
    """One sentence."""


def find_problems(seed: Seed, keys: Keys, policy: Policy, site_hosts: Collection[str] = ()) -> Iterator[AuditProblem]:
    """What is wrong with a seed that can be read. That another seed has its address only the collection knows.

    A post that was copied from no page has no other problem: what it lacks, no page could give.
    """
    fault: SeedError | None = None
    try:
        origin_url(seed, keys["source"], site_hosts)
    except SeedError as error:
        fault = error
    yield from find_problems_beside(fault, seed, keys, policy)


def find_problems_beside(fault: SeedError | None, seed: Seed, keys: Keys, policy: Policy) -> Iterator[AuditProblem]:
    """The same of a seed whose address was looked for; `fault` says why there is none."""
    if isinstance(fault, SeedSkipped):
        yield AuditProblem(seed.path, Problem.NO_SOURCE, None, str(fault))
        return
    if fault is not None:
        yield AuditProblem(seed.path, Problem.BAD_SOURCE, None, str(fault))
    present = {field: find_key(seed, keys[field]) for field in Field}
    for key in present.values():
        yield from _barred(seed, key)
    yield from _recoverable(seed, keys, policy, present)


def _recoverable(
    seed: Seed, keys: Keys, policy: Policy, present: Mapping[Field, str | None] | None = None
) -> Iterator[AuditProblem]:
    """What a page could mend; `present` are the keys that the seed has of each field, where they are known."""
    for field in Field:
        if field is not Field.BODY:
            key = find_key(seed, keys[field]) if present is None else present[field]
            yield from _blank(seed, key, keys[field], is_inserted=policy.inserts(field))
    heading = first_heading(seed.body)
    if heading and not heading.text and policy.body_heading:
        yield AuditProblem(seed.path, Problem.EMPTY_HEADING, None, "Its first heading has no text.")
    if not (seed.body[heading.end :] if heading else seed.body).strip():
        yield AuditProblem(seed.path, Problem.EMPTY_BODY, None, "It has no text.")


def missing(seed: Seed, keys: Keys, policy: Policy) -> tuple[str, ...]:
    """What a page could give to a seed: the names of keys that are blank, or absent though the policy puts them in.

    `heading` and `body` are among them where these are empty.
    """
    found = _recoverable(seed, keys, policy)
    return tuple(sorted({finding.field or finding.problem.removeprefix("empty ") for finding in found}))


def missing_fields(seed: Seed, keys: Keys, policy: Policy) -> frozenset[str]:
    """The same by the names of the fields, whatever their keys are called."""
    fields = (field for field in Field if field is not Field.BODY)
    found = {
        field.value
        for field in fields
        if any(_blank(seed, find_key(seed, keys[field]), keys[field], is_inserted=policy.inserts(field)))
    }
    problems = _recoverable(seed, keys, policy)
    bare = {problem.problem.removeprefix("empty ") for problem in problems if problem.field is None}
    return frozenset(found | bare)


def _blank(seed: Seed, present: str | None, names: tuple[str, ...], *, is_inserted: bool) -> Iterator[AuditProblem]:
    if present is not None and seed.has(present) and seed.is_blank(present):
        yield AuditProblem(seed.path, Problem.BLANK, present, f"{present} is blank.")
    elif present is None and is_inserted:
        yield AuditProblem(seed.path, Problem.BLANK, names[0], f"It has no {names[0]}.")


def _barred(seed: Seed, key: str | None) -> Iterator[AuditProblem]:
    """The usual key of a field whose path leads through a list or a text."""
    if key is not None and not seed.has(key):
        detail = f"{seed.obstacle(key)} is no mapping, so it cannot hold {key}; make it one, or name another key."
        yield AuditProblem(seed.path, Problem.WRONG_SHAPE, key, detail)
