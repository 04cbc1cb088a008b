"""Sites whose pages need their scripts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.browser.traps import Trap, attempts
from tests.support.servers import Answer, Site

TITLE = "Harbour opens again after two years"
PARAGRAPHS = (
    "The harbour of the old town was opened again on Sunday after two years of works, and hundreds of people came.",
    "The mayor said that the new quay had cost less than was feared, since the old stones could be used again.",
    "Fishermen had protested for months, because they had to land their catch in the next town up the coast.",
)
HTML = {"Content-Type": "text/html; charset=utf-8"}
SCRIPT = {"Content-Type": "text/javascript; charset=utf-8"}
JSON = {"Content-Type": "application/json"}

_DRAW = """
const draw = (story) => {
  document.title = story.title;
  const meta = document.createElement("meta");
  meta.setAttribute("property", "article:published_time");
  meta.content = "2024-05-05T10:00:00Z";
  document.head.append(meta);
  document.getElementById("root").innerHTML =
    "<article><h1>" + story.title + "</h1><p class=byline>By <a rel=author>Anna Berg</a></p>" +
    story.paragraphs.map((text) => "<p>" + text + "</p>").join("") + "</article>";
};
"""
_FETCH = 'fetch("/story.json").then((r) => r.json()).then(draw);'
APP = f"{_DRAW} {_FETCH}".encode()
"""Draws the story of /story.json."""
_POST = 'fetch("/graphql", {method: "POST", body: "{story}"}).then((r) => r.json()).then(draw);'
_SHADOWS = Path(__file__).with_name("shadows.js")
_SLOW = """
fetch("/late.json").then(() => {
  const end = Date.now() + 3000;
  while (Date.now() < end);
  return fetch("/story.json");
}).then((r) => r.json()).then(draw);
"""
_ENDLESS = "setTimeout(() => { while (true); }, 0);"
_HUNGRY = """
const kept = [];
setInterval(() => kept.push(new Uint8Array(64 * 1024 * 1024).fill(kept.length)), 10);
(async () => { while (true) await fetch("/tick.json"); })();
"""
_POLLING = (
    _DRAW
    + """
fetch("/story.json").then((r) => r.json()).then(draw);
(async () => { while (true) await fetch("/never.json?" + Math.random()).catch(() => 0); })();
"""
)


def shell(script: str, title: str = "Nordblatt") -> Answer:
    """A page with nothing to read but what its script draws."""
    return Answer(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<link rel="stylesheet" href="/style.css"><link rel="icon" href="/icon.png"></head>'
        '<body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div>'
        f'<img src="/logo.png"><script src="{script}"></script></body></html>'.encode(),
        headers=HTML,
    )


def scripted_site(trap: Trap) -> Site:
    """A site of such pages, one of each kind."""
    story = json.dumps({"title": TITLE, "paragraphs": PARAGRAPHS}).encode()
    there = f"http://127.0.0.1:{trap.port}/report"
    reports = {
        "Content-Security-Policy-Report-Only": f"default-src 'none'; report-uri {there}; report-to all",
        "Reporting-Endpoints": f'all="{there}", default="{there}"',
        "NEL": '{"report_to": "all", "max_age": 60, "success_fraction": 1.0}',
        "Report-To": json.dumps({"group": "all", "max_age": 60, "endpoints": [{"url": there}]}),
        "Link": f"<{there}.css>; rel=preload; as=style, <{there}>; rel=preconnect",
        "Refresh": f"1; url={there}",
    }
    away = {"Location": f"http://127.0.0.2:{trap.port}/redirected"}
    return Site(
        {
            "/robots.txt": Answer(b"User-agent: *\nDisallow: /closed/\n"),
            "/2024/harbour-opens": shell("/app.js"),
            "/2024/harbour-again": shell("/app.js"),
            "/app.js": Answer(APP, headers=SCRIPT),
            "/story.json": Answer(story, headers=JSON),
            "/2024/posted": shell("/posted.js"),
            "/posted.js": Answer(f"{_DRAW} {_POST}".encode(), headers=SCRIPT),
            "/graphql": Answer(story, headers=JSON),
            "/2024/shadows": shell("/shadows.js"),
            "/shadows.js": Answer(
                f"const title = {json.dumps(TITLE)}, paragraphs = {json.dumps(PARAGRAPHS)};".encode()
                + _SHADOWS.read_bytes(),
                headers=SCRIPT,
            ),
            "/2024/slow": shell("/slow.js"),
            "/late.json": Answer(b"{}", headers=JSON, delay=1.5),
            "/slow.js": Answer(f"{_DRAW} {_SLOW}".encode(), headers=SCRIPT),
            "/2024/ways-out": replace(shell("/ways-out.js"), headers=HTML | reports),
            "/ways-out.js": Answer(attempts(trap), headers=SCRIPT),
            "/tick.json": Answer(b"{}", headers=JSON),
            "/worker.js": Answer(b"fetch('http://127.0.0.2:%d/sw')" % trap.port, headers=SCRIPT),
            "/to-the-trap": Answer(status=302, headers=away),
            "/to-the-trap.js": Answer(status=302, headers=away),
            "/2024/closed": shell("/closed/app.js"),
            "/closed/app.js": Answer(_DRAW.encode(), headers=SCRIPT),
            "/2024/endless": shell("/endless.js"),
            "/endless.js": Answer(_ENDLESS.encode(), headers=SCRIPT),
            "/2024/polling": shell("/polling.js"),
            "/polling.js": Answer(_POLLING.encode(), headers=SCRIPT),
            "/2024/hungry": shell("/hungry.js"),
            "/hungry.js": Answer(_HUNGRY.encode(), headers=SCRIPT),
        }
    )
