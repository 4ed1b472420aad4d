"""Nominations: what a work unit and its head do, from the draft to the submission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sipetruk.errors import Conflict, IllegalMove, Invalid, Problem
from sipetruk.models import (
    Category,
    CheckItem,
    Employee,
    Endorsement,
    Evidence,
    InstrumentVersion,
    Nomination,
    Period,
    WorkUnit,
    statements,
)
from sipetruk.models.base import database
from sipetruk.models.statements import Remembered
from sipetruk.queries import endorsements, facts, quotas, untold, visible
from sipetruk.queries import nominations as queries
from sipetruk.queries import returns as return_queries
from sipetruk.queries.endorsements import Files
from sipetruk.queries.periods import window as window_of
from sipetruk.rules import eligibility, form, journey, returning, workflow
from sipetruk.rules import instrument as instrument_rules
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, Role, Subject, require
from sipetruk.rules.reading import clean_text
from sipetruk.rules.webhooks import Event
from sipetruk.rules.workflow import NominationMove, NominationState, PeriodState, Stage, next_nomination_state
from sipetruk.services import audit, clock, events, notifications
from sipetruk.services.transaction import check_version, held, looks_first, once, one, touch, transaction

NOTE_LENGTH = 2_000
HAND_OVER = "nomination:hand_over"


def draft(actor: Actor, *, category_id: int, employee_id: int, idempotency_key: str | None = None) -> int:
    """Begin the nomination of an employee of the own unit; refused where a blocking rule has failed."""
    with transaction():
        category = one(visible.categories(actor).where(Category.id == category_id), "Kategori")
        employee = one(held(visible.employees(actor).where(Employee.id == employee_id)), "Pegawai")
        require(actor, Action.NOMINATION_DRAFT, Subject(unit_id=employee.work_unit_id))
        return once(actor, Action.NOMINATION_DRAFT, idempotency_key, lambda: _create(actor, category, employee))


@looks_first
def save_answers(actor: Actor, *, nomination_id: int, answers: Mapping[str, Any], expected_version: int, keep_files: bool = False) -> int:
    """Keep the answers of a nomination, finished or not; a change voids the endorsement. Returns the new row version.

    Files of questions that are no longer asked go, unless `keep_files` refuses answers that would cost any.
    """
    with transaction():
        nomination = held_nomination(actor, nomination_id)
        require(actor, Action.NOMINATION_DRAFT, Subject(unit_id=nomination.work_unit_id))
        check_version(nomination, expected_version)
        require_editable(nomination)
        definition = definition_of(nomination)
        clean = form.validate_answers(definition, dict(answers), complete=False)
        before = nomination.answers
        if clean != before:
            nomination.answers = clean
            stale = _not_asked_for(nomination, definition)
            if keep_files:
                _refuse_to_lose(nomination, definition, stale, before)
            _drop_files(actor, nomination, stale)
            note_change(nomination)
            audit.record(actor, Action.NOMINATION_DRAFT, "nomination", nomination_id, before=before, after=clean)
        return int(nomination.row_version)


def hand_over(actor: Actor, *, nomination_id: int, expected_version: int, idempotency_key: str | None = None) -> int:
    """The unit's officer asks the head to endorse a complete nomination; a later change takes that back.

    Returns the new row version.
    """
    with transaction():
        nomination = held_nomination(actor, nomination_id)
        require(actor, Action.NOMINATION_DRAFT, Subject(unit_id=nomination.work_unit_id))

        def hand() -> int:
            check_version(nomination, expected_version)
            require_editable(nomination)
            files = _require_complete(nomination)
            if live_endorsement(nomination) is not None:
                raise IllegalMove("Usulan ini sudah disahkan; ajukan ke BKPSDM.")
            if nomination.handed_over_at is not None:
                raise IllegalMove("Usulan ini sudah diserahkan dan menunggu pengesahan kepala.")
            nomination.handed_over_at = clock.now()
            touch(nomination)
            _tell(notifications.users_with(Role.OPD_HEAD, nomination.work_unit_id, but=actor), Notice.NOMINATION_TO_ENDORSE, nomination)
            audit.record(actor, HAND_OVER, "nomination", nomination_id, after={"content_sha256": _content_sha256(nomination, files)})
            return int(nomination.row_version)

        return once(actor, HAND_OVER, idempotency_key, hand, within=nomination_id)


@looks_first
def endorse(
    actor: Actor,
    *,
    nomination_id: int,
    expected_version: int,
    values: Mapping[str, Any] | None = None,
    note: str = "",
    idempotency_key: str | None = None,
) -> int:
    """The head signs what stands there now: who, when, and the hash of the content. Returns the new row version.

    `values` are the criteria that the instrument asks the head for.
    """
    note = _clean_note(note, "note")
    with transaction():
        nomination = held_nomination(actor, nomination_id)
        require(actor, Action.NOMINATION_ENDORSE, Subject(unit_id=nomination.work_unit_id))

        def sign() -> int:
            check_version(nomination, expected_version)
            require_editable(nomination)
            files = _require_complete(nomination)
            given = form.validate_head_values(definition_of(nomination), dict(values or {}))
            _sign(actor, nomination, given, note, files)
            return int(nomination.row_version)

        return once(actor, Action.NOMINATION_ENDORSE, idempotency_key, sign, within=nomination_id)


def _sign(actor: Actor, nomination: Any, given: Mapping[str, Any], note: str, files: Files) -> None:
    before = nomination.state
    nomination.state = next_nomination_state(NominationState(before), NominationMove.ENDORSE).value
    nomination.handed_over_at = None
    signed = _content_sha256(nomination, files, given)
    told = notifications.users_with(Role.OPD_ADMIN, nomination.work_unit_id, but=actor)
    _void_endorsements(nomination, journey.SIGNED_AGAIN)
    statements.insert(
        Endorsement(
            nomination=nomination,
            endorsed_by=actor.user_id,
            endorsed_at=clock.now(),
            content_sha256=signed,
            values=given,
            note=note,
        )
    )
    touch(nomination)
    _tell(told, Notice.NOMINATION_ENDORSED, nomination)
    after = {"state": nomination.state, "content_sha256": signed, "values": given}
    audit.record(actor, Action.NOMINATION_ENDORSE, "nomination", nomination.id, before={"state": before}, after=after, reason=note)


def send_back(actor: Actor, *, nomination_id: int, note: str, expected_version: int, idempotency_key: str | None = None) -> int:
    """The head gives a nomination back to the unit's officer, with a note. Returns the new row version."""
    note = _clean_note(note, "note", lacking="Catatan untuk penyusun wajib diisi.")
    with transaction():
        nomination = held_nomination(actor, nomination_id)
        require(actor, Action.NOMINATION_ENDORSE, Subject(unit_id=nomination.work_unit_id))

        def give_back() -> int:
            check_version(nomination, expected_version)
            require_editable(nomination)
            before = nomination.state
            note_change(nomination, journey.SENT_BACK)
            _tell(notifications.users_with(Role.OPD_ADMIN, nomination.work_unit_id, but=actor), Notice.NOMINATION_SENT_BACK, nomination)
            after = {"state": nomination.state, "sent_back": note}
            audit.record(actor, Action.NOMINATION_ENDORSE, "nomination", nomination_id, before={"state": before}, after=after, reason=note)
            return int(nomination.row_version)

        return once(actor, "nomination:send_back", idempotency_key, give_back, within=nomination_id)


