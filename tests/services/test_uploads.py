"""A file in pieces becomes evidence once, whatever happens on the way; before a byte is taken it is known to be wanted."""

import hashlib
import io
import multiprocessing
import os
import signal
import threading
from datetime import timedelta

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, TooManyAttempts
from sipetruk.models import AuditEntry, Blob, Evidence, Nomination, Objection, Upload
from sipetruk.models.base import bind, database
from sipetruk.services import clock, evidence, objections, settings, uploads
from sipetruk.services.parts import Moved
from tests.services import builders, objecting
from tests.services.builders import PDF

FILE = PDF + b"x" * 200_000
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def nomination_id(cast):
    number = builders.drafted(cast, builders.open_round(cast))
    with builders.during_nomination():
        yield number


def announced(nomination_id, **changes):
    given = {"size": len(FILE), "purpose": "evidence", "requirement": "proposal", "filename": "usulan.pdf"} | changes
    return uploads.Announced(nomination_id=nomination_id, **given)


def begun(actor, nomination_id, **changes):
    return uploads.begin(actor, announced=announced(nomination_id, **changes)).id


def send(actor, id_, offset, content, **more):
    return uploads.append(actor, upload_id=id_, offset=offset, stream=io.BytesIO(content), **more)


def parts(data_dir):
    return sorted(path.name for path in (data_dir / "evidence" / "uploads").glob("*"))


def test_a_file_in_pieces_is_evidence_as_if_it_came_at_once(cast, nomination_id, data_dir):
    id_ = begun(cast.unit_admin, nomination_id)
    assert (send(cast.unit_admin, id_, 0, FILE[:70_000]).offset, parts(data_dir)) == (70_000, [id_])
    assert (Evidence.select().count(), Blob.select().count()) == (0, 0)
    done = send(cast.unit_admin, id_, 70_000, FILE[70_000:])
    saved = Evidence.get()
    assert (done.offset, done.evidence_id) == (len(FILE), saved.id)
    assert (saved.blob_id, saved.filename, saved.uploaded_by_id) == (
        hashlib.sha256(FILE).hexdigest(),
        "usulan.pdf",
        cast.unit_admin.user_id,
    )
    assert evidence.place_of(saved.blob_id).read_bytes() == FILE
    assert parts(data_dir) == []
    assert uploads.progress(cast.unit_admin, upload_id=id_) == done
    assert send(cast.unit_admin, id_, len(FILE), b"") == done
    with pytest.raises(Conflict):
        uploads.cancel(cast.unit_admin, upload_id=id_)
    assert AuditEntry.select().where(AuditEntry.action == "evidence:attach").count() == 1
    evidence.remove(cast.unit_admin, evidence_id=saved.id)
    assert Upload.select().count() == 0


@SQLITE
def test_a_file_that_is_not_wanted_is_refused_before_it_comes(cast, nomination_id, data_dir):
    for changes, path in (
        ({"size": 0}, ("file",)),
        ({"size": 50 * 1024 * 1024}, ("file",)),
        ({"requirement": "skp"}, ("requirement",)),
        ({"requirement": ""}, ("requirement",)),
        ({"filename": " "}, ("filename",)),
        ({"filename": "a" * 256}, ("filename",)),
        ({"filename": "a\x00.pdf"}, ("filename",)),
        ({"purpose": "lain"}, ("purpose",)),
    ):
        with pytest.raises(Invalid) as refusal:
            begun(cast.unit_admin, nomination_id, **changes)
        assert refusal.value.problems[0].path == path
    with pytest.raises(NotFound):
        begun(cast.outsider, nomination_id)
    with pytest.raises(Forbidden):
        begun(cast.verifier, nomination_id)
    with pytest.raises(IllegalMove):
        begun(cast.unit_admin, nomination_id, purpose="objection")
    assert (Upload.select().count(), parts(data_dir)) == (0, [])


