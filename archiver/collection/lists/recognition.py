"""Recognise the format of a list by its content, and read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from archiver.collection.lists.bookmarks import read_html
from archiver.collection.lists.decoding import decode
from archiver.collection.lists.feeds import is_xml, read_xml, without_prolog
from archiver.collection.lists.objects import read_json
from archiver.collection.lists.row import Entry
from archiver.collection.lists.table import find_delimiter, read_table
from archiver.collection.lists.text import read_text

# `[text](address)`, `[![image](…)](…)`, `[ref]: address`, `[1] words` and `{% liquid %}` begin like JSON.
_IS_MARKDOWN = re.compile(r"\[[^\[\]\"{]+\](?:[(:]|[ \t]+[^\s,\]])|\[!\[|\{%")
_AUTOLINK = re.compile(r"<[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>]*>")
_MAX_START_LETTERS = 4_096
"""Characters by which the format of a list is told; a document type and its public name have a few hundred. Chosen, not
measured."""
_TABLE_SUFFIXES = (".csv", ".tsv")


def read_list(name: str, raw: bytes, sources: Sequence[str] = ()) -> Iterator[Entry]:
    """Read a list in any of the formats; `name` is what messages call it.

    `sources` are further names that a column of addresses may have. Raises SettingsError when nothing can be read.
    """
    text = decode(name, raw)
    # A comment may stand before Markdown too.
    start = without_prolog(text).lstrip()[:_MAX_START_LETTERS]
    if start.startswith("<") and not _AUTOLINK.match(start):
        return read_xml(name, text) if is_xml(text, start) else read_html(name, text)
    if start.startswith(("[", "{")) and not _IS_MARKDOWN.match(start):
        return read_json(name, text, sources)
    delimiter = find_delimiter(text, is_named_table=name.lower().endswith(_TABLE_SUFFIXES))
    return read_text(text) if delimiter is None else read_table(name, text, delimiter, sources)
