"""The documents are true: the guide is followed, the README's output is made again, what they name exists."""

from __future__ import annotations

import ast
import contextlib
import doctest
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archiver import settings as ours
from tests.conftest import FIXTURES, ROOT, collection, scrapy
from tests.support.preloaded import PreloadedScrapy

PACKAGE = ROOT / "archiver"
DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))
WRAPPED = [document for document in DOCUMENTS if document.name != "CHANGELOG.md"]
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)
OTHERS = {"Response"}
"""Scrapy's own names in the drawings."""

_SPAN = re.compile(r"`([^`\n]+)`")
_MODULE = re.compile(r"[\w/]+\.py")
_NAME = re.compile(r"\w+(?:\.\w+)*")


def project(folder: Path) -> Path:
    """A copy of the project without its fixtures: a reader's pytest takes them all, the new ones are enough here."""
    for name in ("archiver", "tests"):
        # With what is compiled of it: a process in the copy would compile it again.
        shutil.copytree(ROOT / name, folder / name)
    for name in ("scrapy.cfg", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    collection(folder / "seeds")
    return folder


def test_the_guide_to_a_new_publisher_works_as_written(tmp_path: Path) -> None:
    copy = project(tmp_path)
    guide = (ROOT / "docs" / "add-a-publisher.md").read_text(encoding="utf-8")
    files = _FILE.findall(guide)
    assert len(files) == 8
    for name, content in files:
        file = copy / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    commands = [
        line for block in re.findall(r"```sh\n(.*?)```", guide, re.DOTALL) for line in block.splitlines() if line
    ]
    assert any(command.startswith("scrapy crawl nordblatt") for command in commands)
    assert any(command.startswith("pytest") for command in commands)
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    @cache  # what two lines of the guide search in is printed once
    def run(command: str, stdin: str | None = None) -> str:
        if command.startswith("scrapy "):
            run = scrapy(*shlex.split(command)[1:], cwd=copy, forks=forks)
            assert run.code == 0, f"{command}\n{run.stdout}\n{run.stderr}"
            return run.stdout
        done = subprocess.run(  # noqa: S602
            command, shell=True, cwd=copy, env=env, input=stdin, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    with contextlib.closing(PreloadedScrapy(copy)) as forks:
        for command in commands:
            whole = f"{command} -p no:cacheprovider -k nordblatt" if command.startswith("pytest") else command
            first, _, search = whole.partition(" | ")
            said = run(first)
            if search:
                run(search, said)


def test_the_readme_shows_what_the_program_prints(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```console\n\$ scrapy (.*?)\n(.*?)```", readme, re.DOTALL)
    command, output = shown
    (tmp_path / "fixtures").symlink_to(FIXTURES)
    shutil.copyfile(ROOT / "scrapy.cfg", tmp_path / "scrapy.cfg")
    collection(tmp_path / "seeds")
    run = scrapy(*shlex.split(command), cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    assert run.code == 0
    printed = run.stdout + run.stderr  # a terminal shows both
    assert [line.rstrip() for line in printed.splitlines()] == [line.rstrip() for line in output.splitlines()]
    assert len(readme.splitlines()) <= 130
    assert all(f"\n    {command} " in readme for command in ("make crawl", "make test"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:`|^ {4}|^\$ )make ([a-z][\w-]+)", text, re.MULTILINE)) <= set(targets)
    known = {*vars(ours), *Settings()}
    assert set(re.findall(r"-s ([A-Z_]+)=", text)) <= known
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)):
        assert (document.parent / link).exists(), link
    for path in re.findall(r"`((?:archiver|docs|tests|fixtures)/[\w./-]+\.(?:py|md|json))`", text):
        assert (ROOT / path).exists() or "nordblatt" in path, path


def test_what_the_page_on_security_names_as_a_test_is_one() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    promises = re.findall(r"^\| (\*\*.+?) \| (.+) \|$", text, re.MULTILINE)
    assert len(promises) > 20
    for promise, tests in promises:
        names = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", tests)
        assert names, promise
        assert len(names) == tests.count("`") / 2, promise
        for file, name in names:
            assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8"), name


def test_what_the_page_on_security_names_as_a_limit_is_one() -> None:
    limits = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("## Limits")[2].partition("## ")[0]
    named = set(re.findall(r"`([A-Z_]+)`", limits))
    assert {"DOWNLOAD_MAXSIZE", "EXTRACT_TIMEOUT"} <= named
    assert named - {name for name in vars(ours) if name.isupper()} == set()


def test_every_setting_of_ours_says_why() -> None:
    source = (ROOT / "archiver" / "settings.py").read_text(encoding="utf-8")
    own = set(vars(ours)) - set(Settings()) - {"annotations", "Any"}
    names = {name for name in own if name.isupper()}
    assert {"SEEDS_DIR", "REPLAY", "DRY_RUN"} <= names
    for name in names:
        assert re.search(rf'^{name}\b[^\n]*(?:\n[^\n]+)*?\n"""', source, re.MULTILINE), name


@cache
def names_in(file: Path) -> frozenset[str]:
    """Functions, classes, methods, fields and module variables that a file defines, methods and fields as Class.x."""
    return frozenset(_defined(ast.parse(file.read_text(encoding="utf-8")), ""))


def _defined(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + statement.name
        elif isinstance(statement, ast.ClassDef):
            yield prefix + statement.name
            yield from _defined(statement, f"{prefix}{statement.name}.")
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            yield from (prefix + target.id for target in targets if isinstance(target, ast.Name))


def missing_names(text: str) -> list[str]:
    """The files that a text names and that do not exist, and the names that none of its files defines."""
    spans = _SPAN.findall(text)
    files = [span for span in spans if _MODULE.fullmatch(span)]
    lost = [file for file in files if not (PACKAGE / file).is_file()]
    defined = {name for file in files if file not in lost for name in names_in(PACKAGE / file)}
    names = [span for span in spans if _NAME.fullmatch(span) and span not in files]
    return [*lost, *(name for name in names if name not in defined)]


def sections(document: str) -> list[str]:
    return re.split(r"^## ", (ROOT / "docs" / document).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]


def test_what_the_tour_names_stands_in_the_file_that_it_names() -> None:
    stops = sections("tour.md")
    assert len(stops) == 10
    assert {stop.split(".")[0]: missing_names(stop) for stop in stops if missing_names(stop)} == {}


def test_what_the_glossary_names_stands_in_the_file_that_it_names() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 30
    assert all(_MODULE.search(row[-1]) for row in rows)
    assert {row[0]: missing_names(row[-1]) for row in rows if missing_names(row[-1])} == {}


def _drawings() -> dict[str, str]:
    models = ast.get_docstring(ast.parse((PACKAGE / "models" / "__init__.py").read_text(encoding="utf-8"))) or ""
    drawn = {"models/__init__.py": models, "design.md": DESIGN.partition("## The rooms")[0]}
    return {name: "\n".join(re.findall(r"^ {4}.*$", text, re.MULTILINE)) for name, text in drawn.items()}


@pytest.mark.parametrize("place", ["models/__init__.py", "design.md"])
def test_what_a_drawing_names_exists(place: str) -> None:
    defined = {name for file in PACKAGE.rglob("*.py") for name in names_in(file)}
    drawing = _drawings()[place]
    classes = set(re.findall(r"\b[A-Z]\w+", drawing))
    arrows = set(re.findall(r"─(\w+)[─→]", drawing))
    assert "Capture" in classes
    assert "extract" in arrows
    assert classes - defined - OTHERS == set()
    assert arrows - {name.rpartition(".")[2] for name in defined} == set()


def test_what_the_drawings_of_modules_name_exists() -> None:
    defined = {name for file in PACKAGE.rglob("*.py") for name in names_in(file)}
    for file in PACKAGE.rglob("*.py"):
        said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        drawing = "\n".join(line for line in said.splitlines() if "─" in line)
        names = re.findall(r"\b[A-Z]\w*[a-z]\w*\.\w+|\b[A-Z][a-z]+[A-Z]\w+", drawing)
        assert set(names) - defined == set(), file


def test_every_room_of_the_design_exists_and_is_in_it() -> None:
    rows = re.findall(r"^\| (`.+?`) \|", DESIGN, re.MULTILINE)
    named = {name.strip("/") for row in rows for name in _SPAN.findall(row)}
    there = {path.name for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert named - there == set()
    assert there - named - {"__init__.py", "settings.py"} == set()


def test_every_decision_has_its_number_and_its_line_in_the_index() -> None:
    listed = dict(re.findall(r"^- (D\d+) (.+)$", DESIGN, re.MULTILINE))
    made = re.findall(r"^\*\*(D\d+)\. (.+?)\*\*", DESIGN, re.MULTILINE | re.DOTALL)
    decisions = DESIGN.partition("## Decisions")[2].partition("## The interface")[0]
    assert len(re.findall(r"^\*\*", decisions, re.MULTILINE)) == len(made)
    assert [number for number, _ in made] == [f"D{count}" for count in range(1, len(made) + 1)]
    assert listed == {number: " ".join(title.split()).rstrip(".,") for number, title in made}


def test_every_decision_that_is_referred_to_exists() -> None:
    made = set(re.findall(r"^\*\*(D\d+)\.", DESIGN, re.MULTILINE))
    said = {
        (file.relative_to(ROOT).as_posix(), number)
        for file in PACKAGE.rglob("*.py")
        for number in re.findall(r"design\.md (D\d+)", file.read_text(encoding="utf-8"))
    }
    for document in ("tour.md", "glossary.md", "design.md"):
        text = (ROOT / "docs" / document).read_text(encoding="utf-8")
        said |= {(document, number) for number in re.findall(r"\bD\d+\b", text)}
    assert len({file for file, _ in said}) > 12
    assert [(file, number) for file, number in sorted(said) if number not in made] == []


def _prose(document: Path) -> str:
    return re.sub(r"^```.*?^```", "", document.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", WRAPPED, ids=lambda path: path.name)
def test_lines_wrap_at_120(document: Path) -> None:
    # Pages, output and values of settings are shown as they are; a row of a table is one line.
    text = _prose(document)
    long = [line for line in text.splitlines() if len(line) > 120 and not line.startswith(("|", "Default: `"))]
    assert long == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_in_a_document_exists(document: Path) -> None:
    made = {name for name, _ in _FILE.findall(document.read_text(encoding="utf-8"))}
    paths = set(re.findall(r"(?<![\w/.*])(?:[\w-]+/)+[\w.-]*\.(?:py|md|toml|yml|json)\b", _prose(document))) - made
    roots = (ROOT, PACKAGE, document.parent)
    assert {path for path in paths if not any((root / path).exists() for root in roots)} == set()


@pytest.mark.parametrize(
    "file",
    [file for file in sorted(PACKAGE.rglob("*.py")) if ">>> " in file.read_text(encoding="utf-8")],
    ids=lambda file: file.relative_to(PACKAGE).as_posix(),
)
def test_the_examples_of_docstrings_are_true(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    failed, tried = doctest.testmod(module)
    assert tried > 0
    assert failed == 0, capsys.readouterr().out
