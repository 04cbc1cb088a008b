r"""Formulas stand once, from the TeX that the page carries, and no reader of Markdown eats a part of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from archiver.extract.markdown.blocks import join_blocks
from archiver.extract.markdown.writer import blocks
from archiver.text.markdown.formulas import block_formula, inline_formula, tex_source

KATEX = (
    "<span class='katex'><span class='katex-mathml'><math><semantics><mrow><mi>E</mi><mo>=</mo><mi>m</mi></mrow>"
    "<annotation encoding='application/x-tex'>E = m</annotation></semantics></math></span>"
    "<span class='katex-html' aria-hidden='true'><span class='mord'>E</span><span>=</span><span>m</span></span></span>"
)
MATHJAX_2 = (
    "<span class='MathJax_Preview'>E=m</span><span class='MathJax' id='MathJax-Element-1-Frame'><nobr>E=m</nobr></span>"
    "<script type='math/tex' id='MathJax-Element-1'>E = m</script>"
)
MATHJAX_2_BLOCK = (
    "<div class='MathJax_Display'><span class='MathJax'><nobr>E=m</nobr></span></div>"
    "<script type='math/tex; mode=display'>E = m</script>"
)
MATHJAX_4 = (
    "<mjx-container class='MathJax' jax='CHTML' display='true'><mjx-math data-latex='E = m'><mjx-mi>E</mjx-mi>"
    "</mjx-math></mjx-container>"
)
WIKIPEDIA = (
    "<span class='mwe-math-element'><span class='mwe-math-mathml-inline mwe-math-mathml-a11y' style='display: none;'>"
    r"<math alttext='{\displaystyle E=m}'><semantics><mi>E</mi><annotation encoding='application/x-tex'>"
    r"{\displaystyle E = m}</annotation></semantics></math></span><img src='https://a.example/e.svg' "
    r"class='mwe-math-fallback-image-inline' aria-hidden='true' alt='{\displaystyle E=m}'></span>"
)


def written(markup: str) -> str:
    return join_blocks(blocks([html.fromstring(f"<div>{markup}</div>")], lambda url: url))


@pytest.mark.parametrize(
    "formula",
    [
        KATEX,
        MATHJAX_2,
        WIKIPEDIA,
        r"<img class='mwe-math-fallback-image-inline' src='https://a.example/e.svg' alt='{\displaystyle E = m}'>",
        "<img class='latex' src='https://s0.wp.com/latex.php?latex=E' alt='E = m'>",
        "<math alttext='E = m'><mi>E</mi><mo>=</mo><mi>m</mi></math>",
        "<math><mi>E</mi> <mo>=</mo> <mi>m</mi></math>",
        r"<span class='math inline'>\(E = m\)</span>",
        "<span class='math inline'>E = m</span>",
        "<span class='math-container'>$E = m$</span>",
        r"<span class='math'><script type='math/tex'>E = m</script></span>",
        "<math-renderer class='js-inline-math'>$E = m$</math-renderer>",
        "<code class='language-math math-inline'>E = m</code>",
        "<span class='ql-formula' data-value='E = m'><span>E=m</span></span>",
        (
            "<mjx-container class='MathJax'><mjx-math>Em</mjx-math><mjx-assistive-mml><math><mi>E</mi><mo>=</mo>"
            "<mi>m</mi></math></mjx-assistive-mml></mjx-container>"
        ),
    ],
)
def test_a_formula_in_a_line_stands_once(formula: str) -> None:
    assert written(f"<p>Since {formula}, so.</p>") == "Since $E = m$, so."


@pytest.mark.parametrize(
    "formula",
    [
        f"<span class='katex-display'>{KATEX}</span>",
        MATHJAX_2_BLOCK,
        MATHJAX_4,
        (
            "<math display='block'><semantics><mi>E</mi><annotation encoding='application/x-tex'>E = m</annotation>"
            "</semantics></math>"
        ),
        r"<span class='math display'>\[E = m\]</span>",
        "<div class='math notranslate'>$$E = m$$</div>",
        "<pre><code class='language-math math-display'>E = m</code></pre>",
        "<script type='math/tex; mode=display'>E = m</script>",
    ],
)
def test_a_formula_of_its_own_is_a_paragraph(formula: str) -> None:
    assert written(f"<p>Since {formula} it is so.</p>") == "Since\n\n$$E = m$$\n\nit is so."


@pytest.mark.parametrize(
    "markup",
    [
        "<p class='math-lovers'>I like <b>sums</b>.</p>",
        "<p>It costs $5, or $6.</p>",
        "<p><img class='latex-gloves' src='https://a.example/gloves.jpg'></p>",
        "<p><img class='formula-one' src='https://a.example/tex/car.jpg' alt='The car of the year'></p>",
        "<p><span class='formula'>Formula One</span></p>",
        "<div class='post mathjax'><p>One.</p><img src='https://a.example/a.jpg' alt='x^2'><p>Two.</p></div>",
        "<div class='mathjax'>One <img src='https://a.example/a.jpg' alt='x^2'> two.</div>",
        "<div class='katex-page'>One. <img src='https://a.example/a.jpg' alt='Boats'></div>",
        "<script>var x = 1</script>",
    ],
)
def test_what_is_only_called_a_formula_stays_what_it_is(markup: str) -> None:
    assert "$" not in written(markup) or "It costs $5, or $6." in written(markup)


@pytest.mark.parametrize(
    ("mathml", "tex"),
    [
        ("<msup><mi>x</mi><mn>2</mn></msup>", "{x}^{2}"),
        ("<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mi>c</mi></mrow></mfrac>", r"\frac{a}{b + c}"),
        ("<msqrt><mi>x</mi><mi>y</mi></msqrt>", r"\sqrt{x y}"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        ("<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi>", r"\operatorname{sin} x"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mtext>if so</mtext>", r"{∑}_ {i}^{n} \text{if so}"),
        ("<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr></mtable>", r"\begin{matrix}a & b\end{matrix}"),
    ],
)
def test_mathml_without_a_source_becomes_tex(mathml: str, tex: str) -> None:
    assert written(f"<p><math>{mathml}</math></p>") == f"${tex}$"


@pytest.mark.parametrize(
    ("tex", "markdown"),
    [
        (r"\frac{a}{b_1}", r"$\frac{a}{b_1}$"),
        # A blank where TeX wants none: kramdown would begin emphasis, Liquid an output, HTML a tag.
        (r"\mathbf{x}_{i}", r"$\mathbf{x}_ {i}$"),
        ("{{a}}<b", "${ {a}}< b$"),
        (r"\<a>", r"$\\\<a>$"),
        (r"\{{a}\}", r"$\\{ {a}\\}$"),
        ("a*b~c", "$a * b ~ c$"),
        ("x^*", r"$x^ \ast$"),
        # What only an escape keeps: the backslash, the pipe of a table.
        (r"\{a\} \\ |b|", r"$\\{a\\} \\\\ \|b\|$"),
        ("a % so\n+ b", "$a + b$"),
    ],
)
def test_a_formula_is_spelled_so_that_nothing_in_it_is_markup(tex: str, markdown: str) -> None:
    assert inline_formula(tex_source(tex)[0])[0] == markdown


def test_dollars_of_two_formulas_do_not_touch() -> None:
    inline = "<span class='math inline'>{}</span>"
    assert written(f"<p>{inline.format('a')}{inline.format('b')}$</p>") == "$a$ $b$ $"


def test_emphasis_around_a_formula_does_not_end_in_it() -> None:
    assert written("<p><i>so <span class='math inline'>x_{1}</span> is</i></p>") == "*so $x_{1}$ is*"


tex_parts = st.sampled_from(
    [*r"\ _ { } ^ & * ~ $ < > | ` ! [ ] ( ) # % : ; , ' x 1 a".split(), " ", r"\\", r"\frac", r"\,", r"\{", r"\_", "ab"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(tex_parts, min_size=1, max_size=12).map("".join))
def test_readers_that_know_no_formulas_show_the_source(tex: str) -> None:
    for markdown, text in (inline_formula(tex), block_formula(tex)):
        shown = html.fromstring(f"<div>{MarkdownIt('commonmark').enable('table').render(f'a {markdown} *b*')}</div>")
        assert "".join("".join(map(str, shown.itertext())).split()) == "".join(f"a{text}b".split())
        assert "{{" not in markdown
        assert "{%" not in markdown
