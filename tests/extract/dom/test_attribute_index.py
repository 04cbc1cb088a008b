from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from lxml.cssselect import CSSSelector

from archiver.extract.dom.attribute_index import AttributeIndex
from archiver.extract.fields.candidates import candidates
from archiver.models import Candidate, Field
from tests.support.sheets import sheet

NAMES = st.sampled_from(["a", "b", "a b", "b  a a", "ab", "A", " a ", ""])


MARKUP = st.recursive(
    NAMES.map(lambda name: f'<p class="{name}"></p>'),
    lambda inner: st.builds(lambda name, one, two: f'<div class="{name}">{one}{two}</div>', NAMES, inner, inner),
)


@given(MARKUP)
def test_a_class_is_found_where_a_selector_finds_it(markup: str) -> None:
    tree = html.fromstring(f"<section>{markup}</section>")
    for name in ("a", "b", "ab", "A"):
        assert AttributeIndex.of(tree).of_class(name) == CSSSelector(f".{name}", translator="xhtml")(tree)


def test_labels_speak_in_any_case_and_within_words_in_page_order() -> None:
    tree = html.fromstring(
        '<div><p class="x">1</p><p class="postDate">2</p><p class="x">3</p><p class="update">4</p></div>'
    )
    marks = AttributeIndex.of(tree)
    assert [element.text for element in marks.at(marks.elements_named("date", "pub"))] == ["2", "4"]
    assert [element.text for element in marks.at(marks.elements_named("x", "date"))] == ["1", "2", "3", "4"]


def test_a_byline_with_rel_author_need_not_be_a_link() -> None:
    page = sheet(body='<article><span class="author" rel="author">Ada Quell</span></article>')
    assert Candidate(Field.AUTHOR, "Ada Quell", "rel:author") in candidates(page)
