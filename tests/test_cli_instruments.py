"""Instruments on the command line: out as files, in by a trial, all or nothing."""

import json

import pytest
from click.testing import CliRunner
from playhouse.pool import PooledDatabase

from sipetruk.cli import main
from sipetruk.models import Instrument, InstrumentVersion
from sipetruk.models.base import database
from sipetruk.rules.instrument_schema import instrument_schema
from sipetruk.services import instruments
from sipetruk.starters import starter

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def sipetruk(cast, db, database_url, data_dir, monkeypatch):
    """Runs a command on the database of this test: (exit code, output, errors)."""
    monkeypatch.setenv("SIPETRUK_DATABASE_URL", database_url)
    monkeypatch.setenv("SIPETRUK_DATA_DIR", str(data_dir))
    instruments.create(cast.bkpsdm, code="asn-2024", name="ASN Berprestasi", definition=starter("balangan-2024"))

    def run(*arguments):
        result = CliRunner().invoke(main, ["instrument", *(str(argument) for argument in arguments)], catch_exceptions=False)
        if isinstance(database.obj, PooledDatabase) and database.obj is not db:
            database.obj.close_all()
        database.initialize(db)
        return result.exit_code, result.stdout, result.stderr

    return run


def test_what_is_exported_comes_back_as_a_new_instrument(sipetruk, tmp_path):
    file = tmp_path / "salinan.xlsx"
    assert sipetruk("export", "asn-2024", "--format", "xlsx", "--out", file)[0] == 0
    tried = sipetruk("import", file, "--code", "salinan", "--name", "Salinan", "--dry-run")
    assert (tried[0], tried[1].splitlines()[-1], Instrument.select().count()) == (0, "Percobaan, tidak ada yang disimpan.", 1)
    assert sipetruk("import", file, "--code", "salinan", "--name", "Salinan")[0] == 0
    first, second = InstrumentVersion.select().order_by(InstrumentVersion.id)
    assert (second.instrument.code, second.definition) == ("salinan", first.definition)


def test_the_difference_is_told_and_the_draft_replaced(sipetruk, tmp_path):
    file = tmp_path / "baru.toml"
    file.write_text(sipetruk("export", "asn-2024")[1].replace("min_assessors = 3", "min_assessors = 5"), encoding="utf-8")
    code, output, _ = sipetruk("import", file, "--code", "asn-2024")
    assert (code, output.splitlines()[0]) == (0, "- Aturan hitung: jumlah penilai paling sedikit diubah.")
    assert InstrumentVersion.get().definition["policy"]["min_assessors"] == 5


def test_a_bad_file_changes_nothing(sipetruk, tmp_path):
    file = tmp_path / "salah.toml"
    file.write_text(sipetruk("export", "asn-2024")[1].replace("min_assessors = 3", "min_assessors = 0\nmedian = 1"), encoding="utf-8")
    code, _, errors = sipetruk("import", file, "--code", "asn-2024")
    assert (code, len(errors.strip().splitlines())) == (1, 2)
    assert "(policy.min_assessors): Harus antara 1 dan 99." in errors
    assert InstrumentVersion.get().row_version == 1


def test_an_unknown_instrument_is_not_exported(sipetruk):
    assert sipetruk("export", "tidak-ada")[0] == 1


def test_the_schema_is_printed(sipetruk):
    assert json.loads(sipetruk("schema")[1]) == instrument_schema()
