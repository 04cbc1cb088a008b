"""An article as a post: its fields as front matter, then its text."""

from __future__ import annotations

import json

from archiver.models import Article, Capture, Field


def post(capture: Capture, article: Article) -> str:
    """The article as Markdown that a person can read, with the address it has and what the page says of it."""
    fields = {"origin_url": capture.url, "captured_at": capture.reference().captured_at}
    fields |= {field.value: article.choices[field].value for field in Field if field in article.choices}
    front = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())
    title = article.choices.get(Field.TITLE)
    heading = f"# {title.value}\n\n" if title else ""
    return f"---\n{front}---\n\n{heading}{article.body}".rstrip() + "\n"
