"""Pages that answer with 200 and are not the article: what a site shows in its place, in many languages.

The seeds have all their fields, the policy is to renew every one of them, and nothing waits for a person: whatever is
taken from such a page overwrites something good.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from random import Random

from warcio.warcwriter import WARCWriter

from tests.faults.crawling import crawl
from tests.faults.fault import Fault, Figures
from tests.faults.trying import Harm, try_each
from tests.support.pages import add_page

SITE = "https://www.nordblatt.example"
PAGES = 30
"""Of one crawl."""
WORDS = {
    "missing": (
        ("Page not found", "Sorry, the page you are looking for does not exist or has been moved."),
        ("404", "The page you requested could not be found."),
        ("Seite nicht gefunden", "Die gewünschte Seite wurde leider nicht gefunden."),
        ("Page introuvable", "La page que vous recherchez n'existe pas ou a été déplacée."),
        ("Página no encontrada", "La página que busca no existe."),
        ("Pagina non trovata", "La pagina che stai cercando non esiste."),
        ("Página não encontrada", "A página que procura não foi encontrada."),
        ("Pagina niet gevonden", "De pagina die u zoekt bestaat niet."),
        ("Страница не найдена", "К сожалению, запрашиваемая страница не существует."),
        ("ページが見つかりません", "お探しのページは見つかりませんでした。"),
        ("Sayfa bulunamadı", "Aradığınız sayfa bulunamadı."),
    ),
    "consent": (
        ("Before you continue", "We and our partners use cookies with your consent. Accept all. Reject all."),
        ("Ihre Privatsphäre", "Wir und unsere Partner verwenden Cookies mit Ihrer Einwilligung. Alle akzeptieren."),
        ("Votre vie privée", "Nous et nos partenaires utilisons des cookies avec votre consentement. Tout accepter."),
        ("Su privacidad", "Utilizamos cookies. Nosotros y nuestros socios tratamos datos con tu consentimiento."),
    ),
    "captcha": (
        ("Just a moment...", "Checking your browser before accessing nordblatt.example. Please enable JavaScript."),
        ("Verify you are human", "Press and hold the button to confirm that you are not a robot."),
        ("Access denied", "You don't have permission to access this page on this server. Reference 18.2f."),
        ("Attention Required!", "Our systems have detected unusual traffic from your computer network."),
        ("Zugriff verweigert", "Bitte bestätigen Sie, dass Sie kein Roboter sind."),
        ("Доступ ограничен", "Подтвердите, что вы не робот."),
        ("安全验证", "请完成以下操作，验证您是真人。"),
    ),
    "login": (
        ("Log in", "E-mail Password Forgotten your password? Create an account."),
        ("Anmelden", "E-Mail-Adresse Kennwort Passwort vergessen? Jetzt registrieren."),
        ("Connexion", "Adresse e-mail Mot de passe Mot de passe oublié ? Créer un compte."),
        ("Iniciar sesión", "Correo electrónico Contraseña ¿Ha olvidado su contraseña? Crear una cuenta."),
    ),
    "error": (
        ("500 Internal Server Error", "The server met an internal error and was unable to complete your request."),
        ("503 Service Unavailable", "The service is temporarily unavailable. Please try again later."),
        ("502 Bad Gateway", "nginx"),
        ("Error establishing a database connection", "Error establishing a database connection"),
        ("Site under maintenance", "We are performing scheduled maintenance. Please try again later."),
    ),
}  # fmt: skip
SEED = """---
origin_url: "{url}"
title: "The bridge over the Skell is open again"
description: "The road office opened the bridge over the Skell on Monday, three weeks early."
image: "https://www.nordblatt.example/pictures/bridge.jpg"
language: "en"
author: "Ada Bell"
date: 2024-11-12
category: "Local"
---

# The bridge over the Skell is open again

The road office opened the bridge over the Skell on Monday, three weeks before the day that it had named in spring.

