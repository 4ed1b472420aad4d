"""The command `sipetruk`: for whoever runs the server.

Exit codes: 0 done or equal, 1 refused or different, 2 wrong use or an unreadable file.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import peewee as pw

from sipetruk import imports, jobs, migrations
from sipetruk.documents import instrument_files as instrument_documents
from sipetruk.errors import Refusal
from sipetruk.models.base import bind, database
from sipetruk.queries import instruments as instrument_queries
from sipetruk.queries import people
from sipetruk.queries import users as user_queries
from sipetruk.reference import siasn_codes
from sipetruk.rules import checking
from sipetruk.rules.instrument_schema import instrument_schema
from sipetruk.rules.permissions import ROLE_LABELS, SYSTEM, UNIT_ROLES, Grant, Role
from sipetruk.services import audit, clock, evidence, instrument_files, users
from sipetruk.services import people as people_services
from sipetruk.windows import load_settings

if TYPE_CHECKING:
    from config import Settings

STAGES = ("preparation", "nomination", "verification", "assessment", "ranking", "published")
REFUSED, UNREADABLE = 1, 2
SHOWN_UNITS = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="sipetruk", prog_name="sipetruk")
def main() -> None:
    """SI PETRUK: pemilihan ASN berprestasi Kabupaten Balangan."""


@main.command()
def migrate() -> None:
    """Buat atau perbarui basis data; aman dijalankan berulang kali."""
    with _database():
        applied = migrations.upgrade()
    click.echo("\n".join(f"diterapkan: {name}" for name in applied) or "basis data sudah mutakhir")


@main.command()
@click.option("--stage", type=click.Choice(STAGES), default="published", show_default=True, help="Sampai tahap mana putaran berjalan.")
@click.option("--seed", type=int, default=1, show_default=True, help="Benih: angka yang sama selalu menghasilkan data yang sama.")
@click.option("--password", help="Kata sandi semua akun contoh; tanpa pilihan ini dibuatkan dan ditampilkan.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Hari yang dianggap hari ini (tahun-bulan-tanggal).")
@click.option("--fresh", is_flag=True, help="Kosongkan basis data lebih dahulu; ditolak pada production.")
@click.option("--if-empty", is_flag=True, help="Jangan lakukan apa pun bila basis data sudah berisi.")
def demo(*, stage: str, seed: int, password: str | None, today: Any, fresh: bool, if_empty: bool) -> None:
    """Isi basis data kosong dengan satu putaran contoh dan pegawai rekaan."""
    settings = load_settings()
    if fresh:
        _empty(settings)
    with _database(settings), _refusals():
        migrations.upgrade()
        if user_queries.users(SYSTEM):
            if if_empty:
                known = _accounts_file(settings)
                click.echo(known.read_text(encoding="utf-8") if known.is_file() else "Basis data sudah berisi.")
                return
            _fail("Basis data sudah berisi; data contoh hanya dibuat pada basis data kosong (lihat --fresh).")
        from sipetruk import demo as demonstration  # noqa: PLC0415  # a whole made-up regency, only where it is built

        password = password or secrets.token_urlsafe(9)
        demonstration.build(stage=stage, seed=seed, password=password, today=today.date() if today else clock.today())
        text = _accounts(password)
    accounts = _accounts_file(settings)
    accounts.touch(mode=0o600)
    accounts.write_text(text, encoding="utf-8")
    click.echo(text)


@main.command("import")
@click.argument("kind", type=click.Choice(list(imports.KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Periksa seluruh berkas dan katakan akibatnya, tetapi jangan simpan apa pun.")
def import_file(kind: str, file: Path, *, dry_run: bool) -> None:
    """Muat data pegawai dari FILE (CSV UTF-8): semua baris disimpan, atau semua yang salah disebut dan tidak satu pun disimpan."""
    content = file.read_bytes()
    with _database():
        try:
            saved = imports.load(SYSTEM, kind, content, dry_run=dry_run)
        except Refusal as refusal:
            _refuse_file(refusal)
    counts = f"{saved.added} ditambahkan, {saved.changed} diganti, {saved.unchanged} sudah sama"
    click.echo(f"Percobaan, tidak ada yang disimpan; yang akan terjadi: {counts}." if dry_run else f"Selesai: {counts}.")


@main.command()
def codes() -> None:
    """Muat tabel kode SIASN (eselon, golongan, jenis jabatan, …) yang dibawa program; aman dijalankan berulang kali."""
    tables = siasn_codes()
    with _database(), _refusals():
        for kind, rows in tables.items():
            people_services.load_codes(SYSTEM, kind=kind, rows=rows)
    click.echo("\n".join(f"{kind}: {len(rows)} kode" for kind, rows in tables.items()))


@main.command()
@click.option("--host", help="Alamat yang didengarkan (bawaan: SIPETRUK_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port yang didengarkan (bawaan: SIPETRUK_PORT).")
@click.option("--workers", type=click.IntRange(1, 256), help="Banyaknya proses (bawaan: SIPETRUK_WORKERS).")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """Jalankan server web; Ctrl+C menghentikannya setelah permintaan yang sedang berjalan selesai."""
    from granian import Granian  # noqa: PLC0415  # a server is loaded by the one command that serves
    from granian.constants import Interfaces  # noqa: PLC0415  # as above
    from granian.log import LogLevels  # noqa: PLC0415  # as above

    settings = load_settings()
    with _database(settings):
        if waiting := migrations.pending():
            _fail(f"Basis data belum mutakhir ({', '.join(waiting)}); jalankan dahulu: sipetruk migrate")
    host, port = host or settings.host, port or settings.port
    _check_free(host, port)
    click.echo(f"SI PETRUK melayani http://{host}:{port}/ (panel: /admin/, API: /graphql)")
    server = Granian(
        "sipetruk.app:create_worker",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers or settings.workers,
        blocking_threads=1,  # processes, not threads: SQLite releases the interpreter at every row
        respawn_failed_workers=True,
        workers_kill_timeout=30,
        websockets=False,
        log_level=LogLevels.debug if settings.log_level == "DEBUG" else LogLevels.warning,
    )
    with _worker_beside():
        server.serve()


@main.command()
@click.option("--once", is_flag=True, help="Kerjakan yang menunggu, lalu selesai.")
@click.option("--parent", type=int, help="Nomor proses; berhenti bila proses itu sudah tidak ada.")
def worker(*, once: bool, parent: int | None) -> None:
    """Kerjakan pekerjaan di luar permintaan web, misalnya analisis; `serve` sudah menjalankan satu."""
    settings = load_settings()
    bind(settings.database_url)
    if once:
        with database.connection_context():
            while jobs.work_once():
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
            _fail(f"Alamat {host}:{port} tidak dapat dipakai ({error.strerror}). Pilih port lain: SIPETRUK_PORT=8001")


@main.group()
def user() -> None:
    """Kelola akun pengguna."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Nama lengkap.")
