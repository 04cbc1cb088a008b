"""What `make defences` takes out is there, and so are the tests that notice it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.faults.defences import DEFENCES
from tests.faults.defences.defence import Defence, copy_checkout, problem_of, taken_out

ROOT = Path(__file__).resolve().parents[2]


def test_every_defence_can_be_taken_out_and_has_its_tests() -> None:
    assert {defence.name: problem for defence in DEFENCES if (problem := problem_of(defence, ROOT))} == {}
    assert len({defence.name for defence in DEFENCES}) == len(DEFENCES)
    assert len(DEFENCES) >= 60


def test_a_defence_is_taken_out_of_a_copy_and_put_back(tmp_path: Path) -> None:
    checkout, copy = tmp_path / "checkout", tmp_path / "copy"
    (checkout / "archiver").mkdir(parents=True)
    (checkout / "archiver" / "a.py").write_text("limit = 5\n")
    (checkout / "test_a.py").write_text("def test_a() -> None: ...\n")
    (checkout / "notes.txt").write_text("not the checkout's\n")
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    subprocess.run(["git", "add", "archiver", "test_a.py"], cwd=checkout, check=True)
    copy_checkout(checkout, copy)
    assert sorted(path.name for path in copy.iterdir()) == ["archiver", "test_a.py"]
    defence = Defence("much", "a.py", "= 5", "= 9", ("test_a.py::test_a[one]",))
    assert problem_of(defence, copy) is None
    with taken_out(defence, copy):
        assert (copy / "archiver" / "a.py").read_text() == "limit = 9\n"
        assert problem_of(defence, copy) == "its text is 0 times in archiver/a.py"
    assert (copy / "archiver" / "a.py").read_text() == "limit = 5\n"
    for wrong in ((), ("test_a.py::test_b",), ("test_b.py::test_a",)):
        assert problem_of(Defence("much", "a.py", "= 5", "", wrong), copy)
