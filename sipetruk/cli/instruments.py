"""Commands about instruments as files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from sipetruk.cli.shared import fail, open_database, refusals, write
from sipetruk.documents import instrument_files as instrument_documents
from sipetruk.queries import instruments as instrument_queries
from sipetruk.rules.instrument_schema import instrument_schema
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import instrument_files


@click.group()
def instrument() -> None:
    """Keluarkan dan masukkan instrumen. Berkasnya TOML, JSON, atau XLSX."""


@instrument.command("export")
@click.argument("code")
@click.option("--number", type=int, help="Nomor versi; tanpa pilihan ini versi terbaru.")
@click.option(
    "--format", "kind", type=click.Choice(list(instrument_documents.KINDS)), default="toml", show_default=True, help="Jenis berkas."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Tulis ke berkas ini; tanpa pilihan ini ke keluaran baku.")
def export_instrument(code: str, *, number: int | None, kind: str, out: Path | None) -> None:
    """Tulis satu versi instrumen CODE sebagai berkas. Versi yang sama selalu menghasilkan byte yang sama."""
    with open_database(), refusals():
        rows = [row for row in instrument_queries.list_versions(SYSTEM) if row.code == code and number in (None, row.number)]
        if not rows:
            fail(f"Instrumen {code} (versi {number or 'terbaru'}) tidak ditemukan.")
        file = instrument_files.export(SYSTEM, version_id=rows[0].id, kind=kind)
    if out is None:
        sys.stdout.buffer.write(file.content)
    else:
        write(out, file.content)
        click.echo(f"{out}: {file.size} byte, SHA-256 {file.sha256}")


@instrument.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code", required=True, help="Kode instrumen: drafnya diganti, draf berikutnya dibuat, atau instrumen baru dibuat.")
@click.option("--name", default="", help="Nama, bila instrumennya baru.")
@click.option("--dry-run", is_flag=True, help="Periksa seluruh berkas dan katakan akibatnya, tetapi jangan simpan apa pun.")
def import_instrument(file: Path, *, code: str, name: str, dry_run: bool) -> None:
    """Jadikan FILE (TOML, JSON, XLSX) isi draf instrumen. Semua yang salah disebut dengan letaknya dan tidak ada yang disimpan."""
    with open_database(), refusals("\n"):
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
