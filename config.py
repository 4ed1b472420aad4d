"""Every setting of SI PETRUK: name, default and one line of meaning; the only reader of the environment.

This file is executed, never imported. A value that makes no sense stops the start with a message that names it.
A secret may come from a file: the same name with `_FILE`.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit

SETTINGS = {
    "SIPETRUK_ENV": ("development", "development, production atau testing"),
    "SIPETRUK_DATA_DIR": ("./var", "folder data: basis data SQLite, berkas bukti dukung, kunci rahasia buatan sendiri"),
    "SIPETRUK_DATABASE_URL": ("sqlite di folder data", "sqlite:///berkas.db atau postgresql://...; boleh lewat _FILE"),
    "SIPETRUK_SECRET_KEY": ("dibuat sendiri, kecuali production", "kunci tanda tangan sesi, minimal 16 karakter; boleh lewat _FILE"),
    "SIPETRUK_HOST": ("127.0.0.1", "alamat yang didengarkan server"),
    "SIPETRUK_PORT": ("8000", "port yang didengarkan server"),
    "SIPETRUK_WORKERS": ("jumlah inti prosesor, paling banyak 8", "banyaknya proses yang melayani permintaan"),
    "SIPETRUK_TRUSTED_PROXIES": ("0", "banyaknya proxy di depan server yang header X-Forwarded-* nya dipercaya"),
    "SIPETRUK_MAX_UPLOAD_MB": ("12", "ukuran terbesar satu berkas yang diunggah, dalam MB; satu permintaan boleh 1 MB lebih besar"),
    "SIPETRUK_SESSION_HOURS": ("12", "lama sesi masuk berlaku tanpa kegiatan"),
    "SIPETRUK_SECOND_FACTOR_ROLES": ("kosong", "peran yang wajib memakai faktor kedua, dipisah koma, misalnya bkpsdm_admin,verifier"),
    "SIPETRUK_OIDC_ISSUER": ("kosong: tanpa masuk tunggal", "alamat penyedia OpenID Connect, persis seperti `issuer` pada dokumennya"),
    "SIPETRUK_OIDC_CLIENT_ID": ("kosong", "nama SI PETRUK pada penyedia OpenID Connect"),
    "SIPETRUK_OIDC_CLIENT_SECRET": ("kosong", "kata sandi SI PETRUK pada penyedia OpenID Connect; boleh lewat _FILE"),
    "SIPETRUK_OIDC_LABEL": ("SSO", "sebutan penyedia pada tombol, misalnya SSO Balangan"),
    "SIPETRUK_OIDC_LINK": ("none", "cara mengenali orang yang belum terhubung: none, username, atau email (yang terverifikasi)"),
    "SIPETRUK_WEBHOOK_NETWORKS": (
        "kosong: alamat umum saja",
        "jaringan tertutup yang boleh dikirimi webhook, dipisah koma, misalnya 10.20.0.0/16",
    ),
    "SIPETRUK_LOG_LEVEL": ("INFO", "DEBUG, INFO, WARNING atau ERROR"),
}
"""Name -> (default, meaning). `docs/operations.md` lists each."""

SECRETS = frozenset({"SIPETRUK_DATABASE_URL", "SIPETRUK_SECRET_KEY", "SIPETRUK_OIDC_CLIENT_SECRET"})
ROLES = ("bkpsdm_admin", "verifier", "assessor", "opd_admin", "opd_head", "viewer")
MIN_SECRET_LENGTH = 16
MAX_ISSUER = 200
MAX_WORKERS = 8


class Env(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TESTING = "testing"


@dataclass(frozen=True)
class SingleSignOn:
    issuer: str
    client_id: str
    client_secret: str
    label: str
    link: str


@dataclass(frozen=True)
class Settings:
    env: Env
    data_dir: Path
    database_url: str
    secret_key: str
    host: str
    port: int
    workers: int
    trusted_proxies: int
    max_upload_mb: int
    session_hours: int
    second_factor_roles: tuple[str, ...]
    single_sign_on: SingleSignOn | None
    webhook_networks: tuple[str, ...]
    log_level: str

    @property
    def is_production(self) -> bool:
        return self.env == Env.PRODUCTION


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; creates the data folder and, outside production, a missing secret key."""
    given = _Given(os.environ if environ is None else environ)
    env = given.one_of("SIPETRUK_ENV", tuple(Env), default=Env.DEVELOPMENT)
    data_dir = Path(given.text("SIPETRUK_DATA_DIR", default="./var"))
    try:
        data_dir = data_dir.expanduser().resolve()
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        _stop("SIPETRUK_DATA_DIR", f"folder {data_dir} tidak dapat dibuat ({error.strerror})")
    except RuntimeError:
        _stop("SIPETRUK_DATA_DIR", f"pengguna pada {data_dir} tidak dikenal")
    return Settings(
        env=Env(env),
        data_dir=data_dir,
        database_url=_database_url(given, data_dir),
        secret_key=_secret_key(given, Env(env), data_dir),
        host=given.text("SIPETRUK_HOST", default="127.0.0.1"),
        port=given.number("SIPETRUK_PORT", default=8000, low=1, high=65535),
        workers=given.number("SIPETRUK_WORKERS", default=min(os.cpu_count() or 1, MAX_WORKERS), low=1, high=256),
        trusted_proxies=given.number("SIPETRUK_TRUSTED_PROXIES", default=0, low=0, high=10),
        max_upload_mb=given.number("SIPETRUK_MAX_UPLOAD_MB", default=12, low=1, high=1024),
        session_hours=given.number("SIPETRUK_SESSION_HOURS", default=12, low=1, high=720),
        second_factor_roles=given.some_of("SIPETRUK_SECOND_FACTOR_ROLES", ROLES),
        single_sign_on=_single_sign_on(given, Env(env)),
        webhook_networks=given.networks("SIPETRUK_WEBHOOK_NETWORKS"),
        log_level=given.one_of("SIPETRUK_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO"),
    )


