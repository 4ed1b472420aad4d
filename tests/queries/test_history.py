"""The history of a record: who did what to it, in words, with the difference field by field; for auditors only."""

from datetime import date

import peewee as pw
import pytest

from sipetruk.errors import Forbidden, NotFound
from sipetruk.models import Evidence, Period
from sipetruk.queries.history import RECORDS, history
from sipetruk.queries.paging import PageRequest
from sipetruk.rules.workflow import PeriodMove
from sipetruk.services import checks, evidence, nominations, people, periods, users
from tests.services import builders


def told(entry):
    return [(each.label, each.before, each.after) for each in entry.told.differences]


def test_a_period_tells_what_was_changed_from_what_to_what(cast):
    round_ = builders.prepared_round(cast)
    with builders.standing_at(2024, 9, 21):
        periods.update(
            cast.bkpsdm, period_id=round_.period_id, name="ASN Teladan 2024", year=2024, expected_version=Period.get().row_version
        )
    found = history(cast.viewer, "period", round_.period_id)
    assert (found.label, found.name, found.page.total) == ("Periode", "ASN Teladan 2024", 3)
    newest, schedule, _ = found.page.rows
    assert (newest.who, newest.face, newest.thing_label) == ("Rina Admin", "Panel", "Periode")
    assert told(newest) == [("Nama periode", "ASN Berprestasi 2024", "ASN Teladan 2024")]
    assert ("Pengusulan", "–", "1 Oktober 2024 sampai 15 Oktober 2024") in told(schedule)


def test_a_step_of_the_period_is_told_in_the_words_of_its_stages(cast):
    round_ = builders.open_round(cast)
    newest = history(cast.bkpsdm, "period", round_.period_id).page.rows[0]
    assert told(newest) == [("Tahap", "Persiapan", "Pengusulan dibuka")]


def test_a_panel_is_told_by_names(cast):
    round_ = builders.prepared_round(cast)
    newest = history(cast.viewer, "category", round_.category_id).page.rows[0]
    assert told(newest) == [("Tim penilai", "–", "Siti Penilai, Dewi Penilai")]


def test_a_nomination_tells_its_fields_files_and_verdicts_by_their_labels(cast):
    round_ = builders.open_round(cast)
    id_ = builders.filled(cast, round_)
    with builders.during_nomination():
        evidence.remove(cast.unit_admin, evidence_id=Evidence.get(nomination=id_).id)
        nominations.save_answers(
            cast.unit_admin, nomination_id=id_, answers={"judul": "Antrean", "tingkat": "unit"}, expected_version=builders.version_of(id_)
        )
    saved, removed, attached, first, _drafted = history(cast.viewer, "nomination", id_).page.rows
    assert told(saved) == [
        ("Judul inovasi", "Antrean daring puskesmas", "Antrean"),
        ("Tingkat", "Kabupaten", "Unit"),
        ("Penghargaan · Nasional", "1", "–"),
        ("Penghargaan · Provinsi", "0", "–"),
    ]
    assert (removed.action, removed.thing_label) == ("Menghapus bukti dukung", "Bukti dukung")
    assert ("Nama berkas", "proposal.pdf", "–") in told(removed)
    assert dict(attached.told.about)["Jenis bukti"] == "Proposal"
    assert ("Judul inovasi", "–", "Antrean daring puskesmas") in told(first)


def test_a_verdict_says_about_which_evidence_and_what_it_replaced(cast):
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_)
    with builders.standing_at(2024, 10, 16):
        for verdict, note in (("absent", "Belum terbaca."), ("present", "Terbaca.")):
            checks.record_item(cast.verifier, nomination_id=id_, requirement="proposal", verdict=verdict, note=note)
        checks.return_(
            cast.verifier, nomination_id=id_, reason="Foto.", due_on=date(2024, 10, 18), expected_version=builders.version_of(id_)
        )
    returned, second, first = history(cast.viewer, "nomination", id_).page.rows[:3]
    assert second.told.about == (("Bukti", "Proposal"),)
    assert told(second) == [("Hasil pemeriksaan", "TIDAK ADA", "ADA"), ("Catatan", "Belum terbaca.", "Terbaca.")]
    assert told(first)[0] == ("Hasil pemeriksaan", "–", "TIDAK ADA")
    assert told(returned) == [("Status", "Diajukan", "Dikembalikan"), ("Batas perbaikan", "–", "18 Oktober 2024")]
    assert returned.reason == "Foto."


def test_an_instrument_is_told_in_the_words_of_its_tree(cast):
    version_id = builders.locked_version(actor=cast.bkpsdm)
    newest, first = history(cast.viewer, "instrument_version", version_id).page.rows
    assert (newest.action, len(newest.told.differences) > 0) == ("Mengunci versi instrumen", True)
    assert first.who == "Rina Admin"


