"""Commands about the accounts of users."""

from __future__ import annotations

import sys

import click

from sipetruk.cli.shared import fail, open_database, refusals
from sipetruk.queries import people
from sipetruk.queries import users as user_queries
from sipetruk.rules.permissions import ROLE_LABELS, SYSTEM, Grant, Role
from sipetruk.services import second_factor, users

FIRST = "orangnya harus memilih kata sandi sendiri ketika masuk"


@click.group()
def user() -> None:
    """Kelola akun pengguna."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Nama lengkap.")
@click.option("--role", "roles", multiple=True, required=True, help="Peran, atau PERAN:KODE_UNIT untuk peran unit; boleh diulang.")
@click.option("--password", help="Kata sandi; tanpa pilihan ini ditanyakan, atau dibaca dari masukan baku.")
def add_user(username: str, name: str, roles: tuple[str, ...], password: str | None) -> None:
    """Tambah pengguna USERNAME. Perannya misalnya --role verifier atau --role opd_admin:dinkes."""
    with open_database(), refusals():
        grants = [_grant(text) for text in roles]
        users.add(SYSTEM, username=username, name=name, password=_password(password), grants=grants)
    click.echo(f"pengguna {username} ditambahkan; {FIRST}")


@user.command("list")
def list_users() -> None:
    """Tampilkan semua pengguna, perannya, dan apakah aktif."""
    with open_database():
        for row in user_queries.users(SYSTEM):
            roles = ", ".join(ROLE_LABELS[role] + (f" ({unit})" if unit else "") for role, unit in row.grants)
            click.echo(f"{row.username:<24} {row.name:<32} {'aktif' if row.is_active else 'nonaktif':<9} {roles}")


@user.command("password")
@click.argument("username")
@click.option("--password", help="Kata sandi baru; tanpa pilihan ini ditanyakan, atau dibaca dari masukan baku.")
def change_password(username: str, password: str | None) -> None:
    """Ganti kata sandi USERNAME; semua sesinya berakhir."""
    with open_database(), refusals():
        users.set_password(SYSTEM, user_id=_id(username), password=_password(password))
    click.echo(f"kata sandi {username} diganti; {FIRST}")


@user.command("reset-second-factor")
@click.argument("username")
@click.option("--reason", required=True, help="Alasan; tercatat pada jejak audit.")
def reset_second_factor(username: str, reason: str) -> None:
    """Cabut faktor kedua USERNAME. Misalnya milik admin terakhir yang kehilangan ponsel; semua sesinya berakhir."""
    with open_database(), refusals():
        second_factor.reset(SYSTEM, user_id=_id(username), reason=reason)
    click.echo(f"faktor kedua {username} dicabut")


def _id(username: str) -> int:
    found = [row.id for row in user_queries.users(SYSTEM) if row.username == username]
    return found[0] if found else fail(f"Pengguna {username} tidak ditemukan.")


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
