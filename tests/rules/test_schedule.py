"""A period's dates ask for steps, to the second in WITA."""

from datetime import UTC, date, datetime

import pytest

from sipetruk.rules.schedule import RUNNING, due
from sipetruk.rules.workflow import WITA, PeriodMove, PeriodState, Stage, Window

WINDOWS = {
    Stage.NOMINATION: Window(date(2024, 10, 1), date(2024, 10, 15)),
    Stage.VERIFICATION: Window(date(2024, 10, 16), date(2024, 10, 22)),
    Stage.ASSESSMENT: Window(date(2024, 10, 23), date(2024, 10, 31)),
    Stage.RANKING: Window(date(2024, 11, 1), date(2024, 11, 5)),
    Stage.DETERMINATION: Window(date(2024, 11, 8), date(2024, 11, 9)),
}
WITH_OBJECTIONS = WINDOWS | {Stage.OBJECTION: Window(date(2024, 11, 6), date(2024, 11, 7))}

EDGES = [
    (PeriodState.PREPARATION, (2024, 9, 30, 23, 59, 59), None),
    (PeriodState.PREPARATION, (2024, 10, 1, 0, 0, 0), PeriodMove.OPEN),
    (PeriodState.PREPARATION, (2024, 10, 15, 23, 59, 59), PeriodMove.OPEN),
    (PeriodState.PREPARATION, (2024, 10, 16, 0, 0, 0), None),
    (PeriodState.OPEN, (2024, 10, 15, 23, 59, 59), None),
    (PeriodState.OPEN, (2024, 10, 16, 0, 0, 0), PeriodMove.START_VERIFICATION),
    (PeriodState.VERIFICATION, (2024, 10, 22, 23, 59, 59), None),
    (PeriodState.VERIFICATION, (2024, 10, 23, 0, 0, 0), PeriodMove.START_ASSESSMENT),
    (PeriodState.ASSESSMENT, (2024, 10, 31, 23, 59, 59), None),
    (PeriodState.ASSESSMENT, (2024, 11, 1, 0, 0, 0), PeriodMove.START_RANKING),
    (PeriodState.RANKING, (2024, 11, 5, 23, 59, 59), None),
    (PeriodState.RANKING, (2024, 11, 6, 0, 0, 0), PeriodMove.START_DETERMINATION),
    (PeriodState.DETERMINATION, (2024, 12, 1, 0, 0, 0), None),
    (PeriodState.PUBLISHED, (2024, 12, 1, 0, 0, 0), None),
]


def move(state, moment, windows=WINDOWS):
    found = due(state, windows, datetime(*moment, tzinfo=WITA).astimezone(UTC))
    return found and found.move


@pytest.mark.parametrize(("state", "moment", "expected"), EDGES)
def test_a_stage_begins_and_ends_at_midnight(state, moment, expected):
    assert move(state, moment) == expected


def test_objections_are_heard_where_the_schedule_names_days_for_them():
    assert move(PeriodState.RANKING, (2024, 11, 6, 0, 0, 0), WITH_OBJECTIONS) == PeriodMove.OPEN_OBJECTION
    assert move(PeriodState.OBJECTION, (2024, 11, 7, 23, 59, 59), WITH_OBJECTIONS) is None
    assert move(PeriodState.OBJECTION, (2024, 11, 8, 0, 0, 0), WITH_OBJECTIONS) == PeriodMove.START_DETERMINATION


def test_objections_without_days_left_wait_for_people_who_give_new_ones():
    def by_people(moment):
        found = due(PeriodState.RANKING, WITH_OBJECTIONS, datetime(*moment, tzinfo=WITA))
        return found and (found.move, found.by_people)

    assert by_people((2024, 11, 7, 23, 59, 59)) == (PeriodMove.OPEN_OBJECTION, False)
    assert by_people((2024, 11, 8, 0, 0, 0)) == (PeriodMove.OPEN_OBJECTION, True)


@pytest.mark.parametrize("state", RUNNING)
def test_a_stage_without_days_waits_for_people(state):
    assert move(state, (2030, 1, 1, 0, 0, 0), {}) is None


def test_the_reason_names_stage_and_day():
    opens = due(PeriodState.PREPARATION, WINDOWS, datetime(2024, 10, 1, tzinfo=WITA))
    assert (opens.stage, opens.by_people) == (Stage.NOMINATION, True)
    assert opens.reason == "Jadwal tahap “Pengusulan” dimulai 1 Oktober 2024."
    ends = due(PeriodState.OPEN, WINDOWS, datetime(2024, 10, 16, tzinfo=WITA))
    assert (ends.stage, ends.by_people) == (Stage.NOMINATION, False)
    assert ends.reason == "Jadwal tahap “Pengusulan” berakhir 15 Oktober 2024 pukul 23.59 WITA."
