"""A server of two processes with its worker, and people who talk to its staff schema over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self

from tests.browser import ready
from tests.cast import PASSWORD

START_SECONDS = 60
STOP_SECONDS = 40
"""A server that is told to stop gives its processes 30 s."""


@dataclass
class Machine:
    port: int
    web: BaseProcess
    worker: BaseProcess

    def kill(self) -> None:
        """As a power cut would: every process at once, without a word."""
        assert self.web.pid is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.worker.kill()
        self._end()

    def stop(self) -> None:
        """As an administrator would, who lets each process end what it does."""
        self.web.terminate()
        self.worker.terminate()
        self._end()

    def _end(self) -> None:
        for process in (self.web, self.worker):
            process.join(STOP_SECONDS)
            assert process.exitcode is not None, "the server did not stop"


@contextmanager
def running(database_url: str, data_dir: Path) -> Iterator[Machine]:
    """What `sipetruk serve` runs with two processes on this database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "SIPETRUK_ENV": "testing",
        "SIPETRUK_DATABASE_URL": database_url,
        "SIPETRUK_DATA_DIR": str(data_dir),
    }
    machine = Machine(port, ready.web(port, environment, workers=2), ready.worker(environment))
    try:
        _await(machine)
        yield machine
    finally:
        if machine.web.is_alive():
            machine.stop()


def _await(machine: Machine) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert machine.web.is_alive(), "the server stopped while starting"
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", machine.port, timeout=5)) as connection:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == http.HTTPStatus.OK:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


class Person:
    """Somebody signed in at the machine, on one connection."""

    def __init__(self, machine: Machine, username: str, cookies: dict[str, str] | None = None) -> None:
        self._machine, self._username = machine, username
        self._host = f"127.0.0.1:{machine.port}"
        self._connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=60)
        self._cookies = cookies or {}
        if not cookies:
            self._sign_in()

    def beside(self) -> Person:
        """Another tab of the same browser."""
        return self.after_restart(self._machine)

    def after_restart(self, machine: Machine) -> Person:
        """The same browser, still signed in."""
        return Person(machine, self._username, dict(self._cookies))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _sign_in(self) -> None:
        page = self._send("GET", "/masuk")[1].decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        form = urllib.parse.urlencode({"csrf_token": token.group(1), "username": self._username, "password": PASSWORD})
        status, body = self._send("POST", "/masuk", form, {"Content-Type": "application/x-www-form-urlencoded"})
        assert status == http.HTTPStatus.SEE_OTHER, body

    def act(self, mutation: str, given: dict[str, Any], selection: str) -> dict[str, Any]:
        """Run one act of the staff schema; its payload, with `userErrors`."""
        kind = mutation[0].upper() + mutation[1:] + "Input"
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} userErrors {{ code message }} }} }}"
        body = json.dumps({"query": query, "variables": {"input": given}})
        status, answer = self._send("POST", "/graphql/staff", body, {"Content-Type": "application/json", "Accept": "application/json"})
        assert status == http.HTTPStatus.OK, answer
        found = json.loads(answer)
        assert "errors" not in found, found["errors"]
        payload: dict[str, Any] = found["data"][mutation]
        return payload

    def _send(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, path, body, {"Origin": f"http://{self._host}", "Cookie": cookie, **(headers or {})})
        answer = self._connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.read()
