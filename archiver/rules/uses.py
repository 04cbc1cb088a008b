"""Which selectors of a publisher's rules were asked, and which of them found something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.models import SelectorUse
from archiver.rules.site import SiteRules


class SelectorUses:
    """The selectors that were asked of one page, in the order of their first question."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, str, str], tuple[SiteRules, bool]] = {}

    def note(self, rule: SiteRules, field: str, selector: str, matched: bool) -> None:
        """Note that a selector was asked."""
        _, before = self._found.get((id(rule), field, selector), (rule, False))
        self._found[id(rule), field, selector] = rule, before or matched

    def of(self, rules: Sequence[SiteRules]) -> tuple[SelectorUse, ...]:
        """The uses, eras by their place in `rules`: that is all that has to travel from a worker."""
        places = {id(rule): place for place, rule in enumerate(rules)}
        return tuple(
            SelectorUse(places[era], field, selector, matched)
            for (era, field, selector), (_, matched) in self._found.items()
            if era in places
        )


@dataclass(slots=True)
class _Count:
    asked: int = 0
    matched: int = 0


class UnmatchedSelectors:
    """Counts over a run what selectors found on articles, and names those that never found anything."""

    def __init__(self, rules: Sequence[SiteRules]) -> None:
        self._rules = rules
        self._counts: dict[tuple[int, str, str], _Count] = {}
        self._articles: Counter[int] = Counter()

    def add(self, uses: Iterable[SelectorUse]) -> None:
        """Count the uses of one article's page."""
        for place, use in enumerate(uses):
            if place == 0:
                # The era of the page's own time is asked first; what the others do not find there says nothing.
                self._articles[use.era] += 1
            count = self._counts.setdefault((use.era, use.field, use.selector), _Count())
            count.asked += 1
            count.matched += use.matched

    def sentences(self) -> Iterator[str]:
        """Give a line per era of which there was an article, with its selectors that never matched, by field.

        In order of their names: pages end in any order, and two runs over the same pages say the same.
        """
        for era in sorted(self._articles):
            fields: dict[str, list[str]] = {}
            for (place, field, selector), count in self._counts.items():
                if place == era and not count.matched:
                    fields.setdefault(field, []).append(selector)
            if fields:
                rule = self._rules[era]
                until = f" until {rule.valid_until:%Y-%m-%d}" if rule.valid_until else ""
                articles = f"{self._articles[era]} article{'s' if self._articles[era] > 1 else ''}"
                told = "; ".join(f"{field} {', '.join(sorted(fields[field]))}" for field in sorted(fields))
                yield f"rules of {rule.domains[0]}{until} that matched none of {articles}: {told}"
