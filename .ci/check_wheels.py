"""Ask whether every pin has a wheel for a Python, which need not be here: check_wheels.py 3.14 FILE."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_PIN = re.compile(r"(?m)^([\w.-]+==[\w.+!]+) \\")


def pins(files: list[str]) -> list[str]:
    """Return `name==version` of every pin that has no condition, once each."""
    found = {pin for file in files for pin in _PIN.findall(Path(file).read_text("utf-8"))}
    return sorted(found, key=str.lower)


def lacks_wheel(pin: str, version: str) -> bool:
    """Return whether no wheel of a pin serves a Python: neither one to download, nor one without compiled code.

    What is published as source only (surt, that pywb asks for) is built here, and serves every Python when the wheel's
    name says so.
    """
    pip = [sys.executable, "-m", "pip"]
    with tempfile.TemporaryDirectory() as folder:
        download = [*pip, "download", "--quiet", "--no-deps", "--only-binary=:all:", "--python-version", version]
        if subprocess.run([*download, "--dest", folder, pin], capture_output=True, check=False).returncode == 0:  # noqa: S603  (pins of this project)
            return False
        build = [*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, pin]
        subprocess.run(build, capture_output=True, check=False)  # noqa: S603
        return not any(Path(folder).glob("*-py3-none-any.whl")) and not any(Path(folder).glob("*-py2.py3-none-any.whl"))


def main() -> int:
    """Print the pins that lack a wheel; return the exit code."""
    version, *files = sys.argv[1:]
    asked = pins(files)
    with ThreadPoolExecutor(4) as pool:
        lacking = list(pool.map(lambda pin: lacks_wheel(pin, version), asked))
    missing = [pin for pin, lacks in zip(asked, lacking, strict=True) if lacks]
    for pin in missing:
        print(f"{pin} has no wheel for Python {version}", file=sys.stderr)  # noqa: T201
    print(f"{len(asked) - len(missing)} of {len(asked)} pins have a wheel for Python {version}")  # noqa: T201
    return 1 if missing or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
