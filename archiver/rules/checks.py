"""Check what somebody wrote about a publisher; each fault is one sentence that says what to write instead."""

from __future__ import annotations

import difflib
import pickle
import re
import zoneinfo
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from archiver.models import Field
from archiver.rules.selectors import selector_fault

SELECTED = (Field.TITLE, Field.DESCRIPTION, Field.IMAGE, Field.AUTHOR, Field.DATE, Field.CATEGORY)
"""The fields that have selectors of their own in `SiteRules`, under the field's name."""
_SELECTORS = (*(field.value for field in SELECTED), "body", "prune", "lead_media")
_ELEMENTS = frozenset({"body", "prune", "lead_media"})
"""Fields whose selectors have to give elements."""
_TEXTS = ("domains", "site_names", "placeholder_images", "lazy_image_attributes")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_BROWSER_USES = ("never", "auto", "always")
_ATTRIBUTE = re.compile(r"[a-z_][a-z0-9_:.-]*")
_VALUE = re.compile(r"::(?:text|attr\([^)]*\))\s*$|(?:^|/)(?:text\(\)|@[\w:-]+)$")


def unknown_field(names: Iterable[str], known: Iterable[str]) -> str | None:
    """The fault of the first name that is no field, with the nearest one that is."""
    known = list(known)
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            return f"there is no field {name}; " + (
                f"did you mean {near[0]}?" if near else f"there are {_listed(known)}"
            )
    return None


def faults(values: Mapping[str, Any]) -> Iterator[str]:
    """The faults of the fields' values, by field, each as `field=value is …`."""
    for name in (*_TEXTS, *_SELECTORS):
        yield from _tuple_faults(name, values[name])
    if not values["domains"]:
        yield 'domains=() names no host; write the site\'s, as in domains=("example.com",)'
    for domain in values["domains"]:
        yield from _domain_faults(domain)
    for name in _SELECTORS:
        for selector in values[name]:
            yield from _selector_faults(name, selector)
    for attribute in values["lazy_image_attributes"]:
        if not _ATTRIBUTE.fullmatch(attribute):
            yield f"lazy_image_attributes names {attribute!r}, which is no attribute; write it like data-original"
    yield from _time_faults(values["valid_until"], values["timezone"])
    yield from _pattern_faults(values["article_id_pattern"])
    if values["browser"] not in (None, *_BROWSER_USES):
        yield f"browser={values['browser']!r} is not known; write one of {', '.join(map(repr, _BROWSER_USES))}"
    yield from _clean_faults(values["clean"])


def _tuple_faults(name: str, value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield f'{name}="{value}" is one text where a tuple belongs; write {name}=("{value}",), with the comma'
    elif not isinstance(value, tuple):
        yield f"{name} is a {type(value).__name__} where a tuple belongs; write {name}=(…,)"
    else:
        for entry in value:
            if not isinstance(entry, str):
                yield f"{name} holds {entry!r}, which is no text; put it into quotes"
            elif not entry.strip():
                yield f"{name} holds an empty text; take it out"


def _domain_faults(domain: str) -> Iterator[str]:
    host = re.sub(r"^[a-z]+://", "", domain.lower()).split("/")[0].split(":")[0].rstrip(".")
    host = host.removeprefix("www.")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = "example.com"
    if domain != host or not _DOMAIN.fullmatch(domain):
        proper = host if _DOMAIN.fullmatch(host) else "example.com"
        yield (
            f'domains holds "{domain}", which no host is compared as; write "{proper}": '
            "lower case, without scheme, www., port or path"
        )


def _selector_faults(name: str, selector: str) -> Iterator[str]:
    if (fault := selector_fault(selector)) is not None:
        yield f"{name} holds the selector {selector!r}, which cannot be read ({fault}); write CSS or XPath"
    elif name in _ELEMENTS and _VALUE.search(selector):
        yield f"{name} holds the selector {selector!r}, which finds a text; name the element that holds it"


def _time_faults(until: object, zone: object) -> Iterator[str]:
    if until is not None and not isinstance(until, datetime):
        yield f"valid_until={until!r} is no time; write datetime(2023, 12, 31, tzinfo=UTC)"
    elif until is not None and until.utcoffset() is None:
        yield f"valid_until={until!r} has no time zone; add tzinfo=UTC"
    if zone is not None and not _is_zone(zone):
        near = difflib.get_close_matches(str(zone), zoneinfo.available_timezones(), 1)
        yield f"timezone={zone!r} is no IANA zone; write it like {(near or ['Asia/Bangkok'])[0]}"


def _is_zone(name: object) -> bool:
    if not isinstance(name, str):
        return False
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _pattern_faults(pattern: object) -> Iterator[str]:
    if pattern is None:
        return
    if not isinstance(pattern, str):
        yield f"article_id_pattern={pattern!r} is no text; put it into quotes, with an r before them"
        return
    try:
        groups = re.compile(pattern).groups
    except re.error as error:
        yield f"article_id_pattern={pattern!r} is no regular expression ({error}); correct it"
        return
    if not groups:
        yield f"article_id_pattern={pattern!r} has no group; put the article's id into parentheses"


def _clean_faults(clean: object) -> Iterator[str]:
    if not isinstance(clean, Mapping):
        yield f"clean is a {type(clean).__name__} where a dict belongs; write clean={{Field.AUTHOR: function}}"
        return
    for field, function in clean.items():
        if field not in SELECTED:
            yield f"clean names {field!r}, whose values no rule reads; name one of {_listed(SELECTED)}"
        elif not callable(function):
            yield f"clean gives {field} {function!r}, which is no function; name one without calling it"
        elif not _is_importable(function):
            name = getattr(function, "__qualname__", repr(function))
            yield f"clean gives {field} {name}, which a worker cannot import; define it with def at the module's top"


def _is_importable(function: object) -> bool:
    try:
        pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


def _listed(names: Iterable[str]) -> str:
    return ", ".join(str(name) for name in names)
