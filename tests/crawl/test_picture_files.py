"""Pictures that are files of the site: found where builders look for them, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.crawl.pictures.files import find_file


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a file in each place, and one that is not its own."""
    root = tmp_path / "home" / "site"
    for name in ("content/posts/one/near.jpg", "static/img/far.jpg", "content/posts/two words.jpg"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (tmp_path / "secret.jpg").write_bytes(b"x")
    (root / "static" / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    return root


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("near.jpg", "content/posts/one/near.jpg"),
        ("./near.jpg?v=1#top", "content/posts/one/near.jpg"),
        ("/img/far.jpg", "static/img/far.jpg"),
        ("../two%20words.jpg", "content/posts/two words.jpg"),
        ("/near.jpg", None),
        ("/link.jpg", None),
        ("../../../../../secret.jpg", None),
        ("/../../secret.jpg", None),
        ("near\0.jpg", None),
        ("img", None),
        ("", None),
    ],
)
def test_a_file_is_found_in_the_site_only(site: Path, address: str, place: str | None) -> None:
    posts = site / "content" / "posts"
    found = find_file(address, posts / "one" / "index.md", posts)
    assert found == (None if place is None else (site / place).resolve())
