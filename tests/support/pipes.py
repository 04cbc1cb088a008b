"""Pipes as a shell makes them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import IO


@contextlib.contextmanager
def closed_pipe() -> Iterator[IO[bytes]]:
    """A pipe whose reader has gone away, as `head` has when it has printed its lines."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        yield pipe
