"""Chromium for pages that need one: what it may fetch the crawl's downloader fetches, and nothing else leaves it."""
