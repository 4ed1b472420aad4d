"""Commands for the store of evidence files."""

from __future__ import annotations

from datetime import timedelta

import click

from sipetruk.cli.shared import open_database
from sipetruk.services import evidence_cleaning

DAYS = 30


@click.group("evidence")
def evidence_group() -> None:
    """Rawat simpanan berkas bukti."""


@evidence_group.command("clean")
@click.option(
    "--older-than", "days", type=click.IntRange(min=1), default=DAYS, show_default=True, help="Umur berkas paling sedikit, dalam hari."
)
@click.option("--dry-run", is_flag=True, help="Sebutkan saja, tanpa membuang apa pun.")
def clean(days: int, dry_run: bool) -> None:  # noqa: FBT001  # click names its options
    """Buang berkas yang tidak dirujuk data mana pun. Hanya yang sudah lama tidak disentuh: unggahan yang sedang berjalan aman."""
    with open_database():
        found = evidence_cleaning.clean(older_than=timedelta(days=days), is_dry_run=dry_run)
    for path in found.paths:
        click.echo(path)
    what = "akan dibuang" if dry_run else "dibuang"
    click.echo(f"{len(found.paths)} berkas {what}, {found.size} byte.")
