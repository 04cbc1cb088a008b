"""A new ledger in the place of an old one: nothing is lost, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.errors import LedgerError
from archiver.ledger import Ledger, LedgerReader, VisitWrite, renew_ledger
from tests.conftest import tree
from tests.ledger.test_ledger import DAY, FULL, NOW, URL, _foreign, _garbage, _torn

LATER = replace(FULL, at=NOW + DAY)
ASIDE = "ledger.sqlite.before-20260601T120000Z"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def visits(file: Path) -> list[object]:
    reader = LedgerReader.open(file)
    assert reader is not None
    found = reader.visits(URL)
    reader.close()
    return list(found)


def test_a_ledger_where_there_was_none(file: Path) -> None:
    with renew_ledger(file, NOW) as renewal:
        assert (renewal.old, renewal.damage) == (None, None)
        renewal.ledger.record([VisitWrite(URL, FULL)], NOW)
        assert not file.exists(), "it is not there before it is whole"
    assert renewal.aside is None
    assert set(tree(file.parent)) == {file.name}
    assert visits(file) == [FULL]


@pytest.mark.parametrize("spoil", [_garbage, _torn])
def test_a_damaged_one_is_put_aside_as_it_is(file: Path, spoil: Callable[[Path], None]) -> None:
    spoil(file)
    content = file.read_bytes()
    with renew_ledger(file, NOW) as renewal:
        assert renewal.old is None
        assert "is damaged" in str(renewal.damage)
        renewal.ledger.record([VisitWrite(URL, FULL)], NOW)
    assert renewal.aside == file.with_name(ASIDE)
    assert tree(file.parent)[ASIDE] == content
    assert visits(file) == [FULL]


def test_a_whole_one_is_gone_on_with_and_kept_too(file: Path) -> None:
    ledger = Ledger.open(file)
    ledger.record([VisitWrite(URL, FULL)], NOW)
    ledger.close()
    for number in ("", "-2"):
        with renew_ledger(file, NOW) as renewal:
            assert renewal.old is not None
            assert renewal.old.visits(URL)[0] == FULL
            renewal.ledger.record([VisitWrite(URL, LATER)], NOW)
        assert renewal.aside == file.with_name(ASIDE + number)
    assert visits(file) == [FULL, LATER, LATER]
    assert visits(file.with_name(ASIDE)) == [FULL]


def test_who_reads_the_old_one_goes_on_and_its_log_is_not_taken_for_that_of_the_new_one(file: Path) -> None:
    ledger = Ledger.open(file)
    ledger.record([VisitWrite(URL, FULL)], NOW)
    reader = LedgerReader.open(file)
    assert reader is not None
    assert reader.visits(URL) == [FULL]
    ledger.close()
    with renew_ledger(file, NOW) as renewal:
        renewal.ledger.record([VisitWrite(URL, LATER)], NOW)
    assert set(tree(file.parent)) == {file.name, ASIDE, f"{ASIDE}-wal", f"{ASIDE}-shm"}
    assert reader.visits(URL) == [FULL]
    reader.close()
    assert visits(file) == [FULL, LATER]


def test_whoever_fails_on_the_way_leaves_the_old_one(file: Path) -> None:
    ledger = Ledger.open(file)
    ledger.record([VisitWrite(URL, FULL)], NOW)
    ledger.close()
    # What a killed process leaves.
    file.with_name(f"{file.name}.new").write_bytes(b"half")
    file.with_name(f"{file.name}.new-wal").write_bytes(b"half")
    before = file.read_bytes()

    def entries() -> Iterator[VisitWrite]:
        yield VisitWrite(URL, LATER)
        raise RuntimeError

    with pytest.raises(RuntimeError), renew_ledger(file, NOW) as renewal:
        renewal.ledger.rebuild(entries(), NOW)
    assert tree(file.parent) == {file.name: before}


def test_whoever_is_killed_at_the_last_step_leaves_the_old_one_once(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger.open(file)
    ledger.record([VisitWrite(URL, FULL)], NOW)
    ledger.close()

    def die(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as killed, pytest.raises(RuntimeError), renew_ledger(file, NOW):
        killed.setattr(Path, "replace", die)
    assert visits(file) == [FULL]
    assert file.with_name(ASIDE).samefile(file)
    with renew_ledger(file, NOW) as renewal:
        renewal.ledger.record([VisitWrite(URL, LATER)], NOW)
    assert set(tree(file.parent)) == {file.name, ASIDE}
    assert (visits(file), visits(file.with_name(ASIDE))) == ([FULL, LATER], [FULL])


def _newer(file: Path) -> None:
    ledger = Ledger.open(file)
    ledger._run("PRAGMA user_version = 1000")
    ledger.close()


@pytest.mark.parametrize(("spoil", "said"), [(_foreign, "another program's"), (_newer, "newer version")])
def test_what_is_no_ledger_of_this_program_is_not_touched(file: Path, spoil: Callable[[Path], None], said: str) -> None:
    spoil(file)
    before = tree(file.parent)
    with pytest.raises(LedgerError, match=said), renew_ledger(file, NOW):
        pytest.fail("there is nothing to be drawn")
    assert tree(file.parent) == before
