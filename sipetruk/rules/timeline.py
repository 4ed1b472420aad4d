"""The way of a period on one line: its stages with their dates, what is done, what runs, what comes, and each role's duty."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sipetruk.rules.dates import day_text
from sipetruk.rules.permissions import UNIT_ROLES, Role
from sipetruk.rules.workflow import PERIOD_LABELS, STAGE_LABELS, PeriodState, Stage, Window


class When(StrEnum):
    """Where a step lies, seen from the state of the period: its dates alone move nothing."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


WHEN_LABELS: dict[When, str] = {When.DONE: "selesai", When.NOW: "sedang berjalan", When.NEXT: "berikutnya"}
END_BY_DATE: dict[PeriodState, frozenset[Role]] = {
    PeriodState.OPEN: UNIT_ROLES | {Role.BKPSDM_ADMIN},
    PeriodState.OBJECTION: UNIT_ROLES,
}
"""Steps whose dates bind the units to the second, whatever the state of the period, and whose duties end with the last day."""

STAGES: dict[PeriodState, Stage] = {
    PeriodState.OPEN: Stage.NOMINATION,
    PeriodState.VERIFICATION: Stage.VERIFICATION,
    PeriodState.ASSESSMENT: Stage.ASSESSMENT,
    PeriodState.RANKING: Stage.RANKING,
    PeriodState.OBJECTION: Stage.OBJECTION,
    PeriodState.DETERMINATION: Stage.DETERMINATION,
    PeriodState.PUBLISHED: Stage.PUBLICATION,
}
"""The window that belongs to each step."""
DUTIES: dict[PeriodState, dict[Role, str]] = {
    PeriodState.PREPARATION: {Role.BKPSDM_ADMIN: "Menyusun jadwal, kategori, instrumen, dan tim penilai."},
    PeriodState.OPEN: {
        Role.OPD_ADMIN: "Menyusun usulan, melengkapi bukti, menyerahkannya kepada kepala, lalu mengajukannya.",
        Role.OPD_HEAD: "Memeriksa dan mengesahkan usulan unit Anda.",
        Role.VERIFIER: "Boleh mulai memeriksa usulan yang sudah diajukan.",
        Role.BKPSDM_ADMIN: "Memantau unit yang belum mengusulkan dan mengingatkannya.",
    },
    PeriodState.VERIFICATION: {
        Role.VERIFIER: "Memeriksa bukti dan syarat setiap usulan, lalu menerima, mengembalikan, atau menolaknya.",
        Role.OPD_ADMIN: "Memperbaiki usulan yang dikembalikan sebelum batas waktunya.",
        Role.OPD_HEAD: "Mengesahkan kembali usulan yang diperbaiki.",
        Role.BKPSDM_ADMIN: "Memastikan semua usulan diperiksa dan tim penilai lengkap.",
    },
    PeriodState.ASSESSMENT: {
        Role.ASSESSOR: "Menilai setiap calon pada lembar Anda, lalu mengirimnya.",
        Role.BKPSDM_ADMIN: "Memantau kemajuan penilai.",
    },
    PeriodState.RANKING: {Role.BKPSDM_ADMIN: "Menghitung pemeringkatan, memutus nilai seri, dan menjadikannya final."},
    PeriodState.OBJECTION: {
        Role.OPD_ADMIN: "Boleh mengajukan sanggahan dengan alasan.",
        Role.OPD_HEAD: "Boleh mengajukan sanggahan dengan alasan.",
        Role.BKPSDM_ADMIN: "Memutus sanggahan.",
    },
    PeriodState.DETERMINATION: {Role.BKPSDM_ADMIN: "Menetapkan pemenang dengan SK."},
    PeriodState.PUBLISHED: {Role.BKPSDM_ADMIN: "Mengumumkan hasil dan menyerahkan piagam."},
}
"""What a role has to do at each step; a role that is not named only waits or reads."""


@dataclass(frozen=True)
class Step:
    """One stage; `is_today` when today lies between its first and its last day.

    `waits_for` is said where the period stands at this step on a day outside its dates: until when it waits, or for whom.
    """

    state: PeriodState
    label: str
    when: When
    window: Window | None
    is_today: bool
    duties: tuple[str, ...]
    when_label: str = ""
    waits_for: str = ""


def steps(state: PeriodState, windows: Mapping[Stage, Window], today: date, roles: Collection[Role]) -> tuple[Step, ...]:
    """Every step of the round; the objection stage only where it has a window or runs."""
    shown = [each for each in PeriodState if each is not PeriodState.ARCHIVED]
    if state is not PeriodState.OBJECTION and Stage.OBJECTION not in windows:
        shown.remove(PeriodState.OBJECTION)
    at = shown.index(state) if state in shown else len(shown)
    found = []
    for place, each in enumerate(shown):
        when = When.DONE if place < at else When.NOW if place == at else When.NEXT
        step = _step(each, when, windows, today, roles)
        found.append(_outside(step, shown[place + 1 :], today, roles) if when is When.NOW else step)
    return tuple(found)


def _step(state: PeriodState, when: When, windows: Mapping[Stage, Window], today: date, roles: Collection[Role]) -> Step:
    stage = STAGES.get(state)
    window = windows.get(stage) if stage else None
    is_today = window is not None and window.opens_on <= today <= window.closes_on
    return Step(state, PERIOD_LABELS[state], when, window, is_today, _duties(state, roles), WHEN_LABELS[when])


def _duties(state: PeriodState, roles: Collection[Role]) -> tuple[str, ...]:
    told = DUTIES[state]
    return tuple(dict.fromkeys(told[role] for role in Role if role in roles and role in told))


def _outside(step: Step, later: Sequence[PeriodState], today: date, roles: Collection[Role]) -> Step:
    """The step at which the period stands, as it is told before its first day and after its last one."""
    if step.window is None or step.is_today or not later:
        return step
    ending = END_BY_DATE.get(step.state)
    label = STAGE_LABELS[STAGES[step.state]]
    if today < step.window.opens_on:
        begins = f"Dimulai {day_text(step.window.opens_on)} pukul 00.00 WITA."
        return replace(step, label=label, when_label="belum dimulai", waits_for=begins) if ending else step
    ended = f"{'Ditutup' if ending else 'Jadwalnya berakhir'} {day_text(step.window.closes_on)} pukul 23.59 WITA."
    waits_for = f"{ended} Menunggu BKPSDM memulai tahap “{STAGE_LABELS[STAGES[later[0]]]}”."
    if ending is None:
        return replace(step, waits_for=waits_for)
    left = _duties(step.state, [role for role in roles if role not in ending])
    return replace(step, label=label, when_label="sudah ditutup", waits_for=waits_for, duties=left)
