"""Blocks of code as highlighters print them: their lines alone, and their language."""

from __future__ import annotations

import pytest
from lxml import html

from archiver.extract.markdown.blocks import join_blocks
from archiver.extract.markdown.writer import blocks

TWO_LINES = "```{}\nx = 1\ny = 22\n```"


def written(markup: str) -> str:
    return join_blocks(blocks([html.fromstring(f"<div>{markup}</div>")], lambda url: url))


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        # Pygments: the numbers in a cell beside the code, or in its lines.
        (("<div class='highlight-python3 notranslate'><table class='highlighttable'><tr><td class='linenos'>"
         "<div class='linenodiv'><pre><span>1</span>\n<span>2</span></pre></div></td>"
         "<td class='code'><div class='highlight'><pre><span>x</span> = 1\ny = 22\n</pre></div></td></tr></table>"
         "</div>"),
         "python"),
        (("<div class='highlight'><pre><span class='linenos'>1</span>x = 1\n<span class='linenos'>2</span>y = 22</pre>"
         "</div>"), ""),
        # Rouge: a table within the block.
        (("<div class='language-ruby highlighter-rouge'><div class='highlight'><pre class='highlight'><code>"
         "<table class='rouge-table'><tbody><tr><td class='rouge-gutter gl'><pre class='lineno'>1\n2\n</pre></td>"
         "<td class='rouge-code'><pre>x = 1\ny = 22\n</pre></td></tr></tbody></table></code></pre></div>"
         "</div>"), "ruby"),
        # highlight.js with its plugin: a row for each line, the number in an attribute or in words.
        (("<pre><code class='hljs language-js'><table class='hljs-ln'><tr><td class='hljs-ln-line hljs-ln-numbers' "
         "data-line-number='1'><div class='hljs-ln-n' data-line-number='1'></div></td><td class='hljs-ln-code'>x = 1"
         "</td></tr><tr><td class='hljs-ln-numbers' data-line-number='2'>2</td><td class='hljs-ln-code'>y = 22</td>"
         "</tr></table></code></pre>"), "js"),
        # GitHub: a page that shows a file.
        (("<div class='highlight highlight-source-shell'><table class='js-file-line-container'>\n <tr>\n"
         "  <td class='blob-num js-line-number' data-line-number='1'>1</td>\n"
         "  <td class='blob-code blob-code-inner'>x = 1</td>\n </tr>\n <tr>\n"
         "  <td class='blob-num js-line-number' data-line-number='2'></td>\n  <td class='blob-code'>y = 22</td>\n </tr>"
         "\n</table></div>"), "shell"),
        # Hexo: lines that end in <br>.
        (("<figure class='highlight python'><table><tr><td class='gutter'><pre><span class='line'>1</span><br>"
         "<span class='line'>2</span><br></pre></td><td class='code'><pre><span class='line'>x = 1</span><br>"
         "<span class='line'>y = 22</span><br></pre></td></tr></table></figure>"), "python"),
        # Hugo's Chroma.
        (("<div class='highlight'><table class='lntable'><tr><td class='lntd'><pre><code><span class='lnt'>1\n</span>"
         "<span class='lnt'>2\n</span></code></pre></td><td class='lntd'><pre><code class='language-go' data-lang='go'>"
         "<span class='line'><span class='cl'>x = 1\n</span></span><span class='line'><span class='cl'>y = 22\n</span>"
         "</span></code></pre></td></tr></table></div>"), "go"),
        # SyntaxHighlighter: no <pre> at all.
        (("<div class='syntaxhighlighter  java'><table><tr><td class='gutter'><div class='line number1'>1</div>"
         "<div class='line number2'>2</div></td><td class='code'><div class='container'>"
         "<div class='line'><code>x</code><code>&nbsp;= 1</code></div><div class='line'><code>y = 22</code></div></div>"
         "</td></tr></table></div>"), "java"),
        ("<pre class='brush: sql; toolbar: false'>x = 1\ny = 22</pre>", "sql"),
        # Prism: numbers that a style draws, and a button.
        (("<pre class='line-numbers language-css' data-line='1'><code>x = 1\ny = 22<span class='line-numbers-rows'>"
         "<span></span><span></span></span></code><button>Copy</button></pre>"), "css"),
        # Shiki, with and without line ends between the lines.
        ("<pre data-language='ts'><code><span class='line'>x = 1</span>\n<span class='line'>y = 22</span></code></pre>",
         "ts"),
        ("<pre data-lang='rust'><code><span data-line=''>x = 1</span><span data-line=''>y = 22</span></code></pre>",
         "rust"),
        ("<pre lang='yaml'><code><div>x = 1</div><div>y = 22</div></code></pre>", "yaml"),
        ("<pre class='sourceCode haskell'>x = 1<br>y = 22</pre>", "haskell"),
        ("<pre class='prettyprint lang-c++'><ol class='linenums'><li>x = 1</li><li>y = 22</li></ol></pre>", "c++"),
        ("<div class='lang-en'><pre lang='en'><code class='language-plaintext'>x = 1\ny = 22</code></pre></div>", ""),
    ],
)  # fmt: skip
def test_code_stands_without_numbers_and_with_its_language(markup: str, language: str) -> None:
    assert written(f"<p>Before.</p>{markup}<p>After.</p>") == f"Before.\n\n{TWO_LINES.format(language)}\n\nAfter."