Divers had found cracks in two of its piers. Buses will go over it from Thursday on, the office said.
"""


def _page(random: Random, kind: str) -> str:
    """One page of a kind, with what such pages have around them."""
    title, text = ("", "") if kind == "empty" else random.choice(WORDS[kind])
    site = random.choice(("Nordblatt", "The Nordblatt Daily", "nordblatt.example"))
    shown = random.choice((f"{title} | {site}", f"{site} - {title}", title, f"{title} – {site}")) if title else site
    head = f"<title>{escape(shown)}</title>"
    if random.random() < 0.6:
        head += f'<meta property="og:site_name" content="{site}"><meta property="og:type" content="website">'
    if random.random() < 0.4:
        head += f'<meta property="og:title" content="{escape(shown)}">'
    if random.random() < 0.4:
        head += f'<meta name="description" content="News of the north, every day, from {site}.">'
    if random.random() < 0.3:
        head += f'<meta property="og:image" content="{SITE}/logo-large.png">'
    if random.random() < 0.2:
        head += f'<script type="application/ld+json">{{"@type": "WebSite", "name": "{site}"}}</script>'
    heading = f"<h1>{escape(title)}</h1>" if title and random.random() < 0.8 else ""
    form = '<form><input type="password"><button>OK</button></form>' if kind == "login" else ""
    links = "".join(f'<li><a href="/{name}">{name.title()}</a>' for name in ("local", "sport", "culture", "weather"))
    around = f"<nav><ul>{links}</ul></nav>" if random.random() < 0.7 else ""
    foot = f"<footer><p>© 2025 {site}. All rights reserved.</p></footer>" if random.random() < 0.6 else ""
    body = f"{around}{heading}<p>{escape(text)}</p>{form}{foot}"
    if kind == "missing" and random.random() < 0.4:
        news = "".join(f'<h3><a href="/news/{n}">Another story of today, number {n}</a></h3>' for n in range(9))
        body += f"<section><h2>Latest</h2>{news}</section>"
    return f"<!doctype html><html><head>{head}</head><body>{'' if kind == 'empty' else body}</body></html>"


def _front() -> str:
    cards = "".join(
        f'<article><h2><a href="/news/{n}">Story number {n} of this day</a></h2><p>What it is about.</p></article>'
        for n in range(20)
    )
    return f"<!doctype html><html><head><title>Nordblatt</title></head><body><main>{cards}</main></body></html>"


def _add(random: Random, writer: WARCWriter, url: str) -> str:
    """Put what answers for an address into the saved pages; returns its kind."""
    kind = random.choice((*WORDS, "empty", "home", "away"))
    if kind in ("home", "away"):
        target = random.choice(("/", "/index.html", "/en/")) if kind == "home" else "/404"
        add_page(
            writer, url, "", status=f"{random.choice((301, 302, 303, 307, 308))} Moved", headers=(("Location", target),)
        )
    else:
        add_page(writer, url, _page(random, kind))
    return kind


def _one(number: int, folder: Path) -> Harm:
    random = Random(number)  # noqa: S311  (a try is to be made again)
    work = folder / str(number)
    (work / "seeds").mkdir(parents=True)
    kinds, seeds = [], []
    with (work / "pages.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for path in ("/", "/index.html", "/en/"):
            add_page(writer, SITE + path, _front())
        add_page(writer, f"{SITE}/404", _page(random, "missing"))
        for page in range(PAGES):
            url = f"{SITE}/local/{4700 + page}/bridge-over-the-skell-is-open-again"
            kinds.append(_add(random, writer, url))
            seeds.append(work / "seeds" / f"{page:02}.md")
            seeds[-1].write_text(SEED.format(url=url))
    before = [seed.read_bytes() for seed in seeds]
    fields = "title,description,image,language,author,date,category,body"
    run = crawl(work, "-a", f"refresh={fields}", REVIEW_BELOW=0)
    verdicts = {Path(result["path"]).name: result["verdict"] for result in run.results}
    leaked = [f"{seed.name}: a page of kind {kind} was taken for {verdicts.get(seed.name)}"
              for seed, kind, was in zip(seeds, kinds, before, strict=True) if seed.read_bytes() != was]  # fmt: skip
    ended = run.code == 2 and "Traceback" not in run.stderr and len(run.results) == PAGES
    return Harm(() if ended else (f"the run ended with {run.code}: {run.stderr[-200:]}",), tuple(leaked))


def _run(tries: range, folder: Path) -> Figures:
    return try_each(tries, lambda number: _one(number, folder))


FAULTS = (
    Fault(
        "pages that are no article",
        f"a crawl of {PAGES} pages that say 200 and are errors, consent walls, captchas, logins, empty, or lead to the "
        "front page, for seeds with all fields and the policy to renew them; lost: another end than a summary; "
        "leaked: a seed that was changed",
        full=200,
        short=0,
        run=_run,
        batch=5,
        tests=(
            "tests/extract/verdict/test_page.py::test_soft_404_by_title",
            "tests/extract/verdict/test_page.py::test_blocked_by_words",
            "tests/extract/verdict/test_page.py::test_a_consent_wall_is_blocked",
            "tests/extract/verdict/test_page.py::test_where_a_redirect_leads",
            "tests/crawl/test_live.py::test_every_kind_of_answer_gets_its_verdict_and_only_articles_change_seeds",
        ),
    ),
)
