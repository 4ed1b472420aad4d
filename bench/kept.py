"""Kept answers over HTTP beside a bare WSGI server that sends the same bytes, head and body: how many come in a second.

Many connections stay open, as a portal has many readers, and each asks again as soon as its answer is whole, so that the server always
has something to do. Each server has one process with one thread, as behind a proxy. Both are started several times, for how quickly one
copies a large answer depends on where its memory lies.

The empty 304 of the bare server is what a request costs before anything is done for it: no answer comes more often than that.
Server and readers want two cores for themselves; where others compute as well, small answers lose the most.
"""

from __future__ import annotations

import gzip
import os
import socket
import struct
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from bench.turns import Times, expect, of, ratio, turns

CONNECTIONS, ANSWERS, STARTS, ROUNDS = 64, 1_000, 4, 15
"""How many connections ask at a time, how many answers a turn takes, how often the servers start, and how many turns each has then."""
PATIENCE = struct.pack("ll", 20, 0)
"""Seconds after which an answer is no longer waited for, as the system writes them."""
PORTS = {"bare": 18471, "kept": 18472}
BARE = """
from pathlib import Path
BODY = Path({path!r}).read_bytes()
HEADERS = {headers!r}
def app(environ, start_response):
    if "HTTP_IF_NONE_MATCH" in environ:
        start_response("304 NOT MODIFIED", [])
        return []
    start_response("200 OK", HEADERS)
    return [BODY]
"""
BY_THE_SERVER = {"server", "date"}


class Readers:
    """Connections that are kept busy: each asks the same question again as soon as its answer is whole."""

    def __init__(self, port: int, path: str, **headers: str) -> None:
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
        self.request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        self.buffer = bytearray(1 << 20)
        for each in self.connections:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, PATIENCE)
        for _ in range(2):  # the second answer is a kept one, and every one after it is as long
            self.answer = self._one(self.connections[0])

    def ask(self) -> None:
        """Have as many answers come as a turn takes; they come in the order in which they were asked for."""
        size, buffer = len(self.answer), self.buffer
        for each in self.connections:
            each.sendall(self.request)
        for number in range(ANSWERS):
            connection = self.connections[number % CONNECTIONS]
            count = connection.recv_into(buffer, size, socket.MSG_WAITALL)
            expect("each answer is as long as the first, and the connection stays open", holds=count == size)
            if number < ANSWERS - CONNECTIONS:
                connection.sendall(self.request)

    def head(self) -> list[tuple[str, str]]:
        lines = self.answer.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return [(name, value) for name, _, value in (line.partition(": ") for line in lines)]

    def body(self) -> bytes:
        return self.answer.partition(b"\r\n\r\n")[2]

    def _one(self, connection: socket.socket) -> bytes:
        connection.sendall(self.request)
        got = b""
        while True:
            got += connection.recv(1 << 20)
            head, found, body = got.partition(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
            if found and len(body) >= size:
                return got


def over_http(folder: Path, query: str, whole: bytes) -> None:
    """Serve the database of the folder, and measure."""
    (folder / "body.json").write_bytes(whole)
    started = [_started(folder, "/graphql?query=" + quote(" ".join(query.split())), whole) for _ in range(STARTS)]
    found = {name: Times() for name in started[0]}
    for name, times in found.items():
        for each in started:
            times.passed += each[name].passed
            times.computed += each[name].computed
    print(f"\nThe same over HTTP, {len(whole):,} bytes; {CONNECTIONS} connections, granian with one process; CPU is that of the server")
    print(f"  {'':<28}{'per second':>11}{'CPU ms':>10}")
    for name, times in found.items():
        print(f"  {name:<28}{1000 / times.wall:>11,.0f}{times.cpu:>10.3f}")
    ratio("kept against the bare server", *of(found, "bare WSGI", "kept"), judged="wall", least=0.9)
    ratio("packed against kept", *of(found, "kept", "kept, gzip"), judged="wall", least=2.5)
    ratio("304 against kept", *of(found, "kept", "kept, 304"), judged="wall", least=4.0)


def _started(folder: Path, path: str, whole: bytes) -> dict[str, Times]:
    """What both servers take after one start."""
    env = {**os.environ, "SIPETRUK_DATA_DIR": str(folder), "SIPETRUK_LOG_LEVEL": "ERROR", "PYTHONPATH": f"{folder}:."}
    env |= {"SIPETRUK_DATABASE_URL": f"sqlite:///{folder / 'sipetruk.db'}", "SIPETRUK_TRUSTED_PROXIES": "1"}
    with ExitStack() as servers:
        ours = _serve(servers, env, "kept", "--factory", "sipetruk.app:create_worker")
        plain = Readers(PORTS["kept"], path)
        expect("the server gives the same bytes", holds=plain.body() == whole)
        headers = [each for each in plain.head() if each[0] not in BY_THE_SERVER]
        (folder / "bare_wsgi.py").write_text(BARE.format(path=str(folder / "body.json"), headers=headers))
        bare = _serve(servers, env, "bare", "bare_wsgi:app")
        return _measure(Readers(PORTS["bare"], path), plain, path, {"bare": bare, "kept": ours})


def _measure(bare: Readers, plain: Readers, path: str, servers: dict[str, int]) -> dict[str, Times]:
    expect("the bare server sends as many bytes", holds=len(bare.answer) == len(plain.answer))
    packed = Readers(PORTS["kept"], path, Accept_Encoding="gzip")
    expect("packed it is the same", holds=gzip.decompress(packed.body()) == plain.body())
    known = Readers(PORTS["kept"], path, Accept_Encoding="gzip", If_None_Match=dict(packed.head())["etag"])
    expect("a known answer is not sent again", holds=b" 304 " in known.answer[:40])
    least = Readers(PORTS["bare"], path, If_None_Match="*")
    trees = {name: _tree(number) for name, number in servers.items()}
    return turns(
        {"bare WSGI": bare.ask, "bare WSGI, empty 304": least.ask, "kept": plain.ask, "kept, gzip": packed.ask, "kept, 304": known.ask},
        ROUNDS,
        acts=ANSWERS,
        computing=lambda name: _computed(trees[name[:4]]),
    )


def _serve(servers: ExitStack, env: dict[str, str], name: str, *target: str) -> int:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(PORTS[name]), "--workers", "1"]
    command += ["--blocking-threads", "1", "--no-ws", "--no-access-log", "--log-level", "error", *target]
    server = subprocess.Popen(command, env=env)
    servers.callback(server.wait, 20)
    servers.callback(server.terminate)
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", PORTS[name])).close()
        except OSError:
            time.sleep(0.1)
        else:
            return server.pid
    raise SystemExit(f"Nothing answers on port {PORTS[name]}.")


def _tree(number: int) -> list[int]:
    """A process and those that it began."""
    tasks = Path(f"/proc/{number}/task").iterdir()
    children = [int(each) for task in tasks for each in (task / "children").read_text().split()]
    return [number, *(each for child in children for each in _tree(child))]


def _computed(processes: list[int]) -> float:
    """The seconds that they have computed, as the scheduler of Linux counts them."""
    tasks = (task for number in processes for task in Path(f"/proc/{number}/task").iterdir())
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
