"""The programming language that the markup around a block of code names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from archiver.extract.dom.regions import Element

_NAMED = re.compile(r"(?:^|\s)(?:language|lang|highlight-source)-([\w+#.-]+)|brush:\s*([\w+#-]+)", re.IGNORECASE)
_WORD = re.compile(r"(?:^|[\s-])([a-z][\w+#]*)", re.IGNORECASE)
_MARKED = re.compile(r"(?:^|\s)(?:hljs|highlight|sourceCode|syntaxhighlighter|prettyprint|highlight-\w+)(?:$|\s)")
"""Beside these a class may be the bare name of a language."""
_ATTRIBUTES = ("data-lang", "data-language", "data-code-language", "data-enlighter-language")
_KNOWN = frozenset(
    """
    ada asm awk bash basic bat batch c c++ cc clojure cmake cobol console cpp cs csharp css csv d dart delphi diff
    docker dockerfile elixir elm erlang f# fortran fsharp gherkin glsl go golang graphql groovy haskell hcl hlsl html
    http ini java javascript jinja js json json5 jsonc jsx julia kotlin kt latex less lisp lua makefile markdown
    mathematica matlab mermaid mysql nasm nginx nim nix objc objective-c objectivec ocaml octave pascal perl pgsql php
    pl plsql postgresql powershell prolog properties proto protobuf ps1 puppet py pycon python python3 ipython3 r
    racket rb regex ruby rs rust sass scala scheme scss sh shell shell-session smalltalk solidity sparql sql svelte
    swift tcl terraform tex toml ts tsx typescript vb vbnet verilog vhdl vim vue wasm xml yaml yml zig zsh
""".split()
)
_NO_LANGUAGE = frozenset(
    "none nohighlight no-highlight plain plaintext plain-text text txt default auto undefined unknown null raw".split()
)
_SAME = {"python3": "python", "ipython3": "python", "golang": "go"}
_MAX_LEVELS_UP = 4
"""Elements around a block of code that are asked: table, row, cell and frame; with more the frame of a whole page
may speak of its own language."""
_FRAMES = frozenset(("div", "figure", "table", "tbody", "tr", "td", "span", "code", "pre"))


def code_language(element: Element) -> str:
    """The name as the markup has it, in lower case; empty where it has none, or says that there is none."""
    for one in _around(element):
        if (name := _named(one)) is not None:
            return "" if name in _NO_LANGUAGE else _SAME.get(name, name)
    return ""


def _around(element: Element) -> Iterator[Element]:
    """The code's own elements, then the frames around them."""
    yield from element.iter("pre", "code")
    if element.tag not in ("pre", "code"):
        yield element
    for outer in islice(element.iterancestors(), _MAX_LEVELS_UP):
        if outer.tag not in _FRAMES:
            return
        yield outer


def _named(element: Element) -> str | None:
    stated: str | None = next((value for name in _ATTRIBUTES if (value := element.get(name))), None)
    if stated is None and element.tag == "pre":
        stated = element.get("lang") if (element.get("lang") or "").lower() in _KNOWN else None
    names = element.get("class") or ""
    is_own = element.tag in ("pre", "code")
    if stated is None and (found := _NAMED.search(names)) is not None:
        stated = found[1] or found[2]
    if stated is not None:
        name = str(stated).strip().lower()
        # What is shorter, around the code, is the language of people: `lang-en`.
        if re.fullmatch(r"[\w+#.-]+", name) and (is_own or name in _KNOWN or len(name) > 3):
            return name
    if _MARKED.search(names):
        return next((word for match in _WORD.finditer(names.lower()) if (word := match[1]) in _KNOWN), None)
    return None
