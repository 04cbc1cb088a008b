"""Ask what is known against the pins of requirements files: audit_deps.py [--advisories PATH] FILE...

pip-audit is asked, with its own services or with a local copy of advisories: one file of JSON or a folder of them, in
the format of OSV (https://ossf.github.io/osv-schema/). Exit code 0: nothing is known against any pin; 1: something is;
3: not every pin could be asked about, which says nothing of its health. pip-audit itself ends with 0 where its service
knows no package at all.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

PIP_AUDIT = (sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--format=json", "--desc=off",
             "--require-hashes", "--disable-pip")  # fmt: skip
SERVICES: tuple[tuple[str, ...], ...] = ((), ("--vulnerability-service=osv",))
"""Those of pip-audit, its default first; the second is asked where the first knows nothing of a pin."""

_PIN = re.compile(r"(?m)^([\w.-]+)==([\w.+!]+)")
_CONDITION = re.compile(r"(?m)^([\w.-]+)==[\w.+!]+ ;")
"""A pin that some Pythons do not get; pip-audit speaks of it where its own Python does."""

Advisories = dict[str, list[dict[str, Any]]]
"""Advisories by the canonical name of a package that they are about."""


class NoAdvisories(Exception):
    """A local copy of advisories cannot be used; the text says why."""


@dataclass(frozen=True)
class Report:
    """What became of the pins, each as `name==version`."""

    known: tuple[str, ...] = ()
    """A sentence per pin against which something is known."""
    asked: frozenset[str] = frozenset()
    not_asked: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = ()
    """Why pins could not be asked about."""

    def __add__(self, other: Report) -> Report:
        asked = self.asked | other.asked
        not_asked = (self.not_asked | other.not_asked) - asked
        known = tuple(sorted({*self.known, *other.known}))
        return Report(known, asked, not_asked, tuple(sorted({*self.reasons, *other.reasons})))

    @property
    def exit_code(self) -> int:
        """Return 1 where something is known, 3 where not all was asked, else 0."""
        if self.known:
            return 1
        return 3 if self.not_asked or not self.asked else 0


def read_advisories(place: Path) -> Advisories:
    """Read a file or a folder of advisories. Raises NoAdvisories where none of them is about Python packages."""
    files = sorted(place.rglob("*.json")) if place.is_dir() else [place]
    found: Advisories = defaultdict(list)
    for file in files:
        try:
            content = file.read_bytes()
            said = json.loads(content) if b"PyPI" in content else []
        except (OSError, ValueError) as error:
            raise NoAdvisories(f"{file} cannot be read as an advisory in JSON ({error})") from None
        records = said.get("vulns", [said]) if isinstance(said, dict) else said
        for record in records:
            for about in _about_python(record):
                about["package"]["name"] = canonicalize_name(about["package"]["name"])
            for name in {about["package"]["name"] for about in _about_python(record)}:
                found[name].append(record)
    if not found:
        raise NoAdvisories(f"{place} holds no advisory about Python packages in the format of OSV")
    return dict(found)


def _about_python(record: dict[str, Any]) -> list[dict[str, Any]]:
    affected = [] if record.get("withdrawn") else record.get("affected", [])
    return [about for about in affected if about.get("package", {}).get("ecosystem") == "PyPI"]


def affects(record: dict[str, Any], name: str, version: str) -> bool:
    """Return whether an advisory is about a version: one that it lists, or one between its events."""
    for about in _about_python(record):
        if canonicalize_name(about["package"]["name"]) != canonicalize_name(name):
            continue
        spans = [span["events"] for span in about.get("ranges", []) if span["type"] == "ECOSYSTEM"]
        if version in about.get("versions", []) or any(_is_between(events, Version(version)) for events in spans):
            return True
    return False


def _is_between(events: list[dict[str, str]], version: Version) -> bool:
    """Go through the events of a range in the order of their versions."""
    inside = False
    for kind, at in sorted(_versions(events), key=lambda event: event[1]):
        if kind == "introduced":
            inside = inside or version >= at
        elif (kind == "fixed" and version >= at) or (kind == "last_affected" and version > at):
            inside = False
    return inside


def _versions(events: list[dict[str, str]]) -> Iterator[tuple[str, Version]]:
    for event in events:
        for kind, at in event.items():
            with contextlib.suppress(InvalidVersion):
                yield kind, Version(at)


@contextlib.contextmanager
def serve(advisories: Advisories) -> Iterator[str]:
    """Answer questions as OSV's service does, on this machine only; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name, version = asked["package"]["name"], asked["version"]
            records = advisories.get(canonicalize_name(name), [])
            found = [record for record in records if affects(record, name, version)]
            answer = json.dumps({"vulns": found} if found else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base's name)
            """Say nothing of each question."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def ask(file: str, service: Sequence[str]) -> Report:
    """Ask pip-audit about the pins of a file."""
    done = subprocess.run([*PIP_AUDIT, *service, f"--requirement={file}"], capture_output=True, text=True, check=False)  # noqa: S603
    return read_answer(Path(file).read_text("utf-8"), done.stdout, done.stderr)


def read_answer(requirements: str, printed: str, complaints: str) -> Report:
    """Read what pip-audit printed about a file. A pin that it does not speak of was not asked about."""
    pins = dict(_PIN.findall(requirements))
    try:
        said = json.loads(printed)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = complaints.strip().splitlines() or ["pip-audit said nothing"]
        return Report(not_asked=_shown(pins), reasons=(lines[-1][:300],))
    asked = {found["name"]: found["version"] for found in said if "vulns" in found}
    reasons = {re.sub(r":.*", "", found["skip_reason"]) for found in said if "skip_reason" in found}
    known = [
        f"{found['name']}=={found['version']}: {vuln['id']}, mended in {', '.join(vuln['fix_versions']) or 'none'}"
        for found in said
        for vuln in found.get("vulns", [])
    ]
    left = {name: pins[name] for name in pins.keys() - asked.keys() - set(_CONDITION.findall(requirements))}
    return Report(tuple(known), _shown(asked), _shown(left), tuple(sorted(reasons)))


def _shown(pins: dict[str, str]) -> frozenset[str]:
    return frozenset(f"{name}=={version}" for name, version in pins.items())


def ask_all(files: list[str], service: Sequence[str]) -> Report:
    """Ask about the pins of all files."""
    with ThreadPoolExecutor(2) as pool:
        return reduce(Report.__add__, pool.map(lambda file: ask(file, service), files), Report())


def say(report: Report) -> int:
    """Print what was found; return the exit code."""
    for sentence in report.known:
        print(sentence)  # noqa: T201
    pins = len(report.asked) + len(report.not_asked)
    if report.not_asked or not pins:
        reasons = "; ".join(report.reasons) or "no reason was given"
        print(  # noqa: T201
            f"NOT AUDITED: no advisories could be asked about {len(report.not_asked)} of {pins} pins ({reasons}). Run "
            "it where the services of pip-audit can be reached, or name a copy of advisories in the format of OSV: "
            "ADVISORIES=FILE or FOLDER",
            file=sys.stderr,
        )
    print(f"{len(report.asked)} of {pins} pins were asked about; something is known against {len(report.known)}")  # noqa: T201
    return report.exit_code


def main() -> int:
    """Ask, and print what is known; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--advisories", type=Path, metavar="PATH", help="a local copy in place of a service")
    parser.add_argument("files", nargs="+", metavar="FILE")
    given = parser.parse_args()
    if given.advisories is None:
        report = Report()
        for service in SERVICES:
            report += ask_all(given.files, service)
            if not report.not_asked:
                break
        return say(report)
    try:
        advisories = read_advisories(given.advisories)
    except NoAdvisories as error:
        print(f"NOT AUDITED: {error}; name another by ADVISORIES=", file=sys.stderr)  # noqa: T201
        return 3
    with serve(advisories) as address:
        return say(ask_all(given.files, ("--vulnerability-service=osv", f"--osv-url={address}")))


if __name__ == "__main__":
    sys.exit(main())
