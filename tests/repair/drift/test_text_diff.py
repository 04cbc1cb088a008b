"""Two texts side by side: what is marked, what is listed, what counts for nothing."""

from __future__ import annotations

import pytest

from archiver.models import ChangedFact, DriftKind, ParagraphPair
from archiver.repair.drift import alignment
from archiver.repair.drift.text_diff import compare_texts

ONE = "The harbour gets a new wall, the council decided on Monday night after a long debate."
TWO = "Divers had found cracks over a length of 140 metres in the autumn of last year."
THREE = "The fishermen fear for their stalls, and the city has offered them another place."
BOAT = "![](https://a.example/boat.jpg)"


def body(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


def marked(pair: ParagraphPair) -> tuple[list[str], list[str]]:
    return (
        [(pair.old or "")[start:end] for start, end in pair.removed],
        [(pair.new or "")[start:end] for start, end in pair.added],
    )


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        (ONE, ONE.replace("Monday night", "Tuesday"), ["Monday night"], ["Tuesday"]),
        (ONE, ONE.replace("a new", "an even higher"), ["a new"], ["an even higher"]),
        ("ราคาข้าวหอมมะลิปีนี้ลดลงอย่างมาก", "ราคาข้าวหอมมะลิปีก่อนลดลงอย่างมาก", ["นี้"], ["ก่อน"]),
        ("市议会周一以14票对9票决定承担费用。", "市议会周二以14票对8票决定承担费用。", ["一", "9"], ["二", "8"]),
        ("首相はワシントンを訪れて会談した。", "首相はロンドンを訪れて会談した。", ["ワシントン"], ["ロンドン"]),
    ],
)  # fmt: skip
def test_the_words_that_differ_are_marked(old: str, new: str, removed: list[str], added: list[str]) -> None:
    found = compare_texts(body(ONE, old, THREE), body(ONE, new, THREE))
    assert found is not None
    assert found.kind is DriftKind.UPDATED
    (pair,) = [pair for pair in found.pairs if pair.old != pair.new]
    assert (pair.old, pair.new, pair.cosmetic) == (old, new, False)
    assert marked(pair) == (removed, added)


