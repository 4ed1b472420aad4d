"""Commands for whoever checks or builds on what the program gives out: its schemas, its files, its audit trail."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from sipetruk.cli.shared import REFUSED, UNREADABLE, fail, open_database, write
from sipetruk.rules import checking, file_schemas
from sipetruk.rules.dates import day_text
from sipetruk.rules.instrument_schema import NAME, instrument_schema
from sipetruk.services import audit

FILE_SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    NAME: instrument_schema,
    "ranking-1.json": file_schemas.ranking_file,
    "publication-1.json": file_schemas.publication_file,
}
"""Name in static/schemas -> what makes it."""
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--out", type=_FOLDER, help="Tulis public.graphql dan staff.graphql ke folder ini.")
@click.option("--files", type=_FOLDER, help="Tulis skema JSON berkas instrumen, pemeringkatan, dan pengumuman ke folder ini.")
def schema(out: Path | None, files: Path | None) -> None:
    """Cetak skema GraphQL publik dan petugas. Atau tulis ke folder."""
    if files is not None:
        for name, made in FILE_SCHEMAS.items():
            write(files / name, (json.dumps(made(), ensure_ascii=False, indent=2) + "\n").encode())
        if out is None:
            return
    from sipetruk.api.sdl import SDL  # noqa: PLC0415  # building both schemas takes longer than any other command

    for name, sdl in SDL.items():
        text = sdl()
        if out is None:
            click.echo(f"# ---- {name}.graphql\n{text}")
        else:
            write(out / f"{name}.graphql", text.encode())


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Hitung ulang pemeringkatan, atau periksa pengumuman. Dari FILE saja, tanpa basis data; katakan sama atau di mana bedanya."""
    try:
        document = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        fail(f"{file} bukan berkas JSON yang dapat dibaca: {error}", UNREADABLE)
    found = checking.check(document)
    if not found.equal:
        click.echo("BERBEDA: hasil hitung ulang tidak sama dengan isi berkas.")
        click.echo("\n".join(f"- {difference}" for difference in found.differences))
        sys.exit(REFUSED)
    click.echo(f"SAMA: hasil hitung ulang sama dengan isi berkas (SHA-256 {found.sha256}).")


@click.group("audit")
def audit_group() -> None:
    """Periksa jejak audit."""


@audit_group.command("verify")
@click.option("--heads", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Daftar ujung rantai yang disimpan di luar.")
def verify_audit(heads: Path | None) -> None:
    """Hitung ulang rantai jejak audit. Dari entri pertama, dan cocokkan dengan ujung rantai yang diumumkan setiap hari."""
    kept = _kept_heads(heads) if heads else []
    with open_database():
        verdict = audit.verify(kept=kept)
    if verdict.broken_at is not None:
        fail(f"RUSAK: entri nomor {verdict.broken_at} tidak cocok dengan entri sebelumnya.")
    if verdict.unfitting is not None:
        fail(f"RUSAK: ujung rantai yang diumumkan untuk {day_text(verdict.unfitting)} tidak cocok dengan jejak audit.")
    agreeing = f", cocok dengan {verdict.heads} ujung rantai yang diumumkan" if verdict.heads else ""
    click.echo(f"UTUH: {verdict.entries} entri{agreeing}, ujung rantai {verdict.head}")


def _kept_heads(path: Path) -> list[audit.KeptHead]:
    """The lines of a list as the portal gives it: day, number of entries and hash, between blanks; other lines are refused."""
    kept = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            day, entries, head = line.split()
            kept.append(audit.KeptHead(date.fromisoformat(day), int(entries), head))
        except ValueError:
            fail(f"{path} baris {number} bukan “tanggal banyaknya-catatan sidik”.", UNREADABLE)
    return kept
