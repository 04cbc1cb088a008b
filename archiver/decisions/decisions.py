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
    _by_path: dict[str, dict[str, PlacedLine]] = field(default_factory=dict)
    """The last lines by path, and then by field."""
    _displaced: dict[str, dict[str, PlacedLine]] = field(default_factory=dict)
    """The last lines of paths that no file has, by address, and then by field."""
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
        _put(self._by_path.setdefault(said.path, {}), line)
        if is_displaced and said.url:
            _put(self._displaced.setdefault(said.url, {}), line)

    def last(self, path: str, url: str, field: str) -> ReviewDecision | None:
        """Return the last line on a field of a seed, one that takes an answer back included."""
        found = (lines.get(name, {}).get(field) for lines, name in ((self._by_path, path), (self._displaced, url)))
        last = max(filter(None, found), key=lambda line: line.order, default=None)
        return last.decision if last is not None else None

    def find(self, path: str, url: str, field: str) -> ReviewDecision | None:
        """Return the last decision on a field of a seed, whatever was offered then; None where it was taken back."""
        last = self.last(path, url, field)
        return last if last is not None and last.answer is not Answer.OPEN else None

    def of_seed(self, path: str, url: str) -> list[ReviewDecision]:
        """Return the last line on each field of a seed, those that take an answer back included."""
        fields = sorted(self._by_path.get(path, {}).keys() | self._displaced.get(url, {}).keys())
        return [said for field in fields if (said := self.last(path, url, field)) is not None]

    def open_paths(self) -> Iterator[str]:
        """Give the paths of which more was said than that something is left as it is."""
        for path, lines in self._by_path.items():
            if any(line.decision.answer is not Answer.KEEP for line in lines.values()):
                yield path

    def refusals(self) -> Iterator[ReviewDecision]:
        """Give the decisions of all seeds by which a field is left as it is."""
        for lines in self._by_path.values():
            yield from (line.decision for line in lines.values() if line.decision.answer is Answer.KEEP)

    @property
    def displaced_urls(self) -> frozenset[str]:
        """The addresses of decisions for paths that no file has: those of no seed are of a seed that is gone."""
        return frozenset(self._displaced)

    def gone(self, urls: Container[str]) -> Iterator[LineProblem]:
        """Name the lines of seeds that are gone; `urls` are the displaced ones that no seed has."""
        for url in self._displaced:
            for line in self._displaced[url].values() if url in urls else ():
                what = f"no seed is at {line.decision.path}, and none names {url}; remove the line, or correct its path"
                yield LineProblem(self.file, line.number, what)


def _put(lines: dict[str, PlacedLine], line: PlacedLine) -> None:
    known = lines.get(line.decision.field)
    if known is None or known.order <= line.order:
        lines[line.decision.field] = line
