"""Elements of a page, written as Markdown."""
