"""An assessor reads the own sheets and nothing of another's; BKPSDM reads how far everybody is."""

from datetime import UTC, datetime

import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import Sheet
from sipetruk.queries import assessment
from sipetruk.queries.answers import AnswerView
from sipetruk.queries.assessment import AssessorProgress, EvidenceView, MarkView, Nominee, OptionView
from sipetruk.services import assessment as service
from sipetruk.services import nominations
from tests.services import builders

NOON = datetime(2024, 10, 24, 4, tzinfo=UTC)


def scored(value, note=""):
    return {"state": "scored", "value": value, "note": note}


def save(actor, nomination_id, marks):
    version = builders.sheet_version(actor, nomination_id)
    with builders.clock.standing_at(NOON):
        return service.save_marks(actor, nomination_id=nomination_id, marks=marks, expected_version=version)


def test_the_list_shows_own_sheets_by_name_with_their_progress(cast):
    _, (wati, budi) = builders.assessing(cast, "Wati Lestari", "budi Santoso")
    save(cast.assessor, budi, {"gagasan": scored("10"), "disiplin": {"state": "abstained", "note": "?"}})
    builders.assess(cast.assessor, wati)
    builders.assess(cast.assessor2, budi)
    rows = assessment.sheets(cast.assessor)
    assert [(row.nomination_id, row.marked, row.total, row.state, row.state_label, row.can_edit) for row in rows] == [
        (budi, 2, 3, "open", "Dinilai", True),
        (wati, 3, 3, "submitted", "Dikirim", False),
    ]
    first = rows[0]
    assert first.nominee == Nominee(
        "budi Santoso",
        "Pranata Komputer Ahli Muda",
        "III/c",
        "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana",
    )
    assert (first.category, first.period, first.row_version) == ("ASN Inovatif", "ASN Berprestasi 2024", 2)


