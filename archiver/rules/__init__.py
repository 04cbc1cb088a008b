"""What is known about publishers' pages, checked when it is written down."""

from __future__ import annotations

from archiver.rules.site import SiteRules, rules_for

__all__ = ["SiteRules", "rules_for"]
