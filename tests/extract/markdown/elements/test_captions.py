"""Images of an article with their captions: each once, whatever frame a page puts them in."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, TEXT, page

BOATS = "Boats leave the harbour before dawn"
IMAGE = "<img src='/boats-at-dawn.jpg' alt=''>"
ADDRESS = "https://www.example.org/boats-at-dawn.jpg"
COVER = "<meta property='og:image' content='https://www.example.org/boats-at-dawn.jpg'>"


def shown(caption: str, address: str = ADDRESS) -> str:
    return f"![{caption}]({address})\n\n{caption}"


def inside(markup: str) -> str:
    """The body of an article that has some markup between its paragraphs."""
    found = body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}{markup}{ARTICLE}</article>")).markdown
    assert found.startswith(TEXT)
    assert found.endswith(TEXT)
    return found.removeprefix(TEXT).removesuffix(TEXT).strip()


@pytest.mark.parametrize(
    "frame",
    [
        "<div class='image-gallery'>{image}<div class='caption'>{caption}</div></div>",
        "<div class='ce-gallery'><div><figure>{image}<figcaption>{caption}</figcaption></figure></div></div>",
        "<div class=slider><figure>{image}<noscript>{image}</noscript><p class=caption>{caption}</p></figure></div>",
    ],
)
def test_a_gallery_of_one_image_is_an_image(frame: str) -> None:
    assert inside(frame.format(image=IMAGE, caption=BOATS)) == shown(BOATS)


@pytest.mark.parametrize(
    "frame",
    [
        "<div class='gallery'><figure>{image}<figcaption>{caption}</figcaption></figure><img src='/two.jpg'></div>",
        "<div class='carousel'><a href='/other'>{image}<h3>Another story</h3><p class=caption>{caption}</p></a></div>",
    ],
)
def test_shows_of_many_images_and_of_other_articles_are_left_out(frame: str) -> None:
    assert inside(frame.format(image=IMAGE, caption=BOATS)) == ""


def test_a_gallery_that_is_a_figure_is_read_image_by_image() -> None:
    items = "".join(
        f"<li class='gallery-item'><figure><img src='/{name}.jpg'><figcaption>{name} at sea</figcaption></figure></li>"
        for name in ("Ada", "Bo")
    )
    markdown = inside(f"<figure class='gallery'><ul class='gallery-items'>{items}</ul></figure>")
    assert markdown == "\n\n".join(
        shown(f"{name} at sea", f"https://www.example.org/{name}.jpg") for name in ("Ada", "Bo")
    )


def test_a_list_with_pictures_stays_a_list() -> None:
    items = "".join(f"<li><figure><img src='/{name}.jpg'></figure>{name} sails</li>" for name in ("Ada", "Bo"))
    assert inside(f"<ul>{items}</ul>").endswith("- Ada sails\n- Bo sails")


@pytest.mark.parametrize(
    "credit",
    ["EPA", "Foto: Ada Nord/dpa", "© Ada Nord", "(Image credit: Ada Nord)", "Photo : Ada Nord/AFP", "写真：北田"],
)
def test_a_credit_beside_the_caption_ends_it(credit: str) -> None:
    below = f"<figure>{IMAGE}<figcaption>{BOATS}</figcaption><p>{credit}</p></figure>"
    over = f"<figure><div>{IMAGE}<span>{credit}</span></div><figcaption>{BOATS}</figcaption></figure>"
    expected = f"![{BOATS} {credit}]({ADDRESS})\n\n{BOATS}  \n{credit}"
    assert inside(below) == inside(over) == expected


@pytest.mark.parametrize(
    "label", ["Open this photo in gallery:", "Bild vergrößern", "Agrandir l’image", "Ampliar foto"]
)
def test_a_label_beside_the_caption_is_left_out(label: str) -> None:
    assert inside(f"<figure><div>{label}</div>{IMAGE}<figcaption>{BOATS}</figcaption></figure>") == shown(BOATS)


def test_a_figure_with_a_text_of_its_own_keeps_it_apart() -> None:
    told = "The painter spent a whole summer at the quay and sold every one of his pictures to the sailors. " * 2
    markdown = inside(f"<figure>{IMAGE}<figcaption>{BOATS}</figcaption><p>{told}</p></figure>")
    assert markdown == f"{shown(BOATS)}\n\n{told.strip()}"


@pytest.mark.parametrize(
    ("caption", "again", "printed"),
    [
        (f"{BOATS} Ada Nord", f"<div>{BOATS}</div>", False),
        (f"{BOATS} Foto: Ada Nord", f"<div class='caption'>{BOATS}</div>", False),
        # A paragraph is prose, even where the caption takes its first words.
        (f"{BOATS}, she said.", f"<p>{BOATS}</p>", True),
        ("Boats (Ada Nord)", "<div>Boats</div>", True),
    ],
)
def test_a_caption_told_again_without_its_credit_stands_once(caption: str, again: str, printed: bool) -> None:
    markdown = inside(f"<div><figure>{IMAGE}<figcaption>{caption}</figcaption></figure>{again}</div>")
    assert markdown.startswith(shown(caption))
    assert (markdown != shown(caption)) is printed


def test_the_number_of_a_picture_is_no_caption() -> None:
    assert inside(f"<figure><div>{IMAGE}</div><figcaption>6</figcaption></figure>") == f"![]({ADDRESS})"


@pytest.mark.parametrize(
    "image",
    [
        "<img src='data:image/gif;base64,R0lGOD'><noscript>{image}</noscript>",
        "<lazy-img><img src='data:image/svg+xml,x'></lazy-img><noscript>{image}</noscript>",
        "<img src='/img/placeholder.png'><noscript>{image}</noscript>",
    ],
)
def test_an_image_that_waits_for_its_script_is_the_one_for_readers_without(image: str) -> None:
    frame = f"<figure><a>{image.format(image=IMAGE)}</a><figcaption>{BOATS}</figcaption></figure>"
    assert inside(frame) == shown(BOATS)


def test_the_image_of_another_figure_is_not_taken() -> None:
    frame = (
        "<figure><img src='data:image/gif;base64,R0'></figure><div><noscript><img src='/other.jpg'></noscript></div>"
    )
    assert "other.jpg" not in inside(frame)


@pytest.mark.parametrize(
    "lead",
    [
        "<picture>{image}</picture><figcaption>{caption}</figcaption>",
        "<div class=media><figure>{image}</figure><div></div></div><div class='caption'><p>{caption}</p></div>",
        "<ul class=gallery><li>{image}<span>{caption}</span></li></ul>",
        "<div class=frame><a class='overlay-link'>{image}</a><p>{caption}</p></div>",
    ],
)
def test_the_lead_image_has_the_caption_that_follows_it(lead: str) -> None:
    top = lead.format(image=IMAGE, caption=BOATS)
    markup = f"<main><h1>Harbour reopens</h1>{top}<div class='article-body'>{ARTICLE}</div></main>"
    assert body(page(markup, COVER)).markdown == f"{shown(BOATS)}\n\n{TEXT}"


def test_what_follows_the_lead_image_and_is_no_caption_is_not_taken_for_one() -> None:
    top = f"<picture>{IMAGE}</picture><div class='tools'>Larger letters</div>"
    markup = f"<main><h1>Harbour reopens</h1>{top}<div class='article-body'>{ARTICLE}</div></main>"
    assert body(page(markup, COVER)).markdown == f"![]({ADDRESS})\n\n{TEXT}"


def test_the_portrait_of_the_author_is_not_the_lead_image() -> None:
    portrait = "https://www.example.org/files/ada/boats-at-dawn.jpg"
    byline = f"<div class='byline'><img src='{portrait}'><span>Ada Nord · 4 May 2024</span></div>"
    top = f"{byline}<figure>{IMAGE}<figcaption>{BOATS}</figcaption></figure>"
    markup = f"<main><h1>Harbour reopens</h1>{top}<div class='article-body'>{ARTICLE}</div></main>"
    assert body(page(markup, COVER)).markdown == f"{shown(BOATS)}\n\n{TEXT}"


def test_a_gallery_shows_each_picture_and_each_caption_once() -> None:
    figure = "<figure><img src='{}'><figcaption>{}</figcaption></figure>"
    boats = figure.format("/up/boats-1024x768.jpg", "Boats at dawn, seen from the mole")
    mole = figure.format("/up/mole.jpg?w=900", "The mole in the first storm of the year")
    small = "<div class='thumbs'><img src='/up/boats-150x150.jpg'><img src='/up/mole.jpg?w=150'></div>"
    whole = "<figcaption>Two views of the harbour</figcaption>"
    assert inside(f"<figure class='wp-block-gallery'>{boats}{mole}{small}{whole}</figure>") == "\n\n".join(
        [
            shown("Boats at dawn, seen from the mole", "https://www.example.org/up/boats-1024x768.jpg"),
            shown("The mole in the first storm of the year", "https://www.example.org/up/mole.jpg?w=900"),
            "Two views of the harbour",
        ]
    )


def test_pictures_that_a_query_names_are_several() -> None:
    pictures = "".join(f"<figure><img src='/show.jpg?id={at}&w=300'></figure>" for at in (1, 2))
    assert inside(f"<div>{pictures}</div>").count("![](") == 2
