"""`scrapy archive list` and `show`: what the archive holds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import chain, takewhile
from typing import Any

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse, parse_when
from archiver.archive.pictures import find_picture
from archiver.commands.archive.actions import EXIT_DONE, Action, checked_address
from archiver.commands.archive.tables import print_table
from archiver.commands.capture import not_saved
from archiver.config.run_settings import RunSettings
from archiver.crawl.extraction.reader import better
from archiver.crawl.publishers import all_rules
from archiver.downloader.noarchive import directives_in
from archiver.downloader.recording.payload import decode_response, rendering_of
from archiver.errors import NotSaved, SettingsError
from archiver.extract.article import extract
from archiver.extract.post import post
from archiver.files.pipes import is_output_read
from archiver.program import program_name
from archiver.text.control_characters import escape_control, json_text
from archiver.text.dates import format_date

_Row = dict[str, object]


def _add_list_arguments(parser: Any) -> None:
    parser.add_argument("url", nargs="?", metavar="URL", help="without it, every address with its number of captures")
    parser.add_argument("--json", action="store_true", help="one JSON object per line, instead of a table")


def _list(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    archive.refresh()
    agent = settings["ROBOTSTXT_USER_AGENT"] or ""
    rows = _captures(archive, checked_address(opts.url), agent) if opts.url else _addresses(archive)
    first = next(rows, None)
    if first is None and opts.url:
        raise not_saved(opts.url, archive.folder)
    if first is None:
        return EXIT_DONE
    # Of a million rows `head` wants ten.
    rows = takewhile(lambda _: is_output_read(), chain([first], rows))
    if opts.json:
        for row in rows:
            print(json_text(row))
    else:
        print_table(list(first), ([str(cell) for cell in row.values()] for row in rows))
    return EXIT_DONE


def _captures(archive: Archive, url: str, agent: str) -> Iterator[_Row]:
    for capture in archive.index.captures(url):
        yield {
            "captured_at": format_date(capture.captured_at), "status": capture.status, "mime": capture.mime,
            "kind": capture.kind, "url": capture.url, "digest": capture.digest, "file": capture.file,
            "offset": capture.offset, "length": capture.length,
            "robots": ", ".join(directives_in(archive, capture, agent)),
        }  # fmt: skip


def _addresses(archive: Archive) -> Iterator[_Row]:
    for one in archive.index.addresses("http"):
        yield {
            "url": one.url,
            "captures": one.captures,
            "newest": format_date(one.newest),
            "status": one.status,
        }


def _add_show_arguments(parser: Any) -> None:
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--at", metavar="WHEN", help="a day (2024-11-12), a time, or a timestamp of 14 digits")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--raw", action="store_true", help="the page's bytes (the default)")
    form.add_argument("--markdown", action="store_true", help="the article as the crawl reads it")


def _show(archive: Archive, settings: Settings, opts: argparse.Namespace) -> int:
    capture = decode_response(_find_capture(archive, opts), settings)
    if not opts.markdown:
        sys.stdout.buffer.write(capture.body)
        return EXIT_DONE
    fences, rules = RunSettings.of(settings).liquid_fences, all_rules(settings)
    extraction = extract(capture, rules, liquid_fences=fences)
    if (document := archive.find_rendering(capture.url, capture.captured_at)) is not None:
        rendered = rendering_of(document, capture)
        after = extract(rendered, rules, liquid_fences=fences)
        capture, extraction = better(capture, extraction, rendered, after)
    if extraction.article is None:
        said = extraction.detail.rstrip(".") or f"{capture.url} answered {capture.status}"
        raise NotSaved(f"it is no article ({extraction.verdict}): {said}; --raw shows what it is")
    sys.stdout.buffer.write(post(capture, extraction.article).encode())
    return EXIT_DONE


def _find_capture(archive: Archive, opts: argparse.Namespace) -> RecordedResponse:
    try:
        at = parse_when(opts.at) if opts.at else None
    except (ValueError, OverflowError):
        raise SettingsError(f"--at {opts.at} is no time; write it like 2024-11-12 or 2024-11-12T04:10Z") from None
    archive.refresh()
    url = checked_address(opts.url)
    answer, newer = (archive.find(url, at), None) if at is not None else archive.find_page(url)
    if answer is None and (answer := find_picture(archive, url, at)) is None:
        raise not_saved(opts.url, archive.folder)
    if newer is not None:
        said = f"the page as of {format_date(answer.captured_at)}; {format_date(newer.captured_at)} it answered"
        print(escape_control(f"{program_name()} archive show: {said} {newer.status}."), file=sys.stderr)
    return answer


ACTIONS = (
    Action("list", "List the captures of an address in time, or all addresses.", _list, _add_list_arguments),
    Action("show", "Write the newest page of an address, or the capture nearest to --at.", _show, _add_show_arguments),
)
