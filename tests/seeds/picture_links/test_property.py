"""Any seed with any pictures: outside of their addresses not a byte differs, and a second time changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.seeds import read
from archiver.seeds.picture_links import rewrite_links

Part = Callable[[str, str], str]
"""A part of a file by the address of what a reader sees as a picture, and the address of what none does."""

FRONTS: list[Part] = [
    lambda seen, hidden: f"---\ntitle: 'a: b'\nimage: {seen}  # {hidden}\nlink: {hidden}\n---\n",
    lambda seen, hidden: f"---\nimage:\n- '{seen}'\n- \"{seen}\"\nnote: |\n  ![x]({hidden})\n---\n",
    lambda seen, hidden: f"---\nimage: {{alt: '{hidden}', src: '{seen}'}}\ndate: 2024-11-12\n---\n",
    lambda seen, hidden: f'+++\nlink = "{hidden}"\nimage = [\'{seen}\', """{seen}"""] # {hidden}\n+++\n',
    lambda seen, hidden: f'{{\n  "link": "{hidden}", "image": ["{seen}", {{"alt": "{hidden}", "src": "{seen}"}}]\n}}\n',
]
BLOCKS: list[Part] = [
    lambda seen, _: f"![a]({seen})",
    lambda seen, _: f'Words ![ä \\] *b*](<{seen}> "A (title)") and more ![]({seen}).',
    lambda seen, hidden: f"[![a]({seen})]({hidden}) \\![no]({hidden}) `![no]({hidden})`",
    lambda seen, hidden: (
        f'<img alt="{hidden}" src=\'{seen}\' srcset="{seen} 2x, {seen} 640w"> <!-- <img src={hidden}> -->'
    ),
    lambda seen, hidden: f'<div>\n<img data-src={seen} src="x.gif">\n<!-- <img src={hidden}> -->\n</div>',
    lambda seen, hidden: f"```html\n<img src={hidden}>\n![a]({hidden})\n```",
    lambda seen, hidden: f"    ![a]({hidden})",
    lambda seen, hidden: f'{{{{< figure src="{hidden}" >}}}}',
    lambda seen, hidden: f"> quoted ![q]({seen})\n> - item ![i]({seen})\n>   ``{hidden}``",
    lambda seen, hidden: f"| ![c]({seen}) | {hidden} |\n|---|---|\n| `![n]({hidden})` | ![d]({seen}) |",
    lambda seen, hidden: f"See {hidden} and <{hidden}> and [there]({hidden}).",
    lambda seen, hidden: "Text *with* \\[odd\\] ![[embed.png]] marks `` ` `` & ümläuts — 日本.",
    lambda seen, hidden: "1) x\n2) y\n\n# A heading\n\n* * *",
]
DEFINITION: Part = lambda seen, _: f"![by label][one] and ![One]\n\n[one]: {seen} 'x'"  # noqa: E731

addresses = st.from_regex(r"\Ahttps?://[a-z]{1,9}\.example/[A-Za-z0-9_./-]{1,20}\.(jpg|png|webp)\Z")
names = st.from_regex(r"\A(\.\./){0,2}(images/)?[a-z0-9][a-z0-9-]{0,12}\.(jpg|png)\Z")


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(FRONTS),
    st.lists(st.sampled_from(BLOCKS), max_size=6),
    st.sampled_from([[], [DEFINITION]]),
    st.tuples(addresses, names),
    st.tuples(st.sampled_from(["", "\ufeff"]), st.sampled_from(["\n", "\r\n"])),
)
def test_nothing_but_the_addresses_of_pictures_is_another(
    front: Part, blocks: list[Part], last: list[Part], link: tuple[str, str], style: tuple[str, str]
) -> None:
    (address, name), (bom, newline) = link, style

    def file(seen: str) -> bytes:
        parts = [*blocks, *last]
        text = front(seen, address) + "\n\n".join(part(seen, address) for part in parts) + "\n"
        return (bom + text.replace("\n", newline)).encode()

    before, wanted = file(address), file(name)
    after = rewrite_links(read("x.md", before), ["image"], {address: name})
    assert after == wanted
    assert rewrite_links(read("x.md", after), ["image"], {address: name}) == after
