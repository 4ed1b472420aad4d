"""Panels before the assessment begins: how a category is assessed, who assesses whom, and the sheets that come of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import peewee as pw

from sipetruk.errors import Conflict, IllegalMove, Invalid, Problem
from sipetruk.models import Assignment, Nomination, PanelMember, Sheet
from sipetruk.queries import panels as queries
from sipetruk.queries import visible
from sipetruk.queries.interviews import awaits_finalists
from sipetruk.queries.nominations import definition_of
from sipetruk.queries.panels import Bench, Mode
from sipetruk.rules.conflicts import in_words
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.workflow import PANELS_CHANGE_IN, NominationState, PeriodState, panel_may_change
from sipetruk.services import audit, notifications
from sipetruk.services.transaction import check_version, held_category, touch, transaction

MOST_ASSESSORS = 99
CHANGED_PLAN = "Usulan, penilai, atau hubungan berubah setelah pratinjau ini dibuat. Periksa pratinjau yang baru."


def set_assessment(
    actor: Actor, *, category_id: int, is_blind: bool, assessors_each: int | None, spread_limit: int, expected_version: int
) -> int:
    """Say how a category is assessed: blind or not, by how many assessors each, and from which distance on marks differ.

    Once the assessment has begun (of an interview: once it is opened) only the distance may change. Returns the new row version.
    """
    require(actor, Action.PERIOD_EDIT)
    with transaction():
        category = held_category(actor, category_id)
        check_version(category, expected_version)
        after = {"is_blind": is_blind, "assessors_each": assessors_each, "spread_limit": spread_limit}
        before = {key: getattr(category, key) for key in after}
        _check_settings(category, assessors_each, spread_limit)
        state = PeriodState(category.period.state)
        if state in (PeriodState.PUBLISHED, PeriodState.ARCHIVED):
            raise IllegalMove("Periode ini sudah diumumkan.")
        may_change = panel_may_change(state, awaits_finalists=awaits_finalists(category))
        if not may_change and (is_blind, assessors_each) != (category.is_blind, category.assessors_each):
            raise IllegalMove("Setelah penilaian dimulai hanya batas perbedaan yang dapat diubah.")
        for key, value in after.items():
            setattr(category, key, value)
        touch(category)
        audit.record(actor, "panel:settings", "category", category_id, before=before, after=after)
        return int(category.row_version)


def assign(actor: Actor, *, nomination_id: int, user_ids: Sequence[int], expected_version: int) -> int:
    """Name the assessors of one nominee by hand; nobody named means the rule of the category again.

    `expected_version` is that of the category; returns its new one.
    """
    require(actor, Action.PERIOD_EDIT)
    wanted = sorted(set(user_ids))
    with transaction():
        nomination: Any = visible.get(visible.nominations(actor), Nomination, nomination_id, "Usulan")
        category = held_category(actor, nomination.category_id)
        check_version(category, expected_version)
        _require_before(category)
        if nomination.state != NominationState.VERIFIED:
            raise IllegalMove("Penilai dibagi untuk usulan yang sudah memenuhi syarat.")
        bench = Bench(category)
        _check_named(bench, nomination_id, wanted)
        before = sorted(bench.assigned.get(nomination_id, ()))
        _write(nomination_id, wanted)
        touch(category)
        audit.record(actor, "panel:assign", "nomination", nomination_id, before={"assessors": before}, after={"assessors": wanted})
        return int(category.row_version)


def apply_plan(actor: Actor, *, category_id: int, mode: Mode, digest: str) -> int:
    """Save exactly the plan that was shown, or refuse when it would be another one by now; returns the category's new row version."""
    require(actor, Action.PERIOD_EDIT)
    with transaction():
        category = held_category(actor, category_id)
        _require_before(category)
        found = queries.plan(actor, category_id, mode)
        if found.digest != digest:
            raise Conflict(CHANGED_PLAN, "digest")
        before = _assignments(category_id)
        for nomination_id, panel in found.plan.panels.items():
            _write(nomination_id, () if mode is Mode.ONE_PANEL else panel)
        after: dict[str, Any] = {"mode": mode.value, "assignments": found.plan.document()}
        if mode is Mode.ONE_PANEL:
            chosen = sorted(found.plan.load())
            name_members(actor, category, chosen)
            after["panel"] = chosen
        touch(category)
        audit.record(actor, "panel:assign", "category", category_id, before={"assignments": before}, after=after)
        return int(category.row_version)


def name_members(actor: Actor, category: Any, chosen: Sequence[int]) -> list[int]:
    """The panel is these people; who joins or leaves is told. Inside the caller's transaction; returns who it was before."""
    before = _members(category.id)
    PanelMember.delete().where(PanelMember.category == category.id).execute()
    if chosen:
        PanelMember.insert_many([{"category": category.id, "user": user_id} for user_id in chosen]).execute()
    _tell(actor, category, Notice.PANEL_JOINED, set(chosen) - set(before))
    _tell(actor, category, Notice.PANEL_LEFT, set(before) - set(chosen))
    return before


