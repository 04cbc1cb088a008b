"""Rebuild Markdown posts ("seeds") from the pages they were copied from."""

__version__ = "0.1.0"
