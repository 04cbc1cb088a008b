"""Every verdict on written pages, and the pairs that must not be confused."""

from __future__ import annotations

import random
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extract.article import extract
from archiver.extract.dom.page import Page
from archiver.extract.verdict.matching import NOTICES, is_consent, normal
from archiver.extract.verdict.page import judge_answer, judge_page
from archiver.models import Capture, Verdict

ASKED = "https://www.nordblatt.example/world/2900753/bridge-over-the-skell-reopens-after-repairs"
SITE = "https://www.nordblatt.example"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
FLASH = "The bridge over the Skell reopened on Monday. Traffic was light at first, the road office said."
PARAGRAPH = (
    "The road office had closed the crossing in spring after divers found cracks in two of its piers. Since then buses"
    " have gone round by the upper valley, which takes a quarter of an hour longer, and the ferry has run at night."
)
LONG = "\n\n".join(f"{PARAGRAPH} That was week {number}." for number in range(1, 25))
LINKED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge reopens", %s}</script>'
OPEN_MARK = LINKED % '"datePublished": "2024-11-12T08:00:00Z"'


def answer(
    body: bytes = b"<html><body><p>Text</p></body></html>",
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = HTML,
    url: str | None = None,
    asked: str = ASKED,
) -> Capture:
    return Capture(url or asked, asked, status, headers, body, datetime(2024, 11, 12, tzinfo=UTC), "live")


def verdict_of(capture: Capture) -> Verdict | None:
    judged = judge_answer(capture)
    return judged[0] if judged else None


def judge(
    markdown: str,
    *,
    title: str = "Bridge over the Skell reopens",
    page_title: str | None = None,
    h1: str | None = None,
    head: str = "",
    body: str = "",
    url: str | None = None,
    asked: str = ASKED,
) -> tuple[Verdict, str]:
    heading = title if h1 is None else h1
    text = "".join(f"<p>{block}</p>" for block in markdown.split("\n\n"))
    markup = (
        f"<!doctype html><html><head><title>{title if page_title is None else page_title}</title>{head}</head>"
        f"<body>{f'<h1>{heading}</h1>' if heading else ''}{text}{body}</body></html>"
    )
    page = Page.of(answer(markup.encode(), url=url, asked=asked))
    assert page is not None
    return judge_page(page, markdown, title or None)


# --- before parsing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, None),
        (203, None),
        (404, Verdict.GONE),
        (410, Verdict.GONE),
        *((status, Verdict.BLOCKED) for status in (401, 402, 403, 407, 429, 451, 405, 406, 999)),
        *((status, Verdict.MOVED) for status in (300, 301, 302, 303, 307, 308)),
        *((status, Verdict.UNREACHABLE) for status in (408, 500, 502, 503, 504, 522)),
        *((status, Verdict.EMPTY) for status in (204, 205, 304)),
        *((status, Verdict.ERROR) for status in (100, 206, 400, 409, 418 + 3, 431)),
    ],
)
def test_status(status: int, verdict: Verdict | None) -> None:
    assert verdict_of(answer(status=status)) is verdict


def test_a_redirect_names_its_target() -> None:
    judged = judge_answer(answer(status=301, headers=(("location", "https://www.nordblatt.example/new"),)))
    assert judged is not None
    assert "https://www.nordblatt.example/new" in judged[1]


@pytest.mark.parametrize(
    "capture",
    [
        answer(status=503, headers=(*HTML, ("CF-Mitigated", "challenge"))),
        answer(status=404, headers=(*HTML, ("cf-mitigated", "challenge"))),
        answer(status=202, headers=(*HTML, ("x-amzn-waf-action", "challenge"))),
        answer(b"<html><script>window._cf_chl_opt={}</script>", status=503),
    ],
)
def test_a_challenge_is_never_dead(capture: Capture) -> None:
    assert verdict_of(capture) is Verdict.BLOCKED


@pytest.mark.parametrize(
    "body",
    [b"", b" \r\n\t ", b"\xef\xbb\xbf\n", b"\xff\xfe", b" " * 5000],
    ids=["none", "blank", "bom", "bom16", "long"],
)
def test_no_content_is_empty(body: bytes) -> None:
    assert verdict_of(answer(body)) is Verdict.EMPTY


