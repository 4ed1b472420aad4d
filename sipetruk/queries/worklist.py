"""What waits for a person: counts with their deadline, for each role that the person has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import peewee as pw

from sipetruk.models import Category, Determination, Endorsement, Nomination, PanelMember, Period, Ranking, Sheet, StageWindow
from sipetruk.queries import visible
from sipetruk.rules.permissions import Action, Actor, Condition, Role, granted
from sipetruk.rules.workflow import CORRECTABLE_IN, NominationState, PeriodState, Stage, due_at


class Target(StrEnum):
    """Where the work is done; each face knows its own address for it."""

    RETURNED = "returned"
    DRAFTS = "drafts"
    ENDORSED = "endorsed"
    TO_ENDORSE = "to_endorse"
    CHECKS = "checks"
    SHEETS = "sheets"
    PANELS = "panels"
    PROGRESS = "progress"
    RANKINGS = "rankings"
    DETERMINATIONS = "determinations"


@dataclass(frozen=True)
class WorkItem:
    """`label` says what waits, with its count; `due` is the nearest deadline, `is_late` whether it has passed."""

    label: str
    count: int
    due: date | None
    is_late: bool
    target: Target


def worklist(actor: Actor, now: datetime) -> list[WorkItem]:
    """What waits for the actor, in the order of the round; nothing for who only reads. A fixed number of statements."""
    found = []
    for target, label, count, due in _waiting(actor):
        if count:
            is_late = due is not None and now >= due_at(due)
            found.append(WorkItem(f"{count} {label}", count, due, is_late, target))
    return found


def _waiting(actor: Actor) -> Iterator[tuple[Target, str, int, date | None]]:
    for role, questions in _QUESTIONS.items():
        if role in actor.roles:
            for target, label, ask in questions:
                yield (target, label, *ask(actor))


_Answer = tuple[int, date | None]


def _returned(actor: Actor) -> _Answer:
    query = _of_unit(actor, Action.NOMINATION_DRAFT).where(
        Nomination.state == NominationState.RETURNED, Period.state.in_(list(CORRECTABLE_IN))
    )
    return _counted(query.select(pw.fn.COUNT(Nomination.id), pw.fn.MIN(Nomination.due_on)))


def _drafts(actor: Actor) -> _Answer:
    return _in_open_period(_of_unit(actor, Action.NOMINATION_DRAFT).where(Nomination.state == NominationState.DRAFT))


def _endorsed(actor: Actor) -> _Answer:
    return _in_open_period(_of_unit(actor, Action.NOMINATION_SUBMIT).where(Nomination.state == NominationState.ENDORSED))


def _to_endorse(actor: Actor) -> _Answer:
    return _in_open_period(_of_unit(actor, Action.NOMINATION_ENDORSE).where(Nomination.state == NominationState.DRAFT))


def _to_endorse_again(actor: Actor) -> _Answer:
    live = Endorsement.select(Endorsement.nomination).where(Endorsement.voided_at.is_null())
    query = _of_unit(actor, Action.NOMINATION_ENDORSE).where(
        Nomination.state == NominationState.RETURNED,
        Period.state.in_(list(CORRECTABLE_IN)),
        Nomination.id.not_in(live),
    )
    return _counted(query.select(pw.fn.COUNT(Nomination.id), pw.fn.MIN(Nomination.due_on)))


def _to_check(actor: Actor) -> _Answer:
    query = visible.nominations(actor, Action.NOMINATION_CHECK).join(Category).join(Period)
    return _with_window(
        query.where(Nomination.state == NominationState.SUBMITTED, Period.state.in_(list(CORRECTABLE_IN))),
        Stage.VERIFICATION,
        Nomination.id,
    )


def _own_sheets(actor: Actor) -> _Answer:
    query = visible.sheets(actor).join(Nomination).join(Category).join(Period)
    return _with_window(query.where(*_OPEN_SHEET), Stage.ASSESSMENT, Sheet.id)


def _all_sheets(_: Actor) -> _Answer:
    query = Sheet.select().join(Nomination).join(Category).join(Period)
    return _with_window(query.where(*_OPEN_SHEET), Stage.ASSESSMENT, Sheet.id)


_OPEN_SHEET = (
    Sheet.state == "open",
    Period.state == PeriodState.ASSESSMENT,
    Nomination.state == NominationState.VERIFIED,
)


def _without_panel(_: Actor) -> _Answer:
    states = [PeriodState.PREPARATION, PeriodState.OPEN, PeriodState.VERIFICATION]
    query = Category.select().join(Period)
    query = query.where(Period.state.in_(states), Category.id.not_in(PanelMember.select(PanelMember.category)))
    return _with_window(query, Stage.NOMINATION, Category.id)


def _without_ranking(_: Actor) -> _Answer:
    final = Ranking.select(Ranking.category).where(Ranking.state == "final")
    query = Category.select().join(Period).where(Period.state == PeriodState.RANKING, Category.id.not_in(final))
    return _with_window(query, Stage.RANKING, Category.id)


def _without_winners(_: Actor) -> _Answer:
    determined = Determination.select(Determination.category)
    query = Category.select().join(Period).where(Period.state == PeriodState.DETERMINATION, Category.id.not_in(determined))
    return _with_window(query, Stage.DETERMINATION, Category.id)


_QUESTIONS: dict[Role, tuple[tuple[Target, str, Callable[[Actor], _Answer]], ...]] = {
    Role.OPD_ADMIN: (
        (Target.RETURNED, "usulan dikembalikan untuk diperbaiki", _returned),
        (Target.DRAFTS, "usulan masih berupa draf", _drafts),
        (Target.ENDORSED, "usulan sudah disahkan dan siap diajukan", _endorsed),
    ),
    Role.OPD_HEAD: (
        (Target.TO_ENDORSE, "draf usulan belum Anda sahkan", _to_endorse),
        (Target.TO_ENDORSE, "usulan hasil perbaikan belum Anda sahkan", _to_endorse_again),
    ),
    Role.VERIFIER: ((Target.CHECKS, "usulan menunggu verifikasi", _to_check),),
    Role.ASSESSOR: ((Target.SHEETS, "lembar penilaian belum dikirim", _own_sheets),),
    Role.BKPSDM_ADMIN: (
        (Target.PANELS, "kategori belum mempunyai tim penilai", _without_panel),
        (Target.PROGRESS, "lembar penilaian belum selesai di seluruh tim penilai", _all_sheets),
        (Target.RANKINGS, "kategori belum mempunyai pemeringkatan final", _without_ranking),
        (Target.DETERMINATIONS, "kategori belum ditetapkan pemenangnya", _without_winners),
    ),
}
"""What to ask for each role, in the order of the round."""


def _of_unit(actor: Actor, action: Action) -> pw.ModelSelect:
    """Nominations of the units for which the actor may take the action, with category and period."""
    units = [grant.unit_id for condition, grant in granted(actor, action) if condition is Condition.OWN_UNIT]
    return visible.nominations(actor).join(Category).join(Period).where(Nomination.work_unit.in_(units))


def _in_open_period(query: pw.ModelSelect) -> _Answer:
    return _with_window(query.where(Period.state == PeriodState.OPEN), Stage.NOMINATION, Nomination.id)


def _with_window(query: pw.ModelSelect, stage: Stage, counted: pw.Field) -> _Answer:
    """The count, and the nearest last day of the stage among the periods concerned."""
    window = (StageWindow.period == Period.id) & (StageWindow.stage == stage)
    query = query.join_from(Period, StageWindow, pw.JOIN.LEFT_OUTER, on=window)
    return _counted(query.select(pw.fn.COUNT(counted), pw.fn.MIN(StageWindow.closes_on)))


def _counted(query: pw.ModelSelect) -> _Answer:
    count, due = query.tuples().get()
    return int(count), due
