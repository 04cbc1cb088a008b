"""What every worker needs, loaded once in the process that they are forked from; importing this is all.

That process ends with the one that has started it, from its beginning: to import the rest takes a second. The names of
months and the list of public suffixes take some ten milliseconds each.
"""

from archiver.crawl.extraction.processes import end_with_parent

end_with_parent()

from archiver.crawl.extraction import workers  # noqa: E402
from archiver.text.months import load_month_names  # noqa: E402
from archiver.urls import registered_domain  # noqa: E402

__all__ = ["workers"]

load_month_names()
registered_domain("www.example.com")