@pytest.mark.parametrize(
    ("body", "stated"),
    [
        (b"%PDF-1.7\n<html>", "text/html"),
        (b"\x89PNG\r\n\x1a\n", "text/html"),
        (b"\xff\xd8\xff\xe0", ""),
        (b"....ftypisom", "text/html"),
        (b"\x1f\x8b\x08", "text/html"),
        (b'{"html": "<html><body>"}', "text/html"),
        (b"[1, 2]", "application/json"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', "text/html"),
        (b'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "application/xml"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "image/svg+xml"),
        (b"nothing but words", "text/html"),
        (b"a < b, the file said", "text/plain"),
        (b"body { color: red }", "text/css"),
    ],
)
def test_other_content_is_not_html(body: bytes, stated: str) -> None:
    judged = judge_answer(answer(body, headers=(("content-type", stated),)))
    assert judged is not None
    assert judged[0] is Verdict.NOT_HTML
    assert judged[1].endswith("not a web page.")


NOISE = random.Random(7).randbytes(20_000)  # noqa: S311  (the same noise each time)
PAGE = f"<html><body><article><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></article></body></html>"


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        (NOISE, "binary data"),
        (b"<html><body><p>" + NOISE + b"</p></body></html>", "binary data"),
        (zlib.compress(NOISE), "packed data without a Content-Encoding"),
        (b"\xff\xfb\x90\x64" + NOISE, "sound"),
    ],
)
def test_noise_is_not_html_whatever_is_said_of_it(body: bytes, looks_like: str) -> None:
    assert judge_answer(answer(body)) == (Verdict.NOT_HTML, f"The answer is {looks_like}, not a web page.")


@pytest.mark.parametrize(
    "body",
    [
        PAGE.encode(),
        PAGE.replace("road", "\x02road\x1f").encode(),
        PAGE.replace("road", "дорога").encode("utf-16"),
        PAGE.replace("road", "дорога").encode("utf-16-le"),
        PAGE.replace("road", "道路").encode("iso2022_jp"),
    ],
)
def test_text_with_a_few_controls_or_in_any_encoding_is_no_noise(body: bytes) -> None:
    assert judge_answer(answer(body)) is None


def test_a_text_that_is_not_in_the_charset_it_names_is_no_article() -> None:
    lost = "Дорожная служба закрыла переезд весной, когда водолазы нашли трещины в двух опорах. " * 6
    broken = PAGE.replace(PARAGRAPH, lost).encode("cp1251")
    verdict, detail = _verdict_and_detail(broken)
    assert verdict is Verdict.NOT_HTML
    assert "cannot be read in the charset that it names" in detail
    assert _verdict_and_detail(PAGE.replace("road", "ro\xe4d").encode("cp1252"))[0] is Verdict.ARTICLE


