"""Processes of SI PETRUK that start with everything loaded: loading is nine tenths of what a start costs.

They are forked from one process that has imported the application and has done nothing else. They run what `sipetruk serve` runs,
the web server and the worker beside it, or another command. The commands themselves are tried in `tests/test_cli.py`.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.process import BaseProcess

from tests import kept

_LOADED = multiprocessing.get_context("forkserver")
_LOADED.set_forkserver_preload(["sipetruk.app", "sipetruk.cli", "granian", "tests.kept"])


def web(port: int, environment: Mapping[str, str], workers: int = 1) -> BaseProcess:
    """The web server on this port: the leader of a group of processes, of which so many answer requests."""
    return _begun(_serve, port, workers, dict(environment))


def worker(environment: Mapping[str, str]) -> BaseProcess:
    """What does the work outside requests."""
    return _begun(_work, dict(environment))


def exit_code(*command: str) -> int:
    """What a command of `sipetruk` ends with."""
    process = _begun(_run, command, dict(os.environ))
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _begun(act: Callable[..., None], *about: object) -> BaseProcess:
    process = _LOADED.Process(target=act, args=about)
    process.start()
    return process


def _serve(port: int, workers: int, environment: dict[str, str]) -> None:
    from sipetruk.cli.server import web_server  # noqa: PLC0415  # loaded where it is run, not in the process of the tests

    os.setpgrp()
    _live_in(environment)
    multiprocessing.set_start_method("fork", force=True)  # as where nothing was set; without it the server loads everything anew
    web_server("127.0.0.1", port, workers).serve()


def _work(environment: dict[str, str]) -> None:
    _run(("worker", "--parent", str(os.getppid())), environment)  # which ends with the tests, even when they are killed


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    from sipetruk.cli import main  # noqa: PLC0415  # as above

    _live_in(environment)
    main(command)


def _live_in(environment: dict[str, str]) -> None:
    kept.hash_quickly()  # as in the tests, or everybody who signs in has a hash made anew
    os.environ.clear()
    os.environ.update(environment)
