"""Every data class that travels from one stage to the next.

The way of the data, one line per arrow:

    seed file ──scan──▶ Frontier ──request──▶ Response ──capture_of──▶ Capture
    Capture ──extract──▶ Extraction(Verdict, Article) ──▶ PageOutcome
    PageOutcome ──▶ SeedItem, one per seed that names the address
    seed file ──read──▶ Seed
    Seed + Article ──compare──▶ Comparison ──decide──▶ Decision ──splice──▶ seed file
    all of it ──▶ Result, one per seed

What lies between a seed and its changes is in `archiver.seeds` and `archiver.repair`. All classes are frozen and
picklable: they cross process borders.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

Origin = Literal["live", "archive", "wayback"]
"""Where a capture came from: the live site, saved pages, or a public web archive."""


class Field(StrEnum):
    """The fields that the archiver knows how to recover; `docs/fields.md` says what each means."""

    TITLE = "title"
    DESCRIPTION = "description"
    IMAGE = "image"
    LANGUAGE = "language"
    AUTHOR = "author"
    DATE = "date"
    CATEGORY = "category"
    BODY = "body"


class Outcome(StrEnum):
    """What a run did to one seed."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    MISSED = "missed"
    SKIPPED = "skipped"
    """It names no page that it was copied from, so nothing was asked."""


class Verdict(StrEnum):
    """What an answer to the request for an article turned out to be."""

    ARTICLE = "article"
    """The article itself; the only verdict that fields are taken from."""
    MOVED = "moved"
    """A redirect that was not followed."""
    GONE = "gone"
    """404 or 410."""
    SOFT_404 = "soft_404"
    """A "not found" page under a status that claims success."""
    REDIRECTED_HOME = "redirected_home"
    """The site's front page instead of the article."""
    NOT_ARTICLE = "not_article"
    """A page that is none, by what it is made of: a list of articles, a shelf, a front page, search results; the detail
    says what it looks like."""
    BLOCKED = "blocked"
    """A refusal aimed at us (401, 402, 403, 429, 451, captcha, consent wall); says nothing about the article."""
    WALLED = "walled"
    """The article behind a paywall; only its open part is there."""
    EMPTY = "empty"
    """A page with nothing to read."""
    NOT_HTML = "not_html"
    """An image, a PDF, a feed."""
    ROBOTS = "robots"
    """robots.txt forbids the address."""
    UNREACHABLE = "unreachable"
    """No answer: DNS, connection, TLS, or a server error."""
    TOO_LARGE = "too_large"
    """More bytes than DOWNLOAD_MAXSIZE."""
    TIMEOUT = "timeout"
    """No complete answer, or no complete extraction, within the limit."""
    NOT_SAVED = "not_saved"
    """A replay that holds no capture of the address."""
    NO_SOURCE = "no_source"
    """Nothing was asked: the file names no page that it was copied from; the detail says why."""
    ERROR = "error"
    """Anything else, a seed that cannot be read or changed among it; the detail says what."""


