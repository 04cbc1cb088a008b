"""Which addresses are the site's own, and where a picture may be in another size."""

from __future__ import annotations

import pytest

from archiver.extract.fields.picture_sizes import other_sizes
from archiver.images.addresses import is_site_path, picture_url
from archiver.images.own_pictures import is_own_picture


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("boat.jpg", True),
        ("/img/boat.jpg", True),
        ("https://github.com/user-attachments/assets/1-2", True),
        ("https://user-images.githubusercontent.com/1/2.png", True),
        ("https://www.img.example/boat.jpg", True),
        ("//img.example/boat.jpg", True),
        ("https://github.com/someone/repo/raw/main/a.png", False),
        ("https://github.com.evil.example/user-attachments/assets/1", False),
        ("https://cdn.img.example/boat.jpg", False),
    ],
)
def test_the_pictures_that_are_kept_for_the_site(address: str, own: bool) -> None:
    assert is_own_picture(address, {"img.example"}) is own


@pytest.mark.parametrize(
    ("address", "url", "is_path"),
    [
        ("http://[broken/boat.jpg", None, False),
        ("//[broken/boat.jpg", None, False),
        ("HTTPS://a.example/boat.jpg", "HTTPS://a.example/boat.jpg", False),
        ("//a.example/boat.jpg", "https://a.example/boat.jpg", False),
        ("https://a.example/{{ page.slug }}.jpg", None, False),
        ("{% link boat.jpg %}", None, False),
        ("data:image/gif;base64,R0lGOD", None, False),
        ("ftp://a.example/boat.jpg", None, False),
        ("#boat", None, False),
        ("", None, False),
        ("/img/boat.jpg", None, True),
        ("img/12:30.jpg", None, True),
    ],
)
def test_what_can_be_asked_for_and_what_is_a_file(address: str, url: str | None, is_path: bool) -> None:
    assert (picture_url(address), is_site_path(address)) == (url, is_path)


@pytest.mark.parametrize(
    ("address", "sizes"),
    [
        ("https://a.example/up/boat.jpg", []),
        ("https://a.example/up/boat-300x200.jpg", ["https://a.example/up/boat.jpg"]),
        ("https://a.example/boat-scaled.jpg?w=300&v=2", [
            "https://a.example/boat-scaled.jpg?v=2", "https://a.example/boat.jpg?v=2",
        ]),
        ("https://a.example/resize/640x360/boat.jpg", ["https://a.example/boat.jpg"]),
        ("https://res.example/image/w_300,h_200,c_fill/v1/boat.jpg", ["https://res.example/image/v1/boat.jpg"]),
        ("https://i0.wp.com/a.example/boat.jpg", ["https://a.example/boat.jpg"]),
        ("https://a.example/cdn-cgi/image/width=300,fit=cover/up/boat.jpg", ["https://a.example/up/boat.jpg"]),
        ("https://a.example/_next/image?url=%2Fup%2Fboat.jpg&w=640", [
            "https://a.example/up/boat.jpg", "https://a.example/_next/image?url=%2Fup%2Fboat.jpg",
        ]),
        ("https://p.example/?url=https://a.example/boat.jpg", ["https://a.example/boat.jpg"]),
        ("https://p.example/?url=file:///etc/x", []),
    ],
)  # fmt: skip
def test_the_addresses_of_other_sizes(address: str, sizes: list[str]) -> None:
    found = list(other_sizes(address))
    assert found[: len(sizes)] == sizes
    assert all(url.startswith("https://") for url in found)
    assert address not in found
