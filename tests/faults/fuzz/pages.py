"""Pages as nobody should serve them: the project's own ones broken, and parts of others in their middle."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from archiver.models import Capture
from tests.faults.fuzz.mutations import mutate
from tests.support.servers import html

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
_AT = datetime(2025, 1, 1, tzinfo=UTC)

TOKENS = tuple(
    token.encode()
    for token in (
        "<", ">", "</", "/>", "<!", "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<?", "?>", "&", "&#", "&#x", "&#0;",
        "&#x110000;", "&#xd800;", "&#128;", "&#x202e;", "&amp;amp;lt;", "&nosuch;", "&lt;script&gt;", "&nbsp",
        "&#10;", "&#x85;", "<p>", "</p>", "<div>", "</div>", "<h1>", "</h1>", "<h1></h1>", "<article>", "</article>",
        "<main>", "</main>", "<html>", "</html>", "<head>", "</head>", "<body>", "</body>", "<body/>", "<title>",
        "</title>", "<script>", "</script>", "<style>", "</style>", "<noscript>", "<template>", "<svg>",
        "<math><mi>x", "<table>", "<tr>", "<td>", "</td>", "<tbody>", "<ul>", "<li>", "</li>",
        "<ol start=99999999999999999999>", "<ol start=-1>", "<dl><dt>", "<pre>", "</pre>", "<code>", "<blockquote>",
        "<a href='javascript:x'>", "<a href='data:text/html,x'>", "<a href='//[::1'>", "<a href='http://[v1.x]/'>",
        "<a href='http://a:99999/'>", "<a>", "<img src='x y\n.jpg'>", "<img>", "<img srcset=', 1x, ,'>",
        "<img src='http://a.example/%ff%00.jpg'>", "<figure>", "<figcaption>", "<picture><source>", "<iframe>",
        "<textarea>", "<select><option>", "<frameset><frame>", "<base href='http://[x/'>", "<base href='//'>",
        "<form>", "<input value='", "<meta charset=utf-16>", "<meta charset=undefined>", "<meta charset='utf-7'>",
        "<meta http-equiv=refresh content='0;url=//x'>", "<meta property=og:title content='",
        "<meta name=author content=''>", "<meta property=article:published_time content='0000-00-00T99:99'>",
        "<link rel=canonical href='http://['>", "<link rel=canonical href=/>", "<time datetime='99999-99-99'>",
        "<time datetime=''>", "<time>", "<p hidden>", "<b>", "</b>", "<i>", "</i>", "<em><strong>", "<sup>", "<sub>",
        "<br>", "<br/><br>", "<hr>", "<wbr>", "<ruby><rt>", "<details><summary>", "=\"", "='", "=", "\"", "'",
        " style='display:none'", " hidden", " aria-hidden=true", " itemprop=headline", " itemprop=author",
        " class=''", " id='", " itemscope itemtype='http://schema.org/NewsArticle'", " dir=rtl", " lang='x-\u202e'",
        "```", "{% raw %}", "{{ x }}", "<% %>", "]]", "![](", "\\", "|", "\u202e", "\u2066", "\u200b", "\u00ad",
        "\ufeff", "\u2028", "\x85", "\x9b", "\x00", "\x07", "\x1b]0;x\x07", "\x7f", "\ufffd", "\U0001f600",
        "\u0e01\u0e33", "12 November 2024", "By A B, C D and E F", "Read more:", "Advertisement", "Copyright",
        "2024-11-12T04:10:56+99:99", "31/02/2024", "1 of 2", "Page 1 of 9",
    )
)  # fmt: skip

_NESTED = (
    "<div>", "<p>", "<b>", "<i>", "<a href=x>", "<ul><li>", "<ol><li>", "<blockquote>", "<table><tr><td>",
    "<span class=x>", "<em>", "<article>", "<section>", "<figure>", "<dl><dd>", "<font>", "<h1>", "<sup>",
    "<details>", "<svg>", "<math>", "<template>", "<noscript>", "<object>", "<pre>", "<code>", "<select>",
)  # fmt: skip
_CHARSETS = (
    "utf-8", "UTF-8", "iso-8859-1", "windows-1252", "shift_jis", "euc-jp", "gb18030", "big5", "utf-16", "utf-16le",
    "utf-7", "undefined", "idna", "rot13", "zlib", "punycode", "base64", "koi8-r", "tis-620", "x-user-defined",
    "replacement", "iso-2022-jp", "'", "utf-8; charset=x", "\u202e", "", "a" * 999,
)  # fmt: skip
_TYPES = (
    "text/html",
    "text/html",
    "text/html",
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "TEXT/HTML ",
    "",
    "image/jpeg",
    "text/html,",
    ";",
)
_STATUSES = (200, 200, 200, 200, 200, 200, 200, 200, 203, 206, 404, 410, 403, 429, 500, 503, 100, 304, 999)
_DATES: tuple[object, ...] = (
    "2024-11-12T04:10:56Z",
    "2024-02-30",
    "",
    "0001-01-01",
    "9999-12-31T23:59:59-23:59",
    "12 November 2024",
    "1" * 400,
    "\x00",
    "+1-1-1",
    5,
    1e999,
    None,
    [],
    {},
)

_UNITS = (
    "a", "A b, ", "é", "<", "&", "&amp;", "0", "1.", ".", "- ", "http://a.example/x ", "By A B and ", "\u202e", "[",
    "*", "`", "_a_", "(", "| ", "\\",
)  # fmt: skip
_AROUND = (
    "{}", "<h1>{}</h1>", "<title>{}</title>", "<p>{}</p>", "<meta name=author content='{}'>", "<li>{}",
    "<p class=byline>By {}</p>", "<a href='{}'>x</a>", '<meta property=og:title content="{}">', "<div class='{}'>",
    "<div {}=x>", "<pre><code class='{}'>{}</code></pre>", "<!--{}", "<time datetime='{}'>{}</time>", "<td>{}</td>",
    "<img src='{}' alt='{}' srcset='{}'>", '<script>var x = "{}"</script>', "<span rel=author>{}</span>",
)  # fmt: skip
_DATA: tuple[object, ...] = (
    "", None, 0, 1e308, True, [], {}, "\ud800", "\x00\u202e", "x" * 50_000, [[["x"]]], {"@id": "#a"}, ["A B"] * 3_000,
    {"name": {"name": ["x"]}}, "&lt;b&gt;", "<script>alert(1)</script>", "A B, C D and E F", [None, {"name": None}, 5],
    "http://[", "//x", {"@type": "Person", "name": "A B"}, *_DATES,
)  # fmt: skip
_DATA_KEYS = (
    "headline", "name", "description", "author", "datePublished", "dateModified", "image", "articleSection",
    "articleBody", "mainEntityOfPage", "publisher", "isAccessibleForFree", "@graph", "@context", "hasPart", "url",
    "itemListElement", "alternativeHeadline", "@id", "keywords",
)  # fmt: skip


@cache
def _sources() -> tuple[Capture, ...]:
    captures = []
    for described in sorted(FIXTURES.rglob("capture.json")):
        said = json.loads(described.read_bytes())
        body = described.with_name("response.html").read_bytes()
        captures.append(Capture(said["url"], said["url"], 200, tuple(said["headers"].items()), body, _AT, "live"))
    own = html(
        "A title of some words", *("A sentence that goes on for some time, and has a name in it." for _ in range(8))
    )
    kind = (("Content-Type", "text/html; charset=utf-8"),)
    captures.append(Capture("https://a.example/2024/11/12/x", "https://a.example/x", 200, kind, own, _AT, "live"))
    return tuple(captures)


def page(number: int) -> Capture:
    """The page of a number, always the same."""
    random = Random(number)  # noqa: S311  a reproducible choice, nothing secret
    source = random.choice(_sources())
    body = source.body
    for _ in range(random.choice((0, 1, 1, 2))):
        body = random.choice(_WAYS)(random, body)
    if random.random() < 0.75:
        body = mutate(random, body, TOKENS, most=random.choice((1, 3, 8, 40)))
    headers = source.headers
    if random.random() < 0.25:
        kind = random.choice(_TYPES) + "; charset=" + random.choice(_CHARSETS)
        headers = tuple(
            random.sample(
                (
                    ("Content-Type", kind),
                    ("content-type", "x"),
                    ("X-\u202e", "\x00"),
                    ("Link", "<http://[>; rel=canonical"),
                ),
                2,
            )
        )
    status = random.choice(_STATUSES)
    return replace(source, body=body, headers=headers, status=status, is_cut=random.random() < 0.05)


def _inside(random: Random, body: bytes, piece: bytes) -> bytes:
    """Put something behind a tag, wherever that is."""
    at = body.find(b">", random.randint(0, len(body)))
    return body[: at + 1] + piece + body[at + 1 :]


def _nest(random: Random, body: bytes) -> bytes:
    """One element in itself, thousands deep; sometimes closed, sometimes with text at each depth."""
    tag = random.choice(_NESTED) + random.choice(("", "", "x ", "<p>word word word</p>"))
    times = random.choice((50, 500, 3_000, 10_000))
    end = "</" + tag[1:].partition(">")[0].split()[0] + ">"
    return _inside(random, body, (tag * times + "text" + random.choice(("", end * times))).encode())


def _many(random: Random, body: bytes) -> bytes:
    """One piece of the page again and again, beside itself."""
    at = body.find(b"<", random.randint(0, len(body)))
    piece = body[at : at + random.choice((20, 200, 2_000))]
    return (
        body[:at] + piece * random.choice((10, 100, 1_000)) + body[at:]
        if len(piece) < 200
        else body[:at] + piece * 30 + body[at:]
    )


def _long(random: Random, body: bytes) -> bytes:
    """One thing without an end: a word, a line, an attribute, a list of names."""
    unit = random.choice(_UNITS)
    text = unit * random.choice((1_000, 30_000, 100_000))
    around = random.choice(_AROUND)
    return _inside(random, body, around.replace("{}", text).encode()[:600_000])


def _jsonld(random: Random, body: bytes) -> bytes:
    """JSON-LD that is broken, deep, huge or of strange values."""
    data: dict[str, object] = {
        "@type": random.choice(("NewsArticle", "Article", ["NewsArticle", 5], None, "BreadcrumbList", "WebPage"))
    }
    data |= {key: random.choice(_DATA) for key in random.sample(_DATA_KEYS, random.randint(1, 10))}
    text = json.dumps(data)
    match random.randrange(6):
        case 0:
            text = (
                random.choice(("[", '{"a":', '{"@graph":[', '[{"author":')) * random.choice((100, 2_000, 100_000))
                + text
            )
        case 1:
            text = text[: random.randint(0, len(text))]
        case 2:
            text = json.dumps([data] * random.choice((2, 300)))[:2_000_000]
        case 3:
            text = "1" * 10_000 if random.random() < 0.3 else text.replace('"', "'").replace(":", ": NaN", 1)
        case _:
            pass
    kind = random.choice(
        ("application/ld+json", "application/ld+json", "APPLICATION/LD+JSON; charset=x", "application/json")
    )
    name = random.choice(("", "", ' id="__NEXT_DATA__"', ' id="__NUXT_DATA__"'))
    return _inside(random, body, f"<script type='{kind}'{name}>{text}</script>".encode("utf-8", "replace"))


def _recode(random: Random, body: bytes) -> bytes:
    """Other bytes for the same letters, whatever the page says of its charset."""
    text = body.decode("utf-8", "replace")
    return text.encode(
        random.choice(
            ("utf-16", "utf-16-le", "utf-32", "utf-7", "shift_jis", "gb18030", "cp1251", "latin-1", "iso2022_jp")
        ),
        "replace",
    )


def _noise(random: Random, body: bytes) -> bytes:
    """Bytes that are no text, in the page or in its place."""
    size = random.choice((10, 1_000, 50_000))
    noise = random.choice(
        (
            random.randbytes(size),
            zlib.compress(body),
            bytes(size),
            b"ID3\x03" + random.randbytes(size),
            b"\xef\xbf\xbd" * size,
            b"\r" * size,
        )
    )
    return noise if random.random() < 0.3 else _inside(random, body, noise)


def _shuffle(random: Random, body: bytes) -> bytes:
    """Its tags in another order, or some of them away."""
    parts = body.split(b"<")
    if random.random() < 0.5:
        return b"<".join(part for part in parts if random.random() < 0.9)
    at, size = random.randrange(len(parts)), random.randint(2, 60)
    middle = parts[at : at + size]
    random.shuffle(middle)
    return b"<".join((*parts[:at], *middle, *parts[at + size :]))


def _splice(random: Random, body: bytes) -> bytes:
    """The beginning of one page and the end of another."""
    other = random.choice(_sources()).body
    return body[: random.randint(0, len(body))] + other[random.randint(0, len(other)) :]


_WAYS: tuple[Callable[[Random, bytes], bytes], ...] = (
    _nest,
    _many,
    _long,
    _jsonld,
    _jsonld,
    _recode,
    _noise,
    _shuffle,
    _shuffle,
    _splice,
)
