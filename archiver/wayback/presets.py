"""Web archives that are known by name, as entries of the setting WEB_ARCHIVES, and how raw copies are had of others.

Paces are below what the services allow or ask for: they are shared by everybody, and a lost page can wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PRESETS: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        # A pywb (https://github.com/arquivo/pwa-technologies/wiki/URL-search:-CDX-server-API).
        "arquivo": {
            "kind": "cdx",
            "cdx": "https://arquivo.pt/wayback/cdx?url={url}&matchType={match}&output=json&limit={limit}",
            "raw": "https://arquivo.pt/wayback/{timestamp}id_/{url}",
        },
        # One question a second at most, one at a time: https://commoncrawl.org/faq asks for slow and few ones.
        "commoncrawl": {
            "kind": "commoncrawl",
            "index": "https://index.commoncrawl.org",
            "data": "https://data.commoncrawl.org",
            "lists_per_minute": 40,
        },
    }
)
"""Entries by name, without `name`."""

ADDRESSED: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "pywb": {
            "kind": "cdx",
            "cdx": "{address}/cdx?url={url}&matchType={match}&output=json&limit={limit}",
            "raw": "{address}/{timestamp}id_/{url}",
        },
    }
)
"""Entries of what anybody may run, by the word before `=ADDRESS`; `{address}` stands for the address."""
