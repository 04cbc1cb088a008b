"""Links to archived pictures become links to files, and everything else of a seed and its folders stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.archive.base import RecordedResponse
from archiver.archive.transfer.assets import NoPicture
from archiver.decisions import Answer, ReviewDecision
from archiver.images.own_pictures import is_own_picture
from archiver.repair.pictures.local_pictures import PICTURES, LocalPictures
from archiver.repair.pictures.places import PicturePlaces
from archiver.repair.repair import Repair
from archiver.repair.reviews.answers import NO_ANSWERS, Answers
from archiver.seeds import read
from tests.conftest import tree
from tests.support.pictures import AT, png

HOST = "https://pics.example"
KEYS = ("image",)


class Pictures:
    """Pictures by their addresses."""

    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        self.bodies = bodies

    def find(self, url: str) -> RecordedResponse:
        if url not in self.bodies:
            raise NoPicture("it is not in the archive")
        return RecordedResponse(url, 200, (), self.bodies[url], AT)

    def close(self) -> None: ...


def rewriter(places: PicturePlaces, bodies: Mapping[str, bytes], *, writes: bool = True) -> LocalPictures:
    return LocalPictures(
        places, KEYS, Pictures(bodies), lambda url: is_own_picture(url, {"cdn.example"}), writes=writes
    )


def rewritten(pictures: LocalPictures, path: str, raw: str, answers: Answers = NO_ANSWERS) -> Repair:
    done = Repair(raw.encode(), (), (), (), (), None)
    return pictures.rewrite(path, read(path, raw.encode()), done, answers)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


BODIES = {f"{HOST}/lead.jpg": png(1), f"{HOST}/boat": png(2), f"{HOST}/copy.png": png(2)}
HUGO = PicturePlaces(Path("content"), Path("static/images"), "/images")
POST = (
    f"---\nimage: {HOST}/lead.jpg\n---\n![a]({HOST}/boat) ![b]({HOST}/copy.png) ![c]({HOST}/gone.jpg)\n"
    '![own](https://cdn.example/x.png) ![own](own.png) <img src="https://github.com/user-attachments/assets/1">\n'
)


@pytest.mark.parametrize(
    ("places", "path", "prefix", "folder"),
    [
        (HUGO, "posts/a.md", "/images/", "static/images"),
        (HUGO, "posts/a/index.md", "", "content/posts/a"),
        (HUGO, "posts/a/index.de.md", "", "content/posts/a"),
        (HUGO, "index.md", "/images/", "static/images"),
        (PicturePlaces(Path(), Path("assets"), "/assets/", bundles=False), "a/index.md", "/assets/", "assets"),
        (PicturePlaces(Path(), Path("attachments")), "2024/note.md", "../attachments/", "attachments"),
        (PicturePlaces(Path("notes"), Path("notes")), "note.md", "", "notes"),
        (PicturePlaces(Path("seeds"), Path("images"), output=Path("out")), "a/b.md", "../../images/", "out/images"),
        (PicturePlaces(Path("seeds"), Path("seeds/img"), output=Path("out")), "a.md", "img/", "out/img"),
        (PicturePlaces(Path("seeds"), Path("x"), output=Path("out")), "a/index.md", "", "out/a"),
        (PicturePlaces(Path("seeds"), Path("../x/img"), output=Path("out")), "a.md", "../../x/img/", "out/img"),
    ],
)  # fmt: skip
def test_pictures_go_where_the_links_say(
    places: PicturePlaces, path: str, prefix: str, folder: str, root: Path
) -> None:
    done = rewritten(rewriter(places, BODIES), path, POST)
    files = tree(root)
    lead, boat = (next(name for name in files if word in name) for word in ("lead-", "boat-"))
    assert {str(Path(name).parent) for name in files} == {folder}
    assert [files[lead], files[boat], len(files)] == [png(1), png(2), 2]
    named = {f"{HOST}/lead.jpg": lead, f"{HOST}/boat": boat, f"{HOST}/copy.png": boat}
    expected = POST
    for address, file in named.items():
        expected = expected.replace(address, prefix + Path(file).name)
    assert done.content.decode() == expected
    assert done.remote_pictures == (f"{HOST}/gone.jpg (it is not in the archive)",)
    assert {str(file) for file in done.picture_files} == {lead, boat}
    (change,) = done.changes
    assert (change.field, change.old) == ("pictures", f"{HOST}/lead.jpg, {HOST}/boat, {HOST}/copy.png")
    # A second run has nothing to rewrite, and makes no file.
    again = rewritten(rewriter(places, BODIES), path, expected)
    assert (again.content.decode(), again.changes, tree(root)) == (expected, (), files)


def test_without_writing_the_links_are_those_that_there_would_be(root: Path) -> None:
    places = PicturePlaces(Path("seeds"), Path("images"))
    shown = rewritten(rewriter(places, BODIES, writes=False), "a.md", POST)
    assert tree(root) == {}
    assert rewritten(rewriter(places, BODIES), "a.md", POST) == shown


def test_what_a_person_took_back_stays(root: Path) -> None:
    places = PicturePlaces(Path("seeds"), Path("images"))
    said = ReviewDecision("a.md", HOST, PICTURES, "", Answer.KEEP, datetime(2026, 1, 1, tzinfo=UTC))
    done = rewritten(rewriter(places, BODIES), "a.md", POST, Answers(lambda _: said))
    assert (done.content.decode(), done.refused, tree(root)) == (POST, ("pictures",), {})
    open_again = replace(said, answer=Answer.OPEN)
    assert rewritten(rewriter(places, BODIES), "a.md", POST, Answers(lambda _: open_again)).changes


def test_a_picture_that_cannot_be_put_there_stays_where_it_is(root: Path) -> None:
    places = PicturePlaces(Path("seeds"), Path("images"))
    name = rewritten(rewriter(places, BODIES, writes=False), "a.md", POST).picture_files[0]
    name.parent.mkdir()
    name.write_text("something else")
    done = rewritten(rewriter(places, BODIES), "a.md", POST)
    assert f"image: {HOST}/lead.jpg\n" in done.content.decode()
    assert "![b](../images/boat-" in done.content.decode()
    assert "lead.jpg (" in done.remote_pictures[1]
    assert "is there and holds something else" in done.remote_pictures[1]
    (root / "images").rename(root / "old")
    (root / "images").write_text("a file")
    refused = rewritten(rewriter(places, BODIES), "a.md", POST)
    assert (refused.content.decode(), refused.changes) == (POST, ())
    assert len(refused.remote_pictures) == 4


def test_the_text_that_only_a_builder_reads_is_named(root: Path) -> None:
    raw = f'---\ntitle: x\n---\n{{{{< figure src="{HOST}/boat" >}}}}\n\n{{{{< figure src="own.png" >}}}}\n'
    done = rewritten(rewriter(PicturePlaces(Path("s"), Path("i")), BODIES), "a.md", raw)
    assert (done.content.decode(), tree(root)) == (raw, {})
    assert done.remote_pictures == (f"{HOST}/boat (a shortcode or tag of the site's builder names it)",)
