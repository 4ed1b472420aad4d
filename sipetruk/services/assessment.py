"""Assessment: each assessor scores each verified nominee on a sheet of their own, alone, with every change kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

import peewee as pw

from sipetruk.errors import IllegalMove, Invalid, NotFound, Problem
from sipetruk.models import Category, Criterion, Mark, MarkHistory, MarkSum, Nomination, Period, Reopening, Sheet
from sipetruk.models.statements import Remembered
from sipetruk.queries import reopenings, visible
from sipetruk.queries.nominations import definition_of
from sipetruk.rules import definition, instrument, scales, seal
from sipetruk.rules.exact import fraction
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, Role, Subject, require
from sipetruk.rules.reading import clean_text, safe_key
from sipetruk.rules.weighing import millionths
from sipetruk.rules.workflow import (
    MARKABLE_IN,
    NOMINATION_LABELS,
    PERIOD_LABELS,
    NominationMove,
    NominationState,
    PeriodState,
    next_nomination_state,
)
from sipetruk.services import audit, clock, notifications
from sipetruk.services.transaction import check_version, held, looks_first, touch, transaction

NOTE_LENGTH = 2_000
REMOVED = "removed"
"""What the history says of a mark that was taken back."""


def settle(actor: Actor, period: Period) -> None:
    """Nominations of the period that no sheet waits for are assessed: those of instruments without marks of assessors.

    Part of the move that starts the ranking, inside its transaction.
    """
    waiting = Sheet.select(Sheet.nomination).where(Sheet.state == "open")
    verified = (
        Nomination.select()
        .join(Category)
        .where(Category.period == period, Nomination.state == NominationState.VERIFIED, Nomination.id.not_in(waiting))
    )
    for nomination in verified.order_by(Nomination.id):
        _settle(actor, nomination)


@looks_first
def save_marks(actor: Actor, *, nomination_id: int, marks: Mapping[str, Mapping[str, Any] | None], expected_version: int) -> int:
    """Save marks on the actor's own sheet and return its new version; a criterion that is not named stays as it is.

    Each mark is `{"state": "scored", "value": "12,5", "note": ""}` or `{"state": "abstained", "note": "why"}`; None takes
    a mark back. One bad mark and none is saved: the refusal names every bad one.
    """
    with transaction():
        sheet, nomination = _own_sheet(actor, nomination_id, Action.MARK_RECORD, expected_version)
        known = _markable(nomination)
        read = _read_marks(marks, known)
        current = _current(sheet)
        changed = _changed(read, current, known)
        _require_reopened(sheet, changed)
        if changed:
            _write(sheet, changed, clock.now())
            _keep_sums(nomination_id, [_Step(known[code], current.get(code), new) for code, (_, new) in changed.items()])
            touch(sheet)
            audit.record(actor, Action.MARK_RECORD, "sheet", sheet.id, after=_told(nomination_id, changed))
    return int(sheet.row_version)


def recuse(actor: Actor, *, nomination_id: int, reason: str) -> None:
    """Step back from assessing this nominee; marks already given are kept on record and left out of the ranking."""
    text = _note(reason, "reason")
    if not text:
        raise Invalid("Alasan mengundurkan diri wajib diisi.", "reason")
    with transaction():
        sheet, nomination = _own_sheet(actor, nomination_id, Action.MARK_RECUSE, hold_nomination=True)
        step_aside(sheet, nomination, "recused", text)
        admins = notifications.users_with(Role.BKPSDM_ADMIN, but=actor)
        notifications.tell(admins, Notice.SHEET_RECUSED, thing="nomination", thing_id=nomination_id, number=nomination.number)
        audit.record(actor, Action.MARK_RECUSE, "sheet", sheet.id, after={"nomination": nomination_id, "state": "recused"}, reason=text)
        _settle(actor, nomination)
        _tell_if_complete(actor, nomination)


def submit_sheet(actor: Actor, *, nomination_id: int, expected_version: int) -> int:
    """Hand the sheet in: every criterion must be scored or abstained from, and nothing on it can change afterwards.

    The last sheet of a nomination completes its assessment.
    """
    with transaction():
        sheet, nomination = _own_sheet(actor, nomination_id, Action.MARK_RECORD, expected_version, hold_nomination=True)
        marks = _current(sheet)
        _require_finished(_markable(nomination), marks)
        sheet.state = "submitted"
        sheet.submitted_at = clock.now()
        touch(sheet)
        _close_reopening(sheet)
        sealed = seal.sha256([[code, mark.state, mark.value, mark.note] for code, mark in sorted(marks.items())])
        audit.record(
            actor,
            "sheet:submit",
            "sheet",
            sheet.id,
            after={"nomination": nomination_id, "state": "submitted", "marks": len(marks), "marks_sha256": sealed},
        )
        _settle(actor, nomination)
        _tell_if_complete(actor, nomination)
    return int(sheet.row_version)


def step_aside(sheet: Sheet, nomination: Nomination, state: str, reason: str) -> None:
    """Leave a held sheet, and what stands on it, out of the assessment from now on; the marks stay on record."""
    sheet.state, sheet.reason = state, reason
    touch(sheet)
    _close_reopening(sheet)
    known = _markable(nomination)
    _keep_sums(sheet.nomination_id, [_Step(known[code], mark, None) for code, mark in _current(sheet).items()])


def markable_codes(nomination: Nomination) -> list[str]:
    """The codes of the criteria that assessors mark, in the order of the instrument."""
    return list(_markable(nomination))


def settle_nomination(actor: Actor, nomination: Nomination) -> None:
    """Move a held nomination on when no sheet of it is open any more, and tell who waits for it."""
    if NominationState(nomination.state) is NominationState.VERIFIED:
        _settle(actor, nomination)
        _tell_if_complete(actor, nomination)


# Reading marks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Given:
    """A mark as it was given; `value` in hundredths."""

    state: str
    value: int | None
    note: str


@dataclass(frozen=True)
class _Markable:
    """A criterion that assessors mark: what the instrument says of it, and its row with the bounds."""

    criterion: definition.Criterion
    row: Criterion


def _markable(nomination: Nomination) -> dict[str, _Markable]:
    """The criteria of the nomination's instrument whose source is the assessor, by code, in the order of the instrument."""
    version = nomination.category.instrument_version
    rows = {row.code: row for row in Criterion.select().where(Criterion.version == version)}
    criteria = (criterion for _, criterion in instrument.all_criteria(definition_of(version)))
    return {item.code: _Markable(item, rows[item.code]) for item in criteria if item.source.kind == "assessor"}


