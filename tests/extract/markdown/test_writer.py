"""Each kind of block and inline markup, as a person would have written it."""

from __future__ import annotations

import pytest
from lxml import html

from archiver.extract.markdown.blocks import join_blocks
from archiver.extract.markdown.writer import blocks
from archiver.text.markdown.escaping import code_block, escape_inline, escape_line_start


def absolute(url: str) -> str | None:
    if url.startswith(("http://", "https://")):
        return url
    return f"https://example.org{url}" if url.startswith("/") else None


def written(markup: str) -> str:
    return join_blocks(blocks([html.fromstring(f"<div>{markup}</div>")], absolute))


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("<p>one <b>two</b> three</p>", "one **two** three"),
        ("<p>one<b> two </b>three</p>", "one **two** three"),
        ("<p><b>Note: </b>text</p>", "**Note:** text"),
        ("<p><b>Note:</b>text</p>", "**Note**:text"),
        ("<p>say <i>“so”</i>now</p>", "say _“so_”now"),
        ("<p>in<i>side</i>out</p>", "in*side*out"),
        ("<p><b>a</b><b>b</b> <i></i>c</p>", "**ab** c"),
        ("<p><b>a <strong>b</strong></b></p>", "**a b**"),
        ("<p><i><b>x</b></i></p>", "_**x**_"),
        ("<p>1<i><b>2</b></i><b>3</b></p>", "1**2**3"),
        ("<p><b>x <i>y</i></b>.</p>", "**x _y_**."),
        ("<p>a<a href='/x'> link </a>b</p>", "a [link](https://example.org/x) b"),
        (
            "<p><a href='javascript:go()'>do</a> <a href='#top'>up</a> <a href='mailto:a@b.c'>write</a></p>",
            "do up write",
        ),
        (
            "<p><a href='/a_(b)?x=[1]&amp;copy;'>l[1]</a></p>",
            r"[l\[1\]](https://example.org/a_%28b%29?x=%5B1%5D&copy;)",
        ),
        ("<p>Wow!<a href='/x'>x</a></p>", r"Wow\![x](https://example.org/x)"),
        ("<p>one<br>two</p>", "one  \ntwo"),
        ("<p>one<br> <br>two<br></p>", "one\n\ntwo"),
        ("<p><b>one<br><br>two</b></p>", "**one**\n\n**two**"),
        ("<p>use <code>a  b</code> and <code>`</code></p>", "use `a b` and `` ` ``"),
        ("<p><code>{{ x }}</code></p>", "{% raw %}`{{ x }}`{% endraw %}"),
        ("<p>\u00a0a\u200bb\u00adc\u00a0d</p>", "abc d"),
        ("<p>a\u202eb\u2066c\u009b31md\u0085e\ufffe</p>", "abc31md e"),
        ("text <p>para</p> tail", "text\n\npara\n\ntail"),
        ("    <p>\n        no code\n    </p>", "no code"),
        ("<q>said</q>", "“said”"),
        ("<p>a<script>x</script><style>y</style>b</p>", "ab"),
    ],
)
def test_text_in_a_line(markup: str, markdown: str) -> None:
    assert written(markup).replace("&copy;", "&copy;") == markdown.replace("&copy;", "&amp;copy;")


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("<h1>a</h1><h2>b</h2><h3>c</h3><h6>d</h6>", "## a\n\n## b\n\n### c\n\n###### d"),
        ("<h2>two<br>lines #</h2>", "## two lines \\#"),
        ("<h2> </h2><p>x</p>", "x"),
        ("<ul><li>a</li><li> b </li></ul>", "- a\n- b"),
        ("<ol start=3><li>a</li><li value=7>b</li><li>c</li></ol>", "3. a\n7. b\n8. c"),
        ("<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>", "- a\n  - b\n    1. c\n- d"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ("<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", "- a\n\n  b\n\n- c"),
        ("<ul><li><h3>a</h3></li><li></li></ul>", "- a"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("<pre><code class='language-py'>if a:\n    b</code></pre>", "```py\nif a:\n    b\n```"),
        ("<pre>```</pre>", "````\n```\n````"),
        ("<pre>{% x %}</pre>", "{% raw %}\n```\n{% x %}\n```\n{% endraw %}"),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1|2</td><td><b>3</b></td></tr></table>",
            "| a | b |\n| --- | --- |\n| 1\\|2 | **3** |",
        ),
        (
            "<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>",
            "| a |  |\n| --- | --- |\n| b | c |",
        ),
        (
            "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            "| a | b |\n| --- | --- |\n|  | c |",
        ),
        (
            "<table><tr><td><p>a</p><p>b</p><p>c</p></td><td>d</td></tr><tr><td>e</td><td>f</td></tr></table>",
            "a\n\nb\n\nc\n\nd\n\ne\n\nf",
        ),
        ("<table role=presentation><tr><td>a</td></tr></table>", "a"),
        ("<a href='/x'><h3>card</h3><p>text</p></a>", "### card\n\ntext"),
    ],
)
def test_blocks(markup: str, markdown: str) -> None:
    assert written(markup) == markdown


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("<img src='/a.jpg' alt='An [odd] *one*'>", r"![An \[odd\] \*one\*](https://example.org/a.jpg)"),
        ("<img data-src='/a.jpg' src='data:image/gif;base64,R0'>", "![](https://example.org/a.jpg)"),
        ("<img src='/placeholder.gif' data-srcset='/s.jpg 300w, /l.jpg 900w'>", "![](https://example.org/l.jpg)"),
        ("<picture><source srcset='/w.webp 1x'><img src='data:,'></picture>", "![](https://example.org/w.webp)"),
        ("<a href='/big'><img src='/a.jpg'></a>", "![](https://example.org/a.jpg)"),
        ("<img src='/p.gif' width=1 height=1>", ""),
        ("<img src='/site/logo.png'>", ""),
        ("<img src='data:image/gif;base64,R0'>", ""),
        ("<button><img src='/a.jpg'></button><button>Open</button>", "![](https://example.org/a.jpg)"),
    ],
)
def test_images(image: str, address: str) -> None:
    assert written(image) == address


