"""What TOML or JSON front matter says, on which the scanner and the language's library agree."""

from __future__ import annotations

from archiver.seeds.document import Document
from archiver.seeds.formats.json_language import JsonLanguage
from archiver.seeds.formats.language import Language, Values
from archiver.seeds.formats.spans import ScanError, Spans, leaves, path_of, value_at
from archiver.seeds.formats.toml_language import TomlLanguage
from archiver.seeds.front_matter import MAX_BYTES, FrontMatter, FrontMatterError

TOML: Language = TomlLanguage()
JSON: Language = JsonLanguage()
JSON_MEMBERS: Language = JsonLanguage(optional_braces=True)
"""What Middleman has between `;;;`: the members of an object, its braces left out."""


def language_of(document: Document) -> Language:
    """The language of a document that is not YAML."""
    if document.format == "toml":
        return TOML
    return JSON_MEMBERS if document.opening.startswith(b";;;") else JSON


def load_document(document: Document) -> FrontMatter:
    """Read a document's front matter. Raises FrontMatterError."""
    if len(document.front) > MAX_BYTES:
        raise FrontMatterError(
            f"its front matter is larger than {MAX_BYTES // 1024} KiB; move the data to another file"
        )
    front = document.front.decode()
    language = language_of(document)
    try:
        # The scanner first: it knows how deep the text is nested before anything recurses into it.
        spans = language.locate(front)
        values = language.parse(front, float)
    except ScanError as error:
        first_line = 2 if document.opening else 1
        raise FrontMatterError(f"line {front.count(chr(10), 0, error.at) + first_line}{error.clause}") from error
    if not agree(spans, values):
        raise FrontMatterError(
            f"two readers of {language.name} see different keys in its front matter; write it in a simpler way"
        )
    return FrontMatter(values, _texts(front, spans, values))


def agree(spans: Spans, values: Values) -> bool:
    """True when scanner and library have the same keys, and strings at the same ones."""
    try:
        found = {span.path for span in spans.items if span.style != "{" or value_at(values, span.path) == {}}
        same_strings = all(
            isinstance(value_at(values, span.path), str) == span.style.startswith(('"', "'")) for span in spans.items
        )
    except KeyError:
        return False
    # A header may stand above nothing, and one in double brackets stands for an item of a list.
    headers = spans.lists | {section.path for section in spans.sections if not section.comma_separated}
    return same_strings and found == leaves(values) - (headers - found)


def _texts(front: str, spans: Spans, values: Values) -> dict[str, str]:
    """The scalars as text by dotted path. A name with dots of its own is found at the top level only."""
    texts: dict[str, str] = {}
    for span in spans.items:
        key, value = ".".join(span.path), value_at(values, span.path)
        if value is None or isinstance(value, list | dict):
            continue
        if span.path == path_of(values, key):
            texts[key] = value if isinstance(value, str) else front[span.start : span.end]
    return texts
