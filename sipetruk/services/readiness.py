"""What must be true before a period takes its next step: the schedule, or a reason to leave it, and the work done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import peewee as pw

from sipetruk.errors import IllegalMove, Invalid, Problem, Refusal
from sipetruk.models import Category, Determination, MarkSum, Nomination, Objection, PanelMember, Sheet
from sipetruk.models.assessment import APART
from sipetruk.queries import interviews, panels
from sipetruk.queries.nominations import definition_of
from sipetruk.queries.objections import unsettled
from sipetruk.queries.periods import window
from sipetruk.queries.ranking_inputs import RANKABLE
from sipetruk.rules import eligibility
from sipetruk.rules import instrument as instrument_rules
from sipetruk.rules.dates import day_text
from sipetruk.rules.workflow import (
    PERIOD_MOVE_LABELS,
    STAGE_LABELS,
    STAGE_OF_STATE,
    NominationState,
    ObjectionState,
    PeriodMove,
    PeriodState,
    Stage,
    Window,
    due_at,
    period_moves,
)
from sipetruk.services import clock


def require_ready(period: Any, state: PeriodState, move: PeriodMove, reason: str) -> None:
    """Refuse the step from `state`, naming everything that stands in its way."""
    _require_time(period, state, reason)
    _GUARDS.get(move, lambda _: None)(period)


@dataclass(frozen=True)
class Outlook:
    """A step that a period may take next, the last day that its stage runs until, and everything that stands in the way."""

    move: PeriodMove
    label: str
    stage_ends: Window | None
    blockers: tuple[Problem, ...]


def outlook(period: Any) -> list[Outlook]:
    """The next steps of a period as the table has them, archiving apart; objections where they have days, interviews where they wait."""
    state = PeriodState(period.state)
    stage = STAGE_OF_STATE.get(state)
    ends = window(period.id, stage) if stage else None
    moves = [move for move in period_moves(state) if move is not PeriodMove.ARCHIVE]
    if PeriodMove.OPEN_OBJECTION in moves and window(period.id, Stage.OBJECTION) is None:
        moves.remove(PeriodMove.OPEN_OBJECTION)
    if PeriodMove.OPEN_INTERVIEW in moves and not interviews.waiting(period.id):
        moves.remove(PeriodMove.OPEN_INTERVIEW)
    return [Outlook(move, PERIOD_MOVE_LABELS[move], ends, _blockers(period, move)) for move in moves]


def _blockers(period: Any, move: PeriodMove) -> tuple[Problem, ...]:
    if move is PeriodMove.PUBLISH:  # has a service of its own, which asks again
        return tuple(undetermined(period))
    try:
        _GUARDS.get(move, lambda _: None)(period)
    except Refusal as refusal:
        return refusal.problems
    return ()


def undetermined(period: Any) -> list[Problem]:
    """The categories with nominees whose winners are still to be named; those of a first stage are named in its interview."""
    determined = Determination.select(Determination.category).where(Determination.revoked_at.is_null())
    waiting = Nomination.select(Nomination.category).where(Nomination.state.in_(RANKABLE))
    is_open = Category.id.in_(waiting) & Category.id.not_in(determined) & Category.id.not_in(interviews.first_stages())
    rows = Category.select().where(Category.period == period.id, is_open)
    return [
        Problem("Pemenang kategori “%(name)s” belum ditetapkan.", ("categories", row.slug), params={"name": row.name})
        for row in rows.order_by(Category.position)
    ]


def _require_time(period: Any, state: PeriodState, reason: str) -> None:
    """Refuse to leave a stage before its window has ended, unless with a reason."""
    stage = STAGE_OF_STATE.get(state)
    current = window(period.id, stage) if stage else None
    if stage and current and clock.now() < current.closes_at and not reason.strip():
        raise Invalid(
            "Tahap “%(stage)s” menurut jadwal berlangsung sampai %(day)s pukul 23.59 WITA. Untuk mendahului jadwal, tuliskan alasannya.",
            "reason",
            stage=STAGE_LABELS[stage],
            day=day_text(current.closes_on),
        )


def _ready_to_open(period: Any) -> None:
    problems = []
    if window(period.id, Stage.NOMINATION) is None:
        problems.append(Problem("Jadwal pengusulan belum diisi.", ("windows", Stage.NOMINATION)))
    categories = list(Category.select().where(Category.period == period.id))
    if not categories:
        problems.append(Problem("Periode belum mempunyai kategori.", ("categories",)))
    for category in categories:
        problems += [
            Problem(
                f"Kategori “%(name)s”: {eligibility.UNKNOWN_FACT}",
                ("categories", category.slug, "eligibility", str(row - 1), "fact"),
                params={"name": category.name, "number": row, "fact": fact},
            )
            for row, fact in eligibility.unknown_facts(category.eligibility)
        ]
        version = category.instrument_version
        if version.state != "locked":
            template = "Instrumen kategori “%(name)s” belum dikunci."
            problems.append(Problem(template, ("categories", category.slug), params={"name": category.name}))
            continue
        problems += _panel_problems(category, definition_of(version))
        problems += _interview_problems(category, definition_of(version))
    if problems:
        raise Invalid(problems)


def _ready_to_assess(period: Any) -> None:
    now = clock.now()
    nominations = Nomination.select().join(Category).where(Category.period == period.id)
    unchecked = []
    if waiting := nominations.where(Nomination.state == NominationState.SUBMITTED).count():
        template = "Masih ada %(count)s usulan yang belum diverifikasi."
        unchecked.append(Problem(template, ("nominations",), IllegalMove.code, {"count": waiting}))
    returned = nominations.where(Nomination.state == NominationState.RETURNED)
    if open_ := sum(1 for row in returned if row.due_on and now < due_at(row.due_on)):
        template = "Masih ada %(count)s usulan yang sedang diperbaiki dan belum lewat batas waktunya."
        unchecked.append(Problem(template, ("nominations",), IllegalMove.code, {"count": open_}))
    if unchecked:
        raise IllegalMove(unchecked)
    problems = []
    for category in Category.select().where(Category.period == period.id):
        problems += _panel_problems(category, definition_of(category.instrument_version))
    if not problems:
        problems = [problem for bench in panels.of_period(period.id) for problem in bench.blockers()]
    if problems:
        raise Invalid(problems)


def _ready_to_rank(period: Any) -> None:
    sheets = Sheet.select().join(Nomination).join(Category).where(Category.period == period.id, Sheet.state == "open")
    alive = sheets.where(Nomination.state != NominationState.WITHDRAWN).count()
    if alive:
        raise IllegalMove("Masih ada %(count)s lembar penilaian yang belum dikirim.", count=alive)
    problems = [problem for category in Category.select().where(Category.period == period.id) for problem in _short_of_marks(category)]
    if problems:
        raise IllegalMove(problems)


def _short_of_marks(category: Any) -> list[Problem]:
    """Nominees who would stay incomplete: too few assessors are left, or too few gave a mark on a criterion."""
    least = definition_of(category.instrument_version).policy.least_marks()
    alive = (Nomination.category == category) & Nomination.state.in_([NominationState.VERIFIED, NominationState.ASSESSED])
    left = pw.fn.SUM(pw.Case(None, [(Sheet.state.not_in(APART), 1)], 0))
    sheets = Sheet.select(Nomination.number, left).join(Nomination).where(alive).group_by(Nomination.number).having(left < least)
    short = dict(sheets.tuples())
    template = "Usulan %(number)s tinggal mempunyai %(left)s penilai, paling sedikit %(least)s. Tunjuk pengganti."
    problems = [
        Problem(template, ("nominations", number), IllegalMove.code, {"number": number, "left": found, "least": least})
        for number, found in sorted(short.items())
    ]
    marks = MarkSum.select(Nomination.number, pw.fn.MIN(MarkSum.scored)).join(Nomination).where(alive, MarkSum.scored < least)
    template = "Usulan %(number)s: ada kriteria yang hanya dinilai %(left)s orang, paling sedikit %(least)s. Buka kembali lembarnya."
    problems += [
        Problem(template, ("nominations", number), IllegalMove.code, {"number": number, "left": found, "least": least})
        for number, found in sorted(marks.group_by(Nomination.number).tuples())
        if number not in short
    ]
    return problems


def _ready_to_determine(period: Any) -> None:
    waiting = Nomination.select(Nomination.category).where(Nomination.state.in_([NominationState.VERIFIED, NominationState.ASSESSED]))
    missing = Category.select().where(Category.period == period.id, Category.id.in_(waiting)).order_by(Category.position)
    if names := [category.name for category in missing]:
        raise IllegalMove("Pemeringkatan belum difinalkan untuk kategori: %(names)s.", names=", ".join(names))


def _ready_to_interview(period: Any) -> None:
    """There are interviews to open, each with a final first ranking behind it and enough assessors of every finalist.

    Nothing waits to be decided.
    """
    waiting = interviews.waiting(period.id)
    if not waiting:
        raise IllegalMove("Periode ini tidak mempunyai kategori wawancara yang belum dibuka.")
    _ready_after_objections(period)
    missing = [category.name for category in interviews.without_final(waiting)]
    if missing:
        raise IllegalMove("Tahap pertama belum mempunyai pemeringkatan final untuk wawancara: %(names)s.", names=", ".join(missing))
    problems = []
    for category in waiting:
        problems += _panel_problems(category, definition_of(category.instrument_version))
    problems = problems or [problem for category in waiting for problem in panels.Bench(category).blockers()]
    if problems:
        raise Invalid(problems)


def _all_interviews_held(period: Any) -> None:
    waiting = interviews.waiting(period.id)
    empty = interviews.without_final(waiting)
    if names := [category.name for category in waiting if category not in empty]:
        raise IllegalMove("Tahap wawancara belum dibuka untuk kategori: %(names)s.", names=", ".join(names))


def _ready_to_name_winners(period: Any) -> None:
    _ready_after_objections(period)
    _all_interviews_held(period)


def _interview_problems(category: Any, definition: instrument_rules.Definition) -> list[Problem]:
    """A value from a first stage is only there in an interview."""
    takes_over = any(criterion.source.kind == "first_stage" for _, criterion in instrument_rules.all_criteria(definition))
    if not takes_over or category.first_stage_id is not None:
        return []
    template = "Instrumen kategori “%(name)s” memakai nilai tahap pertama, padahal kategori ini bukan tahap wawancara."
    return [Problem(template, ("categories", category.slug), params={"name": category.name})]


def _ready_to_object(period: Any) -> None:
    _ready_to_determine(period)
    if window(period.id, Stage.OBJECTION) is None:
        raise Invalid("Jadwal masa sanggah belum diisi, sehingga tidak ada yang dapat menyanggah.", "windows", Stage.OBJECTION)


def _ready_after_objections(period: Any) -> None:
    """Every objection is decided, and what was accepted has led to a new final ranking or to a note that nothing changes."""
    of_period = Objection.select().join(Nomination).join(Category).where(Category.period == period.id).order_by(Objection.number)
    problems = [
        Problem("Sanggahan %(number)s belum diputus.", ("objections", each.number), IllegalMove.code, {"number": each.number})
        for each in of_period.where(Objection.state == ObjectionState.FILED)
    ]
    template = "Sanggahan %(number)s diterima, tetapi belum menghasilkan pemeringkatan final baru atau catatan bahwa hasil tidak berubah."
    problems += [
        Problem(template, ("objections", each.number), IllegalMove.code, {"number": each.number}) for each in of_period.where(unsettled())
    ]
    if problems:
        raise IllegalMove(problems)
    _ready_to_determine(period)


_GUARDS: dict[PeriodMove, Callable[[Any], None]] = {
    PeriodMove.OPEN: _ready_to_open,
    PeriodMove.START_ASSESSMENT: _ready_to_assess,
    PeriodMove.START_RANKING: _ready_to_rank,
    PeriodMove.OPEN_OBJECTION: _ready_to_object,
    PeriodMove.OPEN_INTERVIEW: _ready_to_interview,
    PeriodMove.START_DETERMINATION: _ready_to_name_winners,
}


def _panel_problems(category: Any, definition: instrument_rules.Definition) -> list[Problem]:
    if not any(c.source.kind == "assessor" for _, c in instrument_rules.all_criteria(definition)):
        return []
    size = PanelMember.select().where(PanelMember.category == category.id).count()
    least = definition.policy.least_marks()
    if size >= least:
        return []
    template = "Tim penilai kategori “%(name)s” berjumlah %(size)s, paling sedikit %(least)s."
    params = {"name": category.name, "size": size, "least": least}
    return [Problem(template, ("categories", category.slug, "panel"), params=params)]
