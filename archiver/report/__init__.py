"""The page that a person opens after a run."""

from __future__ import annotations

from archiver.report.page import render, write_report

__all__ = ["render", "write_report"]