def _verdict_and_detail(body: bytes) -> tuple[Verdict, str]:
    found = extract(answer(body))
    return found.verdict, found.detail


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"<!DOCTYPE HTML><p>Text", ()),
        (b"<p>Text without a skeleton</p>", HTML),
        (
            b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
            (("Content-Type", "text/xml"),),
        ),
        (b"<html><body>served as a file</body></html>", (("Content-Type", "application/octet-stream"),)),
        ("\ufeff<html><body>sixteen bits".encode("utf-16-le"), HTML),
        (b"[Nordblatt] <b>News</b> of the day", HTML),
    ],
)
def test_markup_is_html_whatever_its_type(body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    assert judge_answer(answer(body, headers=headers)) is None


@pytest.mark.parametrize(
    ("came", "verdict"),
    [
        (f"{SITE}/", Verdict.REDIRECTED_HOME),
        (SITE, Verdict.REDIRECTED_HOME),
        (f"{SITE}/en/", Verdict.REDIRECTED_HOME),
        (f"{SITE}/index.html", Verdict.REDIRECTED_HOME),
        (f"{SITE}/?utm_source=old&ref=404", Verdict.REDIRECTED_HOME),
        ("https://new-owner.example/", Verdict.REDIRECTED_HOME),
        (f"{SITE}/404", Verdict.SOFT_404),
        (f"{SITE}/404.html", Verdict.SOFT_404),
        (f"{SITE}/en/page-not-found/", Verdict.SOFT_404),
        (f"{SITE}/error?code=404", Verdict.SOFT_404),
        (f"{SITE}/search?q=bridge", Verdict.SOFT_404),
        (f"{SITE}/login?next=%2Fworld", Verdict.BLOCKED),
        (f"{SITE}/cookie-consent", Verdict.BLOCKED),
        (f"{SITE}/access-denied.html", Verdict.BLOCKED),
        ("https://consent.nordblatt.example/v2/collect?sid=1", Verdict.BLOCKED),
        ("https://accounts.identity.example/o", Verdict.BLOCKED),
    ],
)
def test_where_a_redirect_leads(came: str, verdict: Verdict) -> None:
    assert verdict_of(answer(url=came)) is verdict


@pytest.mark.parametrize(
    ("asked", "came"),
    [
        ("http://nordblatt.example/a/b-c", "https://www.nordblatt.example/a/b-c"),
        (ASKED, ASKED + "/"),
        (ASKED, f"{SITE}/general/2900753/bridge-reopens"),
        (f"{SITE}/?p=123", f"{SITE}/?p=123"),
        (f"{SITE}/?p=123", f"{SITE}/2020/01/bridge-reopens/"),
        (f"{SITE}/old-name", f"{SITE}/?p=123"),
        (f"{SITE}/", f"{SITE}/en/"),
        ("http://nordblatt.example", "https://nordblatt.example/index.html"),
        (f"{SITE}/login/guide-1", f"{SITE}/login/guide-1/"),
        (f"{SITE}/x1", f"{SITE}/how-a-404-page-not-found-error-came-to-be"),
        (f"{SITE}/a/1", f"{SITE}/2024/11/12/login"),
        ("https://login.nordblatt.example/a/1", "https://login.nordblatt.example/b/1"),
        ("https://[broken", "https://[broken/2"),
    ],
)
def test_a_redirect_to_the_article_stays_open(asked: str, came: str) -> None:
    assert judge_answer(answer(url=came, asked=asked)) is None


def test_query_without_its_article_is_home() -> None:
    assert verdict_of(answer(url=f"{SITE}/", asked=f"{SITE}/?p=123")) is Verdict.REDIRECTED_HOME


def test_a_refusal_at_a_redirected_home_is_no_death() -> None:
    assert verdict_of(answer(status=403, url=f"{SITE}/")) is Verdict.BLOCKED


# --- after extraction -------------------------------------------------------------------------------------------------

MISSING = [
    "Page not found",
    "Oops! Error 404 – That page can’t be found.",
    "Seite nicht gefunden",
    "Page introuvable",
    "Página no encontrada",
    "Pagina non trovata",
    "Página não encontrada",
    "Pagina niet gevonden",
    "Nie znaleziono strony",
    "Страница не найдена",
    "Сторінку не знайдено",
    "SAYFA BULUNAMADI",
    "ไม่พบหน้าที่คุณต้องการ",
    "ページが見つかりません",
    "페이지를 찾을 수 없습니다",
    "页面不存在",
    "Halaman tidak ditemukan",
    "Không tìm thấy trang",
    "الصفحة غير موجودة",
    "Sidan kunde inte hittas",
    "Sivua ei löytynyt",
    "404",
]


@pytest.mark.parametrize("heading", MISSING)
@pytest.mark.parametrize("title", ["{} | Nordblatt", "Nordblatt - {}", "{}"])
def test_soft_404_by_title(heading: str, title: str) -> None:
    assert judge("Try the search.", title=title.format(heading), h1="")[0] is Verdict.SOFT_404


@pytest.mark.parametrize("heading", MISSING)
def test_soft_404_by_h1(heading: str) -> None:
    assert judge("", title="", page_title="Nordblatt", h1=heading)[0] is Verdict.SOFT_404


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, the page you requested could not be found. Please try our search.",
        "Leider: Die angeforderte Seite gibt es nicht mehr.",
        "La page que vous recherchez a été déplacée.",
        "La página que buscas no está disponible.",
        "Запрашиваемая страница была удалена.",
        "申し訳ありませんが、お探しのページは削除されました。",
        "抱歉，您访问的页面已被删除。",
        "This domain is for sale. Ask for a price.",
    ],
)
def test_soft_404_by_sentence(text: str) -> None:
    assert judge(text, title="Nordblatt")[0] is Verdict.SOFT_404


