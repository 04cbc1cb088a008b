"""The builders of sites, each with the posts that it wants and the pages that it makes of them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.sites.posts import Pages, Post, write_posts

TEMPLATES = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Builder:
    """How one program builds a site."""

    name: str
    preset: str
    command: tuple[str, ...]
    posts: str
    """The folder of the posts, emptied before they are made."""
    into: str
    """The same, as seen from the folder that the preset reads."""
    page: str
    """Where a post's page is written; `{stem}` is the name of its file, `{words}` that without its day."""
    output: str
    """The folder of the pages, emptied before a build."""
    pattern: str = "{slug}.md"
    """The names of the posts."""
    liquid: bool = False
    """Whether it runs Liquid over the posts."""

    def write_posts(self, site: Path, pages: Pages) -> list[Post]:
        """Make the folder of a site, with a post of each page."""
        shutil.rmtree(site / self.posts, ignore_errors=True)
        shutil.copytree(TEMPLATES / self.name, site, dirs_exist_ok=True)
        return write_posts(site, self.preset, self.into, self.pattern, pages)

    def build(self, site: Path, environment: Mapping[str, str]) -> str:
        """Build the site; return what a builder that failed complained of."""
        shutil.rmtree(site / self.output, ignore_errors=True)
        done = subprocess.run(self.command, cwd=site, env=environment, capture_output=True, text=True, check=False)
        return (
            "" if done.returncode == 0 else f"exit code {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )

    def built(self, site: Path, post: Post) -> str | None:
        """The page that was made of a post; None when there is none."""
        stem = post.file.stem
        page = site / self.page.format(stem=stem, words=stem[len("2024-11-12-") :])
        return page.read_text(encoding="utf-8") if page.is_file() else None


def builders(astro: str) -> tuple[Builder, ...]:
    """All of them; `astro` is the folder of the version that this machine's Node can run."""
    return (
        Builder(
            "hugo", "hugo", ("hugo", "--quiet"), "content/posts", "posts",
            "public/posts/{stem}/index.html", "public",
        ),
        Builder(
            "jekyll", "jekyll", ("ruby", "-S", "jekyll", "build", "--quiet", "--disable-disk-cache"), "_posts", "",
            "_site/{words}.html", "_site", "{date}-{slug}.md", liquid=True,
        ),
        Builder(
            "eleventy", "eleventy", ("node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet"), "content/posts",
            "content/posts", "_site/posts/{stem}/index.html", "_site", liquid=True,
        ),
        Builder(
            astro, "astro", ("node", "node_modules/astro/astro.js", "build", "--silent"), "src/content/blog", "blog",
            "dist/{stem}/index.html", "dist",
        ),
    )  # fmt: skip
