"""Pages that end in the middle of their markup, told from sound ones that leave their last tags out."""

from __future__ import annotations

import pytest

from archiver.extract.dom.truncation import breaks_off

PAGE = b"<!doctype html><title>A</title><script>if (a<b) {}</script><div><article><p>Some text<p>and more"


@pytest.mark.parametrize(
    ("page", "is_cut"),
    [
        (PAGE, True),
        (PAGE + b" <a hre", True),
        (PAGE + b"</article></div><!-- the foot", True),
        (PAGE + b"</article></div><SCRIPT>window.a = '<p>'", True),
        (PAGE + b"</article></div><style>p { color: red; }", True),
        (PAGE + b"</article></div>", False),
        (PAGE + b"</article></div>\n<p>The end", False),
        (PAGE + b"</body>", False),
        (PAGE + b"</HTML><!-- made in 3 ms", False),
        (b"<title>Short</title><p>A text", False),
        (b"no markup, but a", False),
        (PAGE.decode().encode("utf-16"), False),
        (b"<!--" * 200_000 + b"-->" + b"<script>" * 200_000, True),
    ],
)
def test_where_a_page_ends(page: bytes, is_cut: bool) -> None:
    assert breaks_off(page) is is_cut
