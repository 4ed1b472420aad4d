"""Commands that fill the database: its tables, the made-up regency, files of the personnel system, code tables."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from sipetruk import imports, migrations
from sipetruk.cli.shared import UNREADABLE, fail, open_database, refusals
from sipetruk.errors import Refusal
from sipetruk.queries import users as user_queries
from sipetruk.reference import siasn_codes
from sipetruk.rules.permissions import ROLE_LABELS, SYSTEM, UNIT_ROLES
from sipetruk.services import clock
from sipetruk.services import people as people_services
from sipetruk.windows import load_settings

if TYPE_CHECKING:
    from config import Settings

STAGES = ("preparation", "nomination", "verification", "assessment", "ranking", "published")
SHOWN_UNITS = 3


@click.command()
def migrate() -> None:
    """Buat atau perbarui basis data; aman dijalankan berulang kali."""
    with open_database(takes_any=True):
        applied = migrations.upgrade()
    click.echo("\n".join(f"diterapkan: {name}" for name in applied) or "basis data sudah mutakhir")


@click.command()
@click.option("--stage", type=click.Choice(STAGES), default="published", show_default=True, help="Sampai tahap mana putaran berjalan.")
@click.option("--seed", type=int, default=1, show_default=True, help="Benih: angka yang sama selalu menghasilkan data yang sama.")
@click.option("--password", help="Kata sandi semua akun contoh; tanpa pilihan ini dibuatkan dan ditampilkan.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Hari yang dianggap hari ini (tahun-bulan-tanggal).")
@click.option("--fresh", is_flag=True, help="Kosongkan basis data lebih dahulu; ditolak pada production.")
@click.option("--if-empty", is_flag=True, help="Jangan lakukan apa pun bila basis data sudah berisi.")
def demo(*, stage: str, seed: int, password: str | None, today: Any, fresh: bool, if_empty: bool) -> None:
    """Isi basis data kosong dengan satu putaran contoh. Pegawainya rekaan."""
    settings = load_settings()
    if fresh:
        _empty(settings)
    with open_database(settings, takes_any=True), refusals():
        migrations.upgrade()
        if user_queries.users(SYSTEM):
            if if_empty:
                known = _accounts_file(settings)
                click.echo(known.read_text(encoding="utf-8") if known.is_file() else "Basis data sudah berisi.")
                return
            fail("Basis data sudah berisi; data contoh hanya dibuat pada basis data kosong (lihat --fresh).")
        from sipetruk import demo as demonstration  # noqa: PLC0415  # a whole made-up regency, only where it is built

        click.echo("Mengisi basis data kosong dengan putaran contoh, kurang lebih seperempat menit ...", err=True)
        password = password or secrets.token_urlsafe(9)
        demonstration.build(stage=stage, seed=seed, password=password, today=today.date() if today else clock.today())
        text = _accounts(password)
    click.echo(text)
    accounts = _accounts_file(settings)
    accounts.touch(mode=0o600)
    accounts.write_text(text, encoding="utf-8")


@click.command("import")
@click.argument("kind", metavar="JENIS", type=click.Choice(list(imports.KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Periksa seluruh berkas dan katakan akibatnya, tetapi jangan simpan apa pun.")
def import_file(kind: str, file: Path, *, dry_run: bool) -> None:
    """Muat data sistem kepegawaian dari FILE (CSV UTF-8).

    JENIS: units, employees, attendance, ratings, series, sanctions, atau awards. Semua baris disimpan, atau semua yang
    salah disebut dan tidak satu pun disimpan.
    """
    content = file.read_bytes()
    with open_database():
        try:
            saved = imports.load(SYSTEM, kind, content, dry_run=dry_run)
        except Refusal as refusal:
            _refuse_file(refusal)
    counts = f"{saved.added} ditambahkan, {saved.changed} diganti, {saved.unchanged} sudah sama"
    click.echo(f"Percobaan, tidak ada yang disimpan; yang akan terjadi: {counts}." if dry_run else f"Selesai: {counts}.")


@click.command()
def codes() -> None:
    """Muat tabel kode SIASN yang dibawa program. Eselon, golongan, jenis jabatan, …; aman dijalankan berulang kali."""
    tables = siasn_codes()
    with open_database(), refusals():
        for kind, rows in tables.items():
            people_services.load_codes(SYSTEM, kind=kind, rows=rows)
    click.echo("\n".join(f"{kind}: {len(rows)} kode" for kind, rows in tables.items()))


def _refuse_file(refusal: Refusal) -> NoReturn:
    """Name every problem of a file at its row and column; a file with problems of no row could not be read at all."""
    for problem in refusal.problems:
        row, *column = problem.path or ("",)
        place = f"baris {row}, {column[0]}: " if column else f"baris {row}: " if row else ""
        click.echo(f"{place}{problem.message}", err=True)
    rows = {problem.path[0] for problem in refusal.problems if problem.path}
    if not rows:
        sys.exit(UNREADABLE)
    fail(f"Tidak ada yang disimpan: {len(refusal.problems)} kesalahan pada {len(rows)} baris.")


def _empty(settings: Settings) -> None:
    if settings.is_production:
        fail("Basis data production tidak dikosongkan dengan perintah ini.")
    with open_database(settings, takes_any=True):
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
