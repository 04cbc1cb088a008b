"""What every worker needs, loaded once in the process that they are forked from; importing this is all.

The names of months and the list of public suffixes take some ten milliseconds each.
"""

from archiver.crawl.extraction import workers
from archiver.text.months import load_month_names
from archiver.urls import registered_domain

__all__ = ["workers"]

load_month_names()
registered_domain("www.example.com")
