"""The command line: what each command does, what it says, and how it ends."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
import types
import urllib.request
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from playhouse.pool import PooledDatabase

from sipetruk import migrations
from sipetruk.cli import main
from sipetruk.models import AuditEntry, ReferenceCode, User, WorkUnit
from sipetruk.models.base import database
from sipetruk.queries.users import users as list_users
from sipetruk.rules import instrument, seal
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import chain, clock, second_factor, sign_in
from tests.rules.test_announcement import publication

ROOT = Path(__file__).parent.parent
ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
INPUTS = {
    "format": "sipetruk-ranking-inputs/1",
    "instrument": {
        "code": "contoh",
        "number": 1,
        "definition": {
            "format": "sipetruk-instrument/1",
            "title": "Contoh",
            "description": "",
            "source": "",
            "policy": {
                "combine": "sum_of_points",
                "aggregation": {"kind": "mean"},
                "rounding": {"stage": "end", "mode": "half_up", "decimals": 2},
                "min_assessors": 1,
                "floors": [],
                "tie_chain": [],
            },
            "components": [
                {
                    "code": "inovasi",
                    "label": "Inovasi",
                    "help": "",
                    "weight": None,
                    "criteria": [
                        {
                            "code": "manfaat",
                            "label": "Manfaat",
                            "help": "",
                            "weight": None,
                            "scale": {"kind": "points", "max": "100", "step": "1"},
                            "source": {"kind": "assessor"},
                            "evidence": [],
                            "note_min_chars": 0,
                        }
                    ],
                }
            ],
            "evidence": [],
            "fields": [],
        },
    },
    "category": {"code": "pns", "winners": 1, "quota_per_unit": None},
    "panel": ["1"],
    "nominees": [
        {
            "id": nominee,
            "unit": "dinkes",
            "marks": {"manfaat": [{"assessor": "1", "state": "scored", "value": value}]},
            "values": {},
            "attributes": {},
        }
        for nominee, value in (("a", "80"), ("b", "90"))
    ],
    "decisions": [],
}


@pytest.fixture
def sipetruk(db, database_url, data_dir, monkeypatch):
    """Runs a command on the database of this test: (exit code, output, errors)."""
    monkeypatch.setenv("SIPETRUK_DATABASE_URL", database_url)
    monkeypatch.setenv("SIPETRUK_DATA_DIR", str(data_dir))

    def run(*arguments, given=None):
        result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=given, catch_exceptions=False)
        if isinstance(database.obj, PooledDatabase) and database.obj is not db:
            database.obj.close_all()
        database.initialize(db)
        return result.exit_code, result.stdout, result.stderr

    return run


def test_every_command_explains_itself_in_indonesian():
    for command in (
        "",
        "migrate",
        "codes",
        "import",
        "demo",
        "serve",
        "worker",
        "user",
        "user add",
        "user list",
        "user password",
        "user reset-second-factor",
        "schema",
        "instrument export",
        "instrument import",
        "instrument schema",
        "verify",
        "audit verify",
    ):
        result = CliRunner().invoke(main, [*command.split(), "--help"])
        assert (result.exit_code, result.output.startswith("Usage: ")) == (0, True)


def test_the_list_of_commands_is_told_in_whole_sentences():
    for group in ([], ["user"], ["instrument"], ["audit"], ["evidence"]):
        said = CliRunner().invoke(main, [*group, "--help"]).output
        assert "..." not in said.partition("Commands:")[2]


def test_migrate_brings_an_empty_database_up_to_date(sipetruk):
    migrations.drop_everything()
    names = [path.stem for path in sorted(migrations.FOLDER.glob("0*.py"))]
    assert sipetruk("migrate") == (0, "".join(f"diterapkan: {name}\n" for name in names), "")
    assert sipetruk("migrate") == (0, "basis data sudah mutakhir\n", "")


def test_codes_are_loaded_once(sipetruk, db):
    first = sipetruk("codes")
    entries = AuditEntry.select().count()
    assert (first[0], first[1].splitlines()[0], first[2]) == (0, "eselon: 13 kode", "")
    assert ReferenceCode.select().where(ReferenceCode.kind == "eselon").count() == 13
    assert sipetruk("codes") == first
    assert AuditEntry.select().count() == entries == len(first[1].splitlines())


@ONE_ENGINE
def test_a_file_is_taken_in_after_a_dry_run(sipetruk, cast, tmp_path):
    file = tmp_path / "unit.csv"
    file.write_text("kode_unit;nama_unit\nkec-halong;Kecamatan Halong\n", encoding="utf-8-sig")
    before = WorkUnit.select().count()
    counts = "1 ditambahkan, 0 diganti, 0 sudah sama.\n"
    assert sipetruk("import", "units", file, "--dry-run") == (0, f"Percobaan, tidak ada yang disimpan; yang akan terjadi: {counts}", "")
    assert WorkUnit.select().count() == before
    assert sipetruk("import", "units", file) == (0, f"Selesai: {counts}", "")
    assert WorkUnit.select().count() == before + 1


@ONE_ENGINE
def test_a_refused_file_names_rows_and_columns_and_never_a_number(sipetruk, cast, tmp_path):
    file = tmp_path / "kehadiran.csv"
    file.write_text("nip,tahun,bulan,realisasi\n198609262015051901,2024,13,97.5\n198609262015051901,2024,4,97,5\n", encoding="utf-8")
    code, said, errors = sipetruk("import", "attendance", file)
    assert (code, said) == (1, "")
    assert errors.splitlines() == [
        "baris 2, bulan: Bulan harus 1 sampai 12.",
        "baris 2, nip: Pegawai dengan nomor induk ini belum terdaftar.",
        "baris 3: Baris ini berisi 5 kolom, judulnya 4; teks atau angka yang memuat pemisah harus diapit tanda kutip.",
        "Tidak ada yang disimpan: 3 kesalahan pada 2 baris.",
    ]
    file.write_bytes(b"")
    assert sipetruk("import", "attendance", file) == (2, "", "Berkas ini kosong.\n")


def test_a_user_is_added_listed_and_given_a_new_password(sipetruk, cast):
    added = sipetruk(
        "user", "add", "baru", "--name", "Orang Baru", "--role", "verifier", "--role", "opd_admin:dinkes", given="kata-sandi-1\n"
    )
    assert added == (0, "pengguna baru ditambahkan; orangnya harus memilih kata sandi sendiri ketika masuk\n", "")
    code, listed, _ = sipetruk("user", "list")
    line = next(line for line in listed.splitlines() if line.startswith("baru "))
    unit = "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"
    assert (code, line.split(None, 4)[1:]) == (0, ["Orang", "Baru", "aktif", f"Verifikator, Admin OPD ({unit})"])
    assert sipetruk("user", "password", "baru", "--password", "kata-sandi-2") == (
        0,
        "kata sandi baru diganti; orangnya harus memilih kata sandi sendiri ketika masuk\n",
        "",
    )
    signed_in = sign_in.authenticate(username="baru", password="kata-sandi-2", address="::1")
    assert (signed_in.session_epoch, signed_in.has_given_password) == (1, True)
    assert [entry.actor for entry in AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2)] == ["sistem", "sistem"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["baru", "--name", "Baru", "--role", "verifier", "--password", "pendek"], 1, "Kata sandi paling sedikit 10 karakter."),
        (["auditor", "--name", "Baru", "--role", "verifier", "--password", "x" * 12], 1, "Nama pengguna “auditor” sudah dipakai."),
        (["baru", "--name", "Baru", "--role", "raja", "--password", "x" * 12], 2, "peran 'raja' tidak dikenal"),
        (["baru", "--name", "Baru", "--role", "opd_admin:antah", "--password", "x" * 12], 2, "unit kerja 'antah' tidak ditemukan"),
        (["baru", "--name", "Baru", "--role", "opd_admin", "--password", "x" * 12], 1, "Peran Admin OPD memerlukan unit kerja."),
    ],
)
def test_a_user_that_cannot_be_is_refused_and_not_saved(sipetruk, cast, arguments, code, words):
    before = User.select().count()
    found, _, errors = sipetruk("user", "add", *arguments)
    assert (found, words in errors) == (code, True)
    assert User.select().count() == before


@ONE_ENGINE
def test_an_unknown_user_gets_no_password(sipetruk):
    assert sipetruk("user", "password", "tidak-ada", "--password", "x" * 12) == (1, "", "Pengguna tidak-ada tidak ditemukan.\n")


def test_the_last_administrator_who_lost_the_phone_is_let_in_again(sipetruk, cast):
    second_factor.use("kunci untuk pengujian")
    made = second_factor.begin(cast.bkpsdm, password=cast.password, address="")
    second_factor.confirm(cast.bkpsdm, code=pyotp.TOTP(made.secret).at(clock.now()), address="")
    assert sipetruk("user", "reset-second-factor", "bkpsdm", "--reason", " ")[0] == 1
    assert second_factor.is_on(cast.bkpsdm.user_id)
    done = sipetruk("user", "reset-second-factor", "bkpsdm", "--reason", "ponsel hilang")
    assert done == (0, "faktor kedua bkpsdm dicabut\n", "")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (second_factor.is_on(cast.bkpsdm.user_id), entry.actor, entry.reason) == (False, "sistem", "ponsel hilang")
    unknown = sipetruk("user", "reset-second-factor", "tidak-ada", "--reason", "x")
    assert unknown == (1, "", "Pengguna tidak-ada tidak ditemukan.\n")


def test_the_audit_chain_is_whole_until_somebody_goes_around_it(sipetruk, cast):
    count, head = AuditEntry.select().count(), AuditEntry.select().order_by(AuditEntry.id.desc()).get().hash
    assert sipetruk("audit", "verify") == (0, f"UTUH: {count} entri, ujung rantai {head}\n", "")
    second = AuditEntry.select().order_by(AuditEntry.id).offset(1).get().id
    on_table = " ON audit_entry" if database.for_update else ""
    database.execute_sql(f"DROP TRIGGER audit_entry_no_update{on_table}")
    AuditEntry.update(actor="orang lain").where(AuditEntry.id == second).execute()
    assert sipetruk("audit", "verify") == (1, "", f"RUSAK: entri nomor {second} tidak cocok dengan entri sebelumnya.\n")


def test_the_chain_is_compared_with_a_list_that_was_kept_outside(sipetruk, cast, client, tmp_path):
    chain.publish_head()
    kept, count = tmp_path / "ujung.txt", AuditEntry.select().count()
    text = client.get("/jejak-audit.txt").text
    kept.write_text(text, encoding="utf-8")
    head = text.split()[-1]
    whole = f"UTUH: {count} entri, cocok dengan 1 ujung rantai yang diumumkan, ujung rantai {head}\n"
    assert sipetruk("audit", "verify", "--heads", str(kept)) == (0, whole, "")
    kept.write_text(f"2024-10-01 1 {'f' * 64}\n", encoding="utf-8")
    broken = "RUSAK: ujung rantai yang diumumkan untuk 1 Oktober 2024 tidak cocok dengan jejak audit.\n"
    assert sipetruk("audit", "verify", "--heads", str(kept)) == (1, "", broken)
    kept.write_text("bukan daftar\n", encoding="utf-8")
    status, _, said = sipetruk("audit", "verify", "--heads", str(kept))
    assert (status, "baris 1 bukan “tanggal banyaknya-catatan sidik”." in said) == (2, True)


def test_verify_needs_the_file_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("SIPETRUK_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    definition = instrument.parse(INPUTS["instrument"]["definition"]).to_dict()
    sealed = seal.compute({**INPUTS, "instrument": {**INPUTS["instrument"], "sha256": seal.sha256(definition)}})
    file = tmp_path / "peringkat.json"
    document = seal.document(sealed)
    file.write_text(json.dumps(document), encoding="utf-8")
    equal = CliRunner().invoke(main, ["verify", str(file)])
    assert equal.output == f"SAMA: hasil hitung ulang sama dengan isi berkas (SHA-256 {sealed.result_sha256}).\n"
    assert equal.exit_code == 0
    document["result"]["rows"][0]["id"], document["result"]["rows"][1]["id"] = "a", "b"
    file.write_text(json.dumps(document), encoding="utf-8")
    changed = CliRunner().invoke(main, ["verify", str(file)])
    assert (changed.exit_code, changed.output.splitlines()[0]) == (1, "BERBEDA: hasil hitung ulang tidak sama dengan isi berkas.")
    assert "rows" in changed.output


def test_verify_takes_the_file_of_a_publication_as_well(tmp_path):
    file = tmp_path / "pengumuman.json"
    document = publication()
    file.write_text(json.dumps(document), encoding="utf-8")
    result = CliRunner().invoke(main, ["verify", str(file)])
    said = f"SAMA: hasil hitung ulang sama dengan isi berkas (SHA-256 {document['content_sha256']}).\n"
    assert (result.exit_code, result.output) == (0, said)


@pytest.mark.parametrize("content", [b"", b"bukan json", b"\xff\xfe", b"[" * 100_000, b"9" * 5000])
def test_verify_says_that_a_file_cannot_be_read(tmp_path, content):
    file = tmp_path / "rusak.json"
    file.write_bytes(content)
    result = CliRunner().invoke(main, ["verify", str(file)])
    assert (result.exit_code, "bukan berkas JSON yang dapat dibaca" in result.stderr) == (2, True)


@ONE_ENGINE
def test_schema_writes_the_committed_contract(sipetruk, tmp_path):
    assert sipetruk("schema", "--out", tmp_path)[0] == 0
    for name in ("public", "staff"):
        assert (tmp_path / f"{name}.graphql").read_text(encoding="utf-8") == (ROOT / "graphql" / f"{name}.graphql").read_text(
            encoding="utf-8"
        )


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    taken = tmp_path / "ranking-1.json"
    taken.mkdir()
    found = CliRunner().invoke(main, ["schema", "--files", str(tmp_path)])
    assert (found.exit_code, found.stdout, found.stderr) == (2, "", f"{taken} tidak dapat ditulisi: Is a directory\n")


def test_schema_writes_the_published_schemas_of_the_files(tmp_path):
    result = CliRunner().invoke(main, ["schema", "--files", str(tmp_path)])
    assert (result.exit_code, result.output) == (0, "")
    published = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "static" / "schemas").iterdir()}
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == published
    missing = CliRunner().invoke(main, ["schema", "--files", str(tmp_path / "tidak-ada")])
    assert (missing.exit_code, "tidak-ada" in missing.output) == (2, True)


@ONE_ENGINE
def test_demo_data_never_mixes_with_what_is_there(sipetruk, cast):
    before = User.select().count()
    code, output, errors = sipetruk("demo", "--stage", "preparation", "--password", "x" * 12)
    assert (code, output, errors.splitlines()[0].startswith("Basis data sudah berisi")) == (1, "", True)
    assert sipetruk("demo", "--if-empty") == (0, "Basis data sudah berisi.\n", "")
    assert User.select().count() == before


@ONE_ENGINE
def test_production_is_never_emptied(sipetruk, cast, monkeypatch):
    monkeypatch.setenv("SIPETRUK_ENV", "production")
    monkeypatch.setenv("SIPETRUK_SECRET_KEY", "x" * 32)
    assert sipetruk("demo", "--fresh") == (1, "", "Basis data production tidak dikosongkan dengan perintah ini.\n")
    assert len(list_users(SYSTEM)) == 9


def test_a_database_that_cannot_be_reached_is_said_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("SIPETRUK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SIPETRUK_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
    result = CliRunner().invoke(main, ["migrate"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Basis data tidak dapat dihubungi: ")


def test_a_file_that_is_no_database_is_said_in_one_line(monkeypatch, tmp_path):
    (tmp_path / "surat.txt").write_text("Kepada Yth. Kepala BKPSDM di Paringin", encoding="utf-8")
    monkeypatch.setenv("SIPETRUK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SIPETRUK_DATABASE_URL", f"sqlite:///{tmp_path / 'surat.txt'}")
    result = CliRunner().invoke(main, ["user", "list"])
    said = "Basis data tidak dapat dihubungi: file is not a database (periksa SIPETRUK_DATABASE_URL)\n"
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", said)


@ONE_ENGINE
@pytest.mark.parametrize(
    "command", ["user list", "codes", "audit verify", "retention", "worker --once", "serve", "instrument export inovasi"]
)
def test_a_database_that_is_not_up_to_date_is_said_so_by_every_command(sipetruk, command):
    migrations.drop_everything()
    names = ", ".join(migrations.pending())
    said = f"Basis data belum mutakhir ({names}); jalankan dahulu: sipetruk migrate\n"
    assert sipetruk(*command.split()) == (1, "", said)


@ONE_ENGINE
@pytest.mark.parametrize("host", ["999.1.1.1", "http://localhost", "tidak-ada.invalid"])
def test_a_host_that_is_no_address_is_named(sipetruk, host):
    said = f"Pengaturan SIPETRUK_HOST tidak dapat dipakai: {host!r} bukan alamat, misalnya 127.0.0.1 atau 0.0.0.0.\n"
    assert sipetruk("serve", "--host", host) == (1, "", said)


@ONE_ENGINE
def test_a_full_disk_is_said_in_one_line(sipetruk, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, "No space left on device", "/var/lib/sipetruk/evidence")

    monkeypatch.setattr("sipetruk.services.evidence_cleaning.clean", full)
    assert sipetruk("evidence", "clean") == (1, "", "/var/lib/sipetruk/evidence tidak dapat dibaca atau ditulisi: diska penuh\n")
    monkeypatch.setattr("shutil.disk_usage", lambda _: types.SimpleNamespace(free=0))
    code, _, said = sipetruk("serve")
    assert (code, said.endswith("penuh; kosongkan dahulu.\n")) == (1, True)


@ONE_ENGINE
def test_check_of_an_old_database_asks_for_the_migration_and_no_more(sipetruk):
    migrations.drop_everything()
    code, said, _ = sipetruk("check")
    assert code == 1
    assert [line.partition(":")[0].split("  ")[-1].strip() for line in said.splitlines() if line.startswith("bermasalah")] == ["Basis data"]


def test_serve_answers_and_stops_when_told(sipetruk, cast, database_url, data_dir):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    migrations.drop_everything()
    migrations.upgrade()
    environ = {**os.environ, "SIPETRUK_DATABASE_URL": database_url, "SIPETRUK_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "sipetruk", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert answer(server, f"http://127.0.0.1:{port}/readyz") == "ok\n"
            code, _, errors = sipetruk("serve", "--port", port)
            assert (code, f"Alamat 127.0.0.1 port {port} tidak dapat dipakai: sudah dipakai program lain" in errors) == (1, True)
        finally:
            server.terminate()
        assert server.wait(30) == 0


@ONE_ENGINE
def test_ctrl_c_which_reaches_all_processes_ends_the_server_at_once(sipetruk, cast, database_url, data_dir, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "SIPETRUK_DATABASE_URL": database_url, "SIPETRUK_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "sipetruk", "serve", "--port", str(port), "--workers", "2"]
    said = tmp_path / "said"
    with said.open("w") as out, subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True) as server:
        try:
            assert answer(server, f"http://127.0.0.1:{port}/readyz") == "ok\n"
        finally:
            os.killpg(server.pid, signal.SIGINT)
        assert server.wait(25) == 0  # one that was not told to let it be would be killed after 30 seconds
    assert "refused to gracefully stop" not in said.read_text()


@ONE_ENGINE
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent was killed")
def test_a_server_that_is_killed_leaves_nothing_listening(sipetruk, cast, database_url, data_dir):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "SIPETRUK_DATABASE_URL": database_url, "SIPETRUK_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "sipetruk", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            assert answer(server, f"http://127.0.0.1:{port}/readyz") == "ok\n"
        finally:
            server.kill()
    for _ in range(200):
        with socket.socket() as visitor:
            if visitor.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    pytest.fail("somebody still answers")


def answer(server, address):
    for _ in range(600):
        if server.poll() is not None:
            pytest.fail(server.stdout.read() if server.stdout else "the server ended")
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310  # our own server
                return response.read().decode()
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise AssertionError(f"no answer within a minute: {server.stdout.read()}")