@pytest.mark.parametrize(
    ("old", "new", "facts"),
    [
        (
            "On 12 November 2024 Ann Quell said “we are ready now” to 1,200 people in Riga.",
            "On 14 November 2024 Ann Bohm said “we are not ready” to 1,300 people in Riga.",
            [
                ChangedFact("number", "1,200", "1,300"),
                ChangedFact("date", "12 November 2024", "14 November 2024"),
                ChangedFact("name", "Ann Quell", "Ann Bohm"),
                ChangedFact("quote", "“we are ready now”", "“we are not ready”"),
            ],
        ),
        (
            "นายสมชาย ใจดี กล่าวเมื่อวันที่ 12 พฤศจิกายน 2567 ว่าราคาขึ้น 5%",
            "นายสมศักดิ์ ใจดี กล่าวเมื่อวันที่ 13 พฤศจิกายน 2567 ว่าราคาขึ้น 7%",
            [
                ChangedFact("number", "5%", "7%"),
                ChangedFact("date", "12 พฤศจิกายน 2567", "13 พฤศจิกายน 2567"),
                ChangedFact("name", "สมชาย ใจดี", "สมศักดิ์ ใจดี"),
            ],
        ),
        (
            "山田首相は11月12日、三百人に「ありがとう」と述べた。",
            "佐藤首相は11月13日、五百人に「さようなら」と述べた。",
            [
                ChangedFact("number", "三百", "五百"),
                ChangedFact("date", "11月12日", "11月13日"),
                ChangedFact("name", "山田", "佐藤"),
                ChangedFact("quote", "「ありがとう」", "「さようなら」"),
            ],
        ),
        (
            "卡尔·布兰特2024年3月5日说，渔港需要450万克朗。",
            "卡尔·彼得森2024年3月6日说，渔港需要520万克朗。",
            [
                ChangedFact("number", "450万", "520万"),
                ChangedFact("date", "2024年3月5日", "2024年3月6日"),
                ChangedFact("name", "卡尔·布兰特", "卡尔·彼得森"),
            ],
        ),
        (TWO, TWO.replace("autumn", "spring"), []),
    ],
)
def test_numbers_dates_names_and_quotes_that_changed_are_listed(old: str, new: str, facts: list[ChangedFact]) -> None:
    found = compare_texts(body(ONE, old), body(ONE, new))
    assert found is not None
    assert list(found.facts) == facts


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param((ONE, TWO), (ONE, BOAT, "Boats at dawn, seen from the pier", TWO), id="a caption"),
        pytest.param((ONE, TWO), (ONE, TWO, "Photo: Ann Example / AP"), id="a credit"),
        pytest.param((ONE, TWO), ("By Ann Example", ONE, TWO), id="a byline"),
        pytest.param((ONE, TWO), (ONE, TWO, "Reporting by Ann Example; editing by Bert Ohm."), id="reporters"),
        pytest.param((ONE, TWO), (ONE, TWO, "Subscribe to continue reading this article."), id="a paywall"),
        pytest.param((ONE, TWO), (ONE, "Read also: Storm tears roof off market", TWO), id="another article"),
        pytest.param((ONE, TWO), (ONE, TWO, "## Related stories", "- Storm tears roof\n- Ferry costs more"), id="more"),
        pytest.param((ONE, TWO), (ONE, "[Storm tears roof off](https://a.example/storm)", TWO), id="a link"),
        pytest.param((ONE, TWO), (ONE, "## What comes next", TWO), id="a heading"),
        pytest.param((ONE, TWO), (f"{ONE}\n{TWO}",), id="joined"),
        pytest.param((ONE, TWO), (ONE.replace("wall, ", "wall,\n\n"), TWO), id="split"),
        pytest.param((ONE, TWO, THREE), (TWO, ONE, THREE), id="moved"),
        pytest.param((ONE, TWO), (ONE, f"> {ONE[27:60]}", TWO), id="a pull quote"),
        pytest.param((ONE, TWO), (ONE, "A standfirst that the page has elsewhere.", TWO), id="said elsewhere"),
        pytest.param((ONE, TWO), ("Updated 12 November 2024 at 11:10", ONE, TWO), id="a date"),
        pytest.param((ONE, TWO), (ONE, TWO.replace("140", "１４０")), id="the width of digits"),
    ],
)  # fmt: skip
def test_what_is_not_the_articles_text_counts_for_nothing(ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    said = ["A standfirst that the page has elsewhere."]
    for one, other in ((ours, theirs), (theirs, ours)):
        found = compare_texts(body(*one), body(*other), said)
        assert found is not None
        assert found.kind is DriftKind.COSMETIC
        assert any(pair.cosmetic for pair in found.pairs)


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        ((ONE, TWO), (ONE, TWO.replace("140", "141")), DriftKind.UPDATED),
        ((ONE, TWO), (ONE, TWO.replace("cracks", "no cracks")), DriftKind.UPDATED),
        ((ONE, BOAT, TWO), (ONE, BOAT, TWO.replace("140", "141")), DriftKind.UPDATED),
        ((ONE, TWO), (ONE, BOAT, TWO, f"{THREE} {THREE.upper()} Nobody was hurt."), DriftKind.SEED_TRUNCATED),
        ((ONE, TWO[:40]), (ONE, TWO, THREE), DriftKind.SEED_TRUNCATED),
        ((ONE, TWO, THREE), (ONE, TWO[:40]), DriftKind.SHORTENED),
        (("ไม่มีผู้ใดพบไม้เก่าในท่าเรือเมื่อวานนี้",), ("ไม่มีผู้ใดพบไม่เก่าในท่าเรือเมื่อวานนี้",), DriftKind.UPDATED),
        ((ONE, TWO), ("Photo: Ann Example / AP",), DriftKind.SHORTENED),
    ],
)
def test_what_is_the_articles_text_counts(ours: tuple[str, ...], theirs: tuple[str, ...], kind: DriftKind) -> None:
    found = compare_texts(body(*ours), body(*theirs))
    assert found is not None
    assert found.kind is kind


def test_a_first_paragraph_that_is_the_pages_description_counts_where_it_was_edited() -> None:
    new = ONE.replace("Monday", "Tuesday")
    edited = compare_texts(body(ONE, TWO), body(new, TWO), [new])
    absent = compare_texts(body(TWO), body(ONE, TWO), [ONE])
    assert edited is not None
    assert absent is not None
    assert (edited.kind, absent.kind) == (DriftKind.UPDATED, DriftKind.COSMETIC)


def test_paragraphs_that_were_joined_stand_beside_those_that_they_became() -> None:
    found = compare_texts(body(ONE, TWO, THREE), body(f"{ONE} {TWO.replace('140', '190')}", THREE))
    assert found is not None
    joined, same = found.pairs
    assert joined.old == f"{ONE}\n{TWO}"
    assert marked(joined) == (["140"], ["190"])
    assert same == ParagraphPair(THREE, THREE)


def test_huge_texts_are_compared_by_their_equal_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignment, "_MAX_PRODUCT_WORDS", 300)
    ours = [f"Paragraph {number} tells of wall {number} and of nothing else." for number in range(40)]
    theirs = [*ours[:20], ONE, *ours[20:39], TWO]
    found = compare_texts(body(*ours), body(*theirs))
    assert found is not None
    assert found.kind is DriftKind.UPDATED
    assert [pair.new for pair in found.pairs if pair.old is None] == [ONE, TWO]
    assert [pair.old for pair in found.pairs if pair.new is None] == [ours[-1]]
