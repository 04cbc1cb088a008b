"""What a repaired body begins with."""

from __future__ import annotations

import pytest

from archiver.models import Alternative, Article, Choice, Field
from archiver.repair.diff import Keys
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import repair
from archiver.seeds import read

KEYS: Keys = {"source": ("origin_url",)} | {field.value: (field.value,) for field in Field}
ARTICLE = Article({Field.TITLE: Choice("Learn C#", "h1")}, body="The text.")


def repaired(
    body: str, *, heading: bool, action: Action = Action.FILL, name: str = "a.md", article: Article = ARTICLE
) -> str:
    seed = read(name, f"---\norigin_url: https://a.example/1\ntitle: Learn C#\n---\n{body}".encode())
    done = repair(seed, article, Policy({Field.BODY: action}, body_heading=heading), KEYS)
    return done.content.decode().partition("\n---\n")[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "\n# Learn C\\#\n\nThe text.\n"), ("\n# \n\nOld.\n", "\n# Learn C\\#\n\nOld.\n")],
)
def test_a_heading_takes_the_title(before: str, after: str) -> None:
    assert repaired(before, heading=True) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\nThe text.\n"),
        ("\n# \n", "\n# \n\nThe text.\n"),
        ("\n# \n\nOld.\n", "\n# \n\nOld.\n"),
        ("\n# Mine\n\nOld.\n", "\n# Mine\n\nOld.\n"),
    ],
)
def test_without_headings_none_is_made_filled_or_taken_away(before: str, after: str) -> None:
    assert repaired(before, heading=False) == after


OLD = "The harbour gets a new wall, the council decided on Monday night."
NEW = OLD.replace("Monday", "Tuesday")


def test_a_refreshed_body_keeps_the_seeds_heading_where_none_is_made() -> None:
    article = Article(ARTICLE.choices, body=NEW)
    assert repaired(f"\n# Mine\n\n{OLD}\n", heading=False, action=Action.REFRESH, article=article) == (
        f"\n# Mine\n\n{NEW}\n"
    )


def test_what_page_and_seed_both_changed_is_proposed_and_not_written() -> None:
    own = OLD.replace("new", "higher")
    body = f"\n# Mine\n\n{own}\n"
    seed = read("a.md", f"---\norigin_url: https://a.example/1\ntitle: Learn C#\n---\n{body}".encode())
    article = Article(ARTICLE.choices, body=f"{NEW}\n\nIt is all new.", earlier_body=OLD)
    done = repair(seed, article, Policy({Field.BODY: Action.REFRESH}), KEYS)
    assert done.content.decode().endswith(f"\n# Mine\n\n{own}\n\nIt is all new.\n")
    assert [(change.field, change.new) for change in done.changes] == [("body", f"# Mine\n\n{own}\n\nIt is all new.")]
    assert [(change.field, change.old, change.new) for change in done.proposed] == [
        ("body", f"# Mine\n\n{own}\n\nIt is all new.", f"# Mine\n\n{NEW}\n\nIt is all new.")
    ]
    again = repair(read("a.md", done.content), article, Policy({Field.BODY: Action.REFRESH}), KEYS)
    assert (again.content, again.changes, again.proposed) == (done.content, (), done.proposed)


def test_another_text_is_proposed_and_not_written() -> None:
    raw = f"---\norigin_url: https://a.example/1\ntitle: Learn C#\n---\n\n{OLD}\n".encode()
    seed = read("a.md", raw)
    article = Article(ARTICLE.choices, body="Another text altogether, of a lighthouse that shines again.")
    done = repair(seed, article, Policy({Field.BODY: Action.REFRESH}), KEYS)
    assert (done.content, done.changes) == (raw, ())
    assert [change.new for change in done.proposed] == [article.body]


def test_a_body_from_a_pages_data_says_so() -> None:
    seed = read("a.md", b"---\norigin_url: https://a.example/1\ntitle: Learn C#\n---\n")
    found = Article({}, body="The text.", body_source="data:__NEXT_DATA__")
    done = repair(seed, found, Policy({}, body_heading=False), KEYS)
    assert [(change.field, change.source) for change in done.changes] == [("body", "data:__NEXT_DATA__")]
    assert [change.source for change in repair(seed, ARTICLE, Policy({}), KEYS).changes if change.field == "body"] == [
        "page"
    ]


def test_a_change_says_how_sure_it_is_what_else_there_is_and_why_one_should_look() -> None:
    other = Alternative("Learn C++", "json-ld:headline")
    title = Choice("Learn C#", "h1", confidence=0.71, alternatives=(other,), doubts=("There are two headlines.",))
    author = Choice("Ada Quell", "meta:author", confidence=0.6, doubts=("Only one place says so.",))
    article = Article({Field.TITLE: title, Field.AUTHOR: author}, body=f"{TEXT}\n\nThis was added.")
    front = b"---\norigin_url: https://a.example/1\ntitle:\nauthor: Bert\n---\n\n# \n\nFirst of all.\n\n"
    done = repair(read("a.md", front + TEXT.encode()), article, Policy({}), KEYS)
    assert [(change.field, change.confidence, change.candidates) for change in done.changes] == [
        ("title", 0.71, (other,)),
        ("heading", 0.71, (other,)),
    ]
    # The author is kept, so nobody has to look at the page's.
    assert done.doubts == ("There are two headlines.", "The page's text is another version of the seed's.")


TEXT = """import duties rose by $\\frac{a}{b}< c$.

- export `{x}` of \\{y}

```
import {z}
```

after it"""
MDX = """&#105;mport duties rose by $\\frac\\{a}\\{b}\\< c$.

- export `{x}` of \\{y}

```
import {z}
```

after it"""


@pytest.mark.parametrize(("name", "text"), [("a.mdx", MDX), ("a.MDX", MDX), ("a.md", TEXT)])
def test_what_mdx_would_run_is_spelled_as_text_there(name: str, text: str) -> None:
    article = Article(ARTICLE.choices, body=TEXT)
    assert repaired("", heading=False, name=name, article=article) == f"\n{text}\n"
