"""The document that a page shows once it is complete, as HTML."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Page

_PUT_SHADOWS_INTO_THE_DOCUMENT = """
() => {
  const fill = (root) => {
    for (const host of root.querySelectorAll("*")) {
      const shadow = host.shadowRoot;
      if (!shadow) continue;
      fill(shadow);
      const slots = [...shadow.querySelectorAll("slot")];
      const shown = slots.map((slot) => slot.assignedNodes({ flatten: true }));
      slots.forEach((slot, number) => slot.replaceWith(...shown[number]));
      host.replaceChildren(...shadow.childNodes);
    }
  };
  fill(document);
}
"""
"""Replaces what stands in an element with a shadow root by what it shows: the shadow tree, its slots filled
(https://dom.spec.whatwg.org/#shadow-trees). HTML has no other place for it that readers of pages would look at."""


async def read_document(page: Page) -> str:
    """Return the document with the text of its open shadow roots. Raises playwright's errors."""
    with contextlib.suppress(Exception):  # a page whose scripts are in the way of this still has its document
        await page.evaluate(_PUT_SHADOWS_INTO_THE_DOCUMENT)
    html: str = await page.content()
    return html
