"""Twelve collections as people have them, each with what it lost, and the pages that it was copied from."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from warcio.warcwriter import WARCWriter

from tests.support.pages import add_page

POSTS = 5
"""Of each collection, all with a source unless said otherwise."""

_TOWNS = ("Harbour", "Mole", "Lagoon", "Quay", "Strait")
_SUBJECTS = ("ferry pilots", "lamp keepers", "net menders", "tide readers", "sail makers")


@dataclass(frozen=True)
class Story:
    """What one page says."""

    number: int
    collection: str

    @property
    def url(self) -> str:
        return f"https://www.paper.example/{self.collection}/2024/03/{self.number + 1:02}/{self.slug}"

    @property
    def slug(self) -> str:
        return "-".join(self.title.lower().split())

    @property
    def title(self) -> str:
        return f"{_TOWNS[self.number]} council hears the {_SUBJECTS[self.number]}"

    @property
    def authors(self) -> tuple[str, ...]:
        return (
            ("Imke Olthoff", "Tomke Ihnen")
            if self.number == 0
            else (("Enno Tjarks", "Geske Habersaat")[self.number % 2],)
        )

    @property
    def day(self) -> str:
        return f"2024-03-{self.number + 1:02}"

    @property
    def published(self) -> str:
        return f"{self.day}T08:30:00Z"

    @property
    def description(self) -> str:
        return f"The {_SUBJECTS[self.number]} asked for new rules, and the council listened until midnight."

    @property
    def image(self) -> str:
        return f"https://www.paper.example/photos/{self.collection}-{self.number}.jpg"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        subject = _SUBJECTS[self.number]
        return (
            f"The council heard the {subject} on Friday evening, in a hall that had not been so full for years.",
            f"Their speaker said that {12 + self.number} of them had left since spring, and nobody took their place.",
            "The mayor promised an answer before the summer, and a second hearing for those who had to wait outside.",
        )

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs) + "\n"

    @property
    def page(self) -> str:
        data = {
            "@context": "https://schema.org", "@type": "NewsArticle", "headline": self.title,
            "author": [{"@type": "Person", "name": name} for name in self.authors], "datePublished": self.published,
            "description": self.description, "image": self.image, "articleSection": "Coast", "inLanguage": "en",
        }  # fmt: skip
        text = "".join(f"<p>{paragraph}</p>" for paragraph in self.paragraphs)
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{self.title}</title>'
            f'<meta property="og:title" content="{self.title}"><meta property="og:image" content="{self.image}">'
            f'<meta name="description" content="{self.description}">'
            f'<script type="application/ld+json">{json.dumps(data)}</script></head>'
            f'<body><article><h1>{self.title}</h1><p class="byline">By {" and ".join(self.authors)}</p>'
            f'<figure><img src="{self.image}" alt=""></figure>{text}</article></body></html>'
        )


def stories(collection: str) -> list[Story]:
    return [Story(number, collection) for number in range(POSTS)]


def write_pages(file: Path, collections: list[str]) -> None:
    """Write the pages of some collections into one WARC."""
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for name in collections:
            for story in stories(name):
                add_page(writer, story.url, story.page)


def _put(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def jekyll(folder: Path) -> None:
    keys = ("source_url", "external_url", "canonical_url", "link", "original_url")
    _put(folder, "_config.yml", "title: Coast notes\nurl: https://coast.example\n")
    for story in stories("jekyll"):
        _put(
            folder, f"_posts/{story.day}-{story.number}.md",
            f'---\nlayout: post\ntitle: ""\n{keys[story.number]}: {story.url}\nauthors: []\ntags:\n  - coast\n---\n'
            f"{story.body}",
        )  # fmt: skip
    _put(folder, "_posts/2024-03-09-own.md", "---\nlayout: post\ntitle: My own\nurl: /own/\n---\nText.\n")
    _put(folder, "README.md", "# Coast notes\n")
    _put(folder, "_site/old.md", f'---\ntitle: ""\nsource_url: {stories("jekyll")[0].url}\n---\n')


def hugo_yaml(folder: Path) -> None:
    _put(folder, "hugo.yaml", "baseURL: https://coast.example/\n")
    for story in stories("hugo-yaml"):
        _put(
            folder, f"content/posts/{story.number}.md",
            f'---\ntitle: ""\ndate: {story.published}\nsource_url: "{story.url}"\nsummary: ""\nauthors: []\n'
            f'categories: []\ncover:\n  image: ""\n---\n{story.body}',
        )  # fmt: skip
    _put(folder, "themes/one/README.md", "# A theme\n")


def hugo_toml(folder: Path) -> None:
    _put(folder, "hugo.toml", 'baseURL = "https://coast.example/"\n')
    for story in stories("hugo-toml"):
        _put(
            folder, f"content/posts/{story.number}.md",
            f'+++\ntitle = ""\ndate = {story.published}\ndraft = false\nauthors = []\n\n[params]\n'
            f'source_url = "{story.url}"\n+++\n{story.body}',
        )  # fmt: skip


def hugo_nested(folder: Path) -> None:
    _put(folder, "config.toml", 'baseURL = "https://coast.example/"\n')
    for story in stories("hugo-nested"):
        _put(
            folder, f"content/posts/{story.number}.md",
            f'---\ntitle: ""\ndate: {story.published}\nparams:\n  source_url: "{story.url}"\n  note: kept\n---\n'
            f"{story.body}",
        )  # fmt: skip


def hugo_bundles(folder: Path) -> None:
    _put(folder, "hugo.toml", 'baseURL = "https://coast.example/"\n')
    _put(folder, "README.md", "# The site\n")
    _put(folder, "archetypes/default.md", '---\ntitle: "{{ .Name }}"\n---\n')
    _put(folder, "node_modules/thing/README.md", "# A package\n")
    for story in stories("hugo-bundles"):
        _put(
            folder, f"content/posts/{story.slug}/index.md",
            f'---\ntitle: ""\ndate: {story.published}\nsource_url: {story.url}\n---\n{story.body}',
        )  # fmt: skip
    _put(folder, "content/posts/_index.md", "---\ntitle: Posts\n---\n")


def eleventy_json(folder: Path) -> None:
    _put(folder, "eleventy.config.js", "export default function () {}\n")
    for story in stories("eleventy-json"):
        front = json.dumps({"title": "", "source_url": story.url, "date": story.day, "tags": ["post"]}, indent=2)
        _put(folder, f"posts/{story.number}.md", f"---json\n{front}\n---\n{story.body}")


def astro(folder: Path) -> None:
    _put(folder, "astro.config.mjs", "export default { site: 'https://coast.example' };\n")
    for story in stories("astro"):
        suffix = "mdx" if story.number % 2 else "md"
        _put(
            folder, f"src/content/blog/{story.number}.{suffix}",
            f"---\ntitle: ''\ndescription: ''\npubDate: {story.day}\nheroImage: ''\n"
            f"canonicalURL: {story.url}\n---\n{story.body}",
        )  # fmt: skip


def obsidian(folder: Path) -> None:
    _put(folder, ".obsidian/app.json", "{}\n")
    _put(folder, "Templates/Clip.md", '---\ntitle: "{{title}}"\nsource:\n---\n')
    _put(folder, "Daily/2024-03-01.md", "Rain all day.\n")
    for story in stories("obsidian"):
        _put(
            folder, f"Clippings/{story.number}.md",
            f'---\ntitle: ""\nsource: "{story.url}"\nauthor:\n  - ""\npublished:\ncreated: 2024-04-01\n'
            f'description: ""\ntags:\n  - "clippings"\n---\n{story.body}',
        )  # fmt: skip
    _put(folder, "Clippings/words.md", "---\ntitle: Words\nsource: github_trending\n---\nText.\n")


def zettlr(folder: Path) -> None:
    for story in stories("zettlr"):
        _put(
            folder,
            f"{story.number}.md",
            f'---\ntitle: ""\nreference: {story.url}\nkeywords:\n- coast\n...\n\n{story.body}',
        )


def dendron(folder: Path) -> None:
    _put(folder, "dendron.yml", "version: 5\n")
    for story in stories("dendron"):
        _put(
            folder, f"vault/clip.{story.number}.md",
            f"---\nid: abc{story.number}\ntitle: ''\ndesc: ''\nupdated: 1709280000000\ncreated: 1709280000000\n"
            f"url: {story.url}\n---\n{story.body}",
        )  # fmt: skip


def lctt(folder: Path) -> None:
    for story in stories("lctt"):
        _put(folder, f"{story.number}.md", f"[#]: via: ({story.url})\n[#]: author: ()\n\n{story.body}")


def addresses(folder: Path) -> None:
    _put(folder, "urls.txt", "# to be clipped\n" + "".join(f"{story.url}\n" for story in stories("addresses")))


COLLECTIONS: dict[str, Callable[[Path], None]] = {
    "jekyll": jekyll,
    "hugo-yaml": hugo_yaml,
    "hugo-toml": hugo_toml,
    "hugo-nested": hugo_nested,
    "hugo-bundles": hugo_bundles,
    "eleventy-json": eleventy_json,
    "astro": astro,
    "obsidian": obsidian,
    "zettlr": zettlr,
    "dendron": dendron,
    "lctt": lctt,
    "addresses": addresses,
}
