"""How Chromium is started so that no byte of its own leaves it: switches, contexts, and what scripts do not get.

What a page may have is fetched by the crawl (`archiver.browser.requests`). Whatever passes that by, such as a WebSocket
or a request of the browser itself, is sent to a proxy that is never there. Why both: docs/design.md D63.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

MAX_SCRIPT_HEAP_MB = 512
"""Megabytes of JavaScript objects that one page may hold, after which its process ends; the pages of large news sites
hold 20 to 80. With less an application that is no more than wasteful fails, with more a page can fill
BROWSER_MEMORY_MB before it is noticed. Chosen, not measured."""

WITHOUT_WAYS_OUT = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebTransport", "WebSocketStream",
                    "SharedWorker"]) {
  Object.defineProperty(window, name, { value: undefined });
}
window.open = () => null;
navigator.sendBeacon = () => true;
"""
"""Runs in every frame before its own scripts: WebRTC and the like would only wait for answers that never come. What is
defined so no page defines again, and what is deleted Chromium itself may install once more."""


class DeadEnd:
    """A port of this machine that is taken and that nobody listens on: who is sent there is refused by the kernel."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


def launch_options(executable: Path, dead_end: DeadEnd) -> dict[str, Any]:
    """The arguments of playwright's `launch`."""
    return {
        "executable_path": str(executable),
        "headless": True,
        "chromium_sandbox": has_sandbox(),
        # The run says when the browser ends.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
        "args": [
            proxy_switch(dead_end),
            # Without this the machine's own addresses are asked past any proxy.
            "--proxy-bypass-list=<-loopback>",
            # No name is looked up, and no address taken for one, but that of the proxy.
            "--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--disable-quic",
            "--no-pings",
            "--disable-domain-reliability",
            "--deny-permission-prompts",
            "--blink-settings=imagesEnabled=false",
            f"--js-flags=--max-old-space-size={MAX_SCRIPT_HEAP_MB}",
        ],
    }


def has_sandbox() -> bool:
    """Whether Chromium can lock its pages up: it refuses its sandbox to root."""
    return os.geteuid() != 0


def proxy_switch(dead_end: DeadEnd) -> str:
    """The switch that leads to the dead end; no other browser of this machine has the same."""
    return f"--proxy-server=http://{dead_end.address}"


def context_options(user_agent: str, timezone: str) -> dict[str, Any]:
    """The arguments of playwright's `new_context`: a profile of its own for each page, which ends with it.

    Scripts write dates in `timezone`, an IANA zone: not in that of the machine, and so that they are read as written.
    """
    return {
        "user_agent": user_agent,
        "service_workers": "block",
        "accept_downloads": False,
        "timezone_id": timezone,
    }
