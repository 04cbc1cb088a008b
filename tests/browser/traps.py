"""A port that no page may reach, and the script that tries to."""

from __future__ import annotations

import selectors
import socket
import threading
from pathlib import Path
from types import TracebackType

_WAYS_OUT = Path(__file__).with_name("ways_out.js")


class Trap:
    """One port of every address of this machine, TCP and UDP, while it is entered: remembers who came."""

    def __init__(self) -> None:
        self.caught: list[str] = []
        """What arrived: `tcp` or `udp` with the first bytes."""
        self._tcp, self.port = self._listen()
        self._udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self._udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self._udp.bind(("::", self.port))
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @staticmethod
    def _listen() -> tuple[socket.socket, int]:
        listening = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        return listening, listening.getsockname()[1]

    def __enter__(self) -> Trap:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        self._tcp.close()
        self._udp.close()

    def _watch(self) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(self._tcp, selectors.EVENT_READ)
            ready.register(self._udp, selectors.EVENT_READ)
            while not self._ending.is_set():
                for key, _ in ready.select(0.05):
                    if key.fileobj is self._udp:
                        self.caught.append(f"udp {self._udp.recv(200)!r}")
                        continue
                    came, _ = self._tcp.accept()
                    came.settimeout(0.5)
                    try:
                        self.caught.append(f"tcp {came.recv(200)!r}")
                    except OSError as error:
                        self.caught.append(f"tcp {error}")
                    came.close()


def attempts(trap: Trap) -> bytes:
    """A script that tries to reach the trap, and then writes an article about it."""
    return _WAYS_OUT.read_bytes().replace(b"PORT", b"%d" % trap.port)