def _read_marks(marks: Mapping[str, Mapping[str, Any] | None], known: Mapping[str, _Markable]) -> dict[str, _Given | None]:
    read: dict[str, _Given | None] = {}
    problems: list[Problem] = []
    for code, given in marks.items():
        if code not in known:
            problems.append(Problem("Kriteria ini tidak dinilai oleh tim penilai pada instrumen ini.", ("marks", safe_key(code))))
            continue
        try:
            read[code] = None if given is None else _read_mark(known[code].criterion, given)
        except Invalid as refusal:
            problems += [Problem(p.template, ("marks", code, *p.path), p.code, p.params) for p in refusal.problems]
    if problems:
        raise Invalid(problems)
    return read


def _read_mark(criterion: definition.Criterion, given: Mapping[str, Any]) -> _Given:
    note = _note(given.get("note") or "", "note")
    value = given.get("value")
    match given.get("state", "scored"):
        case "scored":
            return _Given("scored", _hundredths(criterion.scale, value), note)
        case "abstained":
            if not scales.is_missing(value):
                raise Invalid("Abstain berarti tanpa nilai: kosongkan nilainya.")
            if not note:
                raise Invalid("Tulis alasan abstain.", "note")
            return _Given("abstained", None, note)
    raise Invalid("Keadaan nilai harus “dinilai” atau “abstain”.", "state")


def _hundredths(scale: scales.Scale, value: object) -> int:
    raw = scales.parse_raw(scale, value)
    if not isinstance(raw, str):
        raise Invalid("Ini bukan angka.")
    scaled = fraction(raw) * 100
    if scaled.denominator != 1:
        raise Invalid("Paling banyak dua angka di belakang koma.")
    return int(scaled)


def _note(given: object, *path: str) -> str:
    text = clean_text(given) if isinstance(given, str) else None
    if text is None:
        raise Invalid("Harus berupa teks biasa.", *path)
    if len(text) > NOTE_LENGTH:
        raise Invalid("Paling banyak %(longest)s karakter.", *path, longest=NOTE_LENGTH)
    return text


# Writing marks ------------------------------------------------------------------------------------------------------


