"""Which settings a run was given, for its head: never what could be a secret."""

from __future__ import annotations

import re
from typing import Any

from scrapy.settings import BaseSettings

from archiver import settings as ours
from archiver.config.names import GIVEN_PRIORITIES

_MACHINERY = frozenset({"ADDONS", "EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES", "DOWNLOAD_HANDLERS"})
_CREDENTIALS = re.compile(r"(?<=//)[^/\s@]*@")
"""User and password in an address, RFC 3986, section 3.2.1."""


def given_settings(settings: BaseSettings) -> dict[str, Any]:
    """Return the settings of ours that people gave another value than the default, as JSON has them.

    Those of other packages are left out, since any of them may be a key; so are users and passwords in addresses.
    """
    usual = {name: value for name, value in vars(ours).items() if name.isupper() and name not in _MACHINERY}
    given = {name: settings.get(name) for name in sorted(usual) if settings.getpriority(name) in GIVEN_PRIORITIES}
    return {name: _plain(value) for name, value in given.items() if _text(value) != _text(usual[name])}


def _text(value: Any) -> str:
    """Return a value as it could be typed: `-s DRY_RUN=0` is the default, as it is without."""
    if hasattr(value, "items"):
        return repr({str(key): item for key, item in value.items()})
    return str(int(value)) if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return _CREDENTIALS.sub("", str(value))
