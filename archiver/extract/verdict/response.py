"""The judgement of an answer before it is parsed: status, headers, addresses, and the first bytes.

Statuses are those of RFC 9110; the ones beyond it are named where they stand.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from urllib.parse import parse_qsl, urlsplit

from archiver.models import Capture, Verdict
from archiver.urls import hostname, segments, subdomain_labels

Judgement = tuple[Verdict, str]
"""A verdict with one sentence for a person."""

_REFUSAL_STATUSES = frozenset({401, 402, 403, 405, 406, 407, 418, 420, 429, 430, 451, 999})
"""Statuses that refuse the request and say nothing about the article. 405, 406, 418, 420, 430 and 999 answer a plain
GET only where a filter took the client for a robot."""
_MEANINGS = {
    204: (Verdict.EMPTY, ", which carries no page"),
    205: (Verdict.EMPTY, ", which carries no page"),
    206: (Verdict.ERROR, ": only a part of the page came"),
    304: (Verdict.EMPTY, ", which carries no page"),
    404: (Verdict.GONE, ": the page is not there"),
    408: (Verdict.UNREACHABLE, ": it gave up waiting for the request; try again later"),
    410: (Verdict.GONE, ": the page is gone for good"),
}
_CHALLENGE_BODY = re.compile(
    rb"_cf_chl_opt|/cdn-cgi/challenge-platform/h/|challenge-form|captcha-delivery\.com|_Incapsula_Resource|px-captcha"
    rb"|gokuProps|awsWafCookieDomainList|ddos-guard|geetest|acw_sc__v2|/_sec/cp_challenge|sgcaptcha"
    rb"|hcaptcha\.com/|recaptcha/(?:api|enterprise)"
)
_SNIFFED = (
    (re.compile(rb"%PDF-"), "a PDF"),
    (
        re.compile(
            rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM.{4}\x00{4}|\x00\x00\x01\x00|....ftyp(?:avif|heic)",
            re.DOTALL,
        ),
        "an image",
    ),
    (re.compile(rb"....ftyp|\x1aE\xdf\xa3|ID3|OggS|fLaC|RIFF....(?:AVI |WAVE)", re.DOTALL), "sound or video"),
    (re.compile(rb"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!|BZh\d|\xd0\xcf\x11\xe0"), "a packed file"),
    (re.compile(rb"WARC/\d"), "a web archive"),
)
_NO_TEXT = (
    (re.compile(rb"\x78[\x01\x5e\x9c\xda]"), "packed data without a Content-Encoding"),
    (re.compile(rb"\xff[\xe2-\xff]"), "sound"),
)
"""What bytes are that hold no text; letters may begin so too."""
_CONTROLS = bytes({*range(0x01, 0x09), *range(0x0E, 0x20), 0x7F} - {0x1B})
"""Bytes that no text has in any of the web's encodings but UTF-16; by 0x1B ISO-2022-JP changes its alphabet."""
_MAX_CONTROL_SHARE = 0.02
"""Share of control characters in the bytes of a page; noise and packed data have a tenth. With less a page with some
stray ones from a database is lost, with more noise in a page's markup becomes an article. No real page of 803 has a
thousandth."""
_MAX_NUL_SHARE = 0.1
"""Share of NUL in bytes that are no UTF-16, of whose markup every second byte is one; with less, UTF-16 without much
markup is taken for noise, with more noise full of NUL passes for it. Noise has a 256th."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF|urlset|sitemapindex|opml)\b", re.IGNORECASE)
_XML = re.compile(rb"<\?xml\b|<svg\b", re.IGNORECASE)
_JSON = re.compile(rb"""\{\s*(?:"|\})|\[\s*(?:[{\["\]]|-?\d+\s*[,\]])""")
_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain", "application/octet-stream"})

_HOME = re.compile(r"/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default|main)(?:\.\w{2,5})?/?)?", re.IGNORECASE)
_NO_IDENTITY = re.compile(
    r"utm_.*|.*clid|ref|referrer|referer|source|src|from|redirect.*|return.*|lang|locale|hl|error|status|code|msg|cookie.*|_.*",
    re.IGNORECASE,
)
_MISSING_PATH = re.compile(
    r"(?:error|errors|page|pagina|seite)?[-_]?404(?:[-_]?(?:error|page|not[-_]?found))?|(?:page|article|content)?[-_]?not[-_]?found|errors?"
    r"|errorpage|gone|expired|missing|nicht-gefunden|seite-nicht-gefunden|introuvable|page-introuvable|no-encontrad[ao]"
    r"|pagina-no-encontrada|non-trovat[ao]|nao-encontrad[ao]|pagina-nao-encontrada|niet-gevonden|bulunamadi",
    re.IGNORECASE,
)
_SEARCH_PATH = re.compile(
    r"search|suche|recherche|buscar?|busqueda|ricerca|cerca|zoeken|szukaj|poisk|arama", re.IGNORECASE
)
_DOOR_PATH = re.compile(
    r"log[-_]?in|sign[-_]?in|auth|authorize|sso|oauth2?|anmelden|einloggen|connexion|iniciar-sesion|accedi|inloggen"
    r"|(?:cookie[-_]?)?consent(?:[-_]?wall)?|cookie[-_]?wall|privacy-?(?:gate|wall)\w*|gdpr|captcha|challenge|robot|blocked"
    r"|access[-_]?denied|forbidden|geo-?block\w*|unavailable-(?:location|in-your-region)|subscribe|paywall|regwall",
    re.IGNORECASE,
)
_DOOR_HOST = frozenset(
    {"consent", "guce", "login", "signin", "auth", "accounts", "sso", "oauth", "captcha", "myprivacy", "cmp"}
)


def judge_answer(capture: Capture) -> Judgement | None:
    """Judge an answer by what can be known without parsing it; None when the page itself has to decide."""
    return _by_status(capture) or _by_address(capture) or _by_content(capture)


def _by_status(capture: Capture) -> Judgement | None:
    status = capture.status
    answered = f"The server answered {status}"
    if _is_challenge(capture):
        return Verdict.BLOCKED, f"{answered} with a test for robots instead of the page."
    if status in _MEANINGS:
        verdict, meaning = _MEANINGS[status]
    elif status in _REFUSAL_STATUSES:
        verdict, meaning = Verdict.BLOCKED, " and refused the request; it says nothing about the article"
    elif 300 <= status < 400:
        target = capture.header("Location")
        aim = f"to {target[:200]}" if target else "without a target"
        verdict, meaning = Verdict.MOVED, f", a redirect {aim} that was not followed"
    elif status >= 500:
        verdict, meaning = Verdict.UNREACHABLE, ", a fault of the server; try again later"
    elif not 200 <= status < 300:
        verdict, meaning = Verdict.ERROR, ", which is no page"
    else:
        return None
    return verdict, f"{answered}{meaning}."


def _is_challenge(capture: Capture) -> bool:
    if (capture.header("cf-mitigated") or "").strip().lower() == "challenge":
        return True
    if (capture.header("x-amzn-waf-action") or "").strip().lower() in ("challenge", "captcha"):
        return True
    # On other statuses these marks may stand on an ordinary page: protected sites carry them everywhere.
    return capture.status == 503 and has_challenge(capture.body)


def has_challenge(body: bytes) -> bool:
    """Whether the markup has parts of a test for robots; on a page with text this proves nothing."""
    return bool(_CHALLENGE_BODY.search(body, 0, 100_000))


def _by_address(capture: Capture) -> Judgement | None:
    if capture.url == capture.requested_url:
        return None
    if is_home(capture.url) and not is_home(capture.requested_url):
        return Verdict.REDIRECTED_HOME, "The address leads to the site's front page; the article is not there any more."
    came, known = segments(capture.url), set(map(_name, segments(capture.requested_url)))
    new = [name for name in map(_name, came) if name not in known]
    # Deep below a section stands an article, whatever its address is made of.
    if len(came) > 3:
        new = []
    if any(map(_DOOR_PATH.fullmatch, new)) or _is_door(capture.url) > _is_door(capture.requested_url):
        return Verdict.BLOCKED, "The address leads to a login, consent or refusal page; the article was not seen."
    if any(map(_MISSING_PATH.fullmatch, new)):
        return Verdict.SOFT_404, "The address leads to an error page of the site under a status that claims success."
    if new and _name(came[-1]) == new[-1] and _SEARCH_PATH.fullmatch(new[-1]):
        return Verdict.SOFT_404, "The address leads to the site's search; the article is not there any more."
    return None


def _name(segment: str) -> str:
    return re.sub(r"\.\w{2,5}$", "", segment)


def _is_door(url: str) -> bool:
    return not _DOOR_HOST.isdisjoint(subdomain_labels(hostname(url)))


def _by_content(capture: Capture) -> Judgement | None:
    start = capture.body[:2000].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\f")
    if not start and not capture.body.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n\f"):
        return Verdict.EMPTY, "The answer has no content."
    stated = (capture.header("Content-Type") or "").partition(";")[0].strip().lower()
    kind = next((name for pattern, name in _SNIFFED if pattern.match(capture.body[:64])), None)
    if kind is None and _is_noise(capture.body):
        kind = next((name for pattern, name in _NO_TEXT if pattern.match(capture.body)), "binary data")
    if kind is None:
        plain = start.replace(b"\0", b"")
        if _HTML.search(plain) and not _JSON.match(plain):
            return None
        if _FEED.search(plain[:500]):
            kind = "a feed or site map"
        elif _JSON.match(plain):
            kind = "JSON"
        elif _XML.match(plain) and "html" not in stated:
            kind = "XML"
        elif stated not in _HTML_TYPES:
            kind = stated[:80]
        elif b"<" not in capture.body or (stated == "text/plain" and b"</" not in capture.body):
            kind = "plain text"
    return (Verdict.NOT_HTML, f"The answer is {kind}, not a web page.") if kind else None


def _is_noise(body: bytes) -> bool:
    """Whether bytes are no text, whatever is said of them."""
    controls = len(body) - len(body.translate(None, _CONTROLS))
    is_utf16 = body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or body.count(b"\0") > _MAX_NUL_SHARE * len(body)
    return controls > _MAX_CONTROL_SHARE * len(body) and not is_utf16


def is_home(url: str) -> bool:
    """Whether an address is the front page of a site, also of one language, and names no article in its query.

    >>> is_home("https://nordblatt.example/en/"), is_home("https://nordblatt.example/?p=123")
    (True, False)
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    if not _HOME.fullmatch(parts.path) or parts.fragment.startswith(("!", "/")):
        return False
    named = [value for key, value in parse_qsl(parts.query) if not _NO_IDENTITY.fullmatch(key)]
    bare = parts.query and not parts.query.count("=")
    return not bare and not any(value.strip() for value in named)