def test_units_and_users_have_a_history(cast):
    people.update_unit(cast.bkpsdm, unit_id=cast.unit_id, name="Dinkes", is_active=False, expected_version=1)
    assert told(history(cast.viewer, "unit", cast.unit_id).page.rows[0]) == [
        ("Nama unit kerja", "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana", "Dinkes"),
        ("Aktif", "ya", "tidak"),
    ]
    users.set_active(cast.bkpsdm, user_id=cast.assessor.user_id, is_active=False, expected_version=1)
    assert told(history(cast.viewer, "user", cast.assessor.user_id).page.rows[0]) == [("Aktif", "ya", "tidak")]


def test_an_employee_has_the_history_of_the_own_nominations_and_no_number_is_told(cast):
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_)
    found = history(cast.viewer, "employee", builders.employee_of(id_).id)
    assert {entry.thing for entry in found.page.rows} == {"nomination"}
    assert builders.employee_of(id_).nip not in repr(found)


@pytest.mark.parametrize("who", ["verifier", "assessor", "unit_admin", "unit_head", "outsider"])
def test_a_history_is_for_who_may_read_the_trail(cast, who):
    for thing in RECORDS:
        with pytest.raises(Forbidden):
            history(getattr(cast, who), thing, 1)


@pytest.mark.parametrize("id_", [999_999, 0, -1, 2**40])
def test_what_is_not_there_has_none(cast, id_):
    for thing in [*RECORDS, "job", "'"]:
        with pytest.raises((NotFound, Forbidden)):  # a record that auditors do not read is theirs under no number
            history(cast.viewer, thing, id_)
        with pytest.raises(NotFound):
            history(cast.bkpsdm, thing, id_)


def test_what_was_removed_keeps_its_history_and_the_name_that_it_had(cast):
    round_ = builders.prepared_round(cast)
    version = Period.get_by_id(round_.period_id).row_version
    periods.remove(cast.bkpsdm, period_id=round_.period_id, expected_version=version)
    found = history(cast.viewer, "period", round_.period_id)
    assert (found.name, found.is_gone) == ("ASN Berprestasi 2024", True)
    assert found.page.rows[0].action == "Menghapus periode yang keliru dibuat beserta isinya"
    assert history(cast.viewer, "category", round_.category_id).name == "ASN Inovatif"
    assert not history(cast.viewer, "unit", cast.unit_id).is_gone
    with pytest.raises(Forbidden):
        history(cast.verifier, "period", round_.period_id)


def test_a_number_that_is_given_again_begins_a_history_of_its_own(cast, db):
    """As SQLite did while numbers did not last: the trail keeps both records under one number."""

    def made(name):
        return periods.create(cast.bkpsdm, name=name, year=2024, slug="putaran")

    first = made("Yang keliru")
    periods.remove(cast.bkpsdm, period_id=first, expected_version=1)
    forget_numbers(db)
    second = made("Yang benar")
    found = history(cast.viewer, "period", second)
    assert (found.name, found.is_gone, found.page.total) == ("Yang benar", False, 1)
    periods.remove(cast.bkpsdm, period_id=second, expected_version=1)
    gone = history(cast.viewer, "period", second)
    assert (gone.name, gone.is_gone, gone.page.total) == ("Yang benar", True, 2)


def forget_numbers(db):
    if isinstance(db, pw.SqliteDatabase):
        db.execute_sql("DELETE FROM sqlite_sequence")


def test_so_does_the_number_of_a_category_that_went_with_its_period(cast, db):
    first = builders.prepared_round(cast, name="Yang keliru")
    version = Period.get_by_id(first.period_id).row_version
    periods.remove(cast.bkpsdm, period_id=first.period_id, expected_version=version)
    gone = history(cast.viewer, "category", first.category_id)
    assert (gone.name, gone.is_gone, gone.page.total) == ("Yang keliru", True, 3)
    forget_numbers(db)
    second = builders.prepared_round(cast, name="Yang benar")
    found = history(cast.viewer, "category", second.category_id)
    assert (found.name, found.is_gone, found.page.total) == ("Yang benar", False, 2)


def test_a_page_costs_the_same_for_few_and_for_many(cast, db):
    round_ = builders.open_round(cast)
    id_ = builders.submitted(cast, round_)
    history(cast.viewer, "nomination", id_)
    with builders.counted(db) as few:
        history(cast.viewer, "nomination", id_)
    with builders.standing_at(2024, 10, 16):
        builders.check_all(cast, id_)
        builders.check_all(cast, id_)
    with builders.counted(db) as many:
        history(cast.viewer, "nomination", id_, PageRequest(size=50))
    assert len(many) == len(few)


def test_steps_of_a_round_do_not_break_any_history(cast):
    round_, (id_,) = builders.assessing(cast, "Budi Santoso")
    builders.assess(cast.assessor, id_)
    builders.assess(cast.assessor2, id_)
    with builders.standing_at(2024, 11, 1):
        builders.move(cast, round_, PeriodMove.START_RANKING)
    found = history(cast.viewer, "nomination", id_)
    assert found.page.rows[0].thing in {"nomination", "sheet"}
    assert {entry.thing for entry in found.page.rows} == {"nomination", "evidence", "sheet"}