def test_soft_404_above_the_news_of_the_day() -> None:
    assert judge(LONG, title="Page not found | Nordblatt", h1="Page not found")[0] is Verdict.SOFT_404


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Just a moment...", "Checking your browser before you reach nordblatt.example."),
        ("Access Denied", "You don’t have permission to access this page. Reference 18.2f."),
        ("nordblatt.example", "Please enable JavaScript and cookies to continue"),
        ("nordblatt.example", "Our systems have detected unusual traffic from your network."),
        ("Verify you are human", "Press & hold to confirm that you are a person and not a bot."),
        ("Zugriff verweigert", "Bitte wenden Sie sich an den Betreiber."),
        ("nordblatt.example", "Bestätigen Sie, dass Sie kein Roboter sind."),
        ("Un momento…", "Verifique que es un ser humano para seguir."),
        ("Доступ ограничен", "Подтвердите, что вы не робот."),
        ("安全验证", "请完成以下操作，验证您是真人。"),
        ("アクセスが拒否されました", "しばらくしてからお試しください。"),
        ("Log in | Nordblatt", "E-mail Password Forgotten?"),
        ("Anmelden", "E-Mail-Adresse und Kennwort eingeben."),
    ],
)
def test_blocked_by_words(title: str, text: str) -> None:
    assert judge(text, title=title, h1="")[0] is Verdict.BLOCKED


def test_blocked_by_a_script_and_no_words() -> None:
    frame = '<script src="https://geo.captcha-delivery.com/captcha/?id=1"></script>'
    assert judge("", title="nordblatt.example", h1="", body=frame)[0] is Verdict.BLOCKED


WALLS = [
    (
        "We value your privacy. We and our partners store information on your device, such as cookies. You "
        "can accept all or manage your choices. Our partners process personal data for ads."
    ),
    (
        "Bevor Sie fortfahren: Wir und unsere Partner verarbeiten Daten mit Ihrer Zustimmung. Wir verwenden "
        "Cookies für Werbung. Sie können alle akzeptieren oder ablehnen."
    ),
    (
        "Nous et nos partenaires utilisons des cookies. Nous utilisons des cookies pour mesurer l’audience. "
        "Tout accepter."
    ),
    ("Utilizamos cookies. Nosotros y nuestros socios tratamos datos con tu consentimiento y respetamos tu privacidad."),
    "Мы используем файлы cookie. Мы и наши партнеры просим ваше согласие. Принять все.",
]


@pytest.mark.parametrize("wall", WALLS)
def test_a_consent_wall_is_blocked(wall: str) -> None:
    verdict, detail = judge(wall, title="Nordblatt", h1="")
    assert verdict is Verdict.BLOCKED
    assert "consent" in detail


def test_a_fault_under_200_is_unreachable() -> None:
    assert judge("Please try again.", title="503 Service Unavailable", h1="")[0] is Verdict.UNREACHABLE


@pytest.mark.parametrize(
    "mark",
    [
        '"isAccessibleForFree": false',
        '"isAccessibleForFree": "False"',
        '"isAccessibleForFree":"http://schema.org/False"',
    ],
)
def test_a_marked_teaser_is_walled(mark: str) -> None:
    verdict, detail = judge(f"{PARAGRAPH}\n\n{PARAGRAPH}", head=LINKED % mark)
    assert verdict is Verdict.WALLED
    assert detail == "Only a teaser of 2 paragraphs is open; the rest is behind a paywall."


def test_the_mark_is_found_in_broken_linked_data() -> None:
    broken = '<script type="application/ld+json">{"@type": NewsArticle, "isAccessibleForFree" : "false" </script>'
    assert judge(PARAGRAPH, head=broken)[0] is Verdict.WALLED


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        (PARAGRAPH, '<meta itemprop="isAccessibleForFree" content="false">', ""),
        (PARAGRAPH, '<meta property="article:content_tier" content="locked">', ""),
        (PARAGRAPH, "", '<div class="Paywall-box"><p>Subscribe now to read on. Already a subscriber? Log in</p></div>'),
        (f"{PARAGRAPH}\n\nSubscribe to continue reading", "", ""),
        (f"{PARAGRAPH}\n\nUm weiterzulesen, wählen Sie ein Abo.", "", ""),
        (f"{PARAGRAPH}\n\nPour lire la suite, abonnez-vous", "", ""),
        (f"{PARAGRAPH * 10} And then he said…", LINKED % '"isAccessibleForFree": false', ""),
        (PARAGRAPH * 12, LINKED % '"isAccessibleForFree": false, "wordCount": 1400', ""),
    ],
    ids=["microdata", "tier", "box", "offer-en", "offer-de", "offer-fr", "cut", "counted"],
)
def test_other_signs_of_a_wall(text: str, head: str, body: str) -> None:
    assert judge(text, head=head, body=body)[0] is Verdict.WALLED


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        (LONG, LINKED % '"isAccessibleForFree": false', ""),
        (LONG, LINKED % '"isAccessibleForFree": false', '<div class="paywall">Already a subscriber? Log in</div>'),
        (PARAGRAPH * 4, LINKED % '"isAccessibleForFree": false, "wordCount": 150', ""),
        (FLASH, LINKED % '"isAccessibleForFree": true', '<div class="paywall">Already a subscriber? Log in</div>'),
        (FLASH, "", '<div class="paywall"></div>'),
        (FLASH, "", '<div class="paywall" style="display: none">Already a subscriber? Log in</div>'),
        (FLASH, '<meta property="article:content_tier" content="metered">', ""),
        (f"{FLASH} To continue reading is the hardest part, he said.", "", ""),
    ],
    ids=["full", "full-box", "counted", "free", "empty-box", "hidden-box", "metered", "quoted"],
)
def test_a_mark_alone_is_no_wall(text: str, head: str, body: str) -> None:
    assert judge(text, head=head, body=body) == (Verdict.ARTICLE, "")