@SQLITE
def test_a_full_nomination_takes_nothing_by_either_door(cast, nomination_id):
    settings.change(cast.bkpsdm, key="upload_total_mb", value="50", expected_version=0)
    Blob.insert(sha256="0" * 64, size=50 * 1024 * 1024, media_type="application/pdf").execute()
    kept = {"nomination": nomination_id, "requirement": "lama", "filename": "a.pdf", "uploaded_by": cast.unit_admin.user_id}
    for number in range(10):
        blob = f"{number}" * 64
        Blob.insert(sha256=blob, size=1, media_type="application/pdf").on_conflict_ignore().execute()
        Evidence.create(**kept, blob=blob, uploaded_at=clock.now())
    said = "Semua berkas bukti satu usulan paling besar 50 MB. Perkecil atau hapus berkas lain dahulu."
    for door in (begun, builders.attach):
        with pytest.raises(Invalid) as refusal:
            door(cast.unit_admin, nomination_id)
        assert refusal.value.message == said
    settings.change(cast.bkpsdm, key="upload_files", value="10", expected_version=0)
    for door in (begun, builders.attach):
        with pytest.raises(Invalid) as refusal:
            door(cast.unit_admin, nomination_id)
        assert refusal.value.message == "Satu usulan paling banyak memuat 10 berkas bukti."
    assert (Evidence.select().count(), Upload.select().count()) == (10, 0)


@SQLITE
def test_what_turns_out_to_be_no_evidence_is_thrown_away(cast, nomination_id, data_dir):
    id_ = begun(cast.unit_admin, nomination_id, size=8)
    with pytest.raises(Invalid) as refusal:
        send(cast.unit_admin, id_, 0, b"MZ\x90\x00abcd")
    assert "program Windows" in refusal.value.message
    same = begun(cast.unit_admin, nomination_id, size=len(PDF))
    builders.attach(cast.unit_admin, nomination_id)
    with pytest.raises(Invalid, match="Berkas yang sama sudah diunggah"):
        send(cast.unit_admin, same, 0, PDF)
    assert (Upload.select().count(), parts(data_dir), Evidence.select().count()) == (0, [], 1)


@SQLITE
def test_an_upload_goes_on_only_where_it_stands_and_never_beyond_its_size(cast, nomination_id):
    id_ = begun(cast.unit_admin, nomination_id)
    send(cast.unit_admin, id_, 0, FILE[:10])
    for offset in (0, 9, 11, len(FILE)):
        with pytest.raises(Moved):
            send(cast.unit_admin, id_, offset, b"x")
    with pytest.raises(Invalid, match=f"{len(FILE)} byte"):
        send(cast.unit_admin, id_, 10, FILE)
    good = uploads.Checksum("sha256", hashlib.sha256(b"satu").digest())
    offset = uploads.progress(cast.unit_admin, upload_id=id_).offset
    with pytest.raises(uploads.Damaged):
        send(cast.unit_admin, id_, offset, b"dua!", checksum=good)
    assert uploads.progress(cast.unit_admin, upload_id=id_).offset == offset
    assert send(cast.unit_admin, id_, offset, b"satu", checksum=good).offset == offset + 4


@SQLITE
def test_only_who_began_an_upload_finds_it(cast, nomination_id):
    id_ = begun(cast.unit_admin, nomination_id)
    for who, name in (
        (cast.outsider, id_),
        (cast.unit_head, id_),
        (cast.bkpsdm, id_),
        (cast.unit_admin, "0" * 32),
        (cast.unit_admin, "a/b\x00"),
    ):
        for act in (uploads.progress, uploads.cancel):
            with pytest.raises(NotFound) as refusal:
                act(who, upload_id=name)
            assert refusal.value.message == "Unggahan tidak ditemukan."
        with pytest.raises(NotFound):
            send(who, name, 0, FILE)
    assert uploads.progress(cast.unit_admin, upload_id=id_).offset == 0