@looks_first
def submit(actor: Actor, *, nomination_id: int, expected_version: int, idempotency_key: str | None = None) -> int:
    """Hand an endorsed nomination to BKPSDM: complete, eligible, within quota and in time. Returns the new row version."""
    with transaction():
        if database.for_update:  # the period before what is in it, as steps of the round hold them: so neither waits for the other
            _held_period(*visible.there(_PERIOD_OF.first(actor, nomination_id), "Usulan"))
        nomination = held_nomination(actor, nomination_id)
        require(actor, Action.NOMINATION_SUBMIT, Subject(unit_id=nomination.work_unit_id))

        def hand_in() -> int:
            check_version(nomination, expected_version)
            _submit(actor, nomination)
            return int(nomination.row_version)

        return once(actor, Action.NOMINATION_SUBMIT, idempotency_key, hand_in, within=nomination_id)


def _submit(actor: Actor, nomination: Any) -> None:
    before = nomination.state
    after = next_nomination_state(NominationState(before), NominationMove.SUBMIT)
    require_editable(nomination)
    files = _require_complete(nomination)
    live = live_endorsement(nomination)
    if live is None or live.content_sha256 != _content_sha256(nomination, files, live.values):
        raise IllegalMove("Isi usulan berubah setelah disahkan; minta kepala OPD mengesahkannya kembali.")
    statements.attach(nomination, "employee", _NOMINEE.first(nomination.employee_id))
    _require_eligible(nomination.category, nomination.employee)
    _require_quota(nomination.category, nomination.work_unit_id, nomination.id)
    nomination.state = after.value
    nomination.person = facts.person_snapshot(nomination.employee)
    nomination.submitted_at, nomination.due_on, nomination.handed_over_at = clock.now(), None, None
    told = notifications.users_with(Role.VERIFIER, but=actor)
    touch(nomination)
    is_again = before == NominationState.RETURNED
    _tell(told, Notice.NOMINATION_RESUBMITTED if is_again else Notice.NOMINATION_SUBMITTED, nomination)
    events.happened(Event.NOMINATION_SUBMITTED, nomination.id, number=nomination.number)
    content = {"state": after.value, "content_sha256": live.content_sha256}
    audit.record(actor, Action.NOMINATION_SUBMIT, "nomination", nomination.id, before={"state": before}, after=content)