def test_canonical_home_is_redirected_home() -> None:
    home = f'<link rel="canonical" href="{SITE}/">'
    assert judge(LONG, title="Nordblatt: news of the north", head=home)[0] is Verdict.REDIRECTED_HOME
    assert judge(LONG, head=home)[0] is Verdict.ARTICLE
    assert judge(LONG, title="Nordblatt: news of the north", head=home + OPEN_MARK)[0] is Verdict.ARTICLE
    assert judge(LONG, title="Nordblatt", head=home, asked=f"{SITE}/")[0] is Verdict.ARTICLE


def test_a_section_is_redirected_home() -> None:
    assert judge(LONG, title="World news", url=f"{SITE}/world")[0] is Verdict.REDIRECTED_HOME
    assert judge(LONG, title="About", asked=f"{SITE}/about/us/all", url=f"{SITE}/about")[0] is Verdict.ARTICLE


def test_a_forwarding_page() -> None:
    refresh = '<meta http-equiv="refresh" content="0; url={}">'
    assert judge("", h1="", title="", head=refresh.format("/"))[0] is Verdict.REDIRECTED_HOME
    assert judge("", h1="", title="", head=refresh.format("/world/new-name"))[0] is Verdict.MOVED
    assert judge(FLASH * 3, head=refresh.format("/next-story"))[0] is Verdict.ARTICLE
    assert judge(FLASH, head='<meta http-equiv="refresh" content="900">')[0] is Verdict.ARTICLE


@pytest.mark.parametrize("markdown", ["", "---\n\n***", "![](https://www.nordblatt.example/a.jpg)"])
def test_nothing_to_read_is_empty(markdown: str) -> None:
    assert judge(markdown, title="Nordblatt", body='<div id="root"></div>')[0] is Verdict.EMPTY


def test_a_headline_without_text_keeps_its_headline() -> None:
    verdict, detail = judge("", head=OPEN_MARK)
    assert verdict is Verdict.ARTICLE
    assert "no text" in detail


@pytest.mark.parametrize(
    ("title", "text", "head"),
    [
        ("Bridge over the Skell reopens", FLASH, ""),
        ("Page not found: how ministries lose their files", LONG, ""),
        ("Page not found: how ministries lose their files", FLASH, ""),
        ("Page not found", LONG, OPEN_MARK),
        ("Page not found", FLASH, OPEN_MARK),
        ("404", FLASH, OPEN_MARK),
        ("Why “404 not found” became a joke", LONG, ""),
        ("Access denied", LONG, ""),
        ("Just a moment", FLASH, OPEN_MARK),
        ("The end of the captcha", f"Sites ask: “Verify you are human.” Half of all visitors leave. {PARAGRAPH}", ""),
        ("Robots pass the test", "A study says that robots solve every captcha. “Access denied” is seldom shown.", ""),
        ("Verkehr: Seite nicht gefunden, Weg auch nicht", FLASH, ""),
        ("Peugeot 404 turns sixty", FLASH, ""),
        ("Login for all", FLASH, ""),
        (
            "New law on cookies",
            "Sites must stop using cookies without consent. “We use cookies” is not enough, a court said.",
            "",
        ),
        ("Court rules on consent", f"{LONG}\n\nWe and our partners, say the banners. Accept all, they plead.", ""),
    ],
)
def test_articles_that_speak_of_it(title: str, text: str, head: str) -> None:
    assert judge(text, title=title, page_title=f"{title} - Nordblatt", head=head) == (Verdict.ARTICLE, "")


