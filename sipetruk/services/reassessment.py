"""Once the assessment has begun: sheets opened again with a reason, assessors replaced or let go; every trace stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sipetruk.errors import Conflict, IllegalMove, Invalid, NotFound, Problem
from sipetruk.models import Category, Nomination, PanelMember, Period, Reopening, Sheet, User
from sipetruk.models.assessment import APART, SHEET_STATES
from sipetruk.queries import conflicts, reopenings, visible
from sipetruk.queries.blind import known_as
from sipetruk.queries.interviews import is_held
from sipetruk.queries.nominations import definition_of
from sipetruk.queries.objections import open_acceptance
from sipetruk.rules import objecting
from sipetruk.rules.conflicts import in_words
from sipetruk.rules.notices import Notice
from sipetruk.rules.permissions import Action, Actor, require
from sipetruk.rules.reading import safe_key
from sipetruk.rules.workflow import NominationMove, NominationState, PeriodState, next_nomination_state
from sipetruk.services import assessment, audit, clock, notifications
from sipetruk.services.transaction import check_version, held, touch, transaction


def reopen(
    actor: Actor, *, nomination_id: int, sheet_ids: Sequence[int], reason: str, criteria: Sequence[str] = (), expected_version: int
) -> int:
    """Open submitted sheets of a nominee again, all or none, for some criteria or for all; returns the nomination's new row version.

    While the assessment runs a reason is enough; in the objection stage only an accepted objection to this nominee's
    result allows it. The marks stay as they are until the assessor changes them.
    """
    require(actor, Action.SHEET_REOPEN)
    text = objecting.read_reason(reason)
    with transaction():
        nomination, objection = _reassessable(actor, nomination_id)
        check_version(nomination, expected_version)
        codes = _codes(nomination, criteria)
        sheets = _submitted(nomination, sheet_ids)
        for sheet in sheets:
            Reopening.create(
                sheet=sheet,
                objection=objection.id if objection else None,
                reason=text,
                criteria=codes,
                submitted_at=sheet.submitted_at,
                reopened_at=clock.now(),
                reopened_by=actor.user_id,
            )
            sheet.state, sheet.submitted_at = "open", None
            touch(sheet)
            _tell(sheet.assessor_id, Notice.SHEET_REOPENED, nomination)
            after: dict[str, Any] = {"nomination": nomination.id, "state": "open", "criteria": codes}
            after |= {"objection": objection.number} if objection else {}
            audit.record(actor, Action.SHEET_REOPEN, "sheet", sheet.id, before={"state": "submitted"}, after=after, reason=text)
        _back_to_assessment(actor, nomination, text)
        return int(nomination.row_version)


def replace(actor: Actor, *, sheet_id: int, user_id: int, reason: str, expected_version: int) -> int:
    """Give the place of an assessor who stepped back, was let go or does not come to somebody else; returns the id of the new sheet.

    The old sheet, with whatever stands on it, is kept and no longer counts. The other assessors notice nothing.
    """
    require(actor, Action.SHEET_REPLACE)
    text = objecting.read_reason(reason)
    with transaction():
        sheet, nomination = _sheet(actor, sheet_id, expected_version)
        if sheet.state == "submitted":
            raise IllegalMove("Lembar ini sudah dikirim dan nilainya dihitung; penilainya tidak dapat diganti.")
        if Sheet.select().where(Sheet.replaces == sheet).exists():
            raise Conflict("Tempat penilai ini sudah diisi pengganti.", "sheetId")
        _require_able(nomination, user_id)
        new = _hand_over(actor, sheet, nomination, user_id, text)
        _back_to_assessment(actor, nomination, text)
        return int(new.id)


def replace_all(actor: Actor, *, category_id: int, former_id: int, user_id: int, reason: str) -> tuple[int, tuple[str, ...]]:
    """Give every sheet that an assessor of a category has not handed in to somebody else, while the assessment runs.

    Where the successor has a conflict of interest, or a sheet already, nothing changes. Returns how many sheets went
    over, and the numbers of the nominations that wait for somebody else.
    """
    require(actor, Action.SHEET_REPLACE)
    text = objecting.read_reason(reason)
    with transaction():
        category: Any = visible.get(visible.categories(actor), Category, category_id, "Kategori")
        state = PeriodState(held(Period.select().where(Period.id == category.period_id)).get().state)
        if state is not PeriodState.ASSESSMENT:
            raise IllegalMove("Semua lembar seorang penilai dialihkan pada tahap penilaian; sesudahnya satu per satu.")
        _require_assessor(user_id)
        left = []
        sheets = _open_sheets(category_id, former_id)
        if not sheets:
            raise Invalid("Penilai ini tidak mempunyai lembar yang belum dikirim pada kategori ini.", "formerId")
        barred = reopenings.barred_from(user_id, [sheet.nomination_id for sheet in sheets])
        for sheet in sheets:
            if sheet.nomination_id in barred:
                left.append(str(sheet.nomination.number))
            else:
                _hand_over(actor, sheet, sheet.nomination, user_id, text)
        if len(left) == len(sheets):
            raise Invalid("Pengganti ini tidak dapat menilai satu pun calon tersebut.", "userId")
        return len(sheets) - len(left), tuple(left)


def drop(actor: Actor, *, sheet_id: int, reason: str, expected_version: int) -> int:
    """Let an assessor go who does not hand in a sheet, without anybody in the place; refused where too few are left.

    Returns the sheet's new row version.
    """
    require(actor, Action.SHEET_REPLACE)
    text = objecting.read_reason(reason)
    with transaction():
        sheet, nomination = _sheet(actor, sheet_id, expected_version)
        if sheet.state != "open":
            raise IllegalMove(
                "Lembar ini berstatus “%(state)s”; hanya lembar yang belum dikirim dapat dilepas.", state=SHEET_STATES[sheet.state]
            )
        left = Sheet.select().where(Sheet.nomination == nomination, Sheet.state.not_in(APART), Sheet.id != sheet.id).count()
        objecting.require_enough(left, definition_of(nomination.category.instrument_version).policy.least_marks())
        _leave(actor, sheet, nomination, text)
        assessment.settle_nomination(actor, nomination)
        return int(sheet.row_version)


def _hand_over(actor: Actor, sheet: Any, nomination: Any, user_id: int, text: str) -> Any:
    """The place of a held sheet goes to somebody else, whose new sheet it gives."""
    if sheet.state not in APART:
        _leave(actor, sheet, nomination, text)
    new = Sheet.create(nomination=nomination, assessor=user_id, replaces=sheet)
    PanelMember.insert(category=nomination.category_id, user=user_id).on_conflict_ignore().execute()
    _tell(user_id, Notice.SHEET_ASSIGNED, nomination)
    after = {"nomination": nomination.id, "assessor": user_id, "replaces": sheet.id, "replaced_assessor": sheet.assessor_id}
    audit.record(actor, Action.SHEET_REPLACE, "sheet", new.id, after=after, reason=text)
    return new


def _reassessable(actor: Actor, nomination_id: int) -> tuple[Any, Any]:
    """The nomination, held, whose assessment may go on, and the accepted objection that asks for it."""
    seen: Any = visible.get(visible.nominations(actor), Nomination, nomination_id, "Usulan")
    period = PeriodState(held(Period.select().where(Period.id == seen.category.period_id)).get().state)  # before what is in it
    nomination: Any = held(Nomination.select().where(Nomination.id == nomination_id)).get()
    objection = open_acceptance(nomination_id) if period is PeriodState.OBJECTION else None
    objecting.require_reassessable(NominationState(nomination.state), period, has_accepted=objection is not None)
    if is_held(nomination.category_id):
        raise IllegalMove("Tahap wawancara sudah dibuka dari pemeringkatan final kategori ini, sehingga tidak diubah lagi.")
    return nomination, objection


def _sheet(actor: Actor, sheet_id: int, expected_version: int) -> tuple[Any, Any]:
    """A sheet of anybody, held, with its nomination, while its assessment may go on."""
    found: Any = visible.get(visible.panel_sheets(actor, Action.SHEET_REPLACE), Sheet, sheet_id, "Lembar penilaian")
    nomination, _ = _reassessable(actor, found.nomination_id)
    sheet: Any = held(Sheet.select().where(Sheet.id == sheet_id)).get()
    check_version(sheet, expected_version)
    return sheet, nomination


def _codes(nomination: Any, criteria: Sequence[str]) -> list[str]:
    """The chosen criteria in the order of the instrument; none means all."""
    known = assessment.markable_codes(nomination)
    unknown = [code for code in criteria if code not in known]
    if unknown:
        template = "Kriteria ini tidak dinilai oleh tim penilai pada instrumen ini."
        raise Invalid([Problem(template, ("criteria", safe_key(code))) for code in unknown])
    return [code for code in known if code in criteria]


def _submitted(nomination: Any, sheet_ids: Sequence[int]) -> list[Any]:
    if not sheet_ids:
        raise Invalid("Pilih sedikitnya satu lembar.", "sheetIds")
    wanted = sorted(set(sheet_ids))
    rows = list(held(Sheet.select().where(Sheet.nomination == nomination, Sheet.id.in_(wanted))).order_by(Sheet.id))
    if len(rows) != len(wanted):
        raise NotFound("Lembar penilaian tidak ditemukan.")
    for row in rows:
        if row.state != "submitted":
            raise IllegalMove(
                "Lembar berstatus “%(state)s” tidak dapat dibuka kembali; hanya yang sudah dikirim.", state=SHEET_STATES[row.state]
            )
    return rows


def _open_sheets(category_id: int, user_id: int) -> list[Any]:
    """The sheets of an assessor that are still to be handed in, held after their nominations."""
    alive = (Nomination.category == category_id) & (Nomination.state == NominationState.VERIFIED)
    own = Sheet.select(Sheet.nomination).where(Sheet.assessor == user_id, Sheet.state == "open")
    nominations = {row.id: row for row in held(Nomination.select().where(alive, Nomination.id.in_(own)).order_by(Nomination.id))}
    rows = list(held(Sheet.select().where(Sheet.assessor == user_id, Sheet.state == "open", Sheet.nomination.in_(list(nominations)))))
    for row in rows:
        row.nomination = nominations[row.nomination_id]
    return sorted(rows, key=lambda row: int(row.nomination_id))


def _require_assessor(user_id: int) -> None:
    if not reopenings.assessors().where(User.id == user_id).exists():
        raise Invalid("Pengganti harus pengguna aktif dengan peran penilai.", "userId")


def _require_able(nomination: Any, user_id: int) -> None:
    _require_assessor(user_id)
    if Sheet.select().where(Sheet.nomination == nomination, Sheet.assessor == user_id).exists():
        raise Invalid("Penilai ini sudah mempunyai lembar untuk usulan ini.", "userId")
    whom = conflicts.candidates(Nomination.id == nomination.id)
    found = conflicts.found_between(conflicts.assessors([user_id]), whom).get((nomination.id, user_id), ())
    if found:
        raise Invalid("Penilai ini mempunyai benturan kepentingan: %(reasons)s.", "userId", reasons=in_words(found))


def _leave(actor: Actor, sheet: Any, nomination: Any, reason: str) -> None:
    assessment.step_aside(sheet, nomination, "dropped", reason)
    _tell(sheet.assessor_id, Notice.SHEET_DROPPED, nomination)
    after = {"nomination": nomination.id, "state": "dropped"}
    audit.record(actor, "sheet:drop", "sheet", sheet.id, before={"state": "open"}, after=after, reason=reason)


def _back_to_assessment(actor: Actor, nomination: Any, reason: str) -> None:
    """The nominee has an open sheet again."""
    before = NominationState(nomination.state)
    after = next_nomination_state(before, NominationMove.REOPEN)
    nomination.state = after.value
    touch(nomination)
    if after is not before:
        states = {"before": {"state": before.value}, "after": {"state": after.value}}
        audit.record(actor, "nomination:reopen", "nomination", nomination.id, **states, reason=reason)


def _tell(user_id: int, notice: Notice, nomination: Any) -> None:
    notifications.tell([user_id], notice, thing="sheet", thing_id=nomination.id, number=known_as(nomination))
