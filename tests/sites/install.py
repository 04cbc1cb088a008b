"""Fetch the builders of sites into .sites/: `python -m tests.sites.install`, or `make sites`.

Hugo, Jekyll and Node are the machine's own where it has them. Otherwise Debian's packages are taken: Hugo and Jekyll
unpacked but not installed, which needs no root; Node installed, which does. Eleventy and Astro come by npm, in the
versions that the package-lock.json of their folders pin.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.support.debian import install_by_root, run_program, unpack

ROOT = Path(__file__).resolve().parents[2]
SITES = ROOT / ".sites"
_UNPACKED = SITES / "debian"
_APT = SITES / "apt"
_MIN_NODE_FOR_ASTRO_5 = 20


def environment() -> dict[str, str]:
    """The environment in which the builders run: what was unpacked is found behind what the machine has."""
    found = {
        **os.environ,
        "ASTRO_TELEMETRY_DISABLED": "1",
        "HUGO_CACHEDIR": str(SITES / "hugo-cache"),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }
    libraries = [folder for folder in _UNPACKED.glob("usr/lib/*-linux-*") if folder.is_dir()]
    ruby = _UNPACKED / "usr" / "lib" / "ruby"
    ruby_folders = [ruby / "vendor_ruby", *ruby.glob("[0-9]*"), *ruby.glob("vendor_ruby/[0-9]*")]
    ruby_folders += [inner for folder in libraries for inner in folder.glob("ruby/**/[0-9]*") if inner.is_dir()]
    folders = {
        "PATH": [_UNPACKED / "usr" / "bin"],
        "LD_LIBRARY_PATH": [*libraries, *_UNPACKED.glob("lib/*-linux-*")],
        "RUBYLIB": ruby_folders,
        "GEM_PATH": [
            *ruby.glob("gems/*"),
            *(
                gems
                for usr in ("share", "lib/*-linux-*")
                for gems in _UNPACKED.glob(f"usr/{usr}/rubygems-integration/*")
            ),
        ],
    }
    if _UNPACKED.is_dir():
        for name, added in folders.items():
            found[name] = os.pathsep.join([*filter(None, [found.get(name)]), *map(str, filter(Path.exists, added))])
    return found


def astro_folder(tools: Mapping[str, str]) -> str:
    """The folder of the Astro that Node can run."""
    return "astro-5" if _node_version(tools) >= _MIN_NODE_FOR_ASTRO_5 else "astro-4"


def _node_version(tools: Mapping[str, str]) -> int:
    done = subprocess.run(["node", "--version"], env=tools, capture_output=True, text=True, check=True)
    return int(done.stdout.lstrip("v").partition(".")[0])


def main() -> None:
    """Install all of them."""
    SITES.mkdir(exist_ok=True)
    if unpacked := [name for name in ("hugo", "jekyll") if shutil.which(name) is None]:
        _unpack(unpacked)
    if shutil.which("node") is None or shutil.which("npm") is None:
        # It looks for parts of itself in /usr/share, and so does not run unpacked.
        install_by_root(_APT, "node or no npm", ["nodejs", "npm"])
    shutil.rmtree(_APT, ignore_errors=True)
    tools = environment()
    for name in ("eleventy", astro_folder(tools)):
        _install_by_npm(name, tools)
    for command in ("hugo version", "ruby -S jekyll --version", "node --version"):
        print(run_program(command.split(), tools).strip().splitlines()[0])


def _unpack(packages: list[str]) -> None:
    """Unpack Debian packages with those they depend on and the machine does not have."""
    shutil.rmtree(_UNPACKED, ignore_errors=True)
    unpack(_APT, packages, _UNPACKED)
    # Debian's Ruby looks for this library where it would be installed.
    for file in _UNPACKED.glob("usr/share/rubygems-integration/*/gems/sassc-*/lib/sassc/native.rb"):
        file.write_text(file.read_text("utf-8").replace('ffi_lib "/usr/lib', f'ffi_lib "{_UNPACKED}/usr/lib'), "utf-8")


def _install_by_npm(name: str, tools: Mapping[str, str]) -> None:
    site = SITES / name
    site.mkdir(exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).with_name(name) / file, site)
    options = ["--omit-lockfile-registry-resolved", "--no-audit", "--no-fund", "--no-update-notifier"]
    try:
        run_program(["npm", "ci", *options, "--cache", str(SITES / "npm")], tools, site)
    except OSError as error:
        sys.exit(f"npm could not install what tests/sites/{name}/package-lock.json pins\n{error}")


if __name__ == "__main__":
    main()
