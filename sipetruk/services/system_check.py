"""Looking at the system itself: folder, database, clock, worker, backups, proxy, sign-on; each with its cure."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfoNotFoundError

from sipetruk import migrations
from sipetruk.models import Blob, Job
from sipetruk.models.base import database
from sipetruk.queries import settings
from sipetruk.rules.moments import moment_text
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.system_check import Checked, age_words, clocks_agree, ok, problem, skipped
from sipetruk.rules.workflow import WITA
from sipetruk.services import clock, evidence, jobs, uploads

LEAST_FREE = 1024**3
MOST_DRIFT = timedelta(seconds=30)
SILENCE = timedelta(minutes=5)
LATE = timedelta(minutes=15)
SAMPLE = 50
SECONDS = 5
LARGEST_DOCUMENT = 256 * 1024
PROXY = "Proxy di depan server"
IN_TABLES = frozenset({"Berkas bukti", "Unggahan", "Pekerja", "Cadangan"})
"""What is looked at in tables, which an old database may lack."""


@dataclass(frozen=True)
class Site:
    """What the checks need to know of this installation; `request` is what a web request showed of the proxy, if there is one."""

    data_dir: Path
    is_production: bool
    trusted_proxies: int
    issuer: str = ""
    request: Mapping[str, str] | None = None


def check(actor: Actor, *, site: Site) -> list[Checked]:
    """Look at everything; a check that itself fails is a problem, never an error of the page."""
    require(actor, Action.SETTING_READ)
    looks: tuple[tuple[str, Callable[[], Checked]], ...] = (
        ("Folder data", lambda: _data_folder(site)),
        ("Ruang kosong", lambda: _free_space(site)),
        ("Basis data", _database),
        ("Jam dan zona waktu", _clock),
        ("Berkas bukti", _evidence),
        ("Unggahan", _uploads),
        ("Pekerja", _worker),
        ("Cadangan", _backup),
        (PROXY, lambda: _proxy(site)),
        ("Masuk tunggal (OIDC)", lambda: _sign_on(site)),
    )
    is_old = bool(migrations.pending())
    return [
        skipped(name, "Menunggu basis data yang mutakhir.") if is_old and name in IN_TABLES else _looked(name, look) for name, look in looks
    ]


def _looked(name: str, look: Callable[[], Checked]) -> Checked:
    try:
        return look()
    except Exception as error:  # noqa: BLE001  # whatever breaks while looking is what the page is for
        return problem(name, f"Pemeriksaan gagal: {type(error).__name__}.", "Lihat catatan server (log) pada waktu ini.")


def _data_folder(site: Site) -> Checked:
    name, path = "Folder data", site.data_dir / f".periksa-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        path.write_bytes(b"ok")
        read = path.read_bytes()
        path.unlink()
    except OSError as error:
        cure = "Beri hak tulis kepada pengguna yang menjalankan server, atau ubah SIPETRUK_DATA_DIR."
        return problem(name, f"Tidak dapat ditulisi ({error.strerror}).", cure)
    if read != b"ok":
        return problem(name, "Yang ditulis tidak terbaca kembali.", "Periksa diska server.")
    if site.data_dir.stat().st_mode & 0o007:
        return problem(name, "Setiap pengguna mesin ini dapat membaca isinya.", f"Jalankan: chmod o= {shlex.quote(str(site.data_dir))}")
    return ok(name, "Dapat ditulis dan dibaca.")


def _free_space(site: Site) -> Checked:
    free = shutil.disk_usage(site.data_dir).free
    words = f"{free / 1024**3:.1f} GB kosong.".replace(".", ",", 1)
    if free < LEAST_FREE:
        return problem("Ruang kosong", words, "Kosongkan atau perbesar diska; di bawah 1 GB unggahan dan basis data dapat gagal.")
    return ok("Ruang kosong", words)


def _database() -> Checked:
    if waiting := migrations.pending():
        return problem("Basis data", f"Belum mutakhir: {', '.join(waiting)}.", "Jalankan sipetruk migrate, lalu mulai ulang server.")
    if database.for_update:
        return ok("Basis data", "PostgreSQL terhubung dan mutakhir.")
    (mode,) = database.execute_sql("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        return problem(
            "Basis data", f"SQLite memakai mode {mode}.", "Letakkan folder data di diska lokal, bukan di folder bersama jaringan."
        )
    return ok("Basis data", "SQLite terhubung dan mutakhir.")


def _clock() -> Checked:
    name = "Jam dan zona waktu"
    now = datetime.now(UTC)
    try:
        offset = now.astimezone(WITA).utcoffset()
    except ZoneInfoNotFoundError:
        offset = None
    if offset != timedelta(hours=8):
        return problem(name, "Asia/Makassar bukan UTC+8.", "Pasang kembali paket tzdata milik Python.")
    if database.for_update:
        (there,) = database.execute_sql("SELECT now()").fetchone()
        if not clocks_agree(now, there, MOST_DRIFT):
            return problem(
                name, "Jam server dan jam basis data berbeda lebih dari 30 detik.", "Nyalakan NTP (timedatectl set-ntp true) di keduanya."
            )
    return ok(name, f"Sekarang {moment_text(now)}.")


def _evidence() -> Checked:
    """A sample of the files on record is there, each with its size."""
    rows = list(Blob.select(Blob.sha256, Blob.size).order_by(Blob.sha256).limit(SAMPLE).tuples())
    lacking = [sha256 for sha256, size in rows if not _is_there(evidence.place_of(sha256), size)]
    if lacking:
        said = f"{len(lacking)} dari {len(rows)} berkas yang diperiksa tidak ada atau berubah ukurannya."
        return problem("Berkas bukti", said, "Pulihkan folder evidence di folder data dari cadangan.")
    return ok("Berkas bukti", f"{len(rows)} berkas diperiksa, semuanya ada." if rows else "Belum ada berkas.")


def _is_there(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _uploads() -> Checked:
    """Unfinished uploads wait for their rest, but not longer than they may; the limits of uploads fit together."""
    found = uploads.waiting(clock.now() - LATE)
    if found.overdue:
        said = f"{found.overdue} unggahan yang lewat waktunya belum dibuang."
        return problem("Unggahan", said, "Pastikan pekerja berjalan: ia membuangnya setiap sepuluh menit.")
    limits = settings.texts("upload_total_mb", "evidence_mb")
    if int(limits["upload_total_mb"]) < 2 * int(limits["evidence_mb"]):
        said = "Batas semua bukti satu usulan lebih kecil dari dua berkas berukuran bawaan."
        return problem("Unggahan", said, "Besarkan “Ukuran semua bukti per usulan” pada pengaturan.")
    words = f"{found.size / 1024**2:.1f} MB".replace(".", ",")
    return ok("Unggahan", f"{found.count} unggahan belum selesai, {words}.")


def _worker() -> Checked:
    """The worker leaves a sign of life; work that should have begun long ago says the same."""
    name, cure = "Pekerja", "Jalankan sipetruk serve (ia menjalankan pekerja), atau sipetruk worker sebagai layanan tersendiri."
    now = clock.now()
    seen = Job.select(Job.finished_at).where(Job.kind == jobs.HEARTBEAT).scalar()
    if seen is None:
        return problem(name, "Belum pernah terlihat.", cure)
    if now - seen > SILENCE:
        return problem(name, f"Terakhir terlihat {age_words(now - seen)} yang lalu.", cure)
    late = Job.select().where(Job.state == "waiting", Job.run_at < now - LATE).count()
    failed = Job.select().where(Job.state == "failed").count()
    if late or failed:
        said = f"{late} pekerjaan terlambat, {failed} gagal."
        return problem(name, said, "Lihat catatan server (log); pekerjaan yang gagal dapat diminta kembali dari halamannya.")
    return ok(name, f"Terlihat {age_words(now - seen)} yang lalu.")


def _backup() -> Checked:
    folder, hours = settings.text("backup_folder"), settings.number("backup_hours")
    if not folder:
        return problem("Cadangan", "Folder cadangan belum diatur.", "Isi “Folder cadangan” pada pengaturan, dan buat cadangan setiap hari.")
    path = Path(folder)
    if not path.is_dir():
        return problem("Cadangan", "Folder cadangan tidak ada atau tidak terbaca.", "Periksa alamatnya pada pengaturan dan hak bacanya.")
    times = [entry.stat().st_mtime for entry in path.iterdir() if entry.is_file()]
    if not times:
        return problem("Cadangan", "Folder cadangan kosong.", "Periksa pekerjaan yang membuat cadangan.")
    age = datetime.now(UTC) - datetime.fromtimestamp(max(times), UTC)
    if age > timedelta(hours=hours):
        return problem("Cadangan", f"Cadangan terbaru berumur {age_words(age)}.", "Periksa pekerjaan yang membuat cadangan.")
    return ok("Cadangan", f"Cadangan terbaru berumur {age_words(age)}.")


def _proxy(site: Site) -> Checked:
    if site.request is None:
        return skipped(PROXY, "Hanya terlihat dari halaman panel.")
    hops = len([each for each in site.request.get("forwarded_for", "").split(",") if each.strip()])
    if hops and not site.trusted_proxies:
        said = "Permintaan datang lewat proxy, tetapi SIPETRUK_TRUSTED_PROXIES 0: semua orang tampak beralamat sama."
        return problem(PROXY, said, "Isi SIPETRUK_TRUSTED_PROXIES dengan banyaknya proxy, lalu mulai ulang server.")
    if hops < site.trusted_proxies:
        said = f"SIPETRUK_TRUSTED_PROXIES {site.trusted_proxies}, tetapi X-Forwarded-For memuat {hops} alamat."
        return problem(PROXY, said, "Samakan angkanya, atau atur proxy agar mengirim X-Forwarded-For.")
    if site.is_production and site.request.get("scheme") != "https":
        return problem(PROXY, "Permintaan ini tidak lewat HTTPS.", "Atur proxy agar mengirim X-Forwarded-Proto: https.")
    return ok(PROXY, f"{site.trusted_proxies} proxy dipercaya, sesuai dengan permintaan ini.")


def _sign_on(site: Site) -> Checked:
    name = "Masuk tunggal (OIDC)"
    if not site.issuer:
        return skipped(name, "Tidak dipakai.")
    cure = "Periksa SIPETRUK_OIDC_ISSUER dan jalan jaringan dari server ke penyedianya."
    address = f"{site.issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        with urlopen(Request(address, headers={"Accept": "application/json"}), timeout=SECONDS) as answer:  # noqa: S310  # the setting of config.py
            document = json.loads(answer.read(LARGEST_DOCUMENT))
    except (URLError, OSError, ValueError) as error:
        return problem(name, f"Dokumen penyedia tidak terbaca ({type(error).__name__}).", cure)
    if not isinstance(document, dict) or document.get("issuer") != site.issuer:
        return problem(name, "Dokumen penyedia menyebut penerbit yang lain.", cure)
    return ok(name, "Dokumen penyedia terbaca dan penerbitnya cocok.")
