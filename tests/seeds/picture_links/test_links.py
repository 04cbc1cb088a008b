"""Which addresses of pictures a seed has, and where they stand."""

from __future__ import annotations

import pytest

from archiver.errors import SeedRefused
from archiver.seeds import read
from archiver.seeds.picture_links import find_links, rewrite_links

KEYS = ["image", "images", "cover", "cover.image"]
A, B, C = "https://pics.example/a.jpg", "https://pics.example/b.jpg", "https://pics.example/c_(1).jpg"


def addresses(front: str, body: str = "") -> list[str]:
    raw = f"{front}\n{body}".encode()
    found = find_links(read("x.md", raw), KEYS)
    for link in found.links:
        assert raw[link.start : link.end].decode().replace("\\/", "/").replace("&amp;", "&") == link.address
    return [link.address for link in found.links]


def in_body(body: str) -> list[str]:
    return addresses("---\ntitle: x\n---", body)


@pytest.mark.parametrize(
    ("front", "found"),
    [
        (f"---\nimage: {A} # a picture\nother: {B}\n---", [A]),
        (f"---\nimage: '{A}'\nimages:\n- \"{B}\"\n-\n  {C}\n---", [A, B, C]),
        (f"---\nimages: [{A}, {{src: {B}, alt: {C}}}]\n---", [A, B]),
        (f"---\nimages:\n  - alt: {C}\n    url: {A}\n---", [A]),
        (f"---\ncover:\n  image: {A}\n  caption: {B}\n---", [A]),
        (f"---\nimage: &lead {A}\ncover: *lead\n---", [A]),
        (f"---\nimage: >-\n  {A}\n---", []),
        (f'+++\nimage = "{A}"\nimages = [\'{B}\', # "{A}"\n  """{C}"""]\n+++', [A, B, C]),
        (f'+++\nimages = [{{src = "{A}", alt = "{B}"}}]\n[cover]\nimage = \'{C}\'\n+++', [A, C]),
        ('{\n"image": "https:\\/\\/pics.example\\/a.jpg", "images": [{"alt": "x", "src": "y.jpg"}]\n}', [A, "y.jpg"]),
    ],
)
def test_front_matter_names_pictures_as_texts_in_lists_and_in_mappings(front: str, found: list[str]) -> None:
    assert addresses(front) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f'![a]({A} "A title") and ![b](<{B}>) and ![c]({C})', [A, B, C]),
        (f"[![thumb]({A})]({B})", [A]),
        (f"> ![a]({A})\n\n- x\n  ![b]({B})\n\n| t | ![c]({C}) |\n|---|---|\n| x | ![a]({A}) |", [A, B, C, A]),
        (f"![One][one] ![two] ![two][]\n\n[one]: {A} 'A title'\n[Two]:\n  <{B}>", [A, B]),
        ("![a](/a.jpg?x=1&amp;y=2) ![[note.png]] ![[note.png|300]]", ["/a.jpg?x=1&y=2"]),
        (f"<img alt='x > y' src=\"{A}\" data-src='{B}'>", [A, B]),
        (f'<picture><source srcset="{A} 320w,\n {B} 2x"><img src={C}></picture>', [A, B, C]),
        (f"text <img src=x.jpg> <!-- <img src={A}> -->\n\n<!--\n![a]({A})\n-->", ["x.jpg"]),
        (f"<video poster='{A}'><source src='{B}'></video>", []),
        (f"`![a]({A})` and \\![b]({B}) and ``<img src={C}>``", []),
        (f"```\n![a]({A})\n```\n\n    ![b]({B})\n\n- x\n\n      ![c]({C})", []),
        (f"<pre>\n<img src={A}>\n</pre>\n\n<script>\n'<img src={B}>'\n</script>", []),
        (f"{{% highlight html %}}\n<img src={A}>\n\n![b]({B})\n{{% endhighlight %}}\n\n![c]({C})", [C]),
        (f"{{{{< highlight md >}}}}\n![a]({A})\n{{{{< /highlight >}}}}", []),
        (f"![unclosed]({A}\n\n![no address]()", []),
        (f"an [![odd] label]({A}) and ![a [nested]]({B})", [B]),
    ],
)
def test_pictures_of_the_text_are_those_that_a_reader_sees(body: str, found: list[str]) -> None:
    assert in_body(body) == found


def test_what_only_a_builder_reads_or_a_link_shares_is_named() -> None:
    body = (
        f'{{{{< figure src="{A}" >}}}}\n\n{{% include figure.html url="{B}" %}} {{% link {C} %}}\n\n'
        f"![pic][r] and [its page][r]\n\n[r]: {C}\n\n`{{{{< figure src=x >}}}}`\n\n![within ![another]({A})]({B})"
    )
    found = find_links(read("x.md", f"---\ntitle: x\n---\n{body}".encode()), KEYS)
    assert (found.links, found.templates, found.unsure) == ((), (A, B), (B, C))


def test_only_the_address_is_replaced_wherever_it_stands() -> None:
    raw = (
        f"\ufeff---\r\ntitle: 'Boats'   \r\nimage:   \"{A}\"  # the lead\r\n---\r\n\r\n"
        f"Ünder ![a]({A}  'A') <img src='{A}'>\r\n"
    )
    after = rewrite_links(read("x.md", raw.encode()), KEYS, {A: "../images/a.jpg"})
    assert after.decode() == raw.replace(A, "../images/a.jpg")


def test_an_address_that_some_reader_takes_for_something_else_is_not_written() -> None:
    seed = read("x.md", f"---\nimage: {A}\n---\n".encode())
    for address in ("a b.jpg", "a: b", "x)y", "#", "", "javascript:x", "//host/a.jpg", "a/../../b.jpg\n"):
        with pytest.raises(ValueError, match="means itself"):
            rewrite_links(seed, KEYS, {A: address})


def test_a_rewrite_that_would_change_another_key_is_refused() -> None:
    seed = read("x.md", f"---\nlink: &a {A}\nimage: *a\n---\n\n![x]({A})\n".encode())
    assert rewrite_links(seed, KEYS, {A: "a.jpg"}).decode().count(A) == 1
    shared = read("x.md", f"---\nimage: &a {A}\nlink: *a\n---\n".encode())
    with pytest.raises(SeedRefused, match=r"^x\.md: its pictures' addresses cannot be rewritten \(another key"):
        rewrite_links(shared, KEYS, {A: "a.jpg"})
