"""Assessment: an assessor's own sheets, the sheet of one nominee, handing it in, and stepping back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import wtforms
from flask import Response, jsonify, redirect, request
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from sipetruk.panel.kit import Answer, Page, PanelForm, PlainText, Required, VersionedForm, autosave, expose, show
from sipetruk.panel.kit.page import SEE_OTHER
from sipetruk.panel.verification import evidence_url, grouped
from sipetruk.queries import assessment as queries
from sipetruk.queries.assessment import ComponentView, CriterionView, SheetRow, SheetView
from sipetruk.rules.permissions import Action
from sipetruk.services import assessment

GET_POST = ("GET", "POST")
LONGEST = 2_000


class SheetForm(VersionedForm):
    """Value, abstention and note for each criterion, made by `sheet_form`."""

    def refuse(self, path: Iterable[str], message: str) -> bool:
        """A problem of a mark goes beside its value or its note."""
        match tuple(path):
            case ("marks", code, *rest):
                return bool(super().refuse([f"note-{code}" if rest == ["note"] else f"value-{code}"], message))
        return bool(super().refuse(path, message))

    def marks(self, codes: Iterable[str]) -> dict[str, dict[str, str] | None]:
        """What was given for each criterion, but for those with something wrong; nothing at all takes a mark back."""
        return {code: self._mark(code) for code in codes if not self._is_refused(code)}

    def _is_refused(self, code: str) -> bool:
        return any(self[f"{part}-{code}"].errors for part in ("value", "abstain", "note"))

    def _mark(self, code: str) -> dict[str, str] | None:
        value, note = self[f"value-{code}"].data or "", self[f"note-{code}"].data or ""
        if self[f"abstain-{code}"].data:
            return {"state": "abstained", "value": value, "note": note}
        return {"state": "scored", "value": value, "note": note} if value.strip() or note.strip() else None


class RecuseForm(PanelForm):
    reason = wtforms.TextAreaField(
        "Alasan mengundurkan diri",
        [Required(), PlainText(), Length(max=LONGEST)],
        description="Misalnya hubungan keluarga atau atasan langsung. Terbaca oleh BKPSDM.",
    )


class AssessmentPages(Page):
    """Everything under /admin/penilaian/."""

    needs = Action.MARK_RECORD
    intro = "Lembar penilaian Anda sendiri. Penilai lain tidak melihat nilai Anda, dan Anda tidak melihat nilai mereka."

    @expose("/")
    def index(self) -> Answer:
        groups: dict[tuple[str, str], list[SheetRow]] = {}
        for row in queries.sheets(self.actor):
            groups.setdefault((row.period, row.category), []).append(row)
        progress = {key: queries.own_progress(rows) for key, rows in groups.items()}
        return self.render("panel/assessment/list.html", groups=groups, progress=progress)

    @expose("/<int:nomination_id>/", GET_POST)
    def show_sheet(self, nomination_id: int) -> Answer:
        view = queries.sheet(self.actor, nomination_id)
        form = sheet_form(view, request.form or None)
        if autosave.is_wanted():
            return self._save_quietly(nomination_id, view, form)
        answer = self.submit(
            form,
            lambda: self._save(nomination_id, view, form),
            to=self._after_saving(view),
            done="Nilai disimpan.",
            stored=lambda: sheet_form(queries.sheet(self.actor, nomination_id), None),
            may_save=view.row.can_edit,
        )
        return answer or self.show(
            "panel/assessment/sheet.html",
            form,
            view=view,
            answers=grouped(view.answers),
            attached={file.requirement for file in view.evidence},
            asked={code for criterion in criteria_of(view.components) for code in criterion.evidence},
            totals={part.code: part for part in view.totals.components},
            evidence_url=evidence_url,
        )

    @expose("/<int:nomination_id>/kirim/", GET_POST)
    def submit_sheet(self, nomination_id: int) -> Answer:
        view = queries.sheet(self.actor, nomination_id)
        back = self._sheet_address(nomination_id)
        if not view.row.can_edit:  # nothing to hand in any more; the sheet itself says why
            return redirect(back, SEE_OTHER)
        form = VersionedForm(request.form or None, data={"row_version": view.row.row_version})
        answer = self.submit(
            form,
            lambda: assessment.submit_sheet(self.actor, nomination_id=nomination_id, expected_version=form.expected),
            to=self._onward(view),
            done=f"Lembar penilaian {view.row.nominee.name} dikirim dan terkunci.",
            stored=lambda: VersionedForm(data={"row_version": queries.sheet(self.actor, nomination_id).row.row_version}),
        )
        return answer or self.show("panel/assessment/submit.html", form, view=view, back=back)

    @expose("/<int:nomination_id>/mengundurkan-diri/", GET_POST)
    def recuse(self, nomination_id: int) -> Answer:
        view = queries.sheet(self.actor, nomination_id)
        if view.row.state != "open":  # nothing to leave any more; the sheet itself says why
            return redirect(self._sheet_address(nomination_id), SEE_OTHER)
        form = RecuseForm(request.form or None)
        answer = self.submit(
            form,
            lambda: assessment.recuse(self.actor, nomination_id=nomination_id, reason=form.reason.data),
            to=str(self.get_url(".index")),
            done=f"Anda tidak lagi menilai {view.row.nominee.name}.",
        )
        return answer or self.show("panel/assessment/recuse.html", form, view=view, back=self._sheet_address(nomination_id))

    def _save_quietly(self, nomination_id: int, view: SheetView, form: SheetForm) -> Answer:
        """Save what is on the page without leaving it: an answer for the script, with what the own marks come to now.

        A mark that is refused is named, value and note stay unsaved together; all others are kept.
        """
        answer = autosave.answer(form, lambda: self._save(nomination_id, view, form), keeps_rest=True)
        if not isinstance(answer, Response):
            return answer
        now = queries.sheet(self.actor, nomination_id)
        parts = (*now.totals.components, now.totals.whole)
        told = {
            "totals": {part.code: show.number(part.added) for part in parts},
            "counts": {part.code: part.marked for part in parts},
            "marked": now.row.marked,
            "all_marked": now.progress.marked,
        }
        return jsonify({**answer.get_json(), **told})

    def _save(self, nomination_id: int, view: SheetView, form: SheetForm) -> int:
        codes = [criterion.code for criterion in criteria_of(view.components) if criterion.is_open]
        return assessment.save_marks(self.actor, nomination_id=nomination_id, marks=form.marks(codes), expected_version=form.expected)

    def _after_saving(self, view: SheetView) -> str:
        """Where the pressed button leads: on this sheet, to the next open one, or to handing in."""
        match request.form.get("lalu"):
            case "berikutnya" | "lewati":
                return self._onward(view)
            case "kirim":
                return str(self.get_url(".submit_sheet", nomination_id=view.row.nomination_id))
        return self._sheet_address(view.row.nomination_id)

    def _onward(self, view: SheetView) -> str:
        """The next sheet that is still to be filled in, or the list."""
        return self._sheet_address(view.next_open_id) if view.next_open_id else str(self.get_url(".index"))

    def _sheet_address(self, nomination_id: int) -> str:
        return str(self.get_url(".show_sheet", nomination_id=nomination_id))


def criteria_of(components: Iterable[ComponentView]) -> list[CriterionView]:
    return [criterion for component in components for criterion in component.criteria]


def sheet_form(view: SheetView, sent: Mapping[str, Any] | None) -> SheetForm:
    """A form with the assessor's marks as saved; a value stays text until the scale of its criterion reads it."""
    return marks_form(view.components, view.row.row_version, sent)


def marks_form(components: Iterable[ComponentView], row_version: int, sent: Mapping[str, Any] | None = None) -> SheetForm:
    """A value, an abstention and a note for each of these criteria."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"row_version": row_version}
    for criterion in criteria_of(components):
        code, mark = criterion.code, criterion.mark
        if criterion.options:
            choices = [SelectChoice(option.value, option.label) for option in criterion.options]
            fields[f"value-{code}"] = wtforms.RadioField(criterion.label, choices=choices, validate_choice=False, default="")
        else:
            fields[f"value-{code}"] = wtforms.StringField(criterion.label, [PlainText()])
        fields[f"abstain-{code}"] = wtforms.BooleanField(f"Abstain: {criterion.label}")
        fields[f"note-{code}"] = wtforms.TextAreaField(f"Catatan: {criterion.label}", [PlainText(), Length(max=LONGEST)])
        if mark is not None:
            value = mark.value if criterion.options else mark.shown
            data |= {f"value-{code}": value or "", f"note-{code}": mark.note, f"abstain-{code}": mark.state == "abstained"}
    made: SheetForm = type("SheetForm", (SheetForm,), fields)(sent, data=data)
    return made
