"""Markdown as text: what has to be escaped in it, and what a reader of it sees."""
