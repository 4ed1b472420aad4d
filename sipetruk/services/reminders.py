"""Reminders: BKPSDM asks units that have not nominated, and assessors who have not finished, inside the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from sipetruk.errors import Conflict, IllegalMove, Invalid, NotFound
from sipetruk.models import Membership, Period, Reminder, User, WorkUnit
from sipetruk.queries import cockpit
from sipetruk.queries.periods import window
from sipetruk.rules.dates import day_text
from sipetruk.rules.moments import hour_text
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import UNIT_ROLES, Action, Actor, require
from sipetruk.rules.workflow import MARKABLE_IN, PERIOD_LABELS, STAGE_OF_STATE, PeriodState, Stage, Window, require_open
from sipetruk.services import audit, clock, notifications
from sipetruk.services.periods import held_period
from sipetruk.services.transaction import transaction


@dataclass(frozen=True)
class Reminded:
    """How many were reminded and how many people were told, each counted once; left out are who was reminded today or has no people."""

    count: int
    people: int
    already: int
    unreachable: int


def remind_units(
    actor: Actor, *, period_id: int, unit_ids: Sequence[int] | None = None, again: bool = False, is_dry_run: bool = False
) -> Reminded:
    """Remind units that have not handed in a nomination, all of them when none is named, while they still can.

    A unit is reminded once a day; `again` says that a second time is meant. A dry run counts, and tells nobody.
    """
    require(actor, Action.REMINDER_SEND)
    with transaction():
        period = held_period(actor, period_id)
        nomination = window(period_id, Stage.NOMINATION)
        require_open(PeriodState(period.state), nomination, clock.now())
        day = day_text(nomination.closes_on) if nomination else ""
        silent = cockpit.silent_units(period_id)
        wanted = silent if unit_ids is None else _named_units(unit_ids, silent)
        people = _people_of(wanted)
        due = _due(period, Reminder.work_unit, wanted, people, is_named=unit_ids is not None, again=again)
        if is_dry_run:
            return due.reminded(people)
        everybody = [user_id for unit_id in due.ids for user_id in people[unit_id]]
        notifications.tell(everybody, Notice.REMINDER_NOMINATE, thing="period", thing_id=period_id, period=period.name, day=day)
        return _note(actor, period, "work_unit", due, people)


def remind_assessors(
    actor: Actor, *, period_id: int, user_ids: Sequence[int] | None = None, again: bool = False, is_dry_run: bool = False
) -> Reminded:
    """Remind assessors who have open sheets, all of them when none is named; each once a day, unless `again`.

    A dry run counts, and tells nobody.
    """
    require(actor, Action.REMINDER_SEND)
    with transaction():
        period = held_period(actor, period_id)
        state = PeriodState(period.state)
        if state not in MARKABLE_IN:
            raise IllegalMove("Periode berada pada tahap “%(state)s”: tidak ada lembar yang sedang diisi.", state=PERIOD_LABELS[state])
        waiting = cockpit.open_sheets(period_id)
        if user_ids is not None and set(user_ids) - waiting.keys():
            raise Invalid("Penilai ini tidak mempunyai lembar yang belum dikirim.", "userIds")
        wanted = sorted(waiting if user_ids is None else set(user_ids))
        people = {user_id: [user_id] for (user_id,) in User.select(User.id).where(User.id.in_(wanted), User.is_active).tuples()}
        due = _due(period, Reminder.assessor, wanted, people, is_named=user_ids is not None, again=again)
        if is_dry_run:
            return due.reminded(people)
        until = window(period_id, STAGE_OF_STATE[state])
        for user_id in due.ids:
            _tell_assessor(user_id, period, waiting[user_id], until)
        return _note(actor, period, "assessor", due, people)


@dataclass(frozen=True)
class _Due:
    ids: list[int]
    already: int
    unreachable: int

    def reminded(self, people: Mapping[int, Sequence[int]]) -> Reminded:
        return Reminded(len(self.ids), len({user_id for each in self.ids for user_id in people[each]}), self.already, self.unreachable)


def _due(period: Any, column: pw.Field, wanted: Collection[int], people: Any, *, is_named: bool, again: bool) -> _Due:
    """Whom to remind now: those with people, and without a reminder today unless `again`; nobody at all is refused."""
    today = _reminded_today(period.id, column)
    reachable = [each for each in sorted(wanted) if each in people]
    unreachable = len(wanted) - len(reachable)
    already = [] if again else [each for each in reachable if each in today]
    ids = [each for each in reachable if each not in already]
    if is_named and already:
        at = max(today[each] for each in already)
        template = "Sudah diingatkan hari ini pukul %(hour)s. Kirim sekali lagi hanya bila memang perlu."
        raise Conflict(template, "again", hour=hour_text(at))
    if is_named and unreachable:
        raise Invalid("Belum ada pengguna aktif yang dapat diberi tahu.", "unitIds")
    if not ids and already:
        raise Conflict("Semua yang perlu diingatkan sudah diingatkan hari ini.", "again")
    if not ids:
        raise Invalid("Tidak ada yang perlu diingatkan.")
    return _Due(ids, len(already), unreachable)


def _reminded_today(period_id: int, column: pw.Field) -> dict[int, datetime]:
    """The last reminder of today by unit or by assessor."""
    today = clock.today()
    begins = Window(today, today).opens_at
    query = Reminder.select(column, pw.fn.MAX(Reminder.sent_at)).where(Reminder.period == period_id, Reminder.sent_at >= begins)
    rows = query.where(column.is_null(is_null=False)).group_by(column).tuples()
    return {id_: Reminder.sent_at.python_value(at) for id_, at in rows}


def _named_units(unit_ids: Sequence[int], silent: Collection[int]) -> list[int]:
    named = set(unit_ids)
    known = {id_ for (id_,) in WorkUnit.select(WorkUnit.id).where(WorkUnit.id.in_(named)).tuples()}
    if named - known:
        raise NotFound("%(what)s tidak ditemukan.", what="Unit kerja")
    if named - set(silent):
        raise Invalid("Unit ini sudah mengajukan usulan, atau tidak aktif lagi.", "unitIds")
    return sorted(named)


def _people_of(unit_ids: Collection[int]) -> dict[int, list[int]]:
    """The active people of these units who nominate and endorse, by unit (1 statement)."""
    query = Membership.select(Membership.work_unit, Membership.user).join(User)
    query = query.where(User.is_active, Membership.work_unit.in_(list(unit_ids)), Membership.role.in_(sorted(UNIT_ROLES)))
    found: dict[int, list[int]] = defaultdict(list)
    for unit_id, user_id in query.tuples():
        found[unit_id].append(user_id)
    return dict(found)


def _tell_assessor(user_id: int, period: Any, count: int, until: Window | None) -> None:
    notice = Notice.REMINDER_ASSESS if until else Notice.REMINDER_ASSESS_UNDATED
    day = {"day": day_text(until.closes_on)} if until else {}
    notifications.tell([user_id], notice, thing="period", thing_id=period.id, period=period.name, count=str(count), **day)


def _note(actor: Actor, period: Period, column: str, due: _Due, people: Mapping[int, Sequence[int]]) -> Reminded:
    """Keep that they were reminded, and put it on record."""
    now = clock.now()
    rows = [{"period": period.id, column: each, "sent_at": now, "sent_by": actor.user_id, "told": len(people[each])} for each in due.ids]
    for batch in pw.chunked(rows, 200):
        Reminder.insert_many(batch).execute()
    done = due.reminded(people)
    kind = "units" if column == "work_unit" else "panel"
    audit.record(actor, Action.REMINDER_SEND, "period", period.id, after={kind: due.ids, "people": done.people})
    return done
