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
            "raw": "https://arquivo.pt/noFrame/replay/{timestamp}id_/{url}",
        },
        # The index is one server that everybody shares (https://index.commoncrawl.org): two questions in three seconds.
        "commoncrawl": {
            "kind": "commoncrawl",
            "index": "https://index.commoncrawl.org",
            "data": "https://data.commoncrawl.org",
            "lists_per_minute": 40,
        },
    }
)
"""Entries by name, without `name`."""

KNOWN_RAW = (
    "https://web.archive.org/web/{timestamp}id_/{url}",
    "https://arquivo.pt/noFrame/replay/{timestamp}id_/{url}",
    "https://arquivo.pt/wayback/{timestamp}id_/{url}",
    "https://www.webarchive.org.uk/wayback/archive/{timestamp}id_/{url}",
    "https://webarchive.loc.gov/all/{timestamp}id_/{url}",
    "https://wayback.archive-it.org/all/{timestamp}id_/{url}",
    "https://web.archive.org.au/awa/{timestamp}id_/{url}",
    "https://webarchive.nationalarchives.gov.uk/ukgwa/{timestamp}id_/{url}",
    "https://wayback.vefsafn.is/wayback/{timestamp}id_/{url}",
)
"""Templates of the raw copies of archives that run OpenWayback or pywb, whose `id_` is documented. Mementos of TimeMaps
are asked for by these. archive.today and perma.cc rewrite what they hand out, and are left out."""

ADDRESSED: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "pywb": {
            "kind": "cdx",
            "cdx": "{address}/cdx?url={url}&matchType={match}&output=json&limit={limit}",
            "raw": "{address}/{timestamp}id_/{url}",
        },
        # https://github.com/oduwsdl/MemGator: an aggregator of archives that answer TimeMaps.
        "memgator": {"kind": "timemap", "timemap": "{address}/timemap/json/{url}"},
    }
)
"""Entries of what anybody may run, by the word before `=ADDRESS`; `{address}` stands for the address."""
