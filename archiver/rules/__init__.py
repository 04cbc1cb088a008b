"""What is known about publishers' pages, checked when it is written down."""

from __future__ import annotations

from archiver.rules.site import BrowserUse, Clean, SiteRules, rules_for

__all__ = ["BrowserUse", "Clean", "SiteRules", "rules_for"]