def withdraw(actor: Actor, *, nomination_id: int, reason: str, expected_version: int, idempotency_key: str | None = None) -> int:
    """Take a nomination out of the round, with a reason; possible until it is ranked. Returns the new row version."""
    reason = _clean_note(reason, "reason", lacking="Alasan penarikan wajib diisi.")
    with transaction():
        nomination = held_nomination(actor, nomination_id)
        require(actor, Action.NOMINATION_WITHDRAW, Subject(unit_id=nomination.work_unit_id))

        def take_out() -> int:
            check_version(nomination, expected_version)
            before = nomination.state
            nomination.state = next_nomination_state(untold.told_state(actor, nomination), NominationMove.WITHDRAW).value
            nomination.handed_over_at = None
            _void_endorsements(nomination, journey.WITHDRAWN)
            touch(nomination)
            told = notifications.unit_people(nomination.work_unit_id, but=actor)
            if before not in {NominationState.DRAFT, NominationState.ENDORSED}:
                told += notifications.users_with(Role.VERIFIER, but=actor)
                events.happened(Event.NOMINATION_WITHDRAWN, nomination.id, number=nomination.number)
            _tell(told, Notice.NOMINATION_WITHDRAWN, nomination)
            after = {"state": nomination.state}
            audit.record(
                actor, Action.NOMINATION_WITHDRAW, "nomination", nomination_id, before={"state": before}, after=after, reason=reason
            )
            return int(nomination.row_version)

        return once(actor, Action.NOMINATION_WITHDRAW, idempotency_key, take_out, within=nomination_id)


def note_change(nomination: Any, reason: str = journey.CHANGED) -> None:
    """The content of a held nomination changed: void the endorsement, reopen the draft, save under the next version."""
    if live_endorsement(nomination) is not None:
        nomination.state = next_nomination_state(NominationState(nomination.state), NominationMove.REVISE).value
        _void_endorsements(nomination, reason)
    nomination.handed_over_at = None
    touch(nomination)


def follow_nominees(actor: Actor) -> None:
    """Drafts of open periods answer to the unit in which their nominee is now: its head has not signed them.

    What was submitted stays with the unit that submitted it. Part of what moves employees, inside its transaction.
    """
    moved = Nomination.select(Nomination.id).join(Employee, on=Nomination.employee == Employee.id)
    moved = moved.join(Category, on=Nomination.category == Category.id).join(Period, on=Category.period == Period.id)
    moved = moved.where(
        Nomination.state.in_([NominationState.DRAFT.value, NominationState.ENDORSED.value]),
        Period.state == PeriodState.OPEN.value,
        Nomination.work_unit != Employee.work_unit,
    )
    for nomination in list(held(Nomination.select().where(Nomination.id.in_(moved)).order_by(Nomination.id))):
        former, unit = nomination.work_unit_id, nomination.employee.work_unit_id
        nomination.work_unit = unit
        note_change(nomination, journey.NOMINEE_MOVED)
        _tell(notifications.unit_people(unit, but=actor), Notice.NOMINATION_MOVED, nomination)
        told, period = notifications.unit_people(former, but=actor), nomination.category.period_id
        notifications.tell(told, Notice.NOMINATION_MOVED, thing="period", thing_id=period, number=nomination.number)
        audit.record(actor, "nomination:move", "nomination", nomination.id, before={"unit": former}, after={"unit": unit})


