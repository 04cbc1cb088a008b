"""What on a page is no part of its article: told by tags, attributes and the words that classes and ids are made of.

Words alone are weak evidence: whoever asks must also see how much of the page's text an element holds
(`content.survey` does) and keep what holds a large share of it.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import MUTE
from archiver.extract.markdown.callouts import is_callout
from archiver.extract.markdown.footnotes import is_note


class Kind(IntEnum):
    """How an element looks before its text is weighed."""

    TEXT = 0
    SUSPECT = 1
    """Boilerplate unless it holds much of the page's text."""
    GALLERY = 2
    """Of pictures: boilerplate as SUSPECT is, unless it shows one only."""
    COMMENTS = 3
    """Readers' comments, consent and the like: never the article, unless it is nearly all there is."""
    HIDDEN = 4
    """No text at all, or text that no reader sees."""


# The words that classes and ids of boilerplate are made of, in the languages that publishers write their markup in.
_COMMENTS = "comments commentlist disqus kommentare commentaires comentarios comentario livefyre"
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
_WAYS = (
    "nav navbar navigation menu breadcrumb breadcrumbs pagination pager toolbar topbar skiplink widget widgets footer"
)
_PEOPLE_AND_DATES = """
    byline bylines author authors authorbox authorinfo bio tags taglist tagcloud keywords topics timestamp postmeta
    datetime
"""
_MACHINERY = """
    optin embedconsent externalcontent privacy cookiebar cli player
    jwplayer videoplayer playlist modal popup overlay tooltip buttons button toggle login copyright print noprint
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
    r"|elementor-share|(?:external|embed|social)-?(?:content|embed)?-?(?:consent|opt-?in|placeholder)|cookie-?law"
    r"|infinite-?scroll|mvp-post-add|app-?download"
    # Beside the running text: boxes of facts, boxes that open at a click, summaries by machines.
    r"|(?:info|facts?|fakta|expandable|collapsible)-?box|(?<![a-z])ai-?(?:article-?|content-?)?summary"
    r"|(?<![a-z])related-?[a-z]|table-?of-?contents|inhaltsverzeichnis"
)
_HIDDEN_WORDS = re.compile(
    r"(?:^|[\s_])(?:sr-only|screen-reader(?:-text)?|visually-?hidden|is-hidden|hidden|hide|d-none|noprint|print-only)"
    r"(?:$|\s)"
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[\s;])(?:left|top|text-indent)\s*:\s*-\d{4}"
)
_REPLIED_TO = "data-username"
"""An `<aside>` with it is what a reply in Discourse quotes."""
_SUSPECT_TAGS = frozenset(("nav", "footer", "aside", "menu"))
_ROLES = """
    navigation complementary banner contentinfo search dialog alertdialog alert menu menubar toolbar tablist tooltip
"""
_SUSPECT_ROLES = frozenset(_ROLES.split())
_TEXT = "html body main p h1 h2 h3 h4 h5 h6 blockquote em strong b i img picture figure figcaption"
_NEVER = frozenset(_TEXT.split())
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SPLIT = re.compile(r"[^a-z0-9]+")


def kind_of(element: Element) -> Kind:
    """How an element looks by its tag and attributes alone."""
    tag = element.tag
    if not isinstance(tag, str) or (tag in MUTE and tag not in ("form", "nav")):
        return Kind.HIDDEN
    if tag == "button":
        return Kind.HIDDEN if element.find(".//img") is None else Kind.TEXT
    attributes = element.attrib
    if not attributes:
        return Kind.SUSPECT if tag in _SUSPECT_TAGS or tag == "form" else Kind.TEXT
    if ("hidden" in attributes or "aria-hidden" in attributes or "style" in attributes) and _has_hiding_style(element):
        return Kind.SUSPECT
    if tag == "aside" and (is_callout(element) or is_note(element) or _REPLIED_TO in attributes):
        return Kind.TEXT
    if tag in _SUSPECT_TAGS or tag == "form" or attributes.get("role") in _SUSPECT_ROLES:
        return Kind.SUSPECT
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    spoken = _kind_of_name(named) if len(named) > 1 else Kind.TEXT
    return spoken if tag not in _NEVER or _has_hiding_name(named) else Kind.TEXT


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


@lru_cache(maxsize=4096)
def _has_hiding_name(named: str) -> bool:
    return _HIDDEN_WORDS.search(named.lower()) is not None


@lru_cache(maxsize=4096)
def _kind_of_name(named: str) -> Kind:
    """What the words say that a class and an id are made of."""
    kind = Kind.SUSPECT if _has_hiding_name(named) else Kind.TEXT
    for name in named.split():
        # WordPress names an article after its tags and categories, whatever they are.
        if name.startswith(("tag-", "category-")):
            continue
        spaced = _CAMEL.sub("-", name).lower()
        words = _SPLIT.split(spaced)
        if not _STRANGE.isdisjoint(words):
            return Kind.COMMENTS
        if not _WORDS.isdisjoint(words) or _PHRASES.search(spaced):
            kind = Kind.SUSPECT
        elif kind is Kind.TEXT and not _SHOWS.isdisjoint(words):
            kind = Kind.GALLERY
    return kind
