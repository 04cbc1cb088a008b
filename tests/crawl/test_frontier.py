"""Which addresses a run asks for, and that 100,000 of them cost no memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.crawl.frontier import Frontier
from tests.conftest import scrapy


@pytest.fixture
def frontier() -> Iterator[Frontier]:
    frontier = Frontier()
    yield frontier
    frontier.close()


def test_seeds_that_share_an_address_wait_for_one_answer(frontier: Frontier) -> None:
    frontier.add("b.md", "https://a.example/1")
    frontier.add("a.md", "https://a.example/1#part")
    frontier.add("c.md", "https://a.example/2")
    one, two = frontier.addresses()
    assert (one.url, two.url) == ("https://a.example/1", "https://a.example/2")
    assert frontier.seed_paths(one.number) == ["a.md", "b.md"]
    assert frontier.seed_paths(two.number) == ["c.md"]
    assert len(frontier) == 3


def test_shared_names_the_first_seed_of_an_address(frontier: Frontier) -> None:
    for path, url in [("c", "https://a.example/1"), ("a", "https://a.example/1"), ("b", "https://a.example/1")]:
        frontier.add(path, url)
    frontier.add("d", "https://a.example/2")
    assert list(frontier.shared()) == [("b", "a"), ("c", "a")]


def test_hosts_take_turns(frontier: Frontier) -> None:
    for host, count in (("a", 4), ("B", 2), ("c", 3)):
        for number in range(count):
            frontier.add(f"{host}{number}", f"https://{host}.example/{number}")
    hosts = [(urlsplit(address.url).hostname or "")[0] for address in frontier.addresses()]
    assert hosts == list("abcabcaca")


def test_what_has_no_result_is_unfinished(frontier: Frontier) -> None:
    for path in ("b", "a", "c"):
        frontier.add(path, f"https://a.example/{path}")
    frontier.finish("b")
    frontier.finish("never heard of")
    assert list(frontier.unfinished_seeds(chosen=False)) == [("a", "https://a.example/a"), ("c", "https://a.example/c")]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 5)), max_size=30))
def test_every_seed_waits_for_exactly_one_address_and_no_host_is_served_twice_in_a_turn(
    asked: list[tuple[str, int]],
) -> None:
    frontier = Frontier()
    for number, (host, page) in enumerate(asked):
        frontier.add(str(number), f"https://{host}.example/{page}")
    addresses = list(frontier.addresses())
    waiting = [path for address in addresses for path in frontier.seed_paths(address.number)]
    assert sorted(waiting, key=int) == [str(number) for number in range(len(asked))]
    assert len({address.url for address in addresses}) == len(addresses) == len(set(asked))
    turn: Counter[str] = Counter()
    turns = []
    for address in addresses:
        host = urlsplit(address.url).netloc
        turn[host] += 1
        turns.append(turn[host])
    assert turns == sorted(turns)
    frontier.close()


_GROWTH = """
import json, sys
from pathlib import Path
{imports}
def peak():
    # VmHWM is this process's own; ru_maxrss would begin with that of the process it was started from.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
Path("/proc/self/clear_refs").write_text("5")  # the peak is what there is now
before = peak()
{work}
print(json.dumps([peak() - before, *found]))
"""


def growth(imports: str, work: str, *args: str) -> list[float]:
    """What the work adds to the memory of a process, in MB at its peak, and what it found."""
    done = scrapy("-c", _GROWTH.format(imports=imports, work=work), *args)
    assert done.code == 0, done.stderr
    found: list[float] = json.loads(done.stdout)
    return found


def test_a_large_frontier_costs_no_memory() -> None:
    grown, walked, unfinished = growth(
        "from archiver.crawl.frontier import Frontier",
        """
frontier = Frontier()
for n in range(40_000):
    frontier.add(f"posts/{n % 100}/{n:06}-a-seed-with-a-name.md", f"https://www.host{n % 50}.example/section/{n}/slug")
walked = 0
for address in frontier.addresses():
    walked += 1
    for path in frontier.seed_paths(address.number):
        if walked % 2:
            frontier.finish(path)
found = walked, sum(1 for _ in frontier.unfinished_seeds(chosen=False))
""",
    )
    assert (walked, unfinished) == (40_000, 20_000)
    assert grown < 15


def test_a_scan_holds_no_seeds(tmp_path: Path) -> None:
    text = "Words of a seed that nobody should keep. " * 100
    for number in range(2_500):
        folder, name = divmod(number, 500)
        (tmp_path / str(folder)).mkdir(exist_ok=True)
        content = f"---\norigin_url: https://a.example/{number // 2}\ntitle:\n---\n{text}\n"
        (tmp_path / str(folder) / f"{name:04}.md").write_text(content)
    few, many = (
        growth(
            "from scrapy.settings import Settings\n"
            "from archiver.config.run_settings import RunSettings\n"
            "from archiver.crawl.scan import ScanCallbacks, scan\n"
            "from archiver.seeds.store import SeedStore\n"
            "from archiver.crawl.frontier import Frontier",
            """
settings = Settings({"SEEDS_DIR": sys.argv[1], "ARCHIVE_DIR": "archive"})
settings.setmodule("archiver.settings", priority="default")
options, missed, frontier = RunSettings.read(settings), [], Frontier()
for seed in scan(SeedStore.open(options.seeds), options, ScanCallbacks(missed.append)):
    frontier.add(seed.path, seed.url)
found = len(frontier), len(missed)
""",
            str(folder),
        )
        for folder in (tmp_path / "0", tmp_path)
    )
    assert few[1:] == [500, 0]
    assert many[1:] == [2_500, 0]
    # Their text alone is 10 MB.
    assert many[0] - few[0] < 3


def test_many_addresses_of_a_host_have_a_beginning_in_common(frontier: Frontier) -> None:
    for number in range(4):
        frontier.add(f"few{number}", f"https://few.example/news/{number}")
    for number in range(5):
        frontier.add(f"many{number}", f"https://many.example/news/2024/{number}?x=/{number}")
        frontier.add(f"root{number}", f"http://root.example:8080/{number}")
    assert frontier.shared_start("https://few.example/news/1", 5) is None
    assert frontier.shared_start("https://many.example/news/2024/1", 5) == "https://many.example/news/2024/"
    assert frontier.shared_start("http://root.example:8080/1", 5) == "http://root.example:8080/"
