"""Every number that a module of the archiver names says its quantity and its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "archiver"
MODULES = sorted(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "settings.py")
"""The settings have a page of the docs and a test of their own."""

WORDS = frozenset(
    "MAX MIN PER BYTES SECONDS DAY MICROSECOND LETTERS WORDS LINES ROWS SEEDS SHARE FACTOR WEIGHT LEVEL AGE PRIORITY"
    " TIME WAIT".split()
)
"""What a name says: a side (MAX, MIN), a unit, or a quantity."""


def _is_number(value: ast.expr) -> bool:
    """Whether an expression is a number, a length of time, or a tuple or arithmetic of these, all written out."""
    match value:
        case ast.Constant(value=int() | float()):
            return not isinstance(value.value, bool)
        case ast.UnaryOp(operand=operand):
            return _is_number(operand)
        case ast.BinOp(left=left, right=right):
            return _is_number(left) and _is_number(right)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return bool(parts) and all(map(_is_number, parts))
        case ast.Call(func=ast.Name(id="timedelta") | ast.Attribute(attr="timedelta")):
            return all(map(_is_number, (*value.args, *(keyword.value for keyword in value.keywords))))
    return False


def _is_code(name: str) -> bool:
    """Whether a name is that of a number which is looked up and not chosen: it has no side, and no unit."""
    return name.startswith("EXIT_") or name.endswith(("VERSION", "APPLICATION_ID", "NOT_MODIFIED"))


def _constants(source: str) -> Iterator[tuple[str, int, str]]:
    """The names of the numbers of a module, with line and docstring."""
    body = ast.parse(source).body
    for statement, following in zip(body, [*body[1:], None], strict=True):
        match statement:
            case ast.Assign(targets=[target], value=value) if _is_number(value):
                pass
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _is_number(value):
                pass
            case _:
                continue
        docstring = ""
        match following:
            case ast.Expr(value=ast.Constant(value=str(text))):
                docstring = text
        for name in ast.walk(target):
            if isinstance(name, ast.Name):
                yield name.id, statement.lineno, docstring


def _faults(source: str) -> list[str]:
    """What the constants of a module lack."""
    found = []
    for name, line, docstring in _constants(source):
        if _is_code(name):
            continue
        if WORDS.isdisjoint(name.split("_")):
            found.append(f"line {line}: {name} says neither side, unit nor quantity, such as _MAX_TITLE_LETTERS")
        if not docstring.strip():
            found.append(f"line {line}: {name} has no docstring below it: unit, what breaks one step lower, how found")
    return found


def test_every_number_has_quantity_and_reason() -> None:
    faults = [
        f"{file.relative_to(PACKAGE.parent)}, {fault}"
        for file in MODULES
        for fault in _faults(file.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ('_MAX_TITLE_LETTERS = 300\n"""Characters."""\n', 0),
        ("_MAX_TITLE_LETTERS = 300\n", 1),
        ('_LONGEST = 300\n"""Characters."""\n', 1),
        ("_LONGEST: int = 5 * 1024\n", 2),
        ("_LONGEST = timedelta(days=1)\n", 2),
        ("_SHORT, _LONG = 1, -2\n", 4),
        ("EXIT_DONE, EXIT_MISSED = 0, 2\n", 0),
        ("_LIVE = True\n_NAME = 'x'\n_TWICE = 2 * _OTHER\n", 0),
    ],
)
def test_what_counts_as_a_fault(source: str, faults: int) -> None:
    assert len(_faults(source)) == faults