def test_who_sits_on_no_panel_has_no_sheets(cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    for actor in (cast.assessor3, cast.bkpsdm, cast.viewer, cast.unit_admin, cast.outsider):
        assert assessment.sheets(actor) == []
        with pytest.raises(NotFound) as refusal:
            assessment.sheet(actor, budi)
        assert refusal.value.message == "Lembar penilaian tidak ditemukan."


def test_a_sheet_shows_what_is_to_be_judged(cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    view = assessment.sheet(cast.assessor, budi)
    assert [(part.code, [each.code for each in part.criteria]) for part in view.components] == [
        ("inovasi", ["gagasan", "dampak"]),
        ("rekam_jejak", ["disiplin"]),
    ]
    gagasan, dampak = view.components[0].criteria
    assert (gagasan.kind, gagasan.scale, gagasan.minimum, gagasan.maximum, gagasan.step, gagasan.options, gagasan.evidence) == (
        "points",
        "0 sampai 40 poin, kelipatan 0,5",
        "0",
        "40",
        "0.5",
        (),
        ("proposal",),
    )
    assert (dampak.kind, dampak.note_min_chars, dampak.mark) == ("rubric", 10, None)
    assert dampak.options == (
        OptionView("0", "0", "Tidak ada", "Tanpa dampak."),
        OptionView("10", "10", "Terbatas", "Di unit sendiri."),
        OptionView("20", "20", "Luas", "Di seluruh kabupaten."),
    )
    assert [(option.value, option.label) for option in view.components[1].criteria[0].options] == [("1", "Ya"), ("0", "Tidak")]
    file_id = view.evidence[0].id
    assert view.evidence == (EvidenceView(file_id, "proposal", "Proposal", "proposal.pdf", "application/pdf", len(builders.PDF)),)
    assert view.answers == (
        AnswerView("judul", "Judul inovasi", "", "short_text", "Antrean daring puskesmas"),
        AnswerView("tingkat", "Tingkat", "", "choice", "Kabupaten"),
        AnswerView("penghargaan", "Penghargaan", "Penilaian", "tally", "Nasional: 1, Provinsi: 0"),
    )
    assert (view.row.marked, view.row.total, view.row.can_edit, view.submitted_at, view.reason) == (0, 3, True, None, "")


def test_a_sheet_shows_own_marks_only(cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    save(
        cast.assessor,
        budi,
        {"gagasan": {"state": "scored", "value": "12,5", "note": "Baru."}, "disiplin": {"state": "scored", "value": "0"}},
    )
    save(cast.assessor2, budi, {"gagasan": {"state": "scored", "value": "40"}, "dampak": {"state": "scored", "value": "20"}})
    own = {each.code: each.mark for part in assessment.sheet(cast.assessor, budi).components for each in part.criteria}
    assert own == {
        "gagasan": MarkView("scored", "12.5", "12,5", "Baru.", NOON),
        "dampak": None,
        "disiplin": MarkView("scored", "0", "Tidak", "", NOON),
    }


def test_neighbours_are_the_own_sheets_before_and_behind(cast):
    _, (b, a, c) = builders.assessing(cast, "Budi", "Ani", "Citra")
    ways = {id_: (view.previous_id, view.next_id) for id_ in (a, b, c) for view in [assessment.sheet(cast.assessor, id_)]}
    assert ways == {a: (None, b), b: (a, c), c: (b, None)}


def test_the_next_open_sheet_is_looked_for_behind_and_then_before(cast):
    _, (b, a, c) = builders.assessing(cast, "Budi", "Ani", "Citra")
    ways = {id_: assessment.sheet(cast.assessor, id_).next_open_id for id_ in (a, b, c)}
    assert ways == {a: b, b: c, c: a}
    builders.assess(cast.assessor, a)
    ways = {id_: assessment.sheet(cast.assessor, id_).next_open_id for id_ in (a, b, c)}
    assert ways == {a: b, b: c, c: b}
    builders.assess(cast.assessor, b)
    assert [assessment.sheet(cast.assessor, id_).next_open_id for id_ in (a, b, c)] == [c, c, None]


def test_a_withdrawn_nomination_leaves_the_list(cast):
    _, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    nominations.withdraw(cast.bkpsdm, nomination_id=budi, reason="Pindah.", expected_version=builders.version_of(budi))
    assert [row.nomination_id for row in assessment.sheets(cast.assessor)] == [wati]
    with pytest.raises(NotFound):
        assessment.sheet(cast.assessor, budi)


@pytest.mark.parametrize("id_", [0, -1, 999_999, 2**31, 2**70])
def test_an_unknown_sheet_is_not_found(cast, id_):
    builders.assessing(cast, "Budi Santoso")
    with pytest.raises(NotFound) as refusal:
        assessment.sheet(cast.assessor, id_)
    assert refusal.value.message == "Lembar penilaian tidak ditemukan."


def test_progress_counts_sheets_and_marks_of_everybody_without_values(cast):
    round_, (budi, wati, udin) = builders.assessing(cast, "Budi Santoso", "Wati Lestari", "Udin Hasan")
    builders.assess(cast.assessor, budi)
    save(cast.assessor, wati, {"gagasan": scored("10")})
    save(cast.assessor2, wati, {"gagasan": scored("10")})
    service.recuse(cast.assessor2, nomination_id=wati, reason="Saudara.")
    nominations.withdraw(cast.bkpsdm, nomination_id=udin, reason="Pindah.", expected_version=builders.version_of(udin))
    for reader in (cast.bkpsdm, cast.viewer):
        found = assessment.progress(reader, round_.category_id)
        assert found.assessors == (
            AssessorProgress(cast.assessor2.user_id, "Dewi Penilai", open=1, submitted=0, recused=1, marked=0, total=3),
            AssessorProgress(cast.assessor.user_id, "Siti Penilai", open=1, submitted=1, recused=0, marked=4, total=6),
        )
        assert (found.category, found.is_complete) == ("ASN Inovatif", False)


def test_progress_is_complete_when_no_sheet_is_open(cast):
    round_, (budi,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, budi)
    service.recuse(cast.assessor2, nomination_id=budi, reason="Saudara.")
    assert assessment.progress(cast.bkpsdm, round_.category_id).is_complete is True


@pytest.mark.parametrize("who", ["assessor", "verifier", "unit_admin", "unit_head"])
def test_progress_is_for_bkpsdm_and_auditors(cast, who):
    round_, _ = builders.assessing(cast, "Budi Santoso")
    with pytest.raises(Forbidden):
        assessment.progress(getattr(cast, who), round_.category_id)


def test_progress_of_an_unknown_category_is_not_found(cast):
    with pytest.raises(NotFound) as refusal:
        assessment.progress(cast.bkpsdm, 999)
    assert refusal.value.message == "Kategori tidak ditemukan."


def test_one_sheet_costs_as_many_statements_as_many(cast, db):
    round_, ids = builders.assessing(cast, "Budi Santoso", "Wati Lestari", "Udin Hasan")
    builders.assess(cast.assessor, ids[0])

    def costs():
        found = []
        for read in (
            lambda: assessment.sheets(cast.assessor),
            lambda: assessment.sheet(cast.assessor, ids[0]),
            lambda: assessment.progress(cast.bkpsdm, round_.category_id),
        ):
            read()
            with builders.counted(db) as sent:
                read()
            found.append(len(sent))
        return found

    many = costs()
    Sheet.delete().where(Sheet.nomination != ids[0]).execute()
    assert (many, many[0]) == (costs(), 3)
