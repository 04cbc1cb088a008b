"""What readers say below an article is not the article, whatever it is called and however long it is."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, MENU, PROSE, TEXT, page

ENTRY = (
    "<li class='{0}'><b class=username>Reader {1}</b> <time>12 May 2023</time>"
    "<p>I have been to this harbour {1} times, and each time it was closed for one reason or another.</p></li>"
)


def thread(name: str, entries: int) -> str:
    return "<ul>" + "".join(ENTRY.format(name, at) for at in range(entries)) + "</ul>"


@pytest.mark.parametrize("frame", ["<div>{}</div>", "<section class=reactions>{}</section>"])
def test_entries_with_name_and_date_below_the_text_are_left_out(frame: str) -> None:
    assert body(page(f"{MENU}<main><h1>Harbour reopens</h1>{ARTICLE}{frame.format(thread('row', 5))}</main>")).text == (
        "\n".join(PROSE)
    )


def test_a_short_article_above_many_comments_stays_the_body() -> None:
    markup = f"<h1>Harbour reopens</h1><div><p>{PROSE[0]}</p></div><div class=comments>{thread('comment', 60)}</div>"
    assert body(page(markup)).markdown == PROSE[0]


@pytest.mark.parametrize("name", ["commentlisting", "post-replies", "opiniones"])
def test_words_for_comments(name: str) -> None:
    remark = "<p>I have been to this harbour many times, and each time it was closed.</p>"
    assert body(page(f"<main><h1>Harbour</h1>{ARTICLE}<div class='{name}'>{remark * 9}</div></main>")).markdown == TEXT


def test_entries_of_a_live_report_are_kept() -> None:
    entries = "".join(
        f"<div class=entry><h3>{at} o'clock</h3><time>{at}:00</time><i class=author>Ann</i>"
        f"<p>Boat number {at} has left the harbour, and the crowd on the quay says goodbye to it.</p></div>"
        for at in range(8)
    )
    found = body(page(f"<main><h1>Harbour reopens</h1>{ARTICLE}<div>{entries}</div></main>"))
    assert found.text.count("has left the harbour") == 8
