"""A row of a list → a stub: a seed with its address, and blank keys that a crawl fills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from archiver.collection.lists.row import DATE_NAMES, IS_ADDRESS, TITLE_NAMES, Row, Value
from archiver.errors import SeedRefused, SettingsError
from archiver.models import Field
from archiver.repair.diff import Keys
from archiver.repair.policy import Action, Policy
from archiver.repair.shapes import Shape
from archiver.seeds import Edit, Seed, read, splice
from archiver.seeds.scalars import has_lone_surrogate, is_timestamp, quote
from archiver.text import dates

_Tree = dict[str, "str | _Tree"]
"""Front matter: a key's YAML, or the keys below it."""
_NOT_WRITTEN = frozenset({Action.KEEP, Action.REPORT})
_LISTS = frozenset({Shape.LIST, Shape.WIKILINKS})


@dataclass(frozen=True, slots=True)
class StubForm:
    """What all stubs of one list have in common."""

    keys: Keys
    policy: Policy
    mapped: Mapping[str, str] = field(default_factory=dict)
    """Key by column; an empty key leaves the column out."""
    template: Seed | None = None
    """The seed that is filled; None: one is made of the keys."""

    @property
    def source_columns(self) -> Sequence[str]:
        """Columns that are said to hold the address."""
        return [column for column, key in self.mapped.items() if key in self.keys["source"]]

    def title(self, row: Row) -> str:
        """The title that the list gives a row; empty when it gives none, or says the address once more."""
        title = row.first((*self._columns_of(Field.TITLE), *TITLE_NAMES))
        return "" if IS_ADDRESS.fullmatch(title) or title in row.address else title

    def date(self, row: Row) -> str | None:
        """When the list says that the page was published, as ISO 8601."""
        return dates.parse_date(row.first((*self._columns_of(Field.DATE), *DATE_NAMES)))

    def _columns_of(self, wanted: Field) -> Iterable[str]:
        return (column for column, key in self.mapped.items() if key in self.keys[wanted])


def make_stub(form: StubForm, row: Row, address: str) -> bytes:
    """Return the bytes of a stub. Raises SeedRefused when the row says what no seed can hold."""
    said = _said(form, row)
    if any(
        has_lone_surrogate(text) for value in said.values() for text in ([value] if isinstance(value, str) else value)
    ):
        raise SeedRefused("says something that is not UTF-8; save the list as UTF-8")
    raw = _make(form, address, said) if form.template is None else _fill(form, form.template, address, said)
    seed = read(row.place, raw)
    if not any(seed.value(key) == address for key in form.keys["source"]):
        raise SeedRefused("has an address that front matter cannot hold; correct it")
    return raw


def check_form(form: StubForm) -> None:
    """Raise SettingsError for a template without a key for the address, and for keys that exclude each other."""
    template, sources = form.template, form.keys["source"]
    if template is None:
        tree: _Tree = {}
        fields = (form.keys[wanted][0] for wanted in Field if wanted is not Field.BODY)
        for key in dict.fromkeys((sources[0], *fields, *filter(None, form.mapped.values()))):
            if key not in sources[1:]:
                _put(tree, key, "")
    elif not any(template.has(key) for key in sources):
        raise SettingsError(f"{template.path} has no key {sources[0]}, which the address goes to; add it, blank")


def _said(form: StubForm, row: Row) -> dict[str, Value]:
    """What the list says of a row, by key."""
    said: dict[str, Value] = {}
    dropped = {column for column, key in form.mapped.items() if not key}
    if title := form.title(_without(row, dropped)):
        said[form.keys[Field.TITLE][0]] = title
    if date := form.date(_without(row, dropped)):
        said[form.keys[Field.DATE][0]] = date
    known = {name for wanted in Field for name in form.keys[wanted]} - {*form.keys[Field.DATE], *form.keys[Field.TITLE]}
    for column, key in form.mapped.items():
        value = row.columns.get(column)
        if value and key and key not in {*form.keys["source"], *form.keys[Field.DATE], *form.keys[Field.TITLE]}:
            said[key] = ", ".join(value) if key in known and not isinstance(value, str) else value
    return said


def _without(row: Row, columns: Iterable[str]) -> Row:
    return Row(row.place, row.address, {name: value for name, value in row.columns.items() if name not in columns})


def _make(form: StubForm, address: str, said: Mapping[str, Value]) -> bytes:
    """A stub of the configured keys, in the order of the fields; what the list says besides stands behind them."""
    values: dict[str, str] = {form.keys["source"][0]: quote(address, "double")}
    for wanted in Field:
        key = form.keys[wanted][0]
        if wanted is Field.BODY or (form.policy.action(wanted) in _NOT_WRITTEN and key not in said):
            continue
        blank = "" if wanted is Field.DATE else "[]" if form.policy.shapes.get(wanted) in _LISTS else '""'
        values[key] = _as_yaml(said[key], is_date=wanted is Field.DATE) if key in said else blank
    values |= {key: _as_yaml(value) for key, value in said.items() if key not in values}
    tree: _Tree = {}
    for key, value in values.items():
        _put(tree, key, value)
    return "\n".join(["---", *_lines(tree), "---", ""]).encode()


def _fill(form: StubForm, template: Seed, address: str, said: Mapping[str, Value]) -> bytes:
    """The template with the address in it, and with what the list says where it has a place for that."""
    source = next(key for key in form.keys["source"] if template.has(key))
    edits = [Edit(source, address)]
    mapped = set(form.mapped.values())
    for key, value in said.items():
        is_date = key in form.keys[Field.DATE]
        field_keys = next((names for names in form.keys.values() if key in names), (key,))
        there = next((name for name in field_keys if template.has(name)), None)
        texts = (value,) if isinstance(value, str) else value
        new = tuple(texts) if there and isinstance(template.value(there), list) else ", ".join(texts)
        if there is None:
            edits.append(Edit(key, new, source, timestamp=is_date))
        elif key in mapped or template.is_blank(there):
            edits.append(Edit(there, new, timestamp=is_date))
    return splice(template, edits)


def _as_yaml(value: Value, *, is_date: bool = False) -> str:
    if not isinstance(value, str):
        return "[" + ", ".join(quote(text, "double") for text in value) + "]"
    return value if is_date and is_timestamp(value) else quote(value, "double")


def _put(tree: _Tree, key: str, value: str) -> None:
    """Put a value at a key, which may be a path."""
    *above, last = key.split(".")
    for part in above:
        below = tree.setdefault(part, {})
        if isinstance(below, str):
            raise SettingsError(f"{key} lies below {part}, which has a value itself; name another key")
        tree = below
    if last in tree:
        raise SettingsError(f"{key} has a value and keys below it; name another key")
    tree[last] = value


def _lines(tree: _Tree, indent: str = "") -> Iterable[str]:
    for key, value in tree.items():
        name = f"{indent}{quote(key, 'plain')}:"
        if isinstance(value, str):
            yield f"{name} {value}".rstrip()
        else:
            yield name
            yield from _lines(value, f"{indent}  ")
