"""The ready files of deploy/ can be read by what they are for, and say the same."""

from __future__ import annotations

import configparser
import re
import shlex
import subprocess

import yaml

from archiver import __version__
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
COMMAND = "scrapy refresh --due --max-minutes 300"


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
    parser.read_string((DEPLOY / name).read_text(encoding="utf-8"))
    return parser


def test_the_crontab_has_one_line_with_five_fields_and_a_command() -> None:
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    assert lines[-1]
    rules = [line for line in lines if line and not line.startswith("#") and not re.match(r"\w+=", line)]
    (rule,) = rules
    *when, command = rule.split(maxsplit=5)
    limits = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
    for field, (low, high) in zip(when, limits, strict=True):
        assert re.fullmatch(r"(\*|\d+)(/\d+)?", field)
        assert all(low <= int(number) <= high for number in re.findall(r"\d+", field))
    assert command.endswith(COMMAND)
    assert "%" not in command, "cron would take it for a line end"


def test_the_systemd_units_belong_together() -> None:
    service, timer = unit("seed-archiver.service"), unit("seed-archiver.timer")
    assert set(service) - {"DEFAULT"} == {"Unit", "Service"}
    assert set(timer) - {"DEFAULT"} == {"Unit", "Timer", "Install"}
    assert service["Service"]["ExecStart"].startswith("/")
    assert service["Service"]["ExecStart"].endswith(COMMAND)
    assert service["Service"]["SuccessExitStatus"].split() == ["2", "75"]
    # Answers under way have ten seconds, a notice twenty; the report and a commit come besides.
    assert service["Service"]["KillMode"] == "mixed"
    assert service["Service"]["KillSignal"] == "SIGTERM"
    assert int(service["Service"]["TimeoutStopSec"]) >= 60
    assert service["Service"]["ReadWritePaths"] == service["Service"]["WorkingDirectory"]
    assert re.fullmatch(r"\*-\*-\* \d\d/\d+:\d\d:\d\d", timer["Timer"]["OnCalendar"])
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_a_failed_run_is_told_of_by_a_unit_that_is_there() -> None:
    template, _, instance = unit("seed-archiver.service")["Unit"]["OnFailure"].partition("@")
    told = unit(f"{template}@.service")
    assert instance == "%n.service"  # the failed unit's name, which the other one has as %i
    shell, option, script = shlex.split(told["Service"]["ExecStart"])
    assert (shell, option) == ("/bin/sh", "-c")
    subprocess.run(["sh", "-n"], input=script, text=True, check=True)
    assert '--unit="%i"' in script


def test_the_workflow_is_yaml_with_shell_that_parses() -> None:
    workflow = yaml.safe_load((DEPLOY / "refresh.yml").read_text(encoding="utf-8"))
    triggers = workflow[True]  # YAML 1.1 reads `on` so; GitHub does not mind
    assert triggers["schedule"] == [{"cron": "17 */6 * * *"}]
    assert workflow["permissions"] == {"contents": "write", "pull-requests": "write"}
    steps = workflow["jobs"]["refresh"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    # A tag can be moved to other code, a commit cannot; the comment says which version it is.
    text = (DEPLOY / "refresh.yml").read_text(encoding="utf-8")
    pins = re.findall(r"uses: (\S+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$", text, re.MULTILINE)
    assert [step["uses"].split("@") for step in steps if "uses" in step] == [list(pin) for pin in pins]
    assert workflow["concurrency"] == {"group": "refresh", "cancel-in-progress": False}
    assert workflow["env"]["PACKAGE"] == f"seed-archiver[notify]=={__version__}"
    scripts = [step["run"] for step in steps if "run" in step]
    # What GitHub fills in is read as a program; values travel in the environment.
    assert not any("${{" in script for script in scripts)
    assert any(COMMAND in script for script in scripts)
    for script in scripts:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
