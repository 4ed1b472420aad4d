"""A period runs itself by its dates: steps that are due are taken, what stands in the way is told; last days are moved."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import peewee as pw

from sipetruk.errors import IllegalMove, Invalid, Refusal
from sipetruk.models import Notification, Period, StageWindow
from sipetruk.queries.periods import windows_of
from sipetruk.rules import schedule
from sipetruk.rules.dates import BAD_YEAR, YEARS, day_text
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import SYSTEM, Action, Actor, Role, require
from sipetruk.rules.timeline import STAGES
from sipetruk.rules.workflow import STAGE_LABELS, PeriodState, Stage, Window
from sipetruk.services import audience, audit, clock, notifications
from sipetruk.services.periods import advance, check_windows, held_period, windows_json
from sipetruk.services.transaction import check_version, held, touch, transaction

LOG = logging.getLogger(__name__)


def set_automatic(actor: Actor, *, period_id: int, is_automatic: bool, expected_version: int) -> int:
    """Let a period move on by its dates, or keep every step for people. Returns the new row version."""
    require(actor, Action.PERIOD_MOVE)
    with transaction():
        period = held_period(actor, period_id)
        check_version(period, expected_version)
        before, period.is_automatic = period.is_automatic, is_automatic
        touch(period)
        after = {"is_automatic": is_automatic}
        audit.record(actor, Action.PERIOD_MOVE, "period", period_id, before={"is_automatic": before}, after=after)
        return int(period.row_version)


def extend(actor: Actor, *, period_id: int, stage: Stage, closes_on: date, reason: str, expected_version: int) -> int:
    """Give a stage that is not over a later last day, with a reason; its people are told. Returns the new row version."""
    require(actor, Action.PERIOD_EDIT)
    if not reason.strip():
        raise Invalid("Alasan perpanjangan wajib diisi.", "reason")
    with transaction():
        period = held_period(actor, period_id)
        check_version(period, expected_version)
        windows = {view.stage: view.window for view in windows_of([period_id])[period_id]}
        _require_ahead(period, stage, windows, closes_on)
        later = windows | {stage: Window(windows[stage].opens_on, closes_on)}
        check_windows({each: (window.opens_on, window.closes_on) for each, window in later.items()})
        before = windows_json(period_id)
        StageWindow.update(closes_on=closes_on).where(StageWindow.period == period_id, StageWindow.stage == stage).execute()
        touch(period)
        if period.state != PeriodState.PREPARATION:
            audience.rescheduled(actor, period, {stage: windows[stage].closes_on}, {stage: closes_on})
        after = windows_json(period_id)
        audit.record(actor, Action.PERIOD_EDIT, "period", period_id, before=before, after=after, reason=reason.strip())
        return int(period.row_version)


def run_due() -> list[int]:
    """Take the steps that are due now, each in a transaction of its own; returns the periods that moved.

    The worker calls this every few seconds; several workers may. A period that cannot move, or may not by itself, is
    left as it is and its administrators are told, once a day and not while they have not read it.
    """
    states = [state.value for state in schedule.RUNNING]
    ids = [id_ for (id_,) in Period.select(Period.id).where(Period.state.in_(states)).order_by(Period.id).tuples()]
    windows = windows_of(ids)
    known = {row.id: row for row in Period.select(Period.id, Period.state).where(Period.id.in_(ids))}
    moved = []
    for period_id in ids:
        found = {view.stage: view.window for view in windows[period_id]}
        if period_id in known and schedule.due(PeriodState(known[period_id].state), found, clock.now()) and _tried(period_id):
            moved.append(period_id)
    return moved


def _tried(period_id: int) -> bool:
    """Run one period; a fault of the program in it is logged and keeps no other period from its step."""
    try:
        return _run(period_id)
    except pw.DatabaseError:
        raise
    except Exception:
        LOG.exception("period %s could not be run", period_id)
        return False


def _run(period_id: int) -> bool:
    with transaction():
        period = held(Period.select().where(Period.id == period_id)).first()
        windows = {view.stage: view.window for view in windows_of([period_id])[period_id]}
        step = schedule.due(PeriodState(period.state), windows, clock.now()) if period else None
        if step is None:  # somebody was faster
            return False
        if step.by_people or not period.is_automatic:
            _tell_admins(period, Notice.PERIOD_WAITS, step.stage)
            return False
        try:
            with transaction():  # what was begun of a refused step is taken back, what is told of it stays
                advance(SYSTEM, period, step.move, step.reason)
        except Refusal as refusal:
            LOG.info("period %s does not move on: %s", period_id, refusal.message)
            _tell_admins(period, Notice.PERIOD_BLOCKED, step.stage)
            return False
    return True


def _tell_admins(period: Any, notice: Notice, stage: Stage) -> None:
    today = clock.today()
    midnight = Window(today, today).opens_at
    earlier = Notification.select(Notification.recipient).where(
        Notification.notice == notice,
        Notification.thing == "period",
        Notification.thing_id == str(period.id),
        Notification.read_at.is_null() | (Notification.created_at >= midnight),
    )
    known = {user_id for (user_id,) in earlier.tuples()}
    admins = [user_id for user_id in notifications.users_with(Role.BKPSDM_ADMIN) if user_id not in known]
    notifications.tell(admins, notice, thing="period", thing_id=period.id, period=period.name, stage=STAGE_LABELS[stage])


def _require_ahead(period: Any, stage: Stage, windows: dict[Stage, Window], closes_on: date) -> None:
    """Refuse unless the stage has days, is not behind the period, and ends later than before and not in the past."""
    if stage not in windows:
        raise Invalid("Tahap “%(stage)s” belum mempunyai jadwal.", "stage", stage=STAGE_LABELS[stage])
    stages, state = list(Stage), PeriodState(period.state)
    now = STAGES.get(state)
    if state is PeriodState.ARCHIVED or (now is not None and stages.index(stage) < stages.index(now)):
        raise IllegalMove("Tahap “%(stage)s” sudah selesai, sehingga tidak dapat diperpanjang.", stage=STAGE_LABELS[stage])
    if closes_on.year not in YEARS:
        raise Invalid(BAD_YEAR, "closesOn")
    if closes_on <= windows[stage].closes_on:
        raise Invalid("Hari terakhir yang baru harus setelah %(day)s.", "closesOn", day=day_text(windows[stage].closes_on))
    if closes_on < clock.today():
        raise Invalid("Hari terakhir yang baru tidak boleh sudah lewat.", "closesOn")
