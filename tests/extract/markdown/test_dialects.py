"""What kramdown, Goldmark, markdown-it or remark read otherwise than CommonMark is written so that none does."""

from __future__ import annotations

import pytest
from lxml import html

from archiver.extract.markdown.blocks import join_blocks
from archiver.extract.markdown.writer import blocks
from archiver.text.markdown.escaping import code_block, code_span, escape_heading, escape_inline, escape_line_start


def written(markup: str, *, liquid_fences: bool = True) -> str:
    root = html.fromstring(f"<div>{markup}</div>")
    return join_blocks(blocks([root], lambda url: url, liquid_fences=liquid_fences))


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        # kramdown: an escaped bracket does not keep a line from defining a link.
        ("<p>[1]: http://a.example/b</p>", r"\[1\]: http://a.example/b"),
        ("<p>One<br>[^1]: two</p>", "One  \n\\[^1\\]: two"),
        ("<ul><li>[a]: b</li></ul>", r"- \[a\]: b"),
        ("<p><a href='https://a.example/'>[1]: one</a></p>", r"[\[1&#93;: one](https://a.example/)"),
        # GFM: a list's item that begins so is a task, without its brackets; to Goldmark also one that has it elsewhere.
        ("<ul><li>[x] done</li><li>To do: [ ]</li></ul>", "- \\[x] done\n- To do: \\[ ]"),
        ("<ul><li>On <a href='https://x.example/'>X</a></li></ul>", "- On [&#88;](https://x.example/)"),
        ("<p>On <a href='https://x.example/'>X</a></p>", "On [X](https://x.example/)"),
        # kramdown: a label cannot begin as a footnote does.
        ("<p><a href='https://x.example/'>^1</a></p>", "[&#94;1](https://x.example/)"),
        # kramdown: a header alone is no table.
        ("<table><tr><td>a</td><td>b</td></tr><tr><td></td><td></td></tr></table>", "a b"),
        # kramdown shows the escape that GFM wants.
        (
            "<table><tr><td>a</td><td>b</td></tr><tr><td><code>c|d</code></td><td><code>e</code></td></tr></table>",
            "| a | b |\n| --- | --- |\n| c\\|d | `e` |",
        ),
        # kramdown: only the first of these stars was escaped.
        ("<p>*** So *** it is ***</p>", r"\*\*\* So \*\*\* it is \*\*\*"),
        ("<h2>______</h2>", r"## \_\_\_\_\_\_"),
        ("<p>___</p>", r"\_\_\_"),
        ("<p>_ _ _</p>", r"\_ _ _"),
        ("<p>^</p>", "&#94;"),
        # GFM: one tilde strikes out too; one that only opens does not.
        ("<p>H~2~O, ~5 m</p>", "H&#126;2&#126;O, ~5 m"),
        ("<p>a ~ b <b>c</b>~</p>", "a ~ b **c**&#126;"),
        # GFM: the underscore would be part of the e-mail address, or of the web address.
        ("<p><i>mail: a@b.example</i></p>", "*mail: a@b.example*"),
        ("<p><i>http://a.example/b</i></p>", r"_http\://a.example/b_"),
        ("<p><b>www.a.example</b>s</p>", r"**www\.a.example**s"),
        # GFM: a bare address is taken as it is written, with its escapes.
        ("<p>See http://a.example/*b and http://a.example/b_c_1.</p>",
         r"See http\://a.example/\*b and http://a.example/b_c_1."),
        ("<p>(http://a.example)(http://b.example/c_)</p>", r"(http\://a.example)(http\://b.example/c\_)"),
        # kramdown: an entity may begin with an underscore.
        ("<p>R&amp;<i>D;</i> &amp;</p>", "R&amp;_D;_ &"),
        # kramdown: the underscore behind a digit opens, and that of the emphasis closes.
        ("<p>1_2 and <i>so</i></p>", "1_2 and *so*"),
        ("<p>well-<i>known</i></p>", "well-*known*"),
        # kramdown: an underscore beside a digit opens in a label, and one in the address closes.
        ("<img src='https://a.example/c_.jpg' alt='a_b_1_c'>", r"![a_b\_1\_c](https://a.example/c_.jpg)"),
        ("<p><b><i>a@b.example</i></b></p>", "***a@b.example***"),
        ("<p><i><b>a@b.example</b></i></p>", "***a@b.example***"),
        # Before version 0.31 of the specification a sign was a letter beside a delimiter, since then it is punctuation.
        ("<p>\N{CLINKING GLASSES}<i>Cheers</i></p>", "\N{CLINKING GLASSES}*Cheers*"),
        ("<p>a<i>\N{CLINKING GLASSES}b</i></p>", "a\N{CLINKING GLASSES}*b*"),
        # Goldmark: attributes of the heading.
        ("<h2>Prices {.5}</h2>", r"## Prices \{.5}"),
        # kramdown: the closing mark may stand behind a letter.
        ("<h2>Learn C#</h2>", r"## Learn C\#"),
        ("<h2>a ##</h2>", r"## a \#\#"),
    ],
)  # fmt: skip
def test_no_reader_takes_it_for_markup(markup: str, markdown: str) -> None:
    assert written(markup) == markdown


def test_emphasis_that_no_star_can_mark_is_left_out() -> None:
    assert written("<p><b>x<i>a@b.example</i></b></p>") == "**xa@b.example**"


@pytest.mark.parametrize("line", ["#", "##", r"a\#"])
def test_hashes_are_escaped_once(line: str) -> None:
    assert escape_heading(escape_heading(escape_line_start(line))) == line.replace("#", r"\#").replace(r"\\#", r"\#")


def test_braces_are_liquid_only_in_pairs() -> None:
    assert escape_inline("{a} {{b}} {% c") == r"\{a} &#123;&#123;b}} &#123;% c"


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("<pre>{{ x }}</pre>", "```\n{{ x }}\n```"),
        ("<p><code>{% x %}</code></p>", "`{% x %}`"),
        ("<p><code>{% endraw %}</code><code>{{</code></p>", "`{% endraw %}{{`"),
        ("<p>{{ x }}</p>", "&#123;&#123; x }}"),
    ],
)
def test_without_fences_code_stands_as_it_is(markup: str, markdown: str) -> None:
    assert written(markup, liquid_fences=False) == markdown


def test_a_shortcode_in_code_does_not_end_hugos_build() -> None:
    assert code_block("{{< x >}}", liquid_fences=False) == "```\n{ {< x >}}\n```"
    assert code_span("{{% x %}}", liquid_fences=False) == "`{ {% x %}}`"
