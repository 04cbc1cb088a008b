"""A few tries of every fault; `make faults` makes the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.fault import Fault, Figures, all_faults

FAULTS = all_faults()
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.short], ids=lambda fault: fault.name)
def test_a_few_tries_do_no_harm(fault: Fault, tmp_path: Path) -> None:
    figures = fault.run(range(fault.short), tmp_path)
    assert figures.tries == fault.short
    assert fault.complaints(figures) == []


def test_each_fault_is_tried_whenever_the_tests_run() -> None:
    assert [fault.name for fault in FAULTS if not fault.short and not fault.tests] == []
    for name in {name for fault in FAULTS for name in fault.tests}:
        file, _, function = name.partition("::")
        assert f"def {function}(" in (ROOT / file).read_text(), name


def test_what_is_lost_or_too_large_is_a_complaint() -> None:
    fault = Fault("a kill", "one", 10, 1, lambda _, __: Figures(), max_seconds=5)
    assert fault.complaints(Figures(10, megabytes=300, seconds=5)) == []
    harm = Figures(4, 1, 2, 301, 513, 6, ("try 3 tore a.md",)) + Figures(6)
    assert len(fault.complaints(harm)) == 6
