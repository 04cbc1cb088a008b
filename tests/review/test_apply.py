"""Answers that are carried out and taken back, over seeds of all kinds."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.settings import Settings

from archiver.config.run_settings import RunSettings
from archiver.decisions import Answer, DecisionFile
from archiver.errors import SeedError
from archiver.models import Field
from archiver.review.apply import Reviewer
from archiver.review.queue import OpenOffer, SeedReader
from archiver.seeds.store import SeedStore
from tests.review.runs import change

URL = "https://a.example/1"
FRONTS = (
    f"---\norigin_url: {URL}\ntitle: ''  # mine\nauthor: [Old, 'Older']\ndate:\nextra: 1.10\n---\n",
    f'---\norigin_url: "{URL}"\ntitle: Said\nauthor:\n- Old\ncategory: ~\n---\n',
    f'+++\norigin_url = "{URL}"\ntitle = ""\nauthor = ["Old"]\ndate = 2024-01-01T00:00:00Z\n[params]\nx = 1\n+++\n',
    f'{{\n  "origin_url": "{URL}",\n  "title": "",\n  "author": "Old"\n}}\n',
)
BODIES = ("", "\n# \n\nText.\n", "\n# Mine\n\nText\n\n- a\n", "Text without an end")
LINES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(
    front=st.sampled_from(FRONTS),
    body=st.sampled_from(BODIES),
    newline=st.sampled_from(["\n", "\r\n"]),
    order=st.randoms(use_true_random=False),
    answers=st.lists(st.tuples(st.sampled_from([*Field, "heading"]), LINES), min_size=1, max_size=4),
)
def test_what_is_accepted_and_taken_back_leaves_the_seed_as_it_was(
    front: str, body: str, newline: str, order: Random, answers: list[tuple[str, str]]
) -> None:
    raw = (front + body).replace("\n", newline).encode()
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder, "a.md")
        seed.write_bytes(raw)
        options = RunSettings.read(
            Settings({"SEEDS_DIR": folder, "ARCHIVE_DIR": f"{folder}/archive"}), with_places=False
        )
        seeds = SeedReader(SeedStore.open(Path(folder)), options)
        reviewer = Reviewer(seeds, DecisionFile(Path(folder)))
        done = []
        for field, value in answers:
            old = seeds.say(seeds.read("a.md")[1], field)
            before = seed.read_bytes()
            try:
                done.append(
                    reviewer.answer(OpenOffer("run", "a.md", URL, change(field, value, old=old)), Answer.ACCEPT)
                )
            except SeedError:
                assert seed.read_bytes() == before  # a date that is none, say, or a blank value
        for one in order.sample(done, len(done)):
            reviewer.take_back(one)
        assert seed.read_bytes() == raw
        assert all(DecisionFile(Path(folder)).read().find("a.md", URL, field) is None for field, _ in answers)