def shown(settings: Settings) -> list[tuple[str, str, str]]:
    """Name, value and meaning of each setting as it may be shown to people: no secret, no account of the database."""
    return [(name, _shown(name, settings), meaning) for name, (_, meaning) in SETTINGS.items()]


def _shown(name: str, settings: Settings) -> str:
    sign_on = settings.single_sign_on
    if name == "SIPETRUK_DATABASE_URL":
        return "SQLite" if settings.database_url.startswith("sqlite") else "PostgreSQL"
    if name in SECRETS:
        is_given = name != "SIPETRUK_OIDC_CLIENT_SECRET" or (sign_on is not None and bool(sign_on.client_secret))
        return "terisi, tidak ditampilkan" if is_given else "kosong"
    field = name.removeprefix("SIPETRUK_").lower()
    if field.startswith("oidc_"):
        return str(getattr(sign_on, field.removeprefix("oidc_"))) if sign_on else "kosong"
    value = getattr(settings, field)
    return ", ".join(value) or "kosong" if isinstance(value, tuple) else str(value)


class _Given:
    """The values as they were given, each with the checks of its kind."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, *, default: str) -> str:
        value = self.environ.get(name, "").strip()
        if name in SECRETS and (path := self.environ.get(f"{name}_FILE", "").strip()):
            if value:
                _stop(name, f"isi {name} atau {name}_FILE, jangan keduanya")
            try:
                value = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                _stop(f"{name}_FILE", f"berkas {path} tidak dapat dibaca")
        return value or default

    def number(self, name: str, *, default: int, low: int, high: int) -> int:
        value = self.text(name, default=str(default))
        if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
            _stop(name, f"{value!r} bukan bilangan bulat antara {low} dan {high}")
        return int(value)

    def one_of(self, name: str, values: tuple[str, ...], *, default: str) -> str:
        value = self.text(name, default=default)
        if value not in values:
            _stop(name, f"{value!r} tidak dikenal, pilih salah satu: {', '.join(values)}")
        return value

    def networks(self, name: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(part.strip() for part in self.text(name, default="").split(",") if part.strip()))
        for value in found:
            try:
                ip_network(value)
            except ValueError:
                _stop(name, f"{value!r} bukan jaringan, misalnya 10.20.0.0/16 atau 192.168.5.7/32")
        return found

    def some_of(self, name: str, values: tuple[str, ...]) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(part.strip() for part in self.text(name, default="").split(",") if part.strip()))
        for value in found:
            if value not in values:
                _stop(name, f"{value!r} tidak dikenal, pilihannya: {', '.join(values)}")
        return found


def _single_sign_on(given: _Given, env: Env) -> SingleSignOn | None:
    issuer = given.text("SIPETRUK_OIDC_ISSUER", default="")
    found = SingleSignOn(
        issuer=issuer,
        client_id=given.text("SIPETRUK_OIDC_CLIENT_ID", default=""),
        client_secret=given.text("SIPETRUK_OIDC_CLIENT_SECRET", default=""),
        label=given.text("SIPETRUK_OIDC_LABEL", default="SSO"),
        link=given.one_of("SIPETRUK_OIDC_LINK", ("none", "username", "email"), default="none"),
    )
    if not issuer:
        if found.client_id or found.client_secret:
            _stop("SIPETRUK_OIDC_ISSUER", "wajib diisi bila SIPETRUK_OIDC_CLIENT_ID atau SIPETRUK_OIDC_CLIENT_SECRET diisi")
        return None
    parts = _parts("SIPETRUK_OIDC_ISSUER", issuer)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.query or parts.fragment or len(issuer) > MAX_ISSUER:
        _stop("SIPETRUK_OIDC_ISSUER", "harus alamat lengkap, misalnya https://sso.balangan.go.id/realms/asn")
    if parts.scheme == "http" and env == Env.PRODUCTION:
        _stop("SIPETRUK_OIDC_ISSUER", "harus diawali https:// pada production")
    for name, value in (("SIPETRUK_OIDC_CLIENT_ID", found.client_id), ("SIPETRUK_OIDC_CLIENT_SECRET", found.client_secret)):
        if not value:
            _stop(name, "wajib diisi bila SIPETRUK_OIDC_ISSUER diisi")
    return found


def _database_url(given: _Given, data_dir: Path) -> str:
    url = given.text("SIPETRUK_DATABASE_URL", default=f"sqlite:///{data_dir / 'sipetruk.db'}")
    parts = _parts("SIPETRUK_DATABASE_URL", url)
    scheme = parts.scheme
    if scheme == "sqlite":
        if not url.removeprefix("sqlite:///") or url.startswith("sqlite:///:memory:") or not url.startswith("sqlite:///"):
            _stop("SIPETRUK_DATABASE_URL", "SQLite memerlukan berkas: sqlite:///folder/berkas.db")
    elif scheme not in {"postgres", "postgresql"}:
        _stop("SIPETRUK_DATABASE_URL", "mulailah dengan sqlite:/// atau postgresql://")
    elif re.search("%(?![0-9A-Fa-f]{2})", parts.netloc):
        _stop("SIPETRUK_DATABASE_URL", "tanda % dalam nama atau kata sandi ditulis %25, @ ditulis %40, / ditulis %2F")
    return url


def _parts(name: str, address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        _stop(name, "alamatnya tidak dapat dibaca; periksa host dan port-nya")


def _secret_key(given: _Given, env: Env, data_dir: Path) -> str:
    key = given.text("SIPETRUK_SECRET_KEY", default="")
    if not key and env == Env.PRODUCTION:
        _stop("SIPETRUK_SECRET_KEY", "wajib diisi pada production, misalnya dengan hasil `openssl rand -hex 32`")
    if not key:
        key = _own_secret_key(data_dir / "secret_key")
    if len(key) < MIN_SECRET_LENGTH:
        _stop("SIPETRUK_SECRET_KEY", f"paling sedikit {MIN_SECRET_LENGTH} karakter")
    return key


def _own_secret_key(path: Path) -> str:
    """The key made at the first start; several workers starting at once agree on the one made first."""
    try:
        if not path.exists():
            _make_secret_key(path)
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        _stop("SIPETRUK_SECRET_KEY", f"berkas {path} tidak dapat dibuat atau dibaca oleh pengguna ini")


def _make_secret_key(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    try:
        draft.write_text(secrets.token_hex(32), encoding="ascii")
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key is the key
    finally:
        draft.unlink()


def _stop(name: str, problem: str) -> NoReturn:
    raise SystemExit(f"Pengaturan {name} tidak dapat dipakai: {problem}.")
