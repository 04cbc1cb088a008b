"""Whatever a page says, the Markdown written from it renders to the same text, and no Liquid in it is alive."""

from __future__ import annotations

import re
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from archiver.extract.body.trimming import without_title
from archiver.extract.markdown.blocks import join_blocks
from archiver.extract.markdown.writer import blocks
from archiver.text.markdown.escaping import escape_inline

RENDERER = MarkdownIt("commonmark").enable("table")
RAW = re.compile(r"\{% raw %\}(.*?)\{% endraw %\}", re.DOTALL)
HOSTILE = "*_`[]()!#>+-=~|\\<&{}%:$\"'.1a b\u00e9\u4e2d。“”\u200b\n\t;/"

words = st.one_of(
    st.text(alphabet=HOSTILE, min_size=1, max_size=12),
    st.sampled_from(
        [
            "snake_case",
            "2 * 3",
            "a*b*c",
            "__init__",
            "{{ page.title }}",
            "{% include x %}",
            "<script>",
            "&amp;",
            "&copy;",
            "[x](y)",
            "![x](y)",
            "[a]: b",
            "1. one",
            "12) b",
            "# head",
            "- item",
            "+ item",
            "> quote",
            "---",
            "===",
            "~~~",
            "```",
            "\\",
            "\\*",
            "{%- raw -%}",
            "{% endraw %}",
            "$$x$$",
            "~~gone~~",
            "a|b",
            "<http://a.b>",
            "http://a.b/c_d_1",
            "x_y@b.c",
            "H~2~O",
            "[1]: http://a.b",
            "[x] ",
            "{.a}",
            "1_2",
            "^",
            "well-",
            "word",
            "Note:",
            "“so”",
            "(a)",
            "     x",
        ]
    ),
)
texts = words.map(escape)


def wrapped(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    content = st.lists(children, min_size=1, max_size=4).map("".join)
    return st.one_of(
        st.tuples(st.sampled_from(["b", "i", "em", "strong", "span", "u"]), content).map(
            lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
        ),
        content.map(lambda inner: f'<a href="https://example.org/a_b*c">{inner}</a>'),
        texts.map(lambda inner: f"<code>{inner}</code>"),
    )


inlines = st.lists(st.recursive(st.one_of(texts, st.just("<br>")), wrapped, max_leaves=8), min_size=1, max_size=6).map(
    "".join
)
blocky = st.one_of(
    inlines.map(lambda inner: f"<p>{inner}</p>"),
    inlines.map(lambda inner: f"<h3>{inner}</h3>"),
    inlines.map(lambda inner: f"<blockquote><p>{inner}</p></blockquote>"),
    st.lists(inlines, min_size=1, max_size=3).map(
        lambda items: "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    ),
    st.lists(inlines, min_size=1, max_size=3).map(
        lambda items: '<ol start="7">' + "".join(f"<li>{item}</li>" for item in items) + "</ol>"
    ),
    st.tuples(inlines, inlines, inlines, inlines).map(
        lambda cells: "<table><tr><th>{}</th><th>{}</th></tr><tr><td>{}</td><td>{}</td></tr></table>".format(*cells)
    ),
    texts.map(lambda code: f"<pre>{code}</pre>"),
)


def written(markup: str) -> str:
    return join_blocks(
        blocks([html.fromstring(f"<div>{markup}</div>")], lambda url: url if url.startswith("http") else None)
    )


def folded(text: str) -> str:
    """Without white space: Liquid in code that ends a raw section is kept readable by a blank."""
    return "".join(re.sub(r"[\u200b\ufeff\u00ad]", "", text).split())


def text_of(markup: str) -> str:
    return folded("".join(map(str, html.fromstring(f"<div>{markup}</div>").itertext())))


def rendered(markdown: str) -> str:
    source = RAW.sub(r"\1", markdown)
    return text_of(RENDERER.render(source))


@settings(max_examples=150, deadline=None)
@given(st.lists(blocky, min_size=1, max_size=3).map("".join))
def test_rendering_gives_the_text_of_the_page(markup: str) -> None:
    markdown = written(markup)
    assert rendered(markdown) == text_of(markup)


@settings(max_examples=100, deadline=None)
@given(st.lists(blocky, min_size=1, max_size=3).map("".join))
def test_liquid_is_inert_and_html_is_text(markup: str) -> None:
    markdown = written(markup)
    outside = RAW.sub("", markdown)
    assert "{{" not in outside
    assert "{%" not in outside
    tokens = RENDERER.parse(RAW.sub(r"\1", markdown))
    kinds = {child.type for token in tokens for child in [token, *(token.children or [])]}
    assert not kinds & {"html_block", "html_inline"}


@settings(max_examples=100, deadline=None)
@given(words)
def test_a_title_in_a_heading_reads_as_itself(title: str) -> None:
    line = " ".join(title.replace("\u200b", "").split())
    assert text_of(RENDERER.render(f"## x {escape_inline(line, ' ')} x")) == folded(f"x{line}x")


@given(st.lists(words.map(lambda word: "t " + " ".join(word.split())), min_size=1, max_size=4))
def test_only_the_title_is_taken_away(paragraphs: list[str]) -> None:
    markdown = "\n\n".join(paragraphs)
    assert without_title(f"## The headline!\n\n{markdown}", "The headline") == markdown
