"""A body that has text, brought up by its page: what is written, what is proposed.

What both the page and the seed changed is proposed, never written: docs/design.md D70.
"""

from __future__ import annotations

from archiver.decisions import Answer
from archiver.models import Article, Change
from archiver.repair.body_decision import BodyDecision, accepted_change
from archiver.repair.diff import said_elsewhere
from archiver.repair.drift.merge import MergedBody, merge_body
from archiver.repair.reviews.answers import Answers
from archiver.seeds import Seed
from archiver.text.markdown.mdx import as_mdx


def refresh_body(seed: Seed, article: Article, answers: Answers, *, reviewed: bool) -> BodyDecision:
    """Decide what of a page's text is written to a body, and what is proposed; `reviewed`: all of it is proposed."""
    merged = _merge(seed, article)
    written = _change(article, seed.body, merged.text)
    if reviewed:
        wanted = _change(article, seed.body, merged.proposal or merged.text)
        return _decide(seed.body, wanted, merged.proposal or merged.text, answers, BodyDecision(proposed=(wanted,)))
    done = _decide(seed.body, written, merged.text, answers, BodyDecision(merged.text, (written,)))
    if merged.proposal is None:
        return done
    body = seed.body if done.text is None else done.text
    # Where a person refused the sure part, the rest is built on it, and is refused along with it.
    if done.refused:
        return done
    whole = _change(article, body, merged.proposal)
    waiting = BodyDecision(done.text, done.changes, (whole,))
    accepted = _change(article, seed.body, merged.proposal)
    said = answers.to(whole)
    if said is not None and said.answer is Answer.ACCEPT:
        return BodyDecision(merged.proposal, (accepted_change(accepted),))
    return waiting if said is None else BodyDecision(done.text, done.changes, (), ("body",))


def _merge(seed: Seed, article: Article) -> MergedBody:
    is_mdx = seed.path.lower().endswith(".mdx")

    def write(markdown: str) -> str:
        return (as_mdx(markdown) if is_mdx else markdown).replace("\n", seed.newline)

    return merge_body(seed.body, article.body, article.earlier_body or None, said_elsewhere(article), write)


def _change(article: Article, old: str, new: str) -> Change:
    return Change("body", old.strip(), new.strip(), article.body_source)


def _decide(old: str, change: Change, new: str, answers: Answers, unasked: BodyDecision) -> BodyDecision:
    """What becomes of a body by a person's answer; `unasked` where there is none."""
    if new == old:
        return BodyDecision()
    said = answers.to(change)
    if said is None:
        return unasked
    if said.answer is Answer.ACCEPT:
        return BodyDecision(new, (accepted_change(change),))
    return BodyDecision(refused=("body",))
