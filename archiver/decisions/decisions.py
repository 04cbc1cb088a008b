"""The decisions of a file, found by seed and field."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archiver.decisions.review_decision import Answer, ReviewDecision


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A line of the file that is of no use; it stays there."""

    file: Path
    line: int
    """From 1."""
    what: str
    """What is wrong and what to do; a clause."""

    def __str__(self) -> str:
        """One sentence."""
        return f"{self.file}, line {self.line}: {self.what}."


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A decision with the line that says it."""

    number: int
    decision: ReviewDecision

    @property
    def order(self) -> tuple[float, int]:
        """What is later in time, or else in the file, counts."""
        return self.decision.at.timestamp(), self.number


@dataclass(slots=True)
class Decisions:
    """What holds. A decision is a seed's by its path, or by its address where no file has that path any more."""

    file: Path
    problems: tuple[LineProblem, ...] = ()
    """Lines that cannot be used."""
    _by_path: dict[tuple[str, str], PlacedLine] = field(default_factory=dict)
    """The last by path and field."""
    _displaced: dict[tuple[str, str], PlacedLine] = field(default_factory=dict)
    """The last by address and field, of paths that no file has."""
    _last: int = 0
    """The number of the last line."""

    @classmethod
    def of(
        cls, file: Path, lines: Iterable[PlacedLine], missing: Container[str], problems: Iterable[LineProblem] = ()
    ) -> Decisions:
        """Sort the lines of a file; `missing` are the paths that no file has."""
        found = cls(file, tuple(problems))
        for line in lines:
            found._add(line, is_displaced=line.decision.path in missing)
        return found

    def add(self, decisions: Iterable[ReviewDecision]) -> None:
        """Let further ones hold, of seeds that are there; those that were said later than any in the file."""
        for decision in decisions:
            self._add(PlacedLine(self._last + 1, decision), is_displaced=False)

    def _add(self, line: PlacedLine, *, is_displaced: bool) -> None:
        said = line.decision
        self._last = max(self._last, line.number)
        _put(self._by_path, (said.path, said.field), line)
        if is_displaced and said.url:
            _put(self._displaced, (said.url, said.field), line)

    def last(self, path: str, url: str, field: str) -> ReviewDecision | None:
        """Return the last line on a field of a seed, one that takes an answer back included."""
        found = (self._by_path.get((path, field)), self._displaced.get((url, field)))
        last = max(filter(None, found), key=lambda line: line.order, default=None)
        return last.decision if last is not None else None

    def find(self, path: str, url: str, field: str) -> ReviewDecision | None:
        """Return the last decision on a field of a seed, whatever was offered then; None where it was taken back."""
        last = self.last(path, url, field)
        return last if last is not None and last.answer is not Answer.OPEN else None

    def __len__(self) -> int:
        """How many fields have a decision."""
        return len(self._by_path)

    def __iter__(self) -> Iterator[ReviewDecision]:
        """The last decision on each field of each path, as the file has them."""
        return (line.decision for line in sorted(self._lines(), key=lambda line: line.number))

    def _lines(self) -> Iterable[PlacedLine]:
        return self._by_path.values()

    @property
    def displaced_urls(self) -> frozenset[str]:
        """The addresses of decisions for paths that no file has: those of no seed are of a seed that is gone."""
        return frozenset(line.decision.url for line in self._displaced.values())

    def gone(self, urls: Container[str]) -> Iterator[LineProblem]:
        """Name the lines of seeds that are gone; `urls` are the displaced ones that no seed has."""
        for (url, _), line in self._displaced.items():
            if url in urls:
                what = f"no seed is at {line.decision.path}, and none names {url}; remove the line, or correct its path"
                yield LineProblem(self.file, line.number, what)


def _put(lines: dict[tuple[str, str], PlacedLine], key: tuple[str, str], line: PlacedLine) -> None:
    known = lines.get(key)
    if known is None or known.order <= line.order:
        lines[key] = line
