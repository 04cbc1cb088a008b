"""Write docs/settings.md from the settings module: `python -m archiver.config.reference`, or `make docs`.

archiver/settings.py ─ast─▶ (section, name, default, unit, reason) ─▶ Markdown
"""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archiver import settings as ours
from archiver.config.names import OUR_DEFAULTS, RENAMED

_UNITS = {
    "_MAX_BYTES": "bytes", "_MEMORY_MB": "megabytes", "_PER_MINUTE": "requests a minute",
    "_PER_SECOND": "requests a second", "_TIMEOUT": "seconds", "_DELAY_MAX": "seconds", "_PAUSE": "seconds",
    "_BACKOFF_BASE": "seconds", "_BACKOFF_MAX": "seconds", "_WORKERS": "processes", "_FAILURES": "failures",
    "_TRIES": "copies", "_WITHIN": "time, as the service writes it", "_DIR": "folder", "_PAGES": "pages",
    "_EXECUTABLE": "file", "_INTERVAL": "seconds",
}  # fmt: skip
"""By the end of a name."""

_KINDS = {bool: "on (1) or off (0)", dict: "mapping, on the command line JSON", list: "list, or names with commas"}

_HEAD = """# Settings

Every setting of the archiver, with its default, its unit and its reason. Give one with `-s`, in a spider's
`custom_settings`, in a [collection's file](collections.md), or in the settings module that `scrapy.cfg` names. A name
that neither Scrapy nor the archiver reads ends a command with exit code 1, unless it begins with one of
`KNOWN_SETTING_PREFIXES`.

This page is made from `archiver/settings.py` by `make docs`.
"""


class Setting(NamedTuple):
    """One line of the settings module."""

    section: str
    name: str
    reason: str
    """Empty where only the name and the value speak."""


def settings_of(source: str) -> Iterator[Setting]:
    """Return the settings in the order in which a module has them, with the strings that follow them."""
    lines = source.splitlines()
    body = ast.parse(source).body
    for statement, following in zip(body, [*body[1:], None], strict=True):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        if not isinstance(target, ast.Name) or not target.id.isupper():
            continue
        said = following.value if isinstance(following, ast.Expr) else None
        above = (line for line in reversed(lines[: statement.lineno]) if line.startswith("# ---- "))
        section = next(above, "# ---- The project").strip("# -")
        reason = str(said.value) if isinstance(said, ast.Constant) else ""
        yield Setting(section, target.id, " ".join(reason.split()))


def page() -> str:
    """Return the text of docs/settings.md."""
    found = list(settings_of(Path(ours.__file__).read_text(encoding="utf-8")))
    parts, section = [_HEAD], ""
    for one in found:
        if one.name not in OUR_DEFAULTS:
            continue
        if one.section != section:
            section = one.section
            parts.append(f"## {section}\n")
        parts.append(f"### `{one.name}`\n\n{_facts(one.name)}\n\n{_wrapped(one.reason)}\n")
    parts.append("## Scrapy's settings with another default\n\nWhat they mean is in Scrapy's documentation.\n")
    parts += [
        f"### `{one.name}`\n\n{_default(getattr(ours, one.name))}.\n\n{_wrapped(one.reason)}\n"
        for one in found
        if one.name not in OUR_DEFAULTS and one.reason
    ]
    parts.append("## Names of the release before\n\nThey are understood until the next one.\n")
    parts.append("| before | now |\n|---|---|\n" + "".join(f"| `{old}` | `{new}` |\n" for old, new in RENAMED.items()))
    return "\n".join(parts)


def _facts(name: str) -> str:
    value = OUR_DEFAULTS[name]
    unit = next((unit for end, unit in _UNITS.items() if name.endswith(end)), None) or _KINDS.get(type(value), "text")
    return f"{_default(value)}. Unit: {unit}."


def _default(value: object) -> str:
    if value is None:
        return "Default: none"
    return f"Default: `{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    """Write the page of the project in the current folder."""
    (Path("docs") / "settings.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