class DriftKind(StrEnum):
    """How the page's text and the seed's text differ."""

    SAME = "same"
    COSMETIC = "cosmetic"
    """Equal but for white space, quotes, dashes, case or markup."""
    SEED_TRUNCATED = "seed-truncated"
    """The page continues where the seed stops."""
    UPDATED = "updated"
    """Mostly the same text, edited."""
    SHORTENED = "shortened"
    """The page holds less of the article than the seed."""
    DIVERGED = "diverged"
    """Another text."""
    GONE = "gone"
    """The page has no text to compare with."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Capture:
    """One answer to one request, as it came. Compared by identity: two captures of equal bytes stay two."""

    url: str
    """The address that answered, after redirects."""
    requested_url: str
    """The address that was asked for: a seed's source address."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """Names and values in the order they came; names keep their case."""
    body: bytes
    """The payload after Content-Encoding was undone."""
    captured_at: datetime
    """When the answer was given; aware, UTC. For a replay this is the time of the recording."""
    origin: Origin
    snapshot: str | None = None
    """Where a public web archive shows this answer; None for an answer of the site itself."""

    def header(self, name: str) -> str | None:
        """The first value of a header, its name in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def reference(self) -> CaptureReference:
        """What a result keeps of a capture."""
        return CaptureReference(
            url=self.snapshot or self.url,
            status=self.status,
            captured_at=self.captured_at.isoformat().replace("+00:00", "Z"),
            sha256=hashlib.sha256(self.body).hexdigest(),
            origin=self.origin,
        )


@dataclass(frozen=True, slots=True)
class CaptureReference:
    """Enough to find a capture again."""

    url: str
    """The address that answered; for a public web archive, the address of its snapshot."""
    status: int
    captured_at: str
    """ISO 8601, UTC, ending in Z."""
    sha256: str
    """Of the payload after Content-Encoding was undone, hexadecimal."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class CdxEntry:
    """One line of an index of captures: this archive's own, or the list that a web archive gives."""

    url: str
    """As recorded."""
    captured_at: datetime
    """Aware, UTC."""
    status: int
    """The HTTP status; 0 where the index names none, as for a revisit that was recorded without HTTP headers."""
    mime: str
    """The media type that the answer claimed, in lower case without parameters; empty when it claimed none."""
    digest: str
    """Of the payload: in this archive `sha1:` and Base32, freed of its Transfer-Encoding but not of its
    Content-Encoding; elsewhere as the archive gives it, empty where it gives none."""
    kind: Literal["response", "revisit", "part", "conversion"]
    """A revisit has no payload of its own: it is that of a response with the same digest. A part was fetched by a page
    in a browser, a conversion is the document that its scripts made of the page; neither answers for its address."""
    file: str = ""
    """Relative to the folder of WARCs, `/` between folders; empty in another archive's list."""
    offset: int = 0
    """Where the record starts in the file, in bytes as stored."""
    length: int = 0
    """Bytes of the record as stored."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that one place of a page offers for one field."""

    field: Field
    value: str
    source: str
    """The place, most general word first: `json-ld:headline`, `meta:og:title`, `h1`, `rules:title`."""


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
    _digest: str | None = field(default=None, init=False, repr=False, compare=False)

    def digest(self) -> str:
        """Return the SHA-256 of what the article says, whatever else of its page has changed; made once."""
        if self._digest is None:
            fields = sorted((name.value, choice.value) for name, choice in self.choices.items())
            said = json.dumps([fields, self.body]).encode()
            object.__setattr__(self, "_digest", hashlib.sha256(said).hexdigest())
        assert self._digest is not None
        return self._digest

    def __reduce__(self) -> tuple[type[Article], tuple[dict[Field, Choice], tuple[Candidate, ...], str, str]]:
        # MappingProxyType cannot be pickled, and an article travels between processes.
        return Article, (dict(self.choices), self.candidates, self.body, self.body_source)

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


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that was, or would be, written to a seed."""

    field: str
    """A field's name, `heading` for the body's first heading, or the key of an address that was noted."""
    old: str | None
    """None when the key was absent. The items of a list are joined by a comma and a space, here and in `new`."""
    new: str
    source: str
    witnesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What was found at one address, or in the archives in its place."""

    url: str
    """The seeds' source address."""
    extraction: Extraction
    capture: CaptureReference | None = None
    """What was extracted; None when there was no answer."""
    etag: str | None = None
    last_modified: str | None = None
    """What the answer can be recognised by the next time."""
    moved_to: str | None = None
    """Where redirects led that are all meant for good; set for an article only."""
    nowhere: bool = False
    """Whether a web archive was asked and has no usable copy either."""
    instead_of: PageOutcome | None = None
    """What the site itself gave, when this came from an archive in its place."""


@dataclass(frozen=True, slots=True)
class SeedItem:
    """One seed with what was found at its address; what the spider hands to the pipelines."""

    path: str
    """Where the seed lies, relative to the seeds folder, `/` between folders."""
    shown: str
    """The same place as messages and results name it."""
    page: PageOutcome


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one seed; the item that feeds export."""

    path: str
    """The seed's file, as it can be opened from the working directory."""
    origin_url: str | None
    outcome: Outcome
    verdict: Verdict
    detail: str = ""
    """Why a seed was missed or skipped, or what is still blank; one sentence."""
    changes: tuple[Change, ...] = ()
    drift: DriftKind | None = None
    capture: CaptureReference | None = field(default=None)
