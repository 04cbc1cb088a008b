"""What on a page is no part of its article: told by tags, attributes and the words that classes and ids are made of.

Words alone are weak evidence: whoever asks must also see how much of the page's text an element holds
(`density.survey` does) and keep what holds a large share of it.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from itertools import islice

from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import MUTE
from archiver.extract.markdown.elements.callouts import is_callout
from archiver.extract.markdown.elements.footnotes import is_note
from archiver.text.letters import letters_key


class Kind(IntEnum):
    """How an element looks before its text is weighed."""

    TEXT = 0
    SUSPECT = 1
    """Boilerplate unless it holds much of the page's text."""
    GALLERY = 2
    """Of pictures: boilerplate as SUSPECT is, unless it shows one only."""
    COMMENTS = 3
    """Readers' comments, consent and the like: never the article, unless it is nearly all there is."""


# The words that classes and ids of boilerplate are made of, in the languages that publishers write their markup in.
_COMMENTS = """
    comments comment postcomment commentlist commentlisting commentslist commentthread replies opiniones disqus livefyre
    kommentare commentaires comentarios comentario
"""
_CONSENT = "cookie cookies consent gdpr onetrust"
_LETTERS = "newsletter newsletters"
_FEEDS = "outbrain taboola mgid"
_SHARING = """
    share shares sharing sharebar sharebuttons sharetools social socials socialmedia addthis addtoany sharethis sociable
    sharedaddy likes teilen compartir partager
"""
_FURTHER = """
    related relacionadas relacionados recommended recommendation recommendations recommend recirc recirculation trending
    teaser teasers promo promos promotion readmore readalso upnext relatedposts relatedarticles relatedcontent yarpp
    seealso morefrom popular mostread mostpopular linkbox
"""
_BOXES = "infobox factbox faktaboks faktabox faktaruta infokasten printbox tagbox toc"
_OFFERS = "subscribe subscription signup regwall donate donation respond"
_ADVERTISING = """
    ad ads advert adverts advertisement advertising adslot adunit adbox adsense adsbygoogle dfp gpt sponsor sponsored
    banner werbung anzeige publicidad publicite reklam reklame pub
"""
_WAYS = """
    nav navbar navigation menu breadcrumb breadcrumbs pagination pager toolbar topbar skiplink widget widgets footer
    rodape
"""
_PEOPLE_AND_DATES = """
    byline bylines author authors autor autoren auteur authorbox authorinfo bio tags taglist tagcloud keywords topics
    timestamp postmeta datetime
"""
_MACHINERY = """
    optin embedconsent externalcontent privacy cookiebar cli player
    jwplayer videoplayer playlist modal popup popover hovercard rollover overlay tooltip buttons button toggle login
    copyright print noprint
"""
_SHOWS = frozenset("gallery galleries slideshow carousel slider swiper".split())
_STRANGE = frozenset(" ".join((_COMMENTS, _CONSENT, _LETTERS, _FEEDS)).split())
_WORDS = frozenset(
    " ".join((_SHARING, _FURTHER, _BOXES, _OFFERS, _ADVERTISING, _WAYS, _PEOPLE_AND_DATES, _MACHINERY)).split()
)
_PHRASES = re.compile(
    # "has-sidebar" and "sidebar-grid" name the layout around an article, not what stands beside it.
    r"(?<!has-)(?<!with-)(?<!no-)sidebar(?!-(?:grid|layout|container|wrapper|main))"
    r"|read-?(?:more|also|next)|most-?(?:read|popular|viewed)|more-?(?:stories|news|from|on)|up-?next|see-?also|you-?may"
    r"|also-?like|(?:article|entry|post|story)-?(?:meta|tags|info|footer|share|actions|tools|date)(?!\w*-(?:content|body))"
    r"|lees-?ook|lire-?aussi|leia-?(?:tambem|mais)|te-?puede|mehr-?zum|in-?article-?(?:ad|promo)|follow-?us"
    # Tailwind's word for what is no running text, and the frames of those who wrote it.
    r"|(?<!\w)not-prose(?!\w)|(?:author|writer|reporter|journalist)s?-?(?:profile|bio|box|card|info)"
    r"|elementor-share|(?:external|embed|social)-?(?:content|embed)?-?(?:consent|opt-?in|placeholder)|cookie-?law"
    r"|infinite-?scroll|mvp-post-add|app-?download"
    # Beside the running text: boxes of facts, boxes that open at a click, summaries by machines.
    r"|(?:info|facts?|fakta|expandable|collapsible)-?box|(?<![a-z])ai-?(?:article-?|content-?)?summary"
    r"|(?<![a-z])related-?[a-z]|table-?of-?contents|inhaltsverzeichnis"
)
_HIDING = frozenset((
    "sr-only", "screen-reader", "screen-reader-text", "visually-hidden", "visuallyhidden", "is-hidden", "hidden",
    "hide", "d-none", "noprint", "print-only",
))  # fmt: skip
"""Names, or their ends behind an underscore, that styles hide elements by."""
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[\s;])(?:left|top|text-indent)\s*:\s*-\d{4}"
)
_LISTS = frozenset(("ul", "ol"))
_HIDING_ATTRIBUTES = frozenset(("hidden", "aria-hidden", "style"))
_REPLIED_TO = "data-username"
"""An `<aside>` with it is what a reply in Discourse quotes."""
_SUSPECT_TAGS = frozenset(("nav", "footer", "aside", "menu", "form"))
MUTE_TAGS = MUTE - _SUSPECT_TAGS
"""Have no text for readers, whatever else is said of them."""
_ROLES = """
    navigation complementary banner contentinfo search dialog alertdialog alert menu menubar toolbar tablist tooltip
"""
_SUSPECT_ROLES = frozenset(_ROLES.split())
_TEXT = "html body main p h1 h2 h3 h4 h5 h6 blockquote em strong b i img picture figure figcaption"
_NEVER = frozenset(_TEXT.split())
# Elementor calls all that a page is made of a widget: only what follows names it.
_BUILDER = re.compile(r"^elementor-widget(?:-wrap|$|-)")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TEXT_PROPERTIES = frozenset(("articleBody", "description", "headline", "alternativeHeadline", "text"))
"""Of schema.org: what is marked so is text, whatever it is called."""
# "section--has-ads" says what stands in the section, or beside it, not what it is.
_MODIFIER = re.compile(r"(?<![a-z0-9])(?:has|with|no|without)-[a-z0-9]+")
_MIN_CONTENTS = 3
"""Items from which a list of links to places on the page is its table of contents; with two the footnotes of a text are
one, with more short tables stay. No measurement is on record."""
_MIN_LABEL_SHARE = 0.3
"""Share of an item that its link holds in a table of contents; lower, and footnotes are one, at 1 numbered tables are
none. No measurement is on record."""
_MIN_SENTENCE_LETTERS = 40
"""Characters on both sides of a link from which it stands in a sentence; with fewer what stands between the names in a
by-line makes one, with more links in short sentences leave gaps. No measurement is on record."""
_MAX_CODE_LEVELS = 6
"""Levels between a comment in a program and its `<pre>`; with fewer those in lines of highlighters are lost, more only
cost time where elements nest without end. No measurement is on record."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SPLIT = re.compile(r"[^a-z0-9]+")
_MAX_CACHED_NAMES = 16_384
"""Names, and values of class and id, whose meaning is remembered from page to page, at most two megabytes of each; a
quarter of it is full after a hundred pages of different publishers, and then every third name is read again. Measured
on the acceptance pages.
"""


def is_mute(element: Element, tag: object) -> bool:
    """True for an element that has no text for readers, by its `tag`; of buttons those that open no picture."""
    return tag in MUTE_TAGS or (tag == "button" and next(element.iter("img"), None) is None) or not isinstance(tag, str)


def kind_of(element: Element) -> Kind:
    """How an element that is not mute looks by its tag and attributes alone."""
    tag = element.tag
    if tag == "button":
        return Kind.TEXT
    attributes = element.keys()
    if tag in _LISTS and _is_contents(element):
        return Kind.SUSPECT
    if not attributes:
        return Kind.SUSPECT if tag in _SUSPECT_TAGS else Kind.TEXT
    # Most elements have a class and nothing else.
    if len(attributes) > 1 or attributes[0] != "class":
        if not _HIDING_ATTRIBUTES.isdisjoint(attributes) and _has_hiding_style(element):
            # A program that nobody sees is what scripts read, such as the article in Markdown, to be copied.
            return Kind.COMMENTS if tag == "pre" else Kind.SUSPECT
        if "role" in attributes and tag != "aside" and element.get("role") in _SUSPECT_ROLES:
            return Kind.SUSPECT
    if tag in _SUSPECT_TAGS:
        is_text = tag == "aside" and (is_callout(element) or is_note(element) or _REPLIED_TO in attributes)
        return Kind.TEXT if is_text else Kind.SUSPECT
    if "itemprop" in attributes and element.get("itemprop") in _TEXT_PROPERTIES:
        return Kind.TEXT
    named = f"{element.get('class', '')} {element.get('id', '')}"
    kind = _kind_of_names(named) if len(named) > 1 else Kind.TEXT
    return kind if kind is Kind.TEXT or _has_hiding_name(named) else _kind_by_place(kind, element, tag)


def _kind_by_place(kind: Kind, element: Element, tag: str) -> Kind:
    """What an element is that its names make boilerplate of a kind, by its tag and what it stands in."""
    if kind is Kind.COMMENTS and tag in _HEADINGS:
        return Kind.TEXT if _is_named_by_text(element) else kind
    is_text = tag in _NEVER or (tag == "a" and _is_in_sentence(element))
    return Kind.TEXT if is_text or (kind is Kind.COMMENTS and tag == "span" and _is_in_code(element)) else kind


def _is_named_by_text(heading: Element) -> bool:
    """True for a heading whose id says what it says, as programs name the sections of a text."""
    name = letters_key(heading.get("id") or "")
    return name != "" and name in letters_key("".join(heading.itertext()))


def suspect_name(element: Element) -> str:
    """The first of an element's classes that looks like boilerplate."""
    names = (element.get("class") or "").split()
    return next((name for name in names if _kind_of_name(name) is Kind.SUSPECT), "")


