"""Commands that stay: the web server, and the worker that does the work outside requests."""

from __future__ import annotations

import ctypes
import errno
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import click

from sipetruk import jobs
from sipetruk.cli.shared import fail, open_database
from sipetruk.models.base import bind
from sipetruk.services import evidence, webhook_sending, webhooks
from sipetruk.taking import READERS, readers
from sipetruk.windows import load_settings

if TYPE_CHECKING:
    from granian.server.common import AbstractServer

LEAST_FREE = 4 * 1024**2
NOT_FREE = {
    errno.EADDRINUSE: "sudah dipakai program lain, pilih port lain, misalnya 8001",
    errno.EADDRNOTAVAIL: "alamat itu bukan milik mesin ini",
    errno.EACCES: "port di bawah 1024 hanya untuk root, pilih port lain, misalnya 8000",
}
PARENT_DEATH_SIGNAL = 1
WORKER_ENDS = 15
"""Seconds that a server which was told to end waits for its worker, which may have a message on its way for 10."""


@click.command()
@click.option("--host", help="Alamat yang didengarkan (bawaan: SIPETRUK_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port yang didengarkan (bawaan: SIPETRUK_PORT).")
@click.option("--workers", type=click.IntRange(1, 256), help="Banyaknya proses (bawaan: SIPETRUK_WORKERS).")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Jalankan server web. Ctrl+C menghentikannya setelah permintaan yang sedang berjalan selesai."""
    settings = load_settings()
    with open_database(settings):
        pass
    if shutil.disk_usage(settings.data_dir).free < LEAST_FREE:
        fail(f"Diska tempat folder data {settings.data_dir} penuh; kosongkan dahulu.")
    host, port = host or settings.host, port or settings.port
    address = _free_address(host, port)
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"SI PETRUK melayani http://{shown}:{port}/ (panel: /admin/, API: /graphql); Ctrl+C menghentikannya")
    threads = readers(settings.trusted_proxies)
    server = web_server(address, port, workers or settings.workers, threads=threads, is_debugging=settings.log_level == "DEBUG")
    with _worker_beside(), suppress(KeyboardInterrupt):
        server.serve()


def web_server(host: str, port: int, workers: int, *, threads: int = READERS, is_debugging: bool = False) -> AbstractServer[Any]:
    """What answers requests, ready to `serve`; each of its processes reads the settings by itself."""
    from granian import Granian  # noqa: PLC0415  # a server is loaded by the one command that serves
    from granian.constants import Interfaces  # noqa: PLC0415  # as above
    from granian.log import LogLevels, logger  # noqa: PLC0415  # as above

    logger.addFilter(_is_news)
    os.register_at_fork(after_in_child=_end_by_the_server_alone)
    return Granian(
        "sipetruk.app:create_worker",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=threads,  # of which one answers at a time: SQLite releases the interpreter at every row
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        websockets=False,
        log_level=LogLevels.debug if is_debugging else LogLevels.warning,
    )


def _is_news(record: logging.LogRecord) -> bool:
    """Whether the server says what is not meant to be so: its many threads read only."""
    return "Python threads" not in record.getMessage()


def _end_by_the_server_alone() -> None:
    """In a new process of the server: it ends when the server says so (SIGTERM) or is killed, also while it loads, and not at Ctrl+C.

    A terminal sends Ctrl+C to all of them; granian would wait half a minute for a process that was told both ways.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


@click.command()
@click.option("--once", is_flag=True, help="Kerjakan yang menunggu, lalu selesai.")
@click.option("--parent", type=int, help="Nomor proses; berhenti bila proses itu sudah tidak ada.")
def worker(*, once: bool, parent: int | None) -> None:
    """Kerjakan pekerjaan di luar permintaan web. Misalnya analisis; `serve` sudah menjalankan satu."""
    settings = load_settings()
    bind(settings.database_url)
    evidence.use_store(settings.data_dir / "evidence")
    webhooks.use(settings.secret_key)
    webhook_sending.use(settings.webhook_networks, is_production=settings.is_production)
    if once:
        with open_database(settings):
            jobs.Clockwork().turn()
            while jobs.work_once() or jobs.deliver_once():
                pass
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    jobs.run(stop, parent)


@contextmanager
def _worker_beside() -> Iterator[None]:
    """A worker in a process of its own for as long as the block lasts; one that ends is started again."""
    command = [sys.executable, "-m", "sipetruk", "worker", "--parent", str(os.getpid())]
    over = threading.Event()

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, process_group=0)  # noqa: S603  # our own command; Ctrl+C is for the server, which ends it

    running = start()

    def watch() -> None:
        nonlocal running
        while not over.wait(1):
            if running.poll() is not None:
                running = start()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()
        running.terminate()
        with suppress(subprocess.TimeoutExpired):
            running.wait(WORKER_ENDS)


def _free_address(host: str, port: int) -> str:
    """The numeric address of a name; one that cannot be used, or where somebody listens, is refused in words.

    The server itself would share the port silently.
    """
    try:
        found = sorted(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))  # the older family first, as `localhost` is meant
    except (OSError, UnicodeError):
        fail(f"Pengaturan SIPETRUK_HOST tidak dapat dipakai: {host!r} bukan alamat, misalnya 127.0.0.1 atau 0.0.0.0.")
    family, kind, _, _, place = found[0]
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError as error:
            why = NOT_FREE.get(error.errno or 0, error.strerror)
            fail(f"Alamat {host} port {port} tidak dapat dipakai: {why}. Periksa SIPETRUK_HOST dan SIPETRUK_PORT.")
    return str(place[0])
