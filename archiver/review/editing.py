"""A value that a person changes before it is written: one line at the prompt, a body in an editor."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from archiver.errors import SettingsError


def edit_line(prompt: str, value: str) -> str | None:
    """Return the line that is typed, beginning with the value; None where it was left, or has nothing in it."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: PLC0415  (a Python can be built without it)

        readline.set_startup_hook(lambda: readline.insert_text(value))
    try:
        return input(prompt).strip() or None
    except (EOFError, KeyboardInterrupt):
        print()  # noqa: T201  (the cursor stands behind what was typed)
        return None
    finally:
        with contextlib.suppress(ImportError):
            import readline  # noqa: PLC0415

            readline.set_startup_hook()


def edit_text(text: str) -> str | None:
    """Return what a person makes of a text in `$VISUAL` or `$EDITOR`; None where it stayed as it was, or blank.

    Raises SettingsError where there is no such program, or where it failed.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="seed-archiver-") as folder:
        file = Path(folder, "body.md")
        file.write_text(text + "\n", encoding="utf-8", newline="")
        try:
            code = subprocess.run([*shlex.split(command), str(file)], check=False).returncode  # noqa: S603  (the user's)
            edited = file.read_bytes().decode().rstrip("\r\n")
        except (OSError, ValueError) as error:
            reason = str(getattr(error, "strerror", "") or error).lower()
            raise SettingsError(f"the editor {command} cannot be used ({reason}); name one in EDITOR") from None
    if code:
        raise SettingsError(f"the editor {command} ended with exit code {code}; nothing was taken from it")
    return edited if edited.strip() and edited != text else None
