"""What the ledger says in words of an address that was taken down."""

from __future__ import annotations

from pathlib import Path

from archiver.ledger.cleaning import clean_visits
from archiver.ledger.schema import open_for_writing

SENTENCE = "The page calls itself The mayor's private letters"


def test_the_sentences_about_an_address_are_gone_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    database = open_for_writing(file)
    for number, name in enumerate(("gone", "other", "moved"), start=1):
        target = "https://a.example/gone" if name == "moved" else None
        database.execute(
            "INSERT INTO address (number, url, host, urgency, due, target) VALUES (?, ?, 'a.example', 0, 0, ?)",
            (number, f"https://a.example/{name}", target),
        )
        database.execute(
            "INSERT INTO visit (address, at, verdict, origin, detail) VALUES (?, 0, 'soft_404', 'live', ?)",
            (number, f"{SENTENCE} ({name})."),
        )
    database.close()
    assert clean_visits(file, lambda url: url.endswith("/gone")) == 2
    database = open_for_writing(file)
    assert [detail for (detail,) in database.execute("SELECT detail FROM visit ORDER BY number")] == [
        "",
        f"{SENTENCE} (other).",
        "",
    ]
    database.close()
    content = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert content.count(SENTENCE.encode()) == 1
    assert clean_visits(file, lambda url: url.endswith("/gone")) == 0
    assert clean_visits(tmp_path / "none.sqlite", lambda url: True) == 0