def require_editable(nomination: Any) -> None:
    """Refuse a change by the unit outside the states and the dates in which it may make one."""
    period = nomination.category.period
    workflow.require_editable(
        NominationState(nomination.state),
        PeriodState(period.state),
        window_of(period.id, Stage.NOMINATION),
        nomination.due_on,
        clock.now(),
    )


def definition_of(nomination: Any) -> instrument_rules.Definition:
    """The instrument that this nomination answers, for ever."""
    return queries.definition_of(nomination.category.instrument_version)


def live_endorsement(nomination: Any) -> Any:
    """The endorsement that stands, or None."""
    return _LIVE.first(nomination.id)


def content_sha256(nomination: Any, values: Mapping[str, Any] | None = None) -> str:
    """What the head signs: the nominee, the answers, every evidence file, the replies to a return, and the head's own values."""
    return _content_sha256(nomination, endorsements.files(nomination.id), values)


def held_nomination(actor: Actor, nomination_id: int) -> Any:
    """The nomination, held until the transaction ends; `NotFound` when it is not there or not the actor's to see."""
    nomination = visible.there(_HELD.first(actor, nomination_id), "Usulan")
    statements.attach(nomination, "category", _CATEGORY.first(nomination.category_id))
    return nomination


def _create(actor: Actor, category: Any, employee: Any) -> int:
    category.period = _held_period(category.period_id)
    if category.first_stage_id is not None:
        raise IllegalMove("Peserta wawancara diambil dari peringkat tahap pertama, bukan diusulkan.")
    _require_open(category.period)
    if Nomination.select().where(Nomination.category == category.id, Nomination.employee == employee.id).exists():
        raise Conflict("Pegawai ini sudah diusulkan pada kategori yang sama.", "employeeId")
    _require_eligible(category, employee)
    _require_quota(category, employee.work_unit_id, None)
    nomination = Nomination.create(
        number=_next_number(category),
        category=category,
        employee=employee,
        work_unit=employee.work_unit_id,
        created_at=clock.now(),
        updated_at=clock.now(),
        created_by=actor.user_id,
    )
    after = {"number": nomination.number, "category": category.id, "unit": employee.work_unit_id}
    audit.record(actor, Action.NOMINATION_DRAFT, "nomination", nomination.id, after=after)
    return int(nomination.id)


def _not_asked_for(nomination: Any, definition: instrument_rules.Definition) -> dict[str, str]:
    """Questions for files that the answers do not ask, with their labels."""
    if not definition.requirements:
        return {}
    asked = {wanted.code for wanted in form.requirements(definition, nomination.answers)}
    return {wanted.code: wanted.label for wanted in definition.requirements if wanted.code not in asked}


def _refuse_to_lose(nomination: Any, definition: instrument_rules.Definition, stale: Mapping[str, str], before: Mapping[str, Any]) -> None:
    """Refuse answers after which files would go, at the answer that makes them go."""
    files = Evidence.select(Evidence.requirement, Evidence.filename).where(Evidence.nomination == nomination.id)
    problems = [
        Problem(
            "Jawaban ini menghapus berkas “%(filename)s” pada “%(label)s”. Tekan tombol simpan untuk melanjutkan.",
            ("answers", form.cause(definition, code, before, nomination.answers)),
            "REMOVES_FILES",
            {"filename": filename, "label": stale[code]},
        )
        for code, filename in files.where(Evidence.requirement.in_(list(stale))).order_by(Evidence.id).tuples()
    ]
    if problems:
        raise Invalid(problems)


def _drop_files(actor: Actor, nomination: Any, stale: Mapping[str, str]) -> None:
    """Files of questions that the new answers no longer ask, and what was said about them, are not kept, like such answers."""
    if not stale:
        return
    CheckItem.delete().where(CheckItem.nomination == nomination.id, CheckItem.requirement.in_(list(stale))).execute()
    for file in Evidence.select().where(Evidence.nomination == nomination.id, Evidence.requirement.in_(list(stale))):
        before = {"nomination": nomination.id, "requirement": file.requirement, "sha256": file.blob_id, "filename": file.filename}
        audit.record(actor, "evidence:remove", "evidence", file.id, before=before, reason="Pertanyaannya tidak lagi ditanyakan.")
        file.delete_instance()


