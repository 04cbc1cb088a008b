"""Signals of our own, sent through Scrapy's signal manager."""

seed_repaired = object()
"""A seed was repaired, or would be in a dry run: `path` (str, as it can be opened), `before` and `after` (bytes)."""
