"""Files of an archive brought together and written again: what is found in it afterwards."""

from __future__ import annotations

import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.archive.upkeep.compact import compact
from archiver.archive.upkeep.merged import OriginalNames
from archiver.archive.upkeep.prune import choose, parse_keep, prune
from archiver.archive.upkeep.verify import verify
from tests.archive.upkeep.made import SITE, VISITS, Visit, answers, fill

URLS = [f"{SITE}/{name}" for name in "abc"]
FILES = st.lists(st.tuples(VISITS.filter(bool), st.booleans(), st.booleans()), min_size=1, max_size=4)


@settings(max_examples=10, deadline=None)
@given(FILES, st.integers(400, 9000))
def test_brought_together_every_capture_reads_as_before(
    files: list[tuple[list[Visit], bool, bool]], max_bytes: int
) -> None:
    with tempfile.TemporaryDirectory() as name, closing(fill(Path(name), files)) as archive:
        before, order = answers(archive, URLS), [archive.captures(url) for url in URLS]
        spare = max_bytes + (1 << 14)
        written = {
            place: one.file for url in URLS for one in archive.captures(url) if (place := (url, one.captured_at))
        }
        done = compact(archive, spare)
        names = OriginalNames(archive.warcs)
        assert {(url, o.captured_at): names.of(o) for url in URLS for o in archive.captures(url)} == written
        assert answers(archive, URLS) == before
        assert [[strip(one) for one in archive.captures(url)] for url in URLS] == [list(map(strip, o)) for o in order]
        assert not done.left
        assert all(file.stat().st_size <= spare for file in archive.files())
        # The index that was brought up says what one made anew says.
        archive.refresh(again=True)
        assert answers(archive, URLS) == before
        assert compact(archive, spare).moved == 0 or done.after < done.before


@settings(max_examples=14, deadline=None)
@given(FILES, st.sampled_from(["first", "last", "yearly", "changed", "first,last", "last,changed"]))
def test_what_stays_after_a_pruning_reads_as_before(files: list[tuple[list[Visit], bool, bool]], keep: str) -> None:
    with tempfile.TemporaryDirectory() as name, closing(fill(Path(name), files)) as archive:
        before, damages = answers(archive, URLS), len(verify(archive).damages)
        choice = choose(archive, parse_keep(keep), lambda capture: False)
        stay = {
            (url, one.captured_at)
            for url in URLS
            for one in archive.captures(url)
            if one.status != 304 and (one.file, one.offset) not in choice.dropped
        }
        freed = prune(archive, choice)
        after = answers(archive, URLS)
        assert set(after) == stay
        for place in stay:
            assert same(after[place], before[place])
        assert freed.captures == len(choice.dropped)
        assert len(verify(archive).damages) <= damages
        for url in URLS:
            good = [at for (one, at), answer in before.items() if one == url and answer and answer.status == 200]
            assert not good or any(archive.find(url, at).status == 200 for at in good)  # type: ignore[union-attr]
        assert not choose(archive, parse_keep(keep), lambda capture: False).dropped


def strip(capture: object) -> object:
    return replace(capture, file="", offset=0, length=0)  # type: ignore[type-var]


def same(one: object, other: object) -> bool:
    """Whether two answers are, but for how the record came to have its payload."""
    if one is None or other is None:
        return one is other
    unsaid = {"kind": "response", "refers_to": ("", ""), "refers_to_id": ""}
    return replace(one, **unsaid) == replace(other, **unsaid)  # type: ignore[type-var]
