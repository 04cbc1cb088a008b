"""A slip of the writer is caught before it reaches a file."""

from __future__ import annotations

import pytest

from archiver.errors import SeedRefused
from archiver.seeds import Edit, read, splice
from archiver.seeds.edit import Splice
from archiver.seeds.formats.writer import FrontWriter


@pytest.mark.parametrize("raw", ["+++\nv = 1.10\ntitle = ''\n+++\n", '---json\n{"v": 1.10, "title": ""}\n---\n'])
@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (0, 0, ""),
        (0, 0, "z = 1\n"),
        (5, 9, "1.1"),
        (5, 9, '"1.10"'),
        (0, 8, ""),
        (6, 10, "true"),
        (6, 10, "1.1"),
        (18, 20, "'U'"),
        (18, 20, "'T'\nx = 1"),
        (18, 20, "['T']"),
        (18, 20, "'T"),
        (22, 24, '"T", "x": 1'),
        (22, 24, '["T"]'),
        (22, 24, '"T'),
    ],
)
def test_a_slip_of_the_writer_is_caught(
    raw: str, start: int, end: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FrontWriter, "replace", lambda *_: Splice(start, end, text))
    with pytest.raises(SeedRefused, match="cannot be changed without touching something else"):
        splice(read("a.md", raw.encode()), [Edit("title", "T")])
