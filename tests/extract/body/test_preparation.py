"""What trafilatura would lose of a page that is no news comes through its tree."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from archiver.extract.body.trafilatura import second_opinion
from archiver.extract.markdown.blocks import join_blocks
from archiver.extract.markdown.writer import blocks
from tests.extract.body.test_body import ARTICLE, TEXT, page

FORMULA = "<span class='katex'><math><annotation encoding='application/x-tex'>\\frac{a}{b}</annotation></math></span>"


def seconded(markup: str) -> str:
    found = second_opinion(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}{markup}</article>"))
    assert found is not None
    return join_blocks(blocks([found], lambda url: url)).partition(f"{TEXT}\n\n")[2]


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        (
            "<pre class='language-py'><span class='lineno'>1</span>x = 1\n<span class='lineno'>2</span>y = 2</pre>",
            "```py\nx = 1\ny = 2\n```",
        ),
        (
            f"<p>The tide rises by {FORMULA} of what it was, and <code>x</code> by ten.</p>",
            "The tide rises by $\\frac{a}{b}$ of what it was, and `x` by ten.",
        ),
        (
            "<p>The tide rises.</p><script type='math/tex; mode=display'>x^2</script><p>The tide falls.</p>",
            "The tide rises.\n\n$$x^2$$\n\nThe tide falls.",
        ),
        (
            "<div class='admonition'><p class='admonition-title'>Note</p><p>Mind the tide at the mole.</p></div>",
            "> Note\n>\n> Mind the tide at the mole.",
        ),
        (
            "<dl><dt>Quay</dt><dd>Where boats lie.</dd><dt>Mole</dt><dd>What keeps waves out.</dd></dl>",
            "- **Quay**  \n  Where boats lie.\n- **Mole**  \n  What keeps waves out.",
        ),
    ],
)
def test_a_second_opinion_has_it_too(markup: str, markdown: str) -> None:
    assert seconded(markup) == markdown


def test_the_page_itself_is_left_as_it_is() -> None:
    one = page(f"<article>{ARTICLE}<p>{FORMULA}</p><pre>x</pre></article>")
    before = body(one)
    second_opinion(one)
    assert body(one) == before


def test_code_in_the_frame_of_a_toolbar_is_no_boilerplate() -> None:
    code = "<pre class='language-js'><code>let tide = await sea.rise()</code></pre><div class='toolbar'>Copy</div>"
    written = body(page(f"<article>{ARTICLE}<div class='code-toolbar'>{code}</div>{ARTICLE}</article>")).markdown
    assert written == f"{TEXT}\n\n```js\nlet tide = await sea.rise()\n```\n\n{TEXT}"
