"""Parts of a page that were sent after the frame around them."""

from __future__ import annotations

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, MENU, TEXT, page

FOOT = "<footer><p>All rights reserved by the publisher of this fine newspaper, since 1890.</p></footer>"


def test_a_part_that_was_sent_later_stands_where_its_place_is() -> None:
    markup = (
        f"{MENU}<main><article><h1>Harbour reopens</h1><template id='B:1f'></template></article></main>{FOOT}"
        f"<div hidden id='S:1f'>{ARTICLE}</div>"
    )
    found = page(markup)
    assert body(found).markdown == TEXT
    assert found.tree.find(".//article//p") is not None


def test_a_part_without_a_place_is_shown_where_it_stands() -> None:
    assert body(page(f"{MENU}<h1>Harbour reopens</h1>{FOOT}<div hidden id='S:0'>{ARTICLE}</div> ")).markdown == TEXT


def test_text_behind_a_part_stays_where_it_is() -> None:
    tree = page("<i>a</i><template id='P:2'></template><div hidden id='S:2'>b</div>c<div hidden id='S:3'>d</div>e").tree
    assert "".join(tree.find("body").itertext()) == "abcde"


def test_a_part_that_waits_for_itself_ends() -> None:
    assert body(page(f"<div hidden id='S:1'><template id='B:1'></template>{ARTICLE}</div>")).markdown == TEXT
