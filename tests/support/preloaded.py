"""Run the commands of scrapy and seed-archiver in forks of one process that has imported everything already.

Most of a short command's processor time is the import of its modules. A fork has them at once, and is otherwise what
a shell would start: a process that runs the program with its own arguments, environment, folder and output, in which
nobody has installed a reactor yet, and that ends as the interpreter ends. The process that extracting workers are
forked from is one for all commands too: each would start its own, and import there what extraction needs.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path
from typing import NoReturn

from archiver.commands import console
from archiver.crawl.extraction import processes

_ROOT = Path(__file__).resolve().parents[2]

_MODULES = (
    "scrapy.cmdline", "scrapy.contracts", "scrapy.core.downloader.handlers.http11", "scrapy.dupefilters",
    "scrapy.http.cookies", "scrapy.logformatter", "scrapy.pqueues", "scrapy.shell", "scrapy.squeues",
    "scrapy.statscollectors", "scrapy.utils.console", "scrapy.utils.engine", "scrapy.utils.request",
    "twisted.internet.asyncioreactor",
)  # fmt: skip
"""What a crawl imports besides the project's own modules and _PACKAGES; one that installed a reactor would do harm."""
_PACKAGES = (
    "archiver", "scrapy.commands", "scrapy.downloadermiddlewares", "scrapy.extensions", "scrapy.spidermiddlewares",
)  # fmt: skip
"""Packages of which it imports every module."""

_MAX_REQUEST_BYTES = 1 << 17
"""Of a message with arguments and environment; a longer one would be cut off. The environment has a few kilobytes."""


def _python_path(env: Mapping[str, str]) -> list[str]:
    return list(filter(None, env.get("PYTHONPATH", "").split(os.pathsep)))


class Command:
    """A command that runs."""

    def __init__(self, args: Sequence[str], pid: int, answers: socket.socket) -> None:
        self.pid = pid
        self._args = args
        self._answers = answers
        self._code: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, below 0 for a signal, or None while the command runs."""
        if self._code is None:
            with contextlib.suppress(BlockingIOError):
                self._take(0)
        return self._code

    def wait(self, timeout: float) -> int:
        """Return the exit code once the command has ended; kill it after `timeout` seconds."""
        try:
            return self._take(timeout) if self._code is None else self._code
        except TimeoutError:
            self.kill()
            raise subprocess.TimeoutExpired(["scrapy", *self._args], timeout) from None

    def _take(self, timeout: float) -> int:
        self._answers.settimeout(timeout)
        self._code = int(self._answers.recv(32))
        self._answers.close()
        return self._code

    def kill(self) -> None:
        """End it at once, unless it has ended: its number may be another's by then."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


