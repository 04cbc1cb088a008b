"""Scrapy's consoles, which let other programs into a run."""

from __future__ import annotations

from scrapy.settings import BaseSettings

_CONSOLES = {
    "TELNETCONSOLE_ENABLED": "scrapy.extensions.telnet.TelnetConsole",
    "REMOTE_CONTROL_ENABLED": "scrapy.extensions.remote_control.RemoteControl",
}


def leave_out_consoles(settings: BaseSettings) -> None:
    """Take those that are turned off out of the extensions.

    Scrapy would import them all the same, and a web server with them: a quarter of the start of a run.
    """
    extensions = settings["EXTENSIONS"]
    for switch, extension in _CONSOLES.items():
        if not settings.getbool(switch) and extension not in extensions:
            extensions[extension] = None
