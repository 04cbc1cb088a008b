"""How the time of every reader grows with what it reads: ten times the input may take little more than ten times.

usage: python -m tests.bench.growth [NAME]     only readers and inputs whose name holds NAME
"""

from __future__ import annotations

import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from archiver.extract.article import extract
from archiver.extract.body.boilerplate import kinds as boilerplate
from archiver.extract.body.boilerplate import threads
from archiver.extract.dom import jsonld, regions
from archiver.extract.fields import authors, descriptions, images
from archiver.extract.fields.site import SiteNames
from archiver.extract.fields.titles import choose_title
from archiver.extract.markdown.elements import callouts, captions, formulas, headings
from archiver.extract.verdict import matching
from archiver.models import Candidate, Capture, Field
from archiver.text import dates, languages, normalize
from archiver.text.boilerplate_text import is_machinery
from archiver.text.letters import letters_key
from archiver.text.markdown.escaping import code_block, escape_heading, escape_inline, escape_label, escape_line_start
from tests.support.growing import HEADS, KINDS, PAGES, WORDS, capture, markup, text_of

SIZES = (10_000, 100_000, 1_000_000)
"""Characters of an input; where it nests, a level has some ten of them."""
MAX_RATIO = 20.0
"""Times that ten times the input may take: n log n makes it 12.5, the rest is chance. A square makes it a hundred."""
_MAX_SECONDS = 5.0
"""Processor seconds after which a reader is ended: EXTRACT_TIMEOUT ends a page so."""
_MIN_SECONDS = 0.1
"""Seconds of the larger input below which a ratio says nothing about growth."""
_MIN_BASE_SECONDS = 0.005
"""Seconds that the smaller input counts at least: what reads nothing at all takes a tick of the clock."""

_REMEMBERING = (
    authors.people, images._stems, matching.normal, matching.sentences, normalize.alnum_key,
    normalize.fold_punctuation, normalize.strip_accents, normalize.words,
    boilerplate._kind_of_name, boilerplate._kind_of_names, threads._signs, regions._is_aside_class,
    callouts._said, callouts._says_quoted, captions._says_caption, captions._says_picture,
    formulas._is_formula_name, headings._named,
)  # fmt: skip
"""What keeps the answers to the last texts that it was asked."""

Case = tuple[str, Callable[[int], object], Callable[[object], object]]
"""Name, input by its size, and what reads it."""
_NO_NAMES = SiteNames(frozenset({"harbour"}), frozenset({"news"}))


def _title(text: str) -> object:
    found = [Candidate(Field.TITLE, text, source) for source in ("h1", "title", "meta:og:title", "json-ld:headline")]
    return choose_title(found, _NO_NAMES, frozenset({"harbour", "closed"}), text[:2000])


READERS: Mapping[str, Callable[[str], object]] = {
    "names": authors.people,
    "title": _title,
    "date": dates.parse_date,
    "language": languages.detect_language,
    "description": descriptions.description,
    "category": descriptions.category,
    "first paragraph": descriptions.first_paragraph,
    "continued description": lambda text: descriptions.continues(text, text[:-1]),
    "whole sentence": descriptions.is_whole_sentence,
    "set of images": images.largest,
    "unfit image": lambda text: images.unfit(f"https://a.example/{text}"),
    "same picture": lambda text: images.same_picture(f"https://a.example/{text}a.jpg", f"https://b.example/{text}.png"),
    "small image": lambda text: images.small(f"https://a.example/{text}"),
    "linked data": lambda text: jsonld.nodes([text]),
    "linked data within": lambda text: jsonld.nodes(['{"headline": "' + text + '"}', f'{{"a": [{text}']),
    "letters": letters_key,
    "one line": normalize.one_line,
    "words": normalize.words,
    "folded": normalize.fold_punctuation,
    "without tags": normalize.without_tags,
    "escaping": escape_inline,
    "escaped label": lambda text: escape_label(text, "[", "]"),
    "escaped heading": escape_heading,
    "start of a line": escape_line_start,
    "code": code_block,
    "machinery": is_machinery,
    "sentences": lambda text: matching.says(text, ("the page",)),
    "consent": matching.is_consent,
    "volume": matching.volume,
}


