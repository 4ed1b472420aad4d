"""Signatories over the staff schema."""

from sipetruk.models import Signatory
from tests.api.person import gid

MANY = "{ signatories { id document heading oneLine version endsOn } userErrors { path code } }"
PERSON = {"name": "Ahmad", "position": "Sekretaris Daerah", "status": "ON_BEHALF", "onBehalfOf": "Bupati Balangan"}


def test_named_ended_looked_up_and_removed(person, cast):
    me = person(cast.bkpsdm)
    given = {"documents": ["DECREE", "MINUTES"], "person": PERSON, "startsOn": "2026-01-01"}
    made = me.act("signatoryAdd", given, MANY)
    assert [(each["document"], each["heading"]) for each in made["signatories"]] == [
        ("DECREE", ["a.n. Bupati Balangan", "Sekretaris Daerah,"]),
        ("MINUTES", ["a.n. Bupati Balangan", "Sekretaris Daerah,"]),
    ]
    again = me.act("signatoryAdd", given | {"documents": ["DECREE"]}, MANY)
    assert again == {"signatories": [], "userErrors": [{"path": ["startsOn"], "code": "BAD_USER_INPUT"}]}
    key = made["signatories"][0]["id"]
    given = {"signatoryId": key, "person": PERSON, "startsOn": "2026-01-01", "endsOn": "2026-06-30", "expectedVersion": 1}
    assert me.act("signatoryUpdate", given, MANY)["signatories"][0]["endsOn"] == "2026-06-30"
    query = "query($day: Date!) { signatoryOn(document: DECREE, day: $day) { oneLine } }"
    assert me.ask(query, day="2026-06-30") == {"signatoryOn": {"oneLine": "a.n. Bupati Balangan, Sekretaris Daerah"}}
    assert me.ask(query, day="2026-07-01") == {"signatoryOn": None}
    assert me.act("signatoryRemove", {"signatoryId": key, "expectedVersion": 2}, MANY) == {"signatories": [], "userErrors": []}
    assert me.ask("{ signatories { document } }") == {"signatories": [{"document": "MINUTES"}]}
    wrong = me.act("signatoryRemove", {"signatoryId": gid("Period", 1), "expectedVersion": 1}, MANY)
    assert [each["code"] for each in wrong["userErrors"]] == ["NOT_FOUND"]
    assert person(cast.unit_admin).code("{ signatories { document } }") == "FORBIDDEN"
    assert person(cast.unit_admin).code(query, day="2026-01-01") == "FORBIDDEN"
    assert Signatory.select().count() == 1
