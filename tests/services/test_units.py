"""Units over the years: renamed, merged, split; what moves, what keeps its copy, and what stands in the way."""

from datetime import UTC, date, datetime

import pytest

from sipetruk import imports
from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import (
    AuditEntry,
    Category,
    Employee,
    Endorsement,
    Membership,
    Nomination,
    Notification,
    Period,
    UnitChange,
    User,
    WorkUnit,
)
from sipetruk.queries import units as queries
from sipetruk.queries.history import history
from sipetruk.rules import journey
from sipetruk.rules.permissions import SYSTEM, Grant, Role
from sipetruk.rules.unit_history import Basis, sentence
from sipetruk.services import clock, people, units, users
from tests.services import builders

DAY = date(2024, 10, 9)
BASIS = Basis(DAY, "Perbup 12/2024", "")
NOON = datetime(2024, 10, 10, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def standing():
    with clock.standing_at(NOON):
        yield


def rename(cast, **changes):
    given = {"code": "dinkes-kb", "name": "Dinas Kesehatan dan KB", "basis": BASIS, "expected_version": 1, "unit_id": cast.unit_id}
    units.rename(cast.bkpsdm, **(given | changes))


def merge(cast, **changes):
    given = {"unit_id": cast.unit_id, "into_id": cast.other_unit_id, "basis": BASIS, "expected_version": 1}
    units.merge(cast.bkpsdm, **(given | changes))


def told(cast, unit_id):
    return [sentence(change, unit_id) for change in queries.unit(cast.bkpsdm, unit_id).changes]


OLD = "Dinas Kesehatan, Pengendalian Penduduk dan Keluarga Berencana"


def test_a_renamed_unit_tells_what_it_was_called(cast):
    rename(cast)
    unit = WorkUnit.get_by_id(cast.unit_id)
    assert (unit.code, unit.name, unit.row_version) == ("dinkes-kb", "Dinas Kesehatan dan KB", 2)
    assert told(cast, cast.unit_id) == [f"Sampai 8 Oktober 2024 bernama {OLD} (dinkes)."]
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (entry.action, entry.before["code"], entry.after["decree"]) == ("unit:rename", "dinkes", "Perbup 12/2024")


def test_the_name_changes_several_times(cast):
    rename(cast)
    rename(cast, code="dinkes", name="Dinas Kesehatan", basis=Basis(date(2024, 10, 10), "", "Kembali ke kode lama."), expected_version=2)
    assert told(cast, cast.unit_id) == [
        f"Sampai 8 Oktober 2024 bernama {OLD} (dinkes).",
        "Sampai 9 Oktober 2024 bernama Dinas Kesehatan dan KB (dinkes-kb).",
    ]


@pytest.mark.parametrize(
    ("changes", "kind", "path"),
    [
        ({"basis": Basis(date(2024, 10, 11), "SK", "")}, Invalid, "effectiveOn"),
        ({"basis": Basis(DAY, " ", "")}, Invalid, "decree"),
        ({"basis": Basis(DAY, "x" * 151, "")}, Invalid, "decree"),
        ({"code": "Besar"}, Invalid, "code"),
        ({"name": " "}, Invalid, "name"),
        ({"code": "dishub"}, Conflict, "code"),
        ({"name": "Dinas Perhubungan"}, Conflict, "name"),
        ({"code": "dinkes", "name": OLD}, Invalid, "name"),
        ({"expected_version": 7}, Conflict, "expectedVersion"),
        ({"unit_id": 999}, NotFound, None),
    ],
)
def test_a_name_that_cannot_be_is_refused(cast, changes, kind, path):
    with pytest.raises(kind) as refused:
        rename(cast, **changes)
    assert [p.path for p in refused.value.problems] == [(path,) if path else ()]
    assert (UnitChange.select().count(), WorkUnit.get_by_id(cast.unit_id).code) == (0, "dinkes")


def test_only_bkpsdm_changes_units(cast):
    for who in (cast.verifier, cast.unit_admin, cast.viewer):
        with pytest.raises(Forbidden):
            units.rename(who, unit_id=cast.unit_id, code="a1", name="A", basis=BASIS, expected_version=1)
        with pytest.raises(Forbidden):
            units.merge(who, unit_id=cast.unit_id, into_id=cast.other_unit_id, basis=BASIS, expected_version=1)
        with pytest.raises(Forbidden):
            units.split(who, unit_id=cast.unit_id, code="a1", name="A", employee_ids=[], basis=BASIS, expected_version=1)
    assert UnitChange.select().count() == 0


def test_former_codes_lead_to_the_unit_and_are_not_given_again(cast):
    rename(cast)
    file = b"kode_unit,nama_unit\ndinkes,Dinas Kesehatan\n"
    with pytest.raises(Invalid) as refused:
        imports.load(SYSTEM, "units", file)
    assert [(p.path, p.message) for p in refused.value.problems] == [
        (("2", "kode_unit"), "Ini kode lama Dinas Kesehatan dan KB; kodenya sekarang dinkes-kb.")
    ]
    with pytest.raises(Invalid) as refused:
        people.register_units(SYSTEM, units=[people.NewUnit("dinkes", "Lain")])
    assert [(p.path, p.code) for p in refused.value.problems] == [(("units", "0", "code"), "CONFLICT")]
    heading = (
        "nip,jenis,nama,gelar_depan,gelar_belakang,kode_unit,jabatan,jenis_jabatan,eselon,golongan,"
        "tmt_pengangkatan,tanggal_lahir,kedudukan_hukum"
    )
    row = "198609262015051001,PNS,Budi,,,dinkes,Analis,4,99,III/a,2015-05-01,1986-09-26,01"
    imports.load(SYSTEM, "employees", f"{heading}\n{row}\n".encode())
    assert Employee.get().work_unit_id == cast.unit_id


def test_a_file_that_renames_leaves_a_history(cast):
    people.save_units(SYSTEM, units=[people.NewUnit("dinkes", "Dinkes Baru"), people.NewUnit("dishub", "Dinas Perhubungan")])
    assert told(cast, cast.unit_id) == [f"Sampai 9 Oktober 2024 bernama {OLD} (dinkes)."]
    assert UnitChange.select().count() == 1


def test_units_are_found_by_what_they_were_called(cast):
    rename(cast)
    merge(cast, expected_version=2, basis=Basis(date(2024, 10, 10), "Perda 1", ""))
    found = [unit.code for unit in queries.matching(WorkUnit.select().order_by(WorkUnit.code), "pengendalian dinkes")]
    assert found == ["dinkes-kb", "dishub"]
    assert [unit.code for unit in queries.matching(WorkUnit.select().order_by(WorkUnit.code), "perhubungan")] == ["dishub"]


def test_a_merged_unit_hands_over_people_roles_and_open_nominations(cast):
    round_ = builders.open_round(cast)
    draft = builders.drafted(cast, round_, "Budi Santoso")
    merge(cast)
    unit, into = WorkUnit.get_by_id(cast.unit_id), WorkUnit.get_by_id(cast.other_unit_id)
    assert (unit.is_active, into.is_active) == (False, True)
    assert {employee.work_unit_id for employee in Employee.select()} == {cast.other_unit_id}
    nomination = Nomination.get_by_id(draft)
    assert (nomination.work_unit_id, nomination.state) == (cast.other_unit_id, "draft")
    roles = Membership.select(Membership.user, Membership.role, Membership.work_unit).where(~Membership.work_unit.is_null())
    assert sorted(roles.order_by(Membership.id).tuples()) == sorted(
        [
            (cast.unit_admin.user_id, "opd_admin", cast.other_unit_id),
            (cast.unit_head.user_id, "opd_head", cast.other_unit_id),
            (cast.outsider.user_id, "opd_admin", cast.other_unit_id),
        ]
    )
    assert User.get_by_id(cast.unit_admin.user_id).session_epoch == 1
    assert User.get_by_id(cast.outsider.user_id).session_epoch == 0
    assert told(cast, cast.unit_id) == ["Sejak 9 Oktober 2024 dilebur ke Dinas Perhubungan."]
    assert told(cast, cast.other_unit_id) == [f"Sejak 9 Oktober 2024 menerima {OLD} (dinkes) yang dilebur ke unit ini."]
    assert queries.unit(cast.bkpsdm, cast.unit_id).successor == (cast.other_unit_id, "Dinas Perhubungan")
    things = [(e.thing, e.action) for e in AuditEntry.select().where(AuditEntry.action == "unit:merge").order_by(AuditEntry.id)]
    assert things == [("nomination", "unit:merge"), ("user", "unit:merge"), ("user", "unit:merge"), ("unit", "unit:merge")]


def test_the_head_of_the_merged_unit_gives_way_to_the_other_head(cast):
    head = users.add(
        SYSTEM, username="kepala-dishub", name="Kepala Lain", password=cast.password, grants=[Grant(Role.OPD_HEAD, cast.other_unit_id)]
    )
    merge(cast)
    heads = [user_id for (user_id,) in Membership.select(Membership.user).where(Membership.role == "opd_head").tuples()]
    assert heads == [head]


def test_an_endorsed_draft_loses_its_signature_a_submitted_one_keeps_its_copy(cast):
    round_ = builders.open_round(cast)
    sent = builders.submitted(cast, round_, "Budi Santoso")
    signed = builders.endorsed(cast, round_, "Wati Lestari")
    merge(cast)
    assert Nomination.get_by_id(signed).state == "draft"
    voids = [(row.nomination_id, row.void_reason) for row in Endorsement.select().where(~Endorsement.voided_at.is_null())]
    assert voids == [(signed, journey.UNIT_MERGED)]
    told = Notification.select(Notification.recipient, Notification.notice).where(Notification.thing == "user")
    assert sorted(told.tuples()) == [(cast.unit_admin.user_id, "account_roles"), (cast.unit_head.user_id, "account_roles")]
    nomination = Nomination.get_by_id(sent)
    assert (nomination.state, nomination.work_unit_id, nomination.person["unit_name"]) == ("submitted", cast.other_unit_id, OLD)


def test_a_nomination_under_assessment_stands_in_the_way(cast):
    _, (budi,) = builders.assessing(cast, "Budi Santoso")
    number = Nomination.get_by_id(budi).number
    with pytest.raises(IllegalMove) as refused:
        merge(cast)
    assert [p.message for p in refused.value.problems] == [
        f"Usulan {number} berstatus “Memenuhi syarat”; lebur unit sesudah hasilnya diumumkan."
    ]
    assert WorkUnit.get_by_id(cast.unit_id).is_active
    assert {employee.work_unit_id for employee in Employee.select()} == {cast.unit_id}
    assert UnitChange.select().count() == 0


def test_a_quota_that_both_exceed_stands_in_the_way(cast):
    round_ = builders.open_round(cast)
    builders.drafted(cast, round_, "Budi Santoso")
    builders.drafted(cast, round_, "Wati Lestari")
    Category.update(quota_per_unit=1).execute()
    with pytest.raises(IllegalMove) as refused:
        merge(cast)
    name = Category.get().name
    assert [p.message for p in refused.value.problems] == [f"Kategori {name}: kuota 1 usulan per unit, kedua unit bersama mempunyai 2."]


def test_units_that_cannot_be_merged(cast):
    with pytest.raises(IllegalMove):
        merge(cast, into_id=cast.unit_id)
    with pytest.raises(NotFound):
        merge(cast, into_id=999)
    merge(cast)
    with pytest.raises(IllegalMove) as again:
        merge(cast, unit_id=cast.other_unit_id, into_id=cast.unit_id, expected_version=2)
    assert [p.message for p in again.value.problems] == [f"{OLD} tidak aktif."]
    with pytest.raises(Conflict):
        people.update_unit(cast.bkpsdm, unit_id=cast.unit_id, name=OLD, is_active=True, expected_version=2)


def test_nobody_gets_a_role_in_a_unit_that_was_merged(cast):
    merge(cast)
    verifier = User.get_by_id(cast.verifier.user_id)
    grants = [Grant(Role.OPD_ADMIN, cast.unit_id)]
    with pytest.raises(Invalid) as refused:
        users.set_grants(cast.bkpsdm, user_id=verifier.id, grants=grants, expected_version=verifier.row_version)
    assert [(p.path, p.message) for p in refused.value.problems] == [(("grants",), f"{OLD} sudah dilebur; pilih Dinas Perhubungan.")]
    assert Membership.select().where(Membership.work_unit == cast.unit_id).count() == 0


def test_a_part_of_a_unit_becomes_a_unit(cast):
    first, second = builders.employee(cast.unit_id, "Budi Santoso"), builders.employee(cast.unit_id, "Wati Lestari")
    made = units.split(
        cast.bkpsdm, unit_id=cast.unit_id, code="dppkb", name="Dinas KB", employee_ids=[first], basis=BASIS, expected_version=1
    )
    assert Employee.get_by_id(first).work_unit_id == made
    assert Employee.get_by_id(second).work_unit_id == cast.unit_id
    assert told(cast, made) == [f"Dibentuk pada 9 Oktober 2024 dari {OLD}."]
    assert told(cast, cast.unit_id) == ["Pada 9 Oktober 2024 sebagian dipisahkan menjadi Dinas KB."]
    assert queries.ids_by_any_code(cast.bkpsdm)["dinkes"] == cast.unit_id


def test_whoever_is_nominated_stays_and_strangers_do_not_move(cast):
    round_ = builders.open_round(cast)
    draft = builders.drafted(cast, round_, "Budi Santoso")
    nominee = Nomination.get_by_id(draft).employee_id
    given = {"unit_id": cast.unit_id, "code": "dppkb", "name": "Dinas KB", "basis": BASIS, "expected_version": 1}
    with pytest.raises(IllegalMove):
        units.split(cast.bkpsdm, employee_ids=[nominee], **given)
    with pytest.raises(Invalid):
        units.split(cast.bkpsdm, employee_ids=[99999], **given)
    assert (WorkUnit.select().count(), UnitChange.select().count()) == (2, 0)


def test_a_draft_that_its_round_left_behind_holds_nobody_back(cast):
    round_ = builders.open_round(cast)
    nominee = Nomination.get_by_id(builders.drafted(cast, round_, "Budi Santoso")).employee_id
    Period.update(state="archived").where(Period.id == round_.period_id).execute()
    given = {"unit_id": cast.unit_id, "code": "dppkb", "name": "Dinas KB", "basis": BASIS, "expected_version": 1}
    made = units.split(cast.bkpsdm, employee_ids=[nominee], **given)
    assert Employee.get_by_id(nominee).work_unit_id == made


def test_the_trail_tells_a_merger_in_words(cast):
    merge(cast)
    entry = history(cast.viewer, "unit", cast.unit_id).page.rows[0]
    assert [(each.label, each.before, each.after) for each in entry.told.differences] == [
        ("Berlaku sejak", "–", "9 Oktober 2024"),
        ("Dasar hukum", "–", "Perbup 12/2024"),
        ("Dilebur ke", "–", "Dinas Perhubungan"),
        ("Pegawai yang pindah", "–", "0"),
        ("Pengguna yang pindah", "–", "Sari Pengusul, Ahmad Kepala"),
        ("Aktif", "ya", "tidak"),
    ]
