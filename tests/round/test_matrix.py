"""The permission table, cell by cell: what it allows can be done, what it denies leaves every row of every table unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from peewee import Database

from sipetruk import models
from sipetruk.errors import Forbidden, NotFound
from sipetruk.models.base import Table, database
from sipetruk.rules.permissions import TABLE, Action, Actor, Condition, Role
from sipetruk.services import evidence
from tests.conftest import Copy, Templates, _with_cast
from tests.round import acts, stage
from tests.round.stage import Stage

Everything = dict[str, list[str]]
"""Every row of every table."""
TABLES = [table for table in vars(models).values() if isinstance(table, type) and issubclass(table, Table)]


@pytest.fixture
def copied(engine: str, templates: Templates) -> Iterator[Copy]:
    copy = Copy(*templates.copy(engine, "stage", lambda: _build(templates)))
    yield copy
    templates.remove(engine, copy.url)


def _build(templates: Templates) -> Stage:
    evidence.use_store(templates.folder / "evidence")
    return stage.build(_with_cast())


@pytest.fixture
def on_stage(copied: Copy, db: Database, templates: Templates) -> Stage:
    evidence.use_store(templates.folder / "evidence")
    return copied.cast


@pytest.mark.parametrize("action", Action)
def test_every_cell_of_the_table(on_stage, action):
    assert acts.ACTS[action], f"no act shows what {action} means"
    untouched = _everything()
    for act, (role, whose) in product(acts.ACTS[action], product(Role, ("own", "other"))):
        actor = getattr(on_stage, whose)[role]
        cell = act.__name__, role, whose
        assert (*cell, _outcome(act, on_stage, actor, untouched)) == (*cell, _expected(action, role, whose))
    assert {_outcome(act, on_stage, on_stage.nobody, untouched) for act in acts.ACTS[action]} == {"denied"}


def _expected(action: Action, role: Role, whose: str) -> str:
    condition = TABLE[action, role]
    return "done" if condition is Condition.ALWAYS or (condition is not Condition.NEVER and whose == "own") else "denied"


def _outcome(act: acts.Act, on_stage: Stage, actor: Actor, untouched: Everything) -> str:
    """Done or denied, in a transaction that is taken back; what is denied has not changed anything by then."""
    with database.atomic() as attempt:
        try:
            act(on_stage, actor)
        except (Forbidden, NotFound):
            assert _everything() == untouched
            return "denied"
        finally:
            attempt.rollback()
        return "done"


def _everything() -> Everything:
    names = [table._meta.table_name for table in TABLES]
    return {name: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{name}"').fetchall())) for name in names}
