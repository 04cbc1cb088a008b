"""What the parts of a run share is held by its crawler, so that nothing of one run is left for the next."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import archiver

ROOT = Path(archiver.__file__).parent


def weak_names(source: str) -> set[str]:
    """Return the names in a module by which objects are looked up in a registry of weak references."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names |= {alias.name for node in nodes if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names}
    return {name for name in names if name.startswith("Weak") or name == "weakref"}


@pytest.mark.parametrize("source", ["import weakref", "from weakref import WeakKeyDictionary as D", "x.WeakSet()"])
def test_the_search_finds_every_way_to_make_one(source: str) -> None:
    assert weak_names(source)


def test_no_module_has_a_registry_of_runs() -> None:
    files = list(ROOT.rglob("*.py"))
    assert len(files) > 100
    sources = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}
    # To parse a thousand modules takes a second, and most of them have no such name.
    found = {file: weak_names(source) for file, source in sources.items() if "weak" in source.lower()}
    # Of one run, which its crawler holds: it asks when a request is forgotten.
    asks = {"downloader/large_answers.py": {"weakref", "WeakSet"}}
    assert {file: names for file, names in found.items() if names} == asks
