"""Lists are filled and replaced as lists, each in the form that it has in its file."""

from __future__ import annotations

import pytest

from archiver.seeds import Edit

from .test_splice import spliced

AUTHORS = Edit("authors", ("Ada Quell", "Bert: Ohm"))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        # In brackets.
        ("authors: []\n", 'authors: ["Ada Quell", "Bert: Ohm"]\n'),
        ("authors:   [ ]  # who\n", 'authors:   ["Ada Quell", "Bert: Ohm"]  # who\n'),
        ("authors: ['']\n", "authors: ['Ada Quell', 'Bert: Ohm']\n"),
        ('authors: [ "" ]\n', 'authors: [ "Ada Quell", "Bert: Ohm" ]\n'),
        ('authors: [\n  "",\n  ]\n', 'authors: [\n  "Ada Quell",\n  "Bert: Ohm",\n  ]\n'),
        ("authors: [ # who\n  ~ ]\n", 'authors: ["Ada Quell", "Bert: Ohm"]\n'),
        ("authors: &who [old, older]\n", 'authors: &who [Ada Quell, "Bert: Ohm"]\n'),
        ("{authors: [], b: 1}\n", '{authors: ["Ada Quell", "Bert: Ohm"], b: 1}\n'),
        ("{authors: , b: 1}\n", '{authors: ["Ada Quell", "Bert: Ohm"], b: 1}\n'),
        # On lines.
        ('authors:\n  - ""\n', 'authors:\n  - "Ada Quell"\n  - "Bert: Ohm"\n'),
        ("authors:\n- ''\nb: 1\n", "authors:\n- 'Ada Quell'\n- 'Bert: Ohm'\nb: 1\n"),
        ("authors:\n  - \nb: 1\n", 'authors:\n  - "Ada Quell"\n  - "Bert: Ohm"\nb: 1\n'),
        ("authors:\n  - a-  \nb: 1\n", 'authors:\n  - Ada Quell\n  - "Bert: Ohm"  \nb: 1\n'),
        ("authors:\n  -   # who\nb: 1\n", 'authors:\n  - "Ada Quell"\n  - "Bert: Ohm"   # who\nb: 1\n'),
        ("authors: # who\n  -   ''\n", "authors: # who\n  -   'Ada Quell'\n  -   'Bert: Ohm'\n"),
        (
            "authors:\n    - old # a\n    - older # b\n# kept\nb: 1\n",
            'authors:\n    - Ada Quell\n    - "Bert: Ohm" # b\n# kept\nb: 1\n',
        ),
        ("authors:\n  - |\n    old\n\nb: 1\n", 'authors:\n  - "Ada Quell"\n  - "Bert: Ohm"\n\nb: 1\n'),
        ('? authors\n: - ""\nb: 1\n', '? authors\n: - "Ada Quell"\n  - "Bert: Ohm"\nb: 1\n'),
        # Null becomes a list as the file's other lists are.
        ("authors:\nb: 1\n", 'authors:\n  - "Ada Quell"\n  - "Bert: Ohm"\nb: 1\n'),
        ("authors:  # who\n", 'authors:  # who\n  - "Ada Quell"\n  - "Bert: Ohm"\n'),
        ("authors: ~\n", 'authors:\n  - "Ada Quell"\n  - "Bert: Ohm"\n'),
        ("authors: null # who\n", 'authors: # who\n  - "Ada Quell"\n  - "Bert: Ohm"\n'),
        ("tags: ['a']\nauthors:\n", "tags: ['a']\nauthors: ['Ada Quell', 'Bert: Ohm']\n"),
        ("tags:\n- a\nauthors:\n", 'tags:\n- a\nauthors:\n- Ada Quell\n- "Bert: Ohm"\n'),
        (
            "tags:\n    - 'a'\nauthors:\nb: \"x\"\n",
            "tags:\n    - 'a'\nauthors:\n    - 'Ada Quell'\n    - 'Bert: Ohm'\nb: \"x\"\n",
        ),
    ],
)
def test_a_list_keeps_its_form(old: str, new: str, newline: str) -> None:
    assert spliced(old, AUTHORS, newline=newline) == new


def test_text_that_means_something_in_brackets_is_quoted_there() -> None:
    edit = Edit("authors", ("A, B", "C [x]", "Ten: dead", "Plain"))
    assert spliced("t: x\nauthors: []\n", edit) == 't: x\nauthors: ["A, B", "C [x]", "Ten: dead", Plain]\n'
    assert spliced("t: x\nauthors:\n-\n", edit) == 't: x\nauthors:\n- A, B\n- C [x]\n- "Ten: dead"\n- Plain\n'


def test_links_of_a_wiki_are_quoted() -> None:
    edit = Edit("author", ("[[Ada Quell]]", "[[Bert Ohm]]"))
    assert spliced("title: x\nauthor:\n  - \n", edit) == 'title: x\nauthor:\n  - "[[Ada Quell]]"\n  - "[[Bert Ohm]]"\n'


def test_a_list_that_has_the_items_already_stays_as_it_is_written() -> None:
    old = "authors: [ 'Ada Quell' ,\n  \"Bert: Ohm\" ] # both\n"
    assert spliced(old, AUTHORS) == old