def is_named_after(element: Element, block: str) -> bool:
    """True for what looks like boilerplate for the name of the block around it alone: `widget__text` in `widget`."""
    names = [name for name in (element.get("class") or "").split() if _kind_of_name(name) is not Kind.TEXT]
    parts = [name.removeprefix(f"{block}__") for name in names]
    return all(part != name and _kind_of_name(part) is Kind.TEXT for part, name in zip(parts, names, strict=True))


def _is_in_sentence(link: Element) -> bool:
    """True for a link behind which its sentence goes on: without it the sentence would have a gap."""
    after = (link.tail or "").strip()
    previous, around = link.getprevious(), link.getparent()
    if not after or around is None:
        return False
    before = around.text if previous is None else previous.tail
    return len(after) + len((before or "").strip()) >= _MIN_SENTENCE_LETTERS


def _is_in_code(element: Element) -> bool:
    """True for a piece of a program, whose comments highlighters call so, too."""
    return any(above.tag in ("pre", "code") for above in islice(element.iterancestors(), _MAX_CODE_LEVELS))


def _is_contents(element: Element) -> bool:
    """True for a list of nothing but links to places on the page itself."""
    items = [child for child in element if child.tag == "li"]
    return len(items) >= _MIN_CONTENTS and all(map(_leads_down, items))


