"""What every worker needs, loaded once in the process that they are forked from; importing this is all.

That process ends with the one that has started it.

The names of months and the list of public suffixes take some ten milliseconds each.
"""

from archiver.crawl.extraction import workers
from archiver.crawl.extraction.processes import end_with_parent
from archiver.text.months import load_month_names
from archiver.urls import registered_domain

__all__ = ["workers"]

end_with_parent()
load_month_names()
registered_domain("www.example.com")
