"""The check of the system: each thing found sound, and found wrong with its cure."""

import io
import json
import os
import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sipetruk.errors import Forbidden
from sipetruk.models import Blob, Job
from sipetruk.rules.system_check import Verdict
from sipetruk.services import clock, evidence, jobs, settings, system_check, uploads
from sipetruk.services.system_check import PROXY, Site
from tests.services import builders

OK, PROBLEM, SKIPPED = Verdict.OK, Verdict.PROBLEM, Verdict.SKIPPED


@pytest.fixture
def look(cast, data_dir):
    data_dir.mkdir(exist_ok=True)
    data_dir.chmod(0o700)

    def look(name, **changes):
        given = {"data_dir": data_dir, "is_production": False, "trusted_proxies": 0} | changes
        found = {each.name: each for each in system_check.check(cast.viewer, site=Site(**given))}
        assert [each.name for each in found.values() if (each.verdict is PROBLEM) != bool(each.cure)] == []
        return found[name]

    return look


def test_the_data_folder(look, tmp_path, data_dir):
    assert look("Folder data").verdict is OK
    assert list(data_dir.glob(".periksa*")) == []
    data_dir.chmod(0o755)
    assert look("Folder data").cure == f"Jalankan: chmod o= {data_dir}"
    missing = look("Folder data", data_dir=tmp_path / "tidak-ada")
    assert (missing.verdict, "SIPETRUK_DATA_DIR" in missing.cure) == (PROBLEM, True)


def test_free_space(look, tmp_path):
    assert look("Ruang kosong").said.endswith(" GB kosong.")
    assert look("Ruang kosong", data_dir=tmp_path / "tidak-ada").said == "Pemeriksaan gagal: FileNotFoundError."


def test_the_database_and_the_clock(look, db):
    assert (look("Basis data").verdict, look("Jam dan zona waktu").verdict) == (OK, OK)
    db.execute_sql("DELETE FROM schema_migration")
    found = look("Basis data")
    assert (found.verdict, "sipetruk migrate" in found.cure) == (PROBLEM, True)


def test_evidence_files(look):
    assert look("Berkas bukti").said == "Belum ada berkas."
    Blob.create(sha256="a" * 64, size=2, media_type="application/pdf")
    assert look("Berkas bukti").said == "1 dari 1 berkas yang diperiksa tidak ada atau berubah ukurannya."
    place = evidence.place_of("a" * 64)
    place.parent.mkdir(parents=True)
    place.write_bytes(b"ok")
    assert look("Berkas bukti").verdict is OK


def test_unfinished_uploads(look, cast):
    number = builders.drafted(cast, builders.open_round(cast))
    announced = uploads.Announced("evidence", number, "proposal", "usulan.pdf", 900_000)
    with builders.during_nomination():
        begun = uploads.begin(cast.unit_admin, announced=announced)
        uploads.append(cast.unit_admin, upload_id=begun.id, offset=0, stream=io.BytesIO(b"x" * 530_000))
        assert look("Unggahan").said == "1 unggahan belum selesai, 0,5 MB."
    assert look("Unggahan").said == "1 unggahan yang lewat waktunya belum dibuang."
    uploads.forget_expired()
    settings.change(cast.bkpsdm, key="upload_total_mb", value="50", expected_version=0)
    assert look("Unggahan").said == "0 unggahan belum selesai, 0,0 MB."
    settings.change(cast.bkpsdm, key="evidence_mb", value="26", expected_version=0)
    assert look("Unggahan").verdict is PROBLEM


def test_the_worker(look, cast):
    assert look("Pekerja").said == "Belum pernah terlihat."
    jobs.beat()
    jobs.beat()
    assert (look("Pekerja").verdict, Job.select().count()) == (OK, 1)
    with clock.standing_at(clock.now() + timedelta(minutes=6)):
        assert look("Pekerja").said == "Terakhir terlihat 6 menit yang lalu."
    Job.create(kind="x", subject="x", state="failed", run_at=clock.now(), asked_at=clock.now())
    assert look("Pekerja").said == "0 pekerjaan terlambat, 1 gagal."
    assert jobs.claim() is None


def test_backups(look, cast, tmp_path):
    def set_to(key, value, version):
        settings.change(cast.bkpsdm, key=key, value=value, expected_version=version)

    assert look("Cadangan").said == "Folder cadangan belum diatur."
    folder = tmp_path / "cadangan"
    set_to("backup_folder", str(folder), 0)
    assert look("Cadangan").said == "Folder cadangan tidak ada atau tidak terbaca."
    folder.mkdir()
    assert look("Cadangan").said == "Folder cadangan kosong."
    (folder / "a.db").write_bytes(b"x")
    assert look("Cadangan").verdict is OK
    os.utime(folder / "a.db", (time.time() - 30 * 3600,) * 2)
    assert look("Cadangan").said == "Cadangan terbaru berumur 30 jam."
    set_to("backup_hours", "48", 0)
    assert look("Cadangan").verdict is OK


@pytest.mark.parametrize(
    ("trusted", "forwarded", "scheme", "verdict"),
    [
        (0, None, "", SKIPPED),
        (0, "", "http", OK),
        (0, "10.0.0.1", "http", PROBLEM),
        (1, "", "http", PROBLEM),
        (1, "10.0.0.1", "http", OK),
        (2, "10.0.0.1", "http", PROBLEM),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_proxy(look, trusted, forwarded, scheme, verdict):
    request = None if forwarded is None else {"forwarded_for": forwarded, "scheme": scheme}
    assert look(PROXY, trusted_proxies=trusted, request=request).verdict is verdict


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_production_is_served_over_https(look):
    seen = {"forwarded_for": "10.0.0.1", "scheme": "http"}
    assert look(PROXY, trusted_proxies=1, is_production=True, request=seen).said == "Permintaan ini tidak lewat HTTPS."
    assert look(PROXY, trusted_proxies=1, is_production=True, request=seen | {"scheme": "https"}).verdict is OK


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_single_sign_on(look):
    said = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said["body"])

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    name = "Masuk tunggal (OIDC)"
    try:
        for body, verdict in (
            (json.dumps({"issuer": issuer}).encode(), OK),
            (json.dumps({"issuer": "http://lain"}).encode(), PROBLEM),
            (b"[]", PROBLEM),
            (b"<html>", PROBLEM),
        ):
            said["body"] = body
            assert look(name, issuer=issuer).verdict is verdict
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert look(name, issuer=issuer).verdict is PROBLEM
    assert look(name).verdict is SKIPPED


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_may_look(cast, data_dir):
    with pytest.raises(Forbidden):
        system_check.check(cast.verifier, site=Site(data_dir, is_production=False, trusted_proxies=0))
