"""Say who is crawling."""

from __future__ import annotations

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from archiver import __version__


class ContactAddon:
    """Put the CONTACT setting into the User-Agent, unless the User-Agent itself was set more strongly."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl's components are built."""
        stated = settings.getpriority("USER_AGENT") or 0
        given = settings.getpriority("CONTACT") or 0
        if given > SETTINGS_PRIORITIES["project"] and stated <= given:
            settings.set("USER_AGENT", f"seed-archiver/{__version__} ({settings['CONTACT']})", priority=given)