@SQLITE
def test_a_right_that_ends_ends_the_upload(cast, nomination_id):
    id_ = begun(cast.unit_admin, nomination_id)
    send(cast.unit_admin, id_, 0, FILE[:10])
    Nomination.update(work_unit=cast.other_unit_id).execute()
    with pytest.raises(NotFound):
        send(cast.unit_admin, id_, 10, FILE[10:])
    Nomination.update(work_unit=cast.unit_id).execute()
    assert (uploads.progress(cast.unit_admin, upload_id=id_).offset, Evidence.select().count()) == (10, 0)


def test_a_person_has_so_many_under_way_and_an_old_one_gives_way(cast, nomination_id, data_dir):
    settings.change(cast.bkpsdm, key="upload_open", value="2", expected_version=0)
    now = clock.now()
    begun(cast.unit_admin, nomination_id)
    with clock.standing_at(now + timedelta(seconds=1)):
        second = begun(cast.unit_admin, nomination_id)
    with clock.standing_at(now + timedelta(minutes=59, seconds=59)), pytest.raises(TooManyAttempts):
        begun(cast.unit_admin, nomination_id)
    with clock.standing_at(now + timedelta(hours=1)):
        third = begun(cast.unit_admin, nomination_id)
    assert parts(data_dir) == sorted([second, third])
    assert {row.id for row in Upload.select()} == {second, third}
    uploads.cancel(cast.unit_admin, upload_id=second)
    assert parts(data_dir) == [third]


def test_what_is_not_finished_in_its_time_goes_with_its_bytes(cast, nomination_id, data_dir):
    id_ = begun(cast.unit_admin, nomination_id)
    send(cast.unit_admin, id_, 0, FILE[:1000])
    stray = data_dir / "evidence" / "uploads" / ("f" * 32)
    stray.write_bytes(b"x")
    for path in (stray, stray.with_name(id_)):
        os.utime(path, (0, 0))
    now = clock.now()
    with clock.standing_at(now + timedelta(hours=23, minutes=59, seconds=59)):
        assert (uploads.forget_expired(), parts(data_dir)) == (0, [id_])
        assert uploads.waiting(clock.now()) == uploads.Waiting(1, 0, 1000)
    with clock.standing_at(now + timedelta(hours=24)):
        with pytest.raises(NotFound):
            send(cast.unit_admin, id_, 1000, b"x")
        assert (uploads.forget_expired(), parts(data_dir), Upload.select().count()) == (1, [], 0)
        assert uploads.forget_expired() == 0


