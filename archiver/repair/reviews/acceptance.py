"""A value that a person accepted for one field of a seed → the seed's bytes with it, and nothing else changed."""

from __future__ import annotations

from archiver.errors import SeedRefused
from archiver.models import Choice, Field
from archiver.repair.diff import Keys, find_key, text_of
from archiver.repair.edits import edit_of, fill_title
from archiver.repair.policy import Action, Policy
from archiver.repair.shapes import split_names, strip_wikilinks
from archiver.seeds import Seed, fill_heading, first_heading, replace_body, splice

HEADING = "heading"
"""The name under which the first heading of a body is offered."""
_HEADING_KEPT = frozenset({Action.KEEP, Action.REPORT})
"""The actions for a body with which nothing in it is written, an empty heading included."""


def accept_value(seed: Seed, field: str, value: str, policy: Policy, keys: Keys) -> bytes:
    """Return a seed's bytes with a value for one field, written as a repair writes it.

    `field` is a field's name or HEADING. A title fills the empty heading too. Raises SeedRefused when that cannot be
    done without touching something else, or for a blank value.
    """
    if not value.strip():
        raise SeedRefused(f"{seed.path}: a blank value cannot be accepted for {field}; keep the seed as it is instead.")
    if field == HEADING:
        return splice(seed, body=fill_heading(seed.body, " ".join(value.split())))
    if field not in [*Field]:
        raise SeedRefused(f"{seed.path}: there is no field {field}; name one of {', '.join(Field)} or {HEADING}.")
    if field == Field.BODY:
        return splice(seed, body=_body_with(seed, value))
    return _accept_in_front(seed, Field(field), " ".join(value.split()), policy, keys)


def _body_with(seed: Seed, text: str) -> str:
    """A body with another text; the blank lines around it, and a text's own line ends, stay."""
    heading = first_heading(seed.body)
    if not (seed.body[heading.end :] if heading and not heading.text else seed.body).strip():
        return replace_body("", text, seed.newline)
    old, new = seed.body, text.strip()
    before, after = old[: len(old) - len(old.lstrip())], old[len(old.rstrip()) :]
    return before + (new if "\r\n" in new else new.replace("\n", seed.newline)) + after


def stated(seed: Seed, field: str, keys: Keys) -> str | None:
    """Return what a seed says in a field, in the words that a change has for it; None where it has none."""
    if field == HEADING:
        heading = first_heading(seed.body)
        return heading.text if heading else None
    if field == Field.BODY:
        return seed.body.strip()
    key = find_key(seed, keys.get(field, (field,)))
    if key is None:
        return None
    return text_of(seed, key)


def _accept_in_front(seed: Seed, field: Field, value: str, policy: Policy, keys: Keys) -> bytes:
    text = strip_wikilinks(value)
    items = split_names(text) if field is Field.AUTHOR else ()
    edit = edit_of(seed, field, Choice(text, "person", items=items), keys, policy.shapes)
    fills = field is Field.TITLE and policy.body_heading and policy.action(Field.BODY) not in _HEADING_KEPT
    return splice(seed, (edit,), fill_title(seed.body, text) if fills else None)
