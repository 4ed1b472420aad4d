"""Commands that stay: the web server, and the worker that does the work outside requests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from sipetruk import jobs, migrations
from sipetruk.cli.shared import fail, open_database
from sipetruk.models.base import bind, database
from sipetruk.services import evidence, webhook_sending, webhooks
from sipetruk.windows import load_settings

if TYPE_CHECKING:
    from granian.server.common import AbstractServer


@click.command()
@click.option("--host", help="Alamat yang didengarkan (bawaan: SIPETRUK_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port yang didengarkan (bawaan: SIPETRUK_PORT).")
@click.option("--workers", type=click.IntRange(1, 256), help="Banyaknya proses (bawaan: SIPETRUK_WORKERS).")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Jalankan server web; Ctrl+C menghentikannya setelah permintaan yang sedang berjalan selesai."""
    settings = load_settings()
    with open_database(settings):
        if waiting := migrations.pending():
            fail(f"Basis data belum mutakhir ({', '.join(waiting)}); jalankan dahulu: sipetruk migrate")
    host, port = host or settings.host, port or settings.port
    _check_free(host, port)
    click.echo(f"SI PETRUK melayani http://{host}:{port}/ (panel: /admin/, API: /graphql)")
    server = web_server(host, port, workers or settings.workers, is_debugging=settings.log_level == "DEBUG")
    with _worker_beside():
        server.serve()


def web_server(host: str, port: int, workers: int, *, is_debugging: bool = False) -> AbstractServer[Any]:
    """What answers requests, ready to `serve`; each of its processes reads the settings by itself."""
    from granian import Granian  # noqa: PLC0415  # a server is loaded by the one command that serves
    from granian.constants import Interfaces  # noqa: PLC0415  # as above
    from granian.log import LogLevels  # noqa: PLC0415  # as above

    return Granian(
        "sipetruk.app:create_worker",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=1,  # processes, not threads: SQLite releases the interpreter at every row
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        websockets=False,
        log_level=LogLevels.debug if is_debugging else LogLevels.warning,
    )


@click.command()
@click.option("--once", is_flag=True, help="Kerjakan yang menunggu, lalu selesai.")
@click.option("--parent", type=int, help="Nomor proses; berhenti bila proses itu sudah tidak ada.")
def worker(*, once: bool, parent: int | None) -> None:
    """Kerjakan pekerjaan di luar permintaan web, misalnya analisis; `serve` sudah menjalankan satu."""
    settings = load_settings()
    bind(settings.database_url)
    evidence.use_store(settings.data_dir / "evidence")
    webhooks.use(settings.secret_key)
    webhook_sending.use(settings.webhook_networks, is_production=settings.is_production)
    if once:
        with database.connection_context():
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
    running = subprocess.Popen(command)  # noqa: S603  # our own command

    def watch() -> None:
        nonlocal running
        while not over.wait(1):
            if running.poll() is not None:
                running = subprocess.Popen(command)  # noqa: S603  # our own command

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()
        running.terminate()


def _check_free(host: str, port: int) -> None:
    """Stop with a clear message when somebody listens there already: the server itself would share the port silently."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"Alamat {host}:{port} tidak dapat dipakai ({error.strerror}). Pilih port lain: SIPETRUK_PORT=8001")
