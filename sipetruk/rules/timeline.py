"""The way of a period on one line: its stages with their dates, what is done, what runs, what comes, and each role's duty."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sipetruk.rules.permissions import Role
from sipetruk.rules.workflow import PERIOD_LABELS, PeriodState, Stage, Window


class When(StrEnum):
    """Where a step lies, seen from the state of the period: its dates alone move nothing."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


WHEN_LABELS: dict[When, str] = {When.DONE: "selesai", When.NOW: "sedang berjalan", When.NEXT: "berikutnya"}

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
    """One stage; `is_today` when today lies between its first and its last day."""

    state: PeriodState
    label: str
    when: When
    window: Window | None
    is_today: bool
    duties: tuple[str, ...]

    @property
    def when_label(self) -> str:
        return WHEN_LABELS[self.when]


def steps(state: PeriodState, windows: Mapping[Stage, Window], today: date, roles: Collection[Role]) -> tuple[Step, ...]:
    """Every step of the round; the objection stage only where it has a window or runs."""
    shown = [each for each in PeriodState if each is not PeriodState.ARCHIVED]
    if state is not PeriodState.OBJECTION and Stage.OBJECTION not in windows:
        shown.remove(PeriodState.OBJECTION)
    at = shown.index(state) if state in shown else len(shown)
    return tuple(
        _step(each, When.DONE if place < at else When.NOW if place == at else When.NEXT, windows, today, roles)
        for place, each in enumerate(shown)
    )


def _step(state: PeriodState, when: When, windows: Mapping[Stage, Window], today: date, roles: Collection[Role]) -> Step:
    stage = STAGES.get(state)
    window = windows.get(stage) if stage else None
    is_today = window is not None and window.opens_on <= today <= window.closes_on
    told = DUTIES[state]
    duties = tuple(dict.fromkeys(told[role] for role in Role if role in roles and role in told))
    return Step(state, PERIOD_LABELS[state], when, window, is_today, duties)
