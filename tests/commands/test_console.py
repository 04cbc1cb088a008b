"""`seed-archiver` in folders that are no project, as a user meets it: nothing but a PATH in its environment."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from archiver.collection.file import FILE_NAME
from tests.conftest import FIXTURES, GIVEN_SEED, ROOT, tree

TITLE = b'title: "North Korea ratifies defence treaty with Russia amid Ukraine war"'
SCRIPT = "import sys; sys.path.insert(0, sys.argv.pop(1)); from archiver.commands.console import main; main()"
"""As the Makefile writes it; the script that pip makes imports the same function."""


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-P", "-c", SCRIPT, str(ROOT), *map(str, args)]


def own(*args: str | Path, cwd: Path, code: int = 0) -> tuple[str, str]:
    """Run `seed-archiver` in a folder; its output and its errors."""
    done = subprocess.run(
        command(*args), cwd=cwd, env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, f"{args}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout, done.stderr


def test_the_name_is_installed_with_the_package() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"seed-archiver": "archiver.commands.console:main"}
    assert SCRIPT in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_usage_and_messages_carry_its_name(tmp_path: Path) -> None:
    said, _ = own(cwd=tmp_path)
    assert said.startswith("Usage: seed-archiver COMMAND")
    assert all(f"\n  {name} " in said for name in ("audit", "config", "crawl", "refresh", "status"))
    said, _ = own("audit", "--help", cwd=tmp_path)
    assert "seed-archiver audit [options] [PATH ...]" in said
    _, errors = own("audit", cwd=tmp_path, code=1)
    assert errors.startswith("seed-archiver audit: seeds does not exist; name ")
    _, errors = own("audti", cwd=tmp_path, code=2)
    assert errors == "seed-archiver: there is no command audti; did you mean audit?\n"
    assert tree(tmp_path) == {}


def test_a_folder_of_somebody_else_loads_no_code(tmp_path: Path) -> None:
    (folder := tmp_path / "blog").mkdir()
    shutil.copyfile(GIVEN_SEED, folder / "one.md")
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')\nSPIDER_MODULES = []\n"
    for name in ("evil", "archiver", "yaml", "settings", "sitecustomize"):
        (folder / f"{name}.py").write_text(trap)
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = evil\n")
    own("audit", ".", cwd=folder, code=2)
    said, _ = own("list", cwd=folder)
    assert "bangkokpost" in said.splitlines()
    (folder / FILE_NAME).write_text('seeds = "."\n[settings]\nEXTENSIONS = { "evil.X" = 1 }\n')
    for name in ("audit", "list"):
        _, errors = own(name, cwd=folder, code=1)
        assert errors.startswith(f"seed-archiver {name}: {FILE_NAME}, line 3: [settings] may not set EXTENSIONS")
        assert errors.count("\n") == 1
    assert not (tmp_path / "sprung").exists()


def test_posts_are_repaired_by_the_file_of_a_folder_above(tmp_path: Path) -> None:
    (below := tmp_path / "content" / "drafts").mkdir(parents=True)
    shutil.copyfile(GIVEN_SEED, tmp_path / "content" / "one.md")
    (tmp_path / FILE_NAME).write_text('preset = "hugo"\n[settings]\nARCHIVE_DIR = "kept"\n')
    said, _ = own("crawl", "seeds", "-s", f"REPLAY={FIXTURES}", "-O", "results.jsonl", cwd=below)
    assert re.search(r"^written +1$", said, re.MULTILINE)
    assert TITLE in (tmp_path / "content" / "one.md").read_bytes().splitlines()
    assert set(tree(tmp_path)) == {FILE_NAME, "content/one.md", "content/drafts/results.jsonl"}
