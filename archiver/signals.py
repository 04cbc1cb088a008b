"""Signals of our own, sent through Scrapy's signal manager."""

seed_repaired = object()
"""A seed was repaired, or would be in a dry run: `path` (str, as it can be opened), `before` and `after` (bytes)."""

pictures_placed = object()
"""Files that a seed names in the place of pictures elsewhere lie there now: `path` (str, as in `seed_repaired`, which
follows) and `files` (tuple of Path, as they can be opened). Not in a dry run."""

seed_result = object()
"""A seed has its result: `result` (Result). Once for every seed that was read, also for those that had no turn because
the run was ended, whose results are no scraped items (docs/design.md D24)."""

seed_visited = object()
"""A seed's page was read, or could not be: `path` (str, as in the seed's result, which follows) and `page`
(PageOutcome). Not for seeds whose page was found unchanged."""

seed_compared = object()
"""A seed's text was held against its page's: `path` (str, as in its result, which follows) and `text` (TextDiff)."""

host_paused = object()
"""A host is left alone for longer than a request waits: `host` (str, with its port unless that is the scheme's own; of
a web archive, the name of its service), `until` (datetime, aware) and `stated` (bool, whether the host said how long).
What waited for it fails after this signal."""

alarm = object()
"""A host's pages have stopped yielding what they used to, or yield it again: `host` (str) and `watched`
(`ledger.yields.watch.Watched`: the alarms that stand, that begin and that end with this page). Sent when one begins or
ends, and with the first page of a host that is read while one stands."""