class PreloadedScrapy:
    """The process that forks: started by the first command, ended by `close`."""

    def __init__(self, root: Path = _ROOT) -> None:
        """`root` has the project's code, this module's own among it."""
        self._root = root
        self._requests: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def can_run(self, env: Mapping[str, str], cwd: Path) -> bool:
        """Whether a fork does what a new process would: what Python reads as it starts was settled before.

        In another folder the command must find this project's code, as the process that forks has.
        """
        asked = {name for name in env if name.startswith("PYTHON")}
        at_start = any(Path(folder, "sitecustomize.py").exists() for folder in _python_path(env))
        is_ours = cwd == self._root or str(self._root) in _python_path(env)
        return sys.platform == "linux" and is_ours and asked <= {"PYTHONPATH"} and not at_start

    def start(
        self,
        args: Sequence[str],
        env: Mapping[str, str],
        stdout: int,
        stderr: int,
        folder: Path = _ROOT,
        *,
        program: str = "scrapy",
        stdin: int | None = None,
    ) -> Command:
        """Start `python -m scrapy ARGS` or `seed-archiver ARGS` in a folder.

        `-c PROGRAM ARGS` starts `python -c PROGRAM ARGS`. The streams are descriptors; without `stdin` there is no
        input.
        """
        if self._requests is None:
            self._requests = self._serve()
        answers, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, Path(os.devnull).open("rb") as nothing:
            request = json.dumps([list(args), dict(env), str(folder), program]).encode()
            given = nothing.fileno() if stdin is None else stdin
            socket.send_fds(self._requests, [request], [theirs.fileno(), given, stdout, stderr])
        pid = answers.recv(32)
        assert pid, "the process that forks has ended"
        return Command(args, int(pid), answers)

    def close(self) -> None:
        """End the process, and wait for it."""
        if self._requests is not None and self._process is not None:
            self._requests.close()
            self._process.wait()
            self._requests = self._process = None

    def _serve(self) -> socket.socket:
        # A message is one request: a stream could give parts of two.
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # Semaphores of commands that a test kills are given back at the end, which needs no warning.
            python = [sys.executable, "-W", "ignore:resource_tracker"]
            self._process = subprocess.Popen(
                [*python, "-m", "tests.support.preloaded", str(theirs.fileno())],
                cwd=self._root, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        return ours


class _Forks:
    """The commands that run, in the process that forks."""

    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._selector = selectors.DefaultSelector()
        self._selector.register(requests, selectors.EVENT_READ)

    def serve(self) -> tuple[bytes, list[int]] | None:
        """Fork for each request: return it and its descriptors in the fork, and None when no more will come."""
        while True:
            for key, _ in self._selector.select():
                if key.data is not None:
                    self._answer(key)
                    continue
                request, descriptors, _, _ = socket.recv_fds(self._requests, _MAX_REQUEST_BYTES, 4)
                if not request:
                    return None
                answers = socket.socket(fileno=descriptors.pop(0))
                pid = os.fork()
                if pid == 0:
                    answers.close()
                    self._close()
                    return request, descriptors
                for descriptor in descriptors:
                    os.close(descriptor)
                answers.send(b"%d" % pid)
                self._selector.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, answers))

    def _answer(self, ended: selectors.SelectorKey) -> None:
        pid, answers = ended.data
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        # A test that failed does not wait for its command.
        with answers, contextlib.suppress(ConnectionError):
            answers.send(b"%d" % code)
        self._selector.unregister(ended.fd)
        os.close(ended.fd)

    def _close(self) -> None:
        for key in list(self._selector.get_map().values()):
            if key.data is None:
                self._requests.close()
            else:
                key.data[1].close()
                os.close(key.fd)
        self._selector.close()


def _main(descriptor: int) -> None:
    with warnings.catch_warnings():  # of Scrapy's own modules one is deprecated
        warnings.simplefilter("ignore")
        for name in _MODULES:
            importlib.import_module(name)
        for name in _PACKAGES:
            package = importlib.import_module(name)
            for found in pkgutil.walk_packages(package.__path__, f"{name}."):
                importlib.import_module(found.name)
    assert "twisted.internet.reactor" not in sys.modules
    forkserver.set_forkserver_preload([processes.PRELOAD, "tests.support.patient_forkserver"])
    processes.start_server()
    # The forks look through what they share for garbage no more: each page of memory would be copied.
    gc.collect()
    gc.freeze()
    try:
        command = _Forks(socket.socket(fileno=descriptor)).serve()
    except KeyboardInterrupt:
        return
    if command is not None:
        try:
            _become(*command)
        except SystemExit as ended:
            if ended.code is not None and not isinstance(ended.code, int):
                raise
            _leave(ended.code or 0)
        _leave(0)


def _leave(code: int) -> NoReturn:
    """End as the interpreter does, but for taking all modules apart: that is half of a short command's time."""
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads, as the interpreter does first
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _become(request: bytes, streams: Sequence[int]) -> None:
    """Make this process the command that was asked for."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # It runs, and only the process that started it could ask whether it still does.
    for place in (forkserver, forkserver._forkserver):
        setattr(place, "ensure_running", lambda: None)  # noqa: B010
    args, env, folder, program = json.loads(request)
    os.environ.clear()
    os.environ.update(env)
    # A shell that starts the tests behind itself has them, and so their commands, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path[1:1] = _python_path(env)
    os.chdir(folder)
    if args[:1] == ["-c"]:
        sys.argv = ["-c", *args[2:]]
        exec(compile(args[1], "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102  (the test's own program)
    elif program == "scrapy":
        sys.argv = ["scrapy", *args]
        runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
    else:
        sys.path.insert(0, str(_ROOT))  # for the processes that it starts
        sys.argv = ["seed-archiver", *args]
        console.main()


if __name__ == "__main__":
    _main(int(sys.argv[1]))