def _leads_down(item: Element) -> bool:
    link = next(item.iter("a"), None)
    if link is None or not (link.get("href") or "")[:-1].startswith("#"):
        return False
    label = len("".join(link.itertext()).strip())
    # A footnote leads up to its mark, and says more than that; below a heading the table goes on in a list of its own.
    beside = len("".join(item.itertext()).strip()) if next(item.iter("ul", "ol"), None) is None else label
    return 0 < label >= _MIN_LABEL_SHARE * beside


def is_hidden(element: Element) -> bool:
    """True for an element that its attributes or its names hide from a reader."""
    return _has_hiding_style(element) or _has_hiding_name(f"{element.get('class') or ''} {element.get('id') or ''}")


def _has_hiding_style(element: Element) -> bool:
    attributes = element.attrib
    # Pages that blur the paragraphs behind their wall hide them from screen readers too.
    if "hidden" in attributes or (attributes.get("aria-hidden") == "true" and element.tag != "p"):
        return True
    style = attributes.get("style")
    return bool(style) and _HIDDEN_STYLE.search(style) is not None


def _has_hiding_name(named: str) -> bool:
    return any(name.lower().rpartition("_")[2] in _HIDING for name in named.split())


@lru_cache(maxsize=_MAX_CACHED_NAMES)
def _kind_of_names(named: str) -> Kind:
    """What the names say that an element's class and id hold."""
    kind = Kind.TEXT
    for name in named.split():
        said = _kind_of_name(name)
        if said is Kind.COMMENTS:
            return said
        if said is Kind.SUSPECT or kind is Kind.TEXT:
            kind = said
    return kind


@lru_cache(maxsize=_MAX_CACHED_NAMES)
def _kind_of_name(name: str) -> Kind:
    """What the words say that one name is made of."""
    hides = name.lower().rpartition("_")[2] in _HIDING
    # WordPress names an article after its tags and categories, whatever they are.
    if not name.startswith(("tag-", "category-")):
        spaced = _MODIFIER.sub("", _BUILDER.sub("", (_CAMEL.sub("-", name) if not name.islower() else name).lower()))
        words = _SPLIT.split(spaced)
        if not _STRANGE.isdisjoint(words):
            return Kind.COMMENTS
        if not hides and (not _WORDS.isdisjoint(words) or _PHRASES.search(spaced)):
            return Kind.SUSPECT
        if not hides and not _SHOWS.isdisjoint(words):
            return Kind.GALLERY
    return Kind.SUSPECT if hides else Kind.TEXT
