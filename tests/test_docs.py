"""The documents are true: the guide is followed, the README's output is made again, what they name exists."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archiver import settings as ours
from tests.conftest import ROOT, collection, scrapy

DOCUMENTS = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```\n", re.DOTALL)


def project(folder: Path) -> Path:
    """A copy of the project that a test may write to."""
    for name in ("archiver", "fixtures", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
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
    for command in commands:
        # A reader's pytest takes all fixtures; the new one is enough here.
        part = f"{command} -p no:cacheprovider -k nordblatt" if command.startswith("pytest") else command
        done = subprocess.run(part, shell=True, cwd=copy, env=env, capture_output=True, text=True, check=False)  # noqa: S602
        assert done.returncode == 0, f"{part}\n{done.stdout}\n{done.stderr}"


def test_the_readme_shows_what_the_program_prints(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```console\n\$ scrapy (.*?)\n(.*?)```", readme, re.DOTALL)
    command, output = shown
    run = scrapy(*command.replace("'", "").split(), cwd=project(tmp_path))
    assert run.code == 0
    assert [line.rstrip() for line in run.stdout.splitlines()] == [line.rstrip() for line in output.splitlines()]
    assert len(readme.splitlines()) <= 100


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


def test_every_setting_of_ours_says_why() -> None:
    source = (ROOT / "archiver" / "settings.py").read_text(encoding="utf-8")
    own = set(vars(ours)) - set(Settings()) - {"annotations", "Any"}
    names = {name for name in own if name.isupper()}
    assert {"SEEDS_DIR", "REPLAY", "DRY_RUN"} <= names
    for name in names:
        assert re.search(rf'^{name}\b[^\n]*(?:\n[^\n]+)*?\n"""', source, re.MULTILINE), name
