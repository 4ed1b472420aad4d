"""Objections of units to the final ranking: filed in their window, withdrawn, decided once by somebody else, followed up in writing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sipetruk.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from sipetruk.models import Category, Nomination, Objection, Period, Ranking
from sipetruk.queries import visible
from sipetruk.queries.objections import is_of_unit, unsettled
from sipetruk.queries.periods import window
from sipetruk.rules import objecting, ranking_difference
from sipetruk.rules.notices import Notice
from sipetruk.rules.objecting import Letter
from sipetruk.rules.permissions import Action, Actor, Role, Subject, require
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import (
    NominationState,
    ObjectionMove,
    ObjectionState,
    PeriodState,
    Stage,
    next_objection_state,
)
from sipetruk.services import audit, clock, events, evidence, notifications
from sipetruk.services.transaction import check_version, held, once, one, touch, transaction

ATTACHMENT_MB = 5
KINDS = ("pdf", "jpg", "png")


@dataclass(frozen=True)
class Attachment:
    """A file that goes with an objection; `claim` is told the objection's id before anything is saved for good, and may refuse."""

    filename: str
    stream: evidence.Readable
    claim: Callable[[int], None] = lambda _: None


def file(
    actor: Actor,
    *,
    nomination_id: int,
    reason: str,
    letter: Letter | None = None,
    attachment: Attachment | None = None,
    idempotency_key: str | None = None,
) -> int:
    """Object to the final ranking of a nominee: a unit for its own, BKPSDM for a unit whose letter it received. Returns the id."""
    require(actor, Action.OBJECTION_FILE, Subject(unit_id=_nomination(actor, nomination_id).work_unit_id))
    text = objecting.read_reason(reason, least=objecting.LEAST_REASON)
    with _receiving(attachment) as kept, transaction():
        period = _held_period(_nomination(actor, nomination_id))
        nomination = _nomination(actor, nomination_id, hold=True)

        def create() -> int:
            letter_kept = _require_fileable(actor, nomination, letter)
            number = _create(actor, nomination, period, _final_ranking(nomination), text, letter_kept, kept)
            if attachment is not None:
                attachment.claim(number)
            return number

        return once(actor, Action.OBJECTION_FILE, idempotency_key, create)


def require_attachable(actor: Actor, *, nomination_id: int, size: int) -> None:
    """Refuse a file for an objection that could not be filed now, before a byte of it is taken."""
    nomination = _nomination(actor, nomination_id)
    require(actor, Action.OBJECTION_FILE, Subject(unit_id=nomination.work_unit_id))
    if is_of_unit(actor, nomination.work_unit_id):
        _require_open(nomination, None)
    else:
        _require_stage(nomination)
    evidence.require_size(size, ATTACHMENT_MB)


def withdraw(actor: Actor, *, objection_id: int, reason: str, expected_version: int) -> int:
    """Take an undecided objection back, with a reason; what came by letter is taken back by BKPSDM. Returns the new row version."""
    text = objecting.read_reason(reason)
    with transaction():
        objection, nomination = _held(actor, objection_id, Action.OBJECTION_FILE)
        check_version(objection, expected_version)
        if not is_of_unit(actor, nomination.work_unit_id) and not objection.letter_number:
            raise Forbidden("Sanggahan yang diajukan unit hanya dapat dicabut oleh unit itu.")
        _require_stage(nomination)
        _move(objection, ObjectionMove.WITHDRAW)
        objection.withdrawal_reason, objection.withdrawn_at = text, clock.now()
        touch(objection)
        _tell_admins(actor, Notice.OBJECTION_WITHDRAWN, objection, nomination)
        events.happened(Event.OBJECTION_WITHDRAWN, objection.id, number=objection.number)
        _record(actor, "objection:withdraw", objection, ObjectionState.FILED, text)
        return int(objection.row_version)


def accept(actor: Actor, *, objection_id: int, reason: str, expected_version: int) -> int:
    """Find an objection justified, in writing: sheets of its nominee may be opened again. Returns the new row version."""
    return _decide(actor, objection_id, ObjectionMove.ACCEPT, reason, expected_version)


def reject(actor: Actor, *, objection_id: int, reason: str, expected_version: int) -> int:
    """Find an objection unjustified, in writing. Returns the new row version."""
    return _decide(actor, objection_id, ObjectionMove.REJECT, reason, expected_version)