def test_two_connections_that_finish_at_once_make_one_evidence(cast, nomination_id):
    for round_ in range(3):
        content = FILE + str(round_).encode()
        id_ = begun(cast.unit_admin, nomination_id, size=len(content))
        send(cast.unit_admin, id_, 0, content[:-10])
        gate, got = threading.Barrier(2), []

        def finish(id_=id_, content=content, gate=gate, got=got):
            with database.connection_context(), builders.during_nomination():
                gate.wait()
                try:
                    got.append(send(cast.unit_admin, id_, len(content) - 10, content[-10:]).evidence_id)
                except Moved:
                    got.append(uploads.progress(cast.unit_admin, upload_id=id_).evidence_id)

        threads = [threading.Thread(target=finish) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        saved = Evidence.get()
        assert (got, evidence.place_of(saved.blob_id).read_bytes()) == ([saved.id] * 2, content)
        evidence.remove(cast.unit_admin, evidence_id=saved.id)


@pytest.mark.parametrize("asks", ["sends", "looks"])
def test_who_comes_while_another_connection_finishes_is_told_so(cast, nomination_id, monkeypatch, asks):
    id_, own = begun(cast.unit_admin, nomination_id), uploads._own
    send(cast.unit_admin, id_, 0, FILE[:-10])

    def slow(actor, upload_id):
        row = own(actor, upload_id)
        monkeypatch.setattr(uploads, "_own", own)
        send(cast.unit_admin, id_, len(FILE) - 10, FILE[-10:])
        return row

    monkeypatch.setattr(uploads, "_own", slow)
    if asks == "sends":
        with pytest.raises(Moved):
            send(cast.unit_admin, id_, len(FILE) - 10, FILE[-10:])
    else:
        assert uploads.progress(cast.unit_admin, upload_id=id_).evidence_id == Evidence.get().id
    assert Evidence.select().count() == 1


def test_what_a_killed_process_wrote_counts_and_what_it_could_not_finish_is_finished(copied, cast, nomination_id, data_dir):
    id_ = begun(cast.unit_admin, nomination_id)
    context = multiprocessing.get_context("fork")
    wrote = context.Event()
    child = context.Process(target=_hang, args=(copied.url, data_dir, cast.unit_admin, id_, wrote))
    child.start()
    assert wrote.wait(20)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    offset = uploads.progress(cast.unit_admin, upload_id=id_).offset
    assert (offset, Evidence.select().count()) == (65_536, 0)
    path = data_dir / "evidence" / "uploads" / id_
    path.write_bytes(FILE)  # the last byte was written, and then the process was killed
    done = uploads.progress(cast.unit_admin, upload_id=id_)
    assert (done.offset, done.evidence_id, parts(data_dir)) == (len(FILE), Evidence.get().id, [])


def _hang(url, data_dir, actor, id_, wrote):
    """In a process of its own: the first chunk comes, and then the network says nothing any more."""

    class Hanging:
        left = (FILE[:65_536],)

        def read(self, _):
            if not self.left:
                wrote.set()
                threading.Event().wait()
            chunk, self.left = self.left[0], ()
            return chunk

    bind(url)
    evidence.use_store(data_dir / "evidence")
    with database.connection_context(), builders.during_nomination():
        uploads.append(actor, upload_id=id_, offset=0, stream=Hanging())


def test_an_upload_becomes_the_attachment_of_one_objection(cast, data_dir):
    _, (_, budi) = objecting.objection_stage(cast)
    with objecting.at(7):
        for size in (6 * 1024 * 1024, 0):
            with pytest.raises(Invalid):
                begun(cast.unit_admin, budi, purpose="objection", size=size)
        id_ = begun(cast.unit_admin, budi, purpose="objection")
        send(cast.unit_admin, id_, 0, FILE[:5])
        with pytest.raises(Invalid, match="belum selesai"):
            _filed(cast.unit_admin, budi, id_)
        assert send(cast.unit_admin, id_, 5, FILE[5:]).evidence_id is None
        with pytest.raises(NotFound):
            _filed(cast.unit_head, budi, id_)
        filed = _filed(cast.unit_admin, budi, id_, key="k")
        assert _filed(cast.unit_admin, budi, id_, key="k") == filed
        saved = Objection.get()
        assert (saved.id, saved.filename, saved.blob_id) == (filed, "usulan.pdf", hashlib.sha256(FILE).hexdigest())
        objections.withdraw(cast.unit_admin, objection_id=filed, reason="Keliru.", expected_version=saved.row_version)
        with pytest.raises(Conflict):
            _filed(cast.unit_admin, budi, id_)
        no_document = begun(cast.unit_admin, budi, purpose="objection", size=4)
        with pytest.raises(Invalid):
            send(cast.unit_admin, no_document, 0, b"MZ\x90\x00")
    assert (Objection.select().count(), parts(data_dir)) == (1, [id_])
    with objecting.at(8, 23, 59, 59):
        begun(cast.unit_admin, budi, purpose="objection")
    with objecting.at(9, 0), pytest.raises(IllegalMove):
        begun(cast.unit_admin, budi, purpose="objection")


def _filed(actor, nomination_id, upload_id, key=None):
    with uploads.attachment(actor, upload_id=upload_id, nomination_id=nomination_id) as attachment:
        return objections.file(actor, nomination_id=nomination_id, reason=objecting.REASON, attachment=attachment, idempotency_key=key)
