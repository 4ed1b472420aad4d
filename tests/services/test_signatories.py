"""Naming who signs: one person a document and day, both ends included; nothing of a number in the trail."""

import json
from datetime import date

import pytest

from sipetruk.errors import Conflict, Forbidden, Invalid, NotFound
from sipetruk.models import AuditEntry, Signatory
from sipetruk.queries import signatories as queries
from sipetruk.rules.signatories import Person, SignatoryStatus, SignedDocument, one_line
from sipetruk.services import signatories

NIP = "198609262015051001"
REGENT = Person("H. Abdul", "Bupati Balangan", SignatoryStatus.DEFINITIVE)
SECRETARY = Person("Drs. Ahmad", "Sekretaris Daerah", SignatoryStatus.ON_BEHALF, "Bupati Balangan", "Pembina", NIP)
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)
DECREE, PIAGAM = SignedDocument.DECREE, SignedDocument.CERTIFICATE


def add(cast, person=REGENT, documents=(DECREE,), begins=FIRST, ends=None):
    return signatories.add(cast.bkpsdm, documents=list(documents), person=person, valid_from=begins, valid_to=ends)


def on(document, day):
    found = queries.signatory_on(document, day)
    return one_line(found.person) if found else None


def test_one_person_for_several_documents_then_another(cast):
    regent = add(cast, documents=(DECREE, PIAGAM), ends=LAST)
    add(cast, SECRETARY, begins=date(2026, 7, 1))
    assert [on(DECREE, day) for day in (date(2025, 12, 31), FIRST, LAST, date(2026, 7, 1))] == [
        None,
        "Bupati Balangan",
        "Bupati Balangan",
        "a.n. Bupati Balangan, Sekretaris Daerah",
    ]
    assert (on(PIAGAM, LAST), on(PIAGAM, date(2026, 7, 1)), on(SignedDocument.MINUTES, FIRST)) == ("Bupati Balangan", None, None)
    assert len(regent) == 2


def test_overlaps_are_refused_and_nothing_is_saved(cast):
    add(cast)
    with pytest.raises(Invalid):
        add(cast, SECRETARY, documents=(PIAGAM, DECREE), begins=date(2026, 7, 1))
    assert [(row.document, row.name) for row in Signatory.select()] == [("decree", "H. Abdul")]
    with pytest.raises(Invalid):
        add(cast, documents=())
    with pytest.raises(Invalid):
        add(cast, documents=(PIAGAM, PIAGAM))


def test_a_term_is_ended_so_that_the_next_may_begin(cast):
    (number,) = add(cast)
    signatories.update(cast.bkpsdm, signatory_id=number, person=REGENT, valid_from=FIRST, valid_to=LAST, expected_version=1)
    (other,) = add(cast, SECRETARY, begins=date(2026, 7, 1))
    with pytest.raises(Invalid):
        signatories.update(cast.bkpsdm, signatory_id=number, person=REGENT, valid_from=FIRST, valid_to=None, expected_version=2)
    with pytest.raises(Conflict):
        signatories.update(cast.bkpsdm, signatory_id=number, person=REGENT, valid_from=FIRST, valid_to=LAST, expected_version=1)
    signatories.remove(cast.bkpsdm, signatory_id=other, expected_version=1)
    with pytest.raises(NotFound):
        signatories.remove(cast.bkpsdm, signatory_id=other, expected_version=1)
    assert [(row.id, row.valid_to, row.row_version) for row in Signatory.select()] == [(number, LAST, 2)]


def test_the_trail_names_no_number(cast):
    (number,) = add(cast, SECRETARY)
    signatories.remove(cast.bkpsdm, signatory_id=number, expected_version=1)
    entries = list(AuditEntry.select().where(AuditEntry.thing == "signatory").order_by(AuditEntry.id))
    assert [entry.action for entry in entries] == ["signatory:edit", "signatory:remove"]
    assert NIP not in json.dumps([[entry.before, entry.after] for entry in entries])


def test_who_may(cast):
    for who in (cast.verifier, cast.viewer, cast.unit_admin):
        with pytest.raises(Forbidden):
            signatories.add(who, documents=[DECREE], person=REGENT, valid_from=FIRST)
    assert queries.signatories(cast.viewer) == []
    with pytest.raises(Forbidden):
        queries.signatories(cast.unit_admin)
    assert Signatory.select().count() == 0
