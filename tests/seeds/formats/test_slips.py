"""A slip of the writer, or of a scanner, is caught before it reaches a file."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

from archiver.errors import SeedRefused, SeedUnreadable
from archiver.seeds import Edit, read, splice
from archiver.seeds.edit import Splice
from archiver.seeds.formats import json_language, toml_language
from archiver.seeds.formats.json_spans import locate_json
from archiver.seeds.formats.spans import Spans
from archiver.seeds.formats.toml_spans import locate_toml
from archiver.seeds.formats.writer import FrontWriter

TOML = "v = 1.10\ntitle = ''\n"
JSON = '{"v": 1.10, "title": ""}\n'
SLIPS = {
    TOML: (
        TOML,
        "v = 1.10\ntitle = 'U'\n",
        "v = 1.10\ntitle = ['T']\n",
        "v = 1.10\ntitle.x = 'T'\n",
        "v = 1.10\ntitle = 'T\n",
        "v = 1.1\ntitle = 'T'\n",
        "v = '1.10'\ntitle = 'T'\n",
        "title = 'T'\n",
        "title = 'T'\nv = 1.10\n",
        "v = 1.10\ntitle = 'T'\nx = 1\n",
        "v = 1.10\ntitle = 'T'\n[x]\n",
        "v = 1.10\ntitle = 'T'\n+++\n",
    ),
    JSON: (
        JSON,
        '{"v": 1.10, "title": "U"}\n',
        '{"v": 1.10, "title": ["T"]}\n',
        '{"v": 1.10, "title": {"x": "T"}}\n',
        '{"v": 1.10, "title": "T}\n',
        '{"v": 1.1, "title": "T"}\n',
        '{"v": "1.10", "title": "T"}\n',
        '{"title": "T"}\n',
        '{"title": "T", "v": 1.10}\n',
        '{"v": 1.10, "title": "T", "x": null}\n',
        '{"v": 1.10, "title": "T"}\n---\n',
    ),
}


def _document(front: str) -> bytes:
    return (f"+++\n{front}+++\n" if front.startswith("v") else f"---json\n{front}---\n").encode()


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, slips in SLIPS.items() for new in slips])
def test_a_slip_of_the_writer_is_caught(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FrontWriter, "replace", lambda *_: Splice(0, len(old), new))
    with pytest.raises(SeedRefused, match="`title` cannot be changed without touching something else"):
        splice(read("a.md", _document(old)), [Edit("title", "T")])


@pytest.mark.parametrize(
    ("front", "module", "locate"),
    [(TOML, toml_language, locate_toml), (JSON, json_language, locate_json)],
)
def test_a_slip_of_a_scanner_is_caught(
    front: str, module: ModuleType, locate: Callable[[str], Spans], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, locate.__name__, lambda text: Spans(locate(text).sections, locate(text).items[:-1]))
    with pytest.raises(SeedUnreadable, match="see different keys in its front matter"):
        read("a.md", _document(front))
