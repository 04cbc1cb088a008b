"""Is the page a list of articles, a shelf, a front page? Its signs, weighed.

A logistic regression over `signs.SIGNS`; `python -m tests.acceptance.weights FOLDER` finds the weights anew. Why signs
are weighed: docs/design.md D67.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from archiver.extract.dom.page import Page
from archiver.extract.verdict.response import Judgement, is_home
from archiver.extract.verdict.signs import SIGNS, Evidence
from archiver.models import Choice, Field, Verdict

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        # What speaks for an article.
        "author": -1.71,  # somebody signs it; on lists many do
        "prose_outside_cards": -1.24,
        "address_in_title": -1.72,  # it is what the seed's address promised
        "longest_run": -1.46,  # paragraphs in a row
        "paragraph_length": -1.63,  # teasers are short
        "dated_node": -1.05,
        "og_article": -0.97,  # weak: section pages say so too
        "title_length": -0.35,  # the name of a section is shorter than a headline
        "headline_node": -0.65,
        # What speaks for a list.
        "list_node": 0.29,  # rare on both sides, so that the regression dares little
        "paging": 0.65,
        "headed_cards": 0.88,  # headlines of equal rank
        "offers": 0.68,
        "breadcrumb": 1.16,  # articles have it too, lists more often
        "list_address": 1.32,
        "priced_cards": 1.83,
        "short_address": 1.47,
        "text_in_cards": 0.86,  # the text taken for an article's is that of teasers
    }
)
"""What each sign adds at its full value, in log-odds of a list; fitted on half of the acceptance pages."""
BIAS_WEIGHT = 1.22
"""The log-odds of a page without any sign: it has neither author nor date nor text. Fitted with the others, less
the margin of that command; lower, and fewer lists are refused, higher, and more articles are."""
_MIN_OFFER_SHARE = 0.5
"""Share of the cards that name a price from which they are offers; lower, and stories about prices are, higher, and a
shelf with sold-out goods is a list. No measurement is on record."""


def judge_structure(page: Page, markdown: str, chosen: Mapping[Field, Choice]) -> Judgement | None:
    """Judge a page that passed for an article by what it is made of; None where it is one."""
    evidence = Evidence(page, markdown, chosen)
    if not is_list(evidence):
        return None
    return Verdict.NOT_ARTICLE, f"The page looks like {_describe(evidence)}, not like an article."


def is_list(evidence: Evidence) -> bool:
    """Whether the weights of the signs add up to a list; ends where the signs left cannot change that.

    What has no sign of a list but a short address is none, however little speaks for an article: a short notice at
    an address without words.
    """
    total = BIAS_WEIGHT
    ahead = sum(weight for weight in WEIGHTS.values() if weight > 0)
    has_sign = False
    for name, value in SIGNS.items():
        if total + ahead <= 0:
            return False
        weight, found = WEIGHTS[name], value(evidence)
        ahead -= max(0.0, weight)
        total += weight * found
        has_sign = has_sign or (weight > 0 and found > 0 and name != "short_address")
    return total > 0 and has_sign


def _describe(evidence: Evidence) -> str:
    """What the page looks like, for a person."""
    cards = evidence.cards
    count = max(len(cards.framed), len(cards.headed))
    if evidence.priced_cards > 1 and evidence.priced_cards >= _MIN_OFFER_SHARE * len(cards.framed):
        return f"a shelf of {evidence.priced_cards} offers"
    if "searchresultspage" in evidence.node_types or evidence.is_search:
        return f"a search with {count} results" if count else "a search without results"
    if is_home(evidence.page.url):
        return f"a front page with {count} stories" if count else "a front page"
    if evidence.is_forum:
        return f"a forum's index of {count} threads" if count else "a forum's index"
    return f"a list of {count} stories" if count else "a list without its entries"
