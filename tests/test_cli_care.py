"""`sipetruk check` and `sipetruk retention`: what they say and how they end."""

import os
from datetime import timedelta

import pytest
from click.testing import CliRunner
from playhouse.pool import PooledDatabase

from sipetruk.cli import main
from sipetruk.models import LoginAttempt
from sipetruk.models.base import database
from sipetruk.rules.permissions import SYSTEM
from sipetruk.services import clock, evidence, jobs, settings


@pytest.fixture
def sipetruk(db, database_url, data_dir, monkeypatch):
    """Runs a command on the database of this test: (exit code, output)."""
    monkeypatch.setenv("SIPETRUK_DATABASE_URL", database_url)
    monkeypatch.setenv("SIPETRUK_DATA_DIR", str(data_dir))

    def run(*arguments):
        result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
        if isinstance(database.obj, PooledDatabase) and database.obj is not db:
            database.obj.close_all()
        database.initialize(db)
        return result.exit_code, result.stdout

    return run


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_worker_tidies_the_store_of_its_settings(sipetruk, data_dir, tmp_path):
    stray = data_dir / "evidence" / "uploads" / ("f" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    os.utime(stray, (0, 0))
    evidence.use_store(tmp_path / "lain")
    assert (sipetruk("worker", "--once")[0], stray.exists()) == (0, False)


def test_check_names_what_is_wrong_and_ends_with_1(sipetruk, tmp_path):
    code, said = sipetruk("check")
    assert code == 1
    assert "baik            Basis data:" in said
    assert "bermasalah      Pekerja: Belum pernah terlihat." in said
    assert "-> Isi “Folder cadangan” pada pengaturan" in said
    folder = tmp_path / "cadangan"
    folder.mkdir()
    (folder / "a.db").write_bytes(b"x")
    settings.change(SYSTEM, key="backup_folder", value=str(folder), expected_version=0)
    jobs.beat()
    code, said = sipetruk("check")
    assert (code, "bermasalah" in said) == (0, False)


def test_retention_is_counted_and_done(sipetruk):
    LoginAttempt.create(username_sha256="a" * 64, address="::1", at=clock.now() - timedelta(days=91), is_success=False)
    code, said = sipetruk("retention", "--dry-run")
    assert (code, said.splitlines()[0]) == (0, "Catatan percobaan masuk: 1 lewat 90 hari")
    assert LoginAttempt.select().count() == 1
    assert sipetruk("retention") == (0, "Dihapus: 1 catatan percobaan masuk, 0 pemberitahuan, 0 pesan webhook, isi 0 usulan.\n")
    assert LoginAttempt.select().count() == 0