def test_an_image_in_a_paragraph_does_not_split_it() -> None:
    assert written("<p>one <img src='/a.jpg'> two</p>") == "one two\n\n![](https://example.org/a.jpg)"


@pytest.mark.parametrize(
    "caption",
    ["<figcaption>A  caption <span>Photo: X</span></figcaption>", "<p class='wp-caption-text'>A caption Photo: X</p>"],
)
def test_a_caption_follows_its_image(caption: str) -> None:
    found = blocks([html.fromstring(f"<figure><img src='/a.jpg'>{caption}</figure>")], absolute)
    assert [block.kind for block in found] == ["image", "caption"]
    assert found[1].markdown == "A caption Photo: X"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("snake_case 2 * 3 a & b c<d", r"snake_case 2 * 3 a & b c\<d"),
        ("*x* _y_ `z`", r"\*x\* \_y\_ &#96;z&#96;"),
        ("&amp; &#35; &", "&amp;amp; &amp;#35; &"),
        ("{{ x }} {% y %} {z}", r"&#123;&#123; x }} &#123;% y %} \{z}"),
        ("[a](b) [1] [c]: d", r"[a\](b) [1] [c\]: d"),
        (r"a\*b c:\dir", r"a\\\*b c:\dir"),
        ("a | b ~~c~~ $$", r"a \| b &#126;&#126;c&#126;&#126; \$\$"),
        ("Hello! World!", "Hello! World!"),
    ],
)
def test_only_what_would_be_markup_is_escaped(text: str, markdown: str) -> None:
    assert escape_inline(text) == markdown


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("# a", r"\# a"),
        ("#a", "#a"),
        ("- a", r"\- a"),
        ("-a", "-a"),
        ("1. a", r"1\. a"),
        ("1.5", "1.5"),
        ("> a", r"\> a"),
        ("+ a", r"\+ a"),
        ("+1", "+1"),
        ("---", r"\---"),
        ("- - -", r"\- - -"),
        ("===", r"\==="),
        ("[1]: a", r"\[1]: a"),
        ("[1] a", "[1] a"),
        ("2024) a", r"2024\) a"),
        (": a", r"\: a"),
        ("plain", "plain"),
        ("**---**", "**---**"),
    ],
)
def test_starts_of_lines(line: str, safe: str) -> None:
    assert escape_line_start(line) == safe


def test_code_that_ends_a_raw_section_is_made_inert() -> None:
    assert code_block("{% endraw %}{{ x }}") == "```\n{ % endraw %}{ { x }}\n```"


def test_text_below_the_deepest_level_is_kept() -> None:
    markup = "<div>" * 200 + "deep <b>text</b>" + "</div>" * 200
    assert written(markup) == "deep text"


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("<p class='block-interline'>Rising rates</p>", "## Rising rates"),
        ("<p class='crosshead'>Rising rates</p>", "## Rising rates"),
        ("<div class='x zwischentitel'>Rising rates</div>", "## Rising rates"),
        ("<div class='heading-h4'>Rising rates</div>", "#### Rising rates"),
        ("<p class='subheading'>Rates are rising.</p>", "Rates are rising."),
        ("<p class='online'>Rising rates</p>", "Rising rates"),
        ("<p><b>Rising rates</b></p>", "**Rising rates**"),
        ("<div class='crosshead'><p>Rising</p><p>rates</p></div>", "Rising\n\nrates"),
    ],
)
def test_a_class_can_make_a_heading_of_a_line(markup: str, markdown: str) -> None:
    assert written(markup) == markdown


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<div class='photo wide'><img src='/a.jpg'><p>Boats (Image: Ann)</p></div>", "caption"),
        ("<div class='newsitem-image'><img src='/a.jpg'><div><span>Boats</span></div></div>", "caption"),
        ("<figure><img src='/a.jpg'>Boats</figure>", "caption"),
        ("<div class='photo'><p>Boats</p></div>", "paragraph"),
        ("<div class='story'><img src='/a.jpg'><p>Boats</p></div>", "paragraph"),
        ("<div class='media'><img src='/a.jpg'><h3>Boats</h3><p>Sail.</p></div>", "paragraph"),
        ("<div class='media'><img src='/a.jpg'><img src='/b.jpg'><p>Boats</p></div>", "paragraph"),
        (f"<div class='media'><img src='/a.jpg'><p>{'Boats. ' * 90}</p></div>", "paragraph"),
    ],
)
def test_words_framed_with_one_picture_are_its_caption(markup: str, kind: str) -> None:
    found = blocks([html.fromstring(f"<div><p>Before.</p>{markup}</div>")], absolute)
    assert found[-1].kind == kind


@pytest.mark.parametrize(
    ("begin", "end"),
    [("<ul>", "</ul>"), ("<ol><li>x", "</li></ol>"), ("<blockquote>x", "</blockquote>"), ("<b>x<i>y", "</i></b>")],
)
def test_nesting_without_end_is_read_to_its_innermost_text(begin: str, end: str) -> None:
    root = html.fromstring(f"<div>{begin * 1000}innermost{end * 1000}</div>", parser=html.HTMLParser(huge_tree=True))
    assert "innermost" in join_blocks(blocks([root], absolute))
