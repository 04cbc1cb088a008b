from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.fields import images
from archiver.models import Field
from archiver.rules import SiteRules
from tests.support.sheets import chosen, sheet, value

SHARED = "https://img.nordblatt.example/2025/bruecke-am-abend.jpg"


@pytest.mark.parametrize(
    ("srcset", "address"),
    [
        ("a.jpg 320w, b.jpg 1200w, c.jpg 640w", "b.jpg"),
        ("a.jpg 1x, b.jpg 2x", "b.jpg"),
        ("a.jpg", "a.jpg"),
        ("w_100,h_50/a.jpg 100w, w_900,h_500/a.jpg 900w", "w_900,h_500/a.jpg"),
        ("https://x.example/a.jpg 1x,https://x.example/b.jpg 2x", "https://x.example/b.jpg"),
        ("", None),
        (" , ", None),
    ],
)
def test_largest(srcset: str, address: str | None) -> None:
    assert images.largest(srcset) == address


@given(st.text(alphabet="ab, .1w2x/:", max_size=60))
def test_largest_gives_one_address(srcset: str) -> None:
    found = images.largest(srcset)
    assert found is None or (found in srcset and " " not in found)


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/img/logo.png",
        "https://x.example/pixel.gif",
        "https://x.example/assets/placeholder-16x9.jpg",
        "https://x.example/users/avatar/ada.jpg",
        "https://x.example/drawing.svg",
        "https://x.example/og-default.jpg",
        "https://x.example/profiles/themes/town/hall.png",
        "https://x.example/img/town-default.png",
        "https://x.example/files/Facebook%20Link%20Photo.png",
        "https://x.example/",
        "https://[x",
    ],
)
def test_unfit(address: str) -> None:
    assert images.unfit(address)


@pytest.mark.parametrize("address", [SHARED, "https://x.example/2025/pictures/iconic-bridge.jpg"])
def test_fit(address: str) -> None:
    assert not images.unfit(address)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (SHARED, "https://img.nordblatt.example/2025/bruecke-am-abend-1200x800.webp"),
        (SHARED, "https://proxy.example/900x600/https%3A%2F%2Fimg.nordblatt.example%2F2025%2Fbruecke-am-abend.jpg"),
        (SHARED, "https://proxy.example/?url=https%3A%2F%2Fimg.nordblatt.example%2F2025%2Fbruecke-am-abend.jpg&w=90"),
        (SHARED, "https://www.nordblatt.example/image.php?w=90&src=/2025/bruecke-am-abend.jpg"),
        ("https://img.example/13862217_M400x267.jpg", "https://img.example/13862217_W2040C2040o0x0.jpg"),
        ("https://cdn.example/7xe2LTnY3AL2pRdr2ACgSN-1024-80.jpg", "https://cdn.example/7xe2LTnY3AL2pRdr2ACgSN.jpg"),
        ("https://a.example/4ff96428f2/AB20250113003419.jpg", "https://b.example/ogp/AB20250113003419_comm.jpg"),
        (SHARED, "https://img.nordblatt.example/smush-webp/bruecke-am-abend.jpg.webp"),
    ],
)
def test_the_same_picture_in_another_size(one: str, two: str) -> None:
    assert images.same_picture(one, two)
    assert not images.same_picture(one, "https://img.nordblatt.example/2025/hafen-im-nebel.jpg")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://img.example/13862217_M400x267.jpg", "https://img.example/13862218_M400x267.jpg"),
        ("https://img.example/20260531_bruecke.jpg", "https://img.example/20260531_hafen.jpg"),
        ("https://img.example/202605311200_bruecke.jpg", "https://img.example/202605311200_hafen.jpg"),
        ("https://img.example/uploaded-pictures/bruecke.jpg", "https://img.example/uploaded-pictures/hafen.jpg"),
        ("https://proxy.example/?url=https://img.example/bruecke.jpg", "https://proxy.example/?url=/hafen.jpg"),
    ],
)
def test_pictures_of_one_day_size_or_proxy_are_not_the_same(one: str, two: str) -> None:
    assert not images.same_picture(one, two)


def test_the_picture_that_the_article_shows_wins_over_its_other_sizes() -> None:
    page = sheet(
        f'<meta property="og:image" content="{SHARED}">',
        '<article><figure><img src="/2025/hafen-im-nebel.jpg"></figure>'
        '<figure><img src="data:image/gif;base64,x" data-srcset="/2025/bruecke-am-abend.jpg?w=600 600w, '
        '/2025/bruecke-am-abend.jpg?w=1600 1600w"></figure></article>',
    )
    choice = chosen(page)[Field.IMAGE]
    assert choice.value == "https://www.nordblatt.example/2025/bruecke-am-abend.jpg?w=1600"
    assert choice.witnesses == ("meta:og:image",)


@pytest.mark.parametrize(
    "image",
    [SHARED, [SHARED], {"@type": "ImageObject", "url": SHARED}, [{"url": SHARED}, {"url": "https://x.example/b.jpg"}]],
)
def test_linked_data_in_all_its_shapes(image: object) -> None:
    data = json.dumps({"@type": "NewsArticle", "image": image})
    assert value(sheet(f'<script type="application/ld+json">{data}</script>'), Field.IMAGE) == SHARED


def test_addresses_become_absolute() -> None:
    page = sheet(
        '<base href="https://cdn.nordblatt.example/a/"><meta property="og:image" content="b/bruecke-am-abend.jpg">'
    )
    assert value(page, Field.IMAGE) == "https://cdn.nordblatt.example/a/b/bruecke-am-abend.jpg"


def test_small_figures_and_placeholders_are_passed_over() -> None:
    page = sheet(
        '<meta property="og:image" content="https://x.example/nopic.jpg">',
        f'<article><img width="35" src="/ada-im-portraet.jpg"><img src="/x-120x80.jpg"><img src="{SHARED}"></article>',
    )
    assert value(page, Field.IMAGE) == SHARED


def test_a_picture_that_the_rules_name_is_a_placeholder() -> None:
    page = sheet(f'<meta property="og:image" content="{SHARED}">')
    assert Field.IMAGE in chosen(page)
    rules = (SiteRules(("nordblatt.example",), placeholder_images=("am-abend",)),)
    assert Field.IMAGE not in chosen(page, rules)