def dissolve(actor: Actor, category: Any) -> None:
    """The category is about to be removed, and its panel with it: its members are told. Inside the caller's transaction."""
    _tell(actor, category, Notice.PANEL_DISSOLVED, _members(category.id))


def forget_members(category_id: int, kept: Sequence[int]) -> None:
    """Assessors who leave a panel lose what was assigned to them there; part of naming the panel, inside its transaction."""
    of_category = Nomination.select(Nomination.id).where(Nomination.category == category_id)
    Assignment.delete().where(Assignment.nomination.in_(of_category), Assignment.assessor.not_in(list(kept))).execute()


def open_sheets(actor: Actor, period: Any, *, only: Collection[int] | None = None) -> int:
    """Make the sheets of a period, or of some of its categories: one for each verified nominee and each of its assessors
    who has no conflict of interest.

    A pair with a conflict gets no sheet, and the trail says why. A category whose instrument asks assessors for nothing
    gets none. Part of the move that starts the assessment, inside its transaction; returns how many there are.
    """
    rows: list[dict[str, int]] = []
    for bench in queries.of_period(period.id):
        if not bench.is_marked or (only is not None and bench.category.id not in only):
            continue
        excluded = {}
        for nomination_id in bench.whom:
            rows += [{"nomination": nomination_id, "assessor": user_id} for user_id in sorted(bench.assessing(nomination_id))]
            codes = {
                str(user_id): [reason.code for reason in bench.conflicts[nomination_id, user_id]]
                for user_id in bench.excluded(nomination_id)
            }
            if codes:
                excluded[str(nomination_id)] = codes
        if excluded:
            audit.record(actor, "sheet:exclude", "category", bench.category.id, after={"excluded": excluded})
    for batch in pw.chunked(rows, 200):
        Sheet.insert_many(batch).execute()
    for user_id, count in sorted(Counter(row["assessor"] for row in rows).items()):
        event = {"thing": "period", "thing_id": period.id, "period": str(period.name), "count": str(count)}
        notifications.tell([user_id], Notice.ASSESSMENT_OPENED, **event)
    return len(rows)


def _require_before(category: Any) -> None:
    if category.period.state not in PANELS_CHANGE_IN:
        raise IllegalMove("Penilai tidak dapat dibagi lagi setelah penilaian dimulai.")


def _check_settings(category: Any, assessors_each: int | None, spread_limit: int) -> None:
    problems = []
    least = definition_of(category.instrument_version).policy.least_marks()
    if assessors_each is not None and not least <= assessors_each <= MOST_ASSESSORS:
        template = "Isikan %(least)s sampai %(most)s, atau kosongkan agar seluruh tim menilai setiap calon."
        problems.append(Problem(template, ("assessorsEach",), params={"least": least, "most": MOST_ASSESSORS}))
    if not 1 <= spread_limit <= 10_000:
        problems.append(Problem("Isikan persentase di atas 0 sampai 100.", ("spreadLimit",)))
    if problems:
        raise Invalid(problems)


def _check_named(bench: Bench, nomination_id: int, wanted: Sequence[int]) -> None:
    problems = []
    for user_id in wanted:
        if user_id not in bench.who:
            problems.append(Problem("Penilai ini bukan anggota tim penilai kategori.", ("userIds",)))
        elif reasons := bench.conflicts.get((nomination_id, user_id)):
            template = "%(name)s tidak boleh menilai calon ini: %(why)s."
            problems.append(Problem(template, ("userIds",), params={"name": bench.who[user_id].name, "why": in_words(reasons)}))
    if wanted and len(wanted) < bench.wanted:
        template = "Setiap calon memerlukan sedikitnya %(least)s penilai; baru dipilih %(found)s."
        problems.append(Problem(template, ("userIds",), params={"least": bench.wanted, "found": len(wanted)}))
    if problems:
        raise Invalid(problems)


def _write(nomination_id: int, user_ids: Sequence[int]) -> None:
    Assignment.delete().where(Assignment.nomination == nomination_id).execute()
    if user_ids:
        Assignment.insert_many([{"nomination": nomination_id, "assessor": user_id} for user_id in user_ids]).execute()


def _members(category_id: int) -> list[int]:
    members = PanelMember.select(PanelMember.user).where(PanelMember.category == category_id)
    return sorted(user_id for (user_id,) in members.tuples())


def _tell(actor: Actor, category: Any, notice: Notice, who: Collection[int]) -> None:
    others = [user_id for user_id in who if user_id != actor.user_id]
    where = {"category": str(category.name), "period": str(category.period.name)}
    notifications.tell(others, notice, thing="category", thing_id=category.id, **where)


def _assignments(category_id: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    query = Assignment.select().join(Nomination).where(Nomination.category == category_id)
    for nomination_id, user_id in query.order_by(Assignment.nomination, Assignment.assessor).tuples():
        found.setdefault(str(nomination_id), []).append(user_id)
    return found
