"""Relations that assessors declare: they count at once, leave open sheets, stay on record, and BKPSDM reads them."""

import pytest

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import AuditEntry, DeclaredRelation, Notification, Sheet, User
from sipetruk.queries import conflicts as queries
from sipetruk.services import conflicts
from tests.services import builders


@pytest.fixture
def budi(cast):
    """An employee whom nobody nominated."""
    return builders.employee(cast.unit_id, "Budi Santoso")


def declare(actor, employee_id, kind="family", note=""):
    return conflicts.declare(actor, employee_id=employee_id, kind=kind, note=note)


def told(rows):
    return [(row.assessor, row.employee, row.label, row.note, row.withdrawn_at is None) for row in rows]


def untouched():
    return DeclaredRelation.select().count(), AuditEntry.select().count(), Notification.select().count()


def test_a_declared_relation_is_read_by_bkpsdm_and_auditors(cast, budi):
    relation_id = declare(cast.assessor, budi, "mentor", " Pembimbing proyek perubahan. ")
    expected = [("Siti Penilai", "Budi Santoso", "pembimbing atau rekan dalam karya yang diusulkan", "Pembimbing proyek perubahan.", True)]
    assert told(queries.own_relations(cast.assessor)) == expected
    for reader in (cast.bkpsdm, cast.viewer):
        assert told(queries.relations(reader)) == expected
    assert queries.own_relations(cast.assessor2) == []
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.thing, entry.thing_id) == ("relation:declare", "relation", str(relation_id))
    assert entry.after == {"employee": budi, "kind": "mentor", "sheets_left": []}
    notice = Notification.get()
    assert (notice.recipient_id, notice.notice, notice.thing) == (cast.bkpsdm.user_id, "relation_declared", "relation")


@pytest.mark.parametrize(
    ("kind", "note", "path", "message"),
    [
        ("cousin", "", ("kind",), "Pilih jenis hubungan dari daftar."),
        ("other", "  ", ("note",), "Jelaskan hubungannya."),
        ("family", "x" * 501, ("note",), "Paling banyak 500 karakter."),
        ("family", "nol\x00", ("note",), "Harus berupa teks biasa."),
    ],
)
def test_what_is_no_relation_is_refused(cast, budi, kind, note, path, message):
    before = untouched()
    with pytest.raises(Invalid) as refusal:
        declare(cast.assessor, budi, kind, note)
    assert ([(each.path, each.message) for each in refusal.value.problems], untouched()) == ([(path, message)], before)


def test_the_same_relation_is_declared_once_until_it_is_taken_back(cast, budi):
    relation_id = declare(cast.assessor, budi)
    before = untouched()
    with pytest.raises(Conflict):
        declare(cast.assessor, budi, "dispute")
    assert untouched() == before
    conflicts.withdraw(cast.assessor, relation_id=relation_id)
    declare(cast.assessor, budi, "dispute")
    assert [row.kind for row in queries.relations(cast.bkpsdm, only_live=True)] == ["dispute"]
    assert sorted(row.kind for row in queries.relations(cast.bkpsdm)) == ["dispute", "family"]
    with pytest.raises(IllegalMove):
        conflicts.withdraw(cast.assessor, relation_id=relation_id)


def test_a_relation_of_another_is_not_there(cast, budi):
    relation_id = declare(cast.assessor, budi)
    before = untouched()
    for id_ in (relation_id, 999_999):
        with pytest.raises(NotFound):
            conflicts.withdraw(cast.assessor2, relation_id=id_)
    with pytest.raises(NotFound):
        declare(cast.assessor, 999_999)
    assert untouched() == before


@pytest.mark.parametrize("who", ["bkpsdm", "verifier", "viewer", "unit_admin", "unit_head", "outsider"])
def test_only_assessors_declare(cast, budi, who):
    actor, before = getattr(cast, who), untouched()
    for act in (
        lambda: declare(actor, budi),
        lambda: conflicts.withdraw(actor, relation_id=1),
        lambda: queries.search(actor, "Budi"),
        lambda: queries.own_relations(actor),
    ):
        with pytest.raises(Forbidden):
            act()
    assert untouched() == before


