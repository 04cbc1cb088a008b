"""The search for a lost page: what a web archive is asked, in which order, and what is taken from its answers."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import HostPaused, MementoError
from archiver.extract.article import extract
from archiver.models import Capture, Field, Verdict
from archiver.rules import SiteRules
from archiver.wayback.archives import CdxArchive, TimeMapArchive
from archiver.wayback.endpoints import Answer, Copies, Snapshot, Wayback
from archiver.wayback.memento import copy_in
from archiver.wayback.search import WORTH_A_SEARCH, Search
from archiver.wayback.web_archive import Conclusion, LostPage
from tests.support.servers import html

COPIES = Copies("https://archive.example/web/{timestamp}id_/{url}")
WAYBACK = Wayback("https://archive.example/cdx?url={url}&matchType={match}&output=json", COPIES)
ARCHIVES = (CdxArchive("wayback", WAYBACK, 3),)
URL = "https://www.nordblatt.example/world/29/harbour-gets-new-wall"
RULES = (SiteRules(("nordblatt.example",), article_id_pattern=r"nordblatt\.example/[a-z]+/([0-9]+)(?:/|$)"),)
TITLE = "Harbour gets new wall"
PAGE = html(TITLE, *["The harbour gets a new wall, the council decided on Monday night after a long debate. " * 3] * 4)
CONSENT = html("Your privacy", "We and our 842 partners use cookies. Accept all or manage your choices to go on.")
AT = "Tue, 12 Nov 2024 04:10:56 GMT"
ASKED = Snapshot("20241112", URL)


def answer(body: bytes = PAGE, status: int = 200, at: str | None = AT, **headers: str) -> Answer:
    named = {"Content-Type": "text/html; charset=utf-8", **({"Memento-Datetime": at} if at else {})}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, tuple(named.items()), body)


def taken(given: Answer, asked: Snapshot = ASKED) -> Capture:
    found = copy_in(COPIES, asked, URL, given)
    assert isinstance(found, Capture)
    return found


def test_a_copy_is_the_page_as_it_was_with_its_true_time() -> None:
    found = taken(
        answer(x_archive_orig_server="nginx", X_Archive_Orig_Content_Length="9", Server="the archive's", ETag="its own")
    )
    assert (found.url, found.requested_url, found.origin) == (URL, URL, "wayback")
    assert found.captured_at == datetime(2024, 11, 12, 4, 10, 56, tzinfo=UTC)
    assert found.snapshot == f"https://archive.example/web/20241112041056/{URL}"
    assert dict(found.headers) == {"Content-Type": "text/html; charset=utf-8", "server": "nginx"}
    reference = found.reference()
    assert (reference.url, reference.captured_at) == (found.snapshot, "2024-11-12T04:10:56Z")
    article = extract(found, RULES).article
    assert article is not None
    assert article.choices[Field.TITLE].value == TITLE


@pytest.mark.parametrize(
    ("archived", "as_judged"),
    [
        (URL.replace("https://www.", "http://"), URL),
        ("http://nordblatt.example:80/world/29/other", "http://nordblatt.example/world/29/other"),
        ("https://elsewhere.example/a", "https://elsewhere.example/a"),
    ],
)
def test_the_seeds_spelling_of_an_address_is_kept(archived: str, as_judged: str) -> None:
    assert taken(answer(), Snapshot("20241112", archived)).url == as_judged


@pytest.mark.parametrize(
    ("given", "url", "verdict"),
    [
        (answer(), URL, Verdict.ARTICLE),
        (answer(status=404), URL, Verdict.GONE),
        (answer(status=403), URL, Verdict.BLOCKED),
        (answer(b"", 302), URL, Verdict.MOVED),
        (answer(CONSENT), URL, Verdict.BLOCKED),
        (answer(x_archive_orig_cf_mitigated="challenge"), URL, Verdict.BLOCKED),
        (answer(html("Page not found", "Sorry, we could not find that page.")), URL, Verdict.SOFT_404),
        (answer(), "https://www.nordblatt.example/", Verdict.REDIRECTED_HOME),
        (answer(), "https://www.nordblatt.example/login", Verdict.BLOCKED),
        (answer(b"%PDF-1.7 ..."), URL, Verdict.NOT_HTML),
    ],
)
def test_an_archived_answer_is_judged_like_any_other(given: Answer, url: str, verdict: Verdict) -> None:
    assert extract(taken(given, Snapshot("20241112", url)), RULES).verdict is verdict


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answer(status=404, at=None), "does not hold this copy"),
        (answer(status=429, at=None), "answered 429"),
        (answer(status=503, at=None), "answered 503"),
        (answer(at=None), "has no Memento-Datetime"),
        (answer(at="yesterday"), "has no Memento-Datetime"),
        (answer(status=302, at=None, Location="https://archive.example/login"), "redirects to"),
        (answer(status=302, at=None, Location="https://www.nordblatt.example/"), "redirects to"),
        (answer(status=302, Location="file:///etc/passwd"), "redirects to"),
        (answer(status=302, Location="http://[broken/"), "redirects to"),
    ],
)
def test_what_the_archive_says_of_itself_is_no_copy(given: Answer, reason: str) -> None:
    with pytest.raises(MementoError, match=reason) as caught:
        copy_in(COPIES, ASKED, URL, given)
    assert str(caught.value).startswith(COPIES.copy_of(ASKED))


@pytest.mark.parametrize(
    ("at", "location", "target"),
    [
        (None, f"/web/20250301120000id_/{URL}", Snapshot("20250301120000", URL)),
        (None, f"http://archive.example/web/20250301120000/{URL}", Snapshot("20250301120000", URL)),
        (AT, "https://archive.example/web/2025id_/https://www.nordblatt.example/", Snapshot("2025", "https://www.nordblatt.example/")),
        (AT, "https://elsewhere.example/x", Snapshot("20241112", "https://elsewhere.example/x")),
        (AT, "/world/29/other", Snapshot("20241112", "https://www.nordblatt.example/world/29/other")),
    ],
)  # fmt: skip
def test_a_redirect_leads_to_another_snapshot(at: str | None, location: str, target: Snapshot) -> None:
    assert copy_in(COPIES, ASKED, URL, answer(b"", 302, at, Location=location)) == target


def listing(*rows: tuple[str, str, str]) -> Answer:
    """Timestamp, address, digest of each capture."""
    table = [["timestamp", "original", "statuscode", "digest"], *([at, url, "200", digest] for at, url, digest in rows)]
    return Answer(200, (), json.dumps(table).encode())


EXACT = WAYBACK.captures_of(URL)
UNDER = str(WAYBACK.captures_under("https://www.nordblatt.example/world/29/"))
OTHER = "https://www.nordblatt.example/news/29/another-slug"
RENAMED = "https://www.nordblatt.example/world/29/renamed"
ONE, TWO, THREE, FOUR = (f"2024110{day}000000" for day in (1, 2, 3, 4))


def copy(timestamp: str, url: str = URL) -> str:
    return COPIES.copy_of(Snapshot(timestamp, url))


def hunt(answers: Mapping[str, Answer], wanted: datetime | None = None, tries: int = 3) -> tuple[Search, list[str]]:
    """Drive a search the way a crawl does, against an archive that knows these answers; with what it was asked."""
    asked = []
    search = Search.begin((CdxArchive("wayback", WAYBACK, tries),), LostPage.of(URL, wanted, RULES))
    while search.request or search.capture:
        search = pickle.loads(pickle.dumps(search))  # noqa: S301  (a crawl may keep it on disk)
        if search.capture:
            extraction = extract(search.capture, RULES)
            if extraction.verdict is Verdict.ARTICLE:
                break
            search = search.after_refusal(extraction.verdict, extraction.detail)
            continue
        assert search.request is not None
        asked.append(search.request.address)
        assert search.request.kind == ("captures" if "/cdx?" in asked[-1] else "copy")
        search = search.after_response(answers.get(asked[-1], answer(b"", 404, at=None)))
    return search, asked


NONE = Answer(200, (), b"[]")
THREE_COPIES = listing((ONE, URL, "A"), (TWO, URL, "B"), (THREE, URL, "C"), (FOUR, URL, "D"))


def test_the_first_copy_that_is_the_article_ends_the_search() -> None:
    answers = {
        EXACT: THREE_COPIES,
        copy(ONE): answer(CONSENT),
        copy(TWO): answer(at=None, status=503),
        copy(THREE): answer(),
    }
    found, asked = hunt(answers)
    assert asked == [EXACT, copy(ONE), copy(TWO), copy(THREE)]
    assert found.capture is not None
    assert found.capture.body == PAGE


def test_the_copy_nearest_to_the_date_is_looked_at_first() -> None:
    _, asked = hunt({EXACT: THREE_COPIES, copy(THREE): answer()}, datetime(2024, 11, 3, 9, tzinfo=UTC))
    assert asked == [EXACT, copy(THREE)]


def test_a_search_has_its_limit() -> None:
    answers = {EXACT: THREE_COPIES, **{copy(at): answer(status=404) for at in (ONE, TWO, THREE, FOUR)}}
    found, asked = hunt(answers, tries=2)
    assert asked == [EXACT, copy(ONE), copy(TWO)]
    assert found.capture is None
    assert found.summary().count("is not the article (gone).") == 2


@pytest.mark.parametrize(
    ("exact", "order"),
    [
        (NONE, [EXACT, UNDER, copy(ONE), copy(TWO, RENAMED)]),
        (listing((ONE, URL, "A")), [EXACT, copy(ONE), UNDER, copy(TWO, RENAMED)]),
    ],
)
def test_then_the_article_is_looked_for_under_its_other_addresses(exact: Answer, order: list[str]) -> None:
    under = listing((ONE, URL, "A"), (TWO, RENAMED, "B"), (THREE, OTHER.replace("29", "295"), "C"))
    found, asked = hunt({EXACT: exact, UNDER: under, copy(TWO, RENAMED): answer()})
    assert asked == order
    assert found.capture is not None
    assert found.capture.url == RENAMED


@pytest.mark.parametrize(
    "rules", [(), (SiteRules(("nordblatt.example",)),), (SiteRules(("x.example",), article_id_pattern="(29)"),)]
)
def test_without_an_identity_only_the_address_itself_is_asked_for(rules: tuple[SiteRules, ...]) -> None:
    search = Search.begin(ARCHIVES, LostPage.of(URL, None, rules)).after_response(NONE)
    assert (search.request, search.capture) == (None, None)
    assert search.summary() == "The web archive has no copy of it."


def test_redirects_are_followed_to_the_true_snapshot_and_not_for_ever() -> None:
    later = "20250301120000"
    answers = {
        EXACT: listing((ONE, URL, "A")),
        copy(ONE): answer(b"", 302, None, Location=copy(later)),
        copy(later): answer(at="Sat, 01 Mar 2025 12:00:00 GMT"),
    }
    found, asked = hunt(answers)
    assert asked == [EXACT, copy(ONE), copy(later)]
    assert found.capture is not None
    assert found.capture.snapshot == f"https://archive.example/web/{later}/{URL}"

    circle = {**answers, copy(later): answer(b"", 302, None, Location=copy(ONE))}
    found, asked = hunt(circle, tries=1)
    assert found.capture is None
    assert len(asked) <= 6
    assert "redirects without end" in found.summary()


def test_an_archived_redirect_to_the_front_page_is_not_the_article() -> None:
    home = "https://www.nordblatt.example/"
    answers = {
        EXACT: listing((ONE, URL, "A")),
        copy(ONE): answer(b"", 302, Location=copy(ONE, home)),
        copy(ONE, home): answer(),
    }
    found, _ = hunt(answers, tries=1)
    assert found.capture is None
    assert "(redirected_home)" in found.summary()


@pytest.mark.parametrize("bad", [b"", b"<html>busy</html>", b'[["timestamp", "orig'])
def test_a_list_that_cannot_be_used_ends_the_search(bad: bytes) -> None:
    found, asked = hunt({EXACT: Answer(200, (), bad)})
    assert asked == [EXACT]
    assert EXACT in found.summary()


def test_a_copy_without_an_answer_is_passed_over_but_a_service_that_wants_quiet_is_not_asked_again() -> None:
    search = Search.begin(ARCHIVES, LostPage.of(URL, None, RULES)).after_response(THREE_COPIES)
    on = search.after_failure(MementoError("It did not answer."))
    assert on.request is not None
    assert on.request.address == copy(TWO)
    over = search.after_failure(HostPaused("Quiet."))
    assert (over.request, over.capture, over.summary()) == (None, None, "Quiet.")


CLOSED = answer(b"Blocked Site Error", 403, at=None)


@pytest.mark.parametrize(
    ("answers", "conclusion"),
    [
        ({EXACT: NONE, UNDER: NONE}, Conclusion.NO_COPY),
        ({EXACT: CLOSED}, Conclusion.REFUSED),
        ({EXACT: listing((ONE, URL, "A")), copy(ONE): CLOSED}, Conclusion.REFUSED),
        ({EXACT: answer(b"busy", 503, at=None)}, Conclusion.UNANSWERED),
        (
            {EXACT: listing((ONE, URL, "A")), copy(ONE): answer(b"busy", 503, at=None), UNDER: NONE},
            Conclusion.UNANSWERED,
        ),
        ({EXACT: listing((ONE, URL, "A")), UNDER: NONE}, Conclusion.NO_COPY),
        ({EXACT: NONE, UNDER: answer(b"<html>", at=None)}, Conclusion.UNANSWERED),
    ],
)
def test_what_a_search_without_success_concludes(answers: Mapping[str, Answer], conclusion: Conclusion) -> None:
    found, asked = hunt(answers)
    assert found.conclusions == (("wayback", conclusion),)
    assert found.is_settled == (conclusion is not Conclusion.UNANSWERED)
    assert found.refused_by == (("wayback",) if conclusion is Conclusion.REFUSED else ())
    assert len(asked) <= 3


def test_the_next_archive_is_asked_where_the_one_before_has_nothing_and_none_that_has_closed_the_page() -> None:
    other = CdxArchive("other", Wayback("https://other.example/cdx?url={url}", COPIES), 3, "other.example")
    first = Search.begin((*ARCHIVES, other), LostPage.of(URL, None, ()))
    second = first.after_response(NONE)
    assert second.request is not None
    assert (second.archive, second.request.slot) == ("other", "lists@other.example")
    over = second.after_response(CLOSED)
    assert over.conclusions == (("wayback", Conclusion.NO_COPY), ("other", Conclusion.REFUSED))
    assert over.refused_by == ("other",)
    assert over.summary().startswith("The web archive has no copy of it. https://other.example/cdx")

    again = Search.begin((*ARCHIVES, other), LostPage.of(URL, None, ()), frozenset({"other"})).after_response(NONE)
    assert (again.request, again.refused_by, again.is_settled) == (None, (), True)
    assert "The web archive other keeps this page closed, as it said before" in again.summary()


def test_a_list_goes_on_and_its_first_part_serves_where_the_next_is_not_had() -> None:
    table = json.dumps(
        [["timestamp", "original", "statuscode", "digest"], [ONE, URL, "200", "A"], [], ["com%2Cnordblatt%29+1"]]
    )
    part, rest = Answer(200, (), table.encode()), f"{EXACT}&resumeKey=com%2Cnordblatt%29+1"
    wanted = datetime(2024, 11, 2, tzinfo=UTC)
    found, asked = hunt({EXACT: part, rest: listing((TWO, URL, "B")), copy(TWO): answer()}, wanted)
    assert asked == [EXACT, rest, copy(TWO)]
    found, asked = hunt({EXACT: part, rest: answer(b"busy", 503, at=None), copy(ONE): answer()}, wanted)
    assert asked == [EXACT, rest, copy(ONE)]
    assert found.capture is not None


def test_a_redirect_that_is_listed_leads_to_the_copy_of_its_target() -> None:
    moved = Answer(200, (), json.dumps([["timestamp", "original", "statuscode"], [ONE, URL, "301"]]).encode())
    answers = {
        EXACT: moved,
        copy(ONE): answer(b"", 301, Location=copy(ONE, RENAMED)),
        copy(ONE, RENAMED): answer(b"", 302, None, Location=copy(TWO, RENAMED)),
        copy(TWO, RENAMED): answer(),
    }
    found, _ = hunt(answers)
    assert found.capture is not None
    assert found.capture.url == RENAMED


def with_lengths(*rows: tuple[str, str, int]) -> Answer:
    table = [["timestamp", "original", "statuscode", "digest", "length"]]
    return Answer(
        200, (), json.dumps([*table, *([at, URL, "200", key, str(length)] for at, key, length in rows)]).encode()
    )


def test_walls_that_differ_by_a_counter_do_not_use_up_the_tries() -> None:
    walls = {copy(f"2024110{day}000000"): answer(CONSENT + b"x" * day) for day in range(1, 6)}
    page = copy("20241107000000")
    rows = [(f"2024110{day}000000", f"W{day}", 2000 + day) for day in range(1, 6)]
    lengths = with_lengths(*rows, ("20241107000000", "P", 9000))
    found, asked = hunt({EXACT: lengths, page: answer(), **walls})
    assert asked == [EXACT, copy(ONE), page]
    # Without lengths, walls as long as one that was refused cost no try.
    listed = listing(*((at, URL, key) for at, key, _ in rows), ("20241107000000", URL, "P"))
    found, asked = hunt({EXACT: listed, page: answer(), **walls})
    assert asked == [EXACT, *walls, page]
    assert found.capture is not None


def test_a_copy_that_is_shorter_than_it_says_is_the_beginning_of_its_page() -> None:
    cut = taken(answer(X_Archive_Orig_Content_Length=str(len(PAGE) + 1)))
    assert cut.is_cut
    assert not taken(answer(X_Archive_Orig_Content_Length="99999", X_Archive_Orig_Content_Encoding="gzip")).is_cut
    search = Search.begin(ARCHIVES, LostPage.of(URL, None, RULES)).after_response(THREE_COPIES)
    on = search.after_response(answer(X_Archive_Orig_Content_Length="99999")).after_refusal(Verdict.ARTICLE)
    assert on.request is not None
    assert on.request.address == copy(TWO)
    assert on.current is not None
    assert on.current.reasons[0].endswith(" is not whole.")


def test_a_copy_of_another_page_is_no_copy() -> None:
    other = answer(Link=f'<{OTHER}>; rel="original", <https://archive.example/>; rel="timegate"')
    with pytest.raises(MementoError, match="is a copy of another page"):
        copy_in(COPIES, ASKED, URL, other)
    same = answer(Link=f'<{URL.replace("https", "http")}>; rel="original"')
    assert isinstance(copy_in(COPIES, ASKED, URL, same), Capture)


ANYTHING = st.sampled_from(
    [
        THREE_COPIES, NONE, CLOSED, answer(), answer(CONSENT), answer(b"busy", 503, at=None), answer(b"", 404, at=None),
        answer(b"<html>", at=None), answer(b"", 302, Location=copy(TWO, RENAMED)), answer(b"", 301, Location=OTHER),
        answer(b"", 302, None, Location=copy(ONE)), answer(X_Archive_Orig_Content_Length="99999"),
        with_lengths((ONE, "A", 100), (TWO, "B", 101), (THREE, "C", 900)),
        Answer(200, (), json.dumps([["timestamp", "original", "statuscode"], [], ["key"]]).encode()),
    ]
)  # fmt: skip


@given(st.data())
def test_a_search_ends_whatever_is_answered(data: st.DataObject) -> None:
    other = TimeMapArchive("map", "https://map.example/{url}", (COPIES,), 2, "map.example")
    search = Search.begin((*ARCHIVES, other), LostPage.of(URL, None, RULES))
    asked: list[str] = []
    while search.request or search.capture:
        if search.capture:
            search = search.after_refusal(data.draw(st.sampled_from([Verdict.BLOCKED, Verdict.GONE])))
        elif data.draw(st.integers(0, 9)) == 0:
            search = search.after_failure(data.draw(st.sampled_from([HostPaused("Quiet."), MementoError("No.")])))
        else:
            assert search.request is not None
            asked.append(search.request.address)
            search = search.after_response(data.draw(ANYTHING))
    assert [name for name, _ in search.conclusions] == ["wayback", "map"]
    # Two lists of four parts, three tries and five walls that cost none, each behind eight redirects at most.
    assert len(asked) <= 2 * (8 + 8 * 9)
    assert search.summary()


def test_what_is_worth_a_search() -> None:
    assert {Verdict.GONE, Verdict.BLOCKED, Verdict.SOFT_404, Verdict.UNREACHABLE} <= WORTH_A_SEARCH
    assert not WORTH_A_SEARCH & {Verdict.ARTICLE, Verdict.WALLED, Verdict.ROBOTS, Verdict.ERROR, Verdict.NOT_HTML}
