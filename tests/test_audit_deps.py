"""What `make audit-deps` says of the pins, and that it never takes silence for health."""

from __future__ import annotations

import importlib.util
import json
import sys
import urllib.request
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import ROOT

PINS = 'a-b==1.5 \\\n    --hash=sha256:00\nc==2.0 \\\n    --hash=sha256:00\nd==1 ; python_version < "3" \\\n'


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit_deps", ROOT / ".ci" / "audit_deps.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


audit = _load()


def advisory(name: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    about = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": [*events]}]}
    return {"id": "X-1", "affected": [about], **more}


@pytest.mark.parametrize(
    ("record", "version", "expected"),
    [
        (advisory("A_b", {"introduced": "0"}, {"fixed": "1.6"}), "1.5", True),
        (advisory("a-b", {"introduced": "0"}, {"fixed": "1.5"}), "1.5", False),
        (advisory("a-b", {"fixed": "1.10"}, {"introduced": "1.9"}), "1.9.1", True),
        (advisory("a-b", {"introduced": "0"}, {"last_affected": "1.5"}), "1.5", True),
        (advisory("a-b", {"introduced": "0"}, {"last_affected": "1.5"}), "1.5.post1", False),
        (advisory("a-b", {"introduced": "0"}, {"fixed": "1"}, {"introduced": "2"}), "2.1", True),
        (advisory("a-b", {"introduced": "0"}, withdrawn="2024-11-12T00:00:00Z"), "1.5", False),
        (advisory("other", {"introduced": "0"}), "1.5", False),
    ],
)
def test_an_advisory_is_about_the_versions_between_its_events(
    record: dict[str, Any], version: str, expected: bool
) -> None:
    assert audit.affects(record, "a-b", version) is expected


def test_a_local_copy_answers_as_the_service_does(tmp_path: Path) -> None:
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "one.json").write_text(json.dumps(advisory("A_b", {"introduced": "0"}, {"fixed": "1.6"})))
    (tmp_path / "npm.json").write_text('{"id": "N-1", "affected": [{"package": {"ecosystem": "npm", "name": "a-b"}}]}')
    with audit.serve(audit.read_advisories(tmp_path)) as address:
        answers = []
        for version in ("1.5", "1.6"):
            asked = json.dumps({"package": {"name": "a-b", "ecosystem": "PyPI"}, "version": version}).encode()
            with urllib.request.urlopen(address, asked) as answer:  # noqa: S310  (our own, on this machine)
                answers.append(json.load(answer))
    assert [vuln["id"] for vuln in answers[0]["vulns"]] == ["X-1"]
    assert answers[1] == {}


@pytest.mark.parametrize("content", ["", "{", '{"id": "N-1", "affected": [{"package": {"ecosystem": "npm"}}]}', "PyPI"])
def test_a_copy_without_advisories_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "all.json").write_text(content)
    with pytest.raises(audit.NoAdvisories, match=r"all\.json"):
        audit.read_advisories(tmp_path / "all.json")


def test_what_was_not_asked_about_is_no_health(capsys: pytest.CaptureFixture[str]) -> None:
    healthy = {"name": "c", "version": "2.0", "vulns": []}
    known = {"name": "a-b", "version": "1.5", "vulns": [{"id": "X-1", "fix_versions": ["1.6"]}]}
    unknown = {"name": "a-b", "skip_reason": "Dependency not found and could not be audited: a-b (1.5)"}
    printed = [json.dumps({"dependencies": found}) for found in ([healthy, known], [healthy, unknown], [healthy])]
    reports = [audit.read_answer(PINS, text, "") for text in printed]
    reports.append(audit.read_answer(PINS, "", "Traceback\nno such host\n"))
    assert [audit.say(report) for report in reports] == [1, 3, 3, 3]
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "a-b==1.5: X-1, mended in 1.6"
    assert "NOT AUDITED: no advisories could be asked about 1 of 2 pins (Dependency not found" in said.err
    assert "no such host" in said.err
    whole = audit.read_answer(PINS, json.dumps({"dependencies": [healthy, {**known, "vulns": []}]}), "")
    assert audit.say(whole) == 0
    assert audit.say(audit.Report()) == 3
    assert audit.say(reports[1] + whole) == 0  # one service did not know what the next one does


def test_one_command_renews_the_pins_of_every_file() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    renewed = {name for name in makefile.split() if name.startswith("requirements") and name.endswith(".in")}
    assert renewed == {file.name for file in ROOT.glob("requirements*.in")}
    assert {file.stem for file in ROOT.glob("requirements*.txt")} - {Path(name).stem for name in renewed} == {
        "requirements"
    }
