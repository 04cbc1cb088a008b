"""Signals of our own, sent through Scrapy's signal manager."""

seed_repaired = object()
"""A seed was repaired, or would be in a dry run: `path` (str, as it can be opened), `before` and `after` (bytes)."""

host_paused = object()
"""A host stated that it wants to be left alone for longer than a request waits: `host` (str, with its port unless that is
the scheme's own; of a web archive, the name of its service) and `until` (datetime, aware). What waited fails after it."""
