"""Fifty assessors who save marks while forty-five units submit, at a server of two processes: all is saved, and once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby

from peewee import fn

from sipetruk.models import AuditEntry, Mark, MarkHistory, MarkSum, Nomination, Sheet
from sipetruk.services import audit
from tests.api.person import gid
from tests.round import crowd
from tests.round.machine import Person, running

ASSESSORS, UNITS, NOMINEES = 50, 45, ("Budi Santoso", "Wati Lestari")


def test_fifty_assessors_and_forty_five_units_at_once(cast, database_url, data_dir):
    desks = crowd.desks(cast, ASSESSORS, NOMINEES)
    offices = crowd.offices(cast, UNITS)
    by_assessor = {who: list(own) for who, own in groupby(sorted(desks, key=lambda desk: desk.assessor), key=lambda desk: desk.assessor)}
    before = AuditEntry.select(fn.MAX(AuditEntry.id)).scalar()
    with running(database_url, data_dir) as machine:
        work = [partial(_assess, machine, who, own) for who, own in by_assessor.items()]
        work += [partial(_submit_twice, machine, office) for office in offices]
        with ThreadPoolExecutor(len(work)) as everybody:
            answers = [done.result() for done in [everybody.submit(each) for each in work]]

    assert Counter(code for codes in answers for code in codes) == {"": 4 * len(desks) + UNITS, "CONFLICT": UNITS}
    assert {Nomination.get_by_id(office.nomination_id).state for office in offices} == {"submitted"}
    assert Sheet.select().where(Sheet.state == "submitted").count() == len(desks) == ASSESSORS * len(NOMINEES)
    assert Mark.select().count() == MarkHistory.select().count() == len(crowd.CASES) * len(desks)
    assert {(row.scored, row.abstained, row.points) for row in MarkSum.select()} == {
        (50, 0, 50 * 37_500_000),
        (50, 0, 50 * 10_000_000),
        (0, 50, 0),
    }
    told = Counter(entry.action for entry in AuditEntry.select().where(AuditEntry.id > before, AuditEntry.actor_id.is_null(False)))
    assert told == {
        "mark:record": len(crowd.CASES) * len(desks),
        "sheet:submit": len(desks),
        "nomination:submit": UNITS,
        "nomination:assess": len(NOMINEES),
    }
    assert audit.verify().broken_at is None


def _assess(machine, who, desks):
    """Save the marks of every sheet one by one, and hand it in."""
    codes = []
    with Person(machine, who) as person:
        for desk in desks:
            version = desk.version
            for criterion, state, value, note in crowd.CASES:
                mark = {"criterion": criterion, "state": state, "value": value, "note": note}
                given = {"nominationId": gid("Nomination", desk.nomination_id), "marks": [mark], "expectedVersion": version}
                payload = person.act("marksRecord", given, "sheet { summary { version } }")
                codes += _codes(payload)
                version = payload["sheet"]["summary"]["version"]
            given = {"nominationId": gid("Nomination", desk.nomination_id), "expectedVersion": version}
            codes += _codes(person.act("sheetSubmit", given, "sheet { summary { version } }"))
    return codes


def _submit_twice(machine, office):
    """Two clicks at the same moment, in two tabs of one browser."""
    given = {"nominationId": gid("Nomination", office.nomination_id), "expectedVersion": office.version}
    with Person(machine, office.admin) as one, one.beside() as other, ThreadPoolExecutor(2) as hands:
        clicks = [hands.submit(person.act, "nominationSubmit", given, "nomination { state }") for person in (one, other)]
        return [code for click in clicks for code in _codes(click.result())]


def _codes(payload):
    """What was wrong; "" where nothing was."""
    return [error["code"] for error in payload["userErrors"]] or [""]
