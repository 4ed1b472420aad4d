"""The server is killed in the middle of submissions: what was acknowledged is there, nothing is there by half, the audit trail holds."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor, wait

from sipetruk.models import AuditEntry, Nomination
from sipetruk.services import audit
from tests.api.person import gid
from tests.round import crowd
from tests.round.machine import Person, running

UNITS, ENOUGH = 20, 5


def test_what_was_acknowledged_survives_a_power_cut(cast, database_url, data_dir):
    offices = crowd.offices(cast, UNITS)
    acknowledged: list[int] = []
    with running(database_url, data_dir) as machine:
        people = [Person(machine, office.admin) for office in offices]
        with ThreadPoolExecutor(len(offices)) as everybody:
            clicks = [everybody.submit(_submit, person, office, acknowledged) for person, office in zip(people, offices, strict=True)]
            while len(acknowledged) < ENOUGH and not all(click.done() for click in clicks):
                wait(clicks, timeout=0.005)
            machine.kill()
        for person in people:
            person.close()

    submitted = {row.id for row in Nomination.select().where(Nomination.state == "submitted")}
    told = [int(entry.thing_id) for entry in AuditEntry.select().where(AuditEntry.action == "nomination:submit")]
    assert ENOUGH <= len(acknowledged) < UNITS
    assert set(acknowledged) <= submitted
    assert sorted(told) == sorted(submitted)
    assert {(row.state, row.person is None, row.submitted_at is None) for row in Nomination.select()} == {
        ("endorsed", True, True),
        ("submitted", False, False),
    }
    assert audit.verify().broken_at is None

    with running(database_url, data_dir) as machine:
        for office, before in zip(offices, people, strict=True):
            with before.after_restart(machine) as person:
                codes = [error["code"] for error in _ask(person, office)["userErrors"]]
            assert codes == (["CONFLICT"] if office.nomination_id in submitted else [])
    assert Nomination.select().where(Nomination.state == "submitted").count() == UNITS
    assert audit.verify().broken_at is None


def _submit(person, office, acknowledged):
    try:
        payload = _ask(person, office)
    except (OSError, http.client.HTTPException):
        return
    assert payload["userErrors"] == []
    acknowledged.append(office.nomination_id)


def _ask(person, office):
    given = {"nominationId": gid("Nomination", office.nomination_id), "expectedVersion": office.version}
    return person.act("nominationSubmit", given, "nomination { state }")
