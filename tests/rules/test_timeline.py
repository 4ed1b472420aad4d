"""The way of a period: what is done, what runs, what comes, where today lies, and what each role has to do."""

from datetime import date

from sipetruk.rules.permissions import Role
from sipetruk.rules.timeline import DUTIES, STAGES, When, steps
from sipetruk.rules.workflow import PeriodState, Stage, Window

NOMINATION = Window(date(2024, 10, 1), date(2024, 10, 15))
CHECK = Window(date(2024, 10, 16), date(2024, 10, 22))
WINDOWS = {Stage.NOMINATION: NOMINATION, Stage.VERIFICATION: CHECK}
LABELS = ["Persiapan", "Pengusulan dibuka", "Verifikasi administrasi", "Penilaian", "Pemeringkatan", "Penetapan", "Diumumkan"]


def line(state=PeriodState.OPEN, today=date(2024, 10, 15), roles=(Role.OPD_ADMIN,), windows=WINDOWS):
    return steps(state, windows, today, roles)


def test_steps_are_done_running_or_to_come():
    found = line()
    assert [step.label for step in found] == LABELS
    assert [step.state for step in found[:2]] == [PeriodState.PREPARATION, PeriodState.OPEN]
    assert [step.when for step in found] == [When.DONE, When.NOW, *[When.NEXT] * 5]
    assert [step.when_label for step in found[:3]] == ["selesai", "sedang berjalan", "berikutnya"]
    assert [step.window for step in found[:4]] == [None, NOMINATION, CHECK, None]
    assert {step.when for step in line(PeriodState.ARCHIVED)} == {When.DONE}


def test_today_lies_in_the_window_whatever_the_state():
    def marked(today):
        return [step.label for step in line(PeriodState.PREPARATION, today) if step.is_today]

    assert marked(date(2024, 9, 30)) == []
    assert marked(date(2024, 10, 1)) == ["Pengusulan dibuka"]
    assert marked(date(2024, 10, 15)) == ["Pengusulan dibuka"]
    assert marked(date(2024, 10, 16)) == ["Verifikasi administrasi"]
    assert marked(date(2024, 10, 23)) == []


def test_the_objection_stage_is_shown_where_there_is_one():
    assert "Masa sanggah" not in [step.label for step in line()]
    assert [step.label for step in line(windows=WINDOWS | {Stage.OBJECTION: CHECK})][5] == "Masa sanggah"
    assert [step.label for step in line(PeriodState.OBJECTION) if step.when is When.NOW] == ["Masa sanggah"]


def test_each_role_reads_its_own_duties_once():
    unit = line(roles=(Role.OPD_ADMIN,))
    assert [bool(step.duties) for step in unit] == [False, True, True, False, False, False, False]
    both = line(PeriodState.OBJECTION, roles=(Role.OPD_ADMIN, Role.OPD_HEAD))
    assert [step.duties for step in both if step.when is When.NOW] == [("Boleh mengajukan sanggahan dengan alasan.",)]
    assert {step.duties for step in line(roles=(Role.VIEWER,))} == {()}


def test_every_state_that_is_shown_has_words_for_somebody():
    assert set(DUTIES) == set(PeriodState) - {PeriodState.ARCHIVED}
    assert set(STAGES) == set(DUTIES) - {PeriodState.PREPARATION}
    assert set(STAGES.values()) == set(Stage)