def cases() -> Iterator[Case]:
    """Every input with the whole extraction, and every kind of text with each reader of texts."""

    def read_page(given: object) -> object:
        assert isinstance(given, Capture)
        return extract(given)

    for name, body in PAGES.items():
        yield f"page: {name}", lambda size, body=body: capture(body(size)), read_page  # type: ignore[misc]
    for kind in KINDS:
        yield f"paragraph: {kind}", lambda size, kind=kind: capture(f"<p>{markup(kind, size)}</p>"), read_page  # type: ignore[misc]
        for name, head in HEADS.items():
            yield f"{name}: {kind}", _of_head(head, kind), read_page
        for reader, read in READERS.items():
            yield f"{reader} of {kind}", lambda size, kind=kind: text_of(kind, size), read  # type: ignore[misc]


def _of_head(head: Callable[[str], str], kind: str) -> Callable[[int], object]:
    return lambda size: capture(f"<p>{WORDS * 9}</p>", head(markup(kind, size)))


class TooLong(BaseException):
    """A reader was ended; a library that keeps going after every Exception must not keep this one."""


@dataclass(frozen=True, slots=True)
class Growth:
    """One reader and one kind of input."""

    name: str
    seconds: tuple[float, ...]
    """By size; those after one that took too long are missing."""
    failure: str = ""
    """The error that ended it."""

    @property
    def ratio(self) -> float:
        """The largest of times to the time of a tenth of the input, of times that say something."""
        pairs = zip(self.seconds, self.seconds[1:], strict=False)
        return max(
            (after / max(before, _MIN_BASE_SECONDS) for before, after in pairs if after > _MIN_SECONDS), default=0.0
        )

    @property
    def is_steep(self) -> bool:
        """Whether the reader grows faster than n log n, or did not come to an end."""
        return bool(self.failure) or self.ratio > MAX_RATIO

    def __str__(self) -> str:
        times = " ".join(f"{1000 * seconds:9.1f}" for seconds in self.seconds)
        return f"{self.name:48} {self.ratio:5.1f}  {times} ms {self.failure}"


def measure(name: str, make: Callable[[int], object], read: Callable[[object], object]) -> Growth:
    """Time one reader on one kind of input of all sizes, the better of two times where they are short."""
    seconds: list[float] = []
    for size in SIZES:
        given = make(size)
        times: list[float] = []
        while len(times) < 2 and sum(times) < 0.1:
            signal.setitimer(signal.ITIMER_VIRTUAL, _MAX_SECONDS)
            start = time.process_time()
            try:
                read(given)
            except (Exception, TooLong) as error:  # noqa: BLE001  (whatever ends a reader is a result)
                return Growth(name, tuple(seconds), f"{type(error).__name__} at {size:,}")
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            times.append(time.process_time() - start)
            _forget()
        seconds.append(min(times))
    return Growth(name, tuple(seconds))


def _end(*_: object) -> None:
    raise TooLong


def _forget() -> None:
    """Let no reader remember the text that it is asked a second time."""
    for remembering in _REMEMBERING:
        remembering.cache_clear()


def measured(wanted: str = "") -> list[Growth]:
    """Measure what `wanted` names, everything else left empty; steep ones are printed as they are found."""
    before = signal.signal(signal.SIGVTALRM, _end)
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read_once = capture("<p>")
        extract(read_once)
        for name, make, read in cases():
            if wanted in name:
                found.append(measure(name, make, read))
                if found[-1].is_steep:
                    print(found[-1], flush=True)
    signal.signal(signal.SIGVTALRM, before)
    return found


def summary(found: list[Growth]) -> str:
    """The growth of all readers in a few sentences of Markdown."""
    ended = [growth for growth in found if len(growth.seconds) == len(SIZES)]
    slowest = max(ended, key=lambda growth: growth.seconds[-1])
    steepest = max(ended, key=lambda growth: growth.ratio)
    steep = [
        f"`{growth.name}` ({growth.failure or f'{growth.ratio:.0f} times'})" for growth in found if growth.is_steep
    ]
    return (
        f"{len(found)} readers and inputs of {', '.join(f'{size:,}' for size in SIZES)} characters: ten times as much "
        f"takes at most {steepest.ratio:.1f} times the time (`{steepest.name}`), the slowest "
        f"{slowest.seconds[-1]:.1f} s (`{slowest.name}`). Faster than n log n grow: {', '.join(steep) or 'none'}."
    )


def main(wanted: str = "") -> int:
    """Measure and print, the steepest first."""
    found = measured(wanted)
    print("\nname, ratio, time by size:")
    for growth in sorted(found, key=lambda growth: -growth.ratio)[:25]:
        print(growth)
    print(f"\n{summary(found)}")
    return int(any(growth.is_steep for growth in found))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
