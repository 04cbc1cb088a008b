"""Patches are what git takes, byte for byte."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from archiver.text.patches import unified_patch

LINES = [
    b"a\n", b"b\n", b"\n", b"a\r\n", b"\xef\xbb\xbf---\n", b"\xff\xfe\n", b"form\x0cfeed\n", b"x\x1cy\x85z\n", b" b\n",
    "สวัสดี\u2028\u202e\n".encode(), b"-- a\n", b"++ b\n", b"@@ -1 +1 @@\n", b"carriage\rreturn\n", b"\\ No newline\n",
]  # fmt: skip
NAMES = [
    "plain.md", "sp ace.md", '"quoted".md', "back\\slash.md", "new\nline.md", "tab\tbed.md", "\x1b[2J.md", "*.md",
    "日本語/สวัสดี café.md", "-rf.md", "a/b/c.md", "'; touch x; '.md", "trailing ", "\x7f.md",
]  # fmt: skip


def test_git_applies_what_is_written_here(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311  (no secret)

    def content() -> bytes:
        lines = b"".join(chance.choices(LINES, k=chance.randrange(1, 12)))
        return lines if chance.random() < 0.7 else lines + b"no end"

    patch, wanted = b"", {}
    for name in [*NAMES, *(f"{number}.md" for number in range(200))]:
        file, before, after = tmp_path / name, content(), content()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(before)
        patch += unified_patch(name.encode(), before, after)
        wanted[file] = after
    subprocess.run(["git", "apply", "--whitespace=nowarn"], cwd=tmp_path, input=patch, check=True)
    assert {file: file.read_bytes() for file in wanted} == wanted


def test_names_are_quoted_as_git_quotes_them(tmp_path: Path) -> None:
    for name in NAMES:
        folder = tmp_path / str(NAMES.index(name))
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_bytes(b"old\n")
        git = ["git", "-C", str(folder), "-c", "core.quotePath=true"]
        subprocess.run([*git, "init", "--quiet"], check=True)
        subprocess.run([*git, "add", "--all"], check=True)
        (folder / name).write_bytes(b"new\n")
        theirs = subprocess.run([*git, "diff", "--no-color"], capture_output=True, check=True).stdout.splitlines()
        ours = unified_patch(name.encode(), b"old\n", b"new\n").splitlines()
        assert ours == [line for line in theirs if not line.startswith(b"index ")], name


def test_what_is_the_same_has_no_patch() -> None:
    assert unified_patch(b"a.md", b"a\n", b"a\n") == b""
