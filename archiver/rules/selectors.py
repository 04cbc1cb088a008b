"""Compile a publisher's selectors, CSS as parsel writes it or XPath, once each."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from lxml import etree
from parsel.csstranslator import HTMLTranslator

Finder = Callable[[etree._Element], Any]
"""Gives elements or texts in page order, or one value of an XPath function."""

_XPATH = re.compile(r"\.{0,2}/|\(|\.$|[a-z-]+\(|(?:self|child|parent|(?:descendant|ancestor)(?:-or-self)?)::")
"""How an XPath begins and no CSS selector does."""
_TRANSLATOR = HTMLTranslator()


@lru_cache(maxsize=1024)
def compile_selector(selector: str, axis: str = "descendant-or-self::") -> Finder:
    """Compile a selector; CSS is searched for along an XPath axis.

    Raises an error of cssselect's or lxml's where it is neither CSS nor XPath.
    """
    path = selector if is_xpath(selector) else _TRANSLATOR.css_to_xpath(selector, prefix=axis)
    return cast("Finder", etree.XPath(path, smart_strings=False))


def is_xpath(selector: str) -> bool:
    """True for an XPath, such as `//h1/text()`; False for CSS, such as `h1::text`."""
    return _XPATH.match(selector) is not None


def selector_fault(selector: str) -> str | None:
    """What is wrong with a selector, in the words of its parser; None when nothing is."""
    try:
        find = compile_selector(selector)
        # What a function is called with shows only when it is called.
        find(etree.fromstring("<html/>"))
    except (SyntaxError, RuntimeError, ValueError, etree.XPathError) as error:
        # cssselect's errors are SyntaxErrors and RuntimeErrors.
        return str(error).rstrip(".")
    return None
