"""A site of ours whose pictures lie in the archive: what a run with IMAGE_LINKS=local makes of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from archiver.archive.archive import Archive
from archiver.archive.warc.records import Exchange
from archiver.archive.writer import ArchiveWriter
from tests.conftest import seed_archiver, tree
from tests.support.pictures import AT, keep_pictures, png

HOST = "https://news.example"
PROSE = "The council met on Monday and decided to rebuild the old bridge before the winter comes. " * 4
PAGE = (
    "<title>The bridge is rebuilt</title><meta property='og:image' content='/lead.jpg'><body><h1>The bridge is rebuilt"
    f"</h1><article><p>{PROSE}</p></article></body>"
)
POST = (
    f"---\ntitle: The bridge is rebuilt\nsource_url: {HOST}/bridge\nimage: ''\ndraft: false\n---\n\n{PROSE}\n\n"
    f'![Boats]({HOST}/boat.png "A boat")\n\n'
    f'<img class=lazy src="/pixel.gif" data-src="{HOST}/lazy.jpg?w=9&amp;h=6">\n\n'
    f"![Mine](https://github.com/user-attachments/assets/5fd0) ![Ours](/images/own.png) ![Gone]({HOST}/gone.jpg)\n\n"
    f"```\n![Code]({HOST}/boat.png)\n```\n"
)
BUNDLE = f"---\ntitle: A boat\nsource_url: {HOST}/bridge\nimage: {HOST}/boat.png\ndraft: false\n---\n\n{PROSE}\n"


def git(folder: Path, *args: str) -> str:
    done = subprocess.run(["git", "-C", folder, *args], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A Hugo site in git, with an archive that has its page and pictures."""
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    (tmp_path / "archive").mkdir()
    archive = Archive(tmp_path / "archive")
    writer = ArchiveWriter(archive, {}, 10**9)
    writer.keep(Exchange(f"{HOST}/bridge", AT, 200, "text/html", b"GET / HTTP/1.1\r\n\r\n", page, PAGE.encode()))
    writer.close()
    archive.close()
    keep_pictures(
        tmp_path / "archive",
        {
            f"{HOST}/lead.jpg": png(1), f"{HOST}/boat.png": png(2), f"{HOST}/lazy.jpg?w=9&h=6": png(3),
            "https://github.com/user-attachments/assets/5fd0": png(4),
        },
    )  # fmt: skip
    (tmp_path / "seed-archiver.toml").write_text(
        'preset = "hugo"\n[settings]\nREVIEW_BELOW = 0\nIMAGE_LINKS = "local"\n'
    )
    (tmp_path / ".gitignore").write_text("archive/\n")
    for name, post in {"bridge.md": POST, "boat/index.md": BUNDLE}.items():
        file = tmp_path / "content" / "posts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(post)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.name", "Ann")
    git(tmp_path, "config", "user.email", "ann@example.org")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message=Begin")
    return tmp_path


def files(site: Path) -> dict[str, bytes]:
    return {name: content for name, content in tree(site).items() if not name.startswith((".git", "archive"))}


def test_a_site_gets_its_pictures_and_names_them(site: Path) -> None:
    before = files(site)
    run = ("crawl", "seeds", "-s", "REPLAY=archive")
    dry = seed_archiver(*run, "-s", "DRY_RUN=1", cwd=site)
    assert dry.code == 0, dry.stderr
    assert "+![Boats](/images/boat-" in dry.stdout
    assert files(site) == before

    done = seed_archiver(*run, "--commit", "-O", "archive/results.jsonl", cwd=site)
    assert done.code == 0, done.stderr
    after = files(site)
    made = {content: name for name, content in after.items() if name not in before}
    lead, boat, lazy = (made[png(number)].removeprefix("static") for number in (1, 2, 3))
    bundled = next(name for name in after if name.startswith("content/posts/boat/boat-"))
    assert sorted(made.values()) == sorted(f"static{name}" for name in (lead, boat, lazy))
    assert after["content/posts/bridge.md"].decode() == (
        POST.replace("image: ''", f"image: {lead}")
        .replace(f"[Boats]({HOST}/boat.png", f"[Boats]({boat}")
        .replace(f"{HOST}/lazy.jpg?w=9&amp;h=6", lazy)
    )
    assert after[bundled] == png(2)
    assert after["content/posts/boat/index.md"].decode() == BUNDLE.replace(f"{HOST}/boat.png", Path(bundled).name)
    assert git(site, "status", "--porcelain") == ""
    committed = set(git(site, "show", "--format=", "--name-only").splitlines())
    assert committed == {*made.values(), bundled, "content/posts/bridge.md", "content/posts/boat/index.md"}
    said = (site / "archive" / "results.jsonl").read_text()
    assert f"Pictures that stay where they are: {HOST}/gone.jpg (it is not in the archive)." in said

    undo = seed_archiver("undo", "last", cwd=site)
    assert (undo.code, undo.stderr) == (0, "")
    assert f"pictures stay where they are: {boat}, " in undo.stdout
    refused = seed_archiver(*run, cwd=site)
    assert refused.code == 0, refused.stderr
    decided = {name for name in files(site) if "decisions" in name}
    assert {name: files(site)[name] for name in after.keys() | before.keys()} == after | before
    assert files(site).keys() == after.keys() | decided
