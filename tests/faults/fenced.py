"""A command in a network that is made up: names are what a plan says, a public address is a server on loopback.

Whatever it connects to is noted before, also what nobody could listen on; nothing leaves the machine.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import runpy
import socket
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

PUBLIC_ADDRESS = "93.184.216.34"
"""Stands for every public server; connections to it end at STAND_IN, on the same port."""
STAND_IN = "127.0.0.9"

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex
_by_name = socket.gethostbyname


class Fence:
    """What is put in the place of the system's names and connections."""

    def __init__(self, names: dict[str, list[str]], notes: Path) -> None:
        """`names` gives the addresses that a name has, one lookup after the other; `*.` before one is any below it."""
        self._asked: dict[str, Iterator[str]] = {}
        self._lists = names
        self._notes = notes

    def install(self) -> None:
        """Put it in place, in this process."""
        fence = self

        def connect(self: socket.socket, address: Any) -> None:
            if code := fence.connect_ex(self, address):
                raise OSError(code, os.strerror(code))

        def connect_ex(self: socket.socket, address: Any) -> int:
            return fence.connect_ex(self, address)

        setattr(socket.socket, "connect", connect)  # noqa: B010  (mypy takes no other function for a method)
        setattr(socket.socket, "connect_ex", connect_ex)  # noqa: B010
        setattr(socket, "gethostbyname", self.find)  # noqa: B010
        setattr(socket, "getaddrinfo", self.find_all)  # noqa: B010

    def connect_ex(self, connection: socket.socket, address: Any) -> int:
        """Note a connection, and make it where it stays on this machine."""
        if connection.family not in {socket.AF_INET, socket.AF_INET6}:
            return _connect_ex(connection, address)
        host, port = address[:2]
        with self._notes.open("a") as out:
            out.write(json.dumps([host, port]) + "\n")
        if host == PUBLIC_ADDRESS:
            return _connect_ex(connection, (STAND_IN, port))
        return _connect_ex(connection, address) if ip_address(host).is_loopback else errno.ECONNREFUSED

    def find(self, name: str) -> str:
        """The address of a name, as `socket.gethostbyname` has it."""
        known = next((one for one in self._lists if name == one or (one[:1] == "*" and name.endswith(one[1:]))), None)
        if known is not None:
            return next(self._asked.setdefault(name, itertools.cycle(self._lists[known])))
        if name.rstrip(".").lower() == "localhost" or not name.strip(".0123456789abcdefxABCDEFX"):
            return _by_name(name)  # no server of names is asked for these
        raise socket.gaierror(socket.EAI_NONAME, "nobody knows the name")

    def find_all(self, host: str, port: int, *_: object, **__: object) -> list[tuple[Any, ...]]:
        """The address of a name, as `socket.getaddrinfo` has it."""
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self.find(host), port))]


def main() -> None:
    """Run `python -m scrapy ARGS` inside; the first argument is the plan, as JSON."""
    plan = json.loads(sys.argv.pop(1))
    Fence(plan["names"], Path(plan["notes"])).install()
    sys.argv[0] = "scrapy"
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)


PROGRAM = f"from {__name__} import main; main()"
"""For `python -c`, with the plan and the arguments behind it."""