@pytest.mark.parametrize("text", [FLASH, LONG, PARAGRAPH])
@pytest.mark.parametrize("wall", WALLS)
def test_a_consent_banner_on_an_article_hides_nothing(text: str, wall: str) -> None:
    assert judge(text, body=f'<div class="cmp">{wall}</div>') == (Verdict.ARTICLE, "")
    assert judge(f"{wall}\n\n{LONG}") == (Verdict.ARTICLE, "")


def test_no_script_message_is_not_the_page() -> None:
    assert judge(FLASH, body="<noscript><p>Please enable JavaScript and cookies</p></noscript>")[0] is Verdict.ARTICLE
    assert judge("", title="Nordblatt", body="<noscript><p>Enable cookies</p></noscript>")[0] is Verdict.EMPTY


@pytest.mark.parametrize(
    ("page_title", "text"), [("Login - Nordblatt", FLASH), ("404 - Nordblatt", FLASH), ("404", LONG)]
)
def test_a_headline_on_the_page_outweighs_a_wrong_title(page_title: str, text: str) -> None:
    assert judge(text, page_title=page_title) == (Verdict.ARTICLE, "")


def test_an_article_at_a_query_of_the_root() -> None:
    home = f"{SITE}/?p=123"
    assert judge(FLASH, asked=home, head=f'<link rel="canonical" href="{home}">') == (Verdict.ARTICLE, "")


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.detail)
def test_phrases_are_as_they_are_looked_for(notice: object) -> None:
    for listed in (notice.headings, notice.sentences):  # type: ignore[attr-defined]  # pytest gives objects
        assert all(phrase == normal(phrase) != "" for phrase in listed)
        for place, phrase in enumerate(listed):
            assert not any(phrase in later and phrase != later for later in listed[place + 1 :]), phrase


def test_consent_needs_more_than_a_mention() -> None:
    assert not is_consent("We use cookies in our recipe.")


# --- properties -------------------------------------------------------------------------------------------------------

ADDRESS = st.one_of(
    st.text(max_size=40), st.sampled_from([ASKED, f"{SITE}/", f"{SITE}/404", "https://[", "//", "http://h:x/"])
)
PIECES = [
    *(
        "<html>",
        "<title>",
        "404",
        "<h1>",
        "</h1>",
        "<p>",
        "\0",
        "<div class=paywall>",
        "Subscribe to read",
        "page not found",
    ),
    '<meta http-equiv=refresh content="0;url=http://[">',
    '<link rel=canonical href="http://[x">',
    '<script type="application/ld+json">{"@type":"NewsArticle","wordCount":"²"}</script>',
    '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":[null]}</script>',
]
MARKUP = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=14).map(lambda pieces: "".join(pieces).encode()),
)
HEADERS = st.lists(
    st.tuples(st.sampled_from(["Content-Type", "Location", "cf-mitigated"]), st.text(max_size=30)), max_size=3
)


@settings(max_examples=300, deadline=None)
@given(MARKUP, st.integers(-5, 1200), HEADERS, st.tuples(ADDRESS, ADDRESS), st.tuples(st.text(), st.none() | st.text()))
def test_no_answer_raises(
    body: bytes,
    status: int,
    headers: list[tuple[str, str]],
    addresses: tuple[str, str],
    extracted: tuple[str, str | None],
) -> None:
    url, asked = addresses
    capture = answer(body, status=status, headers=tuple(headers), url=url, asked=asked)
    judged = judge_answer(capture)
    assert judged is None or (judged[0] not in (Verdict.ARTICLE, Verdict.WALLED) and judged[1].endswith("."))
    page = Page.of(answer(body, url=url, asked=asked))
    if page is not None:
        verdict, detail = judge_page(page, *extracted)
        assert detail.endswith(".") or (verdict is Verdict.ARTICLE and not detail)


@given(st.integers(-5, 1200))
def test_only_404_and_410_are_gone(status: int) -> None:
    assert (verdict_of(answer(status=status)) is Verdict.GONE) == (status in (404, 410))