def _current(sheet: Sheet) -> dict[str, Mark]:
    """The marks on the sheet by the code of their criterion."""
    query = (
        Mark.select(Mark, Criterion)
        .join(Criterion, on=(Mark.criterion == Criterion.id))
        .where(Mark.nomination == sheet.nomination_id, Mark.assessor == sheet.assessor_id)
    )
    return {mark.criterion.code: mark for mark in query}


def _changed(
    read: Mapping[str, _Given | None], current: Mapping[str, Mark], known: Mapping[str, _Markable]
) -> dict[str, tuple[Criterion, _Given | None]]:
    """What differs from the sheet as it is."""
    saved = {code: _Given(mark.state, mark.value, mark.note) for code, mark in current.items()}
    return {code: (known[code].row, given) for code, given in read.items() if given != saved.get(code)}


def _write(sheet: Sheet, changed: Mapping[str, tuple[Criterion, _Given | None]], at: datetime) -> None:
    owner = {"nomination": sheet.nomination_id, "assessor": sheet.assessor_id}
    removed = [row.id for row, given in changed.values() if given is None]
    if removed:
        Mark.delete().where(
            Mark.nomination == sheet.nomination_id, Mark.assessor == sheet.assessor_id, Mark.criterion.in_(removed)
        ).execute()
    kept = [
        {**owner, "criterion": row.id, "state": given.state, "value": given.value, "note": given.note, "saved_at": at}
        | {"minimum": row.minimum, "maximum": row.maximum, "step": row.step}
        for row, given in changed.values()
        if given is not None
    ]
    if kept:
        Mark.insert_many(kept).on_conflict(
            conflict_target=(Mark.nomination, Mark.criterion, Mark.assessor), preserve=(Mark.state, Mark.value, Mark.note, Mark.saved_at)
        ).execute()
    gone = _Given(REMOVED, None, "")
    MarkHistory.insert_many(
        {**owner, "criterion": row.id, "state": told.state, "value": told.value, "note": told.note, "saved_at": at}
        for row, told in ((row, given or gone) for row, given in changed.values())
    ).execute()


@dataclass(frozen=True)
class _Step:
    """What one mark was and what it becomes; None is no mark."""

    of: _Markable
    old: Mark | None
    new: _Given | None

    def counts(self, mark: Mark | _Given | None) -> tuple[int, int, int]:
        """What a mark adds to the sums: scored, abstained, points in millionths."""
        if mark is None:
            return 0, 0, 0
        if mark.state != "scored" or mark.value is None:
            return 0, 1, 0
        return 1, 0, millionths(self.of.criterion.scale, Fraction(int(mark.value), 100))


def _keep_sums(nomination_id: int, steps: Sequence[_Step]) -> None:
    """Add the steps to the kept sums: as differences, so that two assessors who save at once both count.

    In the order of the criteria, so that they never wait for each other.
    """
    rows = []
    for step in sorted(steps, key=lambda step: step.of.row.id):
        scored, abstained, points = (new - old for new, old in zip(step.counts(step.new), step.counts(step.old), strict=True))
        rows.append({"nomination": nomination_id, "criterion": step.of.row.id, "scored": scored, "abstained": abstained, "points": points})
    if rows:
        kept = (MarkSum.scored, MarkSum.abstained, MarkSum.points)
        MarkSum.insert_many(rows).on_conflict(
            conflict_target=(MarkSum.nomination, MarkSum.criterion),
            update={column: column + getattr(pw.EXCLUDED, column.column_name) for column in kept},
        ).execute()


def _told(nomination_id: int, changed: Mapping[str, tuple[Criterion, _Given | None]]) -> dict[str, Any]:
    """What the audit says of a change: which criteria, not which values.

    Readers of the audit may sit on the panel; the values, with author and time, stand in the history of marks.
    """
    states = {code: given.state if given else REMOVED for code, (_, given) in sorted(changed.items())}
    return {"nomination": nomination_id, "marks": states}


# Sheets -------------------------------------------------------------------------------------------------------------


