"""Questions that ask for files, from the form over the check to the sheet of an assessor."""

import pytest

from sipetruk.errors import Invalid
from sipetruk.models import AuditEntry, Evidence
from sipetruk.queries import assessment as sheets
from sipetruk.queries import nominations as nomination_queries
from sipetruk.queries.checks import requirements
from sipetruk.services import checks, clock, nominations, returns
from tests.services import builders
from tests.services.builders import JPEG, PDF, attach, field, tiny_instrument, version_of

TINGKAT = field("tingkat", "Tingkat", "choice", options=[{"code": "kabupaten", "label": "Kabupaten"}, {"code": "unit", "label": "Unit"}])
PHOTO = field("foto_terapan", "Foto penerapan", "file", required=True, shown_when={"field": "tingkat", "equals": "kabupaten"}) | {
    "accept": ["jpg"],
    "max_mb": 1,
    "max_files": 2,
}
DOCUMENT = tiny_instrument(fields=[field("judul", "Judul", "short_text"), TINGKAT, PHOTO])
ANSWERED = {"judul": "Antrean", "tingkat": "kabupaten", "penghargaan": {"nasional": 1}}


@pytest.fixture
def round_(cast):
    return builders.open_round(cast, DOCUMENT)


@pytest.fixture
def nomination(cast, round_):
    """A draft with its answers and its proposal; the photograph is still missing."""
    return builders.filled(cast, round_, answers=ANSWERED)


def view(cast, nomination_id):
    return nomination_queries.nomination(cast.unit_admin, nomination_id, now=clock.now(), today=clock.today())


def refused(act):
    with pytest.raises(Invalid) as refusal:
        act()
    return [(problem.path, problem.message) for problem in refusal.value.problems]


def test_a_required_file_is_missing_until_it_is_attached(cast, nomination):
    with builders.during_nomination():
        missing = [(("answers", "foto_terapan"), "Unggah berkasnya.")]
        assert [(problem.path, problem.message) for problem in view(cast, nomination).missing] == missing
        assert (
            refused(lambda: nominations.endorse(cast.unit_head, nomination_id=nomination, expected_version=version_of(nomination)))
            == missing
        )
        attach(cast.unit_admin, nomination, "foto_terapan", JPEG, "foto.jpg")
        assert view(cast, nomination).missing == ()
        nominations.endorse(cast.unit_head, nomination_id=nomination, expected_version=version_of(nomination))


def test_a_file_question_has_its_own_limits(cast, nomination):
    with builders.during_nomination():
        assert refused(lambda: attach(cast.unit_admin, nomination, "foto_terapan", PDF, "foto.jpg")) == [
            (("file",), "Isi berkas ini adalah dokumen PDF, bukan JPG. Mengganti akhiran nama berkas tidak mengubah isinya.")
        ]
        assert Evidence.select().where(Evidence.requirement == "foto_terapan").count() == 0


def test_what_is_not_asked_is_neither_taken_nor_kept(cast, nomination):
    with builders.during_nomination():
        file_id = attach(cast.unit_admin, nomination, "foto_terapan", JPEG, "foto.jpg")
        other = {**ANSWERED, "tingkat": "unit"}
        nominations.save_answers(cast.unit_admin, nomination_id=nomination, answers=other, expected_version=version_of(nomination))
        assert [file.requirement for file in Evidence.select()] == ["proposal"]
        entry = AuditEntry.get(AuditEntry.action == "evidence:remove")
        assert (entry.thing_id, entry.before["filename"], entry.reason) == (
            str(file_id),
            "foto.jpg",
            "Pertanyaannya tidak lagi ditanyakan.",
        )
        assert refused(lambda: attach(cast.unit_admin, nomination, "foto_terapan", JPEG, "foto.jpg")) == [
            (("requirement",), "“Foto penerapan” tidak ditanyakan untuk jawaban yang tersimpan.")
        ]
        assert view(cast, nomination).missing == ()


