"""Refuse the names of settings that nobody reads: a misspelt one would change nothing, without a word."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings

from archiver import settings as ours
from archiver.errors import SettingsError

logger = logging.getLogger(__name__)

OUR_DEFAULTS = {name: value for name, value in vars(ours).items() if name.isupper() and name not in Settings()}
"""The settings that are ours, with their defaults; those of Scrapy that we only set otherwise are not among them."""

READ_BY_SCRAPY = frozenset(
    # Of the media pipelines, whose defaults are attributes of their classes.
    "FILES_EXPIRES FILES_RESULT_FIELD FILES_URLS_FIELD "
    "IMAGES_EXPIRES IMAGES_MIN_HEIGHT IMAGES_MIN_WIDTH IMAGES_RESULT_FIELD IMAGES_THUMBS IMAGES_URLS_FIELD "
    "MEDIA_ALLOW_REDIRECTS "
    # Of middlewares, and one that Scrapy warns of.
    "META_COPY_WARN_SKIP_KEYS CONCURRENT_REQUESTS_PER_IP "
    # What Scrapy makes of the environment: SCRAPY_CHECK, SCRAPY_PROJECT …
    "CHECK PROJECT PYTHON_SHELL SETTINGS_MODULE".split()
)
"""The settings that Scrapy reads and has no default for."""

RUN_SETTINGS = "RUN_SETTINGS"
"""The setting that holds the settings as they were read."""

RENAMED = {
    "BRIEF": "REPORT_BRIEF",
    "OPERATOR": "ARCHIVE_OPERATOR",
    "BREAKER_FAILURES": "HOST_BREAKER_FAILURES",
    "BREAKER_PAUSE": "HOST_BREAKER_PAUSE",
    "RETRY_WAIT": "RETRY_BACKOFF_BASE",
    "RETRY_WAIT_MAX": "RETRY_BACKOFF_MAX",
}
"""Settings that had another name in the release before; the old one is understood until the next."""

GIVEN_PRIORITIES = frozenset(SETTINGS_PRIORITIES[kind] for kind in ("project", "spider", "cmdline"))
"""The priorities of what people write: a settings module, a spider's `custom_settings`, `-s`. Add-ons are programs."""


def check_names(settings: BaseSettings) -> None:
    """Raise SettingsError for a setting that neither Scrapy nor we read; its sentence says the nearest name.

    Settings of other packages begin with one of KNOWN_SETTING_PREFIXES.
    """
    known = {*Settings(), *READ_BY_SCRAPY, RUN_SETTINGS, *OUR_DEFAULTS}
    prefixes = tuple(filter(None, settings.getlist("KNOWN_SETTING_PREFIXES")))
    for name in sorted(map(str, settings)):
        if name not in known and settings.getpriority(name) in GIVEN_PRIORITIES and not name.startswith(prefixes):
            raise SettingsError(_sentence(name, known))


MIN_NAME_LIKENESS = 0.75
"""Share of letters, by difflib, that a suggestion has in common with what was written. At 0.6 SPIDERMON_ENABLED is
taken for HTTPPROXY_ENABLED; DRYRUN and DRY_RUN have 0.92."""


_NEEDED_ADD_ONS = frozenset(
    {
        "archiver.config.run_settings.RunSettingsAddon",
        "archiver.downloader.pauses.HostPausesAddon",
        "archiver.downloader.large_answers.LargeAnswersAddon",
    }
)


def check_add_ons(settings: BaseSettings) -> None:
    """Raise SettingsError when the ADDONS that somebody wrote leave one of ours out; None turns one off.

    Some cannot be turned off: every request asks them.
    """
    if settings.getpriority("ADDONS") not in GIVEN_PRIORITIES:
        return
    given: Mapping[str | type, object] = settings.getdict("ADDONS")
    named = {
        addon if isinstance(addon, str) else f"{addon.__module__}.{addon.__qualname__}": order
        for addon, order in given.items()
    }
    for name, usual in ours.ADDONS.items():
        if name in _NEEDED_ADD_ONS and name in named and named[name] is None:
            raise SettingsError(f"ADDONS turns {name} off, which no run can do without; give it {usual}")
        if name not in named:
            raise SettingsError(
                f"ADDONS leaves {name} out; write {{**archiver.settings.ADDONS, ...}} with your own, or give it None"
            )


def accept_old_names(settings: BaseSettings) -> None:
    """Give the value of an old name to the new one, unless that was given too, and say the new one in a line."""
    for old, new in RENAMED.items():
        if old not in settings:
            continue
        value, priority = settings[old], settings.getpriority(old) or 0
        settings.delete(old, priority)
        is_given = new in settings and settings[new] != OUR_DEFAULTS[new]
        if not is_given or priority > (settings.getpriority(new) or 0):
            settings.set(new, value, priority)
        logger.warning("The setting %s is now called %s; the old name will not be read by the next release.", old, new)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the one of the known names that was probably meant.

    >>> nearest("DRYRUN", ["DRY_RUN", "COMMIT"]), nearest("colour", ["title"])
    ('DRY_RUN', None)
    """
    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=MIN_NAME_LIKENESS)), None)


def _sentence(name: str, known: Iterable[str]) -> str:
    if name == "NOTIFY":
        return "NOTIFY is no setting, for its addresses are passwords; set it in the environment, and take it out here"
    meant = nearest(name.upper(), known)
    if meant is not None:
        return f"there is no setting {name}; did you mean {meant}?"
    return (
        f"there is no setting {name}; correct it, or name the prefix of the package that reads it in "
        "KNOWN_SETTING_PREFIXES"
    )
