"""The interview: a category whose nominees are the best of another one, with its own instrument and panel."""

from __future__ import annotations

import json
from typing import Any

from sipetruk.errors import Conflict, IllegalMove, Invalid
from sipetruk.models import Category, Nomination
from sipetruk.queries import interviews as queries
from sipetruk.rules import finalists as rules
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.workflow import CATEGORIES_CHANGE_IN, PERIOD_LABELS, NominationState, PeriodState
from sipetruk.services import audit, clock, panels
from sipetruk.services.rankings import final_of
from sipetruk.services.transaction import check_version, held, held_category, touch, transaction

MOST_FINALISTS = 1_000
MARK = "W"
"""What the number of a nomination ends with in the interview."""


def set_stage(actor: Actor, *, category_id: int, first_stage_id: int | None, finalists: int | None, expected_version: int) -> int:
    """Make a category of a period in preparation the interview of another one, or an ordinary one again. Returns its new version."""
    require(actor, Action.PERIOD_EDIT)
    with transaction():
        category = held_category(actor, category_id)
        check_version(category, expected_version)
        if category.period.state not in CATEGORIES_CHANGE_IN:
            raise IllegalMove("Kategori hanya dapat diubah pada tahap “%(stage)s”.", stage=PERIOD_LABELS[PeriodState.PREPARATION])
        _check(category, first_stage_id, finalists)
        before = {"first_stage": category.first_stage_id, "finalists": category.finalists}
        category.first_stage, category.finalists = first_stage_id, finalists
        touch(category)
        after = {"first_stage": first_stage_id, "finalists": finalists}
        audit.record(actor, Action.PERIOD_EDIT, "category", category_id, before=before, after=after)
    return int(category.row_version)


def begin(actor: Actor, period: Any) -> None:
    """Bring the finalists of every interview that waits into it and open its sheets, within the move of the period."""
    opened = []
    for category in queries.waiting(period.id):
        brought = _bring(category)
        audit.record(actor, "interview:begin", "category", category.id, after={"finalists": brought})
        opened.append(category.id)
    panels.open_sheets(actor, period, only=opened)


def _check(category: Any, first_stage_id: int | None, finalists: int | None) -> None:
    if (first_stage_id is None) != (finalists is None):
        raise Invalid("Sebutkan tahap pertama beserta banyaknya finalis, atau kosongkan keduanya.", "finalists")
    if first_stage_id is None or finalists is None:
        return
    if not 1 <= finalists <= MOST_FINALISTS:
        raise Invalid("Banyaknya finalis harus 1 sampai 1000.", "finalists")
    first = Category.get_or_none(Category.id == first_stage_id, Category.period == category.period_id)
    if first is None or first.id == category.id:
        raise Invalid("Tahap pertama harus kategori lain pada periode yang sama.", "firstStageId")
    if first.first_stage_id is not None or queries.interview_of(category.id) is not None:
        raise Invalid("Wawancara hanya satu tahap: pilih kategori yang bukan wawancara dan belum mempunyai wawancara.", "firstStageId")
    other = queries.interview_of(first.id)
    if other is not None and other.id != category.id:
        raise Conflict("Kategori itu sudah mempunyai tahap wawancara.", "firstStageId")


def _bring(category: Any) -> list[str]:
    """Nominations of the finalists, verified as they were, under their own numbers; the numbers they had."""
    final = final_of(category.first_stage)
    rows = json.loads(str(final.result))["rows"] if final else []
    chosen = rules.finalists(rows, category.finalists)
    found = {row.number: row for row in held(Nomination.select().where(Nomination.category == category.first_stage_id))}
    now = clock.now()
    for number in chosen:
        first = found[number]
        Nomination.create(
            number=f"{number}-{MARK}",
            category=category,
            employee=first.employee_id,
            work_unit=first.work_unit_id,
            state=NominationState.VERIFIED,
            answers=first.answers,
            person=first.person,
            created_at=now,
            created_by=first.created_by_id,
            updated_at=now,
            submitted_at=first.submitted_at,
        )
    return list(chosen)
