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
    assert [(step.label, step.waits_for) for step in line(PeriodState.VERIFICATION, CHECK.opens_on)] == [(label, "") for label in LABELS]


def test_today_lies_in_the_window_whatever_the_state():
    def marked(today):
        return [step.label for step in line(PeriodState.PREPARATION, today) if step.is_today]

    assert marked(date(2024, 9, 30)) == []
    assert marked(date(2024, 10, 1)) == ["Pengusulan dibuka"]
    assert marked(date(2024, 10, 15)) == ["Pengusulan dibuka"]
    assert marked(date(2024, 10, 16)) == ["Verifikasi administrasi"]
    assert marked(date(2024, 10, 23)) == []


def told(day, state=PeriodState.OPEN, roles=(Role.OPD_ADMIN, Role.VERIFIER, Role.BKPSDM_ADMIN), windows=WINDOWS):
    (now,) = [step for step in line(state, date(2024, 10, day), roles, windows) if step.when is When.NOW]
    return now.label, now.when_label, now.waits_for, now.duties


def test_what_the_dates_have_closed_does_not_run_and_asks_nothing_of_a_unit():
    admin, verifier, unit = (DUTIES[PeriodState.OPEN][role] for role in (Role.BKPSDM_ADMIN, Role.VERIFIER, Role.OPD_ADMIN))
    closed = "Ditutup 15 Oktober 2024 pukul 23.59 WITA. Menunggu BKPSDM memulai tahap “Verifikasi administrasi”."
    assert told(15) == ("Pengusulan dibuka", "sedang berjalan", "", (admin, verifier, unit))
    assert told(16) == ("Pengusulan", "sudah ditutup", closed, (verifier,))
    objection = {"state": PeriodState.OBJECTION, "roles": (Role.OPD_HEAD, Role.BKPSDM_ADMIN), "windows": {Stage.OBJECTION: CHECK}}
    assert told(22, **objection) == (
        "Masa sanggah",
        "sedang berjalan",
        "",
        ("Memutus sanggahan.", "Boleh mengajukan sanggahan dengan alasan."),
    )
    waits_for = "Ditutup 22 Oktober 2024 pukul 23.59 WITA. Menunggu BKPSDM memulai tahap “Penetapan”."
    assert told(23, **objection) == ("Masa sanggah", "sudah ditutup", waits_for, ("Memutus sanggahan.",))


def test_a_period_that_was_opened_ahead_waits_for_its_first_day():
    label, when, waits_for, duties = told(15, windows={Stage.NOMINATION: CHECK})
    assert (label, when, len(duties)) == ("Pengusulan", "belum dimulai", 3)
    assert waits_for == "Dimulai 16 Oktober 2024 pukul 00.00 WITA."


def test_other_steps_run_outside_their_dates_too_and_say_what_the_period_waits_for_after_them():
    check = DUTIES[PeriodState.VERIFICATION]
    duties = (check[Role.BKPSDM_ADMIN], check[Role.VERIFIER], check[Role.OPD_ADMIN])
    late = "Jadwalnya berakhir 22 Oktober 2024 pukul 23.59 WITA. Menunggu BKPSDM memulai tahap “Penilaian”."
    assert told(15, PeriodState.VERIFICATION) == ("Verifikasi administrasi", "sedang berjalan", "", duties)
    assert told(23, PeriodState.VERIFICATION) == ("Verifikasi administrasi", "sedang berjalan", late, duties)
    assert told(23, PeriodState.PUBLISHED, windows={Stage.PUBLICATION: CHECK})[:3] == ("Diumumkan", "sedang berjalan", "")


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