@click.option("--role", "roles", multiple=True, required=True, help="Peran, atau PERAN:KODE_UNIT untuk peran unit; boleh diulang.")
@click.option("--password", help="Kata sandi; tanpa pilihan ini ditanyakan, atau dibaca dari masukan baku.")
def add_user(username: str, name: str, roles: tuple[str, ...], password: str | None) -> None:
    """Tambah pengguna USERNAME, misalnya --role verifier atau --role opd_admin:dinkes."""
    with _database(), _refusals():
        grants = [_grant(text) for text in roles]
        users.add(SYSTEM, username=username, name=name, password=_password(password), grants=grants)
    click.echo(f"pengguna {username} ditambahkan")


@user.command("list")
def list_users() -> None:
    """Tampilkan semua pengguna, perannya, dan apakah aktif."""
    with _database():
        for row in user_queries.users(SYSTEM):
            roles = ", ".join(ROLE_LABELS[role] + (f" ({unit})" if unit else "") for role, unit in row.grants)
            click.echo(f"{row.username:<24} {row.name:<32} {'aktif' if row.is_active else 'nonaktif':<9} {roles}")


@user.command("password")
@click.argument("username")
@click.option("--password", help="Kata sandi baru; tanpa pilihan ini ditanyakan, atau dibaca dari masukan baku.")
def change_password(username: str, password: str | None) -> None:
    """Ganti kata sandi USERNAME; semua sesinya berakhir."""
    with _database(), _refusals():
        found = [row.id for row in user_queries.users(SYSTEM) if row.username == username]
        if not found:
            _fail(f"Pengguna {username} tidak ditemukan.")
        users.set_password(SYSTEM, user_id=found[0], password=_password(password))
    click.echo(f"kata sandi {username} diganti")


