"""What the tries so far have shown, in a file, so that a suite of hours can be stopped and gone on with."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from archiver.files.atomic import open_replacement
from tests.faults.fault import Figures


class State:
    """The figures of each fault, by its name."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._figures: dict[str, Figures] = {}
        if file.exists():
            for name, said in json.loads(file.read_text()).items():
                self._figures[name] = Figures(**{**said, "notes": tuple(said["notes"])})

    def figures(self, name: str) -> Figures:
        """Return what the tries of a fault have shown so far."""
        return self._figures.get(name, Figures())

    def add(self, name: str, figures: Figures) -> None:
        """Add the figures of further tries, and write them down."""
        self._figures[name] = self.figures(name) + figures
        self._write()

    def forget(self, name: str) -> None:
        """Let a fault begin again."""
        self._figures.pop(name, None)
        self._write()

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with open_replacement(self._file, "faults") as stream:
            stream.write(json.dumps({name: asdict(said) for name, said in self._figures.items()}, indent=1).encode())
