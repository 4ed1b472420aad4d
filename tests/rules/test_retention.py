"""How long data stays, by the calendar of the regency, and what is left of a person."""

from datetime import UTC, datetime

import pytest

from sipetruk.rules.retention import GONE, KEPT_STATES, RULES, days_before, emptied, years_before
from sipetruk.rules.settings import DECLARED, RETENTION, Kind
from sipetruk.rules.workflow import NominationState


def test_every_rule_has_its_setting_with_its_basis_in_law():
    assert [rule.key for rule in RULES] == [key for key, declared in DECLARED.items() if declared.group == RETENTION]
    for rule in RULES:
        assert DECLARED[rule.key].kind is Kind.NUMBER
        assert "UU 27/2022" in rule.basis
        assert (bool(rule.label), rule.unit in {"hari", "tahun"}) == (True, True)


@pytest.mark.parametrize(
    ("now", "years", "limit"),
    [
        (datetime(2026, 11, 24, 4, 0, tzinfo=UTC), 5, datetime(2021, 11, 24, 4, 0, tzinfo=UTC)),
        (datetime(2028, 2, 28, 15, 59, 59, tzinfo=UTC), 1, datetime(2027, 2, 28, 15, 59, 59, tzinfo=UTC)),
        (datetime(2028, 2, 28, 16, 0, tzinfo=UTC), 1, datetime(2027, 2, 27, 16, 0, tzinfo=UTC)),
    ],
)
def test_years_end_by_the_calendar(now, years, limit):
    assert years_before(now, years) == limit


def test_days_are_counted_to_the_second():
    assert days_before(datetime(2026, 3, 1, 4, 0, 1, tzinfo=UTC), 1) == datetime(2026, 2, 28, 4, 0, 1, tzinfo=UTC)


def test_of_a_person_only_the_unit_is_left():
    person = {
        "full_name": "Budi, S.T.",
        "name": "Budi",
        "position": "Analis",
        "grade": "III/a",
        "unit_code": "dinkes",
        "unit_name": "Dinas",
    }
    assert emptied(person) == {
        "full_name": GONE,
        "name": GONE,
        "position": "",
        "grade": "",
        "unit_code": "dinkes",
        "unit_name": "Dinas",
    }
    assert emptied(None) == {"full_name": GONE, "name": GONE, "unit_code": "", "unit_name": ""}
    assert frozenset({NominationState.AWARDED}) == KEPT_STATES