def note_no_change(actor: Actor, *, objection_id: int, note: str, expected_version: int) -> int:
    """Write down why an accepted objection changes nothing in the result; nothing may be open or waiting for a ranking."""
    text = objecting.read_reason(note, "note")
    with transaction():
        objection, nomination = _held(actor, objection_id, Action.OBJECTION_DECIDE)
        check_version(objection, expected_version)
        _require_stage(nomination)
        if objection.state != ObjectionState.ACCEPTED:
            raise IllegalMove("Catatan tindak lanjut hanya untuk sanggahan yang diterima.")
        if objection.settled_by_id is not None or objection.no_change_note:
            raise Conflict("Tindak lanjut sanggahan ini sudah tercatat.", "objectionId")
        if nomination.state != NominationState.RANKED:
            raise IllegalMove("Penilaian usulan ini sedang dibuka kembali. Hitung dan tetapkan dahulu pemeringkatan yang baru.")
        objection.no_change_note = text
        touch(objection)
        _tell_unit(actor, Notice.OBJECTION_SETTLED, nomination)
        audit.record(actor, "objection:settle", "objection", objection.id, after={"number": objection.number}, reason=text)
        return int(objection.row_version)


def open_attachment(actor: Actor, objection_id: int) -> evidence.OpenedFile:
    """The file of an objection that the actor may read; the same `NotFound` for a hidden, an unknown and a missing one."""
    objection = visible.get(visible.objections(actor), Objection, objection_id, "Sanggahan")
    if objection.blob_id is None:
        raise NotFound("%(what)s tidak ditemukan.", what="Lampiran")
    return evidence.OpenedFile(evidence.place_of(objection.blob_id), str(objection.blob.media_type), str(objection.filename))


def settle(actor: Actor, former: Ranking | None, ranking: Ranking) -> list[str]:
    """Accepted objections whose nominee's part of the inputs differs in a new final ranking are settled by it.

    Part of making a ranking final, inside its transaction; returns their numbers.
    """
    of_category = Objection.select(Objection, Nomination).join(Nomination).where(Nomination.category == ranking.category_id)
    waiting = list(held(of_category.where(unsettled())).order_by(Objection.id))
    if former is None or not waiting:
        return []
    settled = []
    old, new = json.loads(str(former.inputs)), json.loads(str(ranking.inputs))
    for objection in waiting:
        if ranking_difference.touches(old, new, objection.nomination.number):
            objection.settled_by = ranking.id
            touch(objection)
            _tell_unit(actor, Notice.OBJECTION_SETTLED, objection.nomination)
            after = {"number": objection.number, "ranking": ranking.number}
            audit.record(actor, "objection:settle", "objection", objection.id, after=after)
            settled.append(str(objection.number))
    return settled


# Filing -------------------------------------------------------------------------------------------------------------


def _nomination(actor: Actor, nomination_id: int, *, hold: bool = False) -> Any:
    query = visible.nominations(actor)
    return visible.get(held(query) if hold else query, Nomination, nomination_id, "Usulan")


def _require_fileable(actor: Actor, nomination: Any, letter: Letter | None) -> Letter | None:
    """The letter as it is kept, when the actor may object now."""
    require(actor, Action.OBJECTION_FILE, Subject(unit_id=nomination.work_unit_id))
    if is_of_unit(actor, nomination.work_unit_id):
        if letter is not None:
            raise Invalid("Surat hanya dicatat bila BKPSDM mengajukan sanggahan atas nama unit.", "letter")
    elif letter is None:
        raise Invalid("Sebutkan surat sanggahan unit yang diterima: nomor dan tanggalnya.", "letter", "number")
    kept = objecting.read_letter(letter, clock.today())
    _require_open(nomination, kept)
    if Objection.select().where(Objection.nomination == nomination, Objection.state == ObjectionState.FILED).exists():
        raise Conflict("Usulan ini masih mempunyai sanggahan yang belum diputus.", "nominationId")
    return kept


def _require_open(nomination: Any, letter: Letter | None) -> None:
    period = nomination.category.period
    state = PeriodState(Period.get_by_id(period.id).state)
    objecting.require_fileable(NominationState(nomination.state), state, window(period.id, Stage.OBJECTION), clock.now(), letter)


def _final_ranking(nomination: Any) -> Any:
    return one(Ranking.select().where(Ranking.category == nomination.category_id, Ranking.state == "final"), "Pemeringkatan final")


@dataclass(frozen=True)
class _Kept:
    """A received file as it is put on record."""

    sha256: str
    size: int
    media_type: str
    filename: str


@contextmanager
def _receiving(attachment: Attachment | None) -> Iterator[_Kept | None]:
    """The file in the store, recognised by its bytes; refused at the field `file`."""
    if attachment is None:
        yield None
        return
    with evidence.receive(attachment.stream, ATTACHMENT_MB) as received:
        kind = evidence.recognise(received.head, KINDS)
        received.keep()
        yield _Kept(received.sha256, received.size, kind.media_type, evidence.clean_filename(attachment.filename, kind))


