"""The pictures of the report in docs/: `.venv-browser/bin/python -m tests.browser.pictures`.

The run is made by hand, of invented pages, so that every kind of seed is on it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from archiver.models import Alternative, Change, ChangedFact, DriftKind, Outcome, ParagraphPair, TextDiff
from archiver.report import write_report
from archiver.runs import RunFolder, SeedRecord
from tests.report.samples import NOW, missed, put_back, record, write_run

DOCS = Path(__file__).resolve().parents[2] / "docs"
_TITLES = (
    "Night ferry returns to the strait after nine years", "Die Brücke bleibt bis zum Frühjahr gesperrt",
    "Los vecinos piden un mercado cubierto", "City council votes to keep the tram on the quay",
    "Tre bibliotek får längre öppettider", "Η αγορά ανοίγει ξανά την Κυριακή",
    "Mangrove census counts forty fishing cats",
    "Orchestra plays in the empty swimming hall", "Les pêcheurs attendent le nouveau quai",
)  # fmt: skip


def _asking(seed: str, host: str, title: str, proposed: Change, doubt: str) -> SeedRecord:
    sure: tuple[Change, ...] = (
        Change("title", "", title, "h1", ("meta:og:title", "title", "slug"), 0.99),
        Change("description", "", "Pots, smoke and a queue: where the noodles of the old quarter come from, and who "
               "still cooks them over charcoal.", "meta:description", ("meta:og:description",), 0.97),
        Change("language", "", "en", "html:lang", ("json-ld:inLanguage", "body"), 0.99),
        Change("date", None, "2025-09-28T10:56:59Z", "json-ld:datePublished", ("time",), 0.98),
        Change("body", "", "word " * 499, "page"),
    )  # fmt: skip
    changes = tuple(change for change in sure if change.field != proposed.field)
    found = record(
        seed, Outcome.WRITTEN, title=title, host=host, proposed=(proposed,), changes=changes, doubts=(doubt,)
    )
    added = "\n".join(f'+{change.field}: "{change.new[:60]}"' for change in changes[:4])
    return replace(found, patch=f"--- a/{seed}\n+++ b/{seed}\n@@ -1,8 +1,90 @@\n ---\n{added}\n ---")


def _edited() -> SeedRecord:
    opening = "The night ferry will cross the strait again from May, nine years after the last boat was sold for scrap."
    old = "A ticket will cost 300 crowns, and 40 cars will find room on deck, said the harbour master, Ida Holm."
    new = "A ticket will cost 350 crowns, and 40 cars will find room on deck, said the harbour master, Ida Holm."
    text = TextDiff(
        DriftKind.UPDATED,
        (
            ParagraphPair(None, "The new ferry at the yard in spring. Photo: Lars Bo"),
            ParagraphPair(opening, opening),
            ParagraphPair(opening, opening),
            ParagraphPair(old, new, ((19, 22),), ((19, 22),)),
            ParagraphPair("Bookings open in the autumn.", "Bookings opened on Monday.", ((9, 27),), ((9, 25),)),
            ParagraphPair(opening, opening),
            ParagraphPair(None, "An earlier version of this article named the wrong price."),
        ),
        (ChangedFact("number", "300", "350"),),
    )  # fmt: skip
    told = record(
        "2025/night-ferry.md", Outcome.UNCHANGED, title=_TITLES[0], host="sundbladet.example",
        drift=DriftKind.UPDATED, doubts=("The page was edited after the seed was copied.",),
    )  # fmt: skip
    return replace(told, text=text)


def _records() -> Iterator[SeedRecord]:
    noodles = Change(
        "title", "", "Char Kway Teow: who still cooks it over charcoal", "json-ld:headline", ("title",), 0.71,
        (
            Alternative("Stir-fried flat rice noodles, the old way", "h1"),
            Alternative("Noodles over charcoal | Eat Tonight", "meta:og:title"),
        ),
    )  # fmt: skip
    yield _asking(
        "2025/char-kway-teow.md", "eattonight.example", "Char Kway Teow: who still cooks it over charcoal", noodles,
        "The page has another headline: “Stir-fried flat rice noodles, the old way” (h1).",
    )  # fmt: skip
    yield _edited()
    author = Change(
        "author", "", "Nordblatt", "json-ld:author", (), 0.41, (Alternative("Ada Quell, Bert Sand", "class:byline"),)
    )
    doubt = "The page gives the author in two ways: json-ld:author, and “Ada Quell, Bert Sand” (class:byline)."
    yield _asking("2024/bruecke-gesperrt.md", "nordblatt.example", _TITLES[1], author, doubt)
    image = Change("image", None, "https://media.diario.example/7731/cover.jpg", "meta:og:image", (), 0.62)
    doubt = "Only meta:og:image gives the picture; no other place of the page says the same."
    yield _asking("2024/mercado-cubierto.md", "diario.example", _TITLES[2], image, doubt)
    yield missed("2022/port-strike-ends.md", "gone.example")
    yield missed("2022/budget.md", "wall.example")
    for number, title in enumerate(_TITLES[3:]):
        yield replace(put_back(f"2023/{number}-quay.md", number), title=title)


def _run(runs: Path) -> RunFolder:
    for day in range(24, 0, -1):
        written, asked = 5 + day * 7 % 11, day % 4
        records = [*[put_back("a.md")] * written, *[missed()] * (day % 3), *[_edited()] * asked]
        write_run(runs, records, now=NOW - timedelta(days=day))
    return write_run(runs, _records())


def main() -> None:
    """Take the pictures."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        address = write_report(_run(Path(name))).as_uri()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for kind, size in (("light", (1360, 860)), ("dark", (1360, 860)), ("phone", (390, 844))):
            page = browser.new_page(
                viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if kind == "dark" else "light"
            )
            page.goto(address)
            page.wait_for_selector("html[data-ready]")
            if kind == "dark":
                page.keyboard.press("j")
            elif kind == "phone":
                page.locator(".row").first.click()
            page.wait_for_timeout(300)
            page.screenshot(path=DOCS / f"report-{kind}.png")
        browser.close()


if __name__ == "__main__":
    main()