def _own_sheet(
    actor: Actor, nomination_id: int, action: Action, expected_version: int | None = None, *, hold_nomination: bool = False
) -> tuple[Any, Any]:
    """The actor's open sheet for the nomination, held, while its period is in assessment.

    The version comes first: a page that another tab has overtaken is a conflict, which shows what was typed on it.
    """
    query = visible.to_assess(actor)
    nomination: Nomination = visible.get(held(query) if hold_nomination else query, Nomination, nomination_id, "Usulan")
    sheet = _OWN_SHEET.first(actor, nomination.id)
    require(actor, action, Subject(nomination.work_unit_id, frozenset({sheet.assessor_id} if sheet else ())))
    if sheet is None:
        raise NotFound("Lembar penilaian tidak ditemukan.")
    if expected_version is not None:
        check_version(sheet, expected_version)
    period_state = PeriodState(nomination.category.period.state)
    if period_state not in MARKABLE_IN:
        raise IllegalMove(
            "Nilai hanya dapat diisi pada tahap penilaian; periode ini berada pada tahap “%(state)s”.", state=PERIOD_LABELS[period_state]
        )
    if sheet.state == "submitted":
        raise IllegalMove("Lembar penilaian ini sudah dikirim dan tidak dapat diubah lagi.")
    if sheet.state == "recused":
        raise IllegalMove("Anda sudah mengundurkan diri dari menilai calon ini.")
    if sheet.state == "dropped":
        raise IllegalMove("Lembar ini dilepas oleh BKPSDM; Anda tidak lagi menilai calon ini.")
    if action is Action.MARK_RECORD and not sheet.can_read:
        raise IllegalMove(
            "Anda menyatakan hubungan dengan calon ini, sehingga tidak lagi menilainya. Mengundurkan dirilah dari lembar ini."
        )
    if nomination.state != NominationState.VERIFIED:
        raise IllegalMove("Usulan berstatus “%(state)s” tidak sedang dinilai.", state=NOMINATION_LABELS[NominationState(nomination.state)])
    return sheet, nomination


_OWN_SHEET = Remembered(lambda actor, nomination_id: held(visible.sheets(actor).where(Sheet.nomination == nomination_id)), places=1)


def _require_reopened(sheet: Sheet, changed: Mapping[str, object]) -> None:
    """A sheet that was opened again for some criteria changes in these only."""
    reopening = reopenings.current(sheet.id)
    if reopening is None or not reopening.criteria:
        return
    closed = [code for code in changed if code not in reopening.criteria]
    if closed:
        raise Invalid([Problem("Kriteria ini tidak dibuka kembali; nilainya tetap.", ("marks", code)) for code in closed])


def _close_reopening(sheet: Sheet) -> None:
    open_ = Reopening.update(closed_at=clock.now())
    open_.where(Reopening.sheet == sheet, Reopening.closed_at.is_null()).execute()


def _require_finished(known: Mapping[str, _Markable], marks: Mapping[str, Mark]) -> None:
    problems = []
    for code, markable in known.items():
        mark, least = marks.get(code), markable.criterion.note_min_chars
        if mark is None:
            problems.append(Problem("“%(label)s” belum dinilai.", ("marks", code), params={"label": markable.criterion.label}))
        elif mark.state == "scored" and len(mark.note) < least:
            problems.append(
                Problem(
                    "Catatan untuk “%(label)s” paling sedikit %(least)s karakter; baru ada %(found)s.",
                    ("marks", code, "note"),
                    params={"label": markable.criterion.label, "least": least, "found": len(mark.note)},
                )
            )
    if problems:
        raise Invalid(problems)


def _settle(actor: Actor, nomination: Nomination) -> None:
    """Move the nomination on when no sheet of it is open any more."""
    if Sheet.select().where(Sheet.nomination == nomination, Sheet.state == "open").exists():
        return
    before = NominationState(nomination.state)
    after = next_nomination_state(before, NominationMove.ASSESS)
    nomination.state = after.value
    touch(nomination)
    audit.record(actor, "nomination:assess", "nomination", nomination.id, before={"state": before.value}, after={"state": after.value})


def _tell_if_complete(actor: Actor, nomination: Nomination) -> None:
    """The last sheet of a category was finished: those who compute its ranking are told."""
    category = nomination.category
    waiting = Nomination.select().where(Nomination.category == category, Nomination.state == NominationState.VERIFIED)
    if nomination.state == NominationState.ASSESSED and not waiting.exists():
        admins = notifications.users_with(Role.BKPSDM_ADMIN, but=actor)
        where = {"category": category.name, "period": category.period.name}
        notifications.tell(admins, Notice.ASSESSMENT_COMPLETE, thing="category", thing_id=category.id, **where)
