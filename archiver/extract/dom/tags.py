"""What the elements of HTML are to an article (https://html.spec.whatwg.org/#elements-3)."""

from __future__ import annotations

MUTE = frozenset((
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "video", "audio",
    "canvas", "map", "form", "input", "select", "textarea", "head", "link", "meta", "nav", "dialog", "progress",
    "meter", "datalist", "area", "rt", "rp",
))  # fmt: skip
"""Hold no text of an article: of `<ruby>` the words are read, not how they are spoken."""
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li",
    "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
"""Begin and end a block of text."""
INLINE = frozenset((
    "a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp", "small",
    "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "label",
))  # fmt: skip
"""Stand within a line."""
PROSE = frozenset((
    "p", "blockquote", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "figure", "span", "a", "b", "strong",
    "em", "i", "font",
))  # fmt: skip
"""Hold text themselves: never the place where a whole article stands."""