def _next_number(category: Any) -> str:
    """`2024-0007`-like, one series per period, whose row is held."""
    count = Nomination.select().join(Category).where(Category.period == category.period_id).count()
    return f"{category.period.slug}-{count + 1:04d}"


def _held_period(period_id: int) -> Any:
    """The period, held so that neither its state nor what is counted in it changes under this transaction."""
    return visible.there(_PERIOD.first(period_id), "Periode")


def _require_open(period: Any) -> None:
    window = window_of(period.id, Stage.NOMINATION)
    workflow.require_open(PeriodState(period.state), window, clock.now())


def _require_complete(nomination: Any) -> Files:
    """Refuse what is not complete; returns the files that lie there."""
    definition, files = definition_of(nomination), endorsements.files(nomination.id)
    missing = form.missing(definition, nomination.answers, {code for code, _ in files})
    points = return_queries.open_points([nomination], {nomination.id: definition}, {nomination.id: files})
    missing += returning.unanswered(points.get(nomination.id, ()))
    if missing:
        raise Invalid(missing)
    return files


def _content_sha256(nomination: Any, files: Files, values: Mapping[str, Any] | None = None) -> str:
    return endorsements.signed_sha256(nomination, files, values or {})


def _require_eligible(category: Any, employee: Any) -> None:
    rules, today = eligibility.parse_rules(category.eligibility), clock.today()
    known = facts.facts_of([employee], category, facts.Wanted.by(rules, today))[employee.id]
    problems = [
        Problem(outcome.message, ("employeeId",), "NOT_ELIGIBLE") for outcome in eligibility.check(rules, known, today) if outcome.blocks
    ]
    if problems:
        raise Invalid(problems)


def _require_quota(category: Any, unit_id: int, nomination_id: int | None) -> None:
    if category.quota_per_unit is None:
        return
    if quotas.taken([category.id], [unit_id], but=nomination_id)[category.id, unit_id] >= category.quota_per_unit:
        raise Invalid(
            "Kuota unit kerja pada kategori ini %(quota)s usulan, dan sudah terpakai.",
            "employeeId",
            quota=category.quota_per_unit,
        )


def _tell(recipients: list[int], notice: Notice, nomination: Any) -> None:
    notifications.tell(recipients, notice, thing="nomination", thing_id=nomination.id, number=nomination.number)


def _void_endorsements(nomination: Any, reason: str) -> None:
    _VOID.run(clock.now(), reason, nomination.id)


def _clean_note(note: str, field: str, *, lacking: str = "") -> str:
    """The note as it is kept; `lacking` is said where one is needed and none was given."""
    text = clean_text(note)
    if text is None:
        raise Invalid("Harus berupa teks biasa.", field)
    if lacking and not text:
        raise Invalid(lacking, field)
    if len(text) > NOTE_LENGTH:
        raise Invalid("Paling banyak %(most)s karakter.", field, most=NOTE_LENGTH)
    return text


_HELD = Remembered(lambda actor, id_: held(visible.nominations(actor).where(Nomination.id == id_)), places=1)
_PERIOD_OF = Remembered(
    lambda actor, id_: visible.nominations(actor).select(Category.period).join(Category).where(Nomination.id == id_).tuples(), places=1
)
_PERIOD = Remembered(lambda id_: held(Period.select().where(Period.id == id_)), places=1)
_CATEGORY = Remembered(
    lambda id_: (
        Category.select(Category, Period, InstrumentVersion.id, InstrumentVersion.state, InstrumentVersion.sha256)
        .join(Period)
        .switch(Category)
        .join(InstrumentVersion)
        .where(Category.id == id_)
    ),
    places=1,
)
_NOMINEE = Remembered(lambda id_: Employee.select(Employee, WorkUnit).join(WorkUnit).where(Employee.id == id_), places=1)
_LIVE = Remembered(
    lambda id_: (
        Endorsement.select().where(Endorsement.nomination == id_, Endorsement.voided_at.is_null()).order_by(Endorsement.id.desc()).limit(1)
    ),
    places=1,
)
_VOID = Remembered(
    lambda at, reason, id_: Endorsement.update({Endorsement.voided_at: at, Endorsement.void_reason: reason}).where(
        Endorsement.nomination == id_, Endorsement.voided_at.is_null()
    ),
    places=3,
)
