"""What waits for a person, and what becomes of a value once somebody has answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archiver.decisions import Answer, ReviewDecision, digest_of
from archiver.models import Alternative, Article, Choice, Field
from archiver.repair.diff import Keys
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import Note, Repair, repair
from archiver.repair.reviews.answers import Answers
from archiver.seeds import read

KEYS: Keys = {"source": ("origin_url",)} | {field.value: (field.value,) for field in Field}
BOUNDS = dict.fromkeys(Field, 0.9)
URL = "https://a.example/1"
UNSURE = Choice("Walls rise", "h1", ("slug",), confidence=0.6, alternatives=(Alternative("Walls", "meta:og:title"),))
SURE = Choice("Walls rise", "h1", confidence=0.97)
AUTHORS = Choice("Ada Quell, Bert Ohm", "json-ld:author", items=("Ada Quell", "Bert Ohm"), confidence=0.5)


def said(field: str, offered: str, answer: Answer, value: str | None = None) -> ReviewDecision:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return ReviewDecision("a.md", URL, field, digest_of(field, offered), answer, at, value)


def repaired(
    front: str,
    body: str,
    article: Article,
    *answers: ReviewDecision,
    note: Note | None = None,
    actions: dict[Field, Action] | None = None,
) -> Repair:
    by_field = {answer.field: answer for answer in answers}
    policy = Policy(
        actions or {},
        review_below=BOUNDS,
        answers=Answers(by_field.get),
    )
    seed = read("a.md", f"---\norigin_url: {URL}\n{front}---\n{body}".encode())
    return repair(seed, article, policy, KEYS, (note,) if note else ())


def changes(done: Repair) -> list[tuple[str, str, str]]:
    return [(change.field, change.new, change.source) for change in done.changes]


def proposed(done: Repair) -> list[tuple[str, str]]:
    return [(change.field, change.new) for change in done.proposed]


def test_an_unsure_title_waits_and_its_heading_with_it() -> None:
    done = repaired('title: ""\n', "\n# \n\nText.\n", Article({Field.TITLE: UNSURE}, body="Text."))
    assert (changes(done), proposed(done)) == ([], [("title", "Walls rise"), ("heading", "Walls rise")])
    title, heading = done.proposed
    assert (title.confidence, title.candidates) == (0.6, UNSURE.alternatives)
    assert heading.confidence == 0.6
    assert done.still_blank == ()


def test_a_sure_title_is_written_as_ever() -> None:
    done = repaired('title: ""\n', "\n# \n\nText.\n", Article({Field.TITLE: SURE}, body="Text."))
    assert [name for name, *_ in changes(done)] == ["title", "heading"]
    assert done.proposed == ()


def test_a_title_that_the_seeds_own_text_repeats_is_sure() -> None:
    done = repaired('title: ""\n', "\n# \n\nWalls rise\n\nText.\n", Article({Field.TITLE: UNSURE}, body="Text."))
    assert [name for name, *_ in changes(done)] == ["title", "heading"]


def test_a_new_body_holds_the_place_of_a_heading_that_waits() -> None:
    article = Article({Field.TITLE: UNSURE}, body="Text.")
    done = repaired('title: ""\n', "", article)
    assert done.content.endswith(b"---\n\n#\n\nText.\n")
    assert proposed(done) == [("title", "Walls rise"), ("heading", "Walls rise")]
    body = done.content.decode().partition("\n---\n")[2]
    accepted = repaired('title: ""\n', body, article, said("title", "Walls rise", Answer.ACCEPT))
    assert accepted.content.endswith(b"title: Walls rise\n---\n\n# Walls rise\n\nText.\n")


def test_what_was_accepted_is_written_and_names_the_place_as_a_witness() -> None:
    article = Article({Field.TITLE: UNSURE}, body="Text.")
    done = repaired('title: ""\n', "\nText.\n", article, said("title", "Walls rise", Answer.ACCEPT))
    assert (changes(done), done.proposed) == ([("title", "Walls rise", "decision")], ())
    assert done.changes[0].witnesses == ("h1", "slug")


def test_what_was_kept_is_neither_written_nor_proposed() -> None:
    for choice in (SURE, UNSURE):
        article = Article({Field.TITLE: choice}, body="Text.")
        done = repaired('title: ""\n', "\n# \n\nText.\n", article, said("title", "Walls rise", Answer.KEEP))
        assert (changes(done), proposed(done), done.still_blank) == ([], [], ())


def test_a_decision_holds_until_the_page_offers_something_else() -> None:
    article = Article({Field.TITLE: SURE, Field.AUTHOR: AUTHORS}, body="Text.")
    kept, accepted = said("title", "Other", Answer.KEEP), said("author", "Other", Answer.ACCEPT)
    done = repaired('title: ""\nauthor: ""\n', "\nText.\n", article, kept, accepted)
    assert (changes(done), proposed(done)) == ([("title", "Walls rise", "h1")], [("author", "Ada Quell, Bert Ohm")])


def test_a_persons_value_is_written_where_the_seed_has_none_and_stays_where_it_has_one() -> None:
    article = Article({Field.TITLE: SURE}, body="Text.")
    mine = said("title", "Walls rise", Answer.VALUE, "Walls")
    filled = repaired('title: ""\n', "\n# \n\nText.\n", article, mine, actions={Field.TITLE: Action.REFRESH})
    assert changes(filled) == [("title", "Walls", "decision"), ("heading", "Walls", "decision")]
    assert changes(repaired("title: Walls\n", "\nText.\n", article, mine, actions={Field.TITLE: Action.REFRESH})) == []
    other = Article({Field.TITLE: Choice("Walls fall", "h1")}, body="Text.")
    assert changes(repaired("title: Walls\n", "\nText.\n", other, mine, actions={Field.TITLE: Action.REFRESH})) == [
        ("title", "Walls fall", "h1")
    ]


def test_a_persons_authors_are_items_of_a_list() -> None:
    mine = said("author", AUTHORS.value, Answer.VALUE, "Cy Tarn, Di Vole")
    done = repaired("author: []\n", "\nText.\n", Article({Field.AUTHOR: AUTHORS}, body="Text."), mine)
    assert read("a.md", done.content).value("author") == ["Cy Tarn", "Di Vole"]


def test_a_name_with_a_comma_that_a_person_gave_is_one_author() -> None:
    article = Article({Field.AUTHOR: AUTHORS})
    mine = said("author", AUTHORS.value, Answer.VALUE, "Cy Tarn, Di Vole, Jr.")
    done = repaired("author: []\n", "", article, mine)
    assert read("a.md", done.content).items("author") == ("Cy Tarn", "Di Vole, Jr.")


def test_a_persons_value_for_what_no_page_offers_is_written() -> None:
    mine = said("description", "", Answer.VALUE, "Of walls.")
    done = repaired("description:\n", "\nText.\n", Article({}, body="Text."), mine)
    assert changes(done) == [("description", "Of walls.", "decision")]


@pytest.mark.parametrize("action", [Action.KEEP, Action.REPORT])
def test_no_answer_goes_beyond_the_policy(action: Action) -> None:
    answer = said("title", "Walls rise", Answer.ACCEPT)
    done = repaired(
        'title: ""\n', "\nText.\n", Article({Field.TITLE: SURE}, body="Text."), answer, actions={Field.TITLE: action}
    )
    assert changes(done) == []


def test_a_body_under_review_is_proposed_and_its_answers_survive_another_heading() -> None:
    article = Article({Field.TITLE: UNSURE}, body="Text.")
    done = repaired('title: ""\n', "", article, actions={Field.BODY: Action.REVIEW})
    assert (changes(done), [name for name, _ in proposed(done)]) == ([], ["title", "body"])
    (text,) = (new for name, new in proposed(done) if name == "body")
    accepted = repaired(
        "title: Mine\n", "", article, said("body", text, Answer.ACCEPT), actions={Field.BODY: Action.REVIEW}
    )
    assert changes(accepted) == [("body", "# Mine\n\nText.", "decision")]
    for answer in (Answer.KEEP, Answer.VALUE):
        mine = said("body", text, answer, "Mine." if answer is Answer.VALUE else None)
        kept = repaired(
            "title: Mine\n",
            "\nQuite another text, with many words.\n",
            article,
            mine,
            actions={Field.BODY: Action.REVIEW},
        )
        assert (changes(kept), proposed(kept)) == ([], [])
    mine = said("body", text, Answer.VALUE, "My text.")
    assert repaired("title: Mine\n", "", article, mine).content.endswith(b"---\n\nMy text.\n")


def test_an_address_that_was_refused_is_not_noted() -> None:
    note = Note("archive_url", "https://web.example/1", "wayback")
    kept = said("archive_url", note.address, Answer.KEEP)
    assert changes(repaired("", "\nText.\n", Article({}, body="Text."), note=note)) != []
    assert changes(repaired("", "\nText.\n", Article({}, body="Text."), kept, note=note)) == []


def test_whatever_an_alarm_is_about_waits_however_sure_it_is() -> None:
    article = Article({Field.TITLE: SURE, Field.AUTHOR: Choice("Ada Quell", "rel", confidence=0.99)}, body="Text.")
    seed = read("a.md", f'---\norigin_url: {URL}\ntitle: ""\nauthor: ""\n---\n'.encode())
    policy = Policy({}, review_below=BOUNDS)
    done = repair(seed, article, policy.cautious({Field.AUTHOR, Field.BODY}), KEYS)
    assert [name for name, _, _ in changes(done)] == ["title"]
    assert [name for name, _ in proposed(done)] == ["author", "body"]
    assert proposed(repair(seed, article, policy, KEYS)) == []
    kept = repair(seed, article, Policy({Field.AUTHOR: Action.KEEP}).cautious({Field.AUTHOR}), KEYS)
    assert "author" not in dict(proposed(kept))


def test_repairing_twice_changes_nothing() -> None:
    article = Article({Field.TITLE: UNSURE, Field.AUTHOR: AUTHORS}, body="Text.")
    first = repaired('title: ""\nauthor: ""\n', "", article, said("author", AUTHORS.value, Answer.ACCEPT))
    front, _, body = first.content.decode().removeprefix(f"---\norigin_url: {URL}\n").partition("---\n")
    again = repaired(front, body, article, said("author", AUTHORS.value, Answer.ACCEPT))
    assert (again.content, again.proposed) == (first.content, first.proposed)
