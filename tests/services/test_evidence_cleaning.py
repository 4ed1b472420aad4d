"""Files that nothing refers to are removed by a command: old ones only, and never one that an upload has just put there."""

import os
from datetime import timedelta

import pytest
from click.testing import CliRunner

from sipetruk.cli import main
from sipetruk.models import AuditEntry, Blob, Evidence, InstrumentVersion
from sipetruk.services import clock, evidence, evidence_cleaning, instruments, templates
from sipetruk.services.evidence_cleaning import clean
from tests.services import builders
from tests.services.builders import PDF, attach

MONTH = timedelta(days=30)
LOST = "ab" * 32


@pytest.fixture
def store(data_dir):
    return data_dir / "evidence"


def files_in(store):
    return sorted(path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file())


def aged(store, days=40):
    """Everything in the store was last written this long ago."""
    then = clock.now().timestamp() - days * 86_400
    for path in store.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def lie_about(store, name=LOST, content=b"%PDF-"):
    place = store / name[:2] / name[2:4] / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


@pytest.fixture
def replaced(cast, store):
    """A nomination whose first file was replaced; the first one lies about, on record but of nobody."""
    nomination_id = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        first = attach(cast.unit_admin, nomination_id, content=PDF + b"lama")
        gone = Evidence.get_by_id(first).blob_id
        evidence.remove(cast.unit_admin, evidence_id=first)
        kept = Evidence.get_by_id(attach(cast.unit_admin, nomination_id, content=PDF + b"baru")).blob_id
    aged(store)
    return gone, kept


def place(sha256):
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def test_what_nothing_refers_to_goes_and_what_is_in_use_stays(cast, store, replaced):
    gone, kept = replaced
    lie_about(store)
    (store / "incoming").mkdir(exist_ok=True)
    (store / "incoming" / "putus").write_bytes(b"%PDF-1.7 setengah")
    aged(store)
    before = AuditEntry.select().count()
    named = clean(older_than=MONTH, is_dry_run=True)
    assert (sorted(named.paths), AuditEntry.select().count()) == (sorted([place(gone), place(LOST), "incoming/putus"]), before)
    assert (sorted(files_in(store)), Blob.select().count()) == (sorted([place(gone), place(kept), place(LOST), "incoming/putus"]), 2)

    assert clean(older_than=MONTH, is_dry_run=False) == named
    assert (files_in(store), [row.sha256 for row in Blob.select()]) == ([place(kept)], [kept])
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.actor, entry.after) == ("evidence:clean", "sistem", {"files": 3, "bytes": named.size})
    assert clean(older_than=MONTH, is_dry_run=False).paths == ()
    assert AuditEntry.select().count() == before + 1


def test_what_is_not_old_enough_stays(cast, store, replaced):
    aged(store, days=29)
    before = files_in(store)
    assert clean(older_than=MONTH, is_dry_run=False) == evidence_cleaning.Found((), 0)
    assert (files_in(store), Blob.select().count()) == (before, 2)


def test_what_is_not_a_file_of_ours_is_left_alone(cast, store, replaced):
    gone, kept = replaced
    foreign = [store / "catatan.txt", store / LOST, lie_about(store, "zz" * 32)]
    for path in foreign[:2]:
        path.write_bytes(b"milik orang lain")
    (store / "tautan").symlink_to(store / place(kept))
    aged(store)
    assert clean(older_than=MONTH, is_dry_run=False).paths == (place(gone),)
    assert all(path.exists() for path in [*foreign, store / "tautan", store / place(kept)])


def test_an_upload_that_comes_between_keeps_its_file(cast, store, replaced, monkeypatch):
    """The same bytes are uploaded again after they were found to be nobody's and before they leave."""
    gone, kept = replaced
    nomination_id = Evidence.get().nomination_id
    forget = evidence_cleaning._forget

    def upload_then_forget(path, limit):
        with builders.during_nomination():
            attach(cast.unit_admin, nomination_id, content=PDF + b"lama")
        return forget(path, limit)

    monkeypatch.setattr(evidence_cleaning, "_forget", upload_then_forget)
    assert clean(older_than=MONTH, is_dry_run=False).paths == ()
    assert (files_in(store), {row.sha256 for row in Blob.select()}) == (sorted([place(gone), place(kept)]), {gone, kept})


def test_an_upload_that_has_only_written_its_file_keeps_it(cast, store, replaced, monkeypatch):
    """It is new again when it is to leave: its record comes a moment later."""
    gone, _ = replaced
    forget = evidence_cleaning._forget

    def forget_then_write(path, limit):
        done = forget(path, limit)
        path.write_bytes(PDF + b"lama")
        return done

    monkeypatch.setattr(evidence_cleaning, "_forget", forget_then_write)
    assert clean(older_than=MONTH, is_dry_run=False).paths == ()
    assert (place(gone) in files_in(store), [path for path in files_in(store) if path.startswith("leaving")]) == (True, [])


def test_an_empty_form_stays_while_a_version_or_an_earlier_state_of_a_draft_names_it(cast, store):
    draft = instruments.create(cast.bkpsdm, code="uji", name="Uji", definition=builders.tiny_instrument())
    with (store.parent / "formulir.pdf").open("w+b") if store.parent.mkdir(parents=True, exist_ok=True) is None else None as stream:
        stream.write(PDF)
        stream.seek(0)
        templates.store(cast.bkpsdm, version_id=draft, requirement="proposal", filename="f.pdf", stream=stream, expected_version=1)
    aged(store)
    assert clean(older_than=MONTH, is_dry_run=False).paths == ()
    templates.remove(cast.bkpsdm, version_id=draft, requirement="proposal", expected_version=2)
    assert clean(older_than=MONTH, is_dry_run=False).paths == ()
    instruments.lock(cast.bkpsdm, version_id=draft, expected_version=InstrumentVersion.get_by_id(draft).row_version)
    assert len(clean(older_than=MONTH, is_dry_run=False).paths) == 1
    assert (files_in(store), Blob.select().count()) == ([], 0)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_command_names_first_and_removes_then(store, database_url, replaced, monkeypatch):
    gone, kept = replaced
    monkeypatch.setenv("SIPETRUK_ENV", "testing")
    monkeypatch.setenv("SIPETRUK_DATABASE_URL", database_url)
    monkeypatch.setenv("SIPETRUK_DATA_DIR", str(store.parent))
    size = len(PDF + b"lama")
    said = [CliRunner().invoke(main, ["evidence", "clean", *more]) for more in (["--dry-run"], [], ["--older-than", "0"])]
    assert [answer.exit_code for answer in said] == [0, 0, 2]
    assert said[0].output == f"{place(gone)}\n1 berkas akan dibuang, {size} byte.\n"
    assert said[1].output == f"{place(gone)}\n1 berkas dibuang, {size} byte.\n"
    assert files_in(store) == [place(kept)]


def test_a_file_that_a_cleaning_left_aside_comes_back(cast, store, replaced):
    gone, kept = replaced
    (store / "leaving").mkdir()
    for sha256 in (gone, kept):  # cut off with a file that is needed after all, and with one that was to go
        (store / place(sha256)).rename(store / "leaving" / sha256)
    aged(store)
    assert clean(older_than=MONTH, is_dry_run=True).paths == (f"leaving/{gone}",)
    assert clean(older_than=MONTH, is_dry_run=False).paths == (f"leaving/{gone}",)
    assert files_in(store) == [place(kept)]
