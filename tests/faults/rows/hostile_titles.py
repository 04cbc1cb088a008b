"""Pages whose title, text and names try to be YAML, Markdown, Liquid, HTML or orders to a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from random import Random

import frontmatter
import yaml

from archiver.extract.article import extract
from archiver.models import Article, Capture, Choice, Field
from archiver.repair.diff import Keys
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import repair
from archiver.seeds import read
from tests.extract.markdown.test_properties import RAW, RENDERER
from tests.faults.fault import Fault, Figures
from tests.faults.trying import Harm, try_each

URL = "https://nordblatt.example/news/4711/the-bridge-is-open-again"
KEYS: Keys = {"source": ("origin_url",)} | {field.value: (field.value,) for field in Field}
PIECES = (
    "---", "...", "+++", ";;;", ": ", " #", "#", "- ", "? ", "| ", "> ", "& ", "&a ", "*a", "!!python/object:x.Y ",
    "@", "`", "%", "'", '"', "\\", "\\n", "\n", "\r\n", "\t", "{{ site.secret }}", "{% include x %}", "{%- raw -%}",
    "{% endraw %}", "{{", "}}", "{#", "<% x %>", "{{< x >}}", "{{% x %}}", "null", "~", "yes", "0x1f", "1e3",
    "2024-11-12", "12:30:45", "\u202e", "\u2066", "\u2069", "\u200f", "\x9b31m", "\x1b[2J", "\x07", "\x00", "\u2028",
    "\x85", "\ufeff", "\ufffe", "<script>alert(1)</script>", "&lt;script&gt;", "&amp;lt;b&amp;gt;", "</title>", "<!--",
    "]]>", "[x](y)", "![x](y)", "[a]: b", "1. ", "***", "===", "```", "~~~", "$$", "[x](javascript:alert(1))", "^", " ",
    "  ", "{.x onclick=y}", "Bridge", "opens", "ทะเล", "שלום", "日本", "🚲", "é", "e\u0301",
)  # fmt: skip
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""What nobody sees and somebody obeys: a terminal, a reader of the text."""


def _text(random: Random) -> str:
    return "".join(random.choice(PIECES) for _ in range(random.randint(1, 8)))


def _read_page(random: Random) -> Article | None:
    """What is read of a page with such a title, such names and such texts."""
    title, author, description = _text(random), _text(random), _text(random)
    prose = "The council met on Monday and decided to open the old bridge again before the winter comes. " * 3
    paragraphs = "".join(f"<p>{escape(_text(random))} {prose}</p>" for _ in range(3))
    head = f'<title>{escape(title)}</title><meta property="og:title" content="{escape(title)}">'
    for name, said in (("author", author), ("description", description)):
        head += f'<meta name="{name}" content="{escape(said)}">'
    markup = f"<!doctype html><html><head>{head}</head><body><h1>{escape(title)}</h1>{paragraphs}</body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return extract(
        Capture(URL, URL, 200, headers, markup.encode(), datetime(2025, 1, 1, tzinfo=UTC), "live"), ()
    ).article


def _one(number: int) -> Harm:
    random = Random(number)  # noqa: S311  (a try is to be made again)
    newline = random.choice(("\n", "\r\n"))
    blank = random.choice(('""', "''", "", "~"))
    lines = ["---", f"origin_url: {URL}", f"title: {blank}", "author:", "description: ''", "layout: post # kept", "---"]
    seed = read("a.md", (newline.join(lines) + newline + random.choice(("", f"{newline}# {newline}"))).encode())
    # Every other title goes past whatever cleans it: what is written has to be right by itself.
    is_clean = random.random() < 0.5
    article = _read_page(random) if is_clean else Article({Field.TITLE: Choice(_text(random), "h1")})
    if article is None:
        return Harm()
    done = repair(seed, article, Policy(dict.fromkeys(Field, Action.FILL), body_heading=is_clean), KEYS)
    text = done.content.decode()
    front, _, body = text.partition(f"{newline}---{newline}")
    written = {
        change.field: change.new for change in done.changes if change.field in ("title", "author", "description")
    }
    return Harm(leaked=(*_reload(front.removeprefix(f"---{newline}"), text, written), *_look_at(front, body)))


def _reload(front: str, text: str, written: dict[str, str]) -> Iterator[str]:
    for name, loaded in (
        ("PyYAML", yaml.load(front, Loader=yaml.SafeLoader)),
        ("libyaml", yaml.load(front, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))),  # noqa: S506
        ("python-frontmatter", frontmatter.loads(text).metadata),
    ):
        if (said := {field: str(loaded[field]) for field in written}) != written:
            yield f"{name} reads {said} where {written} was written"
        if (loaded["origin_url"], loaded["layout"]) != (URL, "post"):
            yield f"{name} reads other keys than before: {loaded}"


def _look_at(front: str, body: str) -> Iterator[str]:
    for place, text in (("front matter", front), ("body", body)):
        if hidden := HIDDEN.search(text.replace("\r\n", "\n")):
            yield f"{hidden[0]!r} is in the {place} as it is: {text[max(0, hidden.start() - 30) :][:60]!r}"
    outside = RAW.sub("", body)
    if "{{" in outside or "{%" in outside:
        yield f"Liquid is alive in the body: {outside!r}"
    if alive := re.search(r"<script|=\"javascript:", RENDERER.render(RAW.sub(r"\1", body))):
        yield f"markup of the page is alive in the body: {alive[0]}"


def _run(tries: range, folder: Path) -> Figures:
    return try_each(tries, _one)


FAULTS = (
    Fault(
        "hostile titles",
        "a page whose title, names and text are made of YAML, Liquid, Markdown, HTML and controls, read and written "
        "into a seed; lost: an error; leaked: a value or another key that three readers do not reload equal, live "
        "Liquid or markup, a control or a mark that turns text",
        full=20_000,
        short=15,
        run=_run,
        batch=500,
        max_seconds=5,
    ),
)
