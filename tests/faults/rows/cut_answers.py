"""Answers that break off: shorter than they say, a chunk short, packed and cut, closed or reset in mid-sentence."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.crawl.test_live import QUICK, plant
from tests.faults.crawling import crawl
from tests.faults.fault import Fault, Figures
from tests.faults.trying import Harm, try_each

TITLE = "The old bridge is open again"
PARAGRAPHS = [
    f"In week {number} the council measured the bridge again, and found {number * 7} cracks that had to be mended."
    for number in range(1, 13)
]
PAGE = (
    f"<!doctype html><html lang=en><head><title>{TITLE}</title></head><body><div><div>Menu</div></div><h1>{TITLE}</h1>"
    "<article>"
    + "".join(f"<p>{paragraph}</p>\n" for paragraph in PARAGRAPHS)
    + "</article><footer><p>Imprint</p></footer></body></html>\n"
).encode()
END = PAGE.index(b"</article>")
"""Where an answer that is closed without a length has all of the article."""
IN_TEXT = [at for at in range(1, END) if not PAGE[:at].rstrip().endswith(b">")]
"""Where such an answer breaks off in a tag or a sentence; of one that ends behind a tag nobody can tell."""
PAGES = 24
"""Of one crawl."""


def _answer(random: Random) -> bytes:
    """One answer, cut somewhere."""
    kind = random.choice(("length", "length", "chunk", "chunk size", "packed", "packed chunk", "no length"))
    body = gzip.compress(PAGE, random.randint(1, 9)) if kind.startswith("packed") else PAGE
    at = random.choice(IN_TEXT) if kind == "no length" else random.randrange(1, len(body))
    if kind == "length" and random.random() < 0.3:
        at = len(body) - random.randint(1, 12)
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
    head += "Content-Encoding: gzip\r\n" if kind.startswith("packed") else ""
    if kind in ("chunk", "chunk size", "packed chunk"):
        size = len(body) if kind == "chunk size" else at
        return f"{head}Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n".encode() + body[:at] + b"\r\n" * (size == at)
    length = "" if kind == "no length" else f"Content-Length: {len(body)}\r\n"
    return f"{head}{length}\r\n".encode() + body[:at]


@contextlib.contextmanager
def _serve(answers: dict[str, bytes], random: Random) -> Iterator[str]:
    """Serve answers by path, and end their connections, some of them by a reset."""
    resets = {path for path in answers if random.random() < 0.3}

    def answer(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            asked = connection.recv(65_536).split(b" ")[1].decode()
            connection.sendall(answers.get(asked, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
            if asked in resets:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _one(number: int, folder: Path) -> Harm:
    random = Random(number)  # noqa: S311  (a try is to be made again)
    work = folder / str(number)
    (work / "seeds").mkdir(parents=True)
    answers = {f"/news/{page}": _answer(random) for page in range(PAGES)}
    settings = {**QUICK, "HOST_BREAKER_FAILURES": 0, "REVIEW_BELOW": 0, "REPLAY": None}
    with _serve(answers, random) as site:
        seeds = [plant(work / "seeds", str(page), f"{site}/news/{page}") for page in range(PAGES)]
        for seed in seeds:
            seed.write_text(seed.read_text().replace("\n\nText.\n", random.choice(("", "\n\n# \n"))))
        run = crawl(work, **settings)
    leaked = []
    for seed in seeds:
        text = seed.read_text()
        if any(paragraph[:20] in text for paragraph in PARAGRAPHS):
            leaked.append(f"{seed.name} has a body of {answers[f'/news/{seed.stem}'][:200]!r}")
        if 'title: ""' not in text and f'title: "{TITLE}"' not in text:
            leaked.append(f"{seed.name} has another title")
    lost = (
        [] if run.code in (0, 2) and "Traceback" not in run.stderr else [f"ended with {run.code}: {run.stderr[-200:]}"]
    )
    lost += [f"{PAGES - len(run.results)} results are missing"] if len(run.results) != PAGES else []
    return Harm(tuple(lost), tuple(leaked))


def _run(tries: range, folder: Path) -> Figures:
    return try_each(tries, lambda number: _one(number, folder))


FAULTS = (
    Fault(
        "cut answers",
        f"a live crawl of {PAGES} answers, each cut at a place of its own; lost: another end than a summary, a seed "
        "without a result; leaked: a body that was taken from a cut answer, or a title that the page has not",
        full=100,
        short=0,
        run=_run,
        batch=2,
        tests=(
            "tests/archive/test_cut_answers.py::test_what_breaks_off_gives_fields_but_no_body_and_is_kept_as_far_as_it_came",
        ),
    ),
)
