"""What a host's pages yield, page by page, and the alarm when they stop yielding what they used to.

    Extraction ─reading_of─▶ PageReading ─marks_of─▶ Mark per aspect ─find_collapse─▶ Collapse ─▶ Alarm

The statistic and its error rates: docs/design.md D73.
"""
