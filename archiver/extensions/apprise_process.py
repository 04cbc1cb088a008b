"""Send one message to the services that NOTIFY names; run by its path, as a process of its own.

Addresses of services are passwords. Here nothing that Apprise, or a library below it, says about them can reach the
run's log, and a service that never answers can be ended with the process. It imports nothing of this project.

Standard input has the message as JSON, `{"title": …, "body": …}`, or null where the addresses are only looked at;
standard output gets one line, an object with `installed`, `services`, `all_known` and `failed`.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from typing import Any

MAX_SENDING_SECONDS = 15
"""Seconds in which all services, asked at once, have to take the message; with less a slow mail server counts as one
that refused it, with more a run ends later. Chosen, not measured."""


def main() -> None:
    """Read a message, send it, say what came of it."""
    logging.disable(logging.CRITICAL)
    answer, sys.stdout = sys.stdout, sys.stderr
    json.dump(_send(json.load(sys.stdin)), answer)
    answer.flush()
    os._exit(0)  # what still waits for an answer has had its time


def _send(message: dict[str, str] | None) -> dict[str, Any]:
    try:
        import apprise  # noqa: PLC0415  (an extra, whose absence is an answer)
    except ImportError:
        return {"installed": False}
    services = apprise.Apprise(asset=apprise.AppriseAsset(app_id="seed-archiver", async_mode=False))
    all_known = services.add(os.environ["NOTIFY"])
    found = {"installed": True, "services": len(services), "all_known": all_known, "failed": 0}
    if message is None:
        return found
    taken: list[bool] = []

    def notify(service: apprise.NotifyBase) -> None:
        one = apprise.Apprise(service, asset=services.asset)
        taken.append(bool(one.notify(message["body"], message["title"], body_format=apprise.NotifyFormat.TEXT)))

    threads = [threading.Thread(target=notify, args=(service,), daemon=True) for service in services]
    for thread in threads:
        thread.start()
    last = time.monotonic() + MAX_SENDING_SECONDS
    for thread in threads:
        thread.join(max(0.0, last - time.monotonic()))
    return {**found, "failed": len(threads) - sum(taken)}


if __name__ == "__main__":
    main()