def test_answers_that_would_cost_a_file_are_refused_where_files_are_kept(cast, nomination):
    with builders.during_nomination():
        attach(cast.unit_admin, nomination, "foto_terapan", JPEG, "foto.jpg")
        before = version_of(nomination)

        def save(**changes):
            given = {"nomination_id": nomination, "answers": ANSWERED | changes, "expected_version": version_of(nomination)}
            return nominations.save_answers(cast.unit_admin, **given, keep_files=True)

        said = "Jawaban ini menghapus berkas “foto.jpg” pada “Foto penerapan”. Tekan tombol simpan untuk melanjutkan."
        assert refused(lambda: save(tingkat="unit")) == [(("answers", "tingkat"), said)]
        assert (version_of(nomination), Evidence.select().where(Evidence.requirement == "foto_terapan").count()) == (before, 1)
        save(judul="Antrean lain")
        assert Evidence.select().where(Evidence.requirement == "foto_terapan").count() == 1


def test_it_is_checked_and_seen_by_assessors_like_evidence(cast, round_, nomination):
    with builders.during_nomination():
        attach(cast.unit_admin, nomination, "foto_terapan", JPEG, "foto.jpg")
        nominations.endorse(cast.unit_head, nomination_id=nomination, expected_version=version_of(nomination))
        nominations.submit(cast.unit_admin, nomination_id=nomination, expected_version=version_of(nomination))
    with builders.standing_at(2024, 10, 14):
        builders.check_all(cast, nomination)
        seen = nomination_queries.nomination(cast.verifier, nomination, now=clock.now(), today=clock.today())
        assert [(item.code, [file.filename for file in item.files]) for item in requirements(seen)] == [
            ("proposal", ["proposal.pdf"]),
            ("foto", []),
            ("skp", []),
            ("foto_terapan", ["foto.jpg"]),
        ]
        assert refused(lambda: checks.accept(cast.verifier, nomination_id=nomination, expected_version=version_of(nomination))) == [
            (("checkItems", "foto_terapan"), "Bukti “Foto penerapan” belum diperiksa.")
        ]
        builders.check_all(cast, nomination, ["foto_terapan"])
        checks.accept(cast.verifier, nomination_id=nomination, expected_version=version_of(nomination))
    with builders.standing_at(2024, 10, 16):
        builders.move(cast, round_, builders.PeriodMove.START_VERIFICATION)
    with builders.standing_at(2024, 10, 23):
        builders.move(cast, round_, builders.PeriodMove.START_ASSESSMENT)
    sheet = sheets.sheet(cast.assessor, nomination)
    assert [(file.label, file.filename) for file in sheet.evidence] == [("Proposal", "proposal.pdf"), ("Foto penerapan", "foto.jpg")]


def test_a_question_that_was_not_asked_need_not_be_checked(cast, round_):
    nomination = builders.submitted(cast, round_, answers={**ANSWERED, "tingkat": "unit"})
    with builders.standing_at(2024, 10, 14):
        builders.check_all(cast, nomination)
        assert refused(
            lambda: checks.record_item(cast.verifier, nomination_id=nomination, requirement="foto_terapan", verdict="absent")
        ) == [(("requirement",), "Jenis bukti ini tidak ada pada instrumen.")]
        checks.accept(cast.verifier, nomination_id=nomination, expected_version=version_of(nomination))


def test_what_was_said_of_a_file_goes_with_its_question(cast, round_, nomination):
    with builders.during_nomination():
        attach(cast.unit_admin, nomination, "foto_terapan", JPEG, "foto.jpg")
        hand_in(cast, nomination)
        items = {"foto_terapan": ("present", "Kurang tajam."), "proposal": ("present", "")}
        version = checks.record_items(cast.verifier, nomination_id=nomination, items=items, expected_version=version_of(nomination))
        again = {"reason": "Perbaiki.", "due_on": clock.today()}
        checks.return_(cast.verifier, nomination_id=nomination, expected_version=version, **again)
        other = {**ANSWERED, "tingkat": "unit"}
        nominations.save_answers(cast.unit_admin, nomination_id=nomination, answers=other, expected_version=version_of(nomination))
        replies = {"": "Sudah.", "foto_terapan": "Tidak diperlukan lagi."}
        returns.reply(cast.unit_admin, nomination_id=nomination, replies=replies, expected_version=version_of(nomination))
        hand_in(cast, nomination)
        checks.return_(cast.verifier, nomination_id=nomination, expected_version=version_of(nomination), **again)
        assert [item.requirement for item in view(cast, nomination).returns[-1].items] == [""]


def hand_in(cast, nomination_id):
    nominations.endorse(cast.unit_head, nomination_id=nomination_id, expected_version=version_of(nomination_id))
    nominations.submit(cast.unit_admin, nomination_id=nomination_id, expected_version=version_of(nomination_id))
