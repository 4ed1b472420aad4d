"""The two workflow tables and the windows: what may follow what, and to the second when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sipetruk.errors import IllegalMove
from sipetruk.rules.workflow import (
    EDITABLE,
    NAMING_FIXED_IN,
    NOMINATION_LABELS,
    NOMINATION_MOVE_LABELS,
    NOMINATION_TABLE,
    NOT_SUBMITTED,
    PERIOD_LABELS,
    PERIOD_MOVE_LABELS,
    PERIOD_TABLE,
    STAGE_LABELS,
    WITA,
    NominationMove,
    NominationState,
    ObjectionMove,
    ObjectionState,
    PeriodMove,
    PeriodState,
    Stage,
    Window,
    due_at,
    next_nomination_state,
    next_objection_state,
    next_period_state,
    panel_may_change,
    period_moves,
    require_editable,
    require_open,
    stage_words,
    too_late,
    why_naming_is_fixed,
)

WINDOW = Window(date(2024, 6, 3), date(2024, 6, 21))
LAST_SECOND = datetime(2024, 6, 21, 23, 59, 59, 999_999, WITA)
MIDNIGHT = datetime(2024, 6, 22, 0, 0, 0, tzinfo=WITA)


def test_a_whole_round_of_a_period() -> None:
    state = PeriodState.PREPARATION
    seen = [state]
    for move in (
        PeriodMove.OPEN,
        PeriodMove.START_VERIFICATION,
        PeriodMove.START_ASSESSMENT,
        PeriodMove.START_RANKING,
        PeriodMove.START_DETERMINATION,
        PeriodMove.PUBLISH,
        PeriodMove.ARCHIVE,
    ):
        state = next_period_state(state, move)
        seen.append(state)
    assert seen == [state for state in PeriodState if state is not PeriodState.OBJECTION]


def test_objection_lies_between_ranking_and_determination() -> None:
    assert next_period_state(PeriodState.RANKING, PeriodMove.OPEN_OBJECTION) is PeriodState.OBJECTION
    assert next_period_state(PeriodState.OBJECTION, PeriodMove.START_DETERMINATION) is PeriodState.DETERMINATION


@pytest.mark.parametrize("state", list(PeriodState))
@pytest.mark.parametrize("move", list(PeriodMove))
def test_every_other_move_of_a_period_is_refused_with_words(state: PeriodState, move: PeriodMove) -> None:
    if (state, move) in PERIOD_TABLE:
        assert move in period_moves(state)
        return
    with pytest.raises(IllegalMove) as refused:
        next_period_state(state, move)
    assert refused.value.message == (
        f"Langkah “{PERIOD_MOVE_LABELS[move]}” tidak dapat dilakukan karena periode berada pada tahap “{PERIOD_LABELS[state]}”."
    )


def test_an_objection_is_decided_once() -> None:
    assert next_objection_state(ObjectionState.FILED, ObjectionMove.REJECT) is ObjectionState.REJECTED
    with pytest.raises(IllegalMove, match=r"^Sanggahan ini sudah “Diterima” dan tidak dapat dicabut\.$"):
        next_objection_state(ObjectionState.ACCEPTED, ObjectionMove.WITHDRAW)


@pytest.mark.parametrize("state", list(NominationState))
@pytest.mark.parametrize("move", list(NominationMove))
def test_every_other_move_of_a_nomination_is_refused_with_words(state: NominationState, move: NominationMove) -> None:
    if (state, move) in NOMINATION_TABLE:
        assert next_nomination_state(state, move) is NOMINATION_TABLE[state, move]
        return
    with pytest.raises(IllegalMove) as refused:
        next_nomination_state(state, move)
    assert refused.value.message == f"Usulan berstatus “{NOMINATION_LABELS[state]}” tidak dapat {NOMINATION_MOVE_LABELS[move]}."


def test_a_nomination_can_be_withdrawn_until_it_is_ranked() -> None:
    able = {state for (state, move) in NOMINATION_TABLE if move is NominationMove.WITHDRAW}
    assert able == set(NominationState) - {
        NominationState.RANKED,
        NominationState.AWARDED,
        NominationState.NOT_AWARDED,
        NominationState.REJECTED,
        NominationState.WITHDRAWN,
    }


def test_nothing_leaves_a_final_state_but_a_determination_taken_back() -> None:
    final = {NominationState.REJECTED, NominationState.WITHDRAWN, NominationState.AWARDED, NominationState.NOT_AWARDED}
    assert {step: state for step, state in NOMINATION_TABLE.items() if step[0] in final} == {
        (NominationState.AWARDED, NominationMove.REINSTATE): NominationState.RANKED,
        (NominationState.NOT_AWARDED, NominationMove.REINSTATE): NominationState.RANKED,
    }


def test_everything_has_a_label() -> None:
    for labels, things in (
        (PERIOD_LABELS, PeriodState),
        (PERIOD_MOVE_LABELS, PeriodMove),
        (NOMINATION_LABELS, NominationState),
        (NOMINATION_MOVE_LABELS, NominationMove),
        (STAGE_LABELS, Stage),
    ):
        assert set(labels) == set(things)


def test_a_window_lasts_to_the_last_second_of_its_last_day_in_wita() -> None:
    assert WINDOW.is_open(LAST_SECOND)
    assert not WINDOW.is_open(MIDNIGHT)
    assert WINDOW.is_open(datetime(2024, 6, 2, 16, 0, 0, tzinfo=UTC))
    assert not WINDOW.is_open(datetime(2024, 6, 2, 15, 59, 59, tzinfo=UTC))
    assert due_at(date(2024, 6, 21)) == MIDNIGHT


def test_a_moment_without_a_zone_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="aware"):
        WINDOW.is_open(datetime(2024, 6, 3, 12, 0, 0))  # noqa: DTZ001  # the point of the test


CLOSED = "Pengusulan sudah ditutup pada 21 Juni 2024 pukul 23.59 WITA."
MOVED_ON = "Pengusulan pada periode ini sudah ditutup."
NOT_OPEN = "Pengusulan pada periode ini tidak sedang dibuka."
TOO_LATE = "Batas waktu perbaikan usulan ini sudah lewat."


def refusal(*arguments) -> str:
    with pytest.raises(IllegalMove) as refused:
        require_editable(*arguments)
    return refused.value.message


def test_a_draft_may_be_changed_while_units_may_nominate() -> None:
    first = datetime(2024, 6, 3, tzinfo=WITA)
    for state in EDITABLE - {NominationState.RETURNED}:
        require_editable(state, PeriodState.OPEN, WINDOW, None, LAST_SECOND)
        require_editable(state, PeriodState.OPEN, WINDOW, None, first)
        assert refusal(state, PeriodState.OPEN, WINDOW, None, first - timedelta(microseconds=1)) == NOT_OPEN
        assert refusal(state, PeriodState.OPEN, WINDOW, None, MIDNIGHT) == CLOSED
        assert refusal(state, PeriodState.VERIFICATION, WINDOW, None, LAST_SECOND) == MOVED_ON
        assert refusal(state, PeriodState.VERIFICATION, WINDOW, None, MIDNIGHT) == CLOSED
        assert refusal(state, PeriodState.PREPARATION, WINDOW, None, MIDNIGHT) == NOT_OPEN
        assert refusal(state, PeriodState.OPEN, None, None, LAST_SECOND) == NOT_OPEN


def test_nominations_begin_only_while_units_may_nominate() -> None:
    require_open(PeriodState.OPEN, WINDOW, LAST_SECOND)
    for state, window, now, message in (
        (PeriodState.OPEN, WINDOW, MIDNIGHT, CLOSED),
        (PeriodState.OPEN, None, LAST_SECOND, NOT_OPEN),
        (PeriodState.PREPARATION, WINDOW, LAST_SECOND, NOT_OPEN),
        (PeriodState.VERIFICATION, WINDOW, LAST_SECOND, MOVED_ON),
    ):
        with pytest.raises(IllegalMove) as refused:
            require_open(state, window, now)
        assert refused.value.message == message


def test_a_returned_nomination_has_its_own_deadline() -> None:
    due_on = date(2024, 6, 28)
    last = datetime(2024, 6, 28, 23, 59, 59, tzinfo=WITA)
    for period in (PeriodState.OPEN, PeriodState.VERIFICATION):
        require_editable(NominationState.RETURNED, period, WINDOW, due_on, last)
        assert refusal(NominationState.RETURNED, period, WINDOW, due_on, last + timedelta(seconds=1)) == TOO_LATE
        assert refusal(NominationState.RETURNED, period, WINDOW, None, last) == TOO_LATE
    assert refusal(NominationState.RETURNED, PeriodState.ASSESSMENT, WINDOW, due_on, last) == TOO_LATE


def test_what_is_with_its_unit_is_too_late_once_its_time_is_over() -> None:
    def late(state, period, due_on=None, now=MIDNIGHT, window=WINDOW):
        found = too_late(state, period, window, due_on, now)
        return found.message if found else None

    for state in NOT_SUBMITTED:
        assert [late(state, period) for period in PeriodState] == [None, *[CLOSED] * 8]
        assert late(state, PeriodState.OPEN, now=LAST_SECOND) is None
        assert late(state, PeriodState.VERIFICATION, now=LAST_SECOND) == MOVED_ON
        assert (late(state, PeriodState.OPEN, window=None), late(state, PeriodState.RANKING, window=None)) == (None, MOVED_ON)
    assert late(NominationState.RETURNED, PeriodState.VERIFICATION, date(2024, 6, 22)) is None
    assert late(NominationState.RETURNED, PeriodState.VERIFICATION, date(2024, 6, 21)) == TOO_LATE
    assert late(NominationState.RETURNED, PeriodState.ASSESSMENT, date(2024, 6, 22)) == TOO_LATE
    assert {late(state, PeriodState.ASSESSMENT) for state in set(NominationState) - EDITABLE} == {None}


def test_the_stage_of_a_period_is_told_by_its_dates_where_they_bind() -> None:
    windows = dict.fromkeys(Stage, WINDOW)
    before, running = datetime(2024, 6, 2, 23, 59, 59, tzinfo=WITA), datetime(2024, 6, 3, tzinfo=WITA)
    assert [stage_words(state, windows, LAST_SECOND) for state in PeriodState] == list(PERIOD_LABELS.values())
    assert stage_words(PeriodState.OPEN, windows, running) == "Pengusulan dibuka"
    assert stage_words(PeriodState.OPEN, windows, before) == "Pengusulan belum dimulai"
    late = {state: stage_words(state, windows, MIDNIGHT) for state in PeriodState}
    assert late == PERIOD_LABELS | {
        PeriodState.OPEN: "Pengusulan sudah ditutup",
        PeriodState.OBJECTION: "Masa sanggah sudah berakhir",
    }
    assert [stage_words(state, {}, MIDNIGHT) for state in PeriodState] == list(PERIOD_LABELS.values())


@pytest.mark.parametrize("state", sorted(set(NominationState) - EDITABLE))
def test_a_submitted_nomination_may_not_be_changed(state: NominationState) -> None:
    found = refusal(state, PeriodState.OPEN, WINDOW, date(2024, 6, 28), LAST_SECOND)
    assert found == "Usulan ini sudah diajukan dan tidak dapat diubah."


def test_name_and_year_stay_once_they_are_published_or_about_to_be() -> None:
    published = "Nama dan tahun periode tetap sejak hasilnya diumumkan, juga setelah ditarik: berkas dan piagam yang beredar menyebutnya."
    scheduled = "Pengumuman yang dijadwalkan sudah memuat nama dan tahun periode ini. Batalkan dahulu jadwalnya."
    for state in PeriodState:
        fixed = published if state in NAMING_FIXED_IN else ""
        assert why_naming_is_fixed(state, is_scheduled=False) == fixed
        assert why_naming_is_fixed(state, is_scheduled=True) == (fixed or scheduled)


@pytest.mark.parametrize("state", PeriodState)
def test_a_panel_is_named_before_the_assessment_and_that_of_an_interview_until_it_is_opened(state):
    before = {PeriodState.PREPARATION, PeriodState.OPEN, PeriodState.VERIFICATION}
    ahead = before | {PeriodState.ASSESSMENT, PeriodState.RANKING, PeriodState.OBJECTION}
    assert [panel_may_change(state, awaits_finalists=awaits) for awaits in (False, True)] == [state in before, state in ahead]
