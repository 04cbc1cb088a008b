"""What a page says of its article, and who says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from archiver.models.fields import Field
from archiver.models.outcomes import Verdict


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that one place of a page offers for one field."""

    field: Field
    value: str
    source: str
    """The place, most general word first: `json-ld:headline`, `meta:og:title`, `h1`, `rules:title`."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value that was offered for a field beside the chosen one."""

    value: str
    source: str
    """The candidate's source."""
    witnesses: tuple[str, ...] = ()
    """Other sources that offer it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The value chosen for a field, and who says so."""

    value: str
    source: str
    """The candidate's source."""
    witnesses: tuple[str, ...] = ()
    """Other sources that agree, `slug`, `body` and `seed` among them; without `source` itself."""
    items: tuple[str, ...] = ()
    """The values that `value` joins by a comma and a space, where it is made of several: the authors."""
    confidence: float | None = None
    """The probability that the value is right, from 0 to 1; None where nobody reckoned it, as for what a seed says."""
    alternatives: tuple[Alternative, ...] = ()
    """Other values that were offered and could be meant, the likeliest first, none of them twice."""
    doubts: tuple[str, ...] = ()
    """Why the value may be wrong, a sentence for a person each."""


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says about its article."""

    choices: Mapping[Field, Choice]
    """At most one choice per field; never BODY. Date values are ISO 8601: `…Z` when the zone is known, without
    a zone when it is not, a bare day when no time is given."""
    candidates: tuple[Candidate, ...] = ()
    """Every value that was offered, chosen or not, in page order of their readers."""
    body: str = ""
    """Markdown without the title, paragraphs separated by one empty line, `\\n` line ends, no trailing newline."""
    body_source: str = "page"
    """Where the body was found: `page` for its elements, `data:` with a name, such as `data:__NEXT_DATA__`, where it
    stands only in what the page keeps for its scripts."""
    earlier_body: str | None = field(default=None, compare=False)
    """The body that the page had when it was captured before; None where there is no such capture, or nobody looked."""
    _digest: str | None = field(default=None, init=False, repr=False, compare=False)

    def digest(self) -> str:
        """Return the SHA-256 of what the article says, whatever else of its page has changed; made once."""
        if self._digest is None:
            fields = sorted((name.value, choice.value) for name, choice in self.choices.items())
            said = json.dumps([fields, self.body]).encode()
            object.__setattr__(self, "_digest", hashlib.sha256(said).hexdigest())
        assert self._digest is not None
        return self._digest

    def __reduce__(self) -> tuple[type[Article], tuple[Any, ...]]:
        # MappingProxyType cannot be pickled, and an article travels between processes.
        return Article, (dict(self.choices), self.candidates, self.body, self.body_source, self.earlier_body)

    def __post_init__(self) -> None:
        object.__setattr__(self, "choices", MappingProxyType(dict(self.choices)))


@dataclass(frozen=True, slots=True)
class SelectorUse:
    """One selector of a publisher's rules that was asked of a page."""

    era: int
    """The place of its rules among all that the page was read with."""
    field: str
    selector: str
    matched: bool
    """Whether it found something that could be used."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """What a page that is no article says of itself."""

    title: str = ""
    """Of its `<title>`."""
    first_line: str = ""
    """The first of its text that is more than a label."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The judgement of one capture, and its article where there is one."""

    verdict: Verdict
    detail: str = ""
    """One sentence for a person; empty when the verdict says it all."""
    article: Article | None = None
    """Set exactly when the verdict is ARTICLE or WALLED."""
    uses: tuple[SelectorUse, ...] = field(default=(), compare=False)
    """The publisher's selectors that were asked; only of an article."""
    next_part: str | None = None
    """The address of the page on which the article goes on, where it has several and this is not the last."""
    needs_scripts: bool = field(default=False, compare=False)
    """Whether there is next to nothing to read before the page's scripts have run."""
    said: PageWords | None = field(default=None, compare=False)
    """What the page says of itself; only of one that is no article."""
