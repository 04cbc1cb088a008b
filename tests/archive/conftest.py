"""Archives that tests of one process open: each is closed when its test is over, however that ends."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.archive.archive import Archive

_OPENED = contextlib.ExitStack()


def open_archive(folder: Path) -> Archive:
    """Open the archive in `folder`, for the length of one test."""
    return _OPENED.enter_context(contextlib.closing(Archive(folder)))


@pytest.fixture(autouse=True)
def _close_archives() -> Iterator[None]:
    yield
    _OPENED.close()
