"""The builders of sites, each with the files that it wants and the pages that it makes of them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.sites.posts import Post

TEMPLATES = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Builder:
    """How one program builds a site. `{slug}` and `{day}` in a path are those of the post."""

    name: str
    command: tuple[str, ...]
    post: str
    """Where a post lies."""
    page: str
    """Where its page is written."""
    output: str
    """The folder of the pages, emptied before a build."""
    date_key: str = "date"
    liquid: bool = False
    """Whether it runs Liquid over the posts."""

    def build(self, site: Path, posts: Sequence[Post], environment: Mapping[str, str]) -> str:
        """Write the posts into the site's folder and build it; return what a builder that failed complained of."""
        _copy_templates(self.name, site)
        shutil.rmtree(site / self.output, ignore_errors=True)
        shutil.rmtree((site / self.post).parent, ignore_errors=True)
        for post in posts:
            file = site / self._place(self.post, post)
            file.parent.mkdir(parents=True, exist_ok=True)
            front = {"title": json.dumps(post.title, ensure_ascii=False), self.date_key: _instant(post)}
            lines = "".join(f"{key}: {value}\n" for key, value in front.items())
            file.write_text(f"---\n{lines}---\n\n{post.fenced if self.liquid else post.bare}\n", encoding="utf-8")
        done = subprocess.run(self.command, cwd=site, env=environment, capture_output=True, text=True, check=False)
        return (
            "" if done.returncode == 0 else f"exit code {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )

    def built(self, site: Path, post: Post) -> str | None:
        """The page that was made of a post; None when there is none."""
        page = site / self._place(self.page, post)
        return page.read_text(encoding="utf-8") if page.is_file() else None

    def _place(self, pattern: str, post: Post) -> str:
        return pattern.format(slug=post.slug, day=post.date.date().isoformat())


def builders(astro: str) -> tuple[Builder, ...]:
    """All of them; `astro` is the folder of the version that this machine's Node can run."""
    return (
        Builder(
            "hugo", ("hugo", "--quiet"), "content/posts/{slug}.md",
            "public/posts/{slug}/index.html", "public",
        ),
        Builder(
            "jekyll", ("ruby", "-S", "jekyll", "build", "--quiet", "--disable-disk-cache"), "_posts/{day}-{slug}.md",
            "_site/{slug}.html", "_site", liquid=True,
        ),
        Builder(
            "eleventy", ("node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet"), "content/posts/{slug}.md",
            "_site/posts/{slug}/index.html", "_site", liquid=True,
        ),
        Builder(
            astro, ("node", "node_modules/astro/astro.js", "build", "--silent"), "src/content/blog/{slug}.md",
            "dist/{slug}/index.html", "dist", "pubDate",
        ),
    )  # fmt: skip


def _instant(post: Post) -> str:
    return post.date.strftime("%Y-%m-%dT%H:%M:%SZ")


def _copy_templates(name: str, site: Path) -> None:
    """Copy the site's own files, over what an earlier run left."""
    shutil.copytree(TEMPLATES / name, site, dirs_exist_ok=True)
