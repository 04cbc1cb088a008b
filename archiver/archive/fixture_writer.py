"""Captures written as fixtures: folders that a person reads and edits, and that `fixtures` reads again."""

from __future__ import annotations

import json
from pathlib import Path

from archiver.archive.fixtures import DESCRIPTION, RENDERED
from archiver.errors import SettingsError
from archiver.models import Capture

_LEFT_OUT = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection", "set-cookie"})
"""They describe bytes on the wire, or one visitor."""

_SEED = """---
layout: post
origin_url: "{url}"
image: ""
title: ""
description: ""
category: ""
language: ""
author: ""
date:
---
"""


def fixture_folders(folder: Path, captures: int) -> list[Path]:
    """Where the answers of one request go: its redirects beside the folder, the page into it.

    Raises SettingsError when one is there already.
    """
    redirects = [folder.with_name(f"{folder.name}-redirect{f'-{n}' if n > 1 else ''}") for n in range(1, captures)]
    for one in (*redirects, folder):
        if one.exists():
            raise SettingsError(f"{one} is there already; name another folder, or delete it")
    return [*redirects, folder]


def save_fixture(folder: Path, captures: list[Capture], rendered: Capture | None = None) -> list[Path]:
    """Write the answers of one request, redirects first; gives the folders. Raises SettingsError, OSError.

    `rendered` is what a browser made of the last one.

    Beside a good page lie `before.md`, a seed with nothing but its address, and `after.md`, the same until a person
    writes into it what the page says.
    """
    folders = fixture_folders(folder, len(captures))
    _check_addresses(folder, captures)
    for place, capture in zip(folders, captures, strict=True):
        place.mkdir(parents=True)
        headers: dict[str, str] = {}
        for name, value in capture.headers:
            if name.lower() not in _LEFT_OUT:
                headers[name] = f"{headers[name]}, {value}" if name in headers else value
        description = {
            "url": capture.url,
            "status": capture.status,
            "headers": headers,
            "captured_at": capture.reference().captured_at,
        }
        (place / "response.html").write_bytes(capture.body)
        text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
        (place / DESCRIPTION).write_text(text, encoding="utf-8")
    if rendered is not None:
        (folder / RENDERED).write_bytes(rendered.body)
    if captures[-1].status == 200:
        for name in ("before.md", "after.md"):
            (folder / name).write_text(_SEED.format(url=captures[0].url), encoding="utf-8")
    return folders


def _check_addresses(folder: Path, captures: list[Capture]) -> None:
    """Raise SettingsError when a fixture beside the folder, or of another publisher, has one of the addresses."""
    here = folder.absolute().parent
    urls = {capture.url for capture in captures}
    for file in (*here.glob(f"*/{DESCRIPTION}"), *here.parent.glob(f"*/*/{DESCRIPTION}")):
        try:
            described = json.loads(file.read_bytes())["url"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if described in urls:
            raise SettingsError(
                f"{file.parent} has {described} already, and a replay could not tell the two apart; use that one, or "
                "delete it"
            )