def test_numbers_in_a_row_before_all_lines_are_no_code_whatever_they_are_called() -> None:
    lines = "".join(f"<span class='q'>{at}</span> line\n" for at in (8, 9, 10))
    assert written(f"<pre>{lines}</pre>") == "```\n line\n line\n line\n```"


@pytest.mark.parametrize(
    "code",
    ["<span>1</span>\n<span>3</span>\n<span>2</span>", "<span>1</span>, a\n<span>2</span>, b", "<span>7</span>"],
)
def test_numbers_that_are_values_stay(code: str) -> None:
    text = "".join(str(part) for part in html.fromstring(f"<pre>{code}</pre>").itertext())
    assert written(f"<pre>{code}</pre>") == f"```\n{text}\n```"


def test_an_empty_line_stays_empty() -> None:
    assert written("<pre><div>a</div><div></div><div>b</div></pre>") == "```\na\n\nb\n```"
    assert written(
        "<pre><span class='line'>a</span>\n<span class='line'></span>\n<span class='line'>b</span></pre>"
    ) == ("```\na\n\nb\n```")


def test_a_table_of_numbers_and_words_is_no_code() -> None:
    rows = "".join(f"<tr><td>{at}</td><td>word</td></tr>" for at in (1, 2, 3))
    assert written(f"<table>{rows}</table>").startswith("| 1 | word |")


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><th>Status</th><th>Text</th></tr><tr><td>1</td><td><code>on</code></td></tr>",
        "<tr><td>404</td><td><code>Not Found</code></td></tr><tr><td>200</td><td><code>OK</code></td></tr>",
    ],
)
def test_a_table_of_numbers_and_what_they_stand_for_is_no_code(rows: str) -> None:
    assert written(f"<table>{rows}</table>").startswith("| ")


def test_a_picture_in_a_block_of_code_is_kept() -> None:
    assert written("<pre><img src='https://a.example/a.jpg'></pre>") == "![](https://a.example/a.jpg)"


def test_liquid_at_the_start_of_an_item_leaves_no_empty_line() -> None:
    assert written("<ul><li><pre>{{ x }}</pre></li><li>a</li></ul>") == (
        "- {% raw %}```\n  {{ x }}\n  ```\n  {% endraw %}\n- a"
    )


def test_white_space_before_the_first_line_is_that_of_the_markup() -> None:
    assert written("<pre>\n  \n\t<code>\n    x</code></pre>") == "```\n    x\n```"
