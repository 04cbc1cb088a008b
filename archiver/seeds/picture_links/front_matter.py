"""Where the addresses of pictures stand in front matter: in texts, lists and mappings, in YAML, TOML and JSON."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator

import yaml

from archiver.seeds.formats.load import language_of
from archiver.seeds.positions import KeySpan, locate_keys
from archiver.seeds.seed import Seed
from archiver.text.html_images import AddressSpan

_NAMES_OF_ADDRESSES = frozenset({"src", "url", "path", "image", "file", "href", "teaser"})
"""The names that an address has in a mapping which describes a picture; its others are captions, sizes and credits."""
_QUOTED = r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
_STRING = re.compile(rf"#[^\n]*|(?:(?P<key>[\w-]+|{_QUOTED})\s*[=:]\s*)?(?P<string>{_QUOTED})", re.DOTALL)
"""A comment of TOML, or a string with the key before it."""


def find_in_front_matter(seed: Seed, keys: Iterable[str]) -> list[AddressSpan]:
    """Return the texts below some keys that may be addresses of pictures, in characters of the front matter."""
    find = _in_yaml if seed.format == "yaml" else _in_toml_or_json
    found = (span for key in keys if seed.has(key) for span in find(seed, seed.key_path(key)))
    # A key may be named as a whole and by what is in it.
    return sorted(set(found))


def _in_yaml(seed: Seed, path: tuple[str, ...]) -> Iterator[AddressSpan]:
    spans = locate_keys(seed.front)
    entry = spans.find(path) if spans is not None else None
    if entry is None or entry.kind in {"empty", "block scalar"}:
        return
    is_key, name = False, ""
    for token in _tokens(seed.front, entry):
        match token:
            case yaml.KeyToken():
                is_key = True
            case yaml.ScalarToken() if is_key:
                is_key, name = False, token.value
            case yaml.BlockEntryToken() | yaml.FlowEntryToken() | yaml.FlowSequenceStartToken():
                name = ""
            case yaml.ScalarToken() if (not name or name in _NAMES_OF_ADDRESSES) and token.style in {None, "'", '"'}:
                quote = len(token.style or "")
                yield AddressSpan(token.start_mark.index + quote, token.end_mark.index - quote, token.value)
                name = ""
            case yaml.ScalarToken():
                name = ""


def _tokens(front: str, entry: KeySpan) -> Iterator[yaml.Token]:
    """Yield the tokens of a value."""
    for token in yaml.scan(front, Loader=yaml.SafeLoader):
        if entry.value_start <= token.start_mark.index and token.end_mark.index <= entry.end:
            yield token


def _in_toml_or_json(seed: Seed, path: tuple[str, ...]) -> Iterator[AddressSpan]:
    language = language_of(seed.document)
    front = seed.front
    value = language.locate(front).find(path)
    if value is None:
        return
    for match in _STRING.finditer(front, value.start, value.end):
        string = match["string"]
        if string is None or (match["key"] and match["key"].strip("\"'") not in _NAMES_OF_ADDRESSES):
            continue
        quote = 3 if string.startswith(('"""', "'''")) else 1
        text = json.loads(string) if seed.format == "json" else tomllib.loads(f"x = {string}")["x"]
        yield AddressSpan(match.start("string") + quote, match.end("string") - quote, text)
