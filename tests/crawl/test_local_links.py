"""A site of ours whose pictures are fetched: what a run with IMAGE_LINKS=local makes of it, and what undo does."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver import decisions
from archiver.crawl.pictures.local_links import SeedLinks
from archiver.repair.pictures.local_pictures import LocalPictures
from archiver.repair.pictures.places import PicturePlaces
from archiver.seeds.store import SeedStore
from tests.conftest import seed_archiver, tree
from tests.images.pictures import even, picture
from tests.support.servers import Answer, Site

PROSE = "The council met on Monday and decided to rebuild the old bridge before the winter comes. " * 4
HTML = {"Content-Type": "text/html", "ETag": '"1"'}
JPEG = {"Content-Type": "image/jpeg"}
LIVE = (
    "crawl", "seeds", "-s", "PRIVATE_HOSTS=1", "-s", "WAYBACK=0", "-s", "DOWNLOAD_DELAY=0.001", "-s", "RETRY_ENABLED=0",
    "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "IMAGES=all",
)  # fmt: skip


def page(site: Site) -> str:
    return (
        f"<title>The bridge is rebuilt</title><meta property='og:image' content='{site.url('/lead.jpg')}'><body>"
        f"<h1>The bridge is rebuilt</h1><article><p>{PROSE}</p></article></body>"
    )


def post(root: str, path: str) -> str:
    return (
        f"---\ntitle: The bridge is rebuilt\nsource_url: {root}{path}\nimage: ''\ndraft: false\n---\n\n{PROSE}\n\n"
        f'![Boats]({root}/boat.jpg "A boat")\n\n'
        f'<img class=lazy src="/pixel.gif" data-src="{root}/lazy.jpg?w=9&amp;h=6">\n\n'
        f"![Mine](http://127.0.0.2:9/own.jpg) ![Ours](/images/own.png) ![Gone]({root}/gone.jpg)\n\n"
        f"![Even]({root}/even.png) `![Code]({root}/boat.jpg)`\n"
    )


def git(folder: Path, *args: str) -> str:
    return subprocess.run(["git", "-C", folder, *args], capture_output=True, text=True, check=True).stdout


@dataclass
class Blog:
    """A Hugo site in git, and the site that its posts are from."""

    folder: Path
    source: Site

    def files(self) -> dict[str, bytes]:
        return {name: body for name, body in tree(self.folder).items() if not name.startswith((".git", "archive"))}


@pytest.fixture
def blog(tmp_path: Path) -> Iterator[Blog]:
    with Site({}) as source:
        for name in ("bridge", "boat"):
            source.pages[f"/{name}"] = Answer(page(source).encode(), headers=HTML)
        for number, name in enumerate(("lead.jpg", "boat.jpg", "lazy.jpg?w=9&h=6"), start=1):
            source.pages[f"/{name}"] = Answer(picture(number), headers=JPEG)
        source.pages["/even.png"] = Answer(even((600, 400)))
        (tmp_path / "seed-archiver.toml").write_text(
            'preset = "hugo"\n[settings]\nREVIEW_BELOW = 0\nIMAGE_LINKS = "local"\nIMAGE_OWN_HOSTS = ["127.0.0.2"]\n'
        )
        (tmp_path / ".gitignore").write_text("archive/\n")
        for name, path in {"bridge.md": "/bridge", "boat/index.md": "/boat"}.items():
            file = tmp_path / "content" / "posts" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(post(source.url(""), path))
        for args in (
            ["init"],
            ["config", "user.name", "Ann"],
            ["config", "user.email", "a@example.org"],
            ["add", "-A"],
        ):
            git(tmp_path, *args)
        git(tmp_path, "commit", "--quiet", "--message=Begin")
        yield Blog(tmp_path, source)


def test_a_site_gets_its_pictures_and_names_them(blog: Blog) -> None:
    site, root, before = blog.folder, blog.source.url(""), blog.files()
    done = seed_archiver(*LIVE, "--commit", "-O", "archive/results.jsonl", cwd=site)
    assert (done.code, done.stderr) == (0, "")
    after = blog.files()
    made = [name for name in after if name not in before]
    expected = dict(before)
    for seed, folder, prefix in (
        ("content/posts/bridge.md", "static/images", "/images/"),
        ("content/posts/boat/index.md", "content/posts/boat", ""),
    ):
        names = {}
        for number, word in enumerate(("lead", "boat", "lazy"), start=1):
            (name,) = (name for name in made if Path(name).parent == Path(folder) and f"/{word}-" in name)
            names[word] = prefix + Path(name).name
            expected[name] = after[name]
            assert Path(name).suffix == ".png" or after[name].startswith(b"\xff\xd8\xff")
            assert after[name] == picture(number)
        text = before[seed].decode()
        text = text.replace("image: ''", f"image: {names['lead']}").replace(
            f"[Boats]({root}/boat.jpg", f"[Boats]({names['boat']}"
        )
        expected[seed] = text.replace(f"{root}/lazy.jpg?w=9&amp;h=6", names["lazy"]).encode()
    assert after == expected
    assert git(site, "status", "--porcelain") == ""
    assert set(git(site, "show", "--format=", "--name-only").splitlines()) == {
        *made, "content/posts/bridge.md", "content/posts/boat/index.md",
    }  # fmt: skip
    results = [json.loads(line) for line in (site / "archive" / "results.jsonl").read_text().splitlines()]
    for result in results:
        assert f"Pictures that stay where they are: {root}/gone.jpg (" in result["detail"]
        assert f"{root}/even.png (it is of one colour)" in result["detail"]
        assert result["changes"][-1]["field"] == "pictures"

    undo = seed_archiver("undo", "--forget", "last", cwd=site)
    assert (undo.code, undo.stderr) == (0, "")
    assert "pictures stay where they are: /images/boat-" in undo.stdout
    assert blog.files() == after | before

    dry = seed_archiver("crawl", "seeds", "-s", "REPLAY=archive", "-s", "DRY_RUN=1", "-s", "IMAGE_DIR=new", cwd=site)
    assert dry.code == 0, dry.stderr
    assert "+![Boats](/images/boat-" in dry.stdout
    assert blog.files() == after | before

    again = seed_archiver(*LIVE, cwd=site)
    assert (again.code, again.stderr) == (0, "")
    assert blog.files() == after


class Known:
    """Pictures that runs have found alive."""

    def __init__(self, *urls: str) -> None:
        self.urls = urls

    def was_alive(self, url: str) -> bool:
        return url in self.urls


def test_a_page_is_read_again_while_links_to_its_pictures_can_be_rewritten(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nimage: https://cdn.example/a.jpg\n---\n![](https://own.example/b.jpg)\n")
    (tmp_path / "none.md").write_text("no front matter")
    said = decisions.DecisionFile(tmp_path)

    def is_due(*alive: str) -> bool:
        known: Any = Known(*alive)
        places = PicturePlaces(tmp_path, tmp_path)
        local = LocalPictures(places, ["image"], known, lambda url: "own." in url, writes=False)
        judge: Any = None
        links = SeedLinks(known, local, SeedStore.open(tmp_path), said.read(), judge)
        return links.are_due(["none.md", "gone.md", "a.md"], "https://news.example/a")

    assert is_due("https://cdn.example/a.jpg")
    assert not is_due("https://own.example/b.jpg")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    said.append([decisions.ReviewDecision("a.md", "https://news.example/a", "pictures", "", decisions.Answer.KEEP, at)])
    assert not is_due("https://cdn.example/a.jpg")
