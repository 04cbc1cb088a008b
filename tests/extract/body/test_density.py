"""Where on a page the text stands."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, TEXT, page

NOTICE = (
    "<div><h3>Welcome to the harbour</h3><p>You have been sent here from the page of the old harbour, which no ship "
    "calls at any more. Write to us if you have questions, for we are always up for a talk.</p></div>"
)


@pytest.mark.parametrize(("begin", "end"), [("<main>", "</main>"), ("<div role=main>", "</div>")])
def test_what_stands_beside_the_main_part_is_left_out(begin: str, end: str) -> None:
    sections = f"<section>{ARTICLE}</section><section>{ARTICLE.replace('Monday', 'Tuesday')}</section>"
    found = body(page(f"{begin}<h1>Harbour reopens</h1>{sections}{end}{NOTICE}"))
    assert found.markdown == f"{TEXT}\n\n{TEXT.replace('Monday', 'Tuesday')}"