def _create(actor: Actor, nomination: Any, period: Any, final: Any, reason: str, letter: Letter | None, kept: _Kept | None) -> int:
    if kept:
        evidence.remember(kept.sha256, kept.size, kept.media_type)
    count = Objection.select().join(Nomination).join(Category).where(Category.period == period).count()
    objection = Objection.create(
        number=f"{period.slug}-S{count + 1:03d}",
        nomination=nomination,
        ranking=final,
        reason=reason,
        letter_number=letter.number if letter else "",
        letter_on=letter.received_on if letter else None,
        blob=kept.sha256 if kept else None,
        filename=kept.filename if kept else "",
        filed_at=clock.now(),
        filed_by=actor.user_id,
    )
    _tell_admins(actor, Notice.OBJECTION_FILED, objection, nomination)
    events.happened(Event.OBJECTION_FILED, objection.id, number=objection.number)
    if letter:
        _tell_unit(actor, Notice.OBJECTION_ON_BEHALF, nomination)
    after = {"number": objection.number, "nomination": nomination.number, "ranking": final.number}
    after |= {"letter": letter.number, "letter_on": letter.received_on.isoformat()} if letter else {}
    after |= {"sha256": kept.sha256, "filename": kept.filename} if kept else {}
    audit.record(actor, Action.OBJECTION_FILE, "objection", objection.id, after=after, reason=reason)
    return int(objection.id)


# Deciding -----------------------------------------------------------------------------------------------------------


def _decide(actor: Actor, objection_id: int, move: ObjectionMove, reason: str, expected_version: int) -> int:
    text = objecting.read_reason(reason)
    with transaction():
        objection, nomination = _held(actor, objection_id, Action.OBJECTION_DECIDE)
        check_version(objection, expected_version)
        _require_stage(nomination)
        _move(objection, move)
        if objection.filed_by_id == actor.user_id or is_of_unit(actor, nomination.work_unit_id):
            raise Forbidden("Sanggahan diputus oleh admin BKPSDM lain: bukan yang mengajukannya, bukan pula pejabat unit pengusul.")
        objection.decision, objection.decided_at, objection.decided_by = text, clock.now(), actor.user_id
        touch(objection)
        _tell_unit(actor, Notice.OBJECTION_DECIDED, nomination)
        events.happened(Event.OBJECTION_DECIDED, objection.id, number=objection.number)
        _record(actor, Action.OBJECTION_DECIDE, objection, ObjectionState.FILED, text)
        return int(objection.row_version)


def _held(actor: Actor, objection_id: int, action: Action) -> tuple[Any, Any]:
    """An objection that the actor may see, held, with its nomination."""
    seen: Any = visible.get(visible.objections(actor), Objection, objection_id, "Sanggahan")
    nomination: Any = Nomination.get_by_id(seen.nomination_id)
    require(actor, action, Subject(unit_id=nomination.work_unit_id))
    _held_period(nomination)
    objection = held(Objection.select().where(Objection.id == objection_id)).get()
    return objection, Nomination.get_by_id(seen.nomination_id)


def _held_period(nomination: Any) -> Any:
    """The period is held before anything in it, as by the steps of the round: so nobody waits for each other."""
    return one(held(Period.select().where(Period.id == nomination.category.period_id)), "Periode")


def _require_stage(nomination: Any) -> None:
    objecting.require_stage(PeriodState(Period.get_by_id(nomination.category.period_id).state))


def _move(objection: Any, move: ObjectionMove) -> None:
    objection.state = next_objection_state(ObjectionState(objection.state), move).value


def _record(actor: Actor, action: Action | str, objection: Any, before: ObjectionState, reason: str) -> None:
    after = {"number": objection.number, "state": objection.state}
    audit.record(actor, action, "objection", objection.id, before={"state": before.value}, after=after, reason=reason)


def _tell_unit(actor: Actor, notice: Notice, nomination: Any) -> None:
    people = notifications.unit_people(nomination.work_unit_id, but=actor)
    notifications.tell(people, notice, thing="nomination", thing_id=nomination.id, number=nomination.number)


def _tell_admins(actor: Actor, notice: Notice, objection: Any, nomination: Any) -> None:
    people = notifications.users_with(Role.BKPSDM_ADMIN, but=actor)
    notifications.tell(people, notice, thing="objection", thing_id=objection.id, number=nomination.number)
