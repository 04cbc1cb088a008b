"""Our settings are read in one place: whoever reads one raw would read it unchecked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import archiver
from archiver.config.names import OUR_DEFAULTS

ROOT = Path(archiver.__file__).parent
READERS = {"get", "getbool", "getint", "getfloat", "getlist", "getdict", "getdictorlist", "getwithbase", "pop"}


def raw_reads(source: str) -> Iterator[str | None]:
    """What is read from something called settings; None for a name that is not written down there."""
    owner: ast.expr
    key: ast.expr | None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            owner, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            owner, key = node.func.value, node.args[0] if node.args else None
        else:
            continue
        if ast.unparse(owner).lower().endswith("settings"):
            yield str(key.value) if isinstance(key, ast.Constant) else None


def test_the_search_finds_every_way_to_read_one() -> None:
    source = "settings['A'], self._crawler.settings.getint('B'), crawler.settings.get(name), settings.set('C', 1)"
    assert list(raw_reads(source)) == ["A", "B", None]


def test_only_one_room_reads_a_setting_of_ours() -> None:
    others = [file for file in ROOT.rglob("*.py") if file.parent.name != "config"]
    assert len(others) > 100
    sources = {file: file.read_text("utf-8") for file in others}
    # To parse a thousand modules takes a second, and most of them name no settings.
    named = {file: source for file, source in sources.items() if "settings" in source.lower()}
    raw = {(str(file.relative_to(ROOT)), name) for file, source in named.items() for name in raw_reads(source)}
    assert {read for read in raw if read[1] is None or read[1] in OUR_DEFAULTS} == set()
