"""The archived pictures of a collection as files: each once, under a true name, and nothing outside of the folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver.archive.transfer.assets import export_assets
from archiver.archive.transfer.picture_folder import PictureFolder, readable_part
from archiver.errors import PictureUnwritable, SettingsError
from tests.archive.conftest import open_archive
from tests.conftest import seed_archiver, tree
from tests.support.pictures import GIF, SVG, keep_pictures, png

HOST = "https://pics.example"
HOSTILE = (
    "/../../../etc/passwd", "/%2e%2e/%2e%2e/evil.png", "/..%2f..%2fevil.png", "/a/..\\..\\evil.png", "/%00.png", "/.",
    "/.htaccess", "/CON.png", "/" + "x" * 4000, "/évil\u202egnp.exe", "/a.png/", "/-rf", "/a%0Ab.png", "/?../../x",
)  # fmt: skip


def seeds(folder: Path, **bodies: str) -> Path:
    folder.mkdir()
    for name, body in bodies.items():
        (folder / f"{name}.md").write_text(body, encoding="utf-8")
    return folder


def test_the_pictures_of_the_seeds_are_written_once_and_listed(tmp_path: Path) -> None:
    lead, boat, gone = png(1), png(2), f"{HOST}/gone.jpg"
    keep_pictures(
        tmp_path / "archive",
        {
            f"{HOST}/2024/The%20Lead.JPG?w=640": lead, f"{HOST}/boat.php": boat, f"{HOST}/copy/boat.png": boat,
            "https://github.com/user-attachments/assets/5fd0": GIF, f"{HOST}/page.jpg": b"<html>no</html>",
            f"{HOST}/drawing": SVG, f"{HOST}/evil.svg": SVG.replace(b"<path", b"<script>x()</script><path"),
        },
    )  # fmt: skip
    seeds(
        tmp_path / "seeds",
        one=f"---\nimage: {HOST}/2024/The%20Lead.JPG?w=640\n---\n![b]({HOST}/boat.php) ![b]({HOST}/boat.php)\n",
        two=f"---\nimage: https://github.com/user-attachments/assets/5fd0\n---\n![]({HOST}/copy/boat.png) "
        f'![](own.png)\n\n{{{{< figure src="{HOST}/drawing" >}}}}\n\n<img src={HOST}/evil.svg> ![]({HOST}/page.jpg)\n\n'
        f"`![]({HOST}/boat.php)` ![]({gone})\n",
        three="no front matter",
    )
    run = seed_archiver("archive", "export", "--assets", "out", cwd=tmp_path)
    assert run.code == 2, run.stderr
    assert "out: 4 pictures, 4 of them new, 3 left out" in run.stdout
    assert f"seeds/two.md  {gone}" in run.stdout
    assert "its drawing runs a script, or asks others for something" in run.stdout
    assert "what was kept of it is no whole picture" in run.stdout
    out = tmp_path / "out"
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [(line["seed"], line["address"].removeprefix(HOST), line["type"]) for line in lines] == [
        ("one.md", "/2024/The%20Lead.JPG?w=640", "image/png"),
        ("one.md", "/boat.php", "image/png"),
        ("two.md", "https://github.com/user-attachments/assets/5fd0", "image/gif"),
        ("two.md", "/copy/boat.png", "image/png"),
        ("two.md", "/drawing", "image/svg+xml"),
    ]
    assert lines[0]["file"].startswith("the-lead-")
    assert lines[0]["captured_at"] == "2025-03-01T10:00:00Z"
    assert (out / lines[0]["file"]).read_bytes() == lead
    assert lines[1]["file"] == lines[3]["file"]
    before = tree(out)
    assert len(before) == 5
    again = seed_archiver("archive", "export", "--assets", "out", cwd=tmp_path)
    assert "out: 4 pictures, 0 of them new, 3 left out" in again.stdout
    assert tree(out) == before


def test_no_address_leads_out_of_the_folder(tmp_path: Path) -> None:
    keep_pictures(tmp_path / "archive", {f"{HOST}{path}": png(number) for number, path in enumerate(HOSTILE)})
    archive = open_archive(tmp_path / "archive")
    done = export_assets(archive, tmp_path / "in" / "out", [("a.md", f"{HOST}{path}") for path in HOSTILE])
    assert (done.new, done.left_out) == (len(HOSTILE), ())
    files = {file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file()}
    written = {file for file in files if file.parts[0] != "archive"}
    assert {file.parent for file in written} == {Path("in/out")}
    assert len(written) == len(HOSTILE) + 1
    assert all(len(file.name) < 100 and file.name.isascii() for file in written)


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("https://a.example/%2e%2e/CON.png", "con-post"),
        ("https://a.example/новости.jpg", ""),
        ("https://a.example/photo/..\\..\\win.ini", "win"),
        ("https://[x/", ""),
    ],
)
def test_a_name_takes_plain_letters_from_an_address(address: str, part: str) -> None:
    assert readable_part(address) == part


def test_what_lies_there_is_never_replaced(tmp_path: Path) -> None:
    pictures = PictureFolder(tmp_path)
    name = pictures.name_for(f"{HOST}/a.png", png(1))
    secret = tmp_path.parent / "secret"
    secret.write_text("secret")
    (elsewhere := tmp_path.parent / "same.png").write_bytes(png(1))
    for make in (
        lambda file: file.write_bytes(b"mine"), lambda file: file.symlink_to(secret),
        lambda file: file.symlink_to(elsewhere), Path.mkdir,
    ):  # fmt: skip
        make(tmp_path / name)
        with pytest.raises(PictureUnwritable, match="is there and holds something else; move it away"):
            pictures.place(f"{HOST}/a.png", png(1))
        (tmp_path / name).rmdir() if (tmp_path / name).is_dir() else (tmp_path / name).unlink()
    assert secret.read_text() == "secret"
    (tmp_path / ".seed-archiver-0123abcd.part").write_bytes(b"half")
    assert PictureFolder(tmp_path).place(f"{HOST}/a.png", png(1)).is_new
    assert list(tree(tmp_path)) == [name]
    # The same bytes under another address are the file that is there.
    assert PictureFolder(tmp_path).place(f"{HOST}/other.png", png(1)).name == name
    with pytest.raises(ValueError, match="is no picture"):
        pictures.place(f"{HOST}/a.png", b"<html>")


def test_two_runs_may_put_the_same_picture_there_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = PictureFolder(tmp_path), PictureFolder(tmp_path)
    write = PictureFolder._write

    def write_late(file: Path, body: bytes) -> None:
        monkeypatch.setattr(PictureFolder, "_write", staticmethod(write))
        assert second.place(f"{HOST}/a.png", body).is_new
        write(file, body)

    monkeypatch.setattr(PictureFolder, "_write", staticmethod(write_late))
    placed = first.place(f"{HOST}/a.png", png(1))
    assert (placed.is_new, list(tree(tmp_path))) == (False, [placed.name])


def test_what_was_listed_stays_listed_while_it_is_there(tmp_path: Path) -> None:
    keep_pictures(tmp_path / "archive", {f"{HOST}/{number}.png": png(number) for number in range(3)})
    archive, out = open_archive(tmp_path / "archive"), tmp_path / "out"
    export_assets(archive, out, [("b.md", f"{HOST}/0.png"), ("c.md", f"{HOST}/1.png")])
    (gone,) = out.glob("1-*.png")
    gone.unlink()
    assert export_assets(archive, out, [("a.md", f"{HOST}/2.png")]).new == 1
    lines = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert [(line["seed"], line["address"]) for line in lines] == [("a.md", f"{HOST}/2.png"), ("b.md", f"{HOST}/0.png")]


def test_a_list_that_is_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_text('{"name": "mine"}\n')
    with pytest.raises(SettingsError, match="is no list of exported pictures"):
        export_assets(open_archive(tmp_path / "none"), tmp_path, [])
