"""The administrative check: a verdict on each evidence requirement, then returned, accepted or rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sipetruk.errors import IllegalMove, Invalid, Problem, Refusal
from sipetruk.models import CheckItem, Evidence, Nomination, Review, StageWindow
from sipetruk.models.nominations import VERDICTS
from sipetruk.queries import visible
from sipetruk.queries.nominations import definition_of
from sipetruk.rules import accepting, form
from sipetruk.rules.dates import day_text
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, Subject, require
from sipetruk.rules.reading import clean_text, safe_key
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import (
    NOMINATION_LABELS,
    NominationMove,
    NominationState,
    PeriodState,
    Stage,
    next_nomination_state,
)
from sipetruk.services import audit, clock, events, notifications, returns
from sipetruk.services.transaction import check_version, held, touch, transaction

REASON_LENGTH = 2_000
MOST_AT_ONCE = 100


def record_item(actor: Actor, *, nomination_id: int, requirement: str, verdict: str, note: str = "") -> None:
    """Say of one evidence requirement that it is there (ADA) or not (TIDAK ADA); a later verdict replaces an earlier one."""
    note = _text(note, "note")
    with transaction():
        nomination = _checkable(actor, nomination_id)
        _require_under_check(nomination)
        _require_verdict(nomination, requirement, verdict)
        _record(actor, nomination, requirement, verdict, note)


def record_items(actor: Actor, *, nomination_id: int, items: Mapping[str, tuple[str, str]], expected_version: int) -> int:
    """Save verdict and note of several requirements at once, by code; one bad one and none is saved.

    What is already on record as given stays untouched. Returns the new version of the nomination's row.
    """
    with transaction():
        nomination = _checkable(actor, nomination_id)
        check_version(nomination, expected_version)
        _require_under_check(nomination)
        read: dict[str, tuple[str, str]] = {}
        problems: list[Problem] = []
        for code, (verdict, note) in items.items():
            try:
                _require_verdict(nomination, code, verdict)
                read[code] = (verdict, _text(note, "note"))
            except Invalid as refusal:
                problems += [Problem(p.template, ("items", safe_key(code), *p.path), p.code, p.params) for p in refusal.problems]
        if problems:
            raise Invalid(problems)
        rows = CheckItem.select().where(CheckItem.nomination == nomination)
        saved = {row.requirement: (row.verdict, row.note) for row in rows}
        changed = {code: given for code, given in read.items() if given != saved.get(code)}
        for code, (verdict, note) in changed.items():
            _record(actor, nomination, code, verdict, note)
        if changed:
            touch(nomination)
    return int(nomination.row_version)


def return_(actor: Actor, *, nomination_id: int, reason: str, due_on: date, expected_version: int) -> int:
    """Give the nomination back to its unit for correction until the end of `due_on`; returns the new version of its row.

    The day lies within the check: not later than the last day of its window.
    """
    reason = _text(reason, "reason", required=True)
    if due_on < clock.today():
        raise Invalid("Batas perbaikan paling cepat hari ini.", "dueOn")
    return _decide(actor, nomination_id, NominationMove.RETURN, "returned", reason, expected_version, due_on=due_on)


def accept(actor: Actor, *, nomination_id: int, note: str = "", expected_version: int) -> int:
    """Declare that the nomination meets the conditions (MS); every required evidence must have been found to be there."""
    note = _text(note, "note")
    return _decide(actor, nomination_id, NominationMove.ACCEPT, "accepted", note, expected_version)


@dataclass(frozen=True)
class Accepted:
    """What became of one nomination of a list: nothing in the way, or the problems because of which it stays as it was."""

    nomination_id: int
    problems: tuple[Problem, ...] = ()


def accept_many(actor: Actor, *, versions: Mapping[int, int], note: str = "") -> tuple[Accepted, ...]:
    """Accept each of these nominations, given with the version that was read, in a transaction of its own.

    One that cannot be accepted is told with its problems and holds nobody up: what the verifier found of the others stands.
    """
    require(actor, Action.NOMINATION_CHECK)
    if not 0 < len(versions) <= MOST_AT_ONCE:
        raise Invalid("Pilih 1 sampai %(most)s usulan.", "nominations", most=MOST_AT_ONCE)
    note = _text(note, "note")
    told = []
    for nomination_id, version in versions.items():
        try:
            accept(actor, nomination_id=nomination_id, note=note, expected_version=version)
        except Refusal as refusal:
            told.append(Accepted(nomination_id, refusal.problems))
        else:
            told.append(Accepted(nomination_id))
    return tuple(told)


def reject(actor: Actor, *, nomination_id: int, reason: str, expected_version: int) -> int:
    """Declare that the nomination does not meet the conditions (TMS); it goes no further."""
    reason = _text(reason, "reason", required=True)
    return _decide(actor, nomination_id, NominationMove.REJECT, "rejected", reason, expected_version)


_NOTICES = {
    NominationMove.RETURN: Notice.NOMINATION_RETURNED,
    NominationMove.ACCEPT: Notice.NOMINATION_ACCEPTED,
    NominationMove.REJECT: Notice.NOMINATION_REJECTED,
}
"""What the unit is told of each decision."""
_EVENTS = {
    NominationMove.RETURN: Event.NOMINATION_RETURNED,
    NominationMove.ACCEPT: Event.NOMINATION_ACCEPTED,
    NominationMove.REJECT: Event.NOMINATION_REJECTED,
}
"""What those outside are told."""


def _decide(
    actor: Actor,
    nomination_id: int,
    move: NominationMove,
    decision: str,
    reason: str,
    expected_version: int,
    *,
    due_on: date | None = None,
) -> int:
    with transaction():
        nomination = _checkable(actor, nomination_id)
        check_version(nomination, expected_version)
        before = NominationState(nomination.state)
        after = next_nomination_state(before, move)
        if move is NominationMove.ACCEPT:
            _require_complete(nomination)
        if due_on is not None:
            _require_within_check(nomination, due_on)
        nomination.state = after.value
        nomination.due_on = due_on
        touch(nomination)
        review = Review.create(
            nomination=nomination,
            decision=decision,
            reason=reason,
            due_on=due_on,
            items=_items_now(nomination),
            decided_by=actor.user_id,
            decided_at=clock.now(),
        )
        if move is NominationMove.RETURN:
            returns.open_items(review, nomination)
        notifications.tell(
            notifications.unit_people(nomination.work_unit_id, but=actor),
            _NOTICES[move],
            thing="nomination",
            thing_id=nomination_id,
            number=nomination.number,
            **({"day": day_text(due_on)} if due_on else {}),
        )
        events.happened(_EVENTS[move], nomination_id, number=nomination.number)
        audit.record(
            actor,
            Action.NOMINATION_CHECK,
            "nomination",
            nomination_id,
            before={"state": before.value},
            after={"state": after.value, "due_on": due_on and due_on.isoformat()},
            reason=reason,
        )
    return int(nomination.row_version)


def _items_now(nomination: Nomination) -> list[dict[str, Any]]:
    """The verdicts as they stand, kept with a decision: a later round writes over them."""
    rows = CheckItem.select().where(CheckItem.nomination == nomination).order_by(CheckItem.requirement)
    return [
        {
            "requirement": row.requirement,
            "verdict": row.verdict,
            "note": row.note,
            "checked_by": row.checked_by_id,
            "checked_at": row.checked_at.isoformat(),
        }
        for row in rows
    ]


def _require_within_check(nomination: Nomination, due_on: date) -> None:
    """Refuse a day after the window of the check: what comes back later could not be checked any more."""
    window = StageWindow.get_or_none(period=nomination.category.period_id, stage=Stage.VERIFICATION.value)
    if window is not None and due_on > window.closes_on:
        raise Invalid(
            "Batas perbaikan paling lambat %(day)s, hari terakhir verifikasi administrasi.", "dueOn", day=day_text(window.closes_on)
        )


def _require_under_check(nomination: Nomination) -> None:
    if nomination.state != NominationState.SUBMITTED:
        raise IllegalMove(
            "Usulan berstatus “%(state)s” tidak sedang diperiksa.", state=NOMINATION_LABELS[NominationState(nomination.state)]
        )


def _record(actor: Actor, nomination: Nomination, requirement: str, verdict: str, note: str) -> None:
    before = CheckItem.get_or_none(nomination=nomination, requirement=requirement)
    given = {"verdict": verdict, "note": note, "checked_by": actor.user_id, "checked_at": clock.now()}
    CheckItem.insert(nomination=nomination, requirement=requirement, **given).on_conflict(
        conflict_target=(CheckItem.nomination, CheckItem.requirement), update=given
    ).execute()
    audit.record(
        actor,
        Action.NOMINATION_CHECK,
        "nomination",
        nomination.id,
        before=before and {"requirement": requirement, "verdict": before.verdict, "note": before.note},
        after={"requirement": requirement, "verdict": verdict, "note": note},
    )


def _checkable(actor: Actor, nomination_id: int) -> Nomination:
    """The nomination, held, when the actor may check it and its period is at a stage in which nominations are checked."""
    nomination: Nomination = visible.get(held(visible.nominations(actor)), Nomination, nomination_id, "Usulan")
    require(actor, Action.NOMINATION_CHECK, Subject(unit_id=nomination.work_unit_id))
    accepting.require_checkable(PeriodState(nomination.category.period.state))
    return nomination


def _require_verdict(nomination: Nomination, requirement: str, verdict: str) -> None:
    definition = definition_of(nomination.category.instrument_version)
    wanted = next((item for item in form.requirements(definition, nomination.answers) if item.code == requirement), None)
    if wanted is None:
        raise Invalid("Jenis bukti ini tidak ada pada instrumen.", "requirement")
    if verdict not in VERDICTS:
        raise Invalid("Pilih ADA atau TIDAK ADA.", "verdict")
    if verdict == "present" and wanted.source == "unit" and not _is_attached(nomination, requirement):
        raise Invalid("Bukti “%(label)s” belum diunggah, jadi tidak dapat dinyatakan ADA.", "verdict", label=wanted.label)


def _require_complete(nomination: Nomination) -> None:
    """Refuse acceptance while a required evidence has not been checked or was found missing, naming each."""
    definition = definition_of(nomination.category.instrument_version)
    verdicts = dict(CheckItem.select(CheckItem.requirement, CheckItem.verdict).where(CheckItem.nomination == nomination).tuples())
    if problems := accepting.lacking(form.requirements(definition, nomination.answers), verdicts):
        raise Invalid(problems)


def _is_attached(nomination: Nomination, requirement: str) -> bool:
    return bool(Evidence.select().where(Evidence.nomination == nomination, Evidence.requirement == requirement).exists())


def _text(given: str, place: str, *, required: bool = False) -> str:
    text = clean_text(given)
    if text is None:
        raise Invalid("Harus berupa teks biasa.", place)
    if required and not text:
        raise Invalid("Alasan wajib diisi agar unit pengusul tahu apa yang harus dilakukan.", place)
    if len(text) > REASON_LENGTH:
        raise Invalid("Paling banyak %(longest)s karakter.", place, longest=REASON_LENGTH)
    return text
