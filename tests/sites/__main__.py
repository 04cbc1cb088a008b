"""Build sites of real articles with the builders that people have, and hold the figures against the pinned floors.

usage: python -m tests.sites [--wrong] [FOLDER]     FOLDER is shared/acceptance; where it is not there: the fixtures

Exit code 0 when every floor is met, 1 otherwise. Floors only rise. `make sites` installs the builders before.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from archiver.collection.names import UNDATED
from tests.sites.builders import Builder, builders
from tests.sites.compare import match, without_fences
from tests.sites.install import SITES, astro_folder, environment
from tests.sites.posts import Pages, save_pages

ROOT = Path(__file__).resolve().parents[2]
FLOORS = Path(__file__).with_name("floors.json")


def main(folder: Path, *, wrong: bool) -> int:
    """Build every site; prints a line per figure."""
    pages = save_pages(folder, ROOT / "fixtures", SITES)
    source = folder if folder.is_dir() else "fixtures, since the acceptance pages are not there"
    print(f"{len(pages.addresses)} addresses of {source}")
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    tools = environment()
    failed = 0
    for builder in builders(astro_folder(tools)):
        began = time.monotonic()
        figures, said = measure(builder, pages, tools)
        for figure, floor in floors.items():
            met = figures[figure] >= floor
            failed += not met
            print(f"{'ok  ' if met else 'FAIL'}  {builder.name:12} {figure:8} {figures[figure]:<8} (min {floor})")
        print(f"      {builder.name:12} {time.monotonic() - began:.0f} s")
        if wrong or figures["built"] < floors["built"]:
            print("\n".join(said))
    print(f"{failed} floors missed" if failed else "every floor is met")
    return 1 if failed else 0


def measure(builder: Builder, pages: Pages, tools: Mapping[str, str]) -> tuple[dict[str, float], list[str]]:
    """Shares of the posts, and a line for each that is not right.

    built   their site was built, with a page of each
    text    the page's text is that of the post, as CommonMark has it
    title   its title is the post's
    date    its date is the post's

    Jekyll publishes no post without a day: such a post is right when it has no page.
    """
    site = SITES / builder.name
    posts = builder.write_posts(site, pages)
    undated = [post for post in posts if post.file.name.startswith(UNDATED)]
    print(f"      {builder.name:12} {len(posts)} articles, {len(undated)} of them not published for want of a day")
    complaint = builder.build(site, tools)
    said = [complaint] if complaint else []
    counts = dict.fromkeys(("built", "text", "title", "date"), 0)
    for post in posts:
        page = None if complaint else builder.built(site, post)
        if post in undated:
            said += [f"{builder.name} {post.file} was published without a day"] if page is not None else []
            counts = {figure: count + (page is None) for figure, count in counts.items()}
            continue
        if page is None:
            if not complaint:
                said.append(f"{builder.name} {post.file} {post.url}: no page")
            continue
        found = match(post, without_fences(post.body) if builder.liquid else post.body, page)
        counts["built"] += 1
        for figure in ("text", "title", "date"):
            counts[figure] += getattr(found, figure)
        if not (found.text and found.title and found.date):
            said.append(f"{builder.name} {post.file} {post.url}: {found}")
    # Rounded down: a share of 1 is all of them.
    return {figure: int(10_000 * count / max(1, len(posts))) / 10_000 for figure, count in counts.items()}, said


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--wrong"]
    shared = Path(arguments[0]) if arguments else ROOT.parent / "shared" / "acceptance"
    sys.exit(main(shared, wrong="--wrong" in sys.argv))
