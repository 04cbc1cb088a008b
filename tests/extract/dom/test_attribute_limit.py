"""No tag has more attributes than libxml2 can compare in time, and nothing else of a page is lost."""

from __future__ import annotations

import pytest

from archiver.extract.dom.attribute_limit import MAX_ATTRIBUTES, drop_surplus_attributes
from archiver.extract.dom.page import Page
from tests.support.growing import capture


def attributes(count: int, form: str = 'a{0}="{0}"') -> str:
    return " ".join(form.format(number) for number in range(count))


@pytest.mark.parametrize("form", ['a{0}="{0}"', "a{0}='>{0}'", "a{0} = {0}", "a{0}", "\n/a{0}={0}", 'a{0}="/><{0}"'])
def test_a_tag_keeps_as_many_attributes_as_any_page_has(form: str) -> None:
    body = f'<p id="one" {attributes(3 * MAX_ATTRIBUTES, form)} >First.</p><p class="two">Second.</p>'
    page = Page.of(capture(body))
    assert page is not None
    first, second = page.tree.iter("p")
    assert (first.text, second.text) == ("First.", "Second.")
    assert len(first.attrib) == MAX_ATTRIBUTES
    assert (first.get("id"), second.get("class")) == ("one", "two")


@pytest.mark.parametrize(
    "markup",
    [
        f"<p {attributes(MAX_ATTRIBUTES)}>x</p>",
        '<script>{"text": "x <y ' + "and so on " * MAX_ATTRIBUTES + '"}</script>',
        "<p>" + "<b>word</b> " * MAX_ATTRIBUTES,
        "<a " * 3 * MAX_ATTRIBUTES,
    ],
)
def test_what_is_no_such_tag_stays(markup: str) -> None:
    assert drop_surplus_attributes(markup.encode()) == markup.encode()
