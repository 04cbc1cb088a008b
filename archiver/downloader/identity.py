"""Say who is crawling."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from archiver.config.run_settings import RunSettings


class ContactAddon:
    """Puts the CONTACT setting behind the User-Agent, as `seed-archiver/1.0 (+https://example.org/about)`."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl's components are built."""
        contact = RunSettings.of(settings).contact
        if contact:
            agent = f"{settings['USER_AGENT']} ({contact})"
            settings.set("USER_AGENT", agent, priority=settings.getpriority("USER_AGENT") or "project")
