"""The permission table: what it says is printed in tests/permissions.txt, so a change of rights is a visible line."""

from pathlib import Path

import pytest

from sipetruk.errors import Forbidden
from sipetruk.rules.permissions import (
    ACTION_LABELS,
    TABLE,
    Action,
    Actor,
    Condition,
    Grant,
    Role,
    Subject,
    can,
    granted,
    matrix_text,
    may_somewhere,
    require,
)

MATRIX = Path(__file__).parent.parent / "permissions.txt"


def actor(*grants: Grant, user_id: int = 7) -> Actor:
    return Actor(user_id, "uji", "Uji", grants, "test")


def test_the_printed_matrix_is_the_committed_one() -> None:
    assert matrix_text() == MATRIX.read_text(encoding="utf-8")


def test_every_action_has_a_cell_for_every_role_and_a_meaning() -> None:
    assert set(TABLE) == {(action, role) for action in Action for role in Role}
    assert set(ACTION_LABELS) == set(Action)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_each_cell_means_what_it_says(action: Action, role: Role) -> None:
    condition = TABLE[action, role]
    own = actor(Grant(role, 3))
    expected = {
        Condition.ALWAYS: (True, True, True),
        Condition.OWN_UNIT: (True, False, False),
        Condition.ASSIGNED: (False, False, True),
        Condition.NEVER: (False, False, False),
    }[condition]
    subjects = (Subject(unit_id=3), Subject(unit_id=4), Subject(unit_id=4, assessor_ids=frozenset({7})))
    assert tuple(can(own, action, subject) for subject in subjects) == expected


def test_nobody_may_do_nothing() -> None:
    assert [action for action in Action if can(None, action)] == []
    assert [action for action in Action if can(actor(), action, Subject(unit_id=3))] == []


def test_a_unit_role_without_a_unit_owns_no_subject_without_a_unit() -> None:
    assert not can(actor(Grant(Role.OPD_ADMIN, None)), Action.NOMINATION_READ, Subject(unit_id=None))


def test_several_roles_add_up() -> None:
    both = actor(Grant(Role.ASSESSOR), Grant(Role.OPD_ADMIN, 3))
    assert can(both, Action.NOMINATION_DRAFT, Subject(unit_id=3))
    assert can(both, Action.MARK_RECORD, Subject(unit_id=4, assessor_ids=frozenset({7})))
    assert not can(both, Action.NOMINATION_DRAFT, Subject(unit_id=4))


def test_a_refusal_says_what_may_not_be_done() -> None:
    with pytest.raises(Forbidden) as refused:
        require(actor(Grant(Role.VIEWER)), Action.RESULT_PUBLISH)
    assert refused.value.message == "Anda tidak berhak mengumumkan hasil."
    assert refused.value.code == "FORBIDDEN"


def test_what_is_allowed_is_not_refused() -> None:
    require(actor(Grant(Role.BKPSDM_ADMIN)), Action.RESULT_PUBLISH)
    require(actor(Grant(Role.OPD_ADMIN, 3)), Action.NOMINATION_DRAFT, Subject(unit_id=3))
    with pytest.raises(Forbidden):
        require(actor(Grant(Role.OPD_ADMIN, 3)), Action.NOMINATION_DRAFT, Subject(unit_id=4))
    with pytest.raises(Forbidden):
        require(None, Action.PERIOD_READ)


def test_a_menu_entry_shows_where_some_subject_is_possible() -> None:
    assert may_somewhere(actor(Grant(Role.OPD_ADMIN, 3)), Action.NOMINATION_DRAFT)
    assert not may_somewhere(actor(Grant(Role.OPD_ADMIN, 3)), Action.AUDIT_READ)
    assert not may_somewhere(None, Action.PERIOD_READ)


def test_granted_lists_the_conditions_under_which_rows_are_visible() -> None:
    head = Grant(Role.OPD_HEAD, 3)
    assert list(granted(actor(head, Grant(Role.VERIFIER)), Action.NOMINATION_READ)) == [
        (Condition.OWN_UNIT, head),
        (Condition.ALWAYS, Grant(Role.VERIFIER)),
    ]
