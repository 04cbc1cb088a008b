"""Let the process that forks workers outlive a command that is killed while it asks for one.

It is one for all commands of the tests; a command's own would end with it.
"""

from __future__ import annotations

import errno
import socket
from multiprocessing import reduction

_receive = reduction.recvfds


def _receive_or_pass_over(sock: socket.socket, size: int) -> list[int]:
    try:
        return list(_receive(sock, size))
    except EOFError:
        # What the loop of multiprocessing.forkserver takes for a client that is gone.
        raise OSError(errno.ECONNABORTED, "the command was killed") from None


reduction.recvfds = _receive_or_pass_over
