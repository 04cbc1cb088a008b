"""Programs that an article shows."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, TEXT, page


@pytest.mark.parametrize("named", ["hljs-comment", "token comment"])
def test_comments_of_a_program_are_no_comments_of_readers(named: str) -> None:
    code = f"<pre><code><span class='{named}'># open the gate</span>\nferry open\n</code></pre>"
    assert body(page(f"<article>{ARTICLE}{code}</article>")).markdown == (
        f"{TEXT}\n\n```\n# open the gate\nferry open\n```"
    )


def test_a_hidden_program_is_none_that_readers_see() -> None:
    source = (
        f"<pre id='raw' hidden aria-hidden='true'># Harbour reopens\n\n{TEXT}\n\nRead more in **The Skipper**.</pre>"
    )
    assert body(page(f"<main><h1>Harbour reopens</h1>{source}{ARTICLE}</main>")).markdown == TEXT
