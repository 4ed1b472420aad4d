"""Commands for whoever looks after the installation: is it sound, and what is past its time."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sipetruk.cli.shared import REFUSED, open_database, refusals
from sipetruk.queries import retention as queries
from sipetruk.rules.permissions import SYSTEM
from sipetruk.rules.system_check import VERDICT_LABELS, Verdict
from sipetruk.services import clock, system_check
from sipetruk.services import retention as services
from sipetruk.windows import load_settings

if TYPE_CHECKING:
    from config import Settings


@click.command("check")
def check_system() -> None:
    """Periksa instalasi ini. Folder, basis data, jam, pekerja, cadangan, masuk tunggal; setiap masalah beserta jalan keluarnya."""
    settings = load_settings()
    with open_database(settings, takes_any=True):
        found = system_check.check(SYSTEM, site=_site(settings))
    for each in found:
        click.echo(f"{VERDICT_LABELS[each.verdict]:<16}{each.name}: {each.said}")
        if each.cure:
            click.echo(f"{'':<16}-> {each.cure}")
    if any(each.verdict is Verdict.PROBLEM for each in found):
        sys.exit(REFUSED)


@click.command()
@click.option("--dry-run", is_flag=True, help="Katakan saja berapa yang akan dihapus.")
def retention(*, dry_run: bool) -> None:
    """Hapus data pribadi yang lewat masa simpannya. Pekerja melakukannya setiap hari."""
    with open_database(), refusals():
        if dry_run:
            plan = queries.plan(SYSTEM, now=clock.now())
            click.echo("\n".join(f"{due.rule.label}: {due.count} lewat {due.length} {due.rule.unit}" for due in plan.due))
            return
        done = services.apply(SYSTEM)
    rows = f"{done['login_attempts']} catatan percobaan masuk, {done['notifications']} pemberitahuan, {done['deliveries']} pesan webhook"
    click.echo(f"Dihapus: {rows}, isi {done['nominations']} usulan.")


def _site(settings: Settings) -> system_check.Site:
    issuer = settings.single_sign_on.issuer if settings.single_sign_on else ""
    return system_check.Site(settings.data_dir, settings.is_production, settings.trusted_proxies, issuer)
