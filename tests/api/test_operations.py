"""Stored operations in process, as our own pages run them."""

from __future__ import annotations

import pytest

from sipetruk.api import operations
from sipetruk.api.engine import Engine
from sipetruk.api.public.schema import ENGINE as PUBLIC
from sipetruk.api.stored import documents
from sipetruk.errors import Unauthenticated
from sipetruk.services import results
from tests.services import builders
from tests.services.test_results import published

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def runs(monkeypatch):
    """Counts how often an operation is really executed."""
    runs = []
    run = Engine.run
    monkeypatch.setattr(Engine, "run", lambda *args: runs.append(1) or run(*args))
    return runs


def winners():
    found = operations.run("public", "Home")["latestPublication"]
    return found and [winner["name"] for winner in found["winners"]["nodes"]]


def test_a_public_page_is_read_once_until_something_changes(app, cast, runs):
    with app.test_request_context("/"):
        assert (winners(), winners(), runs) == (None, None, [1])
        _, _, publication_id = published(cast)
        assert (winners(), winners(), runs) == (["Siti Aminah", "Budi Santoso"],) * 2 + ([1, 1],)
        results.unpublish(cast.bkpsdm, publication_id=publication_id, note="Ada kekeliruan.")
        assert (winners(), runs) == (None, [1, 1, 1])


def reading(sent):
    """The statements but those by which PostgreSQL is asked whether anything was committed."""
    return [sql for sql in sent if "pg_current_snapshot" not in str(sql)]


def test_a_page_and_the_public_address_share_what_was_read(app, db, cast, runs):
    published(cast)
    client, asked = app.test_client(), {"query": documents("public").named["Home"]}
    client.get("/")
    assert runs == [1]
    with builders.counted(db) as sent:
        answers = [client.post("/graphql", json=asked).get_json() for _ in range(2)]
    assert (len(runs), reading(sent), answers[0]) == (1, [], answers[1])
    assert answers[0]["extensions"]["cost"]["max"] == PUBLIC.limits.cost
    with app.test_request_context("/"):
        assert answers[0]["data"] == operations.run("public", "Home")


def test_the_front_page_is_read_with_six_statements(app, db, cast):
    published(cast)
    with app.test_request_context("/"), builders.counted(db) as sent:
        operations.run("public", "Home")
    assert len(reading(sent)) == 8, "one of them asks for the revision, one until when it holds"
    with app.test_request_context("/"), builders.counted(db) as sent:
        operations.run("public", "Home")
    assert reading(sent) == []


def test_the_hall_of_winners_costs_the_same_for_any_number_of_them(app, db, cast):
    def read(**asked):
        with app.test_request_context("/"), builders.counted(db) as sent:
            found = operations.run("public", "Winners", {"first": 24, **asked})["winners"]["nodes"]
        return len(found), len(reading(sent))

    published(cast)
    read(search="nobody")  # and the revision, which is not asked for again
    first, one, two = read(search="Wati"), read(search="Siti"), read(where={"period": {"eq": "2024"}})
    assert (first, one, two, read(search="Siti")) == ((0, 5), (1, 2), (2, 2), (1, 0)), "what there is to choose from is kept"


def test_what_a_page_does_to_its_data_stays_there(app, cast):
    with app.test_request_context("/"):
        builders.open_round(cast)
        operations.run("public", "Periods")["periods"]["nodes"].clear()
        assert len(operations.run("public", "Periods")["periods"]["nodes"]) == 1


def test_a_day_that_ends_closes_the_form(app, cast):
    with app.test_request_context("/"):
        builders.open_round(cast)
        for day, count in ((15, 1), (16, 0)):
            with builders.standing_at(2024, 10, day):
                assert len(operations.run("public", "OpenForms")["openCategories"]) == count


def test_the_staff_schema_needs_somebody(db):
    with pytest.raises(Unauthenticated):
        operations.run("staff", "UnitNominations")


def test_an_unknown_operation_is_a_fault_of_ours(db):
    with pytest.raises(LookupError, match="no stored operation public/Nowhere"):
        operations.run("public", "Nowhere")


def test_a_wrong_variable_is_a_fault_of_ours(db):
    with pytest.raises(operations.OperationFailed) as caught:
        operations.run("public", "Periods", {"first": "banyak"})
    assert caught.value.errors[0]["extensions"]["code"] == "BAD_USER_INPUT"