@main.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Tulis public.graphql dan staff.graphql ke folder ini.")
def schema(out: Path | None) -> None:
    """Cetak skema GraphQL publik dan skema petugas."""
    from sipetruk.api.sdl import SDL  # noqa: PLC0415  # building both schemas takes longer than any other command

    for name, sdl in SDL.items():
        text = sdl()
        if out is None:
            click.echo(f"# ---- {name}.graphql\n{text}")
        else:
            (out / f"{name}.graphql").write_text(text, encoding="utf-8")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Hitung ulang pemeringkatan atau periksa pengumuman dari FILE saja, tanpa basis data, dan katakan sama atau di mana bedanya."""
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        _fail(f"{file} bukan berkas JSON yang dapat dibaca: {error}", UNREADABLE)
    found = checking.check(document)
    if not found.equal:
        click.echo("BERBEDA: hasil hitung ulang tidak sama dengan isi berkas.")
        click.echo("\n".join(f"- {difference}" for difference in found.differences))
        sys.exit(REFUSED)
    click.echo(f"SAMA: hasil hitung ulang sama dengan isi berkas (SHA-256 {found.sha256}).")


@main.group()
def instrument() -> None:
    """Keluarkan dan masukkan instrumen sebagai berkas (TOML, JSON, XLSX)."""


@instrument.command("export")
@click.argument("code")
@click.option("--number", type=int, help="Nomor versi; tanpa pilihan ini versi terbaru.")
@click.option(
    "--format", "kind", type=click.Choice(list(instrument_documents.KINDS)), default="toml", show_default=True, help="Jenis berkas."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Tulis ke berkas ini; tanpa pilihan ini ke keluaran baku.")
def export_instrument(code: str, *, number: int | None, kind: str, out: Path | None) -> None:
    """Tulis satu versi instrumen CODE sebagai berkas; versi yang sama selalu menghasilkan byte yang sama."""
    with _database(), _refusals():
        rows = [row for row in instrument_queries.list_versions(SYSTEM) if row.code == code and number in (None, row.number)]
        if not rows:
            _fail(f"Instrumen {code} (versi {number or 'terbaru'}) tidak ditemukan.")
        file = instrument_files.export(SYSTEM, version_id=rows[0].id, kind=kind)
    if out is None:
        sys.stdout.buffer.write(file.content)
    else:
        out.write_bytes(file.content)
        click.echo(f"{out}: {file.size} byte, SHA-256 {file.sha256}")


@instrument.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code", required=True, help="Kode instrumen: drafnya diganti, draf berikutnya dibuat, atau instrumen baru dibuat.")
@click.option("--name", default="", help="Nama, bila instrumennya baru.")
@click.option("--dry-run", is_flag=True, help="Periksa seluruh berkas dan katakan akibatnya, tetapi jangan simpan apa pun.")
def import_instrument(file: Path, *, code: str, name: str, dry_run: bool) -> None:
    """Jadikan FILE (TOML, JSON, atau XLSX) isi draf instrumen; semua yang salah disebut dengan letaknya dan tidak ada yang disimpan."""
    with _database(), _refusals("\n"):
        target = instrument_files.target_of(SYSTEM, code=code, name=name)
        trial = instrument_files.try_file(SYSTEM, content=file.read_bytes(), target=target)
        for line in _told(trial):
            click.echo(line)
        if dry_run:
            click.echo("Percobaan, tidak ada yang disimpan.")
            return
        version_id = instrument_files.import_document(SYSTEM, document=trial.document, target=target, expected_sha256=trial.sha256)
    click.echo(f"Selesai: disimpan sebagai draf (nomor {version_id}).")


@instrument.command("schema")
def print_instrument_schema() -> None:
    """Cetak skema JSON dari format berkas instrumen."""
    click.echo(json.dumps(instrument_schema(), ensure_ascii=False, indent=2))


def _told(trial: instrument_files.Trial) -> Iterator[str]:
    """What an import would do, line by line."""
    if trial.changes is None:
        yield f"Instrumen baru: {trial.definition.title}"
    elif trial.changes_nothing:
        yield "Isinya sama persis dengan yang sudah ada."
    for change in trial.changes or ():
        yield f"- {change.message}"
    for finding in trial.findings:
        if finding.severity == "error":
            yield f"belum dapat dikunci: {finding.message}"


@main.group("audit")
def audit_group() -> None:
    """Periksa jejak audit."""


@audit_group.command("verify")
def verify_audit() -> None:
    """Hitung ulang rantai jejak audit dari entri pertama."""
    with _database():
        verdict = audit.verify()
    if verdict.broken_at is not None:
        _fail(f"RUSAK: entri nomor {verdict.broken_at} tidak cocok dengan entri sebelumnya.")
    click.echo(f"UTUH: {verdict.entries} entri, ujung rantai {verdict.head}")


@contextmanager
def _database(settings: Settings | None = None) -> Iterator[None]:
    """The database of the settings, open for one command."""
    settings = settings or load_settings()
    bind(settings.database_url)
    evidence.use_store(settings.data_dir / "evidence")
    try:
        database.connect()
    except pw.OperationalError as error:
        _fail(f"Basis data tidak dapat dihubungi: {error}")
    try:
        yield
    finally:
        database.close()


@contextmanager
def _refusals(between: str = " ") -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        _fail(between.join(problem.message for problem in refusal.problems))


def _refuse_file(refusal: Refusal) -> NoReturn:
    """Name every problem of a file at its row and column; a file with problems of no row could not be read at all."""
    for problem in refusal.problems:
        row, *column = problem.path or ("",)
        place = f"baris {row}, {column[0]}: " if column else f"baris {row}: " if row else ""
        click.echo(f"{place}{problem.message}", err=True)
    rows = {problem.path[0] for problem in refusal.problems if problem.path}
    if not rows:
        sys.exit(UNREADABLE)
    _fail(f"Tidak ada yang disimpan: {len(refusal.problems)} kesalahan pada {len(rows)} baris.")


def _fail(message: str, code: int = REFUSED) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def _password(given: str | None) -> str:
    if given is not None:
        return given
    if sys.stdin.isatty():
        return str(click.prompt("Kata sandi", hide_input=True, confirmation_prompt="Ulangi kata sandi"))
    return sys.stdin.readline().rstrip("\r\n")


def _grant(text: str) -> Grant:
    name, _, code = text.partition(":")
    if name not in set(Role):
        raise click.BadParameter(f"peran {name!r} tidak dikenal; pilihannya: {', '.join(Role)}", param_hint="--role")
    if not code:
        return Grant(Role(name))
    found = [unit.id for unit in people.units(SYSTEM) if unit.code == code]
    if not found:
        raise click.BadParameter(f"unit kerja {code!r} tidak ditemukan", param_hint="--role")
    return Grant(Role(name), found[0])


def _empty(settings: Settings) -> None:
    if settings.is_production:
        _fail("Basis data production tidak dikosongkan dengan perintah ini.")
    with _database(settings):
        migrations.drop_everything()


def _accounts_file(settings: Settings) -> Path:
    return settings.data_dir / "akun-contoh.txt"


def _accounts(password: str) -> str:
    """The accounts of the demonstration as text: everybody outside the units, and of the units the first few."""
    rows = user_queries.users(SYSTEM)
    central = [row for row in rows if not any(role in UNIT_ROLES for role, _ in row.grants)]
    codes = [row.username.removeprefix("opd-") for row in rows if row.username.startswith("opd-")][:SHOWN_UNITS]
    shown = central + [row for row in rows if row.username.partition("-")[2] in codes]
    lines = [f"  {row.username:<22} {', '.join(ROLE_LABELS[role] for role, _ in row.grants):<18} {row.name}" for row in shown]
    title = "Akun contoh (opd-<kode unit> dan kepala-<kode unit> ada untuk setiap unit):"
    return "\n".join([title, *lines, f"Kata sandi semua akun: {password}"])
