"""`scrapy try`: where each field of one page comes from."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from scrapy.exceptions import UsageError

from archiver.archive.fixtures.tree import DESCRIPTION
from archiver.archive.replay import open_saved
from archiver.commands import capture
from archiver.config.run_settings import RunSettings
from archiver.crawl.publishers import all_rules
from archiver.errors import ArchiverError, CaptureError, SettingsError
from archiver.extract.explanation import ArticleId, FieldExplanation, UnmatchedSelector, explain, explain_id
from archiver.models import Capture, Extraction
from archiver.seeds import read
from archiver.seeds.source import origin_url
from archiver.text.control_characters import escape_control, json_text

_MAX_SHOWN_LETTERS = 160
"""Characters of a value that the table prints; --json has all of them. Chosen, not measured."""


class Command(capture.Command):
    """Asks for one page as `scrapy capture` does, and keeps nothing."""

    writes_fixture = False

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options] ADDRESS|FIXTURE|SEED"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Show where each field of one page comes from, with the publisher's rules and without"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Read one page and print, for each field, its value, its source, the selector that fired, those that found "
            "nothing (no match) or nothing that can be used (unusable), what would be chosen without rules, and the "
            "other values that the page offers; before them the article's id, where the rules have a pattern. "
            "ADDRESS is asked as the crawl would; "
            f"FIXTURE is a folder with {DESCRIPTION}; of a SEED the source address is asked. "
            "-s REPLAY=PATH takes pages from saved ones instead. "
            "Exit code: 0 an article, 2 no answer or no article, 1 nothing could run."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--html", action="store_true", help="show the element that a selector found")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if len(args) != 1:
            raise UsageError("name one address, fixture or seed")
        assert self.settings is not None
        try:
            page = self._page(args[0], opts)
            rules = all_rules(self.settings)
            fences = RunSettings.of(self.settings).liquid_fences
            extraction, fields = explain(page, rules, liquid_fences=fences)
        except CaptureError as error:
            self._fail(str(error), capture.EXIT_NOT_FOUND)
        except ArchiverError as error:
            self._fail(str(error), capture.EXIT_NOTHING_RAN)
        except OSError as error:
            what = f"{error.filename}: {(error.strerror or '').lower()}; mend that and run again"
            self._fail(what, capture.EXIT_NOTHING_RAN)
        else:
            if extraction.article is None:
                self.exitcode = capture.EXIT_NOT_FOUND
            id_ = explain_id(page, rules)
            print(
                _as_json(page, extraction, id_, fields)
                if opts.json
                else _as_text(page, extraction, id_, fields, opts.html)
            )

    def _page(self, named: str, opts: argparse.Namespace) -> Capture:
        assert self.settings is not None
        if not named.lower().startswith(("http://", "https://")):
            path = Path(named)
            if path.name == DESCRIPTION:
                path = path.parent
            if (path / DESCRIPTION).is_file():
                return _of_fixture(path)
            if not path.is_file():
                raise SettingsError(f"{named} is no address, no folder with {DESCRIPTION} and no seed; name one")
            seed = read(named, path.read_bytes())
            options = RunSettings.of(self.settings)
            named = origin_url(seed, options.keys["source"], options.site_hosts)
        return self._fetch(named, opts.at).page


def _of_fixture(folder: Path) -> Capture:
    try:
        url = str(json.loads((folder / DESCRIPTION).read_bytes())["url"])
        pages = open_saved(folder)
        saved = pages.find(url)
    except (ValueError, KeyError, TypeError):
        raise SettingsError(f"{folder / DESCRIPTION} describes no capture; correct it") from None
    if saved is None:
        raise SettingsError(f"{folder} holds no page; put response.html beside {DESCRIPTION}")
    saved = pages.find_rendering(saved.url, saved.captured_at) or saved
    return Capture(saved.url, saved.url, saved.status, saved.headers, saved.body, saved.captured_at, "archive")


def _as_json(page: Capture, extraction: Extraction, id_: ArticleId | None, fields: Sequence[FieldExplanation]) -> str:
    told = {
        "url": page.url,
        "verdict": extraction.verdict,
        "detail": extraction.detail,
        "id": asdict(id_) if id_ else None,
        "fields": [asdict(field) for field in fields],
    }
    return json_text(told, indent=2)


def _as_text(
    page: Capture,
    extraction: Extraction,
    id_: ArticleId | None,
    fields: Sequence[FieldExplanation],
    show_html: bool,
) -> str:
    lines = [f"{page.url}: {extraction.verdict}" + (f" ({extraction.detail})" if extraction.detail else "")]
    if id_ is not None:
        lines += ["", f"id: {_short(id_.value)}"]
        lines.append(f"  {'rule    ' if id_.value else 'no match'} {id_.pattern}")
    for field in fields:
        lines += ["", f"{field.field}: {_short(field.value)}"]
        if field.source:
            lines.append(f"  source   {', '.join((field.source, *field.witnesses))}")
        if field.confidence is not None:
            lines.append(f"  sure     {field.confidence:.3f}")
        lines += [f"  doubt    {_short(doubt)}" for doubt in field.doubts]
        if field.selector:
            lines.append(f"  rule     {field.selector}")
        lines += [_unmatched_line(field, unmatched) for unmatched in field.unmatched]
        generic = field.generic
        same = generic is not None and generic.value == field.value
        lines.append("  generic  " + ("the same" if same else _short(generic.value) if generic else "(none)"))
        lines += [f"  rival    {_short(rival.value)} ({rival.source})" for rival in field.rivals]
        if show_html and field.element:
            lines.append(f"  html     {field.element}")
    return _visible(lines)


def _unmatched_line(field: FieldExplanation, unmatched: UnmatchedSelector) -> str:
    label = "unusable" if unmatched.is_on_page else "no match"
    name = "" if unmatched.field == field.field else f"{unmatched.field} "
    return f"  {label} {name}{unmatched.selector}" + (f" (until {unmatched.until})" if unmatched.until else "")


def _short(value: str | None) -> str:
    text = " ".join((value or "(none)").split())
    return text if len(text) <= _MAX_SHOWN_LETTERS else f"{text[:_MAX_SHOWN_LETTERS]}… ({len(text)} letters)"


def _visible(lines: Sequence[str]) -> str:
    """The lines with their control characters written as escapes."""
    return "\n".join(escape_control(line) for text in lines for line in (text.split("\n") or [""]))
