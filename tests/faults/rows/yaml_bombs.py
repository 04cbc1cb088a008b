"""Front matter that stands for more than it is, recurses, or wants to build something."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path
from random import Random

from archiver.errors import SeedUnreadable
from archiver.seeds import read
from tests.faults.fault import Fault, Figures
from tests.faults.trying import Harm, try_each

MAX_MEGABYTES = 120
"""That Python may take for a front matter of 256 KiB, the largest: about 20,000 values with their places and texts."""
MAX_SECONDS = 5.0
"""For one; as long as a page may take."""


def _aliases(random: Random) -> str:
    """Each value stands for several of the one before: `billion laughs`."""
    width, levels = random.randint(2, 60), random.randint(6, 60)
    flow = random.choice(("[{}]", "{{x: [{}]}}"))
    lines = ["a0: &a0 [" + ", ".join(["lol"] * width) + "]"]
    lines += (f"a{n}: &a{n} " + flow.format(", ".join([f"*a{n - 1}"] * width)) for n in range(1, levels))
    return "\n".join(lines)


def _merges(random: Random) -> str:
    width, levels = random.randint(8, 40), random.randint(8, 40)
    lines = [f"m{n}: &m{n} {{<<: [" + ", ".join([f"*m{n - 1}"] * width) + "]}" for n in range(1, levels)]
    return "\n".join(["m0: &m0 {k: v}", *lines])


def _nested(random: Random) -> str:
    levels = random.randint(51, 100_000)
    opened, closed = random.choice((("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[[", "]]"), ("!!seq [", "]")))
    inner = opened * levels + ("x" + closed * levels if random.random() < 0.7 else "")
    return f"a: {inner}" if opened[0] in "[{!" else f"a:\n  {inner}"


def _indented(random: Random) -> str:
    levels = random.randint(51, 600)
    return "\n".join(f"{' ' * level}k{level}:" for level in range(levels))


def _tagged(random: Random) -> str:
    tag = random.choice(
        (
            "!!python/object/apply:os.system [id]", "!!python/object:x.Y {}", "!!python/name:os.system ''", "!Ref x",
            "!!python/module:os ''", "!<tag:yaml.org,2002:python/tuple> []", "!!java/util.Date x", "!ruby/object:X {}",
            "!!js/function 'x'", "!include /etc/passwd", "!!python/object/new:os.popen [id]", "!e!x y", "!!x y",
        )
    )  # fmt: skip
    return random.choice(("a: {}", "a: [{}]", "{}: a", "a: {{b: {}}}", "a:\n  - {}", "? {}\n: b")).format(tag)


def _circle(random: Random) -> str:
    return random.choice(("a: &a [*a]", "a: &a {b: *a}", "a: &a\n  b: [*a]", "a: &a [[*a], *a]", "&a {b: *a}"))


def _large(random: Random) -> str:
    size = random.randint(270_000, 3_000_000)
    return random.choice((f"a: {'x' * size}", "a: |\n" + "  line\n" * (size // 7), "a: [" + "x, " * (size // 3) + "]"))


def _many(random: Random) -> str:
    count = random.randint(20_001, 60_000)
    return random.choice(("a: [" + "1," * count + "]", "a: {" + ",".join(f"{n:x}" for n in range(count)) + "}"))


BOMBS = (_aliases, _merges, _nested, _indented, _tagged, _circle, _large, _many)


def _one(number: int) -> Harm:
    random = Random(number)  # noqa: S311  (a try is to be made again)
    front = BOMBS[number % len(BOMBS)](random)
    began = time.process_time()
    tracemalloc.start()
    leaked = []
    try:
        read("a.md", f"---\norigin_url: https://a.example/1\n{front}\n---\n".encode())
        leaked.append("it was read")
    except SeedUnreadable:
        pass
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    if peak > MAX_MEGABYTES * 1e6:
        leaked.append(f"it took {peak / 1e6:.0f} MB")
    if (seconds := time.process_time() - began) > MAX_SECONDS:
        leaked.append(f"it took {seconds:.1f} s")
    return Harm(leaked=tuple(f"{said}: {front[:80]!r}" for said in leaked))


def _run(tries: range, folder: Path) -> Figures:
    return try_each(tries, _one)


FAULTS = (
    Fault(
        "YAML bombs",
        "front matter with aliases of aliases, merges, deep nesting, foreign tags, circles, or too much of it; lost: "
        "another end than one sentence about the seed; leaked: it was read or expanded",
        full=4_000,
        short=0,
        run=_run,
        batch=100,
        tests=("tests/seeds/test_seed.py::test_what_cannot_be_read_is_told_in_one_sentence",),
    ),
)
