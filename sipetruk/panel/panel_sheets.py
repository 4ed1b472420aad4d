"""Every assessor's sheet as BKPSDM and auditors see it: states, history of marks, opening again, replacing, letting go."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import flash, request
from wtforms.validators import Length

from sipetruk.errors import Conflict, NotFound
from sipetruk.models.assessment import SHEET_STATES
from sipetruk.panel.kit import Answer, Choice, Choices, Page, PanelForm, PlainText, Required, VersionedForm, expose
from sipetruk.panel.kit.fields import whole
from sipetruk.queries import periods
from sipetruk.queries import reopenings as queries
from sipetruk.queries.reopenings import NominationSheets, SheetOverview
from sipetruk.rules.objecting import MOST_REASON
from sipetruk.rules.permissions import Action, require
from sipetruk.services import reassessment

GET_POST = ("GET", "POST")
TONES = {"open": "strong", "submitted": "good", "recused": "plain", "dropped": "plain"}


class ReplaceForm(VersionedForm):
    """Who takes the place and why; made by `replace_form`."""

    reason = wtforms.TextAreaField(
        "Alasan", [Required(), PlainText(), Length(max=MOST_REASON)], description="Misalnya sakit atau cuti. Tercatat dalam jejak audit."
    )


class DropForm(VersionedForm):
    reason = wtforms.TextAreaField(
        "Alasan", [Required(), PlainText(), Length(max=MOST_REASON)], description="Terbaca oleh penilai yang dilepas."
    )


class PanelSheetPages(Page):
    """Everything under /admin/lembar/."""

    needs = Action.RANKING_READ
    intro = "Lembar setiap penilai: keadaannya, riwayat nilainya, dan apa yang dapat dilakukan bila penilai berhalangan."

    @expose("/")
    def index(self) -> Answer:
        chosen = request.args.get("kategori", type=whole)
        listed = periods.periods(self.actor)
        categories = [(c.id, f"{p.name} · {c.name}") for p in listed for c in p.categories]
        if chosen is None and categories:
            chosen = categories[0][0]
        rows = queries.overview(self.actor, chosen) if chosen else []
        short = request.args.get("kurang") == "1"
        shown = [row for row in rows if row.is_short] if short else rows
        return self.render(
            "panel/sheets/list.html",
            rows=shown,
            total=len(rows),
            short=short,
            shorts=sum(row.is_short for row in rows),
            chosen=chosen,
            categories=categories,
            states=SHEET_STATES,
        )

    @expose("/kategori/<int:category_id>/ganti/", GET_POST)
    def replace_all(self, category_id: int) -> Answer:
        """An assessor who does not come is replaced for every nominee at once."""
        require(self.actor, Action.SHEET_REPLACE)
        waiting = queries.with_open_sheets(self.actor, category_id)
        form = replace_all_form(waiting, request.form or None)
        back = str(self.get_url(".index", kategori=category_id))
        left: list[str] = []

        def act() -> int:
            done, numbers = reassessment.replace_all(
                self.actor,
                category_id=category_id,
                former_id=int(form["former"].data),
                user_id=int(form["assessor"].data),
                reason=form["reason"].data,
            )
            left.extend(numbers)
            return done

        answer = self.submit(
            form, act, to=back, done="Lembar dialihkan kepada pengganti.", paths={"formerId": "former", "userId": "assessor"}
        )
        if answer is not None and left:
            flash(f"Tidak dialihkan, karena benturan kepentingan atau sudah dinilai pengganti: {', '.join(left)}.", "warning")
        return answer or self.show("panel/sheets/replace_all.html", form, waiting=waiting, back=back)

    @expose("/<int:nomination_id>/")
    def show_sheets(self, nomination_id: int) -> Answer:
        view = queries.sheets_of(self.actor, nomination_id)
        return self.render("panel/sheets/show.html", view=view, tones=TONES)

    @expose("/<int:nomination_id>/buka/", GET_POST)
    def reopen(self, nomination_id: int) -> Answer:
        require(self.actor, Action.SHEET_REOPEN)
        view = queries.sheets_of(self.actor, nomination_id)
        back = str(self.get_url(".show_sheets", nomination_id=nomination_id))
        if view.why_closed and request.method != "POST":
            raise Conflict(view.why_closed)
        form = reopen_form(view, request.form or None)
        answer = self.submit(
            form,
            lambda: reassessment.reopen(
                self.actor,
                nomination_id=nomination_id,
                sheet_ids=[int(each) for each in form["sheets"].data or ()],
                criteria=form["criteria"].data or (),
                reason=form["reason"].data,
                expected_version=form.expected,
            ),
            to=back,
            done="Lembar dibuka kembali. Penilainya diberi tahu.",
            stored=lambda: reopen_form(queries.sheets_of(self.actor, nomination_id), None),
            paths={"sheetIds": "sheets"},
        )
        return answer or self.show("panel/sheets/reopen.html", form, view=view, back=back)

    @expose("/<int:nomination_id>/<int:sheet_id>/ganti/", GET_POST)
    def replace(self, nomination_id: int, sheet_id: int) -> Answer:
        require(self.actor, Action.SHEET_REPLACE)
        view, sheet = self._sheet(nomination_id, sheet_id)
        back = str(self.get_url(".show_sheets", nomination_id=nomination_id))
        others = queries.able_assessors(self.actor, nomination_id)
        able = [(each.user_id, each.name) for each in others if not each.conflict]
        form = replace_form(able, sheet.row_version, request.form or None)
        answer = self.submit(
            form,
            lambda: reassessment.replace(
                self.actor,
                sheet_id=sheet_id,
                user_id=int(form["assessor"].data),
                reason=form.reason.data,
                expected_version=form.expected,
            ),
            to=back,
            done="Pengganti mendapat lembar baru dan diberi tahu.",
            paths={"userId": "assessor"},
        )
        barred = [each for each in others if each.conflict]
        return answer or self.show("panel/sheets/replace.html", form, view=view, sheet=sheet, able=able, barred=barred, back=back)

    @expose("/<int:nomination_id>/<int:sheet_id>/lepas/", GET_POST)
    def drop(self, nomination_id: int, sheet_id: int) -> Answer:
        require(self.actor, Action.SHEET_REPLACE)
        view, sheet = self._sheet(nomination_id, sheet_id)
        back = str(self.get_url(".show_sheets", nomination_id=nomination_id))
        form = DropForm(request.form or None, data={"row_version": sheet.row_version})
        answer = self.submit(
            form,
            lambda: reassessment.drop(self.actor, sheet_id=sheet_id, reason=form.reason.data, expected_version=form.expected),
            to=back,
            done="Penilai dilepas dari calon ini.",
        )
        return answer or self.show("panel/sheets/drop.html", form, view=view, sheet=sheet, back=back)

    def _sheet(self, nomination_id: int, sheet_id: int) -> tuple[NominationSheets, SheetOverview]:
        view = queries.sheets_of(self.actor, nomination_id)
        sheet = next((each for each in view.sheets if each.id == sheet_id), None)
        if sheet is None:
            raise NotFound("Lembar penilaian tidak ditemukan.")
        return view, sheet


def reopen_form(view: NominationSheets, sent: Any) -> VersionedForm:
    """Which submitted sheets, for which criteria, and why."""
    sheets = [(str(each.id), each.assessor) for each in view.sheets if each.state == "submitted"]
    fields: dict[str, Any] = {
        "sheets": Choices("Lembar yang dibuka", [Required()], choices=sheets),
        "criteria": Choices(
            "Kriteria yang boleh berubah", choices=list(view.criteria.items()), description="Tanpa pilihan berarti semua kriteria."
        ),
        "reason": wtforms.TextAreaField(
            "Alasan", [Required(), PlainText(), Length(max=MOST_REASON)], description="Terbaca oleh penilai dan tercatat dalam jejak audit."
        ),
    }
    made: VersionedForm = type("ReopenForm", (VersionedForm,), fields)(sent, data={"row_version": view.row_version})
    return made


def replace_all_form(waiting: list[tuple[int, str, int]], sent: Any) -> PanelForm:
    """Whose open sheets, to whom, and why."""
    former = [(str(user_id), f"{name} ({count} lembar)") for user_id, name, count in waiting]
    able = [(str(user_id), name) for user_id, name in sorted(queries.assessors().tuples(), key=lambda row: (row[1].casefold(), row[0]))]
    fields: dict[str, Any] = {
        "former": Choice("Penilai yang digantikan", [Required()], choices=former),
        "assessor": Choice("Pengganti", [Required()], choices=able),
        "reason": wtforms.TextAreaField("Alasan", [Required(), PlainText(), Length(max=MOST_REASON)]),
    }
    made: PanelForm = type("ReplaceAllForm", (PanelForm,), fields)(sent)
    return made


def replace_form(able: list[tuple[int, str]], row_version: int, sent: Any) -> ReplaceForm:
    fields: dict[str, Any] = {"assessor": Choice("Pengganti", [Required()], choices=[(str(user_id), name) for user_id, name in able])}
    fields["reason"] = ReplaceForm.reason
    made: ReplaceForm = type("ReplaceForm", (ReplaceForm,), fields)(sent, data={"row_version": row_version})
    return made