@pytest.mark.parametrize("who", ["assessor", "verifier", "unit_admin", "unit_head"])
def test_only_bkpsdm_and_auditors_read_all(cast, who):
    for read in (queries.relations, queries.links):
        with pytest.raises(Forbidden):
            read(getattr(cast, who))


def test_declaring_during_the_assessment_leaves_the_open_sheet(cast):
    _, (budi, wati) = builders.assessing(cast, "Budi Santoso", "Wati Lestari")
    builders.assess(cast.assessor, wati)
    for nomination_id in (budi, wati):
        declare(cast.assessor, builders.employee_of(nomination_id).id, "superior")
    states = Sheet.select(Sheet.nomination, Sheet.state, Sheet.reason).where(Sheet.assessor == cast.assessor.user_id)
    assert sorted(states.tuples()) == [
        (budi, "recused", "Hubungan yang dinyatakan: atasan langsung."),
        (wati, "submitted", ""),
    ]
    assert Sheet.get(nomination=budi, assessor=cast.assessor2.user_id).state == "open"
    entry = AuditEntry.select().where(AuditEntry.action == "relation:declare").order_by(AuditEntry.id).first()
    assert entry.after["sheets_left"] == [budi]


def test_employees_are_found_by_name_never_by_number(cast, budi):
    builders.employee(cast.other_unit_id, "Budiman Hakim")
    found = queries.search(cast.assessor, "budi san")
    assert [(each.id, each.name, each.position) for each in found] == [(budi, "Budi Santoso", "Pranata Komputer Ahli Muda")]
    assert [each.name for each in queries.search(cast.assessor, "Bud")] == ["Budi Santoso", "Budiman Hakim"]
    assert [queries.search(cast.assessor, words) for words in ("bu", "", "198609", "a\x00b%_")] == [[], [], [], []]


def test_an_account_is_linked_to_an_employee_and_the_link_is_read(cast, budi):
    version = User.get_by_id(cast.assessor.user_id).row_version
    linked = conflicts.link_employee(cast.bkpsdm, user_id=cast.assessor.user_id, employee_id=budi, expected_version=version)
    row = next(row for row in queries.links(cast.viewer) if row.user_id == cast.assessor.user_id)
    assert (row.employee, row.unit[:15], row.row_version) == ("Budi Santoso", "Dinas Kesehatan", linked)
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.action, entry.before, entry.after) == ("user:link", {"employee": None}, {"employee": budi})
    with pytest.raises(Invalid):
        declare(cast.assessor, budi)
    with pytest.raises(Conflict):
        conflicts.link_employee(cast.bkpsdm, user_id=cast.assessor.user_id, employee_id=None, expected_version=version)
    conflicts.link_employee(cast.bkpsdm, user_id=cast.assessor.user_id, employee_id=None, expected_version=linked)
    assert User.get_by_id(cast.assessor.user_id).employee_id is None


def test_one_employee_is_one_account(cast, budi):
    versions = {who: User.get_by_id(who.user_id).row_version for who in (cast.assessor, cast.assessor2)}
    conflicts.link_employee(cast.bkpsdm, user_id=cast.assessor.user_id, employee_id=budi, expected_version=versions[cast.assessor])
    before = untouched()
    with pytest.raises(Conflict) as refusal:
        conflicts.link_employee(cast.bkpsdm, user_id=cast.assessor2.user_id, employee_id=budi, expected_version=versions[cast.assessor2])
    assert refusal.value.message == "Pegawai ini sudah tercatat sebagai pengguna “penilai1”."
    for arguments in ({"user_id": 999_999, "employee_id": budi}, {"user_id": cast.assessor2.user_id, "employee_id": 999_999}):
        with pytest.raises(NotFound):
            conflicts.link_employee(cast.bkpsdm, expected_version=versions[cast.assessor2], **arguments)
    for who in ("verifier", "assessor", "viewer", "unit_admin"):
        with pytest.raises(Forbidden):
            conflicts.link_employee(getattr(cast, who), user_id=cast.assessor.user_id, employee_id=None, expected_version=1)
    assert untouched() == before
