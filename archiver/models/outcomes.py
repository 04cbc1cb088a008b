"""What became of a seed, what an answer was, how two texts differ: words of a fixed list each."""

from __future__ import annotations

from enum import StrEnum


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
    REMOVED = "removed"
    """Nothing was asked: what was kept of the address was taken down, and is not to be kept again."""
    NO_SOURCE = "no_source"
    """Nothing was asked: the file names no page that it was copied from; the detail says why."""
    NOT_REACHED = "not_reached"
    """Nothing was asked, or its answer was not waited for: the run was ended before; says nothing about the page."""
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
