"""The audit trail: written with its change or not at all, chained, and closed to changes in the database itself."""

import peewee as pw
import pytest

from sipetruk.models import AuditEntry, WorkUnit, statements
from sipetruk.models.base import database
from sipetruk.rules.permissions import Action
from sipetruk.services import audit, people
from sipetruk.services.transaction import transaction


def test_the_chain_holds_and_names_its_head(cast):
    verdict = audit.verify()
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert verdict == audit.ChainVerdict(AuditEntry.select().count(), last.hash, None)


def test_an_entry_outside_a_transaction_is_a_fault_of_the_program(cast):
    with pytest.raises(RuntimeError):
        audit.record(cast.bkpsdm, Action.UNIT_EDIT, "unit", 1)


def test_where_the_audit_cannot_be_written_nothing_happens(cast, monkeypatch):
    def broken(*_, **__):
        raise pw.OperationalError("disk full")

    monkeypatch.setattr(statements, "insert_many", broken)
    with pytest.raises(pw.OperationalError):
        people.update_unit(cast.bkpsdm, unit_id=cast.unit_id, name="Lain", is_active=True, expected_version=1)
    assert WorkUnit.get_by_id(cast.unit_id).name != "Lain"


@pytest.mark.parametrize("sql", ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_or_remove_entries(cast, sql):
    before = list(AuditEntry.select().order_by(AuditEntry.id).dicts())
    with pytest.raises(pw.DatabaseError), database.atomic():
        database.execute_sql(sql)
    assert list(AuditEntry.select().order_by(AuditEntry.id).dicts()) == before


def test_a_forged_entry_is_found(cast):
    first = AuditEntry.select().order_by(AuditEntry.id).first()
    with transaction():
        AuditEntry.insert(
            at=first.at,
            actor="palsu",
            face="cli",
            action="unit:edit",
            thing="unit",
            thing_id="1",
            previous_hash=AuditEntry.select().order_by(AuditEntry.id.desc()).first().hash,
            hash="f" * 64,
        ).execute()
    forged = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert audit.verify().broken_at == forged.id
