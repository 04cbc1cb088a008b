"""What the page needs of a seed: a short row for the list, and the whole for whoever opens it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from archiver.models import Change, DriftKind, Field, ParagraphPair, TextDiff
from archiver.report.limits import MAX_PAIR_LETTERS, MAX_VALUE_LETTERS, cut, cut_patch
from archiver.runs import SeedRecord, State
from archiver.urls import hostname

_MAX_ROW_LETTERS = 160
"""Characters of a title and a reason in the list, which shows two lines of one and one of the other."""
_MAX_SEARCH_LETTERS = 120
"""Characters of each value that the search looks at; with whole descriptions the index is half as long again."""
_TEXTS_ALIKE = frozenset({DriftKind.SAME, DriftKind.COSMETIC})


def row(record: SeedRecord) -> list[Any]:
    """Return `[seed, state, title, host, reason, fields, values]`, as the list and the search have it."""
    result = record.result
    changes = (*result.proposed, *result.changes)
    fields = list(dict.fromkeys(change.field for change in changes))
    values = [cut(change.new, _MAX_SEARCH_LETTERS) for change in changes if change.field != Field.BODY]
    return [
        record.seed, record.state.value, cut(title_of(record), _MAX_ROW_LETTERS), host_of_seed(record),
        cut(reason_of(record), _MAX_ROW_LETTERS), fields, list(dict.fromkeys(values)),
    ]  # fmt: skip


def title_of(record: SeedRecord) -> str:
    """Return the article's title, the one that is offered for it, or the words of the seed's name."""
    if record.title:
        return " ".join(record.title.split())
    for change in (*record.result.proposed, *record.result.changes):
        if change.field == Field.TITLE:
            return " ".join(change.new.split())
    stem = PurePosixPath(record.seed).stem
    words = re.sub(r"^\d{4}-\d{2}-\d{2}-", "", stem)
    return re.sub(r"[-_]+", " ", words).strip() or stem or record.seed


def host_of_seed(record: SeedRecord) -> str:
    """Return the host of the seed's address, without `www.`; empty where it has none."""
    url = record.result.origin_url
    return hostname(url).removeprefix("www.") if url else ""


def reason_of(record: SeedRecord) -> str:
    """Return why a seed is in its place, in a few words."""
    result = record.result
    if record.state is State.MISSED:
        return result.verdict.value.replace("_", " ")
    if record.state is State.ASK:
        if result.doubts:
            return result.doubts[0]
        return " · ".join(map(_describe_proposal, result.proposed))
    fields = dict.fromkeys(change.field for change in result.changes)
    return ", ".join(fields) or result.detail or result.outcome.value


def _describe_proposal(change: Change) -> str:
    rivals = len(change.candidates)
    return f"{change.field}: {rivals + 1} values" if rivals else f"{change.field}: not sure"


def detail(record: SeedRecord) -> dict[str, Any]:
    """Return all that the page shows of a seed; what is empty is left out."""
    result, capture = record.result, record.result.capture
    lines = cut_patch(record.patch)
    told = {
        "path": result.path,
        "url": result.origin_url,
        "outcome": result.outcome.value,
        "verdict": result.verdict.value,
        "detail": result.detail,
        "drift": result.drift.value if result.drift else None,
        "lang": record.language,
        "read": None if capture is None else [
            capture.captured_at, capture.status, capture.origin, capture.url, capture.sha256,
        ],
        "doubts": result.doubts,
        "blank": result.blank,
        "proposed": [_change(change, record.offered, whole=True) for change in _contested_first(result.proposed)],
        "changes": [_change(change, record.offered) for change in result.changes],
        "reported": [_change(change, record.offered) for change in result.reported],
        "patch": lines,
        "plus": sum(line.startswith("+") for line in record.patch.split("\n")[2:]),
        "minus": sum(line.startswith("-") for line in record.patch.split("\n")[2:]),
        "text": _text(record.text) if record.state is State.ASK and record.text else None,
        "page": [record.page.title, record.page.first_line] if record.page else None,
        "chain": [[step.kind, step.url, step.status, step.verdict, step.detail, step.at, step.origin]
                  for step in record.chain],
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}


def _contested_first(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: not change.candidates)


def _change(change: Change, offered: Mapping[str, str], *, whole: bool = False) -> dict[str, Any]:
    is_body = change.field == Field.BODY
    told = {
        "field": change.field,
        "old": None if change.old is None else _body(change.old) if is_body else cut(change.old),
        "new": _body(change.new) if is_body else change.new if whole else cut(change.new),
        "source": change.source,
        "witnesses": change.witnesses,
        "confidence": change.confidence,
        "rivals": [[rival.value, rival.source] for rival in change.candidates]
        if whole else [[cut(rival.value), rival.source] for rival in change.candidates],
        "offered": offered.get(change.field) if whole else None,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value is not None and value not in ((), [])}


def _body(text: str) -> str:
    words = len(text.split())
    return f"{words:,} word{'' if words == 1 else 's'} of Markdown" if words else ""


def _text(text: TextDiff) -> dict[str, Any] | None:
    if text.kind in _TEXTS_ALIKE:
        return None
    pairs, letters = [], 0
    for pair in text.pairs:
        letters += len(pair.old or "") + len(pair.new or "")
        if letters > MAX_PAIR_LETTERS:
            break
        pairs.append(_pair(pair))
    facts = [[fact.kind, cut(fact.old or ""), cut(fact.new or "")] for fact in text.facts]
    return {"kind": text.kind.value, "pairs": pairs, "facts": facts, "left": len(text.pairs) - len(pairs)}


def _pair(pair: ParagraphPair) -> list[Any]:
    """Return `[text]` of paragraphs that are alike, else `[old, new, removed, added, whether that counts]`."""
    if pair.old == pair.new:
        return [pair.old]
    return [pair.old, pair.new, pair.removed, pair.added, not pair.cosmetic]


def table_rows(records: Iterable[SeedRecord]) -> Iterator[tuple[str, str, str, str]]:
    """Return the cells of seeds for the page without scripts: seed, title, state, reason."""
    for record in records:
        yield (
            record.seed,
            cut(title_of(record), _MAX_ROW_LETTERS),
            record.state.value,
            cut(_whole_reason(record), MAX_VALUE_LETTERS),
        )


def _whole_reason(record: SeedRecord) -> str:
    """Return everything that a person should know of a seed in one cell."""
    result = record.result
    if record.state is State.MISSED:
        return result.detail or reason_of(record)
    proposals = (f"{change.field} would be {cut(change.new, _MAX_SEARCH_LETTERS)}" for change in result.proposed)
    return " · ".join((*result.doubts, *proposals)) or reason_of(record)
